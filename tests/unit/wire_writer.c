/* SPDX-License-Identifier: MIT */
/*
 * Text, base64 and numbers as they are written; numbers as they are read; in a locale with a decimal comma
 * too.
 */
#include "wire_check.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "wire/decimal.h"
#include "wire/writer.h"

static void test_text(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf out = BUF_INIT;
    writer_text(&out, "a<b>&c\r\n\t'\"\xc3\xa9", 13);
    assert_string_equal(out.data, "a&lt;b&gt;&amp;c&#13;\n\t'\"\xc3\xa9");
    buf_reset(&out);
    writer_attribute(&out, "a'b\"<&>\t\n");
    assert_string_equal(out.data, "a&#39;b&#34;&lt;&amp;&gt;&#9;&#10;");
    buf_reset(&out);
    writer_safe_text(&out, "ok \x01<\xff\xc3\xa9\xef\xbf\xbf");
    assert_string_equal(out.data, "ok ?&lt;?\xc3\xa9???");
}

/* Wherever in a word of eight bytes a special character is, it is found. */
static void test_every_place(void **state)
{
    UNUSED(state);
    static const struct {
        char c;
        const char *written;
    } specials[] = { { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '\r', "&#13;" } };
    for (size_t s = 0; s < COUNT_OF(specials); s++) {
        for (size_t at = 0; at < 24; at++) {
            char text[25] = "aaaaaaaaaaaaaaaaaaaaaaaa", expected[64];
            AUTO(buf_done) buf out = BUF_INIT;
            size_t chars = 0;
            text[at] = specials[s].c;
            snprintf(expected, sizeof expected, "%.*s%s%s", (int)at, text, specials[s].written,
                     text + at + 1);
            assert_true(writer_checked_text(&out, text, 24, &chars, NULL));
            assert_string_equal(out.data, expected);
            assert_int_equal(chars, 24);
        }
    }
}

/* The fast check says the same as the plain one, for every byte at every place. */
static void test_check(void **state)
{
    UNUSED(state);
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < 20; at++) {
            char text[21] = "\xc3\xa9"
                            "aaaaaaaaaaaaa\xe2\x82\xac"
                            "bb";
            size_t chars = 1, bad = 2, expected_chars = 1, expected_bad = 2;
            text[at] = (char)byte;
            bool expected = utf8_is_xml_text(text, 20, &expected_chars, &expected_bad);
            assert_int_equal(writer_check_text(text, 20, &chars, &bad), expected);
            assert_int_equal(chars, expected_chars);
            assert_int_equal(bad, expected_bad);
        }
    }
}

static void test_base64(void **state)
{
    UNUSED(state);
    static const char *const expected[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    for (size_t len = 0; len < COUNT_OF(expected); len++) {
        AUTO(buf_done) buf out = BUF_INIT;
        buf_append_lit(&out, "=");
        writer_base64(&out, (const uint8_t *)"foobar", len);
        assert_string_equal(out.data + 1, expected[len]);
    }
    AUTO(buf_done) buf out = BUF_INIT;
    writer_base64(&out, (const uint8_t *)"\xfb\xff\xbf", 3);
    assert_string_equal(out.data, "+/+/");
}

static void is_written(double value, const char *expected)
{
    AUTO(buf_done) buf out = BUF_INIT;
    writer_double(&out, value);
    assert_string_equal(out.data, expected);
}

static void test_doubles(void **state)
{
    UNUSED(state);
    is_written(0, "0.0");
    is_written(-0.0, "-0.0");
    is_written(5, "5.0");
    is_written(100, "100.0");
    is_written(-1.5, "-1.5");
    is_written(0.1, "0.1");
    is_written(0.1 + 0.2, "0.30000000000000004");
    is_written(1e-7, "0.0000001");
    is_written(123456.789, "123456.789");
    is_written(9007199254740993.0, "9007199254740992.0");
    is_written(1e22, "10000000000000000000000.0");
    is_written(1.0 / 3, "0.3333333333333333");
    is_written(5e-9, "0.000000005");
    AUTO(buf_done) buf out = BUF_INIT;
    writer_double(&out, 1e300);
    assert_int_equal(out.len, 303);
    assert_int_equal(strspn(out.data + 1, "0"), 300);
    buf_reset(&out);
    writer_double(&out, 5e-324);
    assert_int_equal(out.len, 326);
    assert_string_equal(out.data + 320, "000005");
}

static void test_floats(void **state)
{
    UNUSED(state);
    static const struct {
        float value;
        const char *expected;
    } cases[] = { { 0.1F, "0.1" },
                  { 16777216.0F, "16777216.0" },
                  { 1e10F, "10000000000.0" },
                  { 3.4028235e38F, "340282350000000000000000000000000000000.0" },
                  { -2.5F, "-2.5" },
                  { 1.0F / 3, "0.33333334" } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) buf out = BUF_INIT;
        writer_float(&out, cases[i].value);
        assert_string_equal(out.data, cases[i].expected);
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Any double reads back as the same bits, and no shorter decimal would: printf's %.*g is the judge. */
static void check_one(double value)
{
    AUTO(buf_done) buf out = BUF_INIT;
    double back = 0;
    writer_double(&out, value);
    assert_true(strpbrk(out.data, "eE,") == NULL && strchr(out.data, '.') != NULL);
    if (!decimal_parse(out.data, &back) || memcmp(&back, &value, sizeof back) != 0)
        fail_msg("%a is written as %s and read as %a", value, out.data, back);
    size_t digits = 0;
    char significant[1200];
    for (const char *at = out.data; *at; at++) {
        if (*at >= '0' && *at <= '9' && (digits || *at != '0'))
            significant[digits++] = *at;
    }
    while (digits > 1 && significant[digits - 1] == '0')
        digits--;
    if (digits > 1) {
        char shorter[64];
        snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 2, value);
        for (char *at = shorter; *at; at++)
            *at = *at == ',' ? '.' : *at;
        assert_true(decimal_parse(shorter, &back));
        if (memcmp(&back, &value, sizeof back) == 0)
            fail_msg("%s is longer than %s", out.data, shorter);
    }
}

static void check_many(int count)
{
    uint64_t seed = 4711;
    for (int i = 0; i < count; i++) {
        uint64_t bits = next(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_one(value);
        check_one((double)(int64_t)(bits >> 20) / 1000);
        check_one((double)(int32_t)bits / 64);
    }
    static const double edges[] = { DBL_MAX,
                                    DBL_MIN,
                                    DBL_EPSILON,
                                    DBL_TRUE_MIN,
                                    1e23,
                                    8.41e21,
                                    4503599627370497.5,
                                    9007199254740991.0,
                                    9007199254740992.0,
                                    1.7976931348623157e308 };
    for (size_t i = 0; i < COUNT_OF(edges); i++)
        check_one(edges[i]);
}

static void test_random_doubles(void **state)
{
    UNUSED(state);
    check_many(5000);
}

static void test_random_floats(void **state)
{
    UNUSED(state);
    uint64_t seed = 815;
    for (int i = 0; i < 20000; i++) {
        uint32_t bits = (uint32_t)next(&seed);
        float value;
        double back = 0;
        AUTO(buf_done) buf out = BUF_INIT;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        writer_float(&out, value);
        assert_true(decimal_parse(out.data, &back));
        float narrow = (float)back;
        assert_memory_equal(&narrow, &value, sizeof value);
    }
}

/* Reading agrees with strtod(3), to the last bit. */
static void test_reading(void **state)
{
    UNUSED(state);
    static const char *const texts[] = { "0",
                                         "-0",
                                         "+1",
                                         "1.",
                                         ".5",
                                         "1e5",
                                         "1E+05",
                                         "123456789012345678901234567890",
                                         "0.000000000000000000000000000001",
                                         "9007199254740993",
                                         "1e22",
                                         "1e23",
                                         "2.2250738585072011e-308",
                                         "1.7976931348623158e308",
                                         "4.9e-324",
                                         "1e-400",
                                         "00000000000000000000000000001.5",
                                         "123456789e-30",
                                         "1e999",
                                         "-1e999",
                                         "8.5e22",
                                         "1e0000000000000000000000001",
                                         "18446744073709551616" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        double value = 0, expected = strtod(texts[i], NULL);
        assert_true(decimal_parse(texts[i], &value));
        if (memcmp(&value, &expected, sizeof value) != 0)
            fail_msg("%s is read as %a instead of %a", texts[i], value, expected);
    }
    static const char *const bad[] = { "",    ".",     "-",     "+",   "e5",   "1e",  "1e+",
                                       "1 ",  " 1",    "1.2.3", "0x1", "nan",  "inf", "infinity",
                                       "1,5", "1_000", "1f",    "--1", "1e5.5" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        double value = 0;
        if (decimal_parse(bad[i], &value))
            fail_msg("'%s' is read as %g", bad[i], value);
    }
}

static void test_long_number(void **state)
{
    UNUSED(state);
    char text[DECIMAL_TEXT_MAX + 2];
    double value = 0;
    memset(text, '1', sizeof text);
    text[1] = '.';
    text[DECIMAL_TEXT_MAX] = '\0';
    assert_true(decimal_parse(text, &value));
    text[DECIMAL_TEXT_MAX] = '1';
    text[DECIMAL_TEXT_MAX + 1] = '\0';
    assert_false(decimal_parse(text, &value));
}

/* Debian's machines often have no such locale: one is made. False when that cannot be done. */
static bool use_decimal_comma(const char *path)
{
    char command[256];
    if (setlocale(LC_ALL, "de_DE.UTF-8"))
        return true;
    snprintf(command, sizeof command, "localedef -f UTF-8 -i de_DE %s/de_DE.UTF-8 >%s/log 2>&1", path, path);
    if (system(command) != 0 || setenv("LOCPATH", path, 1) != 0)
        return false;
    return setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
}

static void test_locale(void **state)
{
    UNUSED(state);
    char path[] = "/tmp/wire-locale-XXXXXX", command[64];
    assert_non_null(mkdtemp(path));
    bool ready = use_decimal_comma(path);
    snprintf(command, sizeof command, "rm -rf %s", path);
    assert_int_equal(system(command), 0);
    if (!ready)
        skip();
    char comma[16];
    snprintf(comma, sizeof comma, "%.1f", 0.5);
    assert_string_equal(comma, "0,5");
    double value = 0;
    assert_true(decimal_parse("0.30000000000000004", &value));
    is_written(value, "0.30000000000000004");
    assert_false(decimal_parse("0,5", &value));
    check_many(500);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),           cmocka_unit_test(test_every_place),
        cmocka_unit_test(test_check),          cmocka_unit_test(test_base64),
        cmocka_unit_test(test_doubles),        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_random_doubles), cmocka_unit_test(test_random_floats),
        cmocka_unit_test(test_reading),        cmocka_unit_test(test_long_number),
        cmocka_unit_test(test_locale),
    };
    return cmocka_run_group_tests_name("wire_writer", tests, NULL, NULL);
}
