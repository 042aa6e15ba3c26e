/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of ours fails once, while a form is written, read, run over, and its result shown, and a line is
 * divided: nothing is left behind, and what is given out is not half of it.
 */
#include "wire_check.h"

#include <stdlib.h>

#include <xmlrpc-c/base.h>

#include "base/mem.h"
#include "command/form.h"
#include "command/result.h"
#include "command/show.h"
#include "no_memory.h"
#include "wire_zoo.h"

/* ---- what is done again and again ---- */

typedef struct subject {
    const check_context *check;
    zoo value;
    jrpc_param param; /* of a method that takes and gives a zoo */
    jrpc_method method;
    buf text;            /* of a form that was filled in */
    xmpp_stanza_t *form; /* of text */
    buf whole;           /* what a run writes that lacks nothing; empty before the first */
} subject;

/* A run is done: it has written what the run without a failure has. */
static void expect_whole(subject *s, const buf *out)
{
    assert_int_equal(out->len, s->whole.len);
    assert_memory_equal(out->data, s->whole.data, out->len);
}

/* With the first, second... allocation failing, until none does: each says so, unless it could do without. */
static void torture(jrpc_status (*run)(subject *), subject *s)
{
    buf_reset(&s->whole);
    assert_int_equal(run(s), JRPC_OK);
    for (long nth = 0;; nth++) {
        assert_true(nth < 100000);
        no_memory_after(nth, NO_MEMORY_ONCE);
        jrpc_status status = run(s);
        bool reached = no_memory_end();
        if (status != JRPC_OK)
            assert_int_equal(status, JRPC_E_NOMEM);
        if (!reached) {
            assert_int_equal(status, JRPC_OK);
            return;
        }
    }
}

static jrpc_status of_buf(subject *s, const buf *out)
{
    if (buf_failed(out))
        return JRPC_E_NOMEM;
    no_memory_pause(); /* the test's own memory is there */
    if (s->whole.len == 0)
        buf_append(&s->whole, out->data, out->len);
    assert_false(buf_failed(&s->whole));
    expect_whole(s, out);
    no_memory_resume();
    return JRPC_OK;
}

static jrpc_status run_form(subject *s)
{
    AUTO(buf_done) buf out = BUF_INIT;
    form_problem problem = { "v", "v: is wrong" };
    form_write(&out, &s->method, s->form, &problem);
    return of_buf(s, &out);
}

static jrpc_status run_read(subject *s)
{
    AUTO(arguments_done) arguments a;
    form_problem problem;
    jrpc_status status = arguments_init(&a, &s->method);
    if (status == JRPC_OK)
        status = form_read(s->form, &a, &problem);
    no_memory_pause(); /* not the comparison, which has no way to say so */
    if (status == JRPC_OK)
        assert_true(jrpc_value_equal(&zoo_type, a.values[0], &s->value));
    no_memory_resume();
    return status;
}

static jrpc_status run_result(subject *s)
{
    AUTO(buf_done) buf out = BUF_INIT;
    call_outcome outcome = { .kind = OUTCOME_RESULT, .method = &s->method, .outs = (void *[]){ &s->value } };
    bool complete = result_write_form(&out, &outcome, "T.f", 1 << 20);
    assert_true(complete || buf_failed(&out));
    return of_buf(s, &out);
}

static jrpc_status run_text(subject *s)
{
    AUTO(buf_done) buf out = BUF_INIT;
    call_outcome outcome = { .kind = OUTCOME_RESULT, .method = &s->method, .outs = (void *[]){ &s->value } };
    result_write_text(&out, &outcome, 1 << 20);
    return of_buf(s, &out);
}

static jrpc_status run_words(subject *s)
{
    UNUSED(s);
    words w;
    jrpc_status status = words_split("Rot13 \"There\\n\" 'was' [1, 2]", &w, NULL);
    if (status == JRPC_OK)
        assert_int_equal(w.len, 4);
    words_done(&w);
    return status;
}

static void run_all(void **state)
{
    static jrpc_status (*const runs[])(subject *) = { run_form, run_read, run_result, run_text, run_words };
    subject s = { .check = *state };
    uint64_t seed = 20241231;
    zoo_fill(&zoo_type, NULL, &s.value, 0, &seed);
    jrpc_value_clear(&jrpc_type_any, &s.value.anything); /* JSON has one way to write an integer, XML-RPC two */
    jrpc_value_clear(&jrpc_type_any, &s.value.maybe.anything);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    s.value.anything = xmlrpc_int_new(&env, 5);
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
    s.param = (jrpc_param){ .name = "v", .type = &zoo_type, .direction = JRPC_INOUT, .help = "An animal." };
    s.method = (jrpc_method){ .name = "f", .wire_name = "T.f", .params = &s.param, .param_count = 1, .help = "Help." };
    call_outcome outcome = { .kind = OUTCOME_RESULT, .method = &s.method, .outs = (void *[]){ &s.value } };
    assert_true(result_write_form(&s.text, &outcome, "T.f", 1 << 20));
    s.form = check_parse(s.check, s.text.data);
    for (size_t i = 0; i < COUNT_OF(runs); i++)
        torture(runs[i], &s);
    xmpp_stanza_release(s.form);
    buf_done(&s.text);
    buf_done(&s.whole);
    jrpc_value_clear(&zoo_type, &s.value);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(run_all) };
    return cmocka_run_group_tests_name("command: no memory", tests, check_setup, check_teardown);
}
