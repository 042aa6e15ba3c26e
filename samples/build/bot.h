/* SPDX-License-Identifier: MIT */
/* What the parts of the build bot share. */
#ifndef BOT_H
#define BOT_H

#include "build.h"
#include "jobs.h"

typedef struct bot {
    jrpc_session *session;
    targets targets;
    jobs jobs;
    const char *log_folder;
    runner_limits limits;
} bot;

/* talk.c: hears and answers messages, and logs whom the bot sees. */
jrpc_status talk_start(bot *b, jrpc_error *error);

#endif
