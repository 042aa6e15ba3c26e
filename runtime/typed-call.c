/* SPDX-License-Identifier: MIT */
/* Calls by table: what the generated stubs do, in three forms over one core: blocking, by future, by callback. */
#include <stdlib.h>
#include <string.h>

#include <jrpc/desc.h>

#include "answer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "batch.h"
#include "outs.h"
#include "peer.h"
#include "wire/envelope.h"

struct jrpc_future {
    outcall call; /* first */
    atomic_uint references; /* the owner's and the call's while it is under way */
    jrpc_session *session;
    char *to, *address;
    buf payload;
    outs outs;
    answer_typed_to wanted;
    jrpc_error error;
    jrpc_future_fn callback;
    void *userdata;
    atomic_bool done; /* set at the very end: for looking without the session's lock */
};

/* ---- blocking ---- */

static jrpc_status write_call(buf *payload, const jrpc_method *method, const void *const *in, jrpc_error *error)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_write_call(payload, method, in, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK)
        return JRPC_OK;
    return answer_failure(&failure, NULL, method->wire_name, error);
}

static jrpc_status run(jrpc_peer *peer, const jrpc_method *method, const buf *payload, void *const *out,
                       jrpc_error *error)
{
    answer_typed_to wanted = { method, out };
    outcall call = {
        .to = peer->jid,
        .address = peer->address,
        .what = method->wire_name,
        .type = "set",
        .payload = payload,
        .answer = answer_typed,
        .answer_userdata = &wanted,
        .error = error,
        .timeout_ms = peer_timeout(peer, method),
        .idempotent = method->flags & JRPC_METHOD_IDEMPOTENT,
    };
    return outcall_run(peer->session, &call);
}

/* The old values of inout parameters stay until the new ones are there. */
static jrpc_status run_inout(jrpc_peer *peer, const jrpc_method *method, const buf *payload, void *const *out,
                             jrpc_error *error)
{
    AUTO(outs_done) outs values = { NULL, 0, NULL, NULL };
    if (outs_new(method, &values) != JRPC_OK)
        return error_nomem(error);
    jrpc_status status = run(peer, method, payload, values.storage, error);
    if (status == JRPC_OK)
        outs_move(&values, out);
    return status;
}

static void log_oneway(outcall *call)
{
    jrpc_future *future = (jrpc_future *)call;
    if (call->status != JRPC_OK) {
        autofree char *text = jrpc_error_to_string(&future->error);
        session_log(future->session, JRPC_LOG_WARNING, "one-way call failed: %s", text ? text : "no memory");
    }
    jrpc_future_free(future);
}

/* A one-way call is done when its stanza is queued (IDL clause 7.4.3.4.1); what becomes of it is for the log. */
static jrpc_status send_oneway(jrpc_peer *peer, const jrpc_method *method, const void *const *in, jrpc_error *error);

jrpc_status jrpc_invoke(jrpc_peer *peer, const jrpc_method *method, const void *const *in, void *const *out,
                        jrpc_error *error)
{
    outs_zero(method, out);
    if (peer->batch)
        return batch_collect(peer->batch, method, in, out, error);
    if (method->flags & JRPC_METHOD_ONEWAY)
        return send_oneway(peer, method, in, error);
    AUTO(buf_done) buf payload = BUF_INIT;
    jrpc_status status = write_call(&payload, method, in, error);
    if (status != JRPC_OK)
        return status;
    if (outs_has_inout(method))
        return run_inout(peer, method, &payload, out, error);
    return run(peer, method, &payload, out, error);
}

/* ---- futures ---- */

static void free_unstarted(jrpc_future *future)
{
    outs_done(&future->outs);
    jrpc_error_done(&future->error);
    buf_done(&future->payload);
    free(future->address);
    free(future->to);
    free(future);
}

static void unref(jrpc_future *future)
{
    if (atomic_fetch_sub(&future->references, 1) != 1)
        return;
    pthread_cond_destroy(&future->call.done);
    free_unstarted(future);
}

/* Those who wait for any of several futures: one condition for all, for they may be of several sessions. */
static pthread_mutex_t waiters_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t waiters_wake;
static pthread_once_t waiters_once = PTHREAD_ONCE_INIT;

static void init_waiters(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&waiters_wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void on_finished(outcall *call)
{
    jrpc_future *future = (jrpc_future *)call;
    pthread_once(&waiters_once, init_waiters);
    pthread_mutex_lock(&waiters_lock);
    atomic_store(&future->done, true);
    pthread_cond_broadcast(&waiters_wake);
    pthread_mutex_unlock(&waiters_lock);
    if (future->callback)
        future->callback(future, future->userdata);
    unref(future);
}

static jrpc_future *new_future(jrpc_peer *peer, const jrpc_method *method)
{
    jrpc_future *future = calloc(1, sizeof *future);
    if (!future)
        return NULL;
    future->to = strdup(peer->jid);
    future->address = strdup(peer->address);
    if (!future->to || !future->address || outs_new(method, &future->outs) != JRPC_OK) {
        free_unstarted(future);
        return NULL;
    }
    atomic_init(&future->references, 2);
    atomic_init(&future->done, false);
    future->session = peer->session;
    future->wanted = (answer_typed_to){ method, future->outs.storage };
    future->call = (outcall){
        .to = future->to,
        .address = future->address,
        .what = method->wire_name,
        .type = "set",
        .payload = &future->payload,
        .answer = answer_typed,
        .answer_userdata = &future->wanted,
        .error = &future->error,
        .timeout_ms = peer_timeout(peer, method),
        .idempotent = method->flags & JRPC_METHOD_IDEMPOTENT,
        .finished = on_finished,
    };
    return future;
}

/* Takes the future over when it fails. */
static jrpc_status start(jrpc_future *future, const jrpc_method *method, const void *const *in, jrpc_error *error)
{
    jrpc_status status = write_call(&future->payload, method, in, &future->error);
    if (status == JRPC_OK)
        status = outcall_start(future->session, &future->call);
    if (status != JRPC_OK) {
        jrpc_error_move(error, &future->error);
        free_unstarted(future);
    }
    return status;
}

static jrpc_status send_oneway(jrpc_peer *peer, const jrpc_method *method, const void *const *in, jrpc_error *error)
{
    jrpc_future *future = new_future(peer, method);
    if (!future)
        return error_nomem(error);
    atomic_store(&future->references, 1);
    future->call.finished = log_oneway;
    return start(future, method, in, error);
}

jrpc_status jrpc_send(jrpc_peer *peer, const jrpc_method *method, const void *const *in, jrpc_future_fn callback,
                      void *userdata, jrpc_future **ret_future, jrpc_error *error)
{
    if (!callback && !ret_future)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: neither a callback nor a place for the future",
                              method->wire_name);
    if (peer->batch)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: a batch takes blocking calls only", method->wire_name);
    jrpc_future *future = new_future(peer, method);
    if (!future)
        return error_nomem(error);
    future->callback = callback;
    future->userdata = userdata;
    /* The call may be done before this function is: the caller must be able to see its future by then. */
    if (ret_future)
        *ret_future = future;
    jrpc_status status = start(future, method, in, error);
    if (status != JRPC_OK && ret_future)
        *ret_future = NULL;
    return status;
}

/* ---- ends of futures ---- */

bool jrpc_future_is_done(const jrpc_future *future)
{
    return atomic_load(&future->done);
}

void jrpc_future_cancel(jrpc_future *future)
{
    outcall_cancel(future->session, &future->call);
}

void jrpc_future_free(jrpc_future *future)
{
    if (!future)
        return;
    if (!jrpc_future_is_done(future) && future->call.finished == on_finished)
        jrpc_future_cancel(future);
    unref(future);
}

jrpc_status jrpc_finish(jrpc_future *future, const jrpc_method *method, void *const *out, jrpc_error *error)
{
    outs_zero(method, out);
    jrpc_status status;
    if (method != future->wanted.method)
        status = jrpc_error_set(error, JRPC_E_INVALID, "this future is of a call of %s, not of %s",
                                future->wanted.method->wire_name, method->wire_name);
    else if (!jrpc_future_is_done(future) && (status = session_check_caller(future->session, error)) != JRPC_OK)
        ; /* the session's own thread cannot wait for itself */
    else if ((status = outcall_wait(future->session, &future->call)) == JRPC_OK)
        outs_move(&future->outs, out);
    else
        jrpc_error_move(error, &future->error);
    jrpc_future_free(future);
    return status;
}

static jrpc_status check_wait(jrpc_future *const *futures, size_t count, jrpc_error *error)
{
    if (count == 0)
        return jrpc_error_set(error, JRPC_E_INVALID, "there is nothing to wait for");
    for (size_t i = 0; i < count; i++) {
        jrpc_status status = jrpc_future_is_done(futures[i]) ? JRPC_OK : session_check_caller(futures[i]->session, error);
        if (status != JRPC_OK)
            return status;
    }
    return JRPC_OK;
}

/* How many are under way; *ret_index is one that is not, if any. */
static size_t count_running(jrpc_future *const *futures, size_t count, size_t *ret_index)
{
    size_t running = 0;
    for (size_t i = 0; i < count; i++) {
        if (jrpc_future_is_done(futures[i]))
            *ret_index = i;
        else
            running++;
    }
    return running;
}

static bool is_done(void *future)
{
    return jrpc_future_is_done(future);
}

/* CALLER mode: drives the session of one that is under way, for a moment if there may be other sessions. */
static bool drive_one(jrpc_future *const *futures, size_t count, int64_t until)
{
    jrpc_future *first = NULL;
    for (size_t i = 0; i < count && !first; i++) {
        if (!jrpc_future_is_done(futures[i]) && futures[i]->session->settings.mode == JRPC_MODE_CALLER)
            first = futures[i];
    }
    if (!first)
        return false;
    int64_t moment = clock_after(clock_now(), 10);
    pthread_mutex_lock(&first->session->lock);
    session_enter(first->session);
    session_lead_until(first->session, is_done, first, moment < until ? moment : until, -1);
    session_leave(first->session);
    pthread_mutex_unlock(&first->session->lock);
    return true;
}

/* Waits until one more has ended than had before. */
static void wait_for_any_end(jrpc_future *const *futures, size_t count, size_t running, int64_t until)
{
    struct timespec deadline = { .tv_sec = until / 1000000000, .tv_nsec = until % 1000000000 };
    size_t index;
    pthread_once(&waiters_once, init_waiters);
    pthread_mutex_lock(&waiters_lock);
    while (count_running(futures, count, &index) == running && clock_now() < until) {
        if (until == CLOCK_NEVER)
            pthread_cond_wait(&waiters_wake, &waiters_lock);
        else
            pthread_cond_timedwait(&waiters_wake, &waiters_lock, &deadline);
    }
    pthread_mutex_unlock(&waiters_lock);
}

/* Waits until fewer than `left` of them are still under way; *ret_index is one that has ended. */
static jrpc_status wait_until(jrpc_future *const *futures, size_t count, size_t left, int64_t timeout_ms,
                              size_t *ret_index, jrpc_error *error)
{
    jrpc_status status = check_wait(futures, count, error);
    if (status != JRPC_OK)
        return status;
    int64_t until = timeout_ms < 0 ? CLOCK_NEVER : clock_after(clock_now(), timeout_ms);
    size_t running;
    worker_wait_begin();
    while ((running = count_running(futures, count, ret_index)) >= left && clock_now() < until) {
        if (!drive_one(futures, count, until))
            wait_for_any_end(futures, count, running, until);
    }
    worker_wait_end();
    if (running < left)
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_TIMEOUT, "%zu of %zu calls are still under way after %lld ms", running, count,
                          (long long)timeout_ms);
}

jrpc_status jrpc_wait_any(jrpc_future *const *futures, size_t count, int64_t timeout_ms, size_t *ret_index,
                          jrpc_error *error)
{
    return wait_until(futures, count, count, timeout_ms, ret_index, error);
}

jrpc_status jrpc_wait_all(jrpc_future *const *futures, size_t count, int64_t timeout_ms, jrpc_error *error)
{
    size_t index = 0;
    return wait_until(futures, count, 1, timeout_ms, &index, error);
}
