/* SPDX-License-Identifier: MIT */
/*
 * Calls that wait for an answer: SendAndWaitForResponse. Each ends exactly once: by its answer, its deadline, the end of
 * its stream or of its session.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "session.h"
#include "wire/envelope.h"
#include "wire/fault.h"
#include "wire/writer.h"

/* ---- completing ---- */

static bool is_unsent(const outcall *call)
{
    return call->stanza.data != NULL;
}

/* Under the lock. */
static void forget_unsent(jrpc_session *session, outcall *call)
{
    outcall **at = &session->unsent;
    while (*at && *at != call)
        at = &(*at)->next_unsent;
    if (*at)
        *at = call->next_unsent;
    if (session->unsent_last == &call->next_unsent)
        session->unsent_last = at;
    session->unsent_bytes -= call->stanza.len;
    buf_done(&call->stanza);
}

/* Under the lock. */
static void remember_unsent(jrpc_session *session, outcall *call)
{
    session->unsent_bytes += call->stanza.len;
    call->next_unsent = NULL;
    *session->unsent_last = call;
    session->unsent_last = &call->next_unsent;
}

void outcall_keep_unflushed(jrpc_session *session)
{
    for (size_t i = 0; i < pending_slots(&session->pending); i++) {
        outcall *call = (outcall *)pending_in_slot(&session->pending, i);
        if (!call || is_unsent(call) || call->flushes != session->flushes ||
            call->out_at + call->out_len > session->out.len)
            continue;
        buf_append(&call->stanza, session->out.data + call->out_at, call->out_len);
        if (buf_failed(&call->stanza))
            buf_done(&call->stanza); /* then it ends with the others */
        else
            remember_unsent(session, call);
    }
}

/* Under the lock: whoever calls this first completes the call, and nobody else. */
static bool claim(jrpc_session *session, outcall *call)
{
    if (call->state != OUTCALL_WAITING)
        return false;
    pending_remove(&session->pending, &call->pending);
    call->state = OUTCALL_CLAIMED;
    return true;
}

/* Under the lock: the one place where a call ends. Its memory may be gone as soon as the lock is released. */
static void complete(jrpc_session *session, outcall *call, jrpc_status status)
{
    call->status = status;
    call->state = OUTCALL_DONE;
    pthread_cond_broadcast(&call->done);
    if (!call->finished)
        return;
    call->next_finished = NULL;
    *session->finished_last = call;
    session->finished_last = &call->next_finished;
    session_wake(session);
}

void outcall_run_finished(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    outcall *call = session->finished;
    session->finished = NULL;
    session->finished_last = &session->finished;
    pthread_mutex_unlock(&session->lock);
    while (call) {
        outcall *next = call->next_finished;
        call->finished(call);
        call = next;
    }
}

static jrpc_status describe(outcall *call, jrpc_status status, const char *text)
{
    jrpc_error_set(call->error, status, "%s", text);
    error_who(call->error, call->to);
    error_what(call->error, call->what);
    return status;
}

/* Under the lock. A call that never left has surely not run: its end is told apart from that of one that was sent. */
static void complete_expired(jrpc_session *session, outcall *call)
{
    char text[96];
    if (is_unsent(call)) {
        forget_unsent(session, call);
        snprintf(text, sizeof text, "not sent: no connection to the server within %lu ms",
                 (unsigned long)call->timeout_ms);
        complete(session, call, describe(call, JRPC_E_DISCONNECTED, text));
        return;
    }
    snprintf(text, sizeof text, "no answer within the deadline of %lu ms", (unsigned long)call->timeout_ms);
    complete(session, call, describe(call, JRPC_E_TIMEOUT, text));
}

void outcall_expire(jrpc_session *session, int64_t now)
{
    pthread_mutex_lock(&session->lock);
    pending_call *expired;
    while ((expired = pending_take_expired(&session->pending, now))) {
        outcall *call = (outcall *)expired;
        call->state = OUTCALL_CLAIMED;
        complete_expired(session, call);
    }
    pthread_mutex_unlock(&session->lock);
}

void outcall_fail_all(jrpc_session *session, jrpc_status status, const char *why, bool keep_unsent)
{
    for (size_t i = 0; i < pending_slots(&session->pending); i++) {
        outcall *call = (outcall *)pending_in_slot(&session->pending, i);
        if (!call || (keep_unsent && is_unsent(call)) || !claim(session, call))
            continue;
        if (is_unsent(call))
            forget_unsent(session, call);
        complete(session, call, describe(call, status, why));
    }
}

/* ---- answers ---- */

/* Own server (RFC 6120 section 8.1.2.1): asked without address, or by the account's own or the domain. */
static bool is_own_server(const jrpc_session *session, const char *to)
{
    const jid *own = &session->own;
    return !to || (own->domain && (jid_same(to, own->domain) || jid_same(to, own->bare)));
}

/*
 * An answer counts only from the address that was asked (draft-alkemade-xmpp-iq-validation): ids may leak, addresses are
 * stamped by servers.
 */
static bool is_from_asked(const jrpc_session *session, const outcall *call, const char *from)
{
    if (from && call->to && jid_same(from, call->to))
        return true;
    if (!is_own_server(session, call->to))
        return false;
    const jid *own = &session->own;
    return !from || jid_same(from, own->domain) || jid_same(from, own->bare) || jid_same(from, own->full);
}

static outcall *claim_answered(jrpc_session *session, xmpp_stanza_t *iq)
{
    const char *id = xmpp_stanza_get_id(iq);
    const char *from = xmpp_stanza_get_from(iq);
    pthread_mutex_lock(&session->lock);
    outcall *call = id ? (outcall *)pending_find(&session->pending, id) : NULL;
    bool ours = call && is_from_asked(session, call, from);
    if (!ours || !claim(session, call)) {
        session->stray++;
        call = NULL;
    }
    pthread_mutex_unlock(&session->lock);
    if (!call)
        session_log(session, JRPC_LOG_INFO, "an answer by %s was dropped: nobody waits for it from there",
                    from ? from : "nobody");
    return call;
}

/* Some peers (pyobs) first say how long it will take, in a result of its own: that is no answer yet. */
static bool is_note(xmpp_stanza_t *iq)
{
    xmpp_stanza_t *query = xmpp_stanza_get_child_by_name_and_ns(iq, "query", WIRE_NS_RPC);
    bool other = false;
    for (xmpp_stanza_t *part = query ? xmpp_stanza_get_children(query) : NULL; part; part = xmpp_stanza_get_next(part)) {
        const char *name = xmpp_stanza_is_tag(part) ? xmpp_stanza_get_name(part) : NULL;
        if (name && (strcmp(name, "methodResponse") == 0 || strcmp(name, "methodCall") == 0))
            return false;
        other = other || name;
    }
    return other;
}

void outcall_handle_answer(jrpc_session *session, xmpp_stanza_t *iq)
{
    if (strcmp(xmpp_stanza_get_type(iq), "result") == 0 && is_note(iq))
        return;
    outcall *call = claim_answered(session, iq);
    if (!call)
        return;
    jrpc_status status;
    if (strcmp(xmpp_stanza_get_type(iq), "error") == 0) {
        status = fault_read_stanza_error(iq, call->to, call->what, call->error);
    } else {
        status = call->answer(call, iq, call->error);
        if (status != JRPC_OK) {
            error_who(call->error, call->to);
            error_what(call->error, call->what);
        }
    }
    pthread_mutex_lock(&session->lock);
    complete(session, call, status);
    pthread_mutex_unlock(&session->lock);
}

/* ---- sending ---- */

/* RFC 6120 section 8.1.2: an account's server adds `from`; a component must say it (XEP-0114). */
static void append_stanza(buf *out, const outcall *call, const char *from, const char *type, const char *id,
                          const buf *payload)
{
    buf_append_lit(out, "<iq type='");
    buf_append_str(out, type);
    buf_append_lit(out, "' id='");
    buf_append_str(out, id);
    if (from) {
        buf_append_lit(out, "' from='");
        writer_attribute(out, from);
    }
    if (call->to) {
        buf_append_lit(out, "' to='");
        writer_attribute(out, call->to);
    }
    buf_append_lit(out, "'>");
    buf_append(out, payload->data, payload->len);
    buf_append_lit(out, "</iq>");
}

/* The most that append_stanza() adds: an escaped character is 6 bytes at most. */
static size_t room_for(const outcall *call, const char *from, const buf *payload)
{
    return payload->len + (call->to ? 6 * strlen(call->to) : 0) + (from ? 6 * strlen(from) : 0) + PENDING_ID_MAX + 64;
}

void outcall_send_unsent(jrpc_session *session)
{
    while (session->unsent) {
        outcall *call = session->unsent;
        if (!buf_reserve(&session->out, call->stanza.len)) {
            session->out.failed = false;
            return; /* they stay, until the next time or their deadline */
        }
        buf_append(&session->out, call->stanza.data, call->stanza.len);
        forget_unsent(session, call);
    }
}

static jrpc_status too_large(outcall *call, size_t len, size_t limit)
{
    char text[112];
    snprintf(text, sizeof text, "the request needs a stanza of %zu bytes, the limit is %zu", len, limit);
    return describe(call, JRPC_E_TOO_LARGE, text);
}

/* Under the lock: puts the stanza where it belongs, the stream's queue or the list of those that wait for a stream. */
static jrpc_status queue_stanza(jrpc_session *session, outcall *call, const char *type, const char *id,
                                const buf *payload)
{
    bool online = session->state == SESSION_ONLINE;
    buf *out = online ? &session->out : &call->stanza;
    const char *from = session->settings.component && session->name ? session->name->text : NULL;
    size_t room = room_for(call, from, payload);
    size_t waiting = online ? session->link_queued + out->len : session->unsent_bytes;
    if (waiting + room > session->settings.max_queue)
        return describe(call, JRPC_E_BUSY,
                        online ? "too much waits to be sent: the stream is slower than this program"
                               : "too much waits to be sent: there is no connection to the server");
    if (!buf_reserve(out, room)) {
        out->failed = false;
        return error_nomem(call->error);
    }
    size_t before = out->len;
    append_stanza(out, call, from, type, id, payload);
    size_t len = out->len - before;
    if (len > session->settings.max_stanza) {
        buf_truncate(out, before);
        if (!online)
            buf_done(out);
        return too_large(call, len, session->settings.max_stanza);
    }
    call->out_at = before;
    call->out_len = len;
    call->flushes = session->flushes;
    if (!online)
        remember_unsent(session, call);
    return JRPC_OK;
}

/* Under the lock. */
static jrpc_status check_open(jrpc_session *session, outcall *call)
{
    if (session->state == SESSION_CLOSING)
        return describe(call, JRPC_E_CLOSED, "the session is being closed");
    if (session->state == SESSION_ENDED)
        return describe(call, JRPC_E_CLOSED, session->end.message ? session->end.message : "the session has ended");
    return JRPC_OK;
}

/* Under the lock. */
static jrpc_status start(jrpc_session *session, outcall *call, const char *type, const buf *payload)
{
    jrpc_status status = check_open(session, call);
    if (status != JRPC_OK)
        return status;
    int64_t deadline =
        call->timeout_ms == JRPC_NO_TIMEOUT ? CLOCK_NEVER : clock_after(clock_now(), call->timeout_ms);
    char id[PENDING_ID_MAX];
    switch (pending_add(&session->pending, &call->pending, deadline, id)) {
    case PENDING_FULL:
        return describe(call, JRPC_E_BUSY, "too many calls are in flight from this session");
    case PENDING_NOMEM:
        return error_nomem(call->error);
    case PENDING_OK:
        break;
    }
    status = queue_stanza(session, call, type, id, payload);
    if (status != JRPC_OK) {
        pending_remove(&session->pending, &call->pending);
        return status;
    }
    call->state = OUTCALL_WAITING;
    session_wake(session);
    return JRPC_OK;
}

/* Under the lock, CALLER mode: this thread drives until its own call is done. */
static void lead_until_done(jrpc_session *session, outcall *call)
{
    bool goes_on = true;
    while (call->state != OUTCALL_DONE && goes_on) {
        goes_on = session_lead_round(session);
        if (goes_on && call->state != OUTCALL_DONE)
            session_lead_sleep(session, call->pending.deadline, -1);
    }
}

void outcall_wake_one(jrpc_session *session)
{
    for (size_t i = 0; session->followers && i < pending_slots(&session->pending); i++) {
        outcall *call = (outcall *)pending_in_slot(&session->pending, i);
        if (call && call->waited_for) {
            pthread_cond_broadcast(&call->done);
            return;
        }
    }
}

/*
 * Under the lock. The waiting thread keeps its own deadline as well: it ends in time even when the driving thread is stuck
 * in a library.
 */
static void wait_done(jrpc_session *session, outcall *call)
{
    call->waited_for = true;
    struct timespec until = { .tv_sec = call->pending.deadline / 1000000000,
                              .tv_nsec = call->pending.deadline % 1000000000 };
    while (call->state != OUTCALL_DONE) {
        if (session_lead_begin(session)) {
            lead_until_done(session, call);
            session_lead_end(session);
            continue;
        }
        session->followers++;
        bool late = false;
        if (call->state == OUTCALL_CLAIMED || call->pending.deadline == CLOCK_NEVER)
            pthread_cond_wait(&call->done, &session->lock);
        else
            late = pthread_cond_timedwait(&call->done, &session->lock, &until) == ETIMEDOUT;
        session->followers--;
        if (late && claim(session, call))
            complete_expired(session, call);
    }
    call->waited_for = false;
    /* It may have been this thread that was told to drive, just when its own time was over. */
    if (session->settings.mode == JRPC_MODE_CALLER && !session->driving)
        outcall_wake_one(session);
}

/* The condition follows the monotonic clock, as deadlines do. */
static void init_call(jrpc_session *session, outcall *call)
{
    if (call->timeout_ms == 0)
        call->timeout_ms = session->settings.call_timeout_ms;
    call->stanza = (buf)BUF_INIT;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&call->done, &attributes);
    pthread_condattr_destroy(&attributes);
}

jrpc_status outcall_run(jrpc_session *session, outcall *call, const char *type, const buf *payload)
{
    jrpc_status status = session_check_caller(session, call->error);
    if (status != JRPC_OK)
        return status;
    init_call(session, call);
    worker_wait_begin();
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    status = start(session, call, type, payload);
    if (status == JRPC_OK) {
        wait_done(session, call);
        status = call->status;
    }
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    worker_wait_end();
    pthread_cond_destroy(&call->done);
    return status;
}

jrpc_status outcall_start(jrpc_session *session, outcall *call, const char *type, const buf *payload)
{
    jrpc_status status = session_check_process(session, call->error);
    if (status != JRPC_OK)
        return status;
    init_call(session, call);
    pthread_mutex_lock(&session->lock);
    status = start(session, call, type, payload);
    pthread_mutex_unlock(&session->lock);
    if (status != JRPC_OK)
        pthread_cond_destroy(&call->done);
    return status;
}

jrpc_status outcall_wait(jrpc_session *session, outcall *call)
{
    worker_wait_begin();
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    wait_done(session, call);
    jrpc_status status = call->status;
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    worker_wait_end();
    return status;
}

void outcall_cancel(jrpc_session *session, outcall *call)
{
    pthread_mutex_lock(&session->lock);
    if (claim(session, call)) {
        if (is_unsent(call))
            forget_unsent(session, call);
        complete(session, call, describe(call, JRPC_E_CANCELLED, "cancelled by this program"));
    }
    pthread_mutex_unlock(&session->lock);
}
