/* SPDX-License-Identifier: MIT */
/* One call that came in: decoded on the driving thread, run anywhere, answered exactly once. */
#ifndef SERVE_INCOMING_H
#define SERVE_INCOMING_H

#include "serve/server.h"

/* State of a call that is answered after its handler has returned; see deferral.h. */
typedef struct deferral {
    bool deferred;  /* the handler asked for it */
    bool returned;  /* the handler has returned */
    bool answered;  /* or given up: the session was closed meanwhile */
    bool abandoned; /* its server is gone */
    jrpc_call *next, **at; /* the server's list of those that wait for their answer */
} deferral;

struct jrpc_call {
    worker_job job; /* first: the pool knows the call by it */
    server *server;
    registry_method *method;
    arena memory; /* holds this structure as well */
    reply_address request;
    invoke_frame frame;    /* with types */
    xmlrpc_value *params;  /* without */
    xmlrpc_value *result;
    /* The fault that the handler asked for, if any. */
    bool faulted;
    int32_t fault_code;
    char *fault_text;
    const jrpc_exception *exception;
    void *exception_value;
    deferral deferral;
};

/*
 * query is the <query> of a call by an allowed caller. Decodes it and gives it to the workers (or the inline queue), or
 * answers it with the fault or error that says why not.
 */
void incoming_start(server *s, const reply_address *request, xmpp_stanza_t *query);

/* Takes back what jrpc_call_raise() has said. */
void incoming_forget_exception(jrpc_call *call);
/* The call is gone afterwards. */
void incoming_free(jrpc_call *call);

/* Runs the method and sends the answer, unless the method defers it; the call is gone afterwards. */
void incoming_run(worker_job *job, void *userdata);

#endif
