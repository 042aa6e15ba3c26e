/* SPDX-License-Identifier: MIT */
/*
 * Deferred answers: a handler returns, and its call is answered later, from any thread, exactly once. What happens first,
 * the answer or the return of the handler, is settled under one lock.
 */
#ifndef SERVE_DEFERRAL_H
#define SERVE_DEFERRAL_H

#include "serve/server.h"

/* The handler has returned. True: the call is no longer the caller's (it waits for its answer, or has had it). */
bool deferral_after_handler(jrpc_call *call, jrpc_status status);

/* Calls whose handler has returned and that wait for their answer. Any thread. */
size_t deferral_count(const server *s);

/* The server is going away: those that wait are answered with service-unavailable, and are only freed when the program answers them after all. */
void deferral_abandon_all(server *s);

#endif
