/* SPDX-License-Identifier: MIT */
/* Values in C: the library's own types, and what can be done to any described value. */
#ifndef JRPC_TYPES_H
#define JRPC_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jrpc/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct jrpc_type;
struct _xmlrpc_value; /* xmlrpc-c's value: IDL's any; <jrpc/xmlrpc.h> */

/* A moment of the calendar without time zone, as dateTime.iso8601 has it: "20241231T23:59:59". */
typedef struct jrpc_datetime {
    int32_t year; /* 0 to 9999 */
    uint8_t month, day; /* from 1 */
    uint8_t hour, minute, second; /* second up to 60: leap seconds */
} jrpc_datetime;

/* sequence<octet>: base64 on the wire. Owns its data (heap). */
typedef struct jrpc_bytes {
    uint8_t *data;
    size_t len, cap;
} jrpc_bytes;

/* Heap memory of the library's allocator: malloc(3)'s; jrpc_free is free(3). NULL without memory. */
JRPC_EXPORT void *jrpc_alloc(size_t size);
JRPC_EXPORT char *jrpc_strdup(const char *text); /* NULL gives NULL */
JRPC_EXPORT char *jrpc_strndup(const char *text, size_t length);
JRPC_EXPORT void jrpc_free(void *memory);

/* Makes room for want elements in any generated sequence or map. On failure nothing has changed. NOMEM. */
JRPC_EXPORT jrpc_status jrpc_seq_reserve(void *sequence, size_t element_size, size_t want);
/* Appends one element by copying its bytes: what it points to is taken over. On failure nothing has changed. NOMEM. */
JRPC_EXPORT jrpc_status jrpc_seq_push(void *sequence, const void *element, size_t element_size);

/*
 * What a described value can do; the generated T_init(), T_clear()... are these with T's descriptor. Any thread;
 * the value is the caller's. Values own all they point to (heap).
 */
/* Sets the IDL's defaults: zero, NULL strings, empty sequences, @default. NOMEM. */
JRPC_EXPORT jrpc_status jrpc_value_init(const struct jrpc_type *type, void *value);
/* Frees all that the value points to and makes it zero. The value's own storage stays. */
JRPC_EXPORT void jrpc_value_clear(const struct jrpc_type *type, void *value);
/* Deep copy into uninitialised storage; on failure to is zero. NOMEM. */
JRPC_EXPORT jrpc_status jrpc_value_copy(const struct jrpc_type *type, const void *from, void *to);
/* Deep comparison. A NULL string equals an empty one, as on the wire. NaN differs from itself. */
JRPC_EXPORT bool jrpc_value_equal(const struct jrpc_type *type, const void *a, const void *b);
/* For people and logs: { name: "x", items: [1, 2] }. Control characters are escaped. */
JRPC_EXPORT void jrpc_value_print(FILE *stream, const struct jrpc_type *type, const void *value);

/* Sequences of basic types; those of your own types come from your .idl. Each owns its data and its elements. */
#define JRPC_SEQUENCE_MAP(XX) \
    XX(bool, bool) \
    XX(i8, int8_t) \
    XX(i16, int16_t) \
    XX(u16, uint16_t) \
    XX(i32, int32_t) \
    XX(u32, uint32_t) \
    XX(i64, int64_t) \
    XX(u64, uint64_t) \
    XX(float, float) \
    XX(double, double) \
    XX(char, char) \
    XX(wchar, uint32_t) \
    XX(string, char *) \
    XX(bytes, jrpc_bytes) \
    XX(datetime, jrpc_datetime) \
    XX(any, struct _xmlrpc_value *)

/* jrpc_seq_i32, jrpc_seq_i32_push(&seq, 5) ...; _push takes a string or value over when it succeeds. */
#define JRPC_SEQUENCE_TYPE(name, element) \
    typedef struct jrpc_seq_##name { \
        element *data; \
        size_t len, cap; \
    } jrpc_seq_##name; \
    static inline jrpc_status jrpc_seq_##name##_reserve(jrpc_seq_##name *seq, size_t want) \
    { \
        return jrpc_seq_reserve(seq, sizeof(element), want); \
    } \
    static inline jrpc_status jrpc_seq_##name##_push(jrpc_seq_##name *seq, element value) \
    { \
        return jrpc_seq_push(seq, &value, sizeof value); \
    }
JRPC_SEQUENCE_MAP(JRPC_SEQUENCE_TYPE)
#undef JRPC_SEQUENCE_TYPE

#ifdef __cplusplus
}
#endif
#endif
