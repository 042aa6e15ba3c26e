/* SPDX-License-Identifier: MIT */
/* Large answers that were lost with their stream. */
#include "serve/oversize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"

enum { LIMIT = 30000 };

static void note(oversize *o, const char *id, size_t len, int64_t now)
{
    const reply_address request = { .id = id, .from = "a@b/c", .to = "d@e/f" };
    oversize_note(o, &request, len, now);
}

/* How many are told; the length of the last. */
static int told(oversize *o, int64_t now, size_t *ret_len)
{
    int count = 0;
    for (oversize_answer answer; oversize_take_lost(o, now, &answer); count++) {
        assert_string_equal(answer.from, "a@b/c");
        assert_string_equal(answer.to, "d@e/f");
        *ret_len = answer.len;
        oversize_answer_done(&answer);
    }
    return count;
}

static void those_that_were_too_large_are_told(void **state)
{
    UNUSED(state);
    oversize o;
    size_t len = 0;
    oversize_init(&o);
    note(&o, "1", 200, 0);
    note(&o, "2", OVERSIZE_LEAST, 0);
    note(&o, "3", LIMIT, 0);
    assert_int_equal(told(&o, 0, &len), 0); /* the stream is up */
    note(&o, "4", 2 * LIMIT, 0);
    oversize_stream_lost(&o, LIMIT);
    oversize_stream_lost(&o, 0); /* nor is it forgotten when coming back fails */
    assert_int_equal(told(&o, 1, &len), 1);
    assert_int_equal(len, 2 * LIMIT);
    assert_int_equal(told(&o, 1, &len), 0); /* once */
    oversize_done(&o);
}

static void another_end_says_nothing_of_sizes(void **state)
{
    UNUSED(state);
    oversize o;
    size_t len = 0;
    oversize_init(&o);
    note(&o, "1", 2 * LIMIT, 0);
    oversize_stream_lost(&o, 0);
    assert_int_equal(told(&o, 1, &len), 0);
    oversize_stream_lost(&o, LIMIT); /* it was of another stream */
    assert_int_equal(told(&o, 1, &len), 0);
    oversize_done(&o);
}

static void they_are_bounded(void **state)
{
    UNUSED(state);
    oversize o;
    size_t len = 0;
    const reply_address anonymous = { .id = NULL, .from = "a@b/c" };
    oversize_init(&o);
    oversize_note(&o, &anonymous, 2 * LIMIT, 0); /* could not be answered */
    for (int i = 0; i < 1000; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        note(&o, id, (size_t)(2 * LIMIT + i), i < 900 ? 0 : CLOCK_MS);
    }
    oversize_stream_lost(&o, LIMIT);
    assert_int_equal(told(&o, clock_after(CLOCK_MS, OVERSIZE_KEPT_MS), &len), 0); /* nobody waits that long */
    for (int i = 0; i < 1000; i++)
        note(&o, "x", 2 * LIMIT, 0);
    oversize_stream_lost(&o, LIMIT);
    assert_int_equal(told(&o, 0, &len), OVERSIZE_MOST);
    note(&o, "left", 2 * LIMIT, 0);
    oversize_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_were_too_large_are_told),
        cmocka_unit_test(another_end_says_nothing_of_sizes),
        cmocka_unit_test(they_are_bounded),
    };
    return cmocka_run_group_tests_name("serve_oversize", tests, NULL, NULL);
}
