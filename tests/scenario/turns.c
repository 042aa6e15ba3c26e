/* SPDX-License-Identifier: MIT */
/* Registries of xmlrpc-c's that are served: whose turn it is, who is waited for, and in which thread they run. */
#include "old-program.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static jrpc_future *send(jrpc_peer *peer, const char *method, xmlrpc_value *params)
{
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send_value(peer, method, params, NULL, NULL, &future, NULL), JRPC_OK);
    if (params)
        xmlrpc_DECREF(params);
    return future;
}

static jrpc_status finish(jrpc_future *future)
{
    AUTO_VALUE result = NULL;
    return jrpc_finish_value(future, &result, NULL);
}

enum { AT_ONCE = 20 };

/* More than there are workers: those that wait for their turn leave room for others, of this program and of any. */
static void one_at_a_time(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    jrpc_future *futures[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++)
        futures[i] = send(p->to_b, "old.slow", NULL);
    wait_running(o, 1);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    open_gate(o);
    for (int i = 0; i < AT_ONCE; i++)
        assert_int_equal(finish(futures[i]), JRPC_OK);
    assert_int_equal(o->most, 1);
    pair_close(p);
    free_program(o);
}

/* Whatever the session: there is one turn for each registry. */
static void one_at_a_time_over_two_sessions(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    assert_int_equal(jrpc_serve_registry(p->a, o->registry, NULL, NULL), JRPC_OK);
    jrpc_future *one = send(p->to_b, "old.slow", NULL), *two = send(p->to_a, "old.slow", NULL);
    wait_running(o, 1);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_a, 1, 2, &sum, NULL), JRPC_OK);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    open_gate(o);
    assert_int_equal(finish(one), JRPC_OK);
    assert_int_equal(finish(two), JRPC_OK);
    assert_int_equal(o->most, 1);
    pair_close(p);
    free_program(o);
}

static void several_when_they_may(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    jrpc_registry_options options = JRPC_REGISTRY_OPTIONS_INIT;
    options.parallel = true;
    pair *p = open_mounted(o, NULL, &options);
    jrpc_future *futures[3];
    for (int i = 0; i < 3; i++)
        futures[i] = send(p->to_b, "old.slow", NULL);
    wait_running(o, 3);
    open_gate(o);
    for (int i = 0; i < 3; i++)
        assert_int_equal(finish(futures[i]), JRPC_OK);
    pair_close(p);
    free_program(o);
}

/* A call whose time is over when its turn comes is not run. */
static void late_ones_are_not_run(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* each knows the other now: deadlines are told */
    jrpc_future *first = send(p->to_b, "old.slow", NULL);
    wait_running(o, 1);
    jrpc_peer *hasty = NULL;
    assert_int_equal(jrpc_peer_new(p->a, PAIR_B, &hasty, NULL), JRPC_OK);
    jrpc_peer_set_timeout(hasty, 100);
    assert_int_equal(finish(send(hasty, "old.caller", NULL)), JRPC_E_TIMEOUT);
    jrpc_peer_free(hasty);
    while (server_accepted(p->b->server) < 2) /* that and the slow one */
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    nanosleep(&(struct timespec){ .tv_nsec = 150000000 }, NULL); /* its time is counted from when it came */
    open_gate(o);
    assert_int_equal(finish(first), JRPC_OK);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, -1, NULL), JRPC_OK);
    assert_string_equal(o->caller, "");
    pair_close(p);
    free_program(o);
}

static void it_is_waited_for(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    jrpc_future *future = send(p->to_b, "old.slow", NULL);
    wait_running(o, 1);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, 30, NULL), JRPC_E_TIMEOUT);
    expect_fault(p->to_b, "old.add", build("(ii)", 1, 1), JRPC_E_NO_SUCH_METHOD, -32601, "old.add");
    open_gate(o);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, -1, NULL), JRPC_OK);
    free_program(o);
    assert_int_equal(finish(future), JRPC_OK);
    pair_close(p);
}

/* In the program's own loop, without any thread. */
static void they_run_inline(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.mode = JRPC_MODE_CALLER;
    options.small_stack = options.inline_handlers = true;
    old_program *o = new_program();
    pair *p = open_mounted(o, &options, NULL);
    jrpc_future *future = send(p->to_b, "old.add", build("(ii)", 1, 1));
    int64_t started = clock_now();
    while (!jrpc_future_is_done(future) && pair_since(started) < PAIR_PATIENCE_MS)
        jrpc_session_wait(p->b, 5, NULL);
    assert_int_equal(finish(future), JRPC_OK);
    pair_close(p);
    free_program(o);
}

static void a_session_is_opened_for_it(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session *session = NULL;
    unsetenv("JRPC_JID");
    assert_int_equal(jrpc_open_registry(o->registry, NULL, &session, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_open_registry(o->registry, "x@localhost", &session, &error), JRPC_E_INVALID);
    assert_non_null(strstr(error.message, "JRPC_JID"));
    assert_null(session);
    free_program(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(one_at_a_time_over_two_sessions),
        cmocka_unit_test(several_when_they_may),
        cmocka_unit_test(late_ones_are_not_run),
        cmocka_unit_test(it_is_waited_for),
        cmocka_unit_test(they_run_inline),
        cmocka_unit_test(a_session_is_opened_for_it),
    };
    return cmocka_run_group_tests_name("scenario: turns of xmlrpc-c's registries", tests, NULL, NULL);
}
