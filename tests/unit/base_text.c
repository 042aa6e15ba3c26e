/* SPDX-License-Identifier: MIT */
/* UTF-8 and the clock. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/utf8.h"

/* ---- UTF-8 ---- */

static bool is_scalar(uint32_t c)
{
    return c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
}

static void every_code_point_round_trips(void **state)
{
    UNUSED(state);
    for (uint32_t c = 0; c <= 0x110010; c++) {
        char bytes[4];
        uint32_t back = 0;
        size_t n = utf8_encode(c, bytes);
        if (!is_scalar(c)) {
            assert_int_equal(n, 0);
            continue;
        }
        assert_int_equal(n, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        assert_int_equal(utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, c);
        for (size_t shorter = 1; shorter < n; shorter++)
            assert_int_equal(utf8_decode(bytes, shorter, &back), 0);
    }
}

/* The decoder agrees with RFC 3629 section 4 on all two-byte sequences and on the edges of the others. */
static void bad_sequences_are_refused(void **state)
{
    UNUSED(state);
    static const char *const bad[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC2",
        "\xC2\x7F",
        "\xC2\xC0",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xE1\x80",
        "\xE1\x80\x41",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF1\x80\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xF8\x88\x80\x80\x80",
        "\xFE",
        "\xFF",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint32_t c = 0;
        assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &c), 0);
    }
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            const char text[2] = { (char)first, (char)second };
            uint32_t c = 0;
            size_t n = utf8_decode(text, 2, &c);
            bool two = first >= 0xC2 && first <= 0xDF && second >= 0x80 && second <= 0xBF;
            assert_int_equal(n, first < 0x80 ? 1 : two ? 2 : 0);
        }
    }
}

static void xml_text_is_checked(void **state)
{
    UNUSED(state);
    static const struct {
        const char *text;
        size_t len;
        bool good;
        size_t chars_or_bad;
    } cases[] = {
        { "", 0, true, 0 },
        { "abc", 3, true, 3 },
        { "a\tb\nc\r", 6, true, 6 },
        { "\xC3\xA9t\xC3\xA9", 5, true, 3 },
        { "\xF0\x9F\x98\x80", 4, true, 1 },
        { "ab\0cd", 5, false, 2 },
        { "ab\x01", 3, false, 2 },
        { "\x1B[31m", 5, false, 0 },
        { "ok\xEF\xBF\xBE", 5, false, 2 }, /* U+FFFE */
        { "ok\xEF\xBF\xBF", 5, false, 2 }, /* U+FFFF */
        { "ok\xEF\xBF\xBD", 5, true, 3 },
        { "\xED\xA0\x80", 3, false, 0 }, /* a surrogate */
        { "ab\xC3", 3, false, 2 },       /* cut */
        { "\x7F", 1, true, 1 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t chars = 999, bad = 999;
        assert_int_equal(utf8_is_xml_text(cases[i].text, cases[i].len, &chars, &bad), cases[i].good);
        assert_int_equal(cases[i].good ? chars : bad, cases[i].chars_or_bad);
        assert_int_equal(cases[i].good ? bad : chars, 999);
        assert_int_equal(utf8_is_xml_text(cases[i].text, cases[i].len, NULL, NULL), cases[i].good);
    }
}

/* ---- clock ---- */

static void time_goes_forward(void **state)
{
    UNUSED(state);
    int64_t before = clock_now();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_now();
        assert_true(now >= before);
        before = now;
    }
}

static void deadlines_do_not_overflow(void **state)
{
    UNUSED(state);
    assert_true(clock_after(5, 0) == 5);
    assert_true(clock_after(5, 3) == 5 + 3 * CLOCK_MS);
    assert_true(clock_after(0, INT64_MAX) == CLOCK_NEVER);
    assert_true(clock_after(INT64_MAX - 1, 1) == CLOCK_NEVER);
    assert_true(clock_after(clock_now(), UINT32_MAX) < CLOCK_NEVER);
}

static void poll_waits_long_enough(void **state)
{
    UNUSED(state);
    assert_int_equal(clock_poll_ms(0, CLOCK_NEVER), -1);
    assert_int_equal(clock_poll_ms(10, 10), 0);
    assert_int_equal(clock_poll_ms(10, 5), 0);
    assert_int_equal(clock_poll_ms(0, 1), 1); /* rounded up: never early, so never busy */
    assert_int_equal(clock_poll_ms(0, CLOCK_MS), 1);
    assert_int_equal(clock_poll_ms(0, CLOCK_MS + 1), 2);
    assert_int_equal(clock_poll_ms(0, CLOCK_NEVER - 1), 60000); /* comes round and looks again */
}

/* ---- random ---- */

static void random_numbers_differ(void **state)
{
    UNUSED(state);
    uint64_t seen[64];
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        seen[i] = random_u64();
        for (size_t k = 0; k < i; k++)
            assert_true(seen[k] != seen[i]);
    }
    unsigned char many[1000] = { 0 };
    random_bytes(many, sizeof many);
    size_t zeros = 0;
    for (size_t i = 0; i < sizeof many; i++)
        zeros += many[i] == 0;
    assert_true(zeros < 50); /* about 4 are expected */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_round_trips), cmocka_unit_test(bad_sequences_are_refused),
        cmocka_unit_test(xml_text_is_checked),          cmocka_unit_test(time_goes_forward),
        cmocka_unit_test(deadlines_do_not_overflow),    cmocka_unit_test(poll_waits_long_enough),
        cmocka_unit_test(random_numbers_differ),
    };
    return cmocka_run_group_tests_name("base: text and time", tests, NULL, NULL);
}
