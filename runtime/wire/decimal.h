/* SPDX-License-Identifier: MIT */
/* Floating point numbers from text, the same in every locale. Writing them is writer_double(). */
#ifndef WIRE_DECIMAL_H
#define WIRE_DECIMAL_H

#include <stdbool.h>

/* The smallest double, written out, has 1,076 digits; nobody needs more. */
enum { DECIMAL_TEXT_MAX = 1200 };

/*
 * Reads [+-]digits[.digits][e[+-]digits], all of it; digits may be missing on one side of the point. False
 * for anything else ("nan", "0x1p3", " 5"). A number too large for a double gives an infinity, for the caller
 * to refuse.
 */
bool decimal_parse(const char *text, double *ret_value);

/* strtod(3) with a point in every locale. */
double decimal_strtod(const char *text);

#endif
