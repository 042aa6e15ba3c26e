/* SPDX-License-Identifier: MIT */
/*
 * A server that names another host of its domain (<see-other-host/>, RFC 6120 section 4.9.3.19). It is followed once per
 * link_start(), with the same rules: TLS as before, the certificate checked against the domain of the JID, nothing in the
 * clear to a host that is not loopback.
 */
#ifndef LINK_REDIRECT_H
#define LINK_REDIRECT_H

#include <stdbool.h>
#include <stdint.h>

#include "link/stream.h"

/*
 * "host", "host:port", "192.0.2.1:5222", "[2001:db8::1]:5222"; an IPv6 address without brackets has no port. The host is a
 * heap string without brackets, as DNS has it; port 0 when there is none. False when it is none of these, or without memory.
 */
bool redirect_parse(const char *text, char **ret_host, uint16_t *ret_port);

/* The stream error; with libstrophe on the stack. False when it is not of this kind or comes too late: on a stream that is up. */
bool redirect_take(stream *s, xmpp_stanza_t *error);
/* After the pass, when that was so: connects to the other host. */
void redirect_follow(stream *s);
/* Another try begins with the first host again. */
void redirect_forget(stream *s);

#endif
