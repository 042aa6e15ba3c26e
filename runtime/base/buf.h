/* SPDX-License-Identifier: MIT */
/*
 * Growing byte buffer with a sticky error: append freely, check buf_failed() once at the end.
 * Always NUL-terminated once something was appended; the NUL is not counted. No thread safety of its own.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct buf {
    char *data; /* NULL while empty and never grown */
    size_t len, cap;
    bool failed; /* an append found no memory: the content is not to be used */
} buf;

#define BUF_INIT { NULL, 0, 0, false }

void buf_done(buf *b);
/* Forgets the content, keeps the memory, clears the error. */
void buf_reset(buf *b);
/* Makes room for extra bytes more and the NUL; false without memory (and the buffer has failed). */
bool buf_reserve(buf *b, size_t extra);
void buf_append(buf *b, const void *data, size_t len);
void buf_append_str(buf *b, const char *text);
void buf_append_char(buf *b, char c);
void buf_append_int(buf *b, int64_t value);
void buf_append_uint(buf *b, uint64_t value);
void buf_printf(buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(buf *b, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
/* For terminals and logs: control characters, line breaks and what is no UTF-8 are written as escapes. */
void buf_append_safe(buf *b, const char *text);
/* Cuts back to an earlier length. */
void buf_truncate(buf *b, size_t len);
/* Gives back what it does not need; for one that is kept. */
void buf_trim(buf *b);
/* The content as a heap string ("" when empty); the buffer is empty afterwards. NULL if it failed or without memory. */
char *buf_take(buf *b);

static inline bool buf_failed(const buf *b)
{
    return b->failed;
}

/* Appends a string literal. */
#define buf_append_lit(b, literal) buf_append((b), "" literal, sizeof(literal) - 1)

#endif
