/* SPDX-License-Identifier: MIT */
/* A stanza as text for a log: what fits, and not deeper than a few levels, whatever a peer has sent. */
#ifndef WIRE_EXCERPT_H
#define WIRE_EXCERPT_H

#include <strophe.h>

#include "base/buf.h"

enum { EXCERPT_MOST = 4096 };

/* Appends the element, cut after about EXCERPT_MOST bytes. */
void excerpt_append(buf *out, xmpp_stanza_t *element);
/* The same of a stanza that is text already. */
void excerpt_append_text(buf *out, const char *text, size_t len);

#endif
