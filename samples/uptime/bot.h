/* SPDX-License-Identifier: MIT */
/* What the parts of the uptime bot share. */
#ifndef BOT_H
#define BOT_H

#include "state.h"
#include "uptime.h"
#include "watchers.h"

typedef struct bot {
    jrpc_session *session;
    watchers watchers;
    state state;
    char **callers; /* who may talk, as on the command line; NULL at the end */
    bool always;       /* tell at every look while the load is high, as the article's program did */
    unsigned interval; /* seconds between two looks */
    /* The thread that looks: */
    pthread_t monitor;
    pthread_mutex_t lock;
    pthread_cond_t ending;
    bool ends;
} bot;

/* talk.c: hears and answers messages, and ends the watchers of those that go. */
jrpc_status talk_start(bot *b, jrpc_error *error);

/* monitor.c: a thread that looks at the load, tells watchers and shows it as the bot's presence. False: no thread. */
bool monitor_start(bot *b);
void monitor_stop(bot *b);
/* The averages of 1, 5 and 15 minutes; zero where the system does not say. */
void monitor_load(double ret_load[3]);

#endif
