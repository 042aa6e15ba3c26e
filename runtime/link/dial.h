/* SPDX-License-Identifier: MIT */
/* Dialling: from the options to a TCP connection, place after place. */
#ifndef LINK_DIAL_H
#define LINK_DIAL_H

#include "link/stream.h"

/* Begins with the look-up or the first place; of the other host when the server named one. */
jrpc_status dial_start(stream *s, jrpc_error *error);
/* In phases LOOKUP, CONNECTING and TUNNEL: goes on as far as it can. */
void dial_process(stream *s, int64_t now);
/* Behind a proxy: the server that it is asked for. */
const char *dial_target(const stream *s);
uint16_t dial_target_port(const stream *s);
/* Ends the connection, if there is one, without further ado. */
void dial_drop(stream *s);

#endif
