/* SPDX-License-Identifier: MIT */
/* Why a value cannot be sent or understood. */
#include "wire/failure.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* The longest beginning of text, at most len bytes of room, that does not end within a character. */
static size_t cut_length(const char *text, size_t room)
{
    size_t len = strnlen(text, room + 1);
    if (len <= room)
        return len;
    len = room;
    while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

/* Control characters, and bytes that are no UTF-8, become question marks. */
static void make_safe(char *text)
{
    for (size_t left = strlen(text); left;) {
        uint32_t c = 0;
        size_t n = utf8_decode(text, left, &c);
        bool safe = n && c >= 0x20 && (c < 0x7F || c >= 0xA0) && !(c >= 0x2028 && c <= 0x202E) &&
                    !(c >= 0x2066 && c <= 0x2069);
        n = n ? n : 1;
        if (!safe)
            memset(text, '?', n);
        text += n;
        left -= n;
    }
}

static void copy_cut(char *to, size_t room, const char *from)
{
    size_t len = cut_length(from, room - 1);
    memcpy(to, from, len);
    to[len] = '\0';
}

jrpc_status failure_set(wire_failure *failure, jrpc_status status, const char *format, ...)
{
    char text[2 * sizeof failure->message];
    va_list ap;
    va_start(ap, format);
    int len = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    failure->status = status;
    failure->path[0] = '\0';
    copy_cut(failure->message, sizeof failure->message, len < 0 ? jrpc_status_text(status) : text);
    make_safe(failure->message);
    return status;
}

/* A path that is too long loses its end, and shows that it has. */
static void put_in_front(wire_failure *failure, const char *text)
{
    static const char cut[] = "...";
    char path[sizeof failure->path];
    size_t own = strlen(text), inner = strlen(failure->path);
    bool fits = own + inner < sizeof path;
    size_t room = fits ? sizeof path : sizeof path - (sizeof cut - 1);
    copy_cut(path, room, text);
    size_t len = strlen(path);
    copy_cut(path + len, room - len, failure->path);
    if (!fits)
        strcat(path, cut);
    memcpy(failure->path, path, strlen(path) + 1);
}

void failure_in_member(wire_failure *failure, const char *name)
{
    char text[sizeof failure->path];
    text[0] = '.';
    copy_cut(text + 1, sizeof text - 1, name);
    make_safe(text);
    put_in_front(failure, text);
}

void failure_in_element(wire_failure *failure, size_t index)
{
    char text[32];
    snprintf(text, sizeof text, "[%zu]", index);
    put_in_front(failure, text);
}

void failure_in(wire_failure *failure, const char *text)
{
    put_in_front(failure, text);
}
