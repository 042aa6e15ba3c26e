/* SPDX-License-Identifier: MIT */
/* Where the answer to a call goes; and the frame of one that goes out as a stanza: <iq type='result' ...> ... </iq>. */
#ifndef SERVE_REPLY_H
#define SERVE_REPLY_H

#include <stdint.h>

#include "base/buf.h"

struct call_outcome;
struct extension_trace;
struct replay_entry;

/* Takes the answer of a call that did not come by an IQ of its own. Exactly once, on any thread; outcome is borrowed. */
typedef void reply_finish_fn(const struct call_outcome *outcome, void *userdata);

/*
 * What an answer needs of its request; any may be NULL. `from` of the answer is the request's `to`: a component must say
 * it. Calls from elsewhere (an entry of a multicall, a command, a line of chat) have a function that takes the answer.
 */
typedef struct reply_address {
    const char *id;
    const char *from; /* of the request: the answer's to */
    const char *to;   /* of the request: the answer's from */
    const char *method; /* that is called, once it is known; for the books, as is: */
    const struct extension_trace *trace; /* NULL: none; for the books and the log */
    int64_t received; /* when; 0: not known */
    reply_finish_fn *finish; /* NULL: an IQ is sent */
    void *finish_userdata;
    struct replay_entry *kept; /* where its answer is kept in case that it comes again; NULL: nowhere */
} reply_address;

void reply_open(buf *out, const char *type, const reply_address *request);
void reply_close(buf *out);
/* A whole stanza error (RFC 6120 section 8.3); text may be NULL. */
void reply_error(buf *out, const reply_address *request, const char *type, const char *condition, const char *text);

#endif
