/* SPDX-License-Identifier: MIT */
/*
 * What the calls that a thread makes belong to: the call whose handler it runs, whose deadline they share, and the trace
 * that they are part of.
 */
#ifndef SERVE_CONTEXT_H
#define SERVE_CONTEXT_H

#include <jrpc/serve.h>

#include "wire/extension.h"

typedef struct context {
    jrpc_call *call; /* NULL: it runs no handler */
    extension_trace trace;
} context;

/* This thread's. */
const context *context_get(void);
/* This thread runs the handler of that call from now on (NULL: of none). Returns what was before, for context_leave(). */
context context_enter(jrpc_call *call);
void context_leave(const context *before);

/* How long a call that this thread makes may take at most: CLOCK_NEVER, or the deadline of the call that it belongs to. */
int64_t context_deadline(void);

#endif
