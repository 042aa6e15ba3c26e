/* SPDX-License-Identifier: MIT */
/* Growing byte buffer. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/steering.h"
#include "base/utf8.h"

void buf_done(buf *b)
{
    free(b->data);
    *b = (buf)BUF_INIT;
}

void buf_reset(buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

static bool grow(buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need) {
        if (cap > SIZE_MAX / 2) {
            b->failed = true;
            return false;
        }
        cap *= 2;
    }
    char *data = realloc(b->data, cap);
    if (!data) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

bool buf_reserve(buf *b, size_t extra)
{
    if (b->failed)
        return false;
    if (extra > SIZE_MAX - b->len - 1) {
        b->failed = true;
        return false;
    }
    size_t need = b->len + extra + 1;
    return need <= b->cap || grow(b, need);
}

void buf_append(buf *b, const void *data, size_t len)
{
    if (!buf_reserve(b, len))
        return;
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_append_str(buf *b, const char *text)
{
    buf_append(b, text, strlen(text));
}

void buf_append_char(buf *b, char c)
{
    buf_append(b, &c, 1);
}

void buf_append_uint(buf *b, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    buf_append(b, digits + at, sizeof digits - at);
}

void buf_append_int(buf *b, int64_t value)
{
    if (value >= 0) {
        buf_append_uint(b, (uint64_t)value);
        return;
    }
    buf_append_char(b, '-');
    buf_append_uint(b, 0 - (uint64_t)value);
}

void buf_vprintf(buf *b, const char *format, va_list ap)
{
    /* Most texts fit the room there is: they are formatted once. */
    if (!buf_reserve(b, 64))
        return;
    size_t room = b->cap - b->len;
    va_list copy;
    va_copy(copy, ap);
    int len = vsnprintf(b->data + b->len, room, format, copy);
    va_end(copy);
    if (len >= 0 && (size_t)len >= room) {
        b->data[b->len] = '\0';
        if (!buf_reserve(b, (size_t)len))
            return;
        vsnprintf(b->data + b->len, (size_t)len + 1, format, ap);
    }
    if (len < 0) {
        b->failed = true;
        b->data[b->len] = '\0';
        return;
    }
    b->len += (size_t)len;
}

void buf_printf(buf *b, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    buf_vprintf(b, format, ap);
    va_end(ap);
}

void buf_truncate(buf *b, size_t len)
{
    if (len >= b->len)
        return;
    b->len = len;
    b->data[len] = '\0';
}

void buf_trim(buf *b)
{
    char *data = b->data && b->cap > b->len + 1 ? realloc(b->data, b->len + 1) : NULL;
    if (!data)
        return;
    b->data = data;
    b->cap = b->len + 1;
}

char *buf_take(buf *b)
{
    if (!buf_reserve(b, 0)) {
        buf_done(b);
        return NULL;
    }
    b->data[b->len] = '\0';
    char *data = b->data;
    *b = (buf)BUF_INIT;
    return data;
}

void buf_append_safe(buf *b, const char *text)
{
    for (size_t left = strlen(text); left;) {
        uint32_t c = 0;
        size_t n = utf8_decode(text, left, &c);
        if (n == 0)
            buf_printf(b, "\\x%02X", (unsigned)(unsigned char)*text);
        else if (steering_is(c))
            buf_printf(b, "\\u{%X}", (unsigned)c);
        else
            buf_append(b, text, n);
        text += n ? n : 1;
        left -= n ? n : 1;
    }
}
