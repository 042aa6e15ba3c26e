/* SPDX-License-Identifier: MIT */
/* UTF-8. */
#include "base/utf8.h"

static bool is_scalar(uint32_t c)
{
    return c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF);
}

size_t utf8_decode(const char *text, size_t len, uint32_t *ret_code_point)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *s = (const unsigned char *)text;
    if (s[0] < 0x80) {
        *ret_code_point = s[0];
        return 1;
    }
    size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || n > len)
        return 0;
    uint32_t c = s[0] & (0x7FU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3FU);
    }
    if (c < least[n] || !is_scalar(c))
        return 0;
    *ret_code_point = c;
    return n;
}

size_t utf8_encode(uint32_t c, char b[4])
{
    if (!is_scalar(c))
        return 0;
    if (c < 0x80) {
        b[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        b[i] = (char)(0x80 | (c & 0x3F));
    b[0] = (char)((0xF00U >> n & 0xF0) | c);
    return n;
}

bool utf8_is_xml_char(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return is_scalar(c) && c != 0xFFFE && c != 0xFFFF;
}

bool utf8_is_xml_text(const char *text, size_t len, size_t *ret_chars, size_t *ret_bad)
{
    size_t chars = 0;
    for (size_t at = 0; at < len; chars++) {
        uint32_t c = 0;
        size_t n = utf8_decode(text + at, len - at, &c);
        if (n == 0 || !utf8_is_xml_char(c)) {
            if (ret_bad)
                *ret_bad = at;
            return false;
        }
        at += n;
    }
    if (ret_chars)
        *ret_chars = chars;
    return true;
}
