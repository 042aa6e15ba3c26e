/* SPDX-License-Identifier: MIT */
/* Literals: numbers, characters and strings out of their spelling. */
#include "front/constant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* ---- numbers ---- */

static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

static bool is_real(const token *t)
{
    bool hex = t->len > 1 && t->text[0] == '0' && (t->text[1] == 'x' || t->text[1] == 'X');
    if (hex)
        return false;
    for (uint32_t i = 0; i < t->len; i++) {
        if (strchr(".eEdD", t->text[i]))
            return true;
    }
    return false;
}

static bool read_real(parser *p, const token *t, value *v)
{
    char text[512];
    uint32_t len = t->len;
    bool fixed = t->text[len - 1] == 'd' || t->text[len - 1] == 'D';
    if (fixed) {
        parse_error(p, "unsupported", t->where,
                    "fixed-point literals are not supported over XML-RPC; leave out the '%c'",
                    t->text[len - 1]);
        return false;
    }
    if (len >= sizeof text) {
        parse_error(p, "literal-number", t->where, "this number has more than %zu characters",
                    sizeof text - 1);
        return false;
    }
    memcpy(text, t->text, len);
    text[len] = '\0';
    char *end = NULL;
    v->kind = VALUE_REAL;
    v->real = strtod(text, &end);
    if (*end != '\0' || strspn(text, "0123456789.eE+-") != len) {
        bool suffix = strspn(end, "fFlL") == strlen(end);
        parse_error(p, "literal-number", t->where, suffix ? "numbers have no suffix in IDL: leave out '%s'" :
                    "'%s' does not belong to a number", end);
        return false;
    }
    if (!isfinite(v->real)) {
        parse_error(p, "constant-overflow", t->where, "%s is too large for a double", text);
        return false;
    }
    return true;
}

static bool read_integer(parser *p, const token *t, value *v)
{
    unsigned base = 10;
    uint32_t at = 0;
    if (t->len > 1 && t->text[0] == '0') {
        base = t->text[1] == 'x' || t->text[1] == 'X' ? 16 : 8;
        at = base == 16 ? 2 : 1;
    }
    uint32_t first = at;
    bool over = false;
    for (; at < t->len && digit_of(t->text[at]) < base; at++) {
        v->integer = v->integer * (wide)base + (wide)digit_of(t->text[at]);
        over |= v->integer > (wide)UINT64_MAX;
        if (over)
            v->integer = 0;
    }
    v->kind = VALUE_INTEGER;
    if (at < t->len || (base == 16 && at == first)) {
        const char *rest = env_strndup(p->env, t->text + at, t->len - at);
        if (base == 8 && digit_of(t->text[at]) < 10)
            parse_error(p, "literal-number", t->where,
                        "'%c' is no octal digit; a number that begins with 0 is octal", t->text[at]);
        else if (at > first && strspn(rest, "uUlL") == strlen(rest))
            parse_error(p, "literal-number", t->where, "numbers have no suffix in IDL: leave out '%s'", rest);
        else
            parse_error(p, "literal-number", t->where, rest[0] ? "'%.40s' does not belong to a number" :
                        "digits are missing%s", rest);
        return false;
    }
    if (over) {
        parse_error(p, "constant-overflow", t->where, "%s does not fit 64 bits", parse_show(p, t));
        return false;
    }
    return true;
}

bool literal_number(parser *p, const token *t, bool as_real, value *v)
{
    v->is_literal = true;
    if (is_real(t))
        return read_real(p, t, v);
    if (!read_integer(p, t, v))
        return false;
    if (as_real) {
        v->real = (double)(uint64_t)v->integer;
        v->kind = VALUE_REAL;
        v->is_whole = true;
    }
    return true;
}

/* ---- text ---- */

static size_t read_digits(const token *t, size_t at, unsigned base, size_t most, uint32_t *ret_value)
{
    size_t n = 0;
    *ret_value = 0;
    for (; n < most && at + n < t->len && digit_of(t->text[at + n]) < base; n++)
        *ret_value = *ret_value * base + digit_of(t->text[at + n]);
    return n;
}

/* After the backslash; the number of bytes read, 0 when it is no escape. */
static size_t read_escape(const token *t, size_t at, uint32_t *ret_char)
{
    static const char letters[] = "ntvbrfa\\?'\"", values[] = "\n\t\v\b\r\f\a\\?'\"";
    char c = at < t->len ? t->text[at] : '\0';
    const char *found = c ? strchr(letters, c) : NULL;
    if (found) {
        *ret_char = (unsigned char)values[found - letters];
        return 1;
    }
    if (c == 'x' || c == 'u') {
        size_t n = read_digits(t, at + 1, 16, c == 'x' ? 2 : 4, ret_char);
        return n ? n + 1 : 0;
    }
    return read_digits(t, at, 8, 3, ret_char);
}

/* One character, escapes read; 0 bytes after a report. A NUL can be a character, but in no string. */
static size_t read_char(parser *p, const token *t, size_t at, uint32_t *ret_char)
{
    bool in_string = t->kind == TOKEN_STRING || t->kind == TOKEN_WSTRING;
    if (t->text[at] != '\\') {
        size_t n = utf8_decode(t->text + at, t->len - at, ret_char);
        if (n == 0)
            parse_error(p, "literal-text", t->where, "this literal is not UTF-8");
        else if (*ret_char == 0)
            parse_error(p, "literal-text", t->where, "a NUL cannot be in a literal");
        return *ret_char == 0 ? 0 : n;
    }
    size_t n = read_escape(t, at + 1, ret_char);
    if (n == 0) {
        parse_error(
            p, "literal-text", t->where, "'\\%.1s' is no escape sequence of IDL; '\\\\' is a backslash",
            at + 1 < t->len && t->text[at + 1] >= ' ' && t->text[at + 1] < 127 ? t->text + at + 1 : "");
        return 0;
    }
    if ((*ret_char == 0 && in_string) || (*ret_char >= 0xD800 && *ret_char <= 0xDFFF)) {
        parse_error(p, "literal-text", t->where,
                    *ret_char ? "U+%04X is no character but half a surrogate pair"
                              : "U+%04X, NUL, cannot be in a string",
                    (unsigned)*ret_char);
        return 0;
    }
    return n + 1;
}

const char *literal_text(parser *p, const token *t, size_t *ret_len)
{
    char *text = env_alloc(p->env, (size_t)t->len * 2 + 1);
    size_t len = 0;
    for (size_t at = 0; at < t->len;) {
        uint32_t c = 0;
        size_t n = read_char(p, t, at, &c);
        if (n == 0)
            return NULL;
        at += n;
        len += utf8_encode(c, text + len);
    }
    *ret_len = len;
    return text;
}

bool literal_char(parser *p, const token *t, value *v)
{
    uint32_t c = 0;
    if (t->len == 0) {
        parse_error(p, "literal-text", t->where, "a character is missing between the quotes");
        return false;
    }
    size_t n = read_char(p, t, 0, &c);
    if (n == 0)
        return false;
    if (n < t->len) {
        parse_error(p, "literal-text", t->where,
                    "one character only between single quotes; strings have double ones");
        return false;
    }
    v->kind = VALUE_CHAR;
    v->integer = c;
    v->is_byte = t->text[0] == '\\' && n > 2 && t->text[1] != 'u';
    return true;
}
