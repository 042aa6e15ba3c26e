/* SPDX-License-Identifier: MIT */
/* Reading the answer of a method call on the driving thread, straight into where the caller wants it. */
#ifndef ANSWER_H
#define ANSWER_H

#include <jrpc/xmlrpc.h>

#include "outs.h"
#include "session.h"
#include "wire/envelope.h"
#include "wire/failure.h"

/* outcall_answer_fn for a call by table: answer_userdata is an outs, whose values are overwritten without being read. */
jrpc_status answer_typed(outcall *call, xmpp_stanza_t *iq, jrpc_error *error);

/* The same for a call by value: answer_userdata is an xmlrpc_value **. */
jrpc_status answer_value(outcall *call, xmpp_stanza_t *iq, jrpc_error *error);

/* ---- parts, for answers that hold several ---- */

/* With the limits of an answer; its values are on the heap. */
wire_decoder answer_decoder(void);
/*
 * The answer's <query> with its methodResponse. An answer without one is what a peer that is no RPC server sends, or one
 * whose method is void.
 */
jrpc_status answer_read_reply(xmpp_stanza_t *iq, envelope_reply *ret_reply, wire_failure *failure);
/* Fills error from a fault; the exceptions of the method (may be NULL) are told from others. Returns its status. */
jrpc_status answer_read_fault(const jrpc_method *method, const envelope_reply *reply, jrpc_error *error);
/* What cannot be had of an answer is the peer's doing: BAD_REPLY. */
jrpc_status answer_read_badly(wire_failure *failure, const outcall *call, jrpc_error *error);

/* A request that cannot be sent, or an answer that cannot be read: fills error and returns the failure's status. */
jrpc_status answer_failure(const wire_failure *failure, const char *who, const char *method, jrpc_error *error);

#endif
