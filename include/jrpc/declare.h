/* SPDX-License-Identifier: MIT */
/*
 * What the header of an .idl declares: one line a type, and these macros make its typed functions of it. All are static
 * inline and only call <jrpc/types.h> and <jrpc/desc.h>, where ownership, statuses and threads are said. T is the C type.
 */
#ifndef JRPC_DECLARE_H
#define JRPC_DECLARE_H

#include <string.h>

#include <jrpc/desc.h>

/*
 * In the initialiser of a jrpc_method: the interface I and the index of its function there; its parameters, each a
 * JRPC_PARAM() or a jrpc_param in braces; the exceptions it may raise. way is IN, OUT or INOUT, descriptor a jrpc_type.
 */
#define JRPC_METHOD(I, index) .interface_ = &I##_interface, .slot = (index)
#define JRPC_PARAM(way, text, descriptor) { .name = text, .type = &descriptor, .direction = JRPC_##way }
#define JRPC_PARAMS(...) \
    .params = (const jrpc_param[]){ __VA_ARGS__ }, \
    .param_count = sizeof((const jrpc_param[]){ __VA_ARGS__ }) / sizeof(jrpc_param)
#define JRPC_RAISES(...) \
    .exceptions = (const jrpc_exception *const[]){ __VA_ARGS__ }, \
    .exception_count = sizeof((const jrpc_exception *const[]){ __VA_ARGS__ }) / sizeof(const jrpc_exception *)

/* What a stub hands over: the storage of what goes out and of what comes back, each in order. */
#define JRPC_INS(...) (const void *const[]){ __VA_ARGS__ }
#define JRPC_OUTS(...) (void *const[]){ __VA_ARGS__ }

/* So that a use ends in a semicolon, as every declaration does. */
#define JRPC_DECLARE_END_ struct jrpc_semicolon_

/*
 * jrpc_status T_init(T *value), void T_clear(T *value), jrpc_status T_copy(const T *from, T *to),
 * bool T_equal(const T *a, const T *b), void T_print(FILE *stream, const T *value), by a descriptor.
 */
#define JRPC_DECLARE_VALUE_OF(T, descriptor) \
    static inline jrpc_status T##_init(T *value) \
    { \
        return jrpc_value_init(&descriptor, value); \
    } \
    static inline void T##_clear(T *value) \
    { \
        jrpc_value_clear(&descriptor, value); \
    } \
    static inline jrpc_status T##_copy(const T *from, T *to) \
    { \
        return jrpc_value_copy(&descriptor, from, to); \
    } \
    static inline bool T##_equal(const T *a, const T *b) \
    { \
        return jrpc_value_equal(&descriptor, a, b); \
    } \
    static inline void T##_print(FILE *stream, const T *value) \
    { \
        jrpc_value_print(stream, &descriptor, value); \
    } \
    JRPC_DECLARE_END_

/* The same by the descriptor T_type, which is defined beside. */
#define JRPC_DECLARE_VALUE(T) \
    extern const jrpc_type T##_type; \
    JRPC_DECLARE_VALUE_OF(T, T##_type)

/* The same, and const T *T_of(const jrpc_error *error), jrpc_status T_raise(jrpc_call *call, const T *value). */
#define JRPC_DECLARE_EXCEPTION(T) \
    JRPC_DECLARE_VALUE(T); \
    extern const jrpc_exception T##_exception; \
    static inline const T *T##_of(const jrpc_error *error) \
    { \
        return (const T *)jrpc_exception_of(error, &T##_exception); \
    } \
    static inline jrpc_status T##_raise(struct jrpc_call *call, const T *value) \
    { \
        return jrpc_call_raise(call, &T##_exception, value); \
    } \
    JRPC_DECLARE_END_

/* const char *T_to_string(T value), NULL for no enumerator; bool T_from_string(const char *name, T *ret_value). */
#define JRPC_DECLARE_ENUM(T) \
    extern const jrpc_type T##_type; \
    static inline const char *T##_to_string(T value) \
    { \
        return jrpc_enum_to_string(&T##_type, (int64_t)value); \
    } \
    static inline bool T##_from_string(const char *name, T *ret_value) \
    { \
        int64_t value; \
        if (!jrpc_enum_from_string(&T##_type, name, &value)) \
            return false; \
        *ret_value = (T)value; \
        return true; \
    } \
    JRPC_DECLARE_END_

/* jrpc_status T_reserve(T *seq, size_t want), jrpc_status T_push(T *seq, E value). */
#define JRPC_DECLARE_SEQUENCE(T, E) \
    static inline jrpc_status T##_reserve(T *seq, size_t want) \
    { \
        return jrpc_seq_reserve(seq, sizeof *seq->data, want); \
    } \
    static inline jrpc_status T##_push(T *seq, E value) \
    { \
        return jrpc_seq_push(seq, &value, sizeof value); \
    } \
    JRPC_DECLARE_END_

/* jrpc_status T_set_name(T *self, V value): an optional member that is a pointer takes value over. */
#define JRPC_DECLARE_BOX(T, name, member, V, descriptor) \
    static inline jrpc_status T##_set_##name(T *self, V value) \
    { \
        V *box = self->member ? self->member : (V *)jrpc_alloc(sizeof(V)); \
        if (!box) \
            return JRPC_E_NOMEM; \
        if (self->member) \
            jrpc_value_clear(&descriptor, box); \
        *box = value; \
        self->member = box; \
        return JRPC_OK; \
    } \
    JRPC_DECLARE_END_

/*
 * V *T_get(const T *self, K key), NULL when it is not there; jrpc_status T_put(T *self, K key, V value), which takes
 * value over and clears the one that was there. descriptor is that of V.
 */
#define JRPC_DECLARE_MAP(T, K, V, descriptor) \
    JRPC_DECLARE_MAP_GET_(T, K, V, self->data[i].key == key) \
    static inline jrpc_status T##_put(T *self, K key, V value) \
    { \
        V *at = T##_get(self, key); \
        if (at) { \
            jrpc_value_clear(&descriptor, at); \
        } else { \
            if (jrpc_seq_reserve(self, sizeof *self->data, self->len + 1) != JRPC_OK) \
                return JRPC_E_NOMEM; \
            self->data[self->len].key = key; \
            at = &self->data[self->len++].value; \
        } \
        *at = value; \
        return JRPC_OK; \
    } \
    JRPC_DECLARE_END_

/* The same with text as keys; they are copied. */
#define JRPC_DECLARE_TEXT_MAP(T, V, descriptor) \
    JRPC_DECLARE_MAP_GET_(T, const char *, V, self->data[i].key && strcmp(self->data[i].key, key) == 0) \
    static inline jrpc_status T##_put(T *self, const char *key, V value) \
    { \
        V *at = T##_get(self, key); \
        if (at) { \
            jrpc_value_clear(&descriptor, at); \
        } else { \
            char *own = jrpc_strdup(key); \
            if (!own || jrpc_seq_reserve(self, sizeof *self->data, self->len + 1) != JRPC_OK) { \
                jrpc_free(own); \
                return JRPC_E_NOMEM; \
            } \
            self->data[self->len].key = own; \
            at = &self->data[self->len++].value; \
        } \
        *at = value; \
        return JRPC_OK; \
    } \
    JRPC_DECLARE_END_

#define JRPC_DECLARE_MAP_GET_(T, K, V, is_it) \
    static inline V *T##_get(const T *self, K key) \
    { \
        for (size_t i = 0; i < self->len; i++) \
            if (is_it) \
                return &self->data[i].value; \
        return NULL; \
    }

#endif
