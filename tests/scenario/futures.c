/* SPDX-License-Identifier: MIT */
/* Calls that nobody waits for yet, one-way calls, and answers that come later than their handler returns. */
#include "pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

static jrpc_future *send_add(jrpc_peer *peer, int32_t a, int32_t b)
{
    jrpc_future *future = NULL;
    assert_int_equal(
        jrpc_send(peer, pair_method("Add"), (const void *[]){ &a, &b }, NULL, NULL, &future, NULL), JRPC_OK);
    assert_non_null(future);
    return future;
}

static jrpc_future *send_slow(jrpc_peer *peer)
{
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(peer, pair_method("Slow"), NULL, NULL, NULL, &future, NULL), JRPC_OK);
    return future;
}

static jrpc_status finish_add(jrpc_future *future, int32_t *ret_sum, jrpc_error *error)
{
    return jrpc_finish(future, pair_method("Add"), (void *[]){ ret_sum }, error);
}

static jrpc_status finish_slow(jrpc_future *future)
{
    return jrpc_finish(future, pair_method("Slow"), NULL, NULL);
}

/* ---- futures ---- */

static void many_are_under_way(void **state)
{
    UNUSED(state);
    enum { COUNT = 500 };
    pair *p = pair_open(NULL);
    jrpc_future *futures[COUNT];
    for (int32_t i = 0; i < COUNT; i++)
        futures[i] = send_add(p->to_b, i, 1000);
    for (int32_t i = COUNT; i-- > 0;) {
        int32_t sum = 0;
        assert_int_equal(finish_add(futures[i], &sum, NULL), JRPC_OK);
        assert_int_equal(sum, i + 1000);
    }
    pair_close(p);
}

static void failures_come_with_the_finish(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_future *future = NULL;
    int32_t number = 5;
    const jrpc_method *method = pair_method("Break");
    assert_int_equal(jrpc_send(p->to_b, method, (const void *[]){ &number }, NULL, NULL, &future, &error),
                     JRPC_OK);
    number = 6; /* in is not needed any more */
    assert_int_equal(jrpc_finish(future, method, NULL, &error), JRPC_E_FAULT);
    const pair_broken *broken = jrpc_exception_of(&error, &pair_broken_exception);
    assert_non_null(broken);
    assert_int_equal(broken->number, 5);
    assert_string_equal(error.who, PAIR_B);
    /* What cannot be sent fails at once, and there is no future. */
    const char *text = "\x01";
    future = NULL;
    method = pair_method("Text");
    assert_int_equal(jrpc_send(p->to_b, method, (const void *[]){ &text }, NULL, NULL, &future, &error),
                     JRPC_E_INVALID);
    assert_null(future);
    assert_string_equal(error.path, "params[0]");
    assert_int_equal(jrpc_send(p->to_b, method, (const void *[]){ &text }, NULL, NULL, NULL, &error),
                     JRPC_E_INVALID);
    /* The wrong method's stub finishes nothing. */
    int32_t sum = 0;
    future = send_slow(p->to_b);
    assert_int_equal(finish_add(future, &sum, &error), JRPC_E_INVALID);
    pair_close(p);
}

static bool drop_requests(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(userdata);
    UNUSED(from);
    UNUSED(to);
    UNUSED(len);
    return !pair_is_request(stanza);
}

static void deadlines_are_kept(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    loopback_set_filter(p->hub, drop_requests, NULL);
    jrpc_peer_set_timeout(p->to_b, 60);
    int64_t started = clock_now();
    jrpc_future *future = send_add(p->to_b, 1, 2);
    int32_t sum = 99;
    assert_int_equal(finish_add(future, &sum, &error), JRPC_E_TIMEOUT);
    assert_true(pair_since(started) >= 60 && pair_since(started) < 1060);
    assert_int_equal(sum, 0);
    jrpc_future *futures[3];
    for (size_t i = 0; i < 3; i++)
        futures[i] = send_add(p->to_b, 1, 2);
    assert_int_equal(jrpc_wait_all(futures, 3, -1, &error), JRPC_OK); /* ended, by their deadline */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(finish_add(futures[i], &sum, NULL), JRPC_E_TIMEOUT);
    pair_close(p);
}

static void calls_can_be_cancelled(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_future *future = send_slow(p->to_b);
    pair_wait_waiting(p, 1);
    assert_false(jrpc_future_is_done(future));
    jrpc_future_cancel(future);
    jrpc_future_cancel(future);
    assert_int_equal(jrpc_finish(future, pair_method("Slow"), NULL, &error), JRPC_E_CANCELLED);
    assert_string_equal(error.what, "Slow");
    pair_open_gate(p);
    pair_wait_stray(p->a, 1); /* the answer to it */
    future = send_slow(p->to_b);
    assert_int_equal(jrpc_wait_all(&future, 1, -1, NULL), JRPC_OK);
    jrpc_future_cancel(future); /* too late */
    assert_int_equal(finish_slow(future), JRPC_OK);
    jrpc_future_free(send_slow(p->to_b)); /* given up under way */
    jrpc_future_free(NULL);
    pair_close(p);
}

static void cancelling_races_with_the_answer(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    int cancelled = 0;
    for (int32_t i = 0; i < 1000; i++) {
        jrpc_future *future = send_add(p->to_b, i, 1);
        int32_t sum = 0;
        for (int spin = 0; spin < i * 20; spin++)
            atomic_thread_fence(memory_order_seq_cst);
        jrpc_future_cancel(future);
        jrpc_status status = finish_add(future, &sum, NULL);
        assert_true(status == JRPC_OK ? sum == i + 1 : status == JRPC_E_CANCELLED && sum == 0);
        cancelled += status == JRPC_E_CANCELLED;
    }
    assert_true(cancelled > 0);
    pair_wait_pending(p->a, 0);
    pair_close(p);
}

static void the_first_of_several_is_told(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_future *futures[3] = { send_slow(p->to_b), send_slow(p->to_b), NULL };
    size_t index = 99;
    pair_wait_waiting(p, 2);
    assert_int_equal(jrpc_wait_any(futures, 0, 10, &index, &error), JRPC_E_INVALID);
    int64_t started = clock_now();
    assert_int_equal(jrpc_wait_any(futures, 2, 30, &index, &error), JRPC_E_TIMEOUT);
    assert_true(pair_since(started) >= 30 && pair_since(started) < 1030);
    futures[2] = send_add(p->to_b, 1, 2);
    assert_int_equal(jrpc_wait_any(futures, 3, -1, &index, &error), JRPC_OK);
    assert_int_equal(index, 2);
    assert_int_equal(jrpc_wait_all(futures, 3, 30, &error), JRPC_E_TIMEOUT);
    pair_open_gate(p);
    assert_int_equal(jrpc_wait_all(futures, 3, -1, &error), JRPC_OK);
    int32_t sum = 0;
    assert_int_equal(finish_add(futures[2], &sum, NULL), JRPC_OK);
    assert_int_equal(finish_slow(futures[1]), JRPC_OK);
    assert_int_equal(finish_slow(futures[0]), JRPC_OK);
    pair_close(p);
}

static void futures_of_two_sessions_are_waited_for(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    jrpc_future *futures[2] = { send_slow(p->to_b), send_add(p->to_a, 3, 4) };
    size_t index = 99;
    assert_int_equal(jrpc_wait_any(futures, 2, -1, &index, NULL), JRPC_OK);
    assert_int_equal(index, 1);
    pair_open_gate(p);
    assert_int_equal(jrpc_wait_all(futures, 2, -1, NULL), JRPC_OK);
    int32_t sum = 0;
    assert_int_equal(finish_add(futures[1], &sum, NULL), JRPC_OK);
    assert_int_equal(finish_slow(futures[0]), JRPC_OK);
    pair_close(p);
}

/* ---- callbacks ---- */

typedef struct tally {
    pair *p;
    atomic_uint called, right;
    jrpc_status last;
    int32_t left; /* of a chain */
} tally;

static void count_add(jrpc_future *future, void *userdata)
{
    tally *t = userdata;
    int32_t sum = 0;
    t->last = finish_add(future, &sum, NULL);
    atomic_fetch_add(&t->right, t->last == JRPC_OK && sum == 5);
    atomic_fetch_add(&t->called, 1);
}

static void wait_called(tally *t, unsigned count)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    while (atomic_load(&t->called) < count && clock_now() < until)
        jrpc_session_wait(t->p->a, 1, NULL);
    assert_int_equal(atomic_load(&t->called), count);
}

static void each_callback_is_called_once(void **state)
{
    UNUSED(state);
    enum { COUNT = 1000 };
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_queued = 2 * COUNT; /* one caller may have half of it */
    pair *p = pair_open(&options);
    tally t = { .p = p };
    int32_t a = 2, b = 3;
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(
            jrpc_send(p->to_b, pair_method("Add"), (const void *[]){ &a, &b }, count_add, &t, NULL, NULL),
            JRPC_OK);
    wait_called(&t, COUNT);
    assert_int_equal(atomic_load(&t.right), COUNT);
    pair_close(p);
    assert_int_equal(atomic_load(&t.called), COUNT);
}

static void go_on(jrpc_future *future, void *userdata)
{
    tally *t = userdata;
    int32_t sum = 0;
    t->last = finish_add(future, &sum, NULL);
    atomic_fetch_add(&t->right, t->last == JRPC_OK);
    if (t->left-- > 0)
        assert_int_equal(jrpc_send(t->p->to_b, pair_method("Add"), (const void *[]){ &t->left, &sum }, go_on,
                                   t, NULL, NULL),
                         JRPC_OK);
    atomic_fetch_add(&t->called, 1);
}

static void callbacks_may_call_again(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    tally t = { .p = p, .left = 50 };
    int32_t a = 2, b = 3;
    assert_int_equal(
        jrpc_send(p->to_b, pair_method("Add"), (const void *[]){ &a, &b }, go_on, &t, NULL, NULL), JRPC_OK);
    wait_called(&t, 51);
    assert_int_equal(atomic_load(&t.right), 51);
    pair_close(p);
}

/* A callback must not wait: that is told, not done. */
static void wait_inside(jrpc_future *future, void *userdata)
{
    tally *t = userdata;
    int32_t sum = 0;
    finish_add(future, &sum, NULL);
    jrpc_future *slow = send_slow(t->p->to_b);
    size_t index;
    bool right = jrpc_wait_any(&slow, 1, -1, &index, NULL) == JRPC_E_DEADLOCK;
    right = right && finish_slow(slow) == JRPC_E_DEADLOCK;
    right = right && pair_add(t->p->to_b, 1, 2, &sum, NULL) == JRPC_E_DEADLOCK;
    atomic_fetch_add(&t->right, right);
    atomic_fetch_add(&t->called, 1);
}

static void callbacks_must_not_wait(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    tally t = { .p = p };
    int32_t a = 2, b = 3;
    assert_int_equal(
        jrpc_send(p->to_b, pair_method("Add"), (const void *[]){ &a, &b }, wait_inside, &t, NULL, NULL),
        JRPC_OK);
    wait_called(&t, 1);
    assert_int_equal(atomic_load(&t.right), 1);
    pair_close(p);
}

static void count_slow(jrpc_future *future, void *userdata)
{
    tally *t = userdata;
    atomic_fetch_add(&t->right, finish_slow(future) == t->last);
    atomic_fetch_add(&t->called, 1);
}

static void free_it(jrpc_future *future, void *userdata)
{
    tally *t = userdata;
    jrpc_future_free(future);
    atomic_fetch_add(&t->called, 1);
}

static void callbacks_hear_of_the_end(void **state)
{
    UNUSED(state);
    enum { COUNT = 10 };
    pair *p = pair_open(NULL);
    tally t = { .p = p, .last = JRPC_E_DISCONNECTED };
    pair_take_b_for_plain(p);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(jrpc_send(p->to_b, pair_method("Slow"), NULL, count_slow, &t, NULL, NULL), JRPC_OK);
    pair_wait_flushed(p->a); /* what never left would be sent again */
    pair_wait_waiting(p, 1);
    loopback_cut(p->hub, PAIR_A);
    wait_called(&t, COUNT);
    assert_int_equal(atomic_load(&t.right), COUNT);
    pair_wait_state(p->a, SESSION_ONLINE);
    t.last = JRPC_E_CANCELLED;
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(
            jrpc_send(p->to_b, pair_method("Slow"), NULL, i % 2 ? count_slow : free_it, &t, NULL, NULL),
            JRPC_OK);
    pair_close_a(p); /* calls them before it returns */
    assert_int_equal(atomic_load(&t.called), 2 * COUNT);
    assert_int_equal(atomic_load(&t.right), COUNT + COUNT / 2);
    pair_close(p);
}

/* ---- one-way ---- */

static void one_way_calls_return_at_once(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    for (int32_t i = 1; i <= 100; i++)
        assert_int_equal(pair_note(p->to_b, i, NULL), JRPC_OK);
    pair_wait_noted(p, 5050);
    jrpc_peer *nobody = NULL;
    assert_int_equal(jrpc_peer_new(p->a, "nobody@localhost/x", &nobody, NULL), JRPC_OK);
    assert_int_equal(pair_note(nobody, 1, NULL), JRPC_OK);
    pair_wait_pending(p->a, 0); /* the refusal was read, and nothing is left */
    pair_close(p);
    jrpc_peer_free(nobody);
}

/* ---- deferred answers ---- */

static jrpc_call *take_later(pair *p)
{
    pair_wait_later(p, 1);
    pthread_mutex_lock(&p->lock);
    jrpc_call *call = p->later[--p->later_count];
    pthread_mutex_unlock(&p->lock);
    return call;
}

static jrpc_future *send_later(pair *p, int32_t number)
{
    jrpc_future *future = NULL;
    assert_int_equal(
        jrpc_send(p->to_b, pair_method("Later"), (const void *[]){ &number }, NULL, NULL, &future, NULL),
        JRPC_OK);
    return future;
}

static jrpc_status finish_later(jrpc_future *future, int32_t *ret_double, jrpc_error *error)
{
    return jrpc_finish(future, pair_method("Later"), (void *[]){ ret_double }, error);
}

static void answers_may_come_later(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    int32_t value = 0;
    for (int32_t i = 0; i < 20; i++) {
        jrpc_future *future = send_later(p, i);
        jrpc_call *call = take_later(p);
        assert_string_equal(jrpc_call_caller(call), PAIR_A);
        pair_answer_later(call, 2 * i);
        assert_int_equal(finish_later(future, &value, &error), JRPC_OK);
        assert_int_equal(value, 2 * i);
    }
    for (int32_t i = 0; i < 20; i++) { /* before its handler has returned */
        assert_int_equal(pair_later(p->to_b, -1, &value, &error), JRPC_OK);
        assert_int_equal(value, -1);
    }
    jrpc_future *future = send_later(p, 1);
    jrpc_call *call = take_later(p);
    jrpc_call_fail(call, jrpc_call_fault(call, 9, "later, and badly"));
    assert_int_equal(finish_later(future, &value, &error), JRPC_E_FAULT);
    assert_int_equal(error.code, 9);
    future = send_later(p, 1);
    jrpc_call_fail(take_later(p), JRPC_E_IO);
    assert_int_equal(finish_later(future, &value, &error), JRPC_E_FAULT);
    assert_int_equal(error.code, -32603);
    pair_close(p);
}

static void deferred_calls_hold_no_worker(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.workers = 1;
    pair *p = pair_open(&options);
    jrpc_future *futures[10];
    int32_t value = 0;
    for (int32_t i = 0; i < 10; i++)
        futures[i] = send_later(p, i);
    pair_wait_later(p, 10);
    assert_int_equal(pair_add(p->to_b, 1, 2, &value, NULL), JRPC_OK);
    for (int32_t i = 0; i < 10; i++)
        pair_answer_later(take_later(p), 7);
    for (int32_t i = 0; i < 10; i++) {
        assert_int_equal(finish_later(futures[i], &value, NULL), JRPC_OK);
        assert_int_equal(value, 7);
    }
    pair_close(p);
}

static void what_was_never_answered_is_refused_at_the_end(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    int32_t value = 0;
    jrpc_future *future = send_later(p, 1);
    jrpc_call *call = take_later(p);
    pair_close_b(p);
    assert_int_equal(finish_later(future, &value, &error), JRPC_E_UNAVAILABLE);
    pair_answer_later(call, 5); /* frees it, no more */
    pair_close(p);
}

static void *answer_thread(void *call)
{
    pair_answer_later(call, 3);
    return NULL;
}

static void *fail_thread(void *call)
{
    jrpc_call_fail(call, jrpc_call_fault(call, 9, "from another thread"));
    return NULL;
}

/* The handler may not have returned yet when another thread fails its call. */
static void failing_races_with_the_handlers_return(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    for (int round = 0; round < 200; round++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        int32_t value = 0;
        jrpc_future *future = send_later(p, 1);
        fail_thread(take_later(p));
        assert_int_equal(finish_later(future, &value, &error), JRPC_E_FAULT);
        assert_int_equal(error.code, 9);
    }
    pair_close(p);
}

static void answering_races_with_closing(void **state)
{
    UNUSED(state);
    for (int round = 0; round < 50; round++) {
        pair *p = pair_open(NULL);
        int32_t value = 0;
        jrpc_future *future = send_later(p, 1);
        jrpc_call *call = take_later(p);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, answer_thread, call), 0);
        pair_close_b(p);
        pthread_join(thread, NULL);
        jrpc_status status = finish_later(future, &value, NULL);
        assert_true(status == JRPC_OK ? value == 3 : status == JRPC_E_UNAVAILABLE);
        pair_close(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_are_under_way),
        cmocka_unit_test(failures_come_with_the_finish),
        cmocka_unit_test(deadlines_are_kept),
        cmocka_unit_test(calls_can_be_cancelled),
        cmocka_unit_test(cancelling_races_with_the_answer),
        cmocka_unit_test(the_first_of_several_is_told),
        cmocka_unit_test(futures_of_two_sessions_are_waited_for),
        cmocka_unit_test(each_callback_is_called_once),
        cmocka_unit_test(callbacks_may_call_again),
        cmocka_unit_test(callbacks_must_not_wait),
        cmocka_unit_test(callbacks_hear_of_the_end),
        cmocka_unit_test(one_way_calls_return_at_once),
        cmocka_unit_test(answers_may_come_later),
        cmocka_unit_test(deferred_calls_hold_no_worker),
        cmocka_unit_test(what_was_never_answered_is_refused_at_the_end),
        cmocka_unit_test(failing_races_with_the_handlers_return),
        cmocka_unit_test(answering_races_with_closing),
    };
    return cmocka_run_group_tests_name("scenario: futures", tests, NULL, NULL);
}
