/* SPDX-License-Identifier: MIT */
/* Presence: from a stanza, to a stanza, and what is known of others. */
#ifndef CHAT_PRESENCE_H
#define CHAT_PRESENCE_H

#include <pthread.h>
#include <strophe.h>

#include <jrpc/chat.h>

#include "base/buf.h"
#include "base/map.h"

enum { PRESENCE_STATUS_MOST = 1023, PRESENCES_MOST = 4096 };

/* ---- stanzas ---- */

typedef enum presence_kind {
    PRESENCE_STATE, /* available or not */
    PRESENCE_SUBSCRIBE,
    PRESENCE_PROBE,
    PRESENCE_OTHER /* an error, or what servers tell us about subscriptions */
} presence_kind;

presence_kind presence_kind_of(xmpp_stanza_t *stanza);

/* from: the sender, prepared. To be given to jrpc_presence_free(). NULL without memory. */
jrpc_presence *presence_read(xmpp_stanza_t *stanza, const char *from);
/* One with nothing but that: not available. NULL without memory. */
jrpc_presence *presence_new_gone(const char *from, bool lost);
jrpc_presence *presence_copy(const jrpc_presence *presence);

/* to and from may be NULL. extra: more elements, or NULL. INVALID, NOMEM. */
jrpc_status presence_write(buf *out, const jrpc_presence *presence, const char *to, const char *from, const char *extra,
                           jrpc_error *error);
/* type: "subscribed" ...; to is checked (INVALID) and cut to the address without resource. */
jrpc_status presence_write_subscription(buf *out, const char *type, const char *to, const char *from,
                                        jrpc_error *error);

/* ---- what is known of others ---- */

typedef struct presence_table {
    pthread_mutex_t lock;
    map by_jid; /* full JID: jrpc_presence */
} presence_table;

void presence_table_init(presence_table *t);
void presence_table_done(presence_table *t);
/* Keeps a copy of what is available, forgets what is not. Without memory, or when there are too many, the new one is not kept. */
void presence_table_note(presence_table *t, const jrpc_presence *presence);
/* A copy, of that program or of that account's with the highest priority; one that is not available if there is none. NOMEM. */
jrpc_status presence_table_get(presence_table *t, const char *jid, jrpc_presence **ret_presence, jrpc_error *error);
/* Forgets one and gives it; NULL when there is none left. */
jrpc_presence *presence_table_take_any(presence_table *t);

#endif
