/* SPDX-License-Identifier: MIT */
/* What happens to a session: its link's callbacks, stanzas that are queued, going down and coming back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/random.h"
#include "chat/chat.h"
#include "session.h"

void session_wake(jrpc_session *session)
{
    if (!session->sleeping)
        return;
    session->sleeping = false;
    uint64_t one = 1;
    /* Cannot block or fail: the counter is read whenever the thread comes round. */
    if (write(session->wake_fd, &one, sizeof one) < 0)
        return;
}

bool session_send(jrpc_session *session, const char *data, size_t len)
{
    pthread_mutex_lock(&session->lock);
    bool has_stream = session->state == SESSION_ONLINE || session->state == SESSION_CLOSING;
    bool room = session->link_queued + session->out.len + len <= session->settings.max_queue;
    bool fits = len <= limits_max_stanza(&session->limits);
    bool queued = has_stream && room && fits && buf_reserve(&session->out, len);
    session->out.failed = false;
    if (queued) {
        buf_append(&session->out, data, len);
        limits_note_sent(&session->limits, len);
        session_wake(session);
    }
    pthread_mutex_unlock(&session->lock);
    return queued;
}

/* ---- callbacks of the link: decode and enqueue, nothing else ---- */

/* Under the lock. The old name stays: somebody may have borrowed it. */
static void set_name(jrpc_session *session, const char *text)
{
    if (session->name && strcmp(session->name->text, text) == 0)
        return;
    session_name *name = malloc(sizeof *name + strlen(text) + 1);
    if (!name)
        return;
    strcpy(name->text, text);
    name->older = session->name;
    session->name = name;
    jid_done(&session->own);
    jid_parse(text, &session->own, NULL);
}

static void on_up(void *userdata, const char *text)
{
    jrpc_session *session = userdata;
    pthread_mutex_lock(&session->lock);
    set_name(session, text);
    const bool is_back = session->state == SESSION_OFFLINE;
    if (session->state == SESSION_OPENING || session->state == SESSION_OFFLINE)
        session->state = SESSION_ONLINE;
    session->attempts = 0;
    session->conflict_at = 0;
    session_forget_greetings(session);
    const link_limits announced = link_get_limits(session->link);
    limits_begin(&session->limits, &announced);
    server_set_max_stanza(session->server, limits_max_stanza(&session->limits));
    outcall_send_unsent(session);
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->lock);
    if (is_back) /* as loud as the loss, or that would be the last that one reads */
        session_log(session, JRPC_LOG_WARNING, "the stream is back: online as %s", text);
    chat_handle_up(session->chat);
    server_answer_oversized(session->server);
}

static void handle_request(jrpc_session *session, xmpp_stanza_t *iq)
{
    if (!chat_handle_iq(session->chat, iq))
        server_handle_iq(session->server, iq);
}

static void on_stanza(void *userdata, xmpp_stanza_t *stanza)
{
    jrpc_session *session = userdata;
    session->heard_at = clock_now();
    const char *name = xmpp_stanza_get_name(stanza);
    const char *type = xmpp_stanza_get_type(stanza);
    if (name && strcmp(name, "message") == 0 && underway_take_message(session->server, stanza))
        return;
    if (name && strcmp(name, "presence") == 0)
        session_take_presence(session, stanza);
    if (!name || strcmp(name, "iq") != 0) {
        chat_handle_stanza(session->chat, stanza);
        return;
    }
    if (!type)
        return;
    if (strcmp(type, "result") == 0 || strcmp(type, "error") == 0)
        outcall_handle_answer(session, stanza);
    else if (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)
        handle_request(session, stanza);
}

static void on_down(void *userdata, jrpc_error *error)
{
    jrpc_session *session = userdata;
    pthread_mutex_lock(&session->lock);
    session->link_down = true;
    jrpc_error_move(&session->end, error);
    pthread_mutex_unlock(&session->lock);
}

static void on_log(void *userdata, int level, const char *message)
{
    session_log(userdata, (jrpc_log_level)level, "%s", message);
}

const link_callbacks *session_link_callbacks(void)
{
    static const link_callbacks callbacks = { on_up, on_stanza, on_down, on_log };
    return &callbacks;
}

/* ---- going down and coming back ---- */

/*
 * Under the lock. A conflict before we are online again may be with our own ghost: a server that has not noticed the loss
 * yet refuses us because of ourselves. It notices in its time; after that it is another program.
 */
static bool is_final_conflict(jrpc_session *session)
{
    if (session->state == SESSION_ONLINE)
        return true;
    int64_t now = clock_now();
    if (!session->conflict_at)
        session->conflict_at = now;
    return now >= clock_after(session->conflict_at, session->settings.ghost_most_ms);
}

/* What trying again cannot mend, or what would fight with another program for the address. */
static bool is_final(jrpc_session *session)
{
    jrpc_status status = session->end.status;
    if (status == JRPC_E_CONFLICT)
        return is_final_conflict(session);
    return status == JRPC_E_AUTH || status == JRPC_E_NO_MECHANISM ||
           status == JRPC_E_CERT_UNTRUSTED || status == JRPC_E_CERT_WRONG_HOST || status == JRPC_E_NO_TLS ||
           status == JRPC_E_INVALID;
}

/* Under the lock. */
static void end_session(jrpc_session *session)
{
    session->state = SESSION_ENDED;
    outcall_fail_all(session, JRPC_E_DISCONNECTED, session->end.message ? session->end.message : "the session ended");
    uint64_t one = 1;
    if (write(session->ended_fd, &one, sizeof one) < 0)
        session->end.status = JRPC_E_INTERNAL;
    pthread_cond_broadcast(&session->changed);
}

/* Under the lock. */
static void plan_retry(jrpc_session *session)
{
    session->state = SESSION_OFFLINE;
    unsigned doublings = session->attempts < 24 ? session->attempts : 24;
    uint64_t limit = (uint64_t)session->settings.reconnect_ms << doublings;
    if (limit > session->settings.reconnect_most_ms)
        limit = session->settings.reconnect_most_ms;
    session->attempts++;
    outcall_keep(session);
    contact_forget_all(session);
    session->retry_at = clock_after(clock_now(), (int64_t)(random_u64() % limit) + 1);
    pthread_cond_broadcast(&session->changed);
}

/* Under the lock. */
void session_handle_down(jrpc_session *session)
{
    session->link_down = false;
    session->link_queued = 0;
    const bool learnt = limits_end(&session->limits, &session->end);
    const size_t limit = limits_max_stanza(&session->limits);
    if (learnt)
        server_set_max_stanza(session->server, limit);
    oversize_stream_lost(&session->server->oversize, learnt ? limit : 0);
    if (session->state == SESSION_OPENING || session->state == SESSION_CLOSING || is_final(session))
        end_session(session);
    else
        plan_retry(session);
    buf_reset(&session->out);
}

void session_start_link(jrpc_session *session)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    session->retry_at = CLOCK_NEVER;
    if (link_start(session->link, &error) != JRPC_OK)
        on_down(session, &error);
}
