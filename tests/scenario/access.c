/* SPDX-License-Identifier: MIT */
/* Who may call what, how often and how many at once, between two sessions; also while the rules change. */
#include "pair.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jrpc/acl.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

static void load(jrpc_session *session, const char *text, jrpc_status expected, jrpc_error *error)
{
    char path[] = "/tmp/jrpc-access.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_int_equal(jrpc_session_acl_load(session, path, error), expected);
    unlink(path);
}

static void a_list_tells_methods_apart(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    int32_t sum = 0;
    load(p->b, "allow peer-a@localhost Add\ndeny * *\n", JRPC_OK, &error);
    assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_OK);
    assert_int_equal(sum, 5);
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_REFUSED);
    assert_string_equal(error.condition, "forbidden");
    assert_int_equal(pair_missing(p->to_b, &error), JRPC_E_REFUSED);
    load(p->b, "allow * *\nallow\n", JRPC_E_INVALID, &error);
    assert_non_null(strstr(error.message, ":2: expected: allow CALLER METHOD..."));
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_REFUSED); /* nothing has changed */
    load(p->b, "# the callers that the program has let in\n", JRPC_OK, &error);
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_FAULT);
    assert_int_equal(pair_missing(p->to_b, &error), JRPC_E_NO_SUCH_METHOD);
    pair_close(p);
}

typedef struct calls {
    pair *p;
    atomic_uint done, refused, busy, others;
} calls;

static void note(calls *c, jrpc_status status)
{
    atomic_uint *which = status == JRPC_OK          ? &c->done
                         : status == JRPC_E_REFUSED ? &c->refused
                         : status == JRPC_E_BUSY    ? &c->busy
                                                    : &c->others;
    atomic_fetch_add(which, 1);
}

static void *call_often(void *argument)
{
    calls *c = argument;
    for (int i = 0; i < 200; i++) {
        int32_t result = 0;
        jrpc_status status = i % 4 ? pair_add(c->p->to_b, i, 1, &result, NULL)
                                   : pair_later(c->p->to_b, -1, &result, NULL); /* deferred, and answered at once */
        note(c, status);
    }
    return NULL;
}

enum { THREADS = 6 };

static void start(pthread_t threads[THREADS], calls *c)
{
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, c), 0);
}

static void join(pthread_t threads[THREADS], const calls *c)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(c->done + c->refused + c->busy + c->others, 200 * THREADS);
    assert_int_equal(c->others, 0);
}

/* Each call goes by one list or the other. */
static void lists_change_while_calls_come(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    calls c = { .p = p };
    pthread_t threads[THREADS];
    start(threads, &c);
    for (int i = 0; i < 100; i++)
        load(p->b, i % 2 ? "group all = *\nallow @all Add\n" : "deny peer-a@localhost Add\n", JRPC_OK, NULL);
    join(threads, &c);
    assert_int_equal(c.busy, 0);
    pair_close(p);
}

/* However they end, nothing stays counted. */
static void calls_in_progress_are_counted_exactly(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.caller_limit.at_once = 2;
    options.domain_limit.at_once = 2;
    pair *p = pair_open(&options);
    calls c = { .p = p };
    pthread_t threads[THREADS];
    start(threads, &c);
    join(threads, &c);
    assert_int_equal(c.refused, 0);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    int32_t sum = 0;
    for (int i = 0; i < 50; i++)
        assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_OK);
    jrpc_future *slow[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(jrpc_send(p->to_b, pair_method("Slow"), NULL, NULL, NULL, &slow[i], &error), JRPC_OK);
    pair_wait_waiting(p, 2);
    assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_E_BUSY);
    assert_string_equal(error.condition, "resource-constraint");
    assert_non_null(strstr(error.message, "the limit is 2 calls at once for peer-a@localhost"));
    pair_open_gate(p);
    for (int i = 0; i < 2; i++)
        assert_int_equal(jrpc_finish(slow[i], pair_method("Slow"), NULL, &error), JRPC_OK);
    assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_OK);
    pair_close(p);
}

static void callers_are_told_which_limit(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.caller_limit = (jrpc_limit){ .calls = 3, .period_ms = DAY_MS };
    pair *p = pair_open(&options);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    const jrpc_limit once = { .calls = 1, .period_ms = DAY_MS };
    int32_t sum = 0;
    assert_int_equal(jrpc_session_limit_method(p->b, "Add", &once, &error), JRPC_OK);
    assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_OK);
    assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_E_BUSY);
    assert_non_null(strstr(error.message, "the limit is 1 call a day for calls of Add: try again in "));
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_FAULT);
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_FAULT);
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_BUSY);
    assert_non_null(strstr(error.message, "the limit is 3 calls a day for peer-a@localhost: try again in "));
    assert_int_equal(jrpc_session_limit_method(p->b, "", &once, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_session_limit_method(p->b, "Add", NULL, &error), JRPC_E_INVALID);
    options.domain_limit = (jrpc_limit){ .calls = 1, .period_ms = DAY_MS + 1 };
    jrpc_session *session = NULL;
    assert_int_equal(pair_session(p, "peer-c@localhost/x", &options, &session, &error), JRPC_E_INVALID);
    assert_string_equal(error.message, "domain_limit: a period is one day at most");
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_tells_methods_apart),
        cmocka_unit_test(lists_change_while_calls_come),
        cmocka_unit_test(calls_in_progress_are_counted_exactly),
        cmocka_unit_test(callers_are_told_which_limit),
    };
    return cmocka_run_group_tests_name("scenario: access and limits", tests, NULL, NULL);
}
