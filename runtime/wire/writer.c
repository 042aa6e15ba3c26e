/* SPDX-License-Identifier: MIT */
/* XML text into a buffer. */
#include "wire/writer.h"

#include "base/utf8.h"

#define EVERY_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/*
 * True when the eight bytes are ASCII, no control characters, and none of & < > : nothing to check, nothing
 * to escape. Each term has the top bit of a byte set if the byte is below 0x20, is &, or is < or > (which
 * differ in one bit); the word itself, if it is no ASCII. A borrow can only come from a byte that is odd
 * itself.
 */
static bool is_plain(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    uint64_t odd = word - EVERY_BYTE(0x20);
    odd |= (word ^ EVERY_BYTE('&')) - EVERY_BYTE(1);
    odd |= ((word | EVERY_BYTE('<' ^ '>')) ^ EVERY_BYTE('>')) - EVERY_BYTE(1);
    return ((odd | word) & EVERY_BYTE(0x80)) == 0;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* Length in bytes of the character at text, or 0 when it cannot be in XML. */
static size_t xml_char(const char *text, size_t len)
{
    unsigned char c = (unsigned char)*text;
    if (c < 0x80)
        return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    uint32_t code_point = 0;
    size_t n = utf8_decode(text, len, &code_point);
    return n && utf8_is_xml_char(code_point) ? n : 0;
}

static bool is_plain_byte(char c)
{
    return (signed char)c >= 0x20 && c != '&' && c != '<' && c != '>';
}

/* The first place from at on that needs a closer look, or len. */
static inline size_t skip_plain(const char *text, size_t at, size_t len)
{
    while (len - at >= 8 && is_plain(text + at))
        at += 8;
    while (at < len && is_plain_byte(text[at]))
        at++;
    return at;
}

/* out may be NULL: only check. */
static bool scan(buf *out, const char *text, size_t len, size_t *ret_chars, size_t *ret_bad)
{
    size_t start = 0; /* of what is not written yet */
    size_t more = 0;  /* bytes of characters beyond their first */
    size_t at = 0;
    while ((at = skip_plain(text, at, len)) < len) {
        size_t n = xml_char(text + at, len - at);
        if (n == 0) {
            if (ret_bad)
                *ret_bad = at;
            return false;
        }
        const char *escape = out && n == 1 ? escape_of(text[at]) : NULL;
        if (escape) {
            writer_append(out, text + start, at - start);
            buf_append_str(out, escape);
            start = at + 1;
        }
        at += n;
        more += n - 1;
    }
    if (out)
        writer_append(out, text + start, len - start);
    if (ret_chars)
        *ret_chars = len - more;
    return true;
}

bool writer_checked_text(buf *out, const char *text, size_t len, size_t *ret_chars, size_t *ret_bad)
{
    return scan(out, text, len, ret_chars, ret_bad);
}

bool writer_check_text(const char *text, size_t len, size_t *ret_chars, size_t *ret_bad)
{
    return scan(NULL, text, len, ret_chars, ret_bad);
}

void writer_safe_text(buf *out, const char *text)
{
    size_t len = strlen(text), bad = 0;
    while (!scan(NULL, text, len, NULL, &bad)) {
        writer_text(out, text, bad);
        buf_append_char(out, '?');
        text += bad + 1;
        len -= bad + 1;
    }
    writer_text(out, text, len);
}

void writer_text(buf *out, const char *text, size_t len)
{
    size_t start = 0;
    for (size_t at = 0; at < len; at++) {
        const char *escape = escape_of(text[at]);
        if (!escape)
            continue;
        buf_append(out, text + start, at - start);
        buf_append_str(out, escape);
        start = at + 1;
    }
    buf_append(out, text + start, len - start);
}

static bool is_quote(char c)
{
    return c == '\'' || c == '"';
}

/* Of eight bytes: as is_plain(), and no quotes. */
static bool is_plain_in_attribute(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    uint64_t odd = (word ^ EVERY_BYTE('\'')) - EVERY_BYTE(1);
    odd |= (word ^ EVERY_BYTE('"')) - EVERY_BYTE(1);
    return !(odd & EVERY_BYTE(0x80)) && is_plain(text);
}

static size_t skip_in_attribute(const char *text, size_t at, size_t len)
{
    while (len - at >= 8 && is_plain_in_attribute(text + at))
        at += 8;
    while (at < len && is_plain_byte(text[at]) && !is_quote(text[at]))
        at++;
    return at;
}

/* Addresses and ids, which each stanza has: what needs no escape is copied as a whole. */
void writer_attribute(buf *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t at = 0;; at++) {
        size_t start = at;
        at = skip_in_attribute(text, at, len);
        writer_append(out, text + start, at - start);
        if (at == len)
            return;
        const char *escape = escape_of(text[at]);
        if (escape)
            buf_append_str(out, escape);
        else if (is_quote(text[at]) || text[at] == '\t' || text[at] == '\n')
            buf_printf(out, "&#%d;", text[at]);
        else
            buf_append_char(out, text[at]);
    }
}

void writer_named(buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_append_char(out, ' ');
    buf_append_str(out, name);
    buf_append_lit(out, "='");
    writer_attribute(out, value);
    buf_append_char(out, '\'');
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *put_base64(char *at, uint32_t bits, size_t digits)
{
    for (size_t i = 0; i < 4; i++)
        *at++ = i < digits ? base64_digits[bits >> (18 - 6 * i) & 63] : '=';
    return at;
}

void writer_base64(buf *out, const uint8_t *data, size_t len)
{
    if (len > SIZE_MAX / 4 * 3 - 3) {
        out->failed = true;
        return;
    }
    char *at = writer_room(out, (len + 2) / 3 * 4);
    if (!at)
        return;
    for (; len >= 3; data += 3, len -= 3)
        at = put_base64(at, (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2], 4);
    if (len == 2)
        at = put_base64(at, (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8, 3);
    else if (len == 1)
        at = put_base64(at, (uint32_t)data[0] << 16, 2);
    writer_end(out, at);
}

char *writer_put_unsigned(char *at, uint64_t value)
{
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return writer_put_bytes(at, digits + first, sizeof digits - first);
}

char *writer_put_integer(char *at, int64_t value)
{
    if (value >= 0)
        return writer_put_unsigned(at, (uint64_t)value);
    *at++ = '-';
    return writer_put_unsigned(at, 0 - (uint64_t)value);
}
