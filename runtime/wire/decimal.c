/* SPDX-License-Identifier: MIT */
/* Floating point numbers as plain decimals: shortest that reads back, the same in every locale. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* strtod_l */
#endif
#include "wire/decimal.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "wire/writer.h"

/* Powers of ten that a double holds exactly. */
static const double exact_powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

enum {
    EXACT_POWERS = sizeof exact_powers / sizeof exact_powers[0],
    DIGITS_MAX = 17,                                /* significant digits that identify any double */
    TEXT_MAX = DBL_MAX_10_EXP - DBL_MIN_10_EXP + 64 /* longest plain decimal, with sign and point */
};

#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */

/* ---- writing ---- */

/* Significant digits without zeros at the end; the first is worth 10^exponent. */
typedef struct decimal {
    char digits[DIGITS_MAX + 1];
    int count, exponent;
} decimal;

static char *put_zeros(char *at, int count)
{
    for (; count > 0; count--)
        *at++ = '0';
    return at;
}

static void write_decimal(buf *out, const decimal *d, bool negative)
{
    char *at = writer_room(out, TEXT_MAX);
    if (!at)
        return;
    if (negative)
        *at++ = '-';
    int whole = d->exponent + 1; /* digits before the point */
    if (whole <= 0) {
        at = put_zeros(writer_put(at, "0."), -whole);
        at = writer_put_bytes(at, d->digits, (size_t)d->count);
    } else if (whole >= d->count) {
        at = writer_put_bytes(at, d->digits, (size_t)d->count);
        at = writer_put(put_zeros(at, whole - d->count), ".0");
    } else {
        at = writer_put_bytes(at, d->digits, (size_t)whole);
        *at++ = '.';
        at = writer_put_bytes(at, d->digits + whole, (size_t)(d->count - whole));
    }
    writer_end(out, at);
}

/* mantissa / 10^scale */
static void decimal_from_scaled(decimal *ret, uint64_t mantissa, int scale)
{
    char digits[20];
    char *end = writer_put_unsigned(digits, mantissa);
    ret->count = (int)(end - digits);
    ret->exponent = ret->count - 1 - scale;
    while (ret->count > 1 && digits[ret->count - 1] == '0')
        ret->count--;
    memcpy(ret->digits, digits, (size_t)ret->count);
}

/*
 * The usual case, exactly: mantissa and power are both doubles without rounding error, so their quotient is
 * the double nearest to that decimal, and the first scale that gives the value back gives the fewest digits.
 */
static bool find_scaled(double value, double most, bool narrow, decimal *ret)
{
    for (int scale = 0; scale < EXACT_POWERS; scale++) {
        double scaled = value * exact_powers[scale];
        if (scaled >= most)
            return false;
        uint64_t mantissa = (uint64_t)(scaled + 0.5);
        double back = (double)mantissa / exact_powers[scale];
        if (narrow ? (float)back == (float)value : back == value) {
            decimal_from_scaled(ret, mantissa, scale);
            return true;
        }
    }
    return false;
}

/* What printf made of %.*e: "d.ddde-NN" with the locale's point, whatever that is. */
static void decimal_from_text(decimal *ret, const char *text)
{
    ret->count = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9' && ret->count < DIGITS_MAX)
            ret->digits[ret->count++] = *text;
    }
    ret->exponent = *text ? (int)strtol(text + 1, NULL, 10) : 0;
    while (ret->count > 1 && ret->digits[ret->count - 1] == '0')
        ret->count--;
}

static double decimal_value(const decimal *d)
{
    char text[64];
    char *at = writer_put(text, "0.");
    at = writer_put_bytes(at, d->digits, (size_t)d->count);
    *at++ = 'e';
    *writer_put_integer(at, d->exponent + 1) = '\0';
    return decimal_strtod(text);
}

/* first: digits that are enough for any shorter decimal to show up, as zeros at the end. */
static void find_printed(double value, int first, int last, bool narrow, decimal *ret)
{
    for (int digits = first; digits <= last; digits++) {
        char text[64];
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        decimal_from_text(ret, text);
        double back = decimal_value(ret);
        if (narrow ? (float)back == (float)value : back == value)
            return;
    }
}

void writer_double(buf *out, double value)
{
    decimal d;
    double size = fabs(value);
    if (!find_scaled(size, EXACT_INTEGER, false, &d))
        find_printed(size, size < DBL_MIN ? 1 : DBL_DIG, DIGITS_MAX, false, &d);
    write_decimal(out, &d, signbit(value) != 0);
}

void writer_float(buf *out, float value)
{
    decimal d;
    double size = fabs((double)value);
    if (!find_scaled(size, 1e9, true, &d))
        find_printed(size, size < (double)FLT_MIN ? 1 : FLT_DIG, FLT_DECIMAL_DIG, true, &d);
    write_decimal(out, &d, signbit(value) != 0);
}

/* ---- reading ---- */

double decimal_strtod(const char *text)
{
    /* Of the C library's own locale: nothing is allocated, nothing depends on the program's setlocale(). */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0)
        return (double)NAN;
    double value = strtod_l(text, NULL, plain);
    freelocale(plain);
    return value;
}

/* The parts of [+-]digits[.digits][e[+-]digits] */
typedef struct number_text {
    uint64_t mantissa;
    int digits, exponent;
    bool negative, exact; /* exact: mantissa holds every digit */
} number_text;

static const char *read_digits(const char *at, number_text *n, bool fraction)
{
    for (; *at >= '0' && *at <= '9'; at++) {
        n->digits++;
        if (n->mantissa > (UINT64_MAX - 9) / 10)
            n->exact = false;
        if (!n->exact)
            continue;
        n->mantissa = n->mantissa * 10 + (uint64_t)(*at - '0');
        n->exponent -= fraction;
    }
    return at;
}

static bool read_exponent(const char *at, number_text *n)
{
    bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (!*at)
        return false;
    int exponent = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (exponent < 100000)
            exponent = exponent * 10 + (*at - '0');
    }
    n->exponent += negative ? -exponent : exponent;
    return !*at;
}

static bool read_number(const char *text, number_text *n)
{
    *n = (number_text){ .exact = true };
    if (*text == '-' || *text == '+')
        n->negative = *text++ == '-';
    text = read_digits(text, n, false);
    if (*text == '.')
        text = read_digits(text + 1, n, true);
    if (n->digits == 0)
        return false;
    if (*text == 'e' || *text == 'E')
        return read_exponent(text + 1, n);
    return !*text;
}

bool decimal_parse(const char *text, double *ret_value)
{
    number_text n;
    if (strnlen(text, DECIMAL_TEXT_MAX + 1) > DECIMAL_TEXT_MAX || !read_number(text, &n))
        return false;
    double value;
    if (n.exact && n.mantissa <= (uint64_t)EXACT_INTEGER && n.exponent > -EXACT_POWERS &&
        n.exponent < EXACT_POWERS) {
        value = (double)n.mantissa;
        value = n.exponent < 0 ? value / exact_powers[-n.exponent] : value * exact_powers[n.exponent];
        value = n.negative ? -value : value;
    } else {
        value = decimal_strtod(text);
    }
    *ret_value = value;
    return true;
}
