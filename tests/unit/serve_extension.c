/* SPDX-License-Identifier: MIT */
/* What a server makes of the extension element: keys, deadlines, nonsense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "serve_fixture.h"

#define NS "urn:x-jabber-rpc:0"
#define FROM_A "peer-a@localhost/x"
#define KEY "session='00000000000000aa' n='1'"

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

static void ask(serve_fixture *f, const char *from, const char *id, const char *method, const char *element)
{
    AUTO(buf_done) buf iq = BUF_INIT;
    buf_printf(&iq,
               "<iq type='set' id='%s' from='%s' to='peer-b@localhost/rpc'><query xmlns='jabber:iq:rpc'>"
               "<methodCall><methodName>%s</methodName></methodCall>%s</query></iq>",
               id, from, method, element);
    serve_ask(f, iq.data);
}

static void ask_keyed(serve_fixture *f, const char *id, const char *method, const char *attributes)
{
    AUTO(buf_done) buf element = BUF_INIT;
    buf_printf(&element, "<call xmlns='" NS "' %s/>", attributes);
    ask(f, FROM_A, id, method, element.data);
}

#define ONE "<params><param><value><i4>1</i4></value></param></params>"

static void a_key_runs_once(void **state)
{
    serve_fixture *f = *state;
    serve_open_gate(f);
    for (int i = 0; i < 3; i++) {
        ask_keyed(f, i ? "again" : "first", "Wait", KEY);
        serve_expect_reply(f, i ? "again" : "first", ONE);
    }
    ask_keyed(f, "next", "Wait", "session='00000000000000aa' n='2' low='2'");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<i4>2</i4>")); /* the second run, of the fourth call */
    ask_keyed(f, "late", "Wait", KEY);
    autofree char *refusal = serve_answer(f);
    assert_non_null(strstr(refusal, "<unknown-outcome xmlns='" NS "'/>"));
    serve_expect_nothing(f);
}

static void a_running_call_is_answered_once(void **state)
{
    serve_fixture *f = *state;
    ask_keyed(f, "first", "Wait", KEY);
    serve_wait_waiting(f, 1);
    ask_keyed(f, "again", "Wait", KEY);
    serve_open_gate(f);
    serve_expect_reply(f, "again", ONE);
    serve_expect_nothing(f);
}

static void faults_and_refusals_are_kept_too(void **state)
{
    serve_fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        ask_keyed(f, "1", "Missing", KEY);
        serve_expect_fault(f, "1", -32601, "no such method: Missing");
        ask_keyed(f, "2", "Add", "session='00000000000000aa' n='2'");
        autofree char *answer = serve_answer(f);
        assert_non_null(strstr(answer, "<i4>-32602</i4>"));
    }
    serve_expect_nothing(f);
}

/* To say no now would be to say that it has not run. */
static void what_has_run_is_told_while_draining(void **state)
{
    serve_fixture *f = *state;
    ask_keyed(f, "1", "Nothing", KEY);
    autofree char *answer = serve_answer(f);
    atomic_store(&f->server->draining, true);
    ask_keyed(f, "1", "Nothing", KEY);
    serve_expect(f, answer);
    ask_keyed(f, "2", "Nothing", "session='00000000000000aa' n='2'");
    serve_expect_error(f, "2", "wait", "recipient-unavailable");
}

static void nobody_gets_anothers_answer(void **state)
{
    serve_fixture *f = *state;
    ask_keyed(f, "1", "Nothing", KEY);
    free(serve_answer(f));
    ask(f, "mallory@localhost/x", "1", "Nothing", "<call xmlns='" NS "' " KEY "/>");
    autofree char *refusal = serve_answer(f);
    assert_non_null(strstr(refusal, "<forbidden "));
    ask(f, "peer-a@localhost/other", "1", "Nothing", "<call xmlns='" NS "' " KEY "/>"); /* the same account */
    autofree char *again = serve_answer(f);
    assert_non_null(strstr(again, "to='peer-a@localhost/other'"));
    assert_non_null(strstr(again, "type='result'"));
}

static void another_servers_key_is_refused(void **state)
{
    serve_fixture *f = *state;
    ask_keyed(f, "1", "Nothing", KEY " again='0000000000000000'");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<iq type='error' id='1'"));
    assert_non_null(strstr(answer, "<unknown-outcome xmlns='" NS "'/>"));
    serve_expect_nothing(f);
}

static void its_epoch_is_announced(void **state)
{
    serve_fixture *f = *state;
    serve_ask(f, "<iq type='get' id='1' from='" FROM_A "' to='peer-b@localhost/rpc'>"
                 "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    autofree char *answer = serve_answer(f);
    AUTO(buf_done) buf form = BUF_INIT;
    buf_printf(&form,
               "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>" NS
               "</value></field><field var='epoch'><value>%s</value></field></x>",
               replay_epoch(f->server->replay));
    assert_non_null(strstr(answer, form.data));
}

static void what_cannot_be_read_is_not_run(void **state)
{
    serve_fixture *f = *state;
    static const char *const bad[] = { "deadline='soon'", "deadline='9223372036854775808'", "n='1'",
                                       "session='00000000000000aa' n='99999999999999999999'" };
    serve_open_gate(f);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        ask_keyed(f, "1", "Wait", bad[i]);
        serve_expect_error(f, "1", "modify", "bad-request");
    }
    ask(f, FROM_A, "1", "Wait", "<call xmlns='" NS "'/><call xmlns='" NS "'/>");
    serve_expect_error(f, "1", "modify", "bad-request");
    ask(f, "mallory@localhost/x", "1", "Wait", "<call xmlns='" NS "' n='x'/>");
    autofree char *refusal = serve_answer(f);
    assert_non_null(strstr(refusal, "<forbidden ")); /* strangers are told nothing else */
    ask(f, FROM_A, "1", "Wait", "<call xmlns='urn:other' deadline='soon'/>");
    serve_expect_reply(f, "1", ONE);
}

static void late_calls_are_not_run(void **state)
{
    serve_fixture *f = *state;
    serve_open_gate(f);
    ask_keyed(f, "1", "Wait", "deadline='0'");
    serve_expect_fault(f, "1", -32098, "not run: its deadline passed before it was its turn");
    ask_keyed(f, "2", "Wait", "deadline='9223372036854775807'");
    serve_expect_reply(f, "2", ONE);
    assert_int_equal(atomic_load(&f->server->expired), 1);
}

/* The entries of a multicall share its key and its deadline. */
static void a_multicall_is_one_call(void **state)
{
    serve_fixture *f = *state;
    static const char entry[] = "<value><struct><member><name>methodName</name><value><string>Wait</string></value></member>"
                                "<member><name>params</name><value><array><data/></array></value></member></struct></value>";
    AUTO(buf_done) buf iq = BUF_INIT;
    serve_open_gate(f);
    buf_printf(&iq,
               "<iq type='set' id='1' from='" FROM_A "' to='peer-b@localhost/rpc'><query xmlns='jabber:iq:rpc'>"
               "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>%s%s</data></array>"
               "</value></param></params></methodCall><call xmlns='" NS "' deadline='60000' " KEY "/></query></iq>",
               entry, entry);
    serve_ask(f, iq.data);
    autofree char *first = serve_answer(f);
    assert_non_null(strstr(first, "<i4>2</i4>"));
    serve_ask(f, iq.data);
    serve_expect(f, first);
    assert_int_equal(f->waiting, 2);
    assert_int_equal(atomic_load(&f->server->expired), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_runs_once),
        TEST(a_running_call_is_answered_once),
        TEST(faults_and_refusals_are_kept_too),
        TEST(what_has_run_is_told_while_draining),
        TEST(nobody_gets_anothers_answer),
        TEST(another_servers_key_is_refused),
        TEST(its_epoch_is_announced),
        TEST(what_cannot_be_read_is_not_run),
        TEST(late_calls_are_not_run),
        TEST(a_multicall_is_one_call),
    };
    return cmocka_run_group_tests_name("unit: server and extension", tests, NULL, NULL);
}
