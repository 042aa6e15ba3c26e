/* SPDX-License-Identifier: MIT */
/*
 * The conversational side of a session: what it does with stanzas that are no IQs, and who is told of them. The driving
 * thread reads stanzas and queues; workers, or the same thread after its pass, tell the program.
 */
#ifndef CHAT_CHAT_H
#define CHAT_CHAT_H

#include <pthread.h>
#include <strophe.h>

#include <jrpc/chat.h>

#include "base/buf.h"
#include "chat/listeners.h"
#include "chat/mailbox.h"
#include "chat/presence.h"
#include "chat/roster.h"
#include "chat/software.h"

/* What is done with requests to see our presence. */
typedef struct chat_subscriptions {
    jrpc_subscription_policy policy;
    jrpc_subscription_fn function; /* ASK */
    void *userdata;
} chat_subscriptions;

enum { CHAT_ECHOES = 1024 };

typedef struct chat {
    jrpc_session *session;
    listeners handlers; /* of messages */
    listeners watchers; /* of presence */
    listeners roster_watchers;
    roster_seen seen;
    software_said software;
    mailboxes *boxes;
    presence_table others;
    pthread_mutex_t lock; /* for all below */
    jrpc_presence *own;   /* what is shown; NULL: nothing */
    bool own_is_chosen;   /* by the program, that is */
    chat_subscriptions subscriptions;
    uint64_t echo_seed;
    uint64_t echoes[CHAT_ECHOES]; /* what was last answered to whom: see conversation.c */
} chat;

/* workers: threads that tell the program; is_inline: the driving thread does. NOMEM. */
jrpc_status chat_new(jrpc_session *session, unsigned workers, bool is_inline, chat **ret_chat);
/* After chat_stop(). NULL is fine. */
void chat_free(chat *c);
/* Nobody is told of anything any more; waits for those that are. Not from a handler. */
void chat_stop(chat *c);

/* ---- driving thread ---- */

/* A stanza that is no IQ. */
void chat_handle_stanza(chat *c, xmpp_stanza_t *stanza);
/* An IQ of type get or set: true when it was for this side, and is answered. */
bool chat_handle_iq(chat *c, xmpp_stanza_t *iq);
/* The stream is there (again): shows what is to be shown. */
void chat_handle_up(chat *c);
/* The stream is lost, or has ended; with no lock held. */
void chat_handle_down(chat *c);
/* With no callback of the link on the stack: tells what is to be told inline. */
void chat_run_inline(chat *c);
bool chat_has_inline(chat *c);

/* ---- any thread ---- */

/*
 * Says goodbye: the session shows itself no more, from now on and after a reconnection, with a last word and more elements
 * (either may be NULL). Those that it was shown to know at once that it takes nothing new; calls still go both ways.
 */
void chat_leave(chat *c, const char *status, const char *extra_xml);

/* ---- for the files of this folder ---- */

/* Queues a whole stanza. TOO_LARGE, DISCONNECTED, CLOSED, BUSY. */
jrpc_status chat_send(chat *c, const buf *stanza, jrpc_error *error);
/* What goes into `from` of a stanza sent by this address of ours: a component must say it, others must not. */
const char *chat_from(const chat *c, const char *ours);
void chat_take_message(chat *c, xmpp_stanza_t *stanza);
void chat_take_presence(chat *c, xmpp_stanza_t *stanza);
/* Somebody (without resource) asks to see our presence. */
void chat_take_request(chat *c, xmpp_stanza_t *stanza, const char *bare);
/* A change of the roster; false: from somebody who has no say in that. */
bool chat_take_push(chat *c, xmpp_stanza_t *iq, xmpp_stanza_t *query);
/* Shows the session as online, unless the program has said whether it wants that. */
void chat_show_by_default(chat *c);

#endif
