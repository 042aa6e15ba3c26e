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
#include "serve/context.h"
#include "session.h"
#include "wire/envelope.h"
#include "wire/fault.h"

/* ---- completing ---- */

/* It is no longer among those in flight. */
static void take_in(jrpc_session *session, outcall *call)
{
    session->calls -= call->address != NULL;
    call->state = OUTCALL_CLAIMED;
}

bool outcall_claim(jrpc_session *session, outcall *call)
{
    if (call->state != OUTCALL_WAITING)
        return false;
    pending_remove(&session->pending, &call->pending);
    take_in(session, call);
    return true;
}

static void forget_trace(outcall *call)
{
    free(call->trace);
    call->trace = NULL;
}

/* The one place where a call ends. */
void outcall_complete(jrpc_session *session, outcall *call, jrpc_status status)
{
    outcall_unplace(session, call);
    if (call->contact)
        contact_release(call->contact);
    call->contact = NULL;
    session_note_call(session, call, status);
    if (!call->finished)
        forget_trace(call);
    call->status = status;
    call->state = OUTCALL_DONE;
    if (call->waiter)
        pthread_cond_signal(call->waiter);
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
        extension_trace *trace = call->trace;
        call->finished(call); /* which may free it */
        free(trace);
        call = next;
    }
}

jrpc_status outcall_describe(outcall *call, jrpc_status status, const char *text)
{
    jrpc_error_set(call->error, status, "%s", text);
    error_who(call->error, call->to);
    error_what(call->error, call->what);
    return status;
}

/* Under the lock. A call that never left has surely not run: its end is told apart from that of one that was sent. */
static void complete_expired(jrpc_session *session, outcall *call)
{
    char text[128];
    bool waits_for_return = call->place == OUTCALL_HELD && call->was_sent && !call->idempotent;
    jrpc_status status = call->place == OUTCALL_UNSENT ? JRPC_E_DISCONNECTED
                         : waits_for_return            ? JRPC_E_UNKNOWN_OUTCOME
                                                       : JRPC_E_TIMEOUT;
    snprintf(text, sizeof text,
             status == JRPC_E_TIMEOUT ? "no answer within the deadline of %lu ms"
             : waits_for_return       ? "the connection was lost before the answer came, and the peer not back within %lu ms"
             : call->was_sent         ? "the connection was lost before the answer came, and not back within %lu ms"
                                      : "not sent: no connection to the server within %lu ms",
             (unsigned long)call->timeout_ms);
    outcall_complete(session, call, outcall_describe(call, status, text));
}

void outcall_expire(jrpc_session *session, int64_t now)
{
    pthread_mutex_lock(&session->lock);
    pending_call *expired;
    while ((expired = pending_take_expired(&session->pending, now))) {
        outcall *call = (outcall *)expired;
        take_in(session, call);
        complete_expired(session, call);
    }
    pthread_mutex_unlock(&session->lock);
}

void outcall_fail_all(jrpc_session *session, jrpc_status status, const char *why)
{
    for (size_t i = 0; i < pending_slots(&session->pending); i++) {
        outcall *call = (outcall *)pending_in_slot(&session->pending, i);
        if (call && status == JRPC_E_CANCELLED)
            outcall_tell_cancel(session, call);
        if (call && outcall_claim(session, call))
            outcall_complete(session, call, outcall_describe(call, status, why));
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
    if (!ours || !outcall_claim(session, call)) {
        session->stray++;
        call = NULL;
    }
    pthread_mutex_unlock(&session->lock);
    if (!call)
        session_log(session, JRPC_LOG_INFO, "an answer by %s was dropped: nobody waits for it from there (call %s)",
                    from ? from : "nobody", id ? id : "without id");
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

/*
 * "Nobody is there", "not allowed", "too busy" say that this stanza was not accepted. They say nothing of the one that went
 * over the stream that was lost.
 */
static bool denies_what_may_have_run(const outcall *call, jrpc_status status)
{
    return call->was_sent && !call->idempotent &&
           (status == JRPC_E_UNAVAILABLE || status == JRPC_E_REFUSED || status == JRPC_E_BUSY);
}

static jrpc_status describe_unknown(outcall *call)
{
    char text[256];
    snprintf(text, sizeof text, "sent again after the connection was lost, and answered: %.160s",
             call->error && call->error->message ? call->error->message : "not accepted");
    return outcall_describe(call, JRPC_E_UNKNOWN_OUTCOME, text);
}

void outcall_handle_answer(jrpc_session *session, xmpp_stanza_t *iq)
{
    if (strcmp(xmpp_stanza_get_type(iq), "result") == 0 && is_note(iq))
        return;
    outcall *call = claim_answered(session, iq);
    if (!call)
        return;
    if (session->settings.log_payloads)
        session_log_answer(session, call, iq);
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
    if (status == JRPC_E_UNAVAILABLE && call->contact)
        contact_forget(call->contact);
    else if (call->contact)
        contact_note_heard(call->contact, clock_now());
    if (denies_what_may_have_run(call, status))
        status = describe_unknown(call);
    outcall_complete(session, call, status);
    pthread_mutex_unlock(&session->lock);
}

/* ---- sending ---- */

/* Under the lock. */
static jrpc_status check_open(jrpc_session *session, outcall *call)
{
    if (session->state == SESSION_CLOSING)
        return outcall_describe(call, JRPC_E_CLOSED, "the session is being closed");
    if (session->state == SESSION_ENDED)
        return outcall_describe(call, JRPC_E_CLOSED, session->end.message ? session->end.message : "the session has ended");
    return JRPC_OK;
}

/*
 * The calls that a handler makes are part of the call that it runs for: of its trace, and of its time (gRPC's deadlines do
 * the same), unless it has detached them.
 */
static jrpc_status inherit(outcall *call, int64_t now)
{
    if (!call->address)
        return JRPC_OK;
    const extension_trace *outer = &context_get()->trace;
    if (extension_trace_is_set(outer)) {
        call->trace = malloc(sizeof *call->trace);
        if (!call->trace)
            return error_nomem(call->error);
        *call->trace = *outer;
        extension_trace_step(call->trace);
    }
    int64_t latest = context_deadline();
    int64_t left = latest == CLOCK_NEVER ? INT64_MAX : (latest - now) / CLOCK_MS;
    if (left <= 0)
        return outcall_describe(call, JRPC_E_TIMEOUT, "not sent: the time of the call that it belongs to is over");
    if (left < call->timeout_ms)
        call->timeout_ms = (uint32_t)left;
    return JRPC_OK;
}

/* Under the lock. */
static jrpc_status add_pending(jrpc_session *session, outcall *call, int64_t now)
{
    static const char full[] = "too many calls are in flight from this session";
    int64_t deadline = call->timeout_ms == JRPC_NO_TIMEOUT ? CLOCK_NEVER : clock_after(now, call->timeout_ms);
    if (call->address && session->calls >= session->settings.max_pending)
        return outcall_describe(call, JRPC_E_BUSY, full);
    switch (pending_add(&session->pending, &call->pending, deadline)) {
    case PENDING_FULL:
        return outcall_describe(call, JRPC_E_BUSY, full);
    case PENDING_NOMEM:
        return error_nomem(call->error);
    default:
        return JRPC_OK;
    }
}

jrpc_status outcall_begin(jrpc_session *session, outcall *call)
{
    if (call->timeout_ms == 0)
        call->timeout_ms = session->settings.call_timeout_ms;
    int64_t now = clock_now();
    call->begun = now;
    jrpc_status status = check_open(session, call);
    if (status == JRPC_OK)
        status = inherit(call, now);
    if (status == JRPC_OK)
        status = add_pending(session, call, now);
    if (status != JRPC_OK) {
        forget_trace(call);
        return status;
    }
    call->contact = call->address ? contact_take(session, call->address) : NULL;
    status = outcall_depart(session, call, now);
    if (status != JRPC_OK) {
        pending_remove(&session->pending, &call->pending);
        if (call->contact)
            contact_release(call->contact);
        forget_trace(call);
        return status;
    }
    call->state = OUTCALL_WAITING;
    session->calls += call->address != NULL;
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
        if (call && call->waiter) {
            pthread_cond_signal(call->waiter);
            return;
        }
    }
}

/* The condition follows the monotonic clock, as deadlines do. */
static void init_waiter(pthread_cond_t *waiter)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(waiter, &attributes);
    pthread_condattr_destroy(&attributes);
}

/*
 * Under the lock. The waiting thread keeps its own deadline as well: it ends in time even when the driving thread is stuck
 * in a library.
 */
static void wait_done(jrpc_session *session, outcall *call)
{
    pthread_cond_t waiter;
    init_waiter(&waiter);
    call->waiter = &waiter;
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
            pthread_cond_wait(&waiter, &session->lock);
        else
            late = pthread_cond_timedwait(&waiter, &session->lock, &until) == ETIMEDOUT;
        session->followers--;
        if (late && outcall_claim(session, call))
            complete_expired(session, call);
    }
    call->waiter = NULL;
    pthread_cond_destroy(&waiter);
    /* It may have been this thread that was told to drive, just when its own time was over. */
    if (session->settings.mode == JRPC_MODE_CALLER && !session->driving)
        outcall_wake_one(session);
}

jrpc_status outcall_run(jrpc_session *session, outcall *call)
{
    jrpc_status status = session_check_caller(session, call->error);
    if (status != JRPC_OK)
        return status;
    worker_wait_begin();
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    status = outcall_begin(session, call);
    if (status == JRPC_OK) {
        wait_done(session, call);
        status = call->status;
    }
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    worker_wait_end();
    return status;
}

jrpc_status outcall_start(jrpc_session *session, outcall *call)
{
    jrpc_status status = session_check_process(session, call->error);
    if (status != JRPC_OK)
        return status;
    pthread_mutex_lock(&session->lock);
    status = outcall_begin(session, call);
    pthread_mutex_unlock(&session->lock);
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
    if (call->state == OUTCALL_WAITING)
        outcall_tell_cancel(session, call);
    if (outcall_claim(session, call))
        outcall_complete(session, call, outcall_describe(call, JRPC_E_CANCELLED, "cancelled by this program"));
    pthread_mutex_unlock(&session->lock);
}
