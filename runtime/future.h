/* SPDX-License-Identifier: MIT */
/* Futures: internal side. */
#ifndef FUTURE_H
#define FUTURE_H

#include <stdatomic.h>
#include <stddef.h>

#include "answer.h"
#include "outs.h"
#include "session.h"

struct jrpc_future {
    outcall call; /* first */
    atomic_uint references; /* the owner's and the call's while it is under way */
    atomic_bool done; /* set at the very end: for looking without the session's lock */
    jrpc_session *session;
    struct peer_name *to;
    buf payload;
    outs outs; /* its method is NULL in a call by value, of which this is the result: */
    xmlrpc_value *result;
    jrpc_error error;
    jrpc_future_fn callback;
    void *userdata;
    max_align_t room[]; /* for the values of outs; or the name of the method that is called by value */
};

/* One that is to be started, once its payload is written. method: NULL for a call by value. NULL without memory. */
jrpc_future *future_new(jrpc_peer *peer, const jrpc_method *method, const char *name);
/* Nobody will look at it: it frees itself, and what becomes of the call is for the log. Before it is started. */
void future_forget(jrpc_future *future);
/*
 * written: how the payload came out; the future's error has been filled. The future is gone unless this returns JRPC_OK.
 * ret_future may be NULL.
 */
jrpc_status future_start(jrpc_future *future, jrpc_status written, jrpc_future **ret_future, jrpc_error *error);
/* Waits for its end. JRPC_OK: the values are there. The future stays. */
jrpc_status future_wait(jrpc_future *future, jrpc_error *error);

#endif
