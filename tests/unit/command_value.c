/* SPDX-License-Identifier: MIT */
/* What people type as values, and values as people read them. */
#include "wire_check.h"

#include <math.h>
#include <stdlib.h>

#include <xmlrpc-c/base.h>

#include "base/mem.h"
#include "command/show.h"
#include "command/value.h"
#include "wire_zoo.h"

/* Read, and shown again: as a text, and as JSON. */
static void check(const char *type_name, const char *text, const char *shown, const char *json)
{
    const jrpc_type *type = zoo_find_type(type_name);
    assert_non_null(type);
    autofree void *storage = malloc(type->size);
    wire_failure failure = WIRE_FAILURE_INIT;
    if (value_read(type, NULL, text, storage, &failure) != JRPC_OK)
        fail_msg("%s as %s: %s: %s", text, type_name, failure.path, failure.message);
    AUTO(buf_done) buf out = BUF_INIT;
    show_value(&out, type, storage, false, 4096);
    assert_string_equal(out.data ? out.data : "", shown);
    buf_reset(&out);
    show_json(&out, type, storage, false, 4096);
    assert_string_equal(out.data, json);
    jrpc_value_clear(type, storage);
}

static void refuses_in(const jrpc_type *type, const jrpc_range *range, const char *text, const char *path,
                       const char *message)
{
    autofree unsigned char *storage = malloc(type->size);
    wire_failure failure = WIRE_FAILURE_INIT;
    memset(storage, 0xA5, type->size);
    jrpc_status status = value_read(type, range, text, storage, &failure);
    if (status == JRPC_OK)
        fail_msg("'%s' was accepted as %s", text, type->name);
    assert_string_equal(failure.message, message);
    assert_string_equal(failure.path, path);
    for (size_t i = 0; i < type->size; i++)
        assert_int_equal(storage[i], 0);
}

static void refuses(const char *type_name, const char *text, const char *path, const char *message)
{
    refuses_in(zoo_find_type(type_name), NULL, text, path, message);
}

static void numbers(void **state)
{
    UNUSED(state);
    check("boolean", "true", "true", "true");
    check("boolean", " NO ", "false", "false");
    check("boolean", "1", "true", "true");
    refuses("boolean", "maybe", "", "'maybe' is not true or false");
    refuses("boolean", "", "", "'' is not true or false");
    check("long", "-2147483648", "-2147483648", "-2147483648");
    check("long", " 007\n", "7", "7");
    check("octet", "+255", "255", "255");
    check("llong", "9223372036854775807", "9223372036854775807", "9223372036854775807");
    check("ullong_text", "18446744073709551615", "18446744073709551615", "\"18446744073709551615\"");
    refuses("octet", "256", "", "256 is out of range for octet");
    refuses("octet", "-1", "", "-1 is out of range for octet");
    refuses("long", "2147483648", "", "2147483648 is out of range for long");
    refuses("llong", "99999999999999999999", "", "99999999999999999999 is out of range for long long");
    refuses("long", "", "", "expected a number, long");
    refuses("long", "1e3", "", "'1e3' is not an integer");
    refuses("long", "abc", "", "'abc' is not an integer");
    refuses("long", "5</i8><i8>6", "", "'5</i8><i8>6' is not an integer");
    check("double", "1e3", "1000.0", "1000.0");
    check("double", "-.5", "-0.5", "-0.5");
    check("float", "0.1", "0.1", "0.1");
    refuses("double", "nan", "", "'nan' is not a number");
    refuses("double", "inf", "", "'inf' is not a number");
    refuses("double", "1e999", "", "1e999 is out of range for double");
    refuses("float", "1e39", "", "1e+39 is out of range for float");
    refuses_in(&jrpc_type_i32, &percent_range, "101", "", "101 is not within 0 and 100");
    refuses_in(&jrpc_type_i32, &percent_range, "-1", "", "-1 is not within 0 and 100");
}

static void texts(void **state)
{
    UNUSED(state);
    check("string", "", "", "\"\"");
    check("string", "  as it \"is\"\n", "  as it \"is\"\n", "\"  as it \\\"is\\\"\\n\"");
    check("string", "<b>&amp;</b>", "<b>&amp;</b>", "\"<b>&amp;</b>\"");
    check("string5", "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F!", "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F!",
          "\"\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F!\"");
    refuses("string5", "123456", "", "6 characters, at most 5 in string<5>");
    refuses("string", "\x01", "", "the byte 0x01 at offset 0 cannot be in a text");
    refuses("string", "a\xFF", "", "the byte 0xFF at offset 1 cannot be in a text");
    check("char", "x", "x", "\"x\"");
    check("wchar", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\"");
    refuses("char", "", "", "expected one character for char, got ''");
    refuses("char", "xy", "", "expected one character for char, got 'xy'");
    check("datetime", "2024-12-31T23:59:59", "2024-12-31T23:59:59", "\"2024-12-31T23:59:59\"");
    check("datetime", " 20241231T23:59:59Z", "2024-12-31T23:59:59", "\"2024-12-31T23:59:59\"");
    refuses("datetime", "yesterday", "", "'yesterday' is not a date and time like 20241231T23:59:59");
    check("bytes", "AAEC", "AAEC", "\"AAEC\"");
    check("octets", "AAECAw==", "AAECAw==", "\"AAECAw==\"");
    refuses("bytes", "!!!", "", "bad base64: unexpected byte 0x21 at offset 0");
    refuses("octets", "AAEC", "", "expected 4 bytes for octet[4], got 3");
}

static void names(void **state)
{
    UNUSED(state);
    check("colour", "GREEN", "GREEN", "\"GREEN\"");
    check("level", "LOW", "LOW", "\"LOW\"");
    refuses("colour", "green", "", "'green' is no Colour: RED, GREEN or BLUE");
    refuses("colour", "1", "", "'1' is no Colour: RED, GREEN or BLUE");
    check("access", "READ|WRITE", "READ|WRITE", "\"READ|WRITE\"");
    check("access", "EXECUTE, READ", "READ|EXECUTE", "\"READ|EXECUTE\"");
    check("access", "", "0", "\"0\"");
    check("access", "5", "READ|EXECUTE", "\"READ|EXECUTE\"");
    refuses("access", "READ|FLY", "", "'FLY' is no bit of Access: READ, WRITE and EXECUTE");
    refuses("access", "8", "", "Access has no bit 0x8");
}

static void structures(void **state)
{
    UNUSED(state);
    check("point", "{\"x\": 1, \"y\": -2.5}", "{\"x\": 1.0, \"y\": -2.5}", "{\"x\": 1.0, \"y\": -2.5}");
    refuses("point", "{\"x\": 1}", "", "missing member \"y\"");
    refuses("point", "{\"x\": 1, \"y\": 2, \"z\": 3}", "", "Point has no member \"z\"; it has: x, y");
    refuses("point", "{\"x\": 1, \"x\": 2}", "",
            "not JSON: duplicate object key near '\"x\"' at character 12 of {\"x\": 1, \"x\": 2}");
    refuses("point", "{\"x\": 1, \"y\": \"2\"}", ".y", "expected double, got text");
    refuses("point", "{\"x\": 1, \"y\": null}", ".y", "expected double, got null");
    refuses("point", "1, 2", "", "expected Point as JSON, got '1, 2'");
    refuses("point", "[1, 2]", "", "expected Point, got an array");
    refuses("point", "7", "", "expected Point, got a whole number");
    check(
        "disc",
        "{\"id\": 1, \"label\": \"a\", \"centre\": {\"x\": 0, \"y\": 0}, \"radius\": 0.5, \"paint\": \"BLUE\"}",
        "{\"id\": 1, \"label\": \"a\", \"centre\": {\"x\": 0.0, \"y\": 0.0}, \"radius\": 0.5, \"paint\": \"BLUE\"}",
        "{\"id\": 1, \"label\": \"a\", \"centre\": {\"x\": 0.0, \"y\": 0.0}, \"radius\": 0.5, \"paint\": \"BLUE\"}");
    refuses("disc", "{\"centre\": {\"x\": 0, \"why\": 0}}", ".centre", "Point has no member \"why\"; it has: x, y");
    refuses("disc", "{\"colour\": 1}", "", "Disc has no member \"colour\"; it has: id, label, centre, radius, paint");
    check("options", "{}", "{}", "{}");
    check("options", "{\"number\": 5, \"text\": null, \"chosen\": {\"_d\": \"RED\", \"number\": 3}}",
          "{\"number\": 5, \"chosen\": {\"_d\": \"RED\", \"number\": 3}}",
          "{\"number\": 5, \"chosen\": {\"_d\": \"RED\", \"number\": 3}}");
    check("defaults", "{\"number\": 1}",
          "{\"number\": 1, \"text\": \"hello\", \"paint\": \"BLUE\", \"place\": {\"x\": 1.5, \"y\": -2.0}, "
          "\"truth\": true}",
          "{\"number\": 1, \"text\": \"hello\", \"paint\": \"BLUE\", \"place\": {\"x\": 1.5, \"y\": -2.0}, "
          "\"truth\": true}");
    refuses("limits", "{\"percent\": 101, \"ratio\": 0, \"code\": \"\", \"few\": [], \"different\": []}", ".percent",
            "101 is not within 0 and 100");
    refuses("limits", "{\"percent\": 1, \"ratio\": 0, \"code\": \"\", \"few\": [], \"different\": [\"a\", \"a\"]}",
            ".different[1]", "equals an earlier element of a sequence<string> without equal elements");
}

static void unions(void **state)
{
    UNUSED(state);
    check("pick", "{\"_d\": \"GREEN\", \"text\": \"x\"}", "{\"_d\": \"GREEN\", \"text\": \"x\"}",
          "{\"_d\": \"GREEN\", \"text\": \"x\"}");
    refuses("pick", "{\"_d\": \"GREEN\", \"number\": 1}", "", "member \"number\" is not the one that \"_d\" selects");
    refuses("pick", "{\"number\": 1}", "", "missing member \"_d\"");
    refuses("pick", "{\"_d\": \"PINK\"}", "._d", "'PINK' is no Colour: RED, GREEN or BLUE");
    refuses("pick", "{\"x\": 1}", "", "Pick has no member \"x\"; it has: _d, number, text, place");
    check("choice", "{\"_d\": 3, \"bytes\": [1, 2]}", "{\"_d\": 3, \"bytes\": \"AQI=\"}",
          "{\"_d\": 3, \"bytes\": \"AQI=\"}");
}

static void lists_and_maps(void **state)
{
    UNUSED(state);
    check("longs", "[1, -2]", "[1, -2]", "[1, -2]");
    check("longs", "[]", "[]", "[]");
    refuses("longs", "[1, 2.5]", "[1]", "expected long, got a number with a point");
    refuses("longs", "[1, 2147483648]", "[1]", "2147483648 is out of range for long");
    refuses("longs", "1", "", "expected sequence<long>, got a whole number");
    refuses("few", "[1, 2, 3, 4]", "", "4 elements, at most 3 in sequence<long, 3>");
    refuses("triple", "[1, 2]", "", "expected 3 elements for long[3], got 2");
    check("grid", "[[1], [], [2, 3]]", "[[1], [], [2, 3]]", "[[1], [], [2, 3]]");
    check("by_name", "{\"a\": {\"x\": 1, \"y\": 2}}", "{\"a\": {\"x\": 1.0, \"y\": 2.0}}",
          "{\"a\": {\"x\": 1.0, \"y\": 2.0}}");
    check("by_number", "{\"-5\": \"five\"}", "{\"-5\": \"five\"}", "{\"-5\": \"five\"}");
    check("by_colour", "{\"RED\": true}", "{\"RED\": true}", "{\"RED\": true}");
    check("by_truth", "{\"1\": 5}", "{\"1\": 5}", "{\"1\": 5}");
    check("native_any", "{\"a\": [1, \"two\", {\"$base64\": \"AA==\"}]}",
          "{\"a\": [1, \"two\", {\"$base64\": \"AA==\"}]}", "{\"a\": [1, \"two\", {\"$base64\": \"AA==\"}]}");
    check("native_any", "hello", "\"hello\"", "\"hello\"");
    check("bytes", "AA==", "AA==", "\"AA==\"");
}

static void items(void **state)
{
    UNUSED(state);
    jrpc_seq_i32 seq;
    wire_failure failure = WIRE_FAILURE_INIT;
    assert_int_equal(value_read_items(&jrpc_type_seq_i32, (const char *[]){ "1", " 2 " }, 2, &seq, &failure),
                     JRPC_OK);
    assert_int_equal(seq.len, 2);
    assert_int_equal(seq.data[1], 2);
    jrpc_value_clear(&jrpc_type_seq_i32, &seq);
    assert_int_equal(value_read_items(&jrpc_type_seq_i32, NULL, 0, &seq, &failure), JRPC_OK);
    assert_int_equal(seq.len, 0);
    assert_int_equal(value_read_items(&jrpc_type_seq_i32, (const char *[]){ "1", "two" }, 2, &seq, &failure),
                     JRPC_E_INVALID);
    assert_string_equal(failure.path, "[1]");
    assert_string_equal(failure.message, "'two' is not an integer");
    assert_int_equal(value_read_items(&few_type, (const char *[]){ "1", "2", "3", "4" }, 4, &seq, &failure),
                     JRPC_E_INVALID);
    assert_string_equal(failure.message, "4 elements, at most 3 in sequence<long, 3>");
    assert_true(value_is_list(&jrpc_type_seq_i32) && value_is_list(&triple_type));
    assert_false(value_is_list(&octets_type) || value_is_list(&grid_type) || value_is_list(&jrpc_type_bytes));
    assert_true(value_is_simple(&octets_type) && value_is_simple(&jrpc_type_bytes) &&
                !value_is_simple(&jrpc_type_any));
}

static void describes(const jrpc_type *type, const jrpc_range *range, const char *expected)
{
    AUTO(buf_done) buf out = BUF_INIT;
    value_describe(&out, type, range);
    assert_string_equal(out.data, expected);
}

static void descriptions(void **state)
{
    UNUSED(state);
    static const jrpc_range least = { 1, INT64_MAX, 1.0, INFINITY }, most = { INT64_MIN, 9, -INFINITY, 0.5 };
    describes(&jrpc_type_i32, NULL, "long");
    describes(&jrpc_type_i32, &percent_range, "long, 0 to 100");
    describes(&jrpc_type_i64, &least, "long long, at least 1");
    describes(&jrpc_type_double, &most, "double, at most 0.5");
    describes(&colour_type, NULL, "Colour: RED, GREEN or BLUE");
    describes(&access_type, NULL, "Access: READ, WRITE and EXECUTE");
    describes(&string5_type, NULL, "string<5>, at most 5 characters");
    describes(&few_type, NULL, "sequence<long, 3>, at most 3 elements");
    describes(&unique_type, NULL, "sequence<string>, all different");
    describes(&triple_type, NULL, "long[3]");
}

/* Deep, long, and broken: refused or read, in bounded time and stack. */
static void hostile(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf text = BUF_INIT;
    for (int i = 0; i < 70; i++)
        buf_append_lit(&text, "{\"name\":\"\",\"kids\":[");
    for (int i = 0; i < 70; i++)
        buf_append_lit(&text, "]}");
    wire_failure failure = WIRE_FAILURE_INIT;
    node tree;
    assert_int_equal(value_read(&node_type, NULL, text.data, &tree, &failure), JRPC_E_TOO_LARGE);
    assert_string_equal(failure.message, "nested deeper than 64 levels");
    buf_reset(&text);
    for (int i = 0; i < 100000; i++)
        buf_append_char(&text, '[');
    jrpc_seq_i32 seq;
    assert_int_equal(value_read(&jrpc_type_seq_i32, NULL, text.data, &seq, &failure), JRPC_E_INVALID);
    buf_reset(&text);
    for (int i = 0; i < 100000; i++)
        buf_append_str(&text, i % 2 ? "&" : "<");
    char *string = NULL;
    assert_int_equal(value_read(&jrpc_type_string, NULL, text.data, &string, &failure), JRPC_OK);
    assert_string_equal(string, text.data);
    jrpc_value_clear(&jrpc_type_string, &string);
    int32_t number = 5;
    assert_int_equal(value_read(&jrpc_type_i32, NULL, text.data, &number, &failure), JRPC_E_INVALID);
}

static void long_values_are_cut(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    const char *text = "\xC3\xA4\xC3\xB6\xC3\xBC";
    show_value(&out, &jrpc_type_string, &text, false, 3);
    assert_string_equal(out.data, "\xC3\xA4 ... (cut here)");
    jrpc_seq_i32 seq = { NULL, 0, 0 };
    for (int i = 0; i < 1000; i++)
        assert_int_equal(jrpc_seq_i32_push(&seq, i), JRPC_OK);
    buf_reset(&out);
    buf_append_lit(&out, "= ");
    show_value(&out, &jrpc_type_seq_i32, &seq, false, 10);
    assert_string_equal(out.data, "= [0, 1, 2,  ... (cut here)");
    jrpc_seq_i32_clear(&seq);
}

static void several_lines(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    point ends[] = { { 1, 2 }, { 3, 4 } };
    points path = { ends, 2, 2 };
    show_value(&out, &points_type, &path, true, 4096);
    assert_string_equal(
        out.data, "[\n  {\n    \"x\": 1.0,\n    \"y\": 2.0\n  },\n  {\n    \"x\": 3.0,\n    \"y\": 4.0\n  }\n]");
}

/* JSON has one way to write an integer, XML-RPC two. */
static void forget_any(zoo *value)
{
    jrpc_value_clear(&jrpc_type_any, &value->anything);
    jrpc_value_clear(&jrpc_type_any, &value->maybe.anything);
}

/* Whatever a value is: its JSON reads back as the same value. */
static void round_trips(void **state)
{
    UNUSED(state);
    uint64_t seed = 20241231;
    for (int i = 0; i < 100; i++) {
        zoo value = { .truth = false }, again;
        zoo_fill(&zoo_type, NULL, &value, 0, &seed);
        AUTO(buf_done) buf text = BUF_INIT;
        show_json(&text, &zoo_type, &value, i % 2, 1 << 24);
        assert_false(buf_failed(&text));
        wire_failure failure = WIRE_FAILURE_INIT;
        if (value_read(&zoo_type, NULL, text.data, &again, &failure) != JRPC_OK)
            fail_msg("%s: %s in %s", failure.path, failure.message, text.data);
        forget_any(&value);
        forget_any(&again);
        if (!jrpc_value_equal(&zoo_type, &value, &again))
            fail_msg("differs: %s", text.data);
        jrpc_value_clear(&zoo_type, &value);
        jrpc_value_clear(&zoo_type, &again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts),
        cmocka_unit_test(names),
        cmocka_unit_test(structures),
        cmocka_unit_test(unions),
        cmocka_unit_test(lists_and_maps),
        cmocka_unit_test(items),
        cmocka_unit_test(descriptions),
        cmocka_unit_test(hostile),
        cmocka_unit_test(long_values_are_cut),
        cmocka_unit_test(several_lines),
        cmocka_unit_test(round_trips),
    };
    return cmocka_run_group_tests_name("command: values", tests, NULL, NULL);
}
