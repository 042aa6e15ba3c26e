/* SPDX-License-Identifier: MIT */
/* Messages: sent, answered, received and told to the program. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/chat.h"
#include "chat/message.h"
#include "link/jid.h"
#include "link/xml.h"
#include "session.h"

enum { BODY_MOST = 65536 };

/* ---- echoes ---- */

/*
 * What was last answered to whom, as a hash in a table that does not grow. A program that sends our own words back to us
 * would otherwise be answered, and send that back, for ever.
 */
static uint64_t hash(uint64_t state, const char *text)
{
    for (; *text; text++)
        state = (state ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return state;
}

static void remember_answer(chat *c, const char *bare, const char *body)
{
    uint64_t who = hash(c->echo_seed, bare);
    pthread_mutex_lock(&c->lock);
    c->echoes[who % CHAT_ECHOES] = hash(who, body);
    pthread_mutex_unlock(&c->lock);
}

static bool take_echo(chat *c, const char *bare, const char *body)
{
    uint64_t who = hash(c->echo_seed, bare);
    pthread_mutex_lock(&c->lock);
    uint64_t *last = &c->echoes[who % CHAT_ECHOES];
    bool same = *last == hash(who, body);
    if (same)
        *last = 0; /* a person who says the same again means it */
    pthread_mutex_unlock(&c->lock);
    return same;
}

/* ---- sending ---- */

static jrpc_status send_message(chat *c, const jrpc_message *message, jrpc_error *error)
{
    AUTO(buf_done) buf out = BUF_INIT;
    jrpc_status status = message_write(&out, message, chat_from(c, message->from), error);
    return status == JRPC_OK ? chat_send(c, &out, error) : status;
}

jrpc_status jrpc_message_send(jrpc_session *session, const jrpc_message *message, jrpc_error *error)
{
    jrpc_status status = session_check_process(session, error);
    return status == JRPC_OK ? send_message(session->chat, message, error) : status;
}

/* To a room as a whole, not to the one in it who has written. */
static jrpc_status answer_to(const jrpc_message *message, jid *ret_to, jrpc_error *error)
{
    if (!message->session || message->type == JRPC_MESSAGE_ERROR || message->carbon)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s is not to be answered",
                              !message->session  ? "what was not received"
                              : message->carbon  ? "a copy of a message"
                                                 : "an error");
    const char *why = NULL;
    if (jid_parse(message->from, ret_to, &why) != JRPC_OK)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\" is not a Jabber address: %s", message->from, why);
    return JRPC_OK;
}

/* Cuts the body until the stanza fits: what is escaped takes more bytes than it has. */
static jrpc_status send_cut(chat *c, jrpc_message *answer, const char *body, jrpc_error *error)
{
    size_t most = limits_max_stanza(&c->session->limits), room = most;
    for (;;) {
        AUTO(buf_done) buf text = BUF_INIT, out = BUF_INIT;
        message_append_printable(&text, body, room);
        if (buf_failed(&text))
            return error_nomem(error);
        answer->body = text.data ? text.data : "";
        jrpc_status status = message_write(&out, answer, chat_from(c, answer->from), error);
        if (status != JRPC_OK)
            return status;
        if (out.len <= most || room < 64) {
            remember_answer(c, answer->to, answer->body);
            return chat_send(c, &out, error);
        }
        room -= room / 4;
    }
}

jrpc_status jrpc_message_reply_with(const jrpc_message *message, const char *subject, const char *body,
                                    jrpc_error *error)
{
    AUTO(jid_done) jid to = { 0 };
    jrpc_status status = answer_to(message, &to, error);
    if (status == JRPC_OK)
        status = session_check_process(message->session, error);
    if (status != JRPC_OK)
        return status;
    jrpc_message answer = {
        .type = message->type,
        .to = message->type == JRPC_MESSAGE_GROUPCHAT ? to.bare : to.full,
        .from = message->to,
        .thread = message->thread,
        .subject = subject ? subject : message->subject,
        .automatic = true,
    };
    return send_cut(message->session->chat, &answer, body ? body : "", error);
}

jrpc_status jrpc_message_reply(const jrpc_message *message, const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    if (buf_failed(&text))
        return JRPC_E_NOMEM;
    return jrpc_message_reply_with(message, NULL, text.data, NULL);
}

/* ---- receiving ---- */

typedef struct message_mail {
    mail mail; /* first */
    jrpc_message *message;
    bool allowed;
} message_mail;

static void tell_message(mail *told, void *userdata)
{
    chat *c = userdata;
    const message_mail *m = (message_mail *)told;
    for (listener *at = NULL; (at = listeners_next(&c->handlers, at));) {
        if (message_is_wanted(&at->options, m->message, m->allowed) &&
            ((jrpc_message_fn)at->function)(m->message, at->userdata)) {
            listeners_leave(&c->handlers, at);
            return;
        }
    }
}

static void free_message(mail *done)
{
    message_mail *m = (message_mail *)done;
    jrpc_message_free(m->message);
    free(m);
}

static size_t length(const char *text)
{
    return text ? strlen(text) : 0;
}

/* RFC 6121 section 5.2.2: errors are never answered; who writes to a room or to many has no use for it. */
static void send_back(chat *c, xmpp_stanza_t *stanza, const char *type, const char *condition)
{
    const char *from = xmpp_stanza_get_from(stanza), *id = xmpp_stanza_get_id(stanza);
    const char *ours = chat_from(c, xmpp_stanza_get_to(stanza)), *its_type = xmpp_stanza_get_type(stanza);
    if (!from || (its_type && strcmp(its_type, "chat") != 0 && strcmp(its_type, "normal") != 0))
        return;
    AUTO(buf_done) buf out = BUF_INIT;
    buf_append_lit(&out, "<message type='error' to='");
    xml_append(&out, from);
    if (id)
        buf_append_lit(&out, "' id='");
    xml_append(&out, id ? id : "");
    if (ours)
        buf_append_lit(&out, "' from='");
    xml_append(&out, ours ? ours : "");
    buf_printf(&out, "'><error type='%s'><%s xmlns='" XML_NS_STANZA_ERROR "'/></error></message>", type, condition);
    if (!buf_failed(&out) && chat_send(c, &out, NULL) != JRPC_OK)
        session_log(c->session, JRPC_LOG_DEBUG, "an error for %s was not sent", from);
}

/* m becomes the mailbox's. */
static void queue_message(chat *c, xmpp_stanza_t *stanza, const jid *who, jrpc_message *m, bool allowed)
{
    message_mail *made = calloc(1, sizeof *made);
    if (!made) {
        jrpc_message_free(m);
        return;
    }
    made->mail = (mail){
        .tell = tell_message,
        .free = free_message,
        .size = sizeof *made + sizeof *m + 512 + length(m->body) + length(m->subject) + length(m->thread) + length(m->id),
        .is_message = true,
    };
    made->message = m;
    made->allowed = allowed;
    if (mailboxes_put(c->boxes, who->bare, &made->mail) != MAIL_REFUSED_FIRST)
        return;
    session_log(c->session, JRPC_LOG_INFO, "messages of %s are refused: too many", who->bare);
    send_back(c, stanza, "wait", "resource-constraint");
}

/* What we have written ourselves, or what comes back from another program as we have sent it to that. */
static bool is_ours(chat *c, const jid *who, const jrpc_message *m)
{
    const jid *own = &c->session->own;
    return (own->full && strcmp(own->full, who->full) == 0) || (m->to && jid_same(m->to, who->full)) ||
           take_echo(c, m->type == JRPC_MESSAGE_GROUPCHAT ? who->bare : who->full, m->body);
}

void chat_take_message(chat *c, xmpp_stanza_t *stanza)
{
    const char *own_bare = c->session->own.bare ? c->session->own.bare : "";
    jrpc_message *m = NULL;
    if (listeners_is_empty(&c->handlers))
        return;
    message_reading reading = message_read(stanza, own_bare, &m);
    if (reading == MESSAGE_FORGED)
        session_log(c->session, JRPC_LOG_DEBUG, "a forged carbon copy was dropped");
    AUTO(jid_done) jid who = { 0 };
    if (reading != MESSAGE_READ || jid_parse(m->from, &who, NULL) != JRPC_OK) {
        jrpc_message_free(m);
        return;
    }
    m->session = c->session;
    m->automatic = m->automatic || is_ours(c, &who, m);
    bool allowed = server_knows(c->session->server, m->from);
    if (!listeners_want(&c->handlers, m, allowed)) {
        jrpc_message_free(m);
    } else if (strlen(m->body) + length(m->subject) + length(m->thread) > BODY_MOST) {
        jrpc_message_free(m);
        send_back(c, stanza, "modify", "policy-violation");
    } else {
        queue_message(c, stanza, &who, m, allowed);
    }
}

jrpc_status jrpc_message_handle(jrpc_session *session, jrpc_message_fn handler, void *userdata,
                                const jrpc_message_options *options, jrpc_error *error)
{
    jrpc_status status = session_check_process(session, error);
    if (status == JRPC_OK)
        status = listeners_add(&session->chat->handlers, (listener_fn *)handler, userdata, options, "handler", error);
    if (status == JRPC_OK)
        chat_show_by_default(session->chat);
    return status;
}

jrpc_status jrpc_message_unhandle(jrpc_session *session, jrpc_message_fn handler, void *userdata, jrpc_error *error)
{
    return listeners_remove(&session->chat->handlers, (listener_fn *)handler, userdata, "handler", error);
}
