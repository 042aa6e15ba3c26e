/* SPDX-License-Identifier: MIT */
/* Reading the answer of a method call on the driving thread, straight into where the caller wants it. */
#ifndef ANSWER_H
#define ANSWER_H

#include <jrpc/xmlrpc.h>

#include "session.h"
#include "wire/failure.h"

/* outcall_answer_fn for a call by table: answer_userdata is an answer_typed_to. */
typedef struct answer_typed_to {
    const jrpc_method *method;
    void *const *out; /* overwritten without being read */
} answer_typed_to;
jrpc_status answer_typed(outcall *call, xmpp_stanza_t *iq, jrpc_error *error);

/* The same for a call by value: answer_userdata is an xmlrpc_value **. */
jrpc_status answer_value(outcall *call, xmpp_stanza_t *iq, jrpc_error *error);

/* A request that cannot be sent, or an answer that cannot be read: fills error and returns the failure's status. */
jrpc_status answer_failure(const wire_failure *failure, const char *who, const char *method, jrpc_error *error);

#endif
