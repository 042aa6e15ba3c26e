/* SPDX-License-Identifier: MIT */
/* The handshake of an external component (XEP-0114). */
#ifndef LINK_COMPONENT_H
#define LINK_COMPONENT_H

#include "link/stream.h"

/*
 * Proves that we know the secret. libstrophe has a component mode of its own, but crashes in it on the first
 * stanza (its state of stream management is never made), keeps the secret in memory that it does not wipe,
 * and has no direct TLS: so components go the raw way, too.
 */
void component_handshake(stream *s);
/* libstrophe tells the stream's id, which the proof needs, to nobody but its log. */
void component_log(stream *s, const char *message);

#endif
