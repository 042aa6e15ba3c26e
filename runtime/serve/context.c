/* SPDX-License-Identifier: MIT */
/* What a call belongs to: deadline and trace, of the one that came in and those that its handler makes. */
#include "serve/context.h"

#include "base/clock.h"
#include "base/error.h"
#include "serve/incoming.h"

static __thread context current;

const context *context_get(void)
{
    return &current;
}

context context_enter(jrpc_call *call)
{
    context before = current;
    current = (context){ .call = call };
    if (call)
        current.trace = call->trace;
    return before;
}

void context_leave(const context *before)
{
    current = *before;
}

int64_t context_deadline(void)
{
    const jrpc_call *call = current.call;
    return call && !call->detached ? call->deadline : CLOCK_NEVER;
}

/* ---- for programs ---- */

int64_t jrpc_call_time_left(const jrpc_call *call)
{
    if (call->deadline == CLOCK_NEVER)
        return -1;
    int64_t now = clock_now();
    return call->deadline > now ? (call->deadline - now) / CLOCK_MS : 0;
}

void jrpc_call_detach(jrpc_call *call)
{
    call->detached = true;
}

const char *jrpc_call_traceparent(const jrpc_call *call)
{
    return call->traceparent;
}

jrpc_status jrpc_trace_set(const char *traceparent, jrpc_error *error)
{
    extension_trace trace = { .flags = 0 };
    if (traceparent && !extension_trace_parse(traceparent, &trace)) {
        jrpc_error_set(error, JRPC_E_INVALID, "not a traceparent (W3C Trace Context)");
        error_what(error, traceparent);
        return JRPC_E_INVALID;
    }
    current.trace = trace;
    return JRPC_OK;
}
