/* SPDX-License-Identifier: MIT */
/* xmlrpc_value: what of it can be sent, and how what is read looks to its accessors. */
#include "wire_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "wire/dynamic.h"

static void sends(xmlrpc_value *value, const char *expected)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (dynamic_encode(&out, value, 64, &failure) < 0)
        fail_msg("%s: %s", failure.path, failure.message);
    assert_string_equal(out.data, expected);
    xmlrpc_DECREF(value);
}

static void refuses(xmlrpc_value *value, const char *path, const char *message)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    buf_append_lit(&out, "before");
    assert_true(dynamic_encode(&out, value, 64, &failure) < 0);
    assert_string_equal(failure.message, message);
    assert_string_equal(failure.path, path);
    assert_string_equal(out.data, "before");
    if (value)
        xmlrpc_DECREF(value);
}

static void test_sent(void **state)
{
    UNUSED(state);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    sends(xmlrpc_int_new(&env, -5), "<value><i4>-5</i4></value>");
    sends(xmlrpc_i8_new(&env, 5), "<value><i4>5</i4></value>");
    sends(xmlrpc_i8_new(&env, INT64_C(-2147483649)), "<value><i8>-2147483649</i8></value>");
    sends(xmlrpc_double_new(&env, 1e21), "<value><double>1000000000000000000000.0</double></value>");
    sends(xmlrpc_bool_new(&env, 7), "<value><boolean>1</boolean></value>");
    sends(xmlrpc_nil_new(&env), "<value><nil/></value>");
    sends(xmlrpc_string_new(&env, "<\xc3\xa9>"), "<value><string>&lt;\xc3\xa9&gt;</string></value>");
    sends(xmlrpc_string_new_cr(&env, "a\r"), "<value><string>a&#13;</string></value>");
    sends(xmlrpc_base64_new(&env, 2, (const unsigned char *)"hi"), "<value><base64>aGk=</base64></value>");
    sends(xmlrpc_base64_new(&env, 0, (const unsigned char *)""), "<value><base64></base64></value>");
    sends(xmlrpc_datetime_new(&env, (xmlrpc_datetime){ 2024, 12, 31, 23, 59, 59, 0 }),
          "<value><dateTime.iso8601>20241231T23:59:59</dateTime.iso8601></value>");
    sends(xmlrpc_build_value(&env, "({s:i}())", "a&b", 1),
          "<value><array><data><value><struct><member><name>a&amp;b</name><value><i4>1</i4></value></"
          "member></struct>"
          "</value><value><array><data></data></array></value></data></array></value>");
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
}

static void test_refused(void **state)
{
    UNUSED(state);
    xmlrpc_env env;
    int anything = 0;
    xmlrpc_env_init(&env);
    refuses(NULL, "", "there is no value (a NULL pointer)");
    refuses(xmlrpc_string_new_lp(&env, 3, "a\0b"), "", "a string with U+0000 cannot be sent");
    refuses(xmlrpc_string_new(&env, "a\x01"), "", "the character U+0001 at offset 1 cannot be in XML");
    refuses(xmlrpc_cptr_new(&env, &anything), "", "a value of xmlrpc-c's type C_PTR cannot be sent");
    refuses(xmlrpc_datetime_new(&env, (xmlrpc_datetime){ 2024, 13, 1, 0, 0, 0, 0 }), "",
            "no such date and time");
    refuses(xmlrpc_datetime_new(&env, (xmlrpc_datetime){ 2023, 2, 29, 0, 0, 0, 0 }), "",
            "no such date and time: 2023-02-29 00:00:00");
    refuses(xmlrpc_build_value(&env, "(i{s:(s)})", 1, "m", "\x02"), "[1].m[0]",
            "the character U+0002 at offset 0 cannot be in XML");
    refuses(xmlrpc_build_value(&env, "{s:i}", "k\x03", 1), "",
            "the character U+0003 at offset 1 cannot be in XML");
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
}

static void test_depth(void **state)
{
    UNUSED(state);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = xmlrpc_array_new(&env);
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    for (int i = 1; i < 300; i++) {
        assert_int_equal(dynamic_encode(&out, value, 64, &failure), i <= 64 ? JRPC_OK : JRPC_E_TOO_LARGE);
        assert_int_equal(dynamic_encode(&out, value, 1000, &failure), i <= 256 ? JRPC_OK : JRPC_E_TOO_LARGE);
        xmlrpc_value *outer = xmlrpc_array_new(&env);
        xmlrpc_array_append_item(&env, outer, value);
        xmlrpc_DECREF(value);
        value = outer;
    }
    xmlrpc_DECREF(value);
    xmlrpc_env_clean(&env);
}

static xmlrpc_value *read_value(const check_context *check, const char *xml)
{
    static const wire_limits usual = WIRE_LIMITS_DEFAULT;
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    xmlrpc_value *value = NULL;
    xmpp_stanza_t *tree = check_parse(check, xml);
    if (dynamic_decode(&d, tree, &value) < 0)
        fail_msg("%s: %s", d.failure.path, d.failure.message);
    xmpp_stanza_release(tree);
    return value;
}

static void test_read(void **state)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = read_value(*state, "<value><i8>5</i8></value>");
    assert_int_equal(xmlrpc_value_type(value), XMLRPC_TYPE_I8);
    xmlrpc_DECREF(value);
    value = read_value(*state, "<value><i4>5</i4></value>");
    assert_int_equal(xmlrpc_value_type(value), XMLRPC_TYPE_INT);
    xmlrpc_DECREF(value);
    value = read_value(*state, "<value><dateTime.iso8601>20241231T23:59:59</dateTime.iso8601></value>");
    xmlrpc_datetime t;
    xmlrpc_read_datetime(&env, value, &t);
    assert_false(env.fault_occurred);
    assert_int_equal(t.Y * 10000 + t.M * 100 + t.D, 20241231);
    assert_int_equal(t.h * 10000 + t.m * 100 + t.s, 235959);
    xmlrpc_DECREF(value);
    value = read_value(*state,
                       "<value><struct><member><name>a</name><value><base64>aGk=</base64></value></member>"
                       "</struct></value>");
    xmlrpc_value *member = NULL;
    xmlrpc_struct_find_value(&env, value, "a", &member);
    assert_non_null(member);
    assert_int_equal(xmlrpc_value_type(member), XMLRPC_TYPE_BASE64);
    xmlrpc_DECREF(member);
    xmlrpc_DECREF(value);
    xmlrpc_env_clean(&env);
}

/* xmlrpc-c itself cannot make such a string; reading it must be as good as any. */
static void test_read_emoji(void **state)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = read_value(*state, "<value>\xf0\x9f\x98\x80 &amp; more&#13;</value>");
    const char *text = NULL;
    size_t len = 0;
    xmlrpc_read_string_lp(&env, value, &len, &text);
    assert_false(env.fault_occurred);
    assert_int_equal(len, 12);
    assert_string_equal(text, "\xf0\x9f\x98\x80 & more\r");
    free((char *)(uintptr_t)text);
    xmlrpc_DECREF(value);
    xmlrpc_env_clean(&env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sent), cmocka_unit_test(test_refused),    cmocka_unit_test(test_depth),
        cmocka_unit_test(test_read), cmocka_unit_test(test_read_emoji),
    };
    return cmocka_run_group_tests_name("wire_dynamic", tests, check_setup, check_teardown);
}
