/* SPDX-License-Identifier: MIT */
/* Contacts: from a stanza, to a stanza, and whose presence we may see. */
#ifndef CHAT_ROSTER_H
#define CHAT_ROSTER_H

#include <pthread.h>
#include <strophe.h>

#include <jrpc/roster.h>

#include "base/buf.h"
#include "base/map.h"

#define NS_ROSTER "jabber:iq:roster"

enum { ROSTER_MOST = 10000 };

/* What is in a query: a whole roster, or one contact of a push. NULL without memory (or over the budget). */
jrpc_roster *roster_read(xmpp_stanza_t *query);
/* <item .../>. INVALID, NOMEM. */
jrpc_status roster_write_item(buf *out, const jrpc_contact *contact, bool removal, jrpc_error *error);

/* Whose presence we may see: prepared bare JIDs. Any thread. */
typedef struct roster_seen {
    pthread_mutex_t lock;
    map jids;
} roster_seen;

void roster_seen_init(roster_seen *s);
void roster_seen_done(roster_seen *s);
/* Those of the contacts; whole: and nobody else. What finds no memory or room is left out. */
void roster_seen_note(roster_seen *s, const jrpc_roster *contacts, bool whole);
bool roster_seen_has(roster_seen *s, const char *bare);

#endif
