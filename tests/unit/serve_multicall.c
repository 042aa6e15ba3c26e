/* SPDX-License-Identifier: MIT */
/* system.multicall: each entry is checked and run as if it had come alone, results keep their order, nothing grows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "serve/incoming.h"
#include "serve_fixture.h"

static int begin(void **state)
{
    *state = serve_new(NULL);
    return 0;
}

static const server_options roomy = { .workers = 2, .max_queued = 16, .max_stanza = 262144, .limits = WIRE_LIMITS_DEFAULT };

static int begin_roomy(void **state)
{
    *state = serve_new(&roomy);
    return 0;
}

static int begin_inline(void **state)
{
    server_options options = roomy;
    options.inline_handlers = true;
    *state = serve_new(&options);
    return 0;
}

static int end(void **state)
{
    serve_free(*state);
    return 0;
}

/* ---- what is asked and answered ---- */

#define PARAM(value) "<param><value>" value "</value></param>"
#define ARRAY(items) "<array><data>" items "</data></array>"
#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define ENTRY(method, params) \
    "<value><struct>" MEMBER("methodName", "<string>" method "</string>") MEMBER("params", ARRAY(params)) \
        "</struct></value>"
#define I4(digits) "<value><i4>" digits "</i4></value>"
#define STRING(text) "<value><string>" text "</string></value>"
#define GOOD(value) "<value>" ARRAY(value) "</value>"
#define BAD(code, text) \
    "<value><struct>" MEMBER("faultCode", "<i4>" code "</i4>") MEMBER("faultString", "<string>" text "</string>") \
        "</struct></value>"

/* Drives until there is an answer: entries may be put in the inline queue at any time, by any thread. */
static void drive(serve_fixture *f)
{
    for (int i = 0; i < 20000; i++) {
        server_run_inline(f->server);
        pthread_mutex_lock(&f->lock);
        bool answered = f->answered > f->taken;
        pthread_mutex_unlock(&f->lock);
        if (answered)
            return;
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
}

static void expect(serve_fixture *f, const char *entries, const char *results)
{
    AUTO(buf_done) buf params = BUF_INIT, content = BUF_INIT;
    buf_printf(&params, PARAM(ARRAY("%s")), entries);
    serve_call(f, "1", "system.multicall", params.data);
    drive(f);
    buf_printf(&content, "<params>" PARAM(ARRAY("%s")) "</params>", results);
    serve_expect_reply(f, "1", content.data);
}

static void results_keep_their_order(void **state)
{
    serve_fixture *f = *state;
    expect(f, "", "");
    expect(f, ENTRY("Add", I4("2") I4("3")), GOOD(I4("5")));
    expect(f,
           ENTRY("Rot13", STRING("Nantes")) ENTRY("Who", "") ENTRY("Divide", I4("47") I4("5")) ENTRY("Nothing", "")
               ENTRY("Divide", I4("1") I4("0")) ENTRY("Add", I4("40") I4("2")),
           GOOD(STRING("Anagrf")) GOOD(STRING("peer-a@localhost/x Who"))
               GOOD("<value><struct>" MEMBER("quotient", "<i4>9</i4>") MEMBER("remainder", "<i4>2</i4>") "</struct></value>")
                   GOOD("<value><boolean>1</boolean></value>") BAD("42", "Test::DivByZero") GOOD(I4("42")));
    expect(f, ENTRY("system.methodHelp", STRING("Rot13")), GOOD(STRING("Rotates letters by &lt;13&gt; places.")));
}

static void lenient_forms_are_read(void **state)
{
    serve_fixture *f = *state;
    expect(f, " <value> <struct> <member> <value>Nothing</value> <name>methodName</name> </member> </struct> </value> ",
           GOOD("<value><boolean>1</boolean></value>"));
    expect(f, "<value><struct>" MEMBER("params", "<array><data>" I4("1") "</data><data>" I4("2") "</data></array>")
                  MEMBER("other", "<i4>5</i4>") MEMBER("methodName", " Add ") "</struct></value>",
           GOOD(I4("3")));
}

/* What is wrong with one says so in its place, and the others run. */
static void faults_stay_in_their_place(void **state)
{
    serve_fixture *f = *state;
    expect(f,
           ENTRY("Nope", "") ENTRY("Add", I4("1")) ENTRY("Rot13", I4("5")) ENTRY("Fault", STRING("x")) "<value><i4>5</i4></value>"
               "<value><struct>" MEMBER("params", ARRAY("")) "</struct></value>" ENTRY("Add", I4("1") I4("1")),
           BAD("-32601", "no such method: Nope") BAD("-32602", "expected 2 parameters, got 1")
               BAD("-32602", "params[0]: expected string, got int") BAD("7", "no such file: x")
                   BAD("-32600", "expected struct, got int") BAD("-32600", "missing member \"methodName\"") GOOD(I4("2")));
    expect(f,
           "<value><struct>" MEMBER("methodName", "<i4>5</i4>") "</struct></value>"
           "<value><struct>" MEMBER("methodName", "Add") MEMBER("params", "<i4>5</i4>") "</struct></value>"
           "<value><struct>" MEMBER("methodName", "Add") MEMBER("methodName", "Add") "</struct></value>"
           "<value><complex/></value>",
           BAD("-32600", "methodName: expected string, got int") BAD("-32600", "params: expected array, got int")
               BAD("-32600", "duplicate member \"methodName\"") BAD("-32600", "unknown type &lt;complex&gt;"));
}

static void nothing_recurses(void **state)
{
    serve_fixture *f = *state;
    expect(f, ENTRY("system.multicall", "<value>" ARRAY(ENTRY("Add", I4("1") I4("1"))) "</value>") ENTRY("Add", I4("1") I4("1")),
           BAD("-32600", "system.multicall within system.multicall") GOOD(I4("2")));
}

static void the_whole_must_be_one_array(void **state)
{
    serve_fixture *f = *state;
    static const struct {
        const char *params, *text;
    } cases[] = {
        { "", "params[0]: &lt;params&gt; without &lt;param&gt;" },
        { PARAM("<i4>5</i4>"), "params[0]: expected array, got int" },
        { PARAM("<struct/>"), "params[0]: expected array, got struct" },
        { PARAM(ARRAY("")) PARAM(ARRAY("")), "params[0]: a second element &lt;param&gt; in &lt;params&gt;" },
        { PARAM("<array><value/></array>"), "params[0]: unexpected &lt;value&gt; in &lt;array&gt;" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        serve_call(f, "1", "system.multicall", cases[i].params);
        serve_expect_fault(f, "1", -32602, cases[i].text);
    }
}

static void the_handler_s_own_failure_is_an_incident(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "system.multicall", PARAM(ARRAY(ENTRY("Fail", I4("-7")) ENTRY("BadResult", "") ENTRY("Fail", I4("-23")))));
    autofree char *answer = serve_answer(f);
    const char *first = strstr(answer, "<i4>-32603</i4>"), *second = first ? strstr(first + 1, "<i4>-32603</i4>") : NULL;
    assert_non_null(second);
    assert_non_null(strstr(second, BAD("-32096", "the method is busy")));
    assert_true(serve_logged(f, "Fail called by peer-a@localhost/x failed: its handler returned JRPC_E_IO"));
    assert_true(serve_logged(f, "BadResult called by peer-a@localhost/x failed: its result cannot be sent: result"));
}

static void introspection_knows_it(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "system.methodSignature", PARAM("<string>system.multicall</string>"));
    serve_expect_reply(f, "1", "<params>" PARAM(ARRAY("<value>" ARRAY(STRING("array") STRING("array")) "</value>")) "</params>");
    serve_call(f, "2", "system.getCapabilities", "");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<name>system.multicall</name>"));
}

static void strangers_learn_nothing(void **state)
{
    serve_fixture *f = *state;
    serve_ask(f, "<iq type='set' id='1' from='stranger@localhost/x' to='peer-b@localhost/rpc'><query xmlns='jabber:iq:rpc'>"
                 "<methodCall><methodName>system.multicall</methodName><params>" PARAM(ARRAY(ENTRY("Add", I4("1"))))
                 "</params></methodCall></query></iq>");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<forbidden "));
}

/* ---- how much ---- */

static void fill(buf *params, const char *entry, size_t count)
{
    buf_append_str(params, "<param><value><array><data>");
    for (size_t i = 0; i < count; i++)
        buf_append_str(params, entry);
    buf_append_str(params, "</data></array></value></param>");
}

static void too_many_are_not_begun(void **state)
{
    serve_fixture *f = *state;
    AUTO(buf_done) buf params = BUF_INIT;
    fill(&params, ENTRY("Wait", ""), 10000);
    serve_call(f, "1", "system.multicall", params.data);
    serve_expect_error(f, "1", "modify", "policy-violation");
    buf_reset(&params);
    fill(&params, "<value/>", 10000);
    serve_call(f, "2", "system.multicall", params.data);
    serve_expect_error(f, "2", "modify", "policy-violation");
    assert_int_equal(f->waiting, 0);
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

/* Also that many do not need the stack of as many. */
static void a_thousand(void **state)
{
    serve_fixture *f = *state;
    AUTO(buf_done) buf params = BUF_INIT;
    fill(&params, ENTRY("Add", I4("1") I4("2")), 1000);
    serve_call(f, "1", "system.multicall", params.data);
    autofree char *answer = serve_answer(f);
    assert_int_equal(count(answer, GOOD(I4("3"))), 1000);
    buf_reset(&params);
    fill(&params, ENTRY("Who", ""), 1000); /* runs inline, whatever the rest does */
    serve_call(f, "2", "system.multicall", params.data);
    drive(f);
    autofree char *second = serve_answer(f);
    assert_int_equal(count(second, "peer-a@localhost/x Who"), 1000);
    buf_reset(&params);
    fill(&params, "<value/>", 1000);
    serve_call(f, "3", "system.multicall", params.data);
    autofree char *third = serve_answer(f);
    assert_int_equal(count(third, "<i4>-32600</i4>"), 1000);
}

/* A result for which there is no room becomes a fault; those after it have theirs, and the stanza keeps its limit. */
static void results_have_a_limit(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "system.multicall",
               PARAM(ARRAY(ENTRY("Large", I4("2000")) ENTRY("Large", I4("2000")) ENTRY("Large", I4("100")) ENTRY("Large", I4("9999999")))));
    autofree char *answer = serve_answer(f);
    assert_true(strlen(answer) <= 4096);
    assert_int_equal(count(answer, "<name>faultCode</name><value><i4>-32097</i4>"), 2);
    assert_int_equal(count(answer, "too large: "), 2);
    assert_int_equal(count(answer, "<array><data><value><string>xxx"), 2);
}

static void texts_of_faults_have_one_too(void **state)
{
    serve_fixture *f = *state;
    AUTO(buf_done) buf entry = BUF_INIT, params = BUF_INIT;
    buf_append_str(&entry, "<value><struct>" MEMBER("methodName", "Fault") "<member><name>params</name><value><array><data><value>");
    for (size_t i = 0; i < 500; i++)
        buf_append_str(&entry, "&lt;&amp;ü");
    buf_append_str(&entry, "</value></data></array></value></member></struct></value>");
    fill(&params, entry.data, 14);
    serve_call(f, "1", "system.multicall", params.data);
    autofree char *answer = serve_answer(f);
    assert_true(strlen(answer) <= 4096);
    assert_int_equal(count(answer, "<name>faultCode</name><value><i4>7</i4>"), 14);
    assert_int_equal(count(answer, "no such file: ??ü??ü"), 14);
}

/* All entries share what one stanza may cost. */
static void one_budget_for_all(void **state)
{
    serve_fixture *f = *state;
    f->server->options.limits.max_elements = 60;
    serve_call(f, "1", "system.multicall", PARAM(ARRAY(ENTRY("Add", I4("1") I4("2")) ENTRY("Add", I4("1") I4("2"))
                                                       ENTRY("Add", I4("1") I4("2")) ENTRY("Add", I4("1") I4("2")))));
    autofree char *answer = serve_answer(f);
    assert_true(count(answer, GOOD(I4("3"))) > 0);
    assert_true(count(answer, "more than 60 XML elements") > 0);
}

/* ---- answers that come later ---- */

static jrpc_call *kept[16];
static size_t kept_count;
static int32_t later_answer;

static jrpc_status later(jrpc_call *call, int32_t *ret_number)
{
    UNUSED(ret_number);
    serve_fixture *f = jrpc_call_userdata(call);
    jrpc_call_defer(call);
    pthread_mutex_lock(&f->lock);
    kept[kept_count++] = call;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
    return JRPC_OK;
}

static const struct {
    jrpc_status (*later)(jrpc_call *call, int32_t *ret_number);
} later_impl = { later };
static const jrpc_interface later_interface;
static const jrpc_method later_methods[] = {
    { .name = "Later", .wire_name = "Later", .interface_ = &later_interface, .result = &jrpc_type_i32 },
};
static const jrpc_interface later_interface = { JRPC_DESC_ABI, 1, "Later", later_methods, NULL };

static void serve_later(serve_fixture *f)
{
    kept_count = 0;
    assert_int_equal(registry_add_interface(&f->server->registry, &later_interface, &later_impl, f, NULL), JRPC_OK);
}

static jrpc_call *take_kept(serve_fixture *f, size_t index)
{
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&f->lock);
        jrpc_call *call = kept_count > index ? kept[index] : NULL;
        pthread_mutex_unlock(&f->lock);
        if (call)
            return call;
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
        server_run_inline(f->server);
    }
    fail_msg("the handler was not called");
    return NULL;
}

#define LATER_TWICE \
    PARAM(ARRAY(ENTRY("Later", "") ENTRY("Add", I4("1") I4("1")) ENTRY("Later", "") ENTRY("Add", I4("2") I4("2"))))

static void deferred_ones_are_waited_for(void **state)
{
    serve_fixture *f = *state;
    serve_later(f);
    serve_call(f, "1", "system.multicall", LATER_TWICE);
    later_answer = 7;
    jrpc_call_reply(take_kept(f, 0), later_methods, (const void *[]){ &later_answer });
    jrpc_call *second = take_kept(f, 1);
    assert_int_equal(f->answered, 0);
    jrpc_call_fault(second, 5, "not today");
    jrpc_call_fail(second, JRPC_E_FAULT);
    drive(f);
    serve_expect_reply(f, "1", "<params>" PARAM(ARRAY(GOOD(I4("7")) GOOD(I4("2")) BAD("5", "not today") GOOD(I4("4")))) "</params>");
}

/* The server goes away while an entry waits for its answer: the caller is told once, the rest does not begin. */
static void who_goes_away_ends_it(void **state)
{
    serve_fixture *f = *state;
    serve_later(f);
    serve_call(f, "1", "system.multicall", LATER_TWICE);
    jrpc_call *first = take_kept(f, 0);
    server_stop(f->server);
    autofree char *answer = serve_answer(f);
    /* Which of the two, the whole or its entry, is told first is left open. */
    bool whole = strstr(answer, "type='error'") && strstr(answer, "<service-unavailable");
    bool entries = count(answer, "<i4>-32095</i4>") == 4;
    assert_true(whole || entries);
    assert_int_equal(f->answered, 1);
    jrpc_call_reply(first, later_methods, (const void *[]){ &later_answer }); /* too late: only frees it */
    assert_int_equal(f->answered, 1);
    assert_int_equal(kept_count, 1);
}

/* Entries are in the queue for the driving thread, and nobody drives any more. */
static void nobody_drives_any_more(void **state)
{
    serve_fixture *f = *state;
    serve_later(f);
    serve_call(f, "1", "system.multicall", PARAM(ARRAY(ENTRY("Later", "") ENTRY("Who", "") ENTRY("Who", ""))));
    jrpc_call_reply(take_kept(f, 0), later_methods, (const void *[]){ &later_answer });
    /* serve_free() finds the first Who in the queue, or a worker that is about to put it there. */
}

/* ---- not by IQ ---- */

static void take(const call_outcome *outcome, void *userdata)
{
    assert_int_equal(outcome->kind, OUTCOME_FAULT);
    assert_int_equal(outcome->code, -32600);
    ++*(int *)userdata;
}

static void only_by_iq(void **state)
{
    serve_fixture *f = *state;
    int times = 0;
    incoming_local local = { .caller = "peer-a@localhost/x", .method = "system.multicall", .finish = take, .userdata = &times };
    incoming_start_local(f->server, &local);
    server_stop(f->server);
    assert_int_equal(times, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define ROOMY(name) cmocka_unit_test_setup_teardown(name, begin_roomy, end)
#define INLINE(name) cmocka_unit_test_setup_teardown(name, begin_inline, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOMY(results_keep_their_order),
        INLINE(results_keep_their_order),
        TEST(lenient_forms_are_read),
        ROOMY(faults_stay_in_their_place),
        TEST(nothing_recurses),
        TEST(the_whole_must_be_one_array),
        TEST(the_handler_s_own_failure_is_an_incident),
        TEST(introspection_knows_it),
        TEST(strangers_learn_nothing),
        ROOMY(too_many_are_not_begun),
        ROOMY(a_thousand),
        INLINE(a_thousand),
        TEST(results_have_a_limit),
        TEST(texts_of_faults_have_one_too),
        TEST(one_budget_for_all),
        TEST(deferred_ones_are_waited_for),
        INLINE(deferred_ones_are_waited_for),
        TEST(who_goes_away_ends_it),
        INLINE(who_goes_away_ends_it),
        TEST(nobody_drives_any_more),
        TEST(only_by_iq),
    };
    return cmocka_run_group_tests_name("serve: multicall", tests, NULL, NULL);
}
