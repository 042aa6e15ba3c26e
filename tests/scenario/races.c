/* SPDX-License-Identifier: MIT */
/* Everything at once: many threads, deadlines against answers, cuts, sessions closed under calls. */
#include "pair.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

/* Some of it again and again: JRPC_ROUNDS=50 in the environment makes it fifty times as long. */
static int rounds(int usual)
{
    const char *text = getenv("JRPC_ROUNDS");
    int factor = text ? atoi(text) : 1;
    return usual * (factor > 0 ? factor : 1);
}

static pthread_t start(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    assert_int_equal(pthread_create(&thread, &attributes, function, argument), 0);
    pthread_attr_destroy(&attributes);
    return thread;
}

static jrpc_status join(pthread_t thread)
{
    void *result = NULL;
    assert_int_equal(pthread_join(thread, &result), 0);
    return (jrpc_status)(intptr_t)result;
}

static void *slow(void *peer)
{
    return (void *)(intptr_t)pair_slow(peer, NULL);
}

/* ---- many callers ---- */

typedef struct caller {
    jrpc_peer *peer;
    int32_t number;
    int calls;
} caller;

/* How many of its calls went wrong. */
static void *call_many(void *argument)
{
    const caller *c = argument;
    intptr_t wrong = 0;
    for (int32_t i = 0; i < c->calls; i++) {
        int32_t sum = 0;
        jrpc_status status = pair_add(c->peer, c->number, i, &sum, NULL);
        while (status == JRPC_E_BUSY) /* the peer's queue is shorter than there are threads */
            status = pair_add(c->peer, c->number, i, &sum, NULL);
        wrong += status != JRPC_OK || sum != c->number + i;
    }
    return (void *)wrong;
}

static void a_thousand_threads_call(void **state)
{
    UNUSED(state);
    enum { THREADS = 1000, CALLS = 10 };
    pair *p = pair_open(NULL);
    caller *callers = calloc(THREADS, sizeof *callers);
    pthread_t *threads = calloc(THREADS, sizeof *threads);
    assert_non_null(callers);
    assert_non_null(threads);
    for (int32_t i = 0; i < THREADS; i++) {
        callers[i] = (caller){ p->to_b, i * 1000, CALLS };
        threads[i] = start(call_many, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(join(threads[i]), 0);
    free(threads);
    free(callers);
    pair_wait_pending(p->a, 0);
    pair_close(p);
}

static void both_sides_call_each_other(void **state)
{
    UNUSED(state);
    enum { THREADS = 16 };
    pair *p = pair_open(NULL);
    caller callers[THREADS];
    pthread_t threads[THREADS];
    for (int32_t i = 0; i < THREADS; i++) {
        callers[i] = (caller){ i % 2 ? p->to_a : p->to_b, i * 10000, rounds(200) };
        threads[i] = start(call_many, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(join(threads[i]), 0);
    pair_close(p);
}

static void inline_handlers_serve_many(void **state)
{
    UNUSED(state);
    enum { THREADS = 8 };
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.inline_handlers = true;
    pair *p = pair_open(&options);
    caller callers[THREADS];
    pthread_t threads[THREADS];
    for (int32_t i = 0; i < THREADS; i++) {
        callers[i] = (caller){ p->to_b, i * 10000, rounds(200) };
        threads[i] = start(call_many, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(join(threads[i]), 0);
    pair_close(p);
}

/* ---- calls within calls ---- */

static void handlers_call_their_callers_back(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    for (int32_t levels = 0; levels <= 6; levels++) {
        int32_t sum = -1;
        assert_int_equal(pair_nest(p->to_b, levels, &sum, NULL), JRPC_OK);
        assert_int_equal(sum, levels * (levels + 1) / 2);
    }
    pair_close(p);
}

static void *nest(void *peer)
{
    int32_t sum = -1;
    jrpc_status status = pair_nest(peer, 2, &sum, NULL);
    return (void *)(intptr_t)(status == JRPC_OK && sum != 3 ? JRPC_E_INTERNAL : status);
}

static void many_nests_at_once(void **state)
{
    UNUSED(state);
    enum { THREADS = 8 };
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.workers = 2 * THREADS;
    pair *p = pair_open(&options);
    for (int round = 0; round < rounds(10); round++) {
        pthread_t threads[THREADS];
        for (int i = 0; i < THREADS; i++)
            threads[i] = start(nest, i % 2 ? p->to_a : p->to_b);
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(join(threads[i]), JRPC_OK);
    }
    pair_close(p);
}

/* ---- deadline against answer ---- */

/* Holds each answer back until about its deadline: sometimes it is first, sometimes the deadline. */
typedef struct holder {
    pair *p;
    int64_t wait;
    unsigned seed;
} holder;

static bool hold(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    UNUSED(stanza);
    UNUSED(len);
    holder *h = userdata;
    if (strcmp(from, PAIR_B) != 0)
        return true;
    h->seed = h->seed * 1103515245U + 12345U;
    int64_t until = clock_now() + (h->seed >> 8) % 2000000; /* up to 2 ms */
    while (clock_now() < until)
        continue;
    return true;
}

static void answers_race_with_deadlines(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    holder h = { .p = p, .seed = 1 };
    loopback_set_filter(p->hub, hold, &h);
    jrpc_peer_set_timeout(p->to_b, 1);
    for (int32_t i = 0; i < rounds(300); i++) {
        int32_t sum = 0;
        jrpc_status status = pair_add(p->to_b, i, 1, &sum, NULL);
        if (status == JRPC_OK)
            assert_int_equal(sum, i + 1);
        else
            assert_int_equal(status, JRPC_E_TIMEOUT);
        assert_int_equal(sum, status == JRPC_OK ? i + 1 : 0);
    }
    loopback_set_filter(p->hub, NULL, NULL);
    jrpc_peer_set_timeout(p->to_b, 0);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 1, &sum, NULL), JRPC_OK);
    assert_int_equal(sum, 2);
    pair_wait_pending(p->a, 0);
    pair_close(p);
}

/* ---- the connection goes ---- */

static void a_cut_ends_each_call_once(void **state)
{
    UNUSED(state);
    enum { THREADS = 50 };
    pair *p = pair_open(NULL);
    for (int round = 0; round < rounds(3); round++) {
        pthread_t threads[THREADS];
        pair_take_b_for_plain(p);
        for (int i = 0; i < THREADS; i++)
            threads[i] = start(slow, p->to_b);
        pair_wait_pending(p->a, THREADS);
        pair_wait_flushed(p->a); /* what never left would be sent again */
        pair_wait_waiting(p, 4); /* the workers of b have some of them */
        loopback_cut(p->hub, PAIR_A);
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(join(threads[i]), JRPC_E_DISCONNECTED);
        pair_wait_pending(p->a, 0);
        pair_wait_state(p->a, SESSION_ONLINE); /* comes back by itself */
        pair_open_gate(p);
        int32_t sum = 0;
        assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* queued behind the others in b */
        pthread_mutex_lock(&p->lock);
        p->gate_is_open = false;
        pthread_mutex_unlock(&p->lock);
    }
    pair_close(p);
}

static void calls_made_offline_are_sent_afterwards(void **state)
{
    UNUSED(state);
    enum { THREADS = 10 };
    pair *p = pair_open(NULL);
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    pair_wait_state(p->a, SESSION_OFFLINE);
    caller callers[THREADS];
    pthread_t threads[THREADS];
    for (int32_t i = 0; i < THREADS; i++) {
        callers[i] = (caller){ p->to_b, i, 1 };
        threads[i] = start(call_many, &callers[i]);
    }
    pair_wait_pending(p->a, THREADS);
    atomic_store(&p->fence, JRPC_OK);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(join(threads[i]), 0);
    pair_close(p);
}

static void calls_made_offline_keep_their_deadline(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    pair_wait_state(p->a, SESSION_OFFLINE);
    jrpc_peer_set_timeout(p->to_b, 100);
    int64_t started = clock_now();
    int32_t sum;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_E_DISCONNECTED);
    int64_t took = pair_since(started);
    assert_true(took >= 100 && took < 1100);
    assert_string_equal(error.message, "not sent: no connection to the server within 100 ms");
    pthread_mutex_lock(&p->a->lock);
    assert_true(chain_is_empty(&p->a->unsent));
    assert_int_equal(p->a->waiting_bytes, 0);
    pthread_mutex_unlock(&p->a->lock);
    pair_close(p); /* while it is offline */
}

static void what_waits_offline_is_bounded(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_queue_bytes = 4000;
    pair *p = pair_open(&options);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    pair_wait_state(p->a, SESSION_OFFLINE);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = start(slow, p->to_b);
    pair_wait_pending(p->a, 3);
    char text[3500], *back = NULL;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(pair_text(p->to_b, text, &back, &error), JRPC_E_BUSY);
    assert_non_null(strstr(error.message, "too much waits to be sent"));
    pair_open_gate(p);
    atomic_store(&p->fence, JRPC_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(join(threads[i]), JRPC_OK);
    pair_wait_flushed(p->a); /* what has left is counted a moment later */
    assert_int_equal(pair_text(p->to_b, text, &back, &error), JRPC_OK);
    jrpc_free(back);
    pair_close(p);
}

typedef struct cutter {
    pair *p;
    atomic_bool stop;
} cutter;

static void *cut_often(void *argument)
{
    cutter *c = argument;
    while (!atomic_load(&c->stop)) {
        loopback_cut(c->p->hub, PAIR_A);
        pair_wait_state(c->p->a, SESSION_ONLINE);
        nanosleep(&(struct timespec){ .tv_nsec = 3000000 }, NULL);
    }
    return NULL;
}

/* Each call ends in one of these ways, never with a wrong answer. */
static void *call_through_cuts(void *argument)
{
    const caller *c = argument;
    intptr_t wrong = 0;
    for (int32_t i = 0; i < c->calls; i++) {
        int32_t sum = 0;
        jrpc_status status = pair_add(c->peer, c->number, i, &sum, NULL);
        bool right = status == JRPC_OK
                         ? sum == c->number + i
                         : sum == 0 && (status == JRPC_E_DISCONNECTED || status == JRPC_E_TIMEOUT || status == JRPC_E_UNKNOWN_OUTCOME);
        if (!right)
            print_message("# call %d ended with %s, sum %d\n", (int)i, jrpc_status_name(status), (int)sum);
        wrong += !right;
    }
    return (void *)wrong;
}

static void calls_go_on_through_cuts(void **state)
{
    UNUSED(state);
    enum { THREADS = 8 };
    pair *p = pair_open(NULL);
    jrpc_peer_set_timeout(p->to_b, 2000);
    cutter cuts = { .p = p };
    pthread_t cutting = start(cut_often, &cuts);
    caller callers[THREADS];
    pthread_t threads[THREADS];
    for (int32_t i = 0; i < THREADS; i++) {
        callers[i] = (caller){ p->to_b, i * 10000, rounds(40) };
        threads[i] = start(call_through_cuts, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(join(threads[i]), 0);
    atomic_store(&cuts.stop, true);
    join(cutting);
    pair_wait_pending(p->a, 0);
    pair_close(p);
}

/* ---- the session ends ---- */

static void closing_meets_calls(void **state)
{
    UNUSED(state);
    enum { THREADS = 20 };
    for (int round = 0; round < rounds(10); round++) {
        pair *p = pair_open(NULL);
        pthread_t threads[THREADS];
        for (int i = 0; i < THREADS; i++)
            threads[i] = start(slow, p->to_b);
        pair_wait_pending(p->a, THREADS);
        jrpc_peer *peer = TAKE_PTR(p->to_b);
        jrpc_session_close(TAKE_PTR(p->a));
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(join(threads[i]), JRPC_E_CANCELLED);
        jrpc_peer_free(peer);
        pair_close(p);
    }
}

static void *wait_for_end(void *session)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    return (void *)(intptr_t)jrpc_session_wait(session, -1, &error);
}

static bool is_waited_for(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    bool waited = session->callers > 0;
    pthread_mutex_unlock(&session->lock);
    return waited;
}

static void closing_meets_a_thread_that_waits(void **state)
{
    UNUSED(state);
    for (int round = 0; round < rounds(20); round++) {
        pair *p = pair_open(NULL);
        pthread_t thread = start(wait_for_end, p->a);
        while (!is_waited_for(p->a))
            sched_yield();
        pair_close_a(p);
        assert_int_equal(join(thread), JRPC_E_CLOSED);
        pair_close(p);
    }
}

/* A server may hold on to the lost stream for a while, and refuse us because of ourselves. */
static void a_conflict_while_coming_back_is_no_end(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    atomic_store(&p->fence, JRPC_E_CONFLICT);
    loopback_cut(p->hub, PAIR_A);
    pair_wait_attempts(p->a, 2);
    atomic_store(&p->fence, JRPC_OK);
    pair_wait_state(p->a, SESSION_ONLINE);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    pair_close(p);
}

/* But not for ever. */
static void a_conflict_that_stays_is_the_end(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    pair *p = pair_open(NULL);
    pthread_mutex_lock(&p->a->lock);
    p->a->settings.ghost_most_ms = 100;
    pthread_mutex_unlock(&p->a->lock);
    atomic_store(&p->fence, JRPC_E_CONFLICT);
    int64_t began = clock_now();
    loopback_cut(p->hub, PAIR_A);
    assert_int_equal(jrpc_session_wait(p->a, PAIR_PATIENCE_MS, &error), JRPC_E_CONFLICT);
    assert_true(clock_now() - began >= 100 * CLOCK_MS);
    pair_close(p);
}

static void a_final_end_is_told(void **state)
{
    UNUSED(state);
    static const jrpc_status final[] = { JRPC_E_AUTH, JRPC_E_NO_TLS, JRPC_E_CERT_UNTRUSTED };
    for (size_t i = 0; i < COUNT_OF(final); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        pair *p = pair_open(NULL);
        pthread_t calling = start(slow, p->to_b);
        pair_wait_waiting(p, 1);
        pthread_t waiting = start(wait_for_end, p->a);
        atomic_store(&p->fence, final[i]);
        loopback_cut(p->hub, PAIR_A);
        assert_int_equal(join(calling), JRPC_E_DISCONNECTED);
        assert_int_equal(join(waiting), final[i]);
        int32_t sum;
        assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_E_CLOSED); /* it does not come back */
        assert_non_null(strstr(error.message, "there is a fence"));
        assert_int_equal(jrpc_session_wait(p->a, 0, &error), final[i]);
        pair_close(p);
    }
}

static void waiting_can_be_interrupted(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    int64_t started = clock_now();
    assert_int_equal(jrpc_session_wait(p->a, 30, &error), JRPC_E_TIMEOUT);
    assert_true(pair_since(started) >= 30);
    jrpc_session_interrupt(p->a);
    jrpc_session_interrupt(p->a);
    assert_int_equal(jrpc_session_wait(p->a, -1, &error), JRPC_OK);
    assert_int_equal(jrpc_session_wait(p->a, 0, &error), JRPC_E_TIMEOUT); /* once is enough for both */
    pair_close(p);
}

static void *interrupt_thrice(void *session)
{
    for (int i = 0; i < 3; i++)
        jrpc_session_interrupt(session);
    return NULL;
}

/* None is forgotten while another is taken back: whoever polls that descriptor would never sleep again. */
static void interruptions_at_once(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    for (int i = 0; i < rounds(300); i++) {
        pthread_t threads[4];
        for (int k = 0; k < 4; k++)
            threads[k] = start(interrupt_thrice, p->a);
        assert_int_equal(jrpc_session_wait(p->a, -1, NULL), JRPC_OK);
        jrpc_session_wait(p->a, 0, NULL);
        for (int k = 0; k < 4; k++)
            pthread_join(threads[k], NULL);
        jrpc_session_wait(p->a, 0, NULL);
        struct pollfd left = { p->a->interrupt_fd, POLLIN, 0 };
        assert_int_equal(poll(&left, 1, 0), 0);
    }
    pair_close(p);
}

static void opening_can_fail(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    for (int i = 0; i < rounds(50); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        jrpc_session *session = NULL;
        atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
        assert_int_equal(pair_session(p, "peer-c@localhost/rpc", NULL, &session, &error),
                         JRPC_E_NO_CONNECTION);
        assert_null(session);
        assert_string_equal(error.message, "there is a fence");
        atomic_store(&p->fence, JRPC_OK);
        assert_int_equal(pair_session(p, PAIR_A, NULL, &session, &error), JRPC_E_EXISTS);
        assert_int_equal(pair_session(p, "no resource@localhost", NULL, &session, &error), JRPC_E_INVALID);
        assert_null(session);
    }
    pair_close(p);
}

static void sessions_come_and_go(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    int64_t longest = 0;
    for (int i = 0; i < rounds(200); i++) {
        int64_t started = clock_now();
        jrpc_session *session = NULL;
        jrpc_peer *peer = NULL;
        int32_t sum = 0;
        assert_int_equal(pair_session(p, "peer-c@localhost/rpc", NULL, &session, NULL), JRPC_OK);
        if (i % 2) {
            assert_int_equal(jrpc_peer_new(session, PAIR_B, &peer, NULL), JRPC_OK);
            assert_int_equal(pair_add(peer, i, 1, &sum, NULL), JRPC_OK);
            assert_int_equal(sum, i + 1);
        }
        jrpc_session_close(session);
        jrpc_peer_free(peer);
        if (pair_since(started) > longest)
            longest = pair_since(started);
    }
    assert_true(longest < 5000); /* no wake-up is lost */
    pair_close(p);
    jrpc_session_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_threads_call),
        cmocka_unit_test(both_sides_call_each_other),
        cmocka_unit_test(inline_handlers_serve_many),
        cmocka_unit_test(handlers_call_their_callers_back),
        cmocka_unit_test(many_nests_at_once),
        cmocka_unit_test(answers_race_with_deadlines),
        cmocka_unit_test(a_cut_ends_each_call_once),
        cmocka_unit_test(calls_made_offline_are_sent_afterwards),
        cmocka_unit_test(calls_made_offline_keep_their_deadline),
        cmocka_unit_test(what_waits_offline_is_bounded),
        cmocka_unit_test(calls_go_on_through_cuts),
        cmocka_unit_test(closing_meets_calls),
        cmocka_unit_test(closing_meets_a_thread_that_waits),
        cmocka_unit_test(a_conflict_while_coming_back_is_no_end),
        cmocka_unit_test(a_conflict_that_stays_is_the_end),
        cmocka_unit_test(a_final_end_is_told),
        cmocka_unit_test(waiting_can_be_interrupted),
        cmocka_unit_test(interruptions_at_once),
        cmocka_unit_test(opening_can_fail),
        cmocka_unit_test(sessions_come_and_go),
    };
    return cmocka_run_group_tests_name("scenario: races", tests, NULL, NULL);
}
