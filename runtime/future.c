/* SPDX-License-Identifier: MIT */
/* Futures: calls under way that nobody waits for yet. */
#include "future.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "peer.h"

/* ---- life ---- */

static void free_unstarted(jrpc_future *future)
{
    outs_clear(&future->outs);
    if (future->result)
        xmlrpc_DECREF(future->result);
    jrpc_error_done(&future->error);
    buf_done(&future->payload);
    peer_name_unref(future->to);
    free(future);
}

static void unref(jrpc_future *future)
{
    if (atomic_fetch_sub(&future->references, 1) != 1)
        return;
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

jrpc_future *future_new(jrpc_peer *peer, const jrpc_method *method, const char *name)
{
    jrpc_future *future = calloc(1, sizeof *future + (method ? outs_room(method) : strlen(name) + 1));
    if (!future)
        return NULL;
    if (method)
        outs_init(&future->outs, method, future->room);
    else
        strcpy((char *)future->room, name);
    future->to = peer_name_ref(peer->name);
    atomic_init(&future->references, 2);
    atomic_init(&future->done, false);
    future->session = peer->session;
    future->call = (outcall){
        .to = peer->name->jid,
        .address = peer->name->address,
        .what = method ? method->wire_name : (char *)future->room,
        .payload = &future->payload,
        .drops_payload = true,
        .answer = method ? answer_typed : answer_value,
        .answer_userdata = method ? (void *)&future->outs : (void *)&future->result,
        .error = &future->error,
        .timeout_ms = peer_timeout(peer, method),
        .idempotent = method && method->flags & JRPC_METHOD_IDEMPOTENT,
        .finished = on_finished,
    };
    return future;
}

static void log_oneway(outcall *call)
{
    jrpc_future *future = (jrpc_future *)call;
    if (call->status != JRPC_OK) {
        session_log_failure(future->session, call, &future->error);
    }
    jrpc_future_free(future);
}

void future_forget(jrpc_future *future)
{
    atomic_store(&future->references, 1);
    future->call.finished = log_oneway;
}

jrpc_status future_start(jrpc_future *future, jrpc_status written, jrpc_future **ret_future, jrpc_error *error)
{
    /* The call may be done before this function is: the caller must be able to see its future by then. */
    if (ret_future)
        *ret_future = future;
    buf_trim(&future->payload);
    jrpc_status status = written == JRPC_OK ? outcall_start(future->session, &future->call) : written;
    if (status == JRPC_OK)
        return JRPC_OK;
    if (ret_future)
        *ret_future = NULL;
    jrpc_error_move(error, &future->error);
    free_unstarted(future);
    return status;
}

jrpc_status future_wait(jrpc_future *future, jrpc_error *error)
{
    /* The session's own thread cannot wait for itself. */
    jrpc_status status = jrpc_future_is_done(future) ? JRPC_OK : session_check_caller(future->session, error);
    if (status != JRPC_OK)
        return status;
    status = outcall_wait(future->session, &future->call);
    if (status != JRPC_OK)
        jrpc_error_move(error, &future->error);
    return status;
}

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

/* ---- any, all ---- */

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
