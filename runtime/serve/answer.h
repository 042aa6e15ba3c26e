/* SPDX-License-Identifier: MIT */
/*
 * Answers to calls: each function gives one, as an IQ or to the function that the call's source has for it; which error
 * goes where is decided here. Any thread.
 */
#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H

#include "serve/server.h"
#include "wire/failure.h"

void answer_fault(server *s, const reply_address *request, int32_t code, const char *text);
void answer_error(server *s, const reply_address *request, const char *type, const char *condition, const char *text);
/* The fault for a result that would have needed a stanza of this length. */
void answer_too_large(server *s, const reply_address *request, size_t len);
/* A call that comes again, and nobody can know whether it ran: UNKNOWN_OUTCOME for its caller. */
void answer_unknown_outcome(server *s, const reply_address *request, const char *text);
/* A request that cannot be decoded: the fault with the failure's path and text, or a stanza error when it goes over a limit. */
void answer_bad_request(server *s, const reply_address *request, int32_t code, const wire_failure *failure);

enum { ANSWER_INCIDENT_ROOM = 64 };
/* Something went wrong in here: the caller gets a text with a number to quote, what happened is in our log alone. */
void answer_incident(const jrpc_call *call, const char *why, char ret_text[ANSWER_INCIDENT_ROOM]);
/* The same: its result cannot be encoded. The log has what is wrong with it only if it may have results. */
void answer_bad_result(const jrpc_call *call, const wire_failure *failure, char ret_text[ANSWER_INCIDENT_ROOM]);

/* values: storage of the outs and the result in order; NULL: what is in the call's own frame. */
void answer_result(jrpc_call *call, const void *const *values);
/* By what the handler returned, or the fault that it asked for. */
void answer_status(jrpc_call *call, jrpc_status status);

#endif
