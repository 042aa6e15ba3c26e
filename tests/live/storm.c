/* SPDX-License-Identifier: MIT */
/*
 * Many calls at once, over a real server; the callee is a session of this program as well, and counts.
 *
 *   storm threads COUNT CALLS CALLER-PASSWORD-FILE CALLEE-PASSWORD-FILE [CONNECTION OPTION]...
 *       COUNT threads make CALLS blocking calls each through one session
 *   storm kill COUNT PID CALLER-PASSWORD-FILE CALLEE-PASSWORD-FILE [CONNECTION OPTION]...
 *       of COUNT calls under way at once a third is answered when process PID is sent SIGKILL; "killed" is printed, and
 *       whoever reads that starts the server again. Then what became of each, and that calls are answered again.
 *
 * The accounts are peer-a and peer-b; STORM_MODE=caller in the environment: the caller's session has no thread of its own.
 * It prints its figures, and "right" or what is wrong; the exit status is 0 when all is right.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "storm.h"

enum { MOST = 100000, LATE_MS = 5000, BACK_MS = 60000 };

typedef struct one_call {
    atomic_int ends, executions;
    jrpc_status status;
    int64_t began_ms, took_ms;
    bool right, never_left;
} one_call;

typedef struct storm {
    jrpc_session *caller, *callee;
    jrpc_peer *peer;
    int count, calls_each;
    pid_t victim;
    uint32_t deadline_ms;
    bool drives; /* the caller's session has no thread of its own */
    atomic_int answered, ended, wrong;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    one_call *calls;
} storm;

static storm all;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static jrpc_status run(jrpc_call *call, int32_t number, int32_t *ret_result)
{
    (void)call;
    if (number >= 0 && number < MOST)
        atomic_fetch_add(&all.calls[number].executions, 1);
    *ret_result = -number;
    return JRPC_OK;
}

static const Storm_impl impl = { .run = run };

/* ---- threads ---- */

static void *call_often(void *argument)
{
    int first = (int)(intptr_t)argument * all.calls_each;
    for (int i = first; i < first + all.calls_each; i++) {
        jrpc_error error = JRPC_ERROR_INIT;
        int32_t result = 0;
        if (Storm_run(all.peer, i, &result, &error) != JRPC_OK) {
            if (atomic_fetch_add(&all.wrong, 1) == 0)
                jrpc_error_print(stdout, &error);
        } else if (result != -i) {
            atomic_fetch_add(&all.wrong, 1);
        }
        jrpc_error_done(&error);
    }
    return NULL;
}

static int call_from_threads(void)
{
    pthread_t *threads = calloc((size_t)all.count, sizeof *threads);
    int64_t began = now_ms();
    int started = 0, twice = 0;
    while (threads && started < all.count &&
           pthread_create(&threads[started], NULL, call_often, (void *)(intptr_t)started) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    for (int i = 0; i < all.count * all.calls_each; i++)
        twice += atomic_load(&all.calls[i].executions) != 1;
    printf("%d threads, %d calls each: %" PRId64 " ms, %d wrong, %d not executed exactly once\n", started, all.calls_each,
           now_ms() - began, atomic_load(&all.wrong), twice);
    return started == all.count && atomic_load(&all.wrong) == 0 && twice == 0;
}

/* ---- kill ---- */

static void on_end(jrpc_future *future, void *argument)
{
    one_call *call = argument;
    jrpc_error error = JRPC_ERROR_INIT;
    int32_t result = 0, number = (int32_t)(call - all.calls);
    atomic_fetch_add(&call->ends, 1);
    call->status = Storm_run_finish(future, &result, &error);
    call->took_ms = now_ms() - call->began_ms;
    call->right = call->status != JRPC_OK || result == -number;
    call->never_left = error.message && strncmp(error.message, "not sent", 8) == 0;
    jrpc_error_done(&error);
    if (call->status == JRPC_OK && atomic_fetch_add(&all.answered, 1) + 1 == all.count / 3) {
        kill(all.victim, SIGKILL);
        puts("killed");
        fflush(stdout);
    }
    pthread_mutex_lock(&all.lock);
    atomic_fetch_add(&all.ended, 1);
    pthread_cond_broadcast(&all.changed);
    pthread_mutex_unlock(&all.lock);
}

static bool has_ended(void)
{
    return atomic_load(&all.ended) >= all.count;
}

/* In CALLER mode somebody has to drive. */
static void wait_for_all(void)
{
    struct timespec latest;
    clock_gettime(CLOCK_MONOTONIC, &latest);
    latest.tv_sec += (all.deadline_ms + LATE_MS + BACK_MS) / 1000;
    pthread_mutex_lock(&all.lock);
    while (!has_ended() && !all.drives)
        if (pthread_cond_timedwait(&all.changed, &all.lock, &latest) == ETIMEDOUT)
            break;
    pthread_mutex_unlock(&all.lock);
    while (!has_ended() && now_ms() / 1000 < latest.tv_sec) {
        jrpc_error error = JRPC_ERROR_INIT;
        jrpc_status status = jrpc_session_wait(all.caller, 100, &error);
        jrpc_error_done(&error);
        if (status != JRPC_E_TIMEOUT)
            break;
    }
}

static const char *judge(const one_call *call)
{
    int executions = atomic_load(&call->executions);
    if (atomic_load(&call->ends) != 1)
        return "did not end exactly once";
    if (!call->right)
        return "has a wrong answer";
    if (call->took_ms > (int64_t)all.deadline_ms + LATE_MS)
        return "ended long after its deadline";
    if (executions > 1)
        return "was executed more than once";
    if (call->status == JRPC_OK && executions != 1)
        return "was answered without being executed";
    if (executions && (call->status == JRPC_E_UNAVAILABLE || call->status == JRPC_E_BUSY || call->never_left))
        return "was executed, but its caller was told that it was not";
    return NULL;
}

/* How many ended in which way, and how many of those were executed. */
static void print_outcomes(void)
{
    int64_t longest = 0;
    for (int s = 0; s >= -60; s--) {
        int count = 0, executed = 0;
        for (int i = 0; i < all.count; i++)
            if ((int)all.calls[i].status == s && atomic_load(&all.calls[i].ends)) {
                count++;
                executed += atomic_load(&all.calls[i].executions) > 0;
            }
        if (count)
            printf("%6d %s, of these %d executed\n", count, jrpc_status_name((jrpc_status)s), executed);
    }
    for (int i = 0; i < all.count; i++)
        longest = all.calls[i].took_ms > longest ? all.calls[i].took_ms : longest;
    printf("%d of %d ended, the last after %" PRId64 " ms; the deadline was %" PRIu32 " ms\n", atomic_load(&all.ended),
           all.count, longest, all.deadline_ms);
}

static int judge_all(void)
{
    int wrong = 0;
    for (int i = 0; i < all.count; i++) {
        const char *why = judge(&all.calls[i]);
        if (why && ++wrong <= 10)
            printf("call %d %s: %s, executed %d times, ended %d times, %" PRId64 " ms\n", i, why,
                   jrpc_status_name(all.calls[i].status), atomic_load(&all.calls[i].executions),
                   atomic_load(&all.calls[i].ends), all.calls[i].took_ms);
    }
    return wrong == 0;
}

/* Nobody has opened anything anew. */
static int works_again(void)
{
    int64_t began = now_ms();
    jrpc_error error = JRPC_ERROR_INIT;
    int32_t result = 0;
    jrpc_status status;
    do
        status = Storm_run(all.peer, 5, &result, &error);
    while (status != JRPC_OK && now_ms() - began < BACK_MS);
    printf("afterwards: %s, %" PRId64 " ms later\n", jrpc_status_name(status), now_ms() - began);
    if (status != JRPC_OK)
        jrpc_error_print(stdout, &error);
    jrpc_error_done(&error);
    return status == JRPC_OK && result == -5;
}

static int call_and_kill(void)
{
    for (int i = 0; i < all.count; i++) {
        jrpc_error error = JRPC_ERROR_INIT;
        all.calls[i].began_ms = now_ms();
        if (Storm_run_send(all.peer, i, on_end, &all.calls[i], NULL, &error) != JRPC_OK) {
            jrpc_error_print(stdout, &error);
            return 0;
        }
        jrpc_error_done(&error);
    }
    wait_for_all();
    print_outcomes();
    return judge_all() & works_again();
}

/* ---- both ---- */

static jrpc_status open_as(const jrpc_session_options *base, const char *jid, const char *password_file,
                           jrpc_session **ret_session, jrpc_error *error)
{
    jrpc_session_options options = *base;
    options.password_file = password_file;
    options.call_timeout_ms = all.deadline_ms;
    options.max_queued = MOST;
    if (ret_session == &all.caller && all.drives)
        options.mode = JRPC_MODE_CALLER;
    return jrpc_session_open(jid, &options, ret_session, error);
}

static jrpc_status open_both(jrpc_options *options, char **argv, jrpc_error *error)
{
    jrpc_session_options base;
    const char *jid = NULL;
    jrpc_status status = jrpc_options_set(options, "jid", "peer-a@localhost/storm", error);
    if (status == JRPC_OK)
        status = jrpc_options_set(options, "password-file", argv[4], error);
    if (status == JRPC_OK)
        status = jrpc_options_finish(options, &jid, &base, error);
    if (status == JRPC_OK)
        status = open_as(&base, "peer-b@localhost/storm", argv[5], &all.callee, error);
    if (status == JRPC_OK)
        status = Storm_serve(all.callee, &impl, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_session_allow(all.callee, "peer-a@localhost", error);
    if (status == JRPC_OK)
        status = open_as(&base, jid, argv[4], &all.caller, error);
    return status == JRPC_OK ? jrpc_peer_new(all.caller, "peer-b@localhost/storm", &all.peer, error) : status;
}

static void init(char **argv)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&all.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&all.lock, NULL);
    const char *mode = getenv("STORM_MODE");
    all.drives = mode && strcmp(mode, "caller") == 0;
    all.count = atoi(argv[2]);
    all.calls_each = atoi(argv[3]);
    all.victim = (pid_t)atoi(argv[3]);
    all.deadline_ms = strcmp(argv[1], "kill") == 0 ? 20000 : 240000;
    all.calls = calloc(MOST, sizeof *all.calls);
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    if (!options || jrpc_options_take(options, &argc, argv, &error) != JRPC_OK || argc != 6)
        return 2;
    init(argv);
    bool kills = strcmp(argv[1], "kill") == 0;
    int good = 0;
    if (!all.calls || all.count < 3 || all.victim < 1 || (int64_t)all.count * (kills ? 1 : all.calls_each) > MOST)
        return 2;
    if (open_both(options, argv, &error) == JRPC_OK)
        good = kills ? call_and_kill() : call_from_threads();
    else
        jrpc_error_print(stdout, &error);
    jrpc_error_done(&error);
    jrpc_peer_free(all.peer);
    jrpc_session_close(all.caller);
    jrpc_session_close(all.callee);
    jrpc_options_free(options);
    free(all.calls);
    puts(good ? "right" : "wrong");
    return !good;
}
