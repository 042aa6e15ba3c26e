/* SPDX-License-Identifier: MIT */
/* The frame of an answer: <iq type='result' ...> ... </iq>. */
#ifndef SERVE_REPLY_H
#define SERVE_REPLY_H

#include "base/buf.h"

/* What an answer needs of its request; any may be NULL. `from` of the answer is the request's `to`: a component must say it. */
typedef struct reply_address {
    const char *id;
    const char *from; /* of the request: the answer's to */
    const char *to;   /* of the request: the answer's from */
} reply_address;

void reply_open(buf *out, const char *type, const reply_address *request);
void reply_close(buf *out);
/* A whole stanza error (RFC 6120 section 8.3); text may be NULL. */
void reply_error(buf *out, const reply_address *request, const char *type, const char *condition, const char *text);

#endif
