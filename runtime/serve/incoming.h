/* SPDX-License-Identifier: MIT */
/* One call that came in: decoded on the driving thread, run anywhere, answered exactly once. */
#ifndef SERVE_INCOMING_H
#define SERVE_INCOMING_H

#include "serve/outcome.h"
#include "serve/server.h"

/* State of a call that is answered after its handler has returned; see deferral.h. */
typedef struct deferral {
    bool deferred;  /* the handler asked for it */
    bool returned;  /* the handler has returned */
    bool answered;  /* or given up: the session was closed meanwhile */
    bool abandoned; /* its server is gone */
    bool held;      /* while it is told that */
    jrpc_call *next, **at; /* the server's list of those that wait for their answer */
} deferral;

typedef struct multicall multicall;

struct jrpc_call {
    worker_job job; /* first: the pool knows the call by it */
    bool counted;   /* among the server's accepted ones */
    server *server;
    registry_method *method;
    arena memory; /* holds this structure as well */
    reply_address request;
    invoke_frame frame;    /* with types */
    xmlrpc_value *params;  /* without */
    xmlrpc_value *result;
    const char *text; /* of a mounted method, in place of params: its call, as xmlrpc-c's registry reads it */
    size_t text_len;
    multicall *batch; /* of system.multicall: its entries, and then their results */
    /* The fault that the handler asked for, if any. */
    bool faulted;
    int32_t fault_code;
    char *fault_text;
    const jrpc_exception *exception;
    void *exception_value;
    deferral deferral;
    int64_t deadline; /* CLOCK_NEVER: none */
    atomic_bool cancelled;
    const char *underway_key; /* NULL: it cannot be cancelled */
    size_t underway_len;
    bool detached;    /* the calls that its handler makes have deadlines of their own */
    extension_trace trace;
    char traceparent[EXTENSION_TRACE_ROOM]; /* the same as text; "" when there is none */
    quota_use use; /* dropped at the end, or when its server goes away before it */
    bool is_entry; /* of a multicall, which counts for the caller already */
};

/* ---- the one way in: access list, method, parameters, then the queue ---- */

/* Fills the call's frame (its in and inout values, which are zero), or params of a method without types. */
typedef jrpc_status incoming_decode_fn(jrpc_call *call, void *params, wire_failure *failure);

typedef struct incoming_ask {
    const reply_address *request; /* who asks, and where the answer goes */
    const char *method;
    incoming_decode_fn *decode;
    void *params;
    int64_t deadline; /* 0, CLOCK_NEVER: none */
    extension_trace trace;
    const jid *who; /* the same, prepared; NULL: it is not yet */
} incoming_ask;

/* A call that is ready to be started; NULL: it was answered with why not. Any thread. */
jrpc_call *incoming_prepare(server *s, const incoming_ask *ask);
/* Gives it to the workers or the inline queue, or answers that there is no room: the call is gone for the caller. Any thread. */
void incoming_submit(jrpc_call *call);
/* Runs it on this thread, or answers that as many as may be are in progress. The call is gone for the caller. */
void incoming_run_here(jrpc_call *call);

/* Does its method run on the driving thread? */
bool incoming_is_inline(const jrpc_call *call);
/* The parameters of a stanza, by the call's method. The failure is the decoder's. Driving thread. */
jrpc_status incoming_decode(jrpc_call *call, wire_decoder *d, xmpp_stanza_t *params);

/* Room for the values of the method in the call's frame; storage of its in and inout parameters. */
jrpc_status incoming_frame(jrpc_call *call, void **ret_ins, wire_failure *failure);

/*
 * query is the <query> of an IQ of type set, extra what was found in it, or NULL; who is the request's, prepared. Driving
 * thread.
 */
void incoming_start(server *s, const reply_address *request, const jid *who, const extension *extra,
                    xmpp_stanza_t *query);

/*
 * A call that comes from elsewhere than an IQ (an ad-hoc command, a line of chat), by the same way in. One of:
 *   ins     of a method that is described: storage of each in and inout parameter in order; checked against ranges and bounds
 *   params  an array value, for a method with or without types
 * All is borrowed. finish is called exactly once, perhaps before this returns, on any thread. Any thread.
 */
typedef struct incoming_local {
    const char *caller; /* full JID, as its server stamped it */
    const char *id;     /* of the stanza that it came by, for the log; may be NULL */
    const char *method; /* wire name */
    const void *const *ins;
    const jrpc_method *of; /* whose ins they are: another one may have taken its place meanwhile; NULL: not asked */
    xmlrpc_value *params;
    reply_finish_fn *finish;
    void *userdata;
} incoming_local;
void incoming_start_local(server *s, const incoming_local *local);

/* It counts no more for its caller's limits. While its server is there. */
void incoming_drop_use(jrpc_call *call);
/* Takes back what jrpc_call_raise() has said. */
void incoming_forget_exception(jrpc_call *call);
/* The call has been answered, or told that it will not be; the server may go. */
void incoming_leave(jrpc_call *call);
/* The call is gone afterwards. */
void incoming_free(jrpc_call *call);
/* The same for one that was accepted and will not be run: nobody drives any more. Only what is in this process is told. */
void incoming_drop(jrpc_call *call);

/* Runs the method and sends the answer, unless the method defers it; the call is gone afterwards. */
void incoming_run(worker_job *job, void *userdata);

#endif
