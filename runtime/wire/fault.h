/* SPDX-License-Identifier: MIT */
/* The one table between statuses, XMPP stanza errors and fault codes. Nobody else knows a number. */
#ifndef WIRE_FAULT_H
#define WIRE_FAULT_H

#include <stdint.h>
#include <strophe.h>

#include <jrpc/error.h>

#include "base/buf.h"

/*
 * Fault codes (XML-RPC fault code interoperability, 20010516; -32099..-32000 are the implementation's own).
 */
enum {
    FAULT_INVALID_REQUEST = -32600,
    FAULT_NO_METHOD = -32601,
    FAULT_BAD_PARAMS = -32602,
    FAULT_INTERNAL = -32603,
    FAULT_DEADLINE = -32098,
    FAULT_RESULT_TOO_LARGE = -32097,
    FAULT_CANCELLED = -32093,
    /* In a batch alone, where there are no stanza errors: */
    FAULT_BUSY = -32096,
    FAULT_UNAVAILABLE = -32095,
    FAULT_REFUSED = -32094
};

/* What a call that was answered with this fault code ends in: NO_SUCH_METHOD, FAULT, TIMEOUT, TOO_LARGE... */
jrpc_status fault_status_of_code(int32_t code);
/* What a call that was answered with this stanza error condition (RFC 6120 section 8.3.3) ends in. */
jrpc_status fault_status_of_condition(const char *condition);
/* The fault code that says the same as a stanza error, where only a fault can be said. */
int32_t fault_code_of_condition(const char *condition);

/*
 * Fills error from an <iq type='error'> that answers a call of method to who. Reads <error>: type, condition,
 * text; anything missing is "undefined-condition". Returns the status. method may be NULL.
 */
jrpc_status fault_read_stanza_error(xmpp_stanza_t *iq, const char *who, const char *method,
                                    jrpc_error *error);

/*
 * Appends <error type='...'><condition xmlns='...'/><text>...</text></error>; text may be NULL. RFC 6120
 * section 8.3.
 */
void fault_write_stanza_error(buf *out, const char *type, const char *condition, const char *text);
/* The same with <unknown-outcome/> of our extension (wire/extension.h) as its application's condition. */
void fault_write_unknown_outcome(buf *out, const char *text);

#endif
