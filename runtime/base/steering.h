/* SPDX-License-Identifier: MIT */
/*
 * What may not reach a terminal raw: characters that move its cursor or start a command of its own (C0, DEL, C1), that end a
 * line (U+2028, U+2029), or that turn the order of what follows (Unicode UAX #9, section 2). The one list of them: for error
 * lines, logs, values and programs. Needs nothing else.
 */
#ifndef BASE_STEERING_H
#define BASE_STEERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Line feeds and tabs are among them: who prints several lines lets them pass. */
static inline bool steering_is(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* The bytes of the one that text, NUL-terminated UTF-8, begins with; 0: it begins with none. */
static inline size_t steering_at(const char *text, uint32_t *ret_code_point)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t n = at[0] < 0x80 ? 1 : 0;
    *ret_code_point = at[0];
    if (at[0] >= 0xC2 && at[0] < 0xE0 && (at[1] & 0xC0) == 0x80) {
        *ret_code_point = (uint32_t)(at[0] & 0x1F) << 6 | (at[1] & 0x3F);
        n = 2;
    } else if (at[0] == 0xE2 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80) {
        *ret_code_point = 0x2000 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        n = 3;
    }
    return at[0] && n && steering_is(*ret_code_point) ? n : 0;
}

#endif
