/* SPDX-License-Identifier: MIT */
/* The end of a server: what runs is answered, what comes is told to go elsewhere, nothing is lost. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/batch.h>
#include <jrpc/chat.h>
#include <jrpc/serve.h>

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

/* ---- calls and drains on threads of their own ---- */

typedef struct task {
    pair *p;
    int64_t timeout_ms;
    jrpc_status status;
    jrpc_error error;
    int32_t number;
    pthread_t thread;
} task;

static void start(task *t, pair *p, void *(*body)(void *task))
{
    *t = (task){ .p = p, .timeout_ms = PAIR_PATIENCE_MS, .error = JRPC_ERROR_INIT };
    assert_int_equal(pthread_create(&t->thread, NULL, body, t), 0);
}

static jrpc_status end(task *t)
{
    pthread_join(t->thread, NULL);
    jrpc_error_done(&t->error);
    return t->status;
}

static void *call_slow(void *argument)
{
    task *t = argument;
    t->status = pair_slow(t->p->to_b, &t->error);
    return NULL;
}

static void *call_later(void *argument)
{
    task *t = argument;
    t->status = pair_later(t->p->to_b, 5, &t->number, &t->error);
    return NULL;
}

static void *drain(void *argument)
{
    task *t = argument;
    t->status = jrpc_session_drain(t->p->b, t->timeout_ms, &t->error);
    return NULL;
}

static void wait_draining(pair *p)
{
    for (int i = 0; i < PAIR_PATIENCE_MS && !atomic_load(&p->b->server->draining); i++)
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    assert_true(atomic_load(&p->b->server->draining));
}

/* ---- tests ---- */

static void nothing_to_wait_for(void **state)
{
    pair *p = pair_open_two(NULL, *state);
    assert_int_equal(jrpc_session_drain(p->b, PAIR_PATIENCE_MS, NULL), JRPC_OK);
    assert_int_equal(jrpc_session_drain(p->b, PAIR_PATIENCE_MS, NULL), JRPC_OK);
    pair_close(p);
}

static void what_runs_is_answered(void **state)
{
    pair *p = pair_open_two(NULL, *state);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    task slow, end_of_b;
    int32_t sum = 0;
    start(&end_of_b, p, drain); /* in CALLER mode it is what drives b */
    pthread_join(end_of_b.thread, NULL);
    assert_int_equal(end_of_b.status, JRPC_OK);
    pair_close(p);

    p = pair_open(NULL);
    start(&slow, p, call_slow);
    pair_wait_waiting(p, 1);
    start(&end_of_b, p, drain);
    wait_draining(p);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_E_UNAVAILABLE);
    assert_string_equal(error.condition, "recipient-unavailable");
    assert_non_null(strstr(error.message, "shutting down"));
    assert_true(server_accepted(p->b->server) == 1);
    pair_open_gate(p);
    assert_int_equal(end(&slow), JRPC_OK);
    assert_int_equal(end(&end_of_b), JRPC_OK);
    pair_close(p);
}

static void deferred_ones_as_well(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    task later, end_of_b;
    start(&later, p, call_later);
    pair_wait_later(p, 1);
    start(&end_of_b, p, drain);
    wait_draining(p);
    pair_answer_later(p->later[0], 10);
    assert_int_equal(end(&end_of_b), JRPC_OK);
    assert_int_equal(end(&later), JRPC_OK);
    assert_int_equal(later.number, 10);
    pair_close(p);
}

/* A handler that runs may call back still, and its peer may answer. */
static void handlers_still_call(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(p->to_b, pair_method("TwoCalls"), NULL, NULL, NULL, &future, NULL), JRPC_OK);
    pair_wait_waiting(p, 1); /* the first of them, at a */
    task end_of_b;
    start(&end_of_b, p, drain);
    wait_draining(p);
    pair_open_gate(p);
    assert_int_equal(jrpc_finish(future, pair_method("TwoCalls"), NULL, NULL), JRPC_OK);
    assert_int_equal(end(&end_of_b), JRPC_OK);
    assert_int_equal(p->nested[0], JRPC_OK);
    assert_int_equal(p->nested[1], JRPC_OK);
    pair_close(p);
}

static void a_batch_goes_on_to_its_end(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    task end_of_b, *drains = &end_of_b;
    jrpc_batch *batch = NULL;
    int32_t sum = 0, number = 0;
    assert_int_equal(jrpc_batch_new(p->to_b, &batch, NULL), JRPC_OK);
    assert_int_equal(pair_later(jrpc_batch_peer(batch), 1, &number, NULL), JRPC_OK);
    assert_int_equal(pair_add(jrpc_batch_peer(batch), 40, 2, &sum, NULL), JRPC_OK);
    start(drains, p, drain);
    pthread_join(drains->thread, NULL);
    assert_int_equal(jrpc_batch_run(batch, NULL), JRPC_E_UNAVAILABLE); /* drained already: not begun */
    jrpc_batch_free(batch);
    pair_close(p);
}

static void *run_batch(void *argument)
{
    task *t = argument;
    jrpc_batch *batch = NULL;
    int32_t number = 0;
    t->status = jrpc_batch_new(t->p->to_b, &batch, &t->error);
    if (t->status == JRPC_OK)
        t->status = pair_later(jrpc_batch_peer(batch), 1, &number, &t->error);
    if (t->status == JRPC_OK)
        t->status = pair_add(jrpc_batch_peer(batch), 40, 2, &t->number, &t->error);
    if (t->status == JRPC_OK)
        t->status = jrpc_batch_run(batch, &t->error);
    if (t->status == JRPC_OK)
        t->status = jrpc_batch_outcome(batch, 1)->status;
    jrpc_batch_free(batch);
    return NULL;
}

static void a_batch_under_way(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    task batch, end_of_b;
    start(&batch, p, run_batch);
    pair_wait_later(p, 1);
    start(&end_of_b, p, drain);
    wait_draining(p);
    pair_answer_later(p->later[0], 10);
    assert_int_equal(end(&batch), JRPC_OK);
    assert_int_equal(batch.number, 42);
    assert_int_equal(end(&end_of_b), JRPC_OK);
    pair_close(p);
}

static void too_late(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    task slow[2];
    for (int i = 0; i < 2; i++)
        start(&slow[i], p, call_slow);
    pair_wait_waiting(p, 2);
    assert_int_equal(jrpc_session_drain(p->b, 50, &error), JRPC_E_TIMEOUT);
    assert_non_null(strstr(error.message, "2 calls are without answer after 50 ms"));
    pair_open_gate(p);
    assert_int_equal(jrpc_session_drain(p->b, PAIR_PATIENCE_MS, &error), JRPC_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(end(&slow[i]), JRPC_OK);
    pair_close(p);
}

static void interrupted(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    task slow, end_of_b;
    start(&slow, p, call_slow);
    pair_wait_waiting(p, 1);
    start(&end_of_b, p, drain);
    wait_draining(p);
    jrpc_session_interrupt(p->b);
    assert_int_equal(end(&end_of_b), JRPC_E_CANCELLED);
    pair_open_gate(p);
    assert_int_equal(end(&slow), JRPC_OK);
    pair_close(p);
}

static jrpc_status drain_here(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    atomic_int *status = userdata;
    atomic_store(status, jrpc_session_drain(jrpc_call_session(call), -1, NULL));
    return JRPC_OK;
}

static void not_from_a_handler(void **state)
{
    pair *p = pair_open(*state);
    atomic_int status = JRPC_OK;
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_serve_value(p->b, "Drain", drain_here, &status, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_call_value(p->to_b, "Drain", NULL, &result, NULL), JRPC_OK);
    xmlrpc_DECREF(result);
    assert_int_equal(status, JRPC_E_DEADLOCK);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* nothing has begun */
    pair_close(p);
}

/* The contacts see it go before the first call is refused. */
static bool see_presence(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    static const char gone[] = "<presence type='unavailable'><status>shutting down</status>";
    UNUSED(to);
    if (strcmp(from, PAIR_B) == 0 && len > strlen(gone) && strncmp(stanza, gone, strlen(gone)) == 0)
        atomic_fetch_add((atomic_int *)userdata, 1);
    return true;
}

static void contacts_see_it_go(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    atomic_int seen = 0;
    loopback_set_filter(p->hub, see_presence, &seen);
    assert_int_equal(jrpc_presence_set(p->b, JRPC_SHOW_ONLINE, NULL, 0, NULL), JRPC_OK);
    assert_int_equal(jrpc_session_drain(p->b, PAIR_PATIENCE_MS, NULL), JRPC_OK);
    assert_int_equal(seen, 1);
    pair_close(p);
    assert_int_equal(seen, 1);
}

static const jrpc_session_options threads = JRPC_SESSION_OPTIONS_INIT;
static const jrpc_session_options inlined = { .size = sizeof inlined, .inline_handlers = true };
static const jrpc_session_options caller = { .size = sizeof caller, .mode = JRPC_MODE_CALLER, .small_stack = true };

#define WITH(name, options) cmocka_unit_test_prestate(name, (void *)(uintptr_t)&(options))

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(nothing_to_wait_for, threads),
        WITH(nothing_to_wait_for, caller),
        WITH(what_runs_is_answered, threads),
        WITH(what_runs_is_answered, caller),
        cmocka_unit_test(deferred_ones_as_well),
        cmocka_unit_test(handlers_still_call),
        cmocka_unit_test(a_batch_goes_on_to_its_end),
        cmocka_unit_test(a_batch_under_way),
        cmocka_unit_test(too_late),
        cmocka_unit_test(interrupted),
        WITH(not_from_a_handler, threads),
        WITH(not_from_a_handler, inlined),
        cmocka_unit_test(contacts_see_it_go),
    };
    return cmocka_run_group_tests_name("scenario: drain", tests, NULL, NULL);
}
