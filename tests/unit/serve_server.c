/* SPDX-License-Identifier: MIT */
/* What a server answers: every row of the table of errors, and nothing to strangers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "serve_fixture.h"

#define STRING(text) "<param><value><string>" text "</string></value></param>"
#define NUMBER(digits) "<param><value><i4>" digits "</i4></value></param>"
#define RESULT(value) "<params><param><value>" value "</value></param></params>"
#define FROM_A " from='peer-a@localhost/x' to='peer-b@localhost/rpc'"
#define FROM_STRANGER " from='stranger@localhost/x' to='peer-b@localhost/rpc'"

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

/* ---- what goes well ---- */

static void calls_are_answered(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Rot13", STRING("There was a young lady of Nantes"));
    serve_expect_reply(f, "1", RESULT("<string>Gurer jnf n lbhat ynql bs Anagrf</string>"));
    serve_call(f, "2", "Add", NUMBER("2") NUMBER("-5"));
    serve_expect_reply(f, "2", RESULT("<i4>-3</i4>"));
    serve_call(f, "3", "Nothing", "");
    serve_expect_reply(f, "3", RESULT("<boolean>1</boolean>"));
    serve_call(f, "4", "Divide", NUMBER("7") NUMBER("2"));
    serve_expect_reply(f, "4",
                       RESULT("<struct><member><name>quotient</name><value><i4>3</i4></value></member>"
                              "<member><name>remainder</name><value><i4>1</i4></value></member></struct>"));
    serve_expect_nothing(f);
}

static void the_handler_knows_its_caller(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Who", "");
    serve_expect_reply(f, "1", RESULT("<string>peer-a@localhost/x Who</string>"));
}

static void lenient_forms_are_read(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", " Add\n", "\n <param> <value><int>2</int></value> </param>" NUMBER("3"));
    serve_expect_reply(f, "1", RESULT("<i4>5</i4>"));
    serve_call(f, "2", "Rot13", "<param><value>plain</value></param>");
    serve_expect_reply(f, "2", RESULT("<string>cynva</string>"));
    serve_ask(f, "<iq type='set' id='3'" FROM_A "><query xmlns='jabber:iq:rpc'><methodCall>"
                 "<methodName>Nothing</methodName></methodCall><extra xmlns='urn:x'/></query></iq>");
    serve_expect_reply(f, "3", RESULT("<boolean>1</boolean>"));
    serve_ask(f, "<iq type='set' id='4'" FROM_A "><r:query xmlns:r='jabber:iq:rpc'><r:methodCall>"
                 "<r:methodName>Nothing</r:methodName><r:params/></r:methodCall></r:query></iq>");
    serve_expect_reply(f, "4", RESULT("<boolean>1</boolean>"));
}

/* ---- faults ---- */

static void unknown_methods_are_faults(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Rot14", "");
    serve_expect_fault(f, "1", -32601, "no such method: Rot14");
    serve_call(f, "2", "rot13", "");
    serve_expect_fault(f, "2", -32601, "no such method: rot13");
    serve_call(f, "3", "&lt;b&gt;&amp;", "");
    serve_expect_fault(f, "3", -32601, "no such method: &lt;b&gt;&amp;");
    serve_call(f, "4", "system.shutdown", STRING("bye"));
    serve_expect_fault(f, "4", -32601, "no such method: system.shutdown");
}

static void wrong_parameters_are_faults(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Rot13", NUMBER("5"));
    serve_expect_fault(f, "1", -32602, "params[0]: expected string, got int");
    serve_call(f, "2", "Add", NUMBER("5") STRING("x"));
    serve_expect_fault(f, "2", -32602, "params[1]: expected long, got string");
    serve_call(f, "3", "Add", NUMBER("5") NUMBER("5") NUMBER("5"));
    serve_expect_fault(f, "3", -32602, "expected 2 parameters, got 3");
    serve_call(f, "4", "Add", NUMBER("5"));
    serve_expect_fault(f, "4", -32602, "expected 2 parameters, got 1");
    serve_call(f, "5", "Add", NUMBER("2147483648") NUMBER("5"));
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<i4>-32602</i4>"));
    assert_non_null(strstr(answer, "params[0]: "));
    serve_expect_nothing(f);
}

static void no_call_is_a_fault(void **state)
{
    serve_fixture *f = *state;
    static const char *const bad[] = {
        "",
        "<methodResponse/>",
        "<methodCall/>",
        "<methodCall><methodName/></methodCall>",
        "<methodCall><params/></methodCall>",
        "<methodCall><methodName> </methodName></methodCall>",
        "text",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO(buf_done) buf iq = BUF_INIT;
        buf_printf(&iq, "<iq type='set' id='1'" FROM_A "><query xmlns='jabber:iq:rpc'>%s</query></iq>",
                   bad[i]);
        serve_ask(f, iq.data);
        autofree char *answer = serve_answer(f);
        if (!strstr(answer, "<i4>-32600</i4>"))
            fail_msg("%s: %s", bad[i], answer);
        assert_non_null(strstr(answer, "<iq type='result' id='1'"));
    }
}

static void a_handler_answers_with_its_own_fault(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Fault", STRING("a &lt;b&gt; %s"));
    serve_expect_fault(f, "1", 7, "no such file: a &lt;b&gt; %s");
}

static void a_declared_exception_has_its_code(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Divide", NUMBER("7") NUMBER("0"));
    serve_expect_fault(f, "1", 42, "Test::DivByZero");
}

static void its_members_go_to_those_who_understand(void **state)
{
    serve_fixture *f = *state;
    f->extension = true;
    serve_call(f, "1", "Divide", NUMBER("7") NUMBER("0"));
    autofree char *answer = serve_answer(f);
    const char *members =
        strstr(answer, "</methodResponse><exception xmlns='urn:x-jabber-rpc:0' name='Test::DivByZero'>");
    assert_non_null(members);
    assert_non_null(strstr(members, "<name>numerator</name><value><i4>7</i4></value>"));
    assert_non_null(strstr(members, "<string>not by zero</string>"));
    assert_non_null(strstr(answer, "<i4>42</i4>"));
}

/* The number in the answer is the one in the log, and nothing else of the failure gets out. */
static void check_incident(serve_fixture *f, const char *logged)
{
    static const char begin_of_text[] = "<string>internal error (incident ";
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<i4>-32603</i4>"));
    const char *text = strstr(answer, begin_of_text);
    assert_non_null(text);
    char number[17] = "";
    strncpy(number, text + strlen(begin_of_text), 16);
    assert_int_equal(strspn(number, "0123456789abcdef"), 16);
    assert_string_equal(text + strlen(begin_of_text) + 16,
                        ")</string></value></member></struct></value></fault></methodResponse></query></iq>");
    assert_true(serve_logged(f, number));
    assert_true(serve_logged(f, logged));
}

/* An array in an array, and so on. */
static jrpc_status nest(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(call);
    UNUSED(params);
    UNUSED(userdata);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    *ret_result = xmlrpc_array_new(&env);
    for (int i = 0; i < 100; i++) {
        xmlrpc_value *inner = *ret_result;
        *ret_result = xmlrpc_build_value(&env, "(V)", inner);
        xmlrpc_DECREF(inner);
    }
    xmlrpc_env_clean(&env);
    return JRPC_OK;
}

static void a_failing_handler_leaks_nothing(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Fail", NUMBER("-7")); /* IO */
    check_incident(f, "Fail called by peer-a@localhost/x failed: its handler returned JRPC_E_IO (-7)");
    serve_call(f, "2", "Fail", NUMBER("-28")); /* FAULT, though it never said which */
    check_incident(f, "failed: its handler returned JRPC_E_FAULT (-28)");
    serve_call(f, "3", "Fail", NUMBER("12345"));
    check_incident(f, "failed: its handler returned JRPC_E_UNKNOWN (12345)");
    serve_call(f, "4", "BadResult", "");
    /* The log quotes no value, and says which option shows it. */
    check_incident(f, "its result cannot be sent: result: not a value of its type (with --log-payloads the log says more)");
    assert_int_equal(registry_add_value(&f->server->registry, "Deep", nest, NULL, NULL, NULL), JRPC_OK);
    serve_call(f, "6", "Deep", "");
    check_incident(f, "[0]: values nest deeper than 64 levels (incident");
    serve_call(f, "5", "RaiseUndeclared", "");
    check_incident(f, "RaiseUndeclared raises Test::Undeclared, which its interface does not declare");
}

static void a_busy_handler_says_so(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Fail", NUMBER("-23"));
    serve_expect_error(f, "1", "wait", "resource-constraint");
}

static void a_result_too_large_says_both_sizes(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Large", NUMBER("4000"));
    serve_expect_fault(f, "1", -32097, "the result needs a stanza of 4216 bytes, the limit is 4096");
    serve_call(f, "2", "Large", NUMBER("3880")); /* 4096 exactly */
    autofree char *answer = serve_answer(f);
    assert_int_equal(strlen(answer), 4096);
    serve_call(f, "3", "Large", NUMBER("3881"));
    serve_expect_fault(f, "3", -32097, "the result needs a stanza of 4097 bytes, the limit is 4096");
}

static void a_fault_too_large_is_cut(void **state)
{
    serve_fixture *f = *state;
    AUTO(buf_done) buf params = BUF_INIT;
    buf_append_lit(&params, "<param><value><string>");
    for (int i = 0; i < 5000; i++)
        buf_append_lit(&params, "\xC3\xA9&amp;");
    buf_append_lit(&params, "</string></value></param>");
    serve_call(f, "1", "Fault", params.data);
    autofree char *answer = serve_answer(f);
    assert_true(strlen(answer) <= 4096);
    assert_non_null(strstr(answer, "<i4>7</i4>"));
    assert_non_null(strstr(answer, "no such file: "));
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(f->ctx, answer); /* cut between characters */
    assert_non_null(stanza);
    xmpp_stanza_release(stanza);
}

/* ---- stanza errors ---- */

static void strangers_learn_nothing(void **state)
{
    serve_fixture *f = *state;
    static const char *const requests[] = {
        "<iq type='set' id='1'" FROM_STRANGER "><query xmlns='jabber:iq:rpc'><methodCall><methodName>Rot13"
        "</methodName><params/></methodCall></query></iq>",
        "<iq type='set' id='1'" FROM_STRANGER "><query xmlns='jabber:iq:rpc'><methodCall><methodName>Rot14"
        "</methodName><params/></methodCall></query></iq>",
        "<iq type='set' id='1'" FROM_STRANGER "><query xmlns='jabber:iq:rpc'><methodCall><methodName>"
        "system.listMethods</methodName></methodCall></query></iq>",
        "<iq type='set' id='1'" FROM_STRANGER "><query xmlns='jabber:iq:rpc'/></iq>",
        "<iq type='set' id='1'" FROM_STRANGER "><query xmlns='jabber:iq:rpc'><nonsense/></query></iq>",
        "<iq type='get' id='1'" FROM_STRANGER "><query xmlns='jabber:iq:rpc'/></iq>",
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        serve_ask(f, requests[i]);
        serve_expect(
            f, "<iq type='error' id='1' to='stranger@localhost/x' from='peer-b@localhost/rpc'>"
               "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    }
    assert_true(serve_logged(f, "a call by stranger@localhost/x was refused"));
    serve_ask(f, "<iq type='set' id='2'><query xmlns='jabber:iq:rpc'><methodCall><methodName>Who</methodName>"
                 "</methodCall></query></iq>");
    serve_expect(f, "<iq type='error' id='2'><error type='auth'><forbidden "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    serve_expect_nothing(f);
}

static void draining_tells_strangers_nothing_either(void **state)
{
    serve_fixture *f = *state;
    server_stop(f->server);
    serve_ask(f, "<iq type='set' id='1'" FROM_STRANGER
                 "><query xmlns='jabber:iq:rpc'><methodCall><methodName>Who"
                 "</methodName></methodCall></query></iq>");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<forbidden"));
    serve_call(f, "2", "Rot13", STRING("x"));
    serve_expect_error(f, "2", "wait", "recipient-unavailable");
    serve_call(f, "3", "Who", ""); /* inline methods drain as well */
    serve_expect_error(f, "3", "wait", "recipient-unavailable");
}

static void bad_requests_are_told(void **state)
{
    serve_fixture *f = *state;
    static const char *const bad[] = {
        "<iq type='get' id='1'" FROM_A "><query xmlns='jabber:iq:rpc'/></iq>",
        "<iq type='set' id='1'" FROM_A "/>",
        "<iq type='get' id='1'" FROM_A ">text</iq>",
        "<iq type='set' id='1'" FROM_A "><query xmlns='jabber:iq:rpc'/><query xmlns='jabber:iq:rpc'/></iq>",
        "<iq type='set' id='1'" FROM_A "><a xmlns='urn:a'/> <b xmlns='urn:b'/></iq>",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        serve_ask(f, bad[i]);
        serve_expect_error(f, "1", "modify", "bad-request");
    }
    serve_ask(f, "<iq type='get'" FROM_A "><ping xmlns='urn:xmpp:ping'/></iq>");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<iq type='error' to='peer-a@localhost/x'"));
    assert_non_null(strstr(answer, "<bad-request"));
}

static void foreign_namespaces_are_unavailable(void **state)
{
    serve_fixture *f = *state;
    static const char *const foreign[] = {
        "<iq type='set' id='1'" FROM_A "><query xmlns='urn:unknown'/></iq>",
        "<iq type='get' id='1'" FROM_A "><query xmlns='jabber:iq:version'/></iq>",
        "<iq type='set' id='1'" FROM_A "><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        "<iq type='set' id='1'" FROM_A "><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='set' id='1'" FROM_A "><methodCall xmlns='jabber:iq:rpc'/></iq>",
        "<iq type='get' id='1'" FROM_A "><nothing/></iq>",
    };
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        serve_ask(f, foreign[i]);
        serve_expect_error(f, "1", "cancel", "service-unavailable");
    }
}

static void a_full_queue_refuses(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "Wait", "");
    serve_call(f, "2", "Wait", "");
    serve_wait_waiting(f, 2); /* both workers are busy */
    for (int i = 0; i < 8; i++) /* half of the queue is for others */
        serve_call(f, "queued", "Add", NUMBER("1") NUMBER("1"));
    serve_call(f, "3", "Add", NUMBER("1") NUMBER("1"));
    serve_expect_error(f, "3", "wait", "resource-constraint");
    serve_call(f, "4", "Who", ""); /* needs no worker */
    serve_expect_reply(f, "4", RESULT("<string>peer-a@localhost/x Who</string>"));
    serve_open_gate(f);
    server_stop(f->server); /* what was accepted is answered */
    assert_int_equal(f->answered - f->taken, 10);
}

static void inline_calls_are_bounded_too(void **state)
{
    UNUSED(state);
    const server_options options = { .workers = 1,
                                     .max_queued = 2,
                                     .inline_handlers = true,
                                     .max_stanza = 4096,
                                     .limits = WIRE_LIMITS_DEFAULT };
    serve_fixture *f = serve_new(&options);
    static const char iq[] =
        "<iq type='set' id='1'" FROM_A "><query xmlns='jabber:iq:rpc'><methodCall><methodName>"
        "Nothing</methodName></methodCall></query></iq>";
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(f->ctx, iq);
    for (int i = 0; i < 3; i++)
        server_handle_iq(f->server, stanza); /* three in one pass */
    xmpp_stanza_release(stanza);
    serve_expect_error(f, "1", "wait", "resource-constraint");
    assert_int_equal(f->answered, f->taken); /* nothing runs while the link's callbacks are on the stack */
    server_run_inline(f->server);
    serve_expect_reply(f, "1", RESULT("<boolean>1</boolean>"));
    serve_expect_reply(f, "1", RESULT("<boolean>1</boolean>"));
    serve_call(f, "2", "Nothing", "");
    serve_expect_reply(f, "2", RESULT("<boolean>1</boolean>"));
    serve_expect_nothing(f);
    serve_free(f);
}

static void a_lost_answer_is_logged(void **state)
{
    serve_fixture *f = *state;
    f->send_fails = true;
    serve_call(f, "1", "Who", "");
    assert_true(serve_logged(f, "an answer was lost"));
}

/* ---- disco, ping ---- */

static void disco_and_ping_are_for_everyone(void **state)
{
    serve_fixture *f = *state;
    serve_ask(f, "<iq type='get' id='1'" FROM_STRANGER
                 "><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer,
                           "<iq type='result' id='1' to='stranger@localhost/x' from='peer-b@localhost/rpc'>"
                           "<query xmlns='http://jabber.org/protocol/disco#info'>"));
    assert_non_null(strstr(answer, "<identity category='automation' type='rpc'"));
    assert_non_null(strstr(answer, "<feature var='jabber:iq:rpc'/>"));
    assert_non_null(strstr(answer, "<feature var='http://jabber.org/protocol/disco#info'/>"));
    assert_null(strstr(answer, "Rot13"));
    serve_ask(f, "<iq type='get' id='2'" FROM_STRANGER "><ping xmlns='urn:xmpp:ping'/></iq>");
    serve_expect(f, "<iq type='result' id='2' to='stranger@localhost/x' from='peer-b@localhost/rpc'></iq>");
    serve_ask(f, "<iq type='get' id='3'" FROM_A
                 "><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>");
    serve_expect_error(f, "3", "cancel", "item-not-found");
    serve_ask(f, "<iq type='get' id='4'" FROM_STRANGER
                 "><query xmlns='http://jabber.org/protocol/disco#items'/></iq>");
    autofree char *items = serve_answer(f);
    assert_null(strstr(items, "Rot13"));
}

/* ---- introspection ---- */

static void methods_are_listed(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "system.listMethods", "");
    autofree char *answer = serve_answer(f);
    const char *at = answer;
    static const char *const names[] = { "Add",
                                         "Rot13",
                                         "Who",
                                         "system.getCapabilities",
                                         "system.listMethods",
                                         "system.methodHelp",
                                         "system.methodSignature",
                                         "system.multicall" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        AUTO(buf_done) buf item = BUF_INIT;
        buf_printf(&item, "<value><string>%s</string></value>", names[i]);
        at = strstr(at, item.data); /* in this order */
        assert_non_null(at);
    }
    serve_call(f, "2", "system.listMethods", NUMBER("1"));
    serve_expect_fault(f, "2", -32602, "expected 0 parameters, got 1");
}

static void methods_explain_themselves(void **state)
{
    serve_fixture *f = *state;
    serve_call(f, "1", "system.methodHelp", STRING("Rot13"));
    serve_expect_reply(f, "1", RESULT("<string>Rotates letters by &lt;13&gt; places.</string>"));
    serve_call(f, "2", "system.methodHelp", STRING("Add"));
    serve_expect_reply(f, "2", RESULT("<string></string>"));
    serve_call(f, "3", "system.methodHelp", STRING("Rot14"));
    serve_expect_fault(f, "3", -32601, "no such method: Rot14");
    serve_call(f, "4", "system.methodHelp", NUMBER("5"));
    serve_expect_fault(f, "4", -32602, "params[0]: expected string: the name of a method");
    serve_call(f, "5", "system.methodHelp", "");
    serve_expect_fault(f, "5", -32602, "expected 1 parameter, got 0");
    serve_call(f, "6", "system.methodSignature", STRING("Divide"));
    serve_expect_reply(f, "6",
                       RESULT("<array><data><value><array><data><value><string>struct</string></value>"
                              "<value><string>int</string></value><value><string>int</string></value>"
                              "</data></array></value></data></array>"));
    serve_call(f, "7", "system.methodSignature", STRING("system.methodHelp"));
    serve_expect_reply(f, "7",
                       RESULT("<array><data><value><array><data><value><string>string</string></value>"
                              "<value><string>string</string></value></data></array></value></data></array>"));
    serve_call(f, "8", "system.methodSignature", STRING("Nothing"));
    serve_expect_reply(f, "8",
                       RESULT("<array><data><value><array><data><value><string>boolean</string></value>"
                              "</data></array></value></data></array>"));
    serve_call(f, "9", "system.getCapabilities", "");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<name>faults_interop</name>"));
}

/* ---- methods on xmlrpc-c's values ---- */

static jrpc_status echo(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    assert_ptr_equal(jrpc_call_userdata(call), userdata);
    assert_string_equal(userdata, "mine");
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    int count = xmlrpc_array_size(&env, params);
    if (count == 1)
        xmlrpc_array_read_item(&env, params, 0, ret_result);
    xmlrpc_env_clean(&env);
    return count > 1 ? jrpc_call_fault(call, 9, "one at a time, not %d", count) : JRPC_OK;
}

static void values_are_served(void **state)
{
    serve_fixture *f = *state;
    static char mine[] = "mine";
    assert_int_equal(registry_add_value(&f->server->registry, "Echo", echo, mine, NULL, NULL), JRPC_OK);
    serve_call(f, "1", "Echo",
               "<param><value><array><data><value><i4>1</i4></value></data></array></value></param>");
    serve_expect_reply(f, "1", RESULT("<array><data><value><i4>1</i4></value></data></array>"));
    serve_call(f, "2", "Echo", NUMBER("1") NUMBER("2"));
    serve_expect_fault(f, "2", 9, "one at a time, not 2");
    serve_call(f, "3", "Echo", "");
    serve_expect_reply(f, "3", RESULT("<boolean>1</boolean>"));
    serve_call(f, "5", "system.methodSignature", STRING("Echo"));
    serve_expect_reply(f, "5", RESULT("<string>undef</string>"));
    serve_call(f, "4", "Echo", "<param><value><double>nan</double></value></param>");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<i4>-32602</i4>"));
    assert_non_null(strstr(answer, "params[0]"));
}

/* ---- hostile stanzas ---- */

static void deep_values_are_refused(void **state)
{
    serve_fixture *f = *state;
    static const int depths[] = { 65, 300, 3000 };
    assert_int_equal(registry_add_value(&f->server->registry, "Echo", echo, (char[]){ "mine" }, NULL, NULL),
                     JRPC_OK);
    for (size_t d = 0; d < COUNT_OF(depths); d++) {
        AUTO(buf_done) buf params = BUF_INIT;
        buf_append_lit(&params, "<param>");
        for (int i = 0; i < depths[d]; i++)
            buf_append_lit(&params, "<value><array><data>");
        for (int i = 0; i < depths[d]; i++)
            buf_append_lit(&params, "</data></array></value>");
        buf_append_lit(&params, "</param>");
        serve_call(f, "1", "Echo", params.data);
        serve_expect_error(f, "1", "modify", "policy-violation");
    }
}

static void many_elements_are_refused(void **state)
{
    UNUSED(state);
    const server_options options = {
        .workers = 1, .max_queued = 2, .max_stanza = 4096, .limits = { 64, 1000, 1 << 20 }
    };
    serve_fixture *f = serve_new(&options);
    assert_int_equal(registry_add_value(&f->server->registry, "Echo", echo, (char[]){ "mine" }, NULL, NULL),
                     JRPC_OK);
    AUTO(buf_done) buf params = BUF_INIT;
    buf_append_lit(&params, "<param><value><array><data>");
    for (int i = 0; i < 2000; i++)
        buf_append_lit(&params, "<value/>");
    buf_append_lit(&params, "</data></array></value></param>");
    serve_call(f, "1", "Echo", params.data);
    serve_expect_error(f, "1", "modify", "policy-violation");
    serve_expect_nothing(f);
    serve_free(f);
}

static void ids_and_addresses_are_escaped(void **state)
{
    serve_fixture *f = *state;
    serve_ask(f, "<iq type='get' id='&apos;/&gt;&lt;evil a=&quot;&amp;amp;' from='a@b/&apos;&gt;&lt;x&gt;' "
                 "to='peer-b@localhost/&apos;'><ping xmlns='urn:xmpp:ping'/></iq>");
    autofree char *answer = serve_answer(f);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(f->ctx, answer);
    assert_non_null(stanza);
    assert_string_equal(xmpp_stanza_get_name(stanza), "iq");
    assert_string_equal(xmpp_stanza_get_id(stanza), "'/><evil a=\"&amp;");
    assert_string_equal(xmpp_stanza_get_to(stanza), "a@b/'><x>");
    assert_string_equal(xmpp_stanza_get_from(stanza), "peer-b@localhost/'");
    assert_null(xmpp_stanza_get_children(stanza));
    xmpp_stanza_release(stanza);
}

/* An answer as large as that would have our own stream closed: better none. */
static void an_absurd_id_is_not_echoed(void **state)
{
    serve_fixture *f = *state;
    AUTO(buf_done) buf id = BUF_INIT, iq = BUF_INIT;
    for (int i = 0; i < 1000; i++)
        buf_append_lit(&id, "0123456789");
    buf_printf(&iq, "<iq type='get' id='%s'" FROM_STRANGER "><ping xmlns='urn:xmpp:ping'/></iq>", id.data);
    serve_ask(f, iq.data);
    serve_call(f, id.data, "Who", "");
    serve_call(f, id.data, "Rot14", "");
    serve_expect_nothing(f);
    assert_true(serve_logged(f, "larger than the limit"));
}

static void random_damage_is_survived(void **state)
{
    serve_fixture *f = *state;
    static const char good[] =
        "<iq type='set' id='1'" FROM_A "><query xmlns='jabber:iq:rpc'><methodCall><methodName>Add"
        "</methodName><params><param><value><i4>1</i4></value></param><param><value><int>2</int>"
        "</value></param></params></methodCall></query></iq>";
    unsigned seed = 99;
    size_t parsed = 0;
    for (int round = 0; round < 3000; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (int i = 0; i < 1 + round % 3; i++) {
            seed = seed * 1103515245U + 12345U;
            size_t at = (seed >> 8) % (sizeof good - 1);
            text[at] = good[(seed >> 16) % (sizeof good - 1)];
        }
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(f->ctx, text);
        if (!stanza)
            continue;
        const char *type = xmpp_stanza_get_type(stanza);
        if (type && (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)) {
            server_handle_iq(f->server, stanza);
            server_run_inline(f->server);
            free(serve_answer(f)); /* each is answered, once */
            f->taken = f->answered = 0;
            parsed++;
        }
        xmpp_stanza_release(stanza);
    }
    assert_true(parsed > 50);
    serve_expect_nothing(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(calls_are_answered),
        TEST(the_handler_knows_its_caller),
        TEST(lenient_forms_are_read),
        TEST(unknown_methods_are_faults),
        TEST(wrong_parameters_are_faults),
        TEST(no_call_is_a_fault),
        TEST(a_handler_answers_with_its_own_fault),
        TEST(a_declared_exception_has_its_code),
        TEST(its_members_go_to_those_who_understand),
        TEST(a_failing_handler_leaks_nothing),
        TEST(a_busy_handler_says_so),
        TEST(a_result_too_large_says_both_sizes),
        TEST(a_fault_too_large_is_cut),
        TEST(strangers_learn_nothing),
        TEST(draining_tells_strangers_nothing_either),
        TEST(bad_requests_are_told),
        TEST(foreign_namespaces_are_unavailable),
        TEST(a_full_queue_refuses),
        cmocka_unit_test(inline_calls_are_bounded_too),
        TEST(a_lost_answer_is_logged),
        TEST(disco_and_ping_are_for_everyone),
        TEST(methods_are_listed),
        TEST(methods_explain_themselves),
        TEST(values_are_served),
        TEST(deep_values_are_refused),
        cmocka_unit_test(many_elements_are_refused),
        TEST(ids_and_addresses_are_escaped),
        TEST(an_absurd_id_is_not_echoed),
        TEST(random_damage_is_survived),
    };
    return cmocka_run_group_tests_name("serve: server", tests, NULL, NULL);
}
