/* SPDX-License-Identifier: MIT */
/*
 * The in-process switch: links of one program that reach each other as if a Jabber server stood between them.
 * It stamps `from`, answers service-unavailable for an IQ to nobody, and can be told to misbehave. For tests
 * and for programs that serve themselves.
 */
#ifndef LINK_LOOPBACK_H
#define LINK_LOOPBACK_H

#include "link/link.h"

typedef struct loopback loopback;

/* Any thread may use the links of one switch, each link driven by one thread at a time. */
loopback *loopback_new(void);
/* After all its links. */
void loopback_free(loopback *hub);

/* A link of that full JID (or domain, for a component). INVALID, EXISTS, NOMEM. */
jrpc_status loopback_link_new(loopback *hub, const char *jid, const link_callbacks *callbacks, void *userdata,
                              jabber_link **ret_link, jrpc_error *error);

/*
 * Sees every stanza that is sent, as text, before it is delivered; returns true to let it pass. It may call
 * loopback_inject(). Called on the sender's thread. For tests: forged replies, lost and late stanzas.
 */
typedef bool (*loopback_filter_fn)(void *userdata, const char *from, const char *to, const char *stanza,
                                   size_t len);
void loopback_set_filter(loopback *hub, loopback_filter_fn filter, void *userdata);
/* Delivers text as a stanza to the link of that JID, with the `from` it says. False when there is no such
 * link or the text is not one element; what is no well-formed XML is dropped. */
bool loopback_inject(loopback *hub, const char *to, const char *stanza, size_t len);
/* The link goes down as if its connection were cut; the others' stanzas to it are answered by
 * service-unavailable. */
void loopback_cut(loopback *hub, const char *jid);

#endif
