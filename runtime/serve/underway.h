/* SPDX-License-Identifier: MIT */
/*
 * Calls under way that their callers can cancel: those that came with the extension element, by the full JID of the caller
 * and the id of its IQ. Any thread.
 */
#ifndef SERVE_UNDERWAY_H
#define SERVE_UNDERWAY_H

#include <pthread.h>
#include <strophe.h>

#include <jrpc/serve.h>

#include "base/map.h"

struct server;

typedef struct underway {
    pthread_mutex_t lock;
    map calls;
} underway;

void underway_init(underway *u);
void underway_done(underway *u);

/* Without memory, and for a second call with the same id, nothing happens: that one cannot be cancelled. */
void underway_add(struct server *s, jrpc_call *call);
/* Before the call is freed, or its server. One that was never added is fine. */
void underway_remove(jrpc_call *call);
/* Takes a <message> of any kind; true: it was <cancel xmlns='urn:x-jabber-rpc:0' id='...'/>, and is done with. */
bool underway_take_message(struct server *s, xmpp_stanza_t *message);

#endif
