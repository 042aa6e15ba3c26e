/* SPDX-License-Identifier: MIT */
/* Dialling: from the options to a TCP connection, place after place. */
#ifndef LINK_DIAL_H
#define LINK_DIAL_H

#include "link/stream.h"

/* Begins with the look-up or the first place. */
jrpc_status dial_start(stream *s, jrpc_error *error);
/* In phases LOOKUP, CONNECTING and TUNNEL: goes on as far as it can. */
void dial_process(stream *s, int64_t now);
/* Ends the connection, if there is one, without further ado. */
void dial_drop(stream *s);

#endif
