/* SPDX-License-Identifier: MIT */
/* SASL on a stream (RFC 6120 section 6). */
#ifndef LINK_LOGIN_H
#define LINK_LOGIN_H

#include "link/stream.h"

/* Chooses from what the server offers and sends the first step. */
void login_start(stream *s, xmpp_stanza_t *features);
void login_stanza(stream *s, xmpp_stanza_t *element);

#endif
