/* SPDX-License-Identifier: MIT */
/* Calls by value that nobody waits for at once. */
#include "pair.h"

#include <jrpc/xmlrpc.h>

#include <string.h>

static xmlrpc_value *two(int a, int b)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(ii)", (xmlrpc_int32)a, (xmlrpc_int32)b);
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
    return params;
}

static int number_of(xmlrpc_value *value)
{
    xmlrpc_env env;
    xmlrpc_int32 number = -1;
    xmlrpc_env_init(&env);
    xmlrpc_read_int(&env, value, &number);
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
    xmlrpc_DECREF(value);
    return number;
}

static jrpc_future *send_add(pair *p, int a, int b)
{
    jrpc_future *future = NULL;
    xmlrpc_value *params = two(a, b);
    assert_int_equal(jrpc_send_value(p->to_b, "Add", params, NULL, NULL, &future, NULL), JRPC_OK);
    xmlrpc_DECREF(params);
    return future;
}

static void free_error(jrpc_error *error)
{
    jrpc_error_done(error);
}
#define AUTO_ERROR AUTO(free_error) jrpc_error

static void many_are_under_way_at_once(void **state)
{
    UNUSED(state);
    enum { CALLS = 50 };
    pair *p = pair_open(NULL);
    jrpc_future *futures[CALLS];
    for (int i = 0; i < CALLS; i++)
        futures[i] = send_add(p, i, 1000);
    assert_int_equal(jrpc_wait_all(futures, CALLS, -1, NULL), JRPC_OK);
    for (int i = 0; i < CALLS; i++) {
        xmlrpc_value *result = NULL;
        assert_true(jrpc_future_is_done(futures[i]));
        assert_int_equal(jrpc_finish_value(futures[i], &result, NULL), JRPC_OK);
        assert_int_equal(number_of(result), i + 1000);
    }
    pair_close(p);
}

static void both_kinds_are_waited_for_together(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    const jrpc_method *slow = pair_method("Slow");
    jrpc_future *futures[2] = { NULL, NULL };
    size_t index = 99;
    assert_int_equal(jrpc_send(p->to_b, slow, NULL, NULL, NULL, &futures[0], NULL), JRPC_OK);
    futures[1] = send_add(p, 1, 2);
    assert_int_equal(jrpc_wait_any(futures, 2, -1, &index, NULL), JRPC_OK);
    assert_int_equal(index, 1);
    pair_open_gate(p);
    assert_int_equal(jrpc_wait_all(futures, 2, -1, NULL), JRPC_OK);
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_finish(futures[0], slow, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_finish_value(futures[1], &result, NULL), JRPC_OK);
    assert_int_equal(number_of(result), 3);
    pair_close(p);
}

typedef struct heard {
    atomic_int sum;
    atomic_uint count;
} heard;

static void hear(jrpc_future *future, void *userdata)
{
    heard *h = userdata;
    xmlrpc_value *result = NULL;
    if (jrpc_finish_value(future, &result, NULL) == JRPC_OK)
        atomic_fetch_add(&h->sum, number_of(result));
    atomic_fetch_add(&h->count, 1);
}

static void callbacks_get_results(void **state)
{
    UNUSED(state);
    heard h = { .count = 0 };
    pair *p = pair_open(NULL);
    for (int i = 0; i < 10; i++) {
        xmlrpc_value *params = two(i, 1);
        assert_int_equal(jrpc_send_value(p->to_b, "Add", params, hear, &h, NULL, NULL), JRPC_OK);
        xmlrpc_DECREF(params);
    }
    pair_wait_pending(p->a, 0);
    pair_close(p); /* calls what it has to call before it returns */
    assert_int_equal(atomic_load(&h.count), 10);
    assert_int_equal(atomic_load(&h.sum), 55);
}

static void failures_are_told(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_future *future = NULL;
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_send_value(p->to_b, "Missing", NULL, NULL, NULL, &future, NULL), JRPC_OK);
    assert_int_equal(jrpc_finish_value(future, &result, &error), JRPC_E_NO_SUCH_METHOD);
    assert_null(result);
    assert_string_equal(error.what, "Missing");
    assert_string_equal(error.who, PAIR_B);
    assert_int_equal(jrpc_send_value(p->to_b, "bad \x01 name", NULL, NULL, NULL, &future, &error), JRPC_E_INVALID);
    assert_null(future);
    assert_int_equal(jrpc_send_value(p->to_b, "Add", NULL, NULL, NULL, NULL, &error), JRPC_E_INVALID);
    /* Each kind has its own end. */
    future = send_add(p, 1, 2);
    int32_t sum = 0;
    assert_int_equal(jrpc_finish(future, pair_method("Add"), (void *[]){ &sum }, &error), JRPC_E_INVALID);
    int32_t a = 1;
    assert_int_equal(
        jrpc_send(p->to_b, pair_method("Add"), (const void *[]){ &a, &a }, NULL, NULL, &future, NULL), JRPC_OK);
    assert_int_equal(jrpc_finish_value(future, &result, &error), JRPC_E_INVALID);
    pair_close(p);
}

static void they_can_be_given_up(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    jrpc_future *future = NULL;
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_send_value(p->to_b, "Slow", NULL, NULL, NULL, &future, NULL), JRPC_OK);
    jrpc_future_cancel(future);
    assert_int_equal(jrpc_finish_value(future, &result, NULL), JRPC_E_CANCELLED);
    assert_int_equal(jrpc_send_value(p->to_b, "Slow", NULL, NULL, NULL, &future, NULL), JRPC_OK);
    jrpc_future_free(future);
    future = send_add(p, 1, 2);
    assert_int_equal(jrpc_wait_all(&future, 1, -1, NULL), JRPC_OK);
    jrpc_future_free(future); /* with a result that nobody took */
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_are_under_way_at_once),
        cmocka_unit_test(both_kinds_are_waited_for_together),
        cmocka_unit_test(callbacks_get_results),
        cmocka_unit_test(failures_are_told),
        cmocka_unit_test(they_can_be_given_up),
    };
    return cmocka_run_group_tests_name("scenario: futures by value", tests, NULL, NULL);
}
