/* SPDX-License-Identifier: MIT */
/*
 * Lines of chat: a message that says "help", "help METHOD" or "METHOD arguments..." is answered in the same
 * conversation. The words of a line are those of text/words.h, their values those of value.h; the call takes the same
 * way in as all others. Programs' messages, errors, rooms and strangers do not get here: see jrpc_message_handle().
 */
#ifndef COMMAND_CHATLINE_H
#define COMMAND_CHATLINE_H

#include <jrpc/chat.h>

#include "serve/server.h"

enum { CHATLINE_ANSWER_MOST = 8192 };

/* A jrpc_message_fn; userdata is the server. True but for what nobody is to answer. */
bool chatline_take(const jrpc_message *message, void *userdata);

/* The same, to be tested without messages: answer() is called exactly once, on any thread. */
typedef void chatline_answer_fn(const char *text, void *userdata);
void chatline_run(server *s, const char *caller, const char *line, chatline_answer_fn *answer, void *userdata);

#endif
