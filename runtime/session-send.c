/* SPDX-License-Identifier: MIT */
/*
 * Where a call waits: for a stream, for what its contact says of itself, or, once written, for its answer. The stanza is
 * made when it leaves, for it says how much time is left. All under the session's lock.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "session.h"
#include "wire/envelope.h"
#include "wire/writer.h"

#define QUERY_END "</query>"

/* The most that the element of our extension needs. */
enum { EXTENSION_MOST = 288 };

/* ---- places ---- */

void outcall_unplace(jrpc_session *session, outcall *call)
{
    if (call->place == OUTCALL_NOWHERE)
        return;
    if (call->place != OUTCALL_WRITTEN)
        session->waiting_bytes -= call->payload->len;
    call->place = OUTCALL_NOWHERE;
    chain_remove(&call->link);
}

static void place(jrpc_session *session, outcall *call, outcall_place where, chain *list)
{
    call->place = where;
    if (where != OUTCALL_WRITTEN)
        session->waiting_bytes += call->payload->len;
    chain *after = list->prev;
    while (call->number && after != list && CHAIN_OF(after, outcall, link)->number > call->number)
        after = after->prev; /* one that goes again: the keyed ones are in order */
    chain_add_last(after->next, &call->link);
}

/* Not one byte of it has been given to the stream. */
static bool is_unflushed(const jrpc_session *session, const outcall *call)
{
    return call->place == OUTCALL_WRITTEN && call->flushes == session->flushes;
}

/* ---- stanzas ---- */

/* RFC 6120 section 8.1.2: an account's server adds `from`; a component must say it (XEP-0114). */
static void append_stanza(buf *out, const outcall *call, const char *from, const char *id, const extension *extra)
{
    buf_append_lit(out, "<iq type='");
    buf_append_str(out, call->gets ? "get" : "set");
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
    size_t end = extra ? sizeof QUERY_END - 1 : 0;
    buf_append(out, call->payload->data, call->payload->len - end);
    if (extra) {
        extension_write(out, extra);
        buf_append_lit(out, "</query>");
    }
    buf_append_lit(out, "</iq>");
}

/* The most that append_stanza() adds: an escaped character is 6 bytes at most. */
static size_t room_for(const outcall *call, const char *from)
{
    return call->payload->len + (call->to ? 6 * strlen(call->to) : 0) + (from ? 6 * strlen(from) : 0) +
           PENDING_ID_MAX + 64 + EXTENSION_MOST;
}

/* Once it was sent over another stream it may have run: not even this program's own limit changes that. */
static jrpc_status too_large(const jrpc_session *session, outcall *call, size_t len)
{
    char text[64 + LIMITS_TEXT_MAX], limit[LIMITS_TEXT_MAX];
    if (call->was_sent)
        return outcall_describe(call, JRPC_E_UNKNOWN_OUTCOME,
                                "the connection was lost before the answer came, and the call is too large to be sent again");
    snprintf(text, sizeof text, "the request needs a stanza of %zu bytes, %s", len,
             limits_describe(&session->limits, limit));
    return outcall_describe(call, JRPC_E_TOO_LARGE, text);
}

/* Numbers only grow from one stanza of the session to the next: by them the callee knows what it may forget. */
static void number_call(jrpc_session *session, outcall *call)
{
    bool same = *call->epoch && strcmp(call->epoch, call->contact->epoch) == 0;
    if (call->number && same)
        return; /* again */
    call->number = ++session->last_number;
    memcpy(call->epoch, call->contact->epoch, sizeof call->epoch);
    call->was_sent = false;
}

static void fill_extension(jrpc_session *session, outcall *call, int64_t now, extension *e)
{
    *e = (extension){ .deadline_ms = -1 };
    if (call->trace)
        e->trace = *call->trace;
    if (call->pending.deadline != CLOCK_NEVER) /* rounded down: the callee must not think that it has longer */
        e->deadline_ms = call->pending.deadline > now ? (call->pending.deadline - now) / CLOCK_MS : 0;
    if (!*call->contact->epoch)
        return;
    number_call(session, call);
    e->keyed = true;
    e->session = session->key;
    e->number = e->low = call->number;
    if (!chain_is_empty(&session->keyed)) {
        const outcall *oldest = CHAIN_OF(session->keyed.next, outcall, link);
        if (oldest->number < e->low)
            e->low = oldest->number;
    }
    if (call->was_sent)
        memcpy(e->again, call->epoch, sizeof e->again);
}

/*
 * One that may have run goes again only if that cannot make it run twice: to a program that knows its calls, and is the
 * one that it was; or when once more does no harm.
 */
static jrpc_status check_again(outcall *call)
{
    if (!call->was_sent || call->idempotent || (*call->epoch && strcmp(call->epoch, call->contact->epoch) == 0))
        return JRPC_OK;
    return outcall_describe(call, JRPC_E_UNKNOWN_OUTCOME,
                            "the connection was lost before the answer came, and the program that could tell whether the "
                            "call ran is gone or was restarted");
}

static jrpc_status write_call(jrpc_session *session, outcall *call, int64_t now)
{
    jrpc_status status = check_again(call);
    if (status != JRPC_OK)
        return status;
    buf *out = &session->out;
    const char *from = session->settings.component && session->name ? session->name->text : NULL;
    size_t room = room_for(call, from);
    if (!buf_reserve(out, room)) {
        out->failed = false;
        return error_nomem(call->error);
    }
    bool extended = call->contact && call->contact->knowledge == CONTACT_EXTENDED;
    extension extra;
    if (extended)
        fill_extension(session, call, now, &extra);
    char id[PENDING_ID_MAX];
    pending_id(&session->pending, &call->pending, id);
    size_t before = out->len;
    append_stanza(out, call, from, id, extended ? &extra : NULL);
    size_t len = out->len - before;
    if (len > limits_max_stanza(&session->limits)) {
        buf_truncate(out, before);
        return too_large(session, call, len);
    }
    limits_note_sent(&session->limits, len);
    if (session->settings.log_payloads)
        session_log_sent(session, call, out->data + before, len);
    call->stanza_len = len;
    if (call->contact)
        contact_note_sent(call->contact, now);
    call->flushes = session->flushes;
    place(session, call, OUTCALL_WRITTEN, extended && extra.keyed ? &session->keyed : &session->written);
    return JRPC_OK;
}

/* ---- giving up ---- */

void outcall_tell_cancel(jrpc_session *session, const outcall *call)
{
    if (call->place != OUTCALL_WRITTEN || !call->contact || call->contact->knowledge != CONTACT_EXTENDED)
        return;
    buf *out = &session->out;
    const char *from = session->settings.component && session->name ? session->name->text : NULL;
    size_t room = 6 * (strlen(call->to) + (from ? strlen(from) : 0)) + 256;
    if (session->link_queued + out->len + room > session->settings.max_queue || !buf_reserve(out, room)) {
        out->failed = false;
        return;
    }
    char id[PENDING_ID_MAX];
    pending_id(&session->pending, &call->pending, id);
    writer_lit(out, "<message type='headline' to='");
    writer_attribute(out, call->to);
    if (from) {
        writer_lit(out, "' from='");
        writer_attribute(out, from);
    }
    writer_lit(out, "'><cancel xmlns='" WIRE_NS_EXTENSION "' id='");
    buf_append_str(out, id);
    writer_lit(out, "'/><no-store xmlns='urn:xmpp:hints'/></message>"); /* XEP-0334 */
    session_wake(session);
}

/* ---- leaving ---- */

static jrpc_status check_room(jrpc_session *session, outcall *call, bool online)
{
    size_t waiting = session->waiting_bytes + (online ? session->link_queued + session->out.len : 0);
    if (waiting + call->payload->len + EXTENSION_MOST <= session->settings.max_queue)
        return JRPC_OK;
    return outcall_describe(call, JRPC_E_BUSY,
                            online ? "too much waits to be sent: the stream is slower than this program"
                                   : "too much waits to be sent: there is no connection to the server");
}

/* Puts it where it belongs now: among those that are written, or those that must wait. */
static jrpc_status depart(jrpc_session *session, outcall *call, int64_t now)
{
    if (call->payload->len > limits_max_stanza(&session->limits))
        return too_large(session, call, call->payload->len);
    if (session->state != SESSION_ONLINE)
        place(session, call, OUTCALL_UNSENT, &session->unsent);
    else if (call->contact && contact_must_hold(session, call->contact, call, now))
        place(session, call, OUTCALL_HELD, &call->contact->held);
    else
        return write_call(session, call, now);
    return JRPC_OK;
}

jrpc_status outcall_depart(jrpc_session *session, outcall *call, int64_t now)
{
    jrpc_status status = check_room(session, call, session->state == SESSION_ONLINE);
    return status == JRPC_OK ? depart(session, call, now) : status;
}

static void depart_all(jrpc_session *session, chain *from)
{
    chain calls;
    chain_init(&calls);
    chain_move_all(&calls, from);
    int64_t now = clock_now();
    while (!chain_is_empty(&calls)) {
        outcall *call = CHAIN_OF(calls.next, outcall, link);
        outcall_unplace(session, call);
        jrpc_status status = depart(session, call, now);
        if (status != JRPC_OK && outcall_claim(session, call))
            outcall_complete(session, call, status);
    }
}

void outcall_let_go(jrpc_session *session, contact *c)
{
    depart_all(session, &c->held);
}

void outcall_send_unsent(jrpc_session *session)
{
    depart_all(session, &session->unsent);
}

/* ---- the stream is lost ---- */

static bool may_go_again(const outcall *call)
{
    return call->idempotent || *call->epoch;
}

void outcall_drop_payloads(jrpc_session *session)
{
    /* Those of this time are the last ones. */
    for (chain *at = session->written.prev; at != &session->written; at = at->prev) {
        outcall *call = CHAIN_OF(at, outcall, link);
        if (!is_unflushed(session, call))
            return;
        if (call->drops_payload && !may_go_again(call))
            buf_done((buf *)(uintptr_t)call->payload); /* the future's own */
    }
}

/* The server has closed the stream because of a stanza's size: it was this one, or one that was no larger than this. */
static bool is_culprit(const jrpc_session *session, const outcall *call)
{
    const session_limits *l = &session->limits;
    return l->by_size && call->stanza_len == l->largest && !call->was_sent;
}

static jrpc_status describe_culprit(outcall *call)
{
    char text[128];
    snprintf(text, sizeof text, "the server does not take a stanza of %zu bytes: it closed the stream", call->stanza_len);
    return outcall_describe(call, JRPC_E_TOO_LARGE, text);
}

static void keep_written(jrpc_session *session, chain *from, chain *kept)
{
    while (!chain_is_empty(from)) {
        outcall *call = CHAIN_OF(from->next, outcall, link);
        bool unflushed = is_unflushed(session, call);
        if (unflushed && !call->was_sent) {
            call->number = 0;
            *call->epoch = '\0';
        } else if (unflushed) {
            ; /* it was to go again, and still is */
        } else if (is_culprit(session, call)) {
            if (outcall_claim(session, call))
                outcall_complete(session, call, describe_culprit(call));
            continue;
        } else if (may_go_again(call)) {
            call->was_sent = true;
        } else if (outcall_claim(session, call)) {
            outcall_complete(session, call,
                             outcall_describe(call, JRPC_E_DISCONNECTED,
                                              "the connection was lost before the answer came; whether the call ran is "
                                              "not known"));
            continue;
        }
        outcall_unplace(session, call);
        place(session, call, OUTCALL_UNSENT, kept);
    }
}

void outcall_keep(jrpc_session *session)
{
    chain kept;
    chain_init(&kept);
    keep_written(session, &session->written, &kept);
    keep_written(session, &session->keyed, &kept);
    size_t at = 0;
    void *value;
    while (map_next(&session->contacts, &at, NULL, &value)) {
        contact *c = value;
        for (chain *link = c->held.next; link != &c->held; link = link->next)
            CHAIN_OF(link, outcall, link)->place = OUTCALL_UNSENT;
        chain_move_all(&kept, &c->held);
        chain_remove(&c->holding);
    }
    chain_move_all(&kept, &session->unsent);
    chain_move_all(&session->unsent, &kept);
}
