/* SPDX-License-Identifier: MIT */
/* JSON that people type <-> XML-RPC values. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "text/json.h"

static json_t *parse(const char *text)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    json_t *json = NULL;
    if (json_parse_argument(text, &json, &error) != JRPC_OK)
        fail_msg("%s: %s", text, error.message);
    return json;
}

static xmlrpc_value *value_of(const char *text)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    json_t *json = parse(text);
    xmlrpc_value *value = NULL;
    if (json_to_value(json, &value, &error) != JRPC_OK)
        fail_msg("%s: %s", text, error.message);
    json_decref(json);
    return value;
}

/* There and back gives the same JSON, and the value has the type it should. */
static void check(const char *text, xmlrpc_type type, const char *expected)
{
    xmlrpc_value *value = value_of(text);
    assert_int_equal(xmlrpc_value_type(value), type);
    json_t *json = NULL;
    assert_int_equal(json_from_value(value, &json, NULL), JRPC_OK);
    autofree char *back = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(back, expected);
    json_decref(json);
    xmlrpc_DECREF(value);
}

static void round_trips(void **state)
{
    UNUSED(state);
    check("0", XMLRPC_TYPE_INT, "0");
    check("2147483647", XMLRPC_TYPE_INT, "2147483647");
    check("-2147483648", XMLRPC_TYPE_INT, "-2147483648");
    check("2147483648", XMLRPC_TYPE_I8, "2147483648");
    check("-9223372036854775808", XMLRPC_TYPE_I8, "-9223372036854775808");
    check("1.5", XMLRPC_TYPE_DOUBLE, "1.5");
    check("true", XMLRPC_TYPE_BOOL, "true");
    check("false", XMLRPC_TYPE_BOOL, "false");
    check("null", XMLRPC_TYPE_NIL, "null");
    check("\"text\"", XMLRPC_TYPE_STRING, "\"text\"");
    check("\"\\u00e9\\n\"", XMLRPC_TYPE_STRING, "\"\xC3\xA9\\n\"");
    check("[]", XMLRPC_TYPE_ARRAY, "[]");
    check("[1,[2,\"x\"],{}]", XMLRPC_TYPE_ARRAY, "[1,[2,\"x\"],{}]");
    check("{\"a\":1,\"b\":{\"c\":[true]}}", XMLRPC_TYPE_STRUCT, "{\"a\":1,\"b\":{\"c\":[true]}}");
    check("{\"$dateTime\":\"20241231T23:59:59\"}", XMLRPC_TYPE_DATETIME,
          "{\"$dateTime\":\"20241231T23:59:59\"}");
}

static void words_are_strings(void **state)
{
    UNUSED(state);
    check("hello", XMLRPC_TYPE_STRING, "\"hello\"");
    check("There was a young lady", XMLRPC_TYPE_STRING, "\"There was a young lady\"");
    check("", XMLRPC_TYPE_STRING, "\"\"");
    check("12abc", XMLRPC_TYPE_STRING, "\"12abc\"");
    check("2024-12-31", XMLRPC_TYPE_STRING, "\"2024-12-31\"");
    check("NaN", XMLRPC_TYPE_STRING, "\"NaN\"");
    check("True", XMLRPC_TYPE_STRING, "\"True\"");
    check("-", XMLRPC_TYPE_STRING, "\"-\"");
}

static void refuses(const char *text)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    json_t *json = NULL;
    jrpc_status status = json_parse_argument(text, &json, &error);
    xmlrpc_value *value = NULL;
    if (status == JRPC_OK)
        status = json_to_value(json, &value, &error);
    if (json)
        json_decref(json);
    if (status == JRPC_OK)
        fail_msg("%s was accepted", text);
    assert_true(status == JRPC_E_INVALID || status == JRPC_E_TOO_LARGE);
    assert_non_null(error.message);
    assert_null(value);
}

static void mistakes_are_not_taken_for_words(void **state)
{
    UNUSED(state);
    refuses("{\"a\":1");
    refuses("[1,2");
    refuses("\"open");
    refuses(" {a:1}");
    refuses("{\"a\":1,\"a\":2}");
    refuses("9223372036854775808");
    refuses("1e999");
    refuses("\xFF");
}

static void base64_is_checked(void **state)
{
    UNUSED(state);
    static const struct {
        const char *text, *back;
        size_t len;
    } good[] = {
        { "", "", 0 },         { "AA==", "AA==", 1 }, { "AAE=", "AAE=", 2 }, { "AAEC", "AAEC", 3 },
        { "//79/A==", "//79/A==", 4 }, { "AA", "AA==", 1 },
    };
    static const char *const bad[] = { "A",    "A===",  "====",  "A A=", "AA==AA==",
                                       "!!!!", "AA\\n", "AAAAA", "AA=A" };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        AUTO(buf_done) buf text = BUF_INIT, expected = BUF_INIT;
        buf_printf(&text, "{\"$base64\": \"%s\"}", good[i].text);
        buf_printf(&expected, "{\"$base64\":\"%s\"}", good[i].back);
        check(text.data, XMLRPC_TYPE_BASE64, expected.data);
        xmlrpc_value *value = value_of(text.data);
        xmlrpc_env env;
        xmlrpc_env_init(&env);
        size_t len = 99;
        const unsigned char *data = NULL;
        xmlrpc_read_base64(&env, value, &len, &data);
        assert_int_equal(len, good[i].len);
        free((void *)(uintptr_t)data);
        xmlrpc_DECREF(value);
        xmlrpc_env_clean(&env);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO(buf_done) buf text = BUF_INIT;
        buf_printf(&text, "{\"$base64\": \"%s\"}", bad[i]);
        refuses(text.data);
    }
}

static void special_names_need_to_be_alone(void **state)
{
    UNUSED(state);
    check("{\"$base64\":\"AA==\",\"x\":1}", XMLRPC_TYPE_STRUCT, "{\"$base64\":\"AA==\",\"x\":1}");
    check("{\"$base64\":5}", XMLRPC_TYPE_STRUCT, "{\"$base64\":5}");
    check("{\"$dateTime\":null}", XMLRPC_TYPE_STRUCT, "{\"$dateTime\":null}");
}

static void dates_are_checked(void **state)
{
    UNUSED(state);
    static const char *const bad[] = {
        "", "x", "2024", "%n%n%n", "20241231 23:59:59", "20241231T23:59:59 and more"
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO(buf_done) buf text = BUF_INIT;
        buf_printf(&text, "{\"$dateTime\": \"%s\"}", bad[i]);
        refuses(text.data);
    }
}

static void nest(buf *b, int levels, const char *open, const char *close)
{
    for (int i = 0; i < levels; i++)
        buf_append_str(b, open);
    buf_append_lit(b, "1");
    for (int i = 0; i < levels; i++)
        buf_append_str(b, close);
}

static void depth_is_bounded(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf good = BUF_INIT, bad = BUF_INIT, absurd = BUF_INIT;
    nest(&good, 63, "[", "]");
    check(good.data, XMLRPC_TYPE_ARRAY, good.data);
    nest(&bad, 65, "{\"a\":", "}");
    refuses(bad.data);
    nest(&absurd, 100000, "[", "]");
    refuses(absurd.data);
}

static void a_deep_value_is_refused_as_too_deep(void **state)
{
    UNUSED(state);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = xmlrpc_int_new(&env, 1);
    for (int i = 0; i < 80; i++) {
        xmlrpc_value *outer = i % 2 ? xmlrpc_array_new(&env) : xmlrpc_struct_new(&env);
        if (i % 2)
            xmlrpc_array_append_item(&env, outer, value);
        else
            xmlrpc_struct_set_value(&env, outer, "inner", value);
        xmlrpc_DECREF(value);
        value = outer;
    }
    assert_false(env.fault_occurred);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    json_t *json = NULL;
    assert_int_equal(json_from_value(value, &json, &error), JRPC_E_TOO_LARGE);
    assert_string_equal(error.message, "nested deeper than 64 levels");
    assert_null(json);
    xmlrpc_DECREF(value);
    xmlrpc_env_clean(&env);
}

static void numbers_have_no_digits_too_many(void **state)
{
    UNUSED(state);
    static const char *const texts[] = { "0.1", "1.0", "-2.5e-300", "0.30000000000000004", "123456789.12345679",
                                         "[0.1, {\"a\": \"\\u0000\"}]", "\"0.10000000000000001\"" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        json_t *json = json_loads(texts[i], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        char *text = json_to_text(json, 0);
        assert_string_equal(text, texts[i]);
        free(text);
        json_decref(json);
    }
}

static void nothing_drives_a_terminal(void **state)
{
    UNUSED(state);
    json_t *json = json_pack("[s]", "\xc2\x9b \x7f \xe2\x80\xae \xe2\x81\xa6 \xe2\x80\x8f \xd8\x9c \xc3\xbc \xe2\x82\xac");
    char *text = json_to_text(json, JSON_INDENT(2));
    assert_string_equal(text, "[\n  \"\\u009B \\u007F \\u202E \\u2066 \\u200F \\u061C \xc3\xbc \xe2\x82\xac\"\n]");
    json_t *again = json_loads(text, 0, NULL);
    assert_true(json_equal(json, again));
    free(text);
    json_decref(again);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(words_are_strings),
        cmocka_unit_test(nothing_drives_a_terminal),
        cmocka_unit_test(numbers_have_no_digits_too_many),
        cmocka_unit_test(mistakes_are_not_taken_for_words),
        cmocka_unit_test(base64_is_checked),
        cmocka_unit_test(special_names_need_to_be_alone),
        cmocka_unit_test(dates_are_checked),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(a_deep_value_is_refused_as_too_deep),
    };
    return cmocka_run_group_tests_name("text: JSON", tests, NULL, NULL);
}
