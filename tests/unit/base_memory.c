/* SPDX-License-Identifier: MIT */
/* Buffers and arenas: growth, sticky errors, budgets, alignment. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

/* ---- buffer ---- */

static void buf_appends_and_terminates(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    assert_null(b.data);
    buf_append_str(&b, "ab");
    buf_append_char(&b, 'c');
    buf_append_lit(&b, "de");
    buf_append(&b, "\0f", 2);
    assert_int_equal(b.len, 7);
    assert_memory_equal(b.data, "abcde\0f", 8);
    assert_false(buf_failed(&b));
}

static void buf_appends_nothing(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append(&b, NULL, 0);
    buf_append_str(&b, "");
    assert_int_equal(b.len, 0);
    assert_string_equal(b.data, "");
}

static void check_int(int64_t value, const char *expected)
{
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append_int(&b, value);
    assert_string_equal(b.data, expected);
}

static void buf_writes_integers(void **state)
{
    UNUSED(state);
    check_int(0, "0");
    check_int(-1, "-1");
    check_int(10, "10");
    check_int(INT64_MAX, "9223372036854775807");
    check_int(INT64_MIN, "-9223372036854775808");
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append_uint(&b, UINT64_MAX);
    assert_string_equal(b.data, "18446744073709551615");
}

static void buf_formats(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    buf_printf(&b, "%s-%d", "x", 42);
    buf_printf(&b, "%0200d", 7);
    assert_int_equal(b.len, 204);
    assert_memory_equal(b.data, "x-42000", 7);
    assert_int_equal(b.data[203], '7');
}

static void buf_grows_byte_by_byte(void **state)
{
    UNUSED(state);
    enum { COUNT = 100000 };
    AUTO(buf_done) buf b = BUF_INIT;
    for (int i = 0; i < COUNT; i++)
        buf_append_char(&b, (char)('a' + i % 26));
    assert_int_equal(b.len, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    assert_true(b.cap < 4 * COUNT);
}

static void buf_failure_is_sticky(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append_lit(&b, "kept");
    assert_false(buf_reserve(&b, SIZE_MAX));
    assert_true(buf_failed(&b));
    buf_append_lit(&b, " not");
    assert_int_equal(b.len, 4);
    assert_string_equal(b.data, "kept");
    assert_null(buf_take(&b));
    assert_false(buf_failed(&b)); /* empty again after taking */
    buf_append_lit(&b, "new");
    assert_string_equal(b.data, "new");
    assert_false(buf_reserve(&b, SIZE_MAX - 4));
    buf_reset(&b);
    assert_false(buf_failed(&b));
    assert_string_equal(b.data, "");
}

static void buf_truncates(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    buf_truncate(&b, 0);
    buf_append_lit(&b, "abcdef");
    buf_truncate(&b, 10);
    assert_string_equal(b.data, "abcdef");
    buf_truncate(&b, 2);
    assert_string_equal(b.data, "ab");
    buf_truncate(&b, 0);
    assert_string_equal(b.data, "");
}

static void buf_is_taken(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf b = BUF_INIT;
    autofree char *empty = buf_take(&b);
    assert_string_equal(empty, "");
    buf_append_lit(&b, "text");
    autofree char *text = buf_take(&b);
    assert_string_equal(text, "text");
    assert_null(b.data);
    assert_int_equal(b.len, 0);
}

/* ---- arena ---- */

static void arena_aligns_and_keeps(void **state)
{
    UNUSED(state);
    AUTO(arena_done) arena a = ARENA_INIT(0);
    unsigned char *pieces[500];
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = arena_alloc(&a, i);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)(i & 0xFF), i);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t k = 0; k < i; k++)
            assert_int_equal(pieces[i][k], i & 0xFF);
    }
}

static void arena_zero_size_is_distinct(void **state)
{
    UNUSED(state);
    AUTO(arena_done) arena a = ARENA_INIT(0);
    void *first = arena_alloc(&a, 0), *second = arena_alloc(&a, 0);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
}

static void arena_keeps_its_budget(void **state)
{
    UNUSED(state);
    AUTO(arena_done) arena a = ARENA_INIT(64);
    assert_null(arena_alloc(&a, 65));
    assert_int_equal(a.used, 0);
    assert_non_null(arena_alloc(&a, 48));
    assert_null(arena_alloc(&a, 17));
    assert_non_null(arena_alloc(&a, 16));
    assert_null(arena_alloc(&a, 1));
    assert_null(arena_alloc(&a, 0));
    arena_done(&a);
    assert_int_equal(a.budget, 64); /* and may be used again */
    assert_non_null(arena_alloc(&a, 64));
}

static void arena_refuses_absurd_sizes(void **state)
{
    UNUSED(state);
    AUTO(arena_done) arena a = ARENA_INIT(0);
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX / 2 + 1));
    assert_null(arena_strndup(&a, "x", SIZE_MAX));
    assert_non_null(arena_alloc(&a, 1));
}

static void arena_copies_text(void **state)
{
    UNUSED(state);
    AUTO(arena_done) arena a = ARENA_INIT(0);
    assert_string_equal(arena_strdup(&a, "whole"), "whole");
    assert_string_equal(arena_strndup(&a, "part of it", 4), "part");
    assert_string_equal(arena_strndup(&a, NULL, 0), "");
    const char *zeros = arena_zalloc(&a, 300);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(zeros[i], 0);
}

static void arena_mixes_large_and_small(void **state)
{
    UNUSED(state);
    AUTO(arena_done) arena a = ARENA_INIT(0);
    char *small = arena_strdup(&a, "small");
    char *large = arena_zalloc(&a, 1 << 20);
    assert_non_null(large);
    memset(large, 'x', 1 << 20);
    char *after = arena_strdup(&a, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
}

static void take_ptr_moves(void **state)
{
    UNUSED(state);
    char *text = strdup("text");
    autofree char *moved = TAKE_PTR(text);
    assert_null(text);
    assert_string_equal(moved, "text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_appends_and_terminates),
        cmocka_unit_test(buf_appends_nothing),
        cmocka_unit_test(buf_writes_integers),
        cmocka_unit_test(buf_formats),
        cmocka_unit_test(buf_grows_byte_by_byte),
        cmocka_unit_test(buf_failure_is_sticky),
        cmocka_unit_test(buf_truncates),
        cmocka_unit_test(buf_is_taken),
        cmocka_unit_test(arena_aligns_and_keeps),
        cmocka_unit_test(arena_zero_size_is_distinct),
        cmocka_unit_test(arena_keeps_its_budget),
        cmocka_unit_test(arena_refuses_absurd_sizes),
        cmocka_unit_test(arena_copies_text),
        cmocka_unit_test(arena_mixes_large_and_small),
        cmocka_unit_test(take_ptr_moves),
    };
    return cmocka_run_group_tests_name("base: buffers and arenas", tests, NULL, NULL);
}
