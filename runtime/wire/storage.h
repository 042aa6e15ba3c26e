/* SPDX-License-Identifier: MIT */
/*
 * C values by descriptor, internal side of <jrpc/types.h>: how they lie in memory, and memory that is not the
 * heap's.
 */
#ifndef WIRE_STORAGE_H
#define WIRE_STORAGE_H

#include <string.h>

#include "wire/native.h"

/* What any generated sequence, map or jrpc_bytes looks like. */
typedef struct storage_list {
    void *data;
    size_t len, cap;
} storage_list;

/* By copying: the program sees these bytes as other types. */
static inline storage_list storage_list_get(const void *from)
{
    storage_list list;
    memcpy(&list, from, sizeof list);
    return list;
}

static inline void storage_list_set(void *to, storage_list list)
{
    memcpy(to, &list, sizeof list);
}

static inline void *storage_pointer(const void *from)
{
    void *pointer;
    memcpy(&pointer, from, sizeof pointer);
    return pointer;
}

static inline void storage_set_pointer(void *to, const void *pointer)
{
    memcpy(to, &pointer, sizeof pointer);
}

static inline const void *storage_at(const void *base, size_t offset)
{
    return (const char *)base + offset;
}

static inline void *storage_at_mutable(void *base, size_t offset)
{
    return (char *)base + offset;
}

/* An optional member that is stored as a pointer to its value. */
static inline bool storage_is_indirect(const jrpc_field *field)
{
    return (field->flags & JRPC_FIELD_OPTIONAL) && !(field->flags & JRPC_FIELD_HAS) &&
           field->type->kind != JRPC_KIND_STRING && field->type->kind != JRPC_KIND_ANY;
}

/* The value of a member that is there, in the struct at base; NULL when it is optional and absent. */
const void *storage_member(const jrpc_field *field, const void *base);

/* BOOL, integers, CHAR, WCHAR, ENUM, BITMASK. uint64_t beyond the range of int64_t keeps its bits. */
int64_t storage_integer(const jrpc_type *type, const void *value);
void storage_set_integer(const jrpc_type *type, void *value, int64_t integer);

/* The enumerator of this value, or NULL. */
const jrpc_enumerator *enumeration_of(const jrpc_type *type, int64_t value);
const jrpc_enumerator *enumeration_named(const jrpc_type *type, const char *name);

/*
 * The arm of a union that this discriminator selects, the one of `default:` included; NULL when there is
 * none.
 */
const jrpc_field *storage_arm(const jrpc_type *type, int64_t discriminator);

/*
 * As jrpc_value_init() and jrpc_value_copy(), with memory of a decoder. d may be NULL: the heap, without
 * limits.
 */
jrpc_status storage_init(wire_decoder *d, const jrpc_type *type, void *value);
jrpc_status storage_copy(wire_decoder *d, const jrpc_type *type, const void *from, void *to);

/* Frees what decoding made, as native_release() or jrpc_value_clear(), whatever the decoder's memory is. */
void storage_drop(const wire_decoder *d, const jrpc_type *type, void *value);

/* Frees the value of an exception in a jrpc_error: an error_value_free_fn. */
void storage_free_exception(const jrpc_exception *exception, void *value);

#endif
