/* SPDX-License-Identifier: MIT */
/*
 * What any described value can do: init, clear, copy, equal, print; sequences; enums; exceptions in errors.
 */
#include "wire_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <xmlrpc-c/base.h>

#include "base/error.h"
#include "base/mem.h"
#include "wire/storage.h"
#include "wire_zoo.h"

static void test_heap(void **state)
{
    UNUSED(state);
    assert_null(jrpc_strdup(NULL));
    autofree char *copy = jrpc_strdup("abc");
    autofree char *part = jrpc_strndup("abcdef", 4);
    autofree char *shorter = jrpc_strndup("ab", 4);
    assert_string_equal(copy, "abc");
    assert_string_equal(part, "abcd");
    assert_string_equal(shorter, "ab");
    void *empty = jrpc_alloc(0);
    assert_non_null(empty);
    jrpc_free(empty);
    jrpc_free(NULL);
}

static void test_sequences(void **state)
{
    UNUSED(state);
    jrpc_seq_i32 seq = { NULL, 0, 0 };
    for (int32_t i = 0; i < 1000; i++)
        assert_int_equal(jrpc_seq_i32_push(&seq, i), JRPC_OK);
    assert_int_equal(seq.len, 1000);
    assert_true(seq.cap >= 1000);
    for (int32_t i = 0; i < 1000; i++)
        assert_int_equal(seq.data[i], i);
    jrpc_seq_i32 before = seq;
    assert_int_equal(jrpc_seq_i32_reserve(&seq, SIZE_MAX / 2), JRPC_E_NOMEM);
    assert_int_equal(jrpc_seq_i32_reserve(&seq, SIZE_MAX), JRPC_E_NOMEM);
    assert_memory_equal(&before, &seq, sizeof seq);
    assert_int_equal(jrpc_seq_i32_reserve(&seq, 5000), JRPC_OK);
    assert_int_equal(seq.cap, 5000);
    jrpc_value_clear(&jrpc_type_seq_i32, &seq);
    assert_null(seq.data);
    assert_int_equal(seq.len + seq.cap, 0);
}

static void test_init(void **state)
{
    UNUSED(state);
    defaults d;
    memset(&d, 0xA5, sizeof d);
    assert_int_equal(jrpc_value_init(&defaults_type, &d), JRPC_OK);
    assert_int_equal(d.number, 42);
    assert_string_equal(d.text, "hello");
    assert_int_equal(d.paint, BLUE);
    assert_true(d.place.x == 1.5 && d.place.y == -2.0 && d.truth);
    jrpc_value_clear(&defaults_type, &d);
    assert_null(d.text);
    zoo z;
    memset(&z, 0xA5, sizeof z);
    assert_int_equal(jrpc_value_init(&zoo_type, &z), JRPC_OK);
    assert_null(z.text);
    assert_int_equal(z.path.len, 0);
    assert_false(z.maybe.has_number);
    jrpc_value_clear(&zoo_type, &z);
    jrpc_value_clear(&zoo_type, NULL);
}

static void test_equal(void **state)
{
    UNUSED(state);
    char *none = NULL, *empty = (char[]){ "" }, *text = (char[]){ "x" };
    assert_true(jrpc_value_equal(&jrpc_type_string, &none, &empty));
    assert_false(jrpc_value_equal(&jrpc_type_string, &none, &text));
    double nan_ = NAN, zero = 0, minus_zero = -0.0;
    assert_false(jrpc_value_equal(&jrpc_type_double, &nan_, &nan_));
    assert_true(jrpc_value_equal(&jrpc_type_double, &zero, &minus_zero));
    options a = { .number = 5 }, b = { .number = 7 };
    assert_true(jrpc_value_equal(&options_type, &a, &b)); /* absent, both */
    b.has_number = true;
    assert_false(jrpc_value_equal(&options_type, &a, &b));
    a.text = empty;
    b.has_number = false;
    assert_false(jrpc_value_equal(&options_type, &a, &b)); /* absent is not empty */
    pick one = { ._d = RED, ._u.number = 1 }, two = { ._d = GREEN };
    assert_false(jrpc_value_equal(&pick_type, &one, &two));
    by_colour_entry first[] = { { RED, true }, { BLUE, false } },
                    second[] = { { BLUE, false }, { RED, true } };
    by_colour x = { first, 2, 2 }, y = { second, 2, 2 };
    assert_true(jrpc_value_equal(&by_colour_type, &x, &y)); /* the order of a map means nothing */
    second[1].value = false;
    assert_false(jrpc_value_equal(&by_colour_type, &x, &y));
}

static void test_any_equal(void **state)
{
    UNUSED(state);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *a = xmlrpc_build_value(&env, "({s:i,s:s}bn)", "x", 1, "y", "z", 1);
    xmlrpc_value *b = xmlrpc_build_value(&env, "({s:s,s:i}bn)", "y", "z", "x", 1, 1);
    xmlrpc_value *c = xmlrpc_build_value(&env, "({s:s,s:i}bn)", "y", "z", "x", 2, 1);
    assert_false(env.fault_occurred);
    xmlrpc_value *null = NULL;
    assert_true(jrpc_value_equal(&jrpc_type_any, &a, &b));
    assert_false(jrpc_value_equal(&jrpc_type_any, &a, &c));
    assert_false(jrpc_value_equal(&jrpc_type_any, &a, &null));
    assert_true(jrpc_value_equal(&jrpc_type_any, &null, &null));
    xmlrpc_DECREF(a);
    xmlrpc_DECREF(b);
    xmlrpc_DECREF(c);
    xmlrpc_env_clean(&env);
}

static void prints(const jrpc_type *type, const void *value, const char *expected)
{
    autofree char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    assert_non_null(stream);
    jrpc_value_print(stream, type, value);
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(text, expected);
}

static void test_print(void **state)
{
    UNUSED(state);
    disc d = { .base = { .base = { 7, (char[]){ "a \"b\"\n\x1b\xff" } }, .centre = { 1, 0.5 }, .radius = 2 },
               .paint = BLUE };
    prints(&disc_type, &d,
           "{ id: 7, label: \"a \\\"b\\\"\\n\\u{1B}\\xFF\", centre: { x: 1.0, y: 0.5 }, radius: 2.0, paint: "
           "BLUE }");
    int32_t numbers[] = { 1, -2 };
    prints(&jrpc_type_seq_i32, &(jrpc_seq_i32){ numbers, 2, 2 }, "[1, -2]");
    prints(&jrpc_type_seq_i32, &(jrpc_seq_i32){ NULL, 0, 0 }, "[]");
    prints(&options_type, &(options){ .has_number = false }, "{}");
    prints(&options_type, &(options){ .has_number = true, .number = 3 }, "{ number: 3 }");
    prints(&pick_type, &(pick){ ._d = RED, ._u.number = 5 }, "{ _d: RED, number: 5 }");
    by_colour_entry entry = { GREEN, true };
    prints(&by_colour_type, &(by_colour){ &entry, 1, 1 }, "{ GREEN: true }");
    prints(&access_type, &(uint8_t){ 5 }, "READ|EXECUTE");
    prints(&access_type, &(uint8_t){ 0 }, "0");
    prints(&access_type, &(uint8_t){ 9 }, "READ|0x8");
    prints(&jrpc_type_char, &(char){ '\'' }, "'\\''");
    prints(&colour_type, &(colour){ 9 }, "9");
    prints(&jrpc_type_double, &(double){ NAN }, "nan");
    prints(&ulong_text_type, &(uint64_t){ UINT64_MAX }, "18446744073709551615");
    prints(&jrpc_type_datetime, &(jrpc_datetime){ 2024, 12, 31, 23, 59, 59 }, "2024-12-31T23:59:59");
    uint8_t bytes[] = { 'h', 'i' };
    prints(&jrpc_type_bytes, &(jrpc_bytes){ bytes, 2, 2 }, "base64'aGk='");
    prints(&jrpc_type_any, &(void *){ NULL }, "null");
}

static void test_enums(void **state)
{
    UNUSED(state);
    int64_t value = 0;
    assert_string_equal(jrpc_enum_to_string(&colour_type, BLUE), "BLUE");
    assert_null(jrpc_enum_to_string(&colour_type, 2));
    assert_true(jrpc_enum_from_string(&colour_type, "GREEN", &value));
    assert_int_equal(value, GREEN);
    assert_false(jrpc_enum_from_string(&colour_type, "green", &value));
    assert_false(jrpc_enum_from_string(&colour_type, NULL, &value));
    assert_int_equal(value, GREEN);
}

static void test_exception(void **state)
{
    UNUSED(state);
    jrpc_error error = JRPC_ERROR_INIT;
    static const jrpc_exception other = { .name = "Other" };
    no_money *members = calloc(1, sizeof *members);
    assert_non_null(members);
    members->account = jrpc_strdup("DE12");
    assert_null(jrpc_exception_of(&error, &no_money_exception));
    assert_null(jrpc_exception_of(NULL, &no_money_exception));
    error_set(&error, JRPC_ERROR_APP, JRPC_E_FAULT, "no money");
    error_exception_take(&error, &no_money_exception, members, storage_free_exception);
    assert_ptr_equal(jrpc_exception_of(&error, &no_money_exception), members);
    assert_null(jrpc_exception_of(&error, &other));
    jrpc_error_done(&error);
}

/* Every built-in type says how large it is, and holds together. */
static void test_builtin(void **state)
{
    UNUSED(state);
    static const jrpc_type *const sequences[] = {
        &jrpc_type_seq_bool,   &jrpc_type_seq_i8,     &jrpc_type_seq_i16,      &jrpc_type_seq_u16,
        &jrpc_type_seq_i32,    &jrpc_type_seq_u32,    &jrpc_type_seq_i64,      &jrpc_type_seq_u64,
        &jrpc_type_seq_float,  &jrpc_type_seq_double, &jrpc_type_seq_char,     &jrpc_type_seq_wchar,
        &jrpc_type_seq_string, &jrpc_type_seq_bytes,  &jrpc_type_seq_datetime, &jrpc_type_seq_any,
    };
    for (size_t i = 0; i < COUNT_OF(sequences); i++) {
        const jrpc_type *type = sequences[i];
        char name[64];
        snprintf(name, sizeof name, "sequence<%s>", type->element->name);
        assert_string_equal(type->name, name);
        assert_int_equal(type->kind, JRPC_KIND_SEQUENCE);
        assert_int_equal(type->size, sizeof(storage_list));
        assert_true(type->element->size > 0);
    }
    assert_int_equal(jrpc_type_datetime.size, sizeof(jrpc_datetime));
    assert_int_equal(jrpc_type_u8.kind, JRPC_KIND_U8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heap),  cmocka_unit_test(test_sequences), cmocka_unit_test(test_init),
        cmocka_unit_test(test_equal), cmocka_unit_test(test_any_equal), cmocka_unit_test(test_print),
        cmocka_unit_test(test_enums), cmocka_unit_test(test_exception), cmocka_unit_test(test_builtin),
    };
    return cmocka_run_group_tests_name("wire_storage", tests, NULL, NULL);
}
