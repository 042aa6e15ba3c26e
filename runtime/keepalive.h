/* SPDX-License-Identifier: MIT */
/* Keepalive: a ping (XEP-0199) when the server is silent, so that a dead link is noticed. Driving thread only, unless it says otherwise. */
#ifndef KEEPALIVE_H
#define KEEPALIVE_H

#include "session.h"

typedef struct keepalive keepalive;

/* NULL without memory; free() it when no ping is under way. */
keepalive *keepalive_new(jrpc_session *session);
/* Pings when it is time. */
void keepalive_check(jrpc_session *session, int64_t now);
/* Pings, waits, and tells whether there was an answer: what was on its way before has come then. Not the driving thread. */
bool keepalive_round_trip(jrpc_session *session, uint32_t timeout_ms);
/* When to check again, or CLOCK_NEVER. */
int64_t keepalive_next(const jrpc_session *session);

#endif
