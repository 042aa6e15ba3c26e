/* SPDX-License-Identifier: MIT */
/* How a call ended: what is told to the place that it came from. All of it is borrowed, and good during that alone. */
#ifndef SERVE_OUTCOME_H
#define SERVE_OUTCOME_H

#include <xmlrpc-c/base.h>

#include <jrpc/desc.h>

typedef enum outcome_kind {
    OUTCOME_RESULT,
    OUTCOME_FAULT, /* in XML-RPC: code and text */
    OUTCOME_ERROR  /* in XMPP: type and condition, of a call that was not let in or could not be run */
} outcome_kind;

typedef struct call_outcome {
    outcome_kind kind;
    /* RESULT of a method with types: storage of each out and inout parameter in order, then of the result unless void. */
    const jrpc_method *method;
    void *const *outs;
    /* RESULT of a method without; never NULL. */
    xmlrpc_value *value;
    /* FAULT */
    int32_t code;
    const jrpc_exception *exception; /* or NULL */
    const void *exception_value;     /* or NULL */
    /* ERROR */
    const char *type, *condition;
    /* FAULT, ERROR; an error's may be NULL. */
    const char *text;
} call_outcome;

#endif
