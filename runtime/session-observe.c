/* SPDX-License-Identifier: MIT */
/* What a session tells of itself: its books, its present state, its last calls. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "session.h"

static void log_call(jrpc_session *session, const ledger_entry *entry)
{
    const session_settings *settings = &session->settings;
    if (!settings->log || settings->log_level > JRPC_LOG_DEBUG)
        return;
    session_log(session, JRPC_LOG_DEBUG, "call %s %s %s: %s: %s after %.3f ms", entry->id ? entry->id : "without id",
                entry->side == JRPC_SIDE_CALLER ? "to" : "by", entry->peer ? entry->peer : "a stranger",
                entry->method ? entry->method : "no method", jrpc_status_name(entry->status),
                entry->took > 0 ? (double)entry->took / 1e6 : 0.0);
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
