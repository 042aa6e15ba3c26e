/* SPDX-License-Identifier: MIT */
/* The conversational side of a session: its life, and the way in and out. */
#include "chat/chat.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/random.h"
#include "link/xml.h"
#include "serve/reply.h"
#include "session.h"

jrpc_status chat_new(jrpc_session *session, unsigned workers, bool is_inline, chat **ret_chat)
{
    chat *c = calloc(1, sizeof *c);
    if (!c)
        return JRPC_E_NOMEM;
    if (mailboxes_new(workers, is_inline, c, &c->boxes) != JRPC_OK) {
        free(c);
        return JRPC_E_NOMEM;
    }
    c->session = session;
    c->echo_seed = random_u64();
    listeners_init(&c->handlers);
    listeners_init(&c->watchers);
    listeners_init(&c->roster_watchers);
    roster_seen_init(&c->seen);
    software_init(&c->software);
    presence_table_init(&c->others);
    pthread_mutex_init(&c->lock, NULL);
    *ret_chat = c;
    return JRPC_OK;
}

void chat_free(chat *c)
{
    if (!c)
        return;
    mailboxes_free(c->boxes);
    listeners_done(&c->handlers);
    listeners_done(&c->watchers);
    listeners_done(&c->roster_watchers);
    roster_seen_done(&c->seen);
    software_done(&c->software);
    presence_table_done(&c->others);
    jrpc_presence_free(c->own);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void chat_stop(chat *c)
{
    mailboxes_stop(c->boxes);
}

void chat_handle_stanza(chat *c, xmpp_stanza_t *stanza)
{
    const char *name = xmpp_stanza_get_name(stanza);
    if (name && strcmp(name, "message") == 0)
        chat_take_message(c, stanza);
    else if (name && strcmp(name, "presence") == 0)
        chat_take_presence(c, stanza);
}

/* RFC 6120 section 8.2.3: with the same id; to whom it came from. */
static void answer_iq(chat *c, const reply_address *request, void (*write)(software_said *, buf *))
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "result", request);
    if (write)
        write(&c->software, &out);
    reply_close(&out);
    if (buf_failed(&out) || chat_send(c, &out, &error) != JRPC_OK)
        session_log(c->session, JRPC_LOG_INFO, "an answer was lost: %s", error.message ? error.message : "no memory");
}

bool chat_handle_iq(chat *c, xmpp_stanza_t *iq)
{
    const reply_address request = { .id = xmpp_stanza_get_id(iq),
                                    .from = xmpp_stanza_get_from(iq),
                                    .to = xmpp_stanza_get_to(iq) };
    const char *type = xmpp_stanza_get_type(iq);
    bool set = type && strcmp(type, "set") == 0;
    xmpp_stanza_t *query = xml_child(iq, "query", set ? NS_ROSTER : NS_VERSION);
    if (!query || !request.id || (set && !chat_take_push(c, iq, query)))
        return false;
    answer_iq(c, &request, set ? NULL : software_write);
    return true;
}

jrpc_status jrpc_software_set(jrpc_session *session, const jrpc_software *software, jrpc_error *error)
{
    return software_say(&session->chat->software, software, error);
}

void chat_run_inline(chat *c)
{
    mailboxes_run_inline(c->boxes);
}

bool chat_has_inline(chat *c)
{
    return mailboxes_has_inline(c->boxes);
}

/* ---- the way out ---- */

/* Why a stanza could not be queued. */
static jrpc_status refused(jrpc_session *session, jrpc_error *error)
{
    pthread_mutex_lock(&session->lock);
    session_state state = session->state;
    pthread_mutex_unlock(&session->lock);
    if (state == SESSION_ENDED)
        return session_report_end(session, error);
    if (state == SESSION_OFFLINE || state == SESSION_OPENING)
        return jrpc_error_set(error, JRPC_E_DISCONNECTED, "there is no stream at the moment; it was not sent");
    return jrpc_error_set(error, JRPC_E_BUSY, "too much waits to be sent already, or there is no memory");
}

jrpc_status chat_send(chat *c, const buf *stanza, jrpc_error *error)
{
    jrpc_session *session = c->session;
    if (stanza->len > limits_max_stanza(&session->limits))
        return jrpc_error_set(error, JRPC_E_TOO_LARGE, "the stanza would have %zu bytes, the limit is %zu", stanza->len,
                              limits_max_stanza(&session->limits));
    return session_send(session, stanza->data, stanza->len) ? JRPC_OK : refused(session, error);
}

const char *chat_from(const chat *c, const char *ours)
{
    if (!c->session->settings.component)
        return NULL;
    return ours && *ours ? ours : jrpc_session_jid(c->session);
}
