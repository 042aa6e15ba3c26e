/* SPDX-License-Identifier: MIT */
/* TLS on a stream: trust, the handshake, and why it failed. */
#ifndef LINK_SECURE_H
#define LINK_SECURE_H

#include "link/stream.h"

/* Before the connection is made. */
void secure_prepare(stream *s, xmpp_conn_t *conn);
/* The handshake. Blocks, but not beyond the stream's deadline nor link_abort(). False: the stream has failed.
 */
bool secure_start(stream *s);

#endif
