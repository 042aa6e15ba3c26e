/* SPDX-License-Identifier: MIT */
/* XML text into a buffer. Errors are the buffer's sticky one. */
#ifndef WIRE_WRITER_H
#define WIRE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Escapes & < > (and CR, which XML would turn into LF). The text must have passed utf8_is_xml_text(). */
void writer_text(buf *out, const char *text, size_t len);
/* The same for an attribute's value in single or double quotes: also quotes, tab and LF. */
void writer_attribute(buf *out, const char *text);
/* " name='value'"; nothing when value is NULL. */
void writer_named(buf *out, const char *name, const char *value);
/*
 * Checks and escapes in one pass. False when the text cannot be in XML: *ret_bad is the offset of the first
 * byte that cannot, and a part of the text may have been written. *ret_chars is the number of characters
 * otherwise.
 */
bool writer_checked_text(buf *out, const char *text, size_t len, size_t *ret_chars, size_t *ret_bad);
/* Any text at all: what cannot be in XML becomes "?". */
void writer_safe_text(buf *out, const char *text);
/*
 * Only the check: the number of characters and the first bad byte, without writing. Either pointer may be
 * NULL.
 */
bool writer_check_text(const char *text, size_t len, size_t *ret_chars, size_t *ret_bad);
/* Base64 (RFC 4648 section 4) without line breaks. */
void writer_base64(buf *out, const uint8_t *data, size_t len);
/*
 * The shortest plain decimal with a point that reads back as the same double: "0.1", "5.0", -0.0 as "-0.0",
 * 1e300 as 1, 300 zeros and ".0". Finite only.
 */
void writer_double(buf *out, double value);
/* The same for a float: shortest that reads back as the same float. */
void writer_float(buf *out, float value);

/*
 * Room for len bytes at the end of the buffer, to be filled and given to writer_end(); NULL without memory.
 */
static inline char *writer_room(buf *out, size_t len)
{
    if (!out->failed && out->cap - out->len > len)
        return out->data + out->len;
    return buf_reserve(out, len) ? out->data + out->len : NULL;
}

static inline void writer_end(buf *out, char *end)
{
    *end = '\0';
    out->len = (size_t)(end - out->data);
}

static inline char *writer_put_bytes(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

/* Writes a string literal at a place with room. */
#define writer_put(at, literal) writer_put_bytes((at), "" literal, sizeof(literal) - 1)

/* buf_append() where the length is known when compiling: no call unless the buffer must grow. */
static inline void writer_append(buf *out, const char *text, size_t len)
{
    char *at = writer_room(out, len);
    if (at)
        writer_end(out, writer_put_bytes(at, text, len));
}

#define writer_lit(out, literal) writer_append((out), "" literal, sizeof(literal) - 1)

/* At most 20 bytes. */
char *writer_put_integer(char *at, int64_t value);
char *writer_put_unsigned(char *at, uint64_t value);

#endif
