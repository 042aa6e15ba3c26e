/* SPDX-License-Identifier: MIT */
/* From a TCP connection to a bound stream: header, TLS, SASL, resource; or a component's handshake
 * (XEP-0114). */
#ifndef LINK_NEGOTIATE_H
#define LINK_NEGOTIATE_H

#include "link/stream.h"

/* Called with libstrophe on the stack: */
void negotiate_opened(stream *s);                         /* the server's stream header is here */
void negotiate_stanza(stream *s, xmpp_stanza_t *element); /* any element of the stream */
void negotiate_lost(stream *s, int code);                 /* the connection has ended; libstrophe's reason */
/* A line of libstrophe's log: the only place where some things can be learnt. */
void negotiate_log(stream *s, const char *area, const char *message);

/* After libstrophe's pass: what was left to do. */
void negotiate_todo(stream *s);

#endif
