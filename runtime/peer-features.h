/* SPDX-License-Identifier: MIT */
/*
 * What peers announce by service discovery (XEP-0030): whether they understand our extension. Each is asked once; the
 * answer is kept, a refusal for a minute. Any thread.
 */
#ifndef PEER_FEATURES_H
#define PEER_FEATURES_H

#include <pthread.h>
#include <stdbool.h>

#include <jrpc/session.h>

#include "base/map.h"

typedef struct features {
    pthread_mutex_t lock;
    map peers; /* full JID -> when the answer was no (0: it was yes), as a heap int64_t */
} features;

void features_init(features *f);
void features_done(features *f);

/*
 * Does that full JID announce WIRE_NS_EXTENSION? Asks and waits for a moment if it is not known yet; false when it cannot
 * be known, or on the driving thread, which must not wait.
 */
bool features_has_extension(features *f, jrpc_session *session, const char *to);

/* Forgets a peer that turned out to be away: another program may come back under its address. */
void features_forget(features *f, const char *to);

#endif
