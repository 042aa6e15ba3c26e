/* SPDX-License-Identifier: MIT */
/*
 * Calls, responses, faults and exceptions as they are written; failures and their paths. Reading: tests/wire.
 */
#include "wire_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "wire/envelope.h"
#include "wire_zoo.h"

#define QUERY(content) "<query xmlns='jabber:iq:rpc'>" content "</query>"

/* ---- calls ---- */

static void test_call(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    int32_t a = 1, b = 2;
    const void *const in[] = { &a, &b };
    assert_int_equal(envelope_write_call(&out, &add_method, in, 64, &failure), JRPC_OK);
    assert_string_equal(out.data, QUERY("<methodCall><methodName>Zoo.add</methodName><params>"
                                        "<param><value><i4>1</i4></value></param>"
                                        "<param><value><i4>2</i4></value></param></params></methodCall>"));
    buf_reset(&out);
    assert_int_equal(envelope_write_call(&out, &ping_method, NULL, 64, &failure), JRPC_OK);
    assert_string_equal(out.data,
                        QUERY("<methodCall><methodName>Zoo.ping</methodName><params></params></methodCall>"));
}

/* What was in the buffer before stays, and nothing else. */
static void nothing_written(const buf *out, const wire_failure *failure, const char *path,
                            const char *message)
{
    assert_string_equal(failure->message, message);
    assert_string_equal(failure->path, path);
    assert_string_equal(out->data, "<iq>");
    assert_false(buf_failed(out));
}

static void test_call_failures(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    int32_t a = 1, b = 200;
    const char *bad = "\x01";
    const void *const in[] = { &a, &b };
    buf_append_lit(&out, "<iq>");
    assert_int_equal(envelope_write_call(&out, &add_method, in, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "params[1]", "200 is not within 0 and 100");
    const void *const texts[] = { &bad, &bad };
    assert_int_equal(envelope_write_call(&out, &split_method, texts, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "params[0]", "the character U+0001 at offset 0 cannot be in XML");
    assert_int_equal(envelope_write_value_call(&out, "", NULL, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "", "'' is not a name of a method");
    assert_int_equal(envelope_write_value_call(&out, "a\x02", NULL, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "", "'a?' is not a name of a method");
    char name[300];
    memset(name, 'x', sizeof name);
    name[299] = '\0';
    assert_int_equal(envelope_write_value_call(&out, name, NULL, 64, &failure), JRPC_E_INVALID);
}

static void test_value_call(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(s{s:i}(d))", "<x>", "n", 5, (double)NAN);
    assert_false(env.fault_occurred);
    buf_append_lit(&out, "<iq>");
    assert_int_equal(envelope_write_value_call(&out, "a&b", params, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "params[2][0]", "NaN cannot be sent");
    xmlrpc_DECREF(params);
    params = xmlrpc_build_value(&env, "(s{s:i})", "<x>", "n", 5);
    buf_reset(&out);
    assert_int_equal(envelope_write_value_call(&out, "a&b", params, 64, &failure), JRPC_OK);
    assert_string_equal(
        out.data,
        QUERY("<methodCall><methodName>a&amp;b</methodName><params>"
              "<param><value><string>&lt;x&gt;</string></value></param>"
              "<param><value><struct><member><name>n</name><value><i4>5</i4></value></member></struct>"
              "</value></param></params></methodCall>"));
    xmlrpc_DECREF(params);
    params = xmlrpc_int_new(&env, 1);
    assert_int_equal(envelope_write_value_call(&out, "a", params, 64, &failure), JRPC_E_INVALID);
    assert_string_equal(failure.message, "the parameters must be an array");
    xmlrpc_DECREF(params);
    xmlrpc_env_clean(&env);
}

/* ---- results ---- */

#define RESULT(value) QUERY("<methodResponse><params><param>" value "</param></params></methodResponse>")

static void test_result(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    int32_t sum = 3, at = 4;
    const char *rest = "r", *result = "x";
    void *sums[] = { &sum }, *outs[] = { &at, &rest, &result };
    assert_int_equal(envelope_write_result(&out, &ping_method, NULL, 64, &failure), JRPC_OK);
    assert_string_equal(out.data, RESULT("<value><boolean>1</boolean></value>"));
    buf_reset(&out);
    assert_int_equal(envelope_write_result(&out, &add_method, sums, 64, &failure), JRPC_OK);
    assert_string_equal(out.data, RESULT("<value><i4>3</i4></value>"));
    buf_reset(&out);
    assert_int_equal(envelope_write_result(&out, &split_method, outs, 64, &failure), JRPC_OK);
    assert_string_equal(out.data,
                        RESULT("<value><struct><member><name>_result</name><value><string>x</string></value>"
                               "</member><member><name>at</name><value><i4>4</i4></value></member><member>"
                               "<name>rest</name><value><string>r</string></value></member></struct>"
                               "</value>"));
    rest = "\xff";
    buf_reset(&out);
    buf_append_lit(&out, "<iq>");
    assert_int_equal(envelope_write_result(&out, &split_method, outs, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "result.rest", "the byte 0xFF at offset 0 is not UTF-8");
    assert_int_equal(envelope_write_value_result(&out, NULL, 64, &failure), JRPC_E_INVALID);
    nothing_written(&out, &failure, "result", "there is no value (a NULL pointer)");
}

/* Reads a result into storage that was full of something else. */
static void test_read_result(void **state)
{
    static const wire_limits usual = WIRE_LIMITS_DEFAULT;
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    wire_failure failure = WIRE_FAILURE_INIT;
    envelope_reply reply;
    int32_t at = -1;
    char *rest = (char[]){ "old" }, *result = (char[]){ "old" };
    void *outs[] = { &at, &rest, &result };
    xmpp_stanza_t *tree =
        check_parse(*state, RESULT("<value><struct><member><name>rest</name><value>new</value></member>"
                                   "<member><name>at</name><value>x</value></member></struct></value>"));
    assert_int_equal(envelope_read_reply(tree, &reply, &failure), JRPC_OK);
    assert_int_equal(envelope_read_result(&d, &split_method, &reply, outs), JRPC_E_INVALID);
    assert_string_equal(d.failure.path, "result.at");
    assert_int_equal(at, 0);
    assert_null(rest);
    assert_null(result);
    assert_int_equal(d.depth, 0);
    envelope_reply_done(&reply);
    xmpp_stanza_release(tree);
}

/* ---- faults ---- */

#define FAULT(code, text) \
    "<methodResponse><fault><value><struct><member><name>faultCode</name><value><i4>" code \
    "</i4></value></member><member><name>faultString</name><value><string>" text \
    "</string></value></member></struct></value></fault></methodResponse>"

static void test_fault(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    envelope_write_fault(&out, -32601, "no <such> method \x01\xff");
    assert_string_equal(out.data, QUERY(FAULT("-32601", "no &lt;such&gt; method ??")));
}

static void test_exception(void **state)
{
    const check_context *check = *state;
    static const wire_limits usual = WIRE_LIMITS_DEFAULT;
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    AUTO(buf_done) buf out = BUF_INIT;
    AUTO(envelope_reply_done) envelope_reply reply = { .is_fault = false };
    wire_failure failure = WIRE_FAILURE_INIT;
    no_money sent = { 500, (char[]){ "DE12" } }, got;
    assert_int_equal(envelope_write_exception(&out, &no_money_exception, "Bank::NoMoney: 500 short", &sent,
                                              true, 64, &failure),
                     JRPC_OK);
    assert_string_equal(
        out.data,
        QUERY(FAULT("1001", "Bank::NoMoney: 500 short") "<exception xmlns='urn:x-jabber-rpc:0' "
                                                        "name='Bank::NoMoney'><value><struct><member>"
                                                        "<name>missing</name><value><i4>500</i4></value></"
                                                        "member><member><name>account</name>"
                                                        "<value><string>DE12</string></value></member></"
                                                        "struct></value></exception>"));
    xmpp_stanza_t *tree = check_parse(check, out.data);
    assert_int_equal(envelope_read_reply(tree, &reply, &failure), JRPC_OK);
    assert_true(reply.is_fault);
    assert_int_equal(reply.fault_code, 1001);
    assert_string_equal(reply.fault_text, "Bank::NoMoney: 500 short");
    assert_non_null(reply.exception);
    assert_int_equal(envelope_read_exception(&d, &no_money_exception, &reply, &got), JRPC_OK);
    assert_int_equal(got.missing, 500);
    assert_string_equal(got.account, "DE12");
    jrpc_value_clear(no_money_exception.type, &got);
    xmpp_stanza_release(tree);
}

/* Without members, or with those of another exception, they are what the IDL says they are initially. */
static void test_exception_without_members(void **state)
{
    static const wire_limits usual = WIRE_LIMITS_DEFAULT;
    static const char *const queries[] = {
        QUERY(FAULT("1001", "x")),
        QUERY(FAULT("1001", "x") "<exception xmlns='urn:x-jabber-rpc:0' name='Other'><value/></exception>"),
        QUERY(FAULT("1001", "x") "<exception xmlns='urn:x-jabber-rpc:0'/>"),
        QUERY(FAULT("1001", "x") "<exception name='Bank::NoMoney'><value/></exception>"),
    };
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
        AUTO(envelope_reply_done) envelope_reply reply = { .is_fault = false };
        wire_failure failure = WIRE_FAILURE_INIT;
        no_money got = { 1, (char[]){ "old" } };
        xmpp_stanza_t *tree = check_parse(*state, queries[i]);
        assert_int_equal(envelope_read_reply(tree, &reply, &failure), JRPC_OK);
        assert_int_equal(envelope_read_exception(&d, &no_money_exception, &reply, &got), JRPC_OK);
        assert_int_equal(got.missing, 0);
        assert_null(got.account);
        xmpp_stanza_release(tree);
    }
}

static void test_exception_failures(void **state)
{
    static const wire_limits usual = WIRE_LIMITS_DEFAULT;
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    AUTO(buf_done) buf out = BUF_INIT;
    AUTO(envelope_reply_done) envelope_reply reply = { .is_fault = false };
    wire_failure failure = WIRE_FAILURE_INIT;
    no_money bad = { 1, (char[]){ "\x01" } }, got;
    buf_append_lit(&out, "<iq>");
    assert_int_equal(envelope_write_exception(&out, &no_money_exception, "x", &bad, true, 64, &failure),
                     JRPC_E_INVALID);
    nothing_written(&out, &failure, "exception.account", "the character U+0001 at offset 0 cannot be in XML");
    assert_int_equal(envelope_write_exception(&out, &no_money_exception, "x", &bad, false, 64, &failure),
                     JRPC_OK);
    assert_string_equal(out.data + 4, QUERY(FAULT("1001", "x")));
    xmpp_stanza_t *tree = check_parse(
        *state, QUERY(FAULT("1001", "x") "<exception xmlns='urn:x-jabber-rpc:0' name='Bank::NoMoney'>"
                                         "<value>5</value></exception>"));
    assert_int_equal(envelope_read_reply(tree, &reply, &failure), JRPC_OK);
    assert_int_equal(envelope_read_exception(&d, &no_money_exception, &reply, &got), JRPC_E_INVALID);
    assert_string_equal(d.failure.path, "exception");
    assert_string_equal(d.failure.message, "expected NoMoney, got string");
    assert_null(got.account);
    xmpp_stanza_release(tree);
}

/* ---- the failure itself ---- */

static void test_failure_texts(void **state)
{
    UNUSED(state);
    wire_failure failure = WIRE_FAILURE_INIT;
    failure_set(&failure, JRPC_E_INVALID, "a\x1b[31m\n%s", "\xc3\xa9\xff\xe2\x80\xae");
    assert_string_equal(failure.message, "a?[31m?\xc3\xa9????");
    failure_in_member(&failure, "n\x07");
    failure_in_element(&failure, 3);
    failure_in_member(&failure, "items");
    failure_in(&failure, "params[1]");
    assert_string_equal(failure.path, "params[1].items[3].n?");
    failure_set(&failure, JRPC_E_INVALID, "%s%0500d", "", 0);
    assert_int_equal(strlen(failure.message), sizeof failure.message - 1);
    assert_string_equal(failure.path, "");
    for (int i = 0; i < 200; i++)
        failure_in_member(&failure, "\xe2\x82\xac");
    size_t len = strlen(failure.path);
    assert_true(len < sizeof failure.path && len > sizeof failure.path - 4);
    assert_true(utf8_is_xml_text(failure.path, len, NULL, NULL)); /* cut between two characters */
    assert_string_equal(failure.path + len - 3, "...");
    /* One that is just as long as its room has all of itself. */
    failure_set(&failure, JRPC_E_INVALID, "x");
    for (size_t i = 0; i < (sizeof failure.path - 1) / 3; i++)
        failure_in_member(&failure, "ab");
    assert_int_equal(strlen(failure.path), sizeof failure.path - 1);
    assert_string_equal(failure.path + sizeof failure.path - 7, ".ab.ab");
    failure_in(&failure, "r");
    assert_int_equal(strlen(failure.path), sizeof failure.path - 1);
    assert_string_equal(failure.path + sizeof failure.path - 7, "b.a...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call),
        cmocka_unit_test(test_call_failures),
        cmocka_unit_test(test_value_call),
        cmocka_unit_test(test_result),
        cmocka_unit_test(test_read_result),
        cmocka_unit_test(test_fault),
        cmocka_unit_test(test_exception),
        cmocka_unit_test(test_exception_without_members),
        cmocka_unit_test(test_exception_failures),
        cmocka_unit_test(test_failure_texts),
    };
    return cmocka_run_group_tests_name("wire_envelope", tests, check_setup, check_teardown);
}
