/* SPDX-License-Identifier: MIT */
/* What a session tells of itself: its books, its present state, its last calls. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "session.h"
#include "wire/excerpt.h"

enum { TRACE_ROOM = sizeof ", trace " + 32 };

static void print_trace(const uint64_t *id, char ret_text[TRACE_ROOM])
{
    *ret_text = '\0';
    if (id && (id[0] || id[1]))
        snprintf(ret_text, TRACE_ROOM, ", trace %016" PRIx64 "%016" PRIx64, id[0], id[1]);
}

static void log_call(jrpc_session *session, const ledger_entry *entry)
{
    const session_settings *settings = &session->settings;
    if (!settings->log || settings->log_level > JRPC_LOG_DEBUG)
        return;
    char trace[TRACE_ROOM];
    print_trace(entry->trace, trace);
    session_log(session, JRPC_LOG_DEBUG, "call %s %s %s: %s: %s after %.3f ms%s", entry->id ? entry->id : "without id",
                entry->side == JRPC_SIDE_CALLER ? "to" : "by", entry->peer ? entry->peer : "a stranger",
                entry->method ? entry->method : "no method", jrpc_status_name(entry->status),
                entry->took > 0 ? (double)entry->took / 1e6 : 0.0, trace);
}

/* Of calls of methods alone: what else is sent is none of the log's. */
static void log_payload(jrpc_session *session, const outcall *call, const char *what, const buf *text)
{
    char id[PENDING_ID_MAX];
    if (!call->address || buf_failed(text))
        return;
    pending_id(&session->pending, &call->pending, id);
    session_log(session, JRPC_LOG_DEBUG, "call %s to %s %s: %s", id, call->address, what, text->data ? text->data : "");
}

void session_log_sent(jrpc_session *session, const outcall *call, const char *stanza, size_t len)
{
    AUTO(buf_done) buf text = BUF_INIT;
    excerpt_append_text(&text, stanza, len);
    log_payload(session, call, "sends", &text);
}

void session_log_answer(jrpc_session *session, const outcall *call, xmpp_stanza_t *iq)
{
    AUTO(buf_done) buf text = BUF_INIT;
    excerpt_append(&text, iq);
    log_payload(session, call, "is answered", &text);
}

/* What went wrong may quote an argument, or be the callee's words. */
void session_log_failure(jrpc_session *session, const outcall *call, const jrpc_error *error)
{
    char id[PENDING_ID_MAX], trace[TRACE_ROOM];
    pending_id(&session->pending, &call->pending, id);
    print_trace(call->trace ? call->trace->id : NULL, trace);
    autofree char *text = session->settings.log_payloads ? jrpc_error_to_string(error) : NULL;
    session_log(session, JRPC_LOG_WARNING, "one-way call %s to %s: %s failed: %s%s", id,
                call->address ? call->address : "nobody", call->what ? call->what : "no method",
                text ? text : jrpc_status_text(call->status), trace);
}

void session_note_call(jrpc_session *session, const outcall *call, jrpc_status status)
{
    if (!call->address)
        return;
    char id[PENDING_ID_MAX];
    pending_id(&session->pending, &call->pending, id);
    const ledger_entry entry = { .side = JRPC_SIDE_CALLER,
                                 .method = call->what,
                                 .peer = call->address,
                                 .id = id,
                                 .trace = call->trace ? call->trace->id : NULL,
                                 .status = status,
                                 .code = call->error ? call->error->code : 0,
                                 .took = clock_now() - call->begun };
    ledger_note(&session->ledger, &entry);
    log_call(session, &entry);
}

void session_note_answer(jrpc_session *session, const ledger_entry *entry)
{
    ledger_note(&session->ledger, entry);
    log_call(session, entry);
}

jrpc_status jrpc_session_stats(jrpc_session *session, jrpc_call_stats_fn function, void *userdata, jrpc_error *error)
{
    return ledger_each(&session->ledger, function, userdata) == JRPC_OK ? JRPC_OK : error_nomem(error);
}

static jrpc_live get_live(jrpc_session *session)
{
    jrpc_live live = { .size = sizeof live };
    size_t queued = 0, running = 0;
    worker_pool_count(session->server->pool, &queued, &running);
    live.queued = queued + inline_queue_len(&session->server->inline_queue);
    live.running = running + deferral_count(session->server);
    pthread_mutex_lock(&session->lock);
    live.online = session->state == SESSION_ONLINE;
    live.pending = session->calls;
    live.send_bytes = session->link_queued + session->out.len + session->waiting_bytes;
    live.stray_answers = session->stray;
    pthread_mutex_unlock(&session->lock);
    return live;
}

void jrpc_session_live(jrpc_session *session, jrpc_live *ret_live)
{
    /* Programs built against older headers have a shorter structure. */
    size_t size = ret_live->size < sizeof *ret_live ? ret_live->size : sizeof *ret_live;
    const jrpc_live live = get_live(session);
    memcpy((char *)ret_live + sizeof live.size, (const char *)&live + sizeof live.size,
           size > sizeof live.size ? size - sizeof live.size : 0);
}

static void print_live(jrpc_session *session, buf *out)
{
    const jrpc_live live = get_live(session);
    ledger_print_gauge(out, "jrpc_online", "1 while calls can be sent.", live.online);
    ledger_print_gauge(out, "jrpc_pending_calls", "Calls that wait for their answer.", live.pending);
    ledger_print_gauge(out, "jrpc_send_bytes", "Bytes that wait to be written to the stream.", live.send_bytes);
    ledger_print_gauge(out, "jrpc_queued_calls", "Calls that came in and wait for a worker.", live.queued);
    ledger_print_gauge(out, "jrpc_running_calls", "Handlers that run, and calls whose answer was deferred.", live.running);
    ledger_print_gauge(out, "jrpc_stray_answers", "Answers that nobody waited for.", live.stray_answers);
}

jrpc_status jrpc_session_metrics(jrpc_session *session, char **ret_text, jrpc_error *error)
{
    AUTO(buf_done) buf out = BUF_INIT;
    if (ledger_print_metrics(&session->ledger, &out) != JRPC_OK)
        return error_nomem(error);
    print_live(session, &out);
    *ret_text = buf_take(&out);
    return *ret_text ? JRPC_OK : error_nomem(error);
}

jrpc_status jrpc_session_dump_calls(jrpc_session *session, FILE *stream, jrpc_error *error)
{
    AUTO(buf_done) buf out = BUF_INIT;
    ledger_print_records(&session->ledger, &out);
    if (buf_failed(&out))
        return error_nomem(error);
    if (fwrite(out.data ? out.data : "", 1, out.len, stream) != out.len || fflush(stream) != 0)
        return jrpc_error_set(error, JRPC_E_IO, "the calls could not be written");
    return JRPC_OK;
}
