/* SPDX-License-Identifier: MIT */
/* Who is there: presence sent, received, and told to the program. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/chat.h"
#include "link/jid.h"
#include "session.h"

/* ---- ours ---- */

/* To everybody who may see it, or to one address. from: one of a component's addresses. */
static jrpc_status send_presence(chat *c, const jrpc_presence *presence, const char *to, const char *from,
                                 const char *extra, jrpc_error *error)
{
    AUTO(buf_done) buf out = BUF_INIT;
    jrpc_status status = presence_write(&out, presence, to, chat_from(c, from), extra, error);
    return status == JRPC_OK ? chat_send(c, &out, error) : status;
}

/* A server sends it on to those that may see it. A component has none that would: it is sent to those that ask. */
static jrpc_status broadcast(chat *c, const jrpc_presence *presence, const char *extra, jrpc_error *error)
{
    if (c->session->settings.component)
        return JRPC_OK;
    jrpc_status status = send_presence(c, presence, NULL, NULL, extra, error);
    return status == JRPC_E_DISCONNECTED ? JRPC_OK : status; /* once there is a stream again: chat_handle_up() */
}

/* made: NULL for nothing; it becomes the chat's. */
static void keep_own(chat *c, jrpc_presence *made)
{
    pthread_mutex_lock(&c->lock);
    jrpc_presence *before = c->own;
    c->own = made;
    c->own_is_chosen = true;
    pthread_mutex_unlock(&c->lock);
    jrpc_presence_free(before);
}

static jrpc_presence *copy_own(chat *c)
{
    pthread_mutex_lock(&c->lock);
    jrpc_presence *copy = c->own ? presence_copy(c->own) : NULL;
    pthread_mutex_unlock(&c->lock);
    return copy;
}

jrpc_status jrpc_presence_set(jrpc_session *session, jrpc_show show, const char *text, int8_t priority,
                              jrpc_error *error)
{
    jrpc_presence wanted = { .from = "", .available = true, .show = show, .status = text, .priority = priority };
    jrpc_status status = session_check_process(session, error);
    AUTO(buf_done) buf out = BUF_INIT;
    if (status == JRPC_OK)
        status = presence_write(&out, &wanted, NULL, NULL, NULL, error);
    if (status == JRPC_OK && out.len > limits_max_stanza(&session->limits))
        status = jrpc_error_set(error, JRPC_E_TOO_LARGE, "the status has %zu bytes", strlen(text));
    if (status != JRPC_OK)
        return status;
    jrpc_presence *made = presence_copy(&wanted);
    if (!made)
        return error_nomem(error);
    keep_own(session->chat, made);
    return broadcast(session->chat, &wanted, NULL, error);
}

/* While the stream stays, calls that came before are answered: who made them is not to give them up. */
static const char *also_said(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    bool stays = session->state != SESSION_CLOSING;
    pthread_mutex_unlock(&session->lock);
    return stays ? EXTENSION_DRAINING : NULL;
}

/* extra: NULL for what is usual. */
static jrpc_status leave(chat *c, const char *text, const char *extra, jrpc_error *error)
{
    pthread_mutex_lock(&c->lock);
    bool was_shown = c->own != NULL;
    pthread_mutex_unlock(&c->lock);
    jrpc_presence gone = { .from = "", .status = text };
    jrpc_status status = was_shown ? broadcast(c, &gone, extra ? extra : also_said(c->session), error) : JRPC_OK;
    if (status == JRPC_OK)
        keep_own(c, NULL);
    if (was_shown) { /* our server has told those whom we had greeted as well */
        pthread_mutex_lock(&c->session->lock);
        session_forget_greetings(c->session);
        pthread_mutex_unlock(&c->session->lock);
    }
    return status;
}

jrpc_status jrpc_presence_unset(jrpc_session *session, const char *text, jrpc_error *error)
{
    jrpc_status status = session_check_process(session, error);
    return status == JRPC_OK ? leave(session->chat, text, NULL, error) : status;
}

void chat_leave(chat *c, const char *text, const char *extra_xml)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    if (leave(c, text, extra_xml, &error) != JRPC_OK)
        session_log(c->session, JRPC_LOG_INFO, "the goodbye was not sent: %s", error.message);
}

jrpc_status jrpc_presence_send(jrpc_session *session, const char *to, const jrpc_presence *presence, jrpc_error *error)
{
    const char *why = NULL;
    AUTO(jid_done) jid who = { 0 };
    jrpc_status status = session_check_process(session, error);
    if (status != JRPC_OK)
        return status;
    if (!to || jid_parse(to, &who, &why) != JRPC_OK)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\" is not a Jabber address: %s", to ? to : "",
                              why ? why : "it is empty");
    return send_presence(session->chat, presence, to, presence->from, NULL, error);
}

void chat_show_by_default(chat *c)
{
    pthread_mutex_lock(&c->lock);
    bool chosen = c->own_is_chosen;
    pthread_mutex_unlock(&c->lock);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    if (!chosen && jrpc_presence_set(c->session, JRPC_SHOW_ONLINE, NULL, 0, &error) != JRPC_OK)
        session_log(c->session, JRPC_LOG_WARNING, "this session is not shown as online: %s", error.message);
}

void chat_handle_up(chat *c)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_presence *own = copy_own(c);
    if (own && broadcast(c, own, NULL, &error) != JRPC_OK)
        session_log(c->session, JRPC_LOG_WARNING, "this session is not shown as online: %s", error.message);
    jrpc_presence_free(own);
}

/* ---- others' ---- */

typedef struct presence_mail {
    mail mail; /* first */
    jrpc_presence *presence;
} presence_mail;

static void tell_presence(mail *told, void *userdata)
{
    chat *c = userdata;
    const jrpc_presence *presence = ((presence_mail *)told)->presence;
    for (listener *at = NULL; (at = listeners_next(&c->watchers, at));)
        ((jrpc_presence_fn)at->function)(c->session, presence, at->userdata);
}

static void free_presence(mail *done)
{
    presence_mail *m = (presence_mail *)done;
    jrpc_presence_free(m->presence);
    free(m);
}

/* presence becomes the mailbox's. bare: of its sender. */
static void queue_presence(chat *c, const char *bare, jrpc_presence *presence)
{
    presence_mail *made = listeners_is_empty(&c->watchers) ? NULL : calloc(1, sizeof *made);
    if (!made) {
        jrpc_presence_free(presence);
        return;
    }
    made->mail = (mail){
        .tell = tell_presence,
        .free = free_presence,
        .size = sizeof *made + sizeof *presence + strlen(presence->from) +
                (presence->status ? strlen(presence->status) : 0),
        .topic = presence->from,
    };
    made->presence = presence;
    mailboxes_put(c->boxes, bare, &made->mail);
}

/* Of whom the program is told: strangers can send presence to anybody. */
static bool is_known(chat *c, const jid *who)
{
    const jid *own = &c->session->own;
    bool is_own = own->bare && strcmp(own->bare, who->bare) == 0;
    return is_own || roster_seen_has(&c->seen, who->bare) || server_knows(c->session->server, who->full);
}

static void take_state(chat *c, xmpp_stanza_t *stanza, const jid *who)
{
    const jid *own = &c->session->own;
    if ((own->full && strcmp(own->full, who->full) == 0) || !is_known(c, who))
        return;
    jrpc_presence *presence = presence_read(stanza, who->full);
    if (!presence)
        return;
    presence_table_note(&c->others, presence);
    queue_presence(c, who->bare, presence);
}

/* Components answer themselves what servers answer for accounts (RFC 6121 section 4.3.2). */
static void answer_probe(chat *c, xmpp_stanza_t *stanza, const jid *who)
{
    if (!c->session->settings.component || !server_knows(c->session->server, who->full))
        return;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_presence *own = copy_own(c);
    if (own && send_presence(c, own, who->full, xmpp_stanza_get_to(stanza), NULL, &error) != JRPC_OK)
        session_log(c->session, JRPC_LOG_DEBUG, "a probe of %s was not answered: %s", who->full, error.message);
    jrpc_presence_free(own);
}

void chat_take_presence(chat *c, xmpp_stanza_t *stanza)
{
    const char *from = xmpp_stanza_get_from(stanza);
    AUTO(jid_done) jid who = { 0 };
    if (!from || jid_parse(from, &who, NULL) != JRPC_OK)
        return;
    switch (presence_kind_of(stanza)) {
    case PRESENCE_STATE:
        take_state(c, stanza, &who);
        break;
    case PRESENCE_SUBSCRIBE:
        chat_take_request(c, stanza, who.bare);
        break;
    case PRESENCE_PROBE:
        answer_probe(c, stanza, &who);
        break;
    default:
        break;
    }
}

void chat_handle_down(chat *c)
{
    for (jrpc_presence *known; (known = presence_table_take_any(&c->others));) {
        AUTO(jid_done) jid who = { 0 };
        jrpc_presence *gone = presence_new_gone(known->from, true);
        jrpc_presence_free(known);
        if (gone && jid_parse(gone->from, &who, NULL) == JRPC_OK)
            queue_presence(c, who.bare, gone);
        else
            jrpc_presence_free(gone);
    }
}

/* ---- asked by the program ---- */

jrpc_status jrpc_presence_watch(jrpc_session *session, jrpc_presence_fn watcher, void *userdata, jrpc_error *error)
{
    jrpc_status status = session_check_process(session, error);
    return status == JRPC_OK
               ? listeners_add(&session->chat->watchers, (listener_fn *)watcher, userdata, NULL, "watcher", error)
               : status;
}

jrpc_status jrpc_presence_unwatch(jrpc_session *session, jrpc_presence_fn watcher, void *userdata, jrpc_error *error)
{
    return listeners_remove(&session->chat->watchers, (listener_fn *)watcher, userdata, "watcher", error);
}

jrpc_status jrpc_presence_get(jrpc_session *session, const char *address, jrpc_presence **ret_presence, jrpc_error *error)
{
    return presence_table_get(&session->chat->others, address, ret_presence, error);
}
