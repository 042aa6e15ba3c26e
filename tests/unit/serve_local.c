/* SPDX-License-Identifier: MIT */
/* Calls that do not come by an IQ: they take the same way in, and their answers go to a function. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "serve/incoming.h"
#include "serve_fixture.h"

static int begin(void **state)
{
    *state = serve_new(NULL);
    return 0;
}

static int end(void **state)
{
    serve_free(*state);
    return 0;
}

/* What the function was told, as text. */
typedef struct told {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned times;
    char text[512];
} told;

#define TOLD_INIT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, "" }

static void describe(const call_outcome *outcome, char *ret_text, size_t room)
{
    if (outcome->kind == OUTCOME_FAULT)
        snprintf(ret_text, room, "fault %d: %s%s", (int)outcome->code, outcome->text,
                 outcome->exception && outcome->exception_value ? " (with members)" : "");
    else if (outcome->kind == OUTCOME_ERROR)
        snprintf(ret_text, room, "error %s/%s", outcome->condition, outcome->type);
    else if (!outcome->method)
        snprintf(ret_text, room, "value of type %d", (int)xmlrpc_value_type(outcome->value));
    else if (outcome->method->result == &jrpc_type_string)
        snprintf(ret_text, room, "text %s", *(char **)outcome->outs[0]);
    else if (outcome->method->result == &jrpc_type_i32)
        snprintf(ret_text, room, "number %d", (int)*(int32_t *)outcome->outs[0]);
    else
        snprintf(ret_text, room, "outs %d %d", (int)*(int32_t *)outcome->outs[0], (int)*(int32_t *)outcome->outs[1]);
}

static void take(const call_outcome *outcome, void *userdata)
{
    told *t = userdata;
    pthread_mutex_lock(&t->lock);
    t->times++;
    describe(outcome, t->text, sizeof t->text);
    char *incident = strstr(t->text, " (incident ");
    if (incident)
        *incident = '\0'; /* a random number */
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
}

static void expect_of(serve_fixture *f, incoming_local local, const char *text)
{
    told t = TOLD_INIT;
    local.finish = take;
    local.userdata = &t;
    incoming_start_local(f->server, &local);
    server_run_inline(f->server);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    pthread_mutex_lock(&t.lock);
    while (t.times == 0 && pthread_cond_timedwait(&t.changed, &t.lock, &until) == 0)
        continue;
    assert_int_equal(t.times, 1);
    assert_string_equal(t.text, text);
    pthread_mutex_unlock(&t.lock);
}

static void expect_for(serve_fixture *f, const char *caller, const char *method, const void *const *ins,
                       xmlrpc_value *params, const char *text)
{
    expect_of(f, (incoming_local){ .caller = caller, .method = method, .ins = ins, .params = params }, text);
}

static void expect(serve_fixture *f, const char *method, const void *const *ins, xmlrpc_value *params,
                   const char *text)
{
    expect_for(f, "peer-a@localhost/x", method, ins, params, text);
}

static void from_storage(void **state)
{
    serve_fixture *f = *state;
    const char *text = "Nantes";
    int32_t a = 47, b = 5, zero = 0;
    expect(f, "Rot13", (const void *[]){ &text }, NULL, "text Anagrf");
    expect(f, "Add", (const void *[]){ &a, &b }, NULL, "number 52");
    expect(f, "Divide", (const void *[]){ &a, &b }, NULL, "outs 9 2");
    expect(f, "Divide", (const void *[]){ &a, &zero }, NULL, "fault 42: Test::DivByZero (with members)");
    expect(f, "Who", NULL, NULL, "text peer-a@localhost/x Who"); /* inline */
    const char *bad = "\x01";
    expect(f, "Rot13", (const void *[]){ &bad }, NULL,
           "fault -32602: params[0]: the character U+0001 at offset 0 cannot be in XML");
}

static void from_values(void **state)
{
    serve_fixture *f = *state;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *two = xmlrpc_build_value(&env, "(ii)", (xmlrpc_int32)2, (xmlrpc_int32)3);
    expect(f, "Add", NULL, two, "number 5");
    expect(f, "Rot13", NULL, two, "fault -32602: expected 1 parameter, got 2");
    expect(f, "Nope", NULL, two, "fault -32601: no such method: Nope");
    expect(f, "system.listMethods", NULL, NULL, "value of type 6");
    expect(f, "system.methodHelp", NULL, two, "fault -32602: expected 1 parameter, got 2");
    xmlrpc_DECREF(two);
    xmlrpc_env_clean(&env);
}

/* People are not shown what a program would not get. */
static void results_that_cannot_be_sent_are_none(void **state)
{
    serve_fixture *f = *state;
    expect(f, "BadResult", NULL, NULL, "fault -32603: internal error");
    assert_true(serve_logged(f, "BadResult called by peer-a@localhost/x failed: its result cannot be sent: result"));
}

/* They were read for one method, and when the call is made another has its name: nothing of it fits. */
static void arguments_of_another_method_are_not_taken(void **state)
{
    serve_fixture *f = *state;
    int32_t a = 47, b = 5;
    registry_method *add = registry_find(&f->server->registry, "Add");
    incoming_local local = { .caller = "peer-a@localhost/x", .method = "Add", .ins = (const void *[]){ &a, &b } };
    local.of = registry_described(add);
    expect_of(f, local, "number 52");
    local.method = "Rot13";
    expect_of(f, local, "fault -32602: the method has just been replaced: try again");
    local.method = "system.listMethods";
    expect_of(f, local, "fault -32602: this method has no types");
    registry_method_unref(add);
}

/* A stranger does not learn whether a method exists, and one without an address is a stranger. */
static void strangers_are_refused(void **state)
{
    serve_fixture *f = *state;
    const char *text = "Nantes";
    expect_for(f, "stranger@localhost/x", "Rot13", (const void *[]){ &text }, NULL, "error forbidden/auth");
    expect_for(f, "stranger@localhost/x", "Nope", NULL, NULL, "error forbidden/auth");
    expect_for(f, NULL, "Rot13", (const void *[]){ &text }, NULL, "error forbidden/auth");
}

static void who_goes_away_says_so(void **state)
{
    serve_fixture *f = *state;
    server_stop(f->server);
    expect(f, "Add", NULL, NULL, "error recipient-unavailable/wait");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(from_storage, begin, end),
        cmocka_unit_test_setup_teardown(from_values, begin, end),
        cmocka_unit_test_setup_teardown(results_that_cannot_be_sent_are_none, begin, end),
        cmocka_unit_test_setup_teardown(arguments_of_another_method_are_not_taken, begin, end),
        cmocka_unit_test_setup_teardown(strangers_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(who_goes_away_says_so, begin, end),
    };
    return cmocka_run_group_tests_name("serve: local", tests, NULL, NULL);
}
