/* SPDX-License-Identifier: MIT */
/* C values <-> XML-RPC values, by descriptor. */
#ifndef WIRE_NATIVE_H
#define WIRE_NATIVE_H

#include <strophe.h>

#include <jrpc/desc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "wire/failure.h"

enum { WIRE_DEPTH_DEFAULT = 64, WIRE_DEPTH_MAX = 256 };

/* What one message may cost us. */
typedef struct wire_limits {
    unsigned max_depth;  /* of values in values */
    size_t max_elements; /* XML elements visited */
    size_t max_memory;   /* bytes of decoded C values */
} wire_limits;

#define WIRE_LIMITS_DEFAULT \
    { \
        WIRE_DEPTH_DEFAULT, 262144, 16777216 \
    }

/*
 * State of decoding one message. Where the values' memory comes from: the arena, or the heap when it is NULL.
 */
typedef struct wire_decoder {
    const wire_limits *limits;
    arena *arena;
    unsigned depth;
    size_t elements;
    size_t memory;
    wire_failure failure;
} wire_decoder;

#define WIRE_DECODER_INIT(limits_pointer, arena_pointer) \
    { \
        (limits_pointer), (arena_pointer), 0, 0, 0, WIRE_FAILURE_INIT \
    }

/* The same without clearing the room for texts. */
static inline void wire_decoder_init(wire_decoder *d, const wire_limits *limits, arena *memory)
{
    d->limits = limits;
    d->arena = memory;
    d->depth = 0;
    d->elements = d->memory = 0;
    failure_init(&d->failure);
}

/*
 * Appends <value>...</value>. Checks all that the type says: range, bound, enumerators, UTF-8, finite
 * numbers, depth. On failure the buffer is cut back to where it was.
 */
jrpc_status native_encode(buf *out, const jrpc_type *type, const jrpc_range *range, const void *value,
                          unsigned max_depth, wire_failure *failure);

/*
 * Reads a <value> element into storage, whose content is overwritten without being read. On failure
 * (d->failure says why) nothing is left to free and the storage is zero.
 */
jrpc_status native_decode(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                          xmpp_stanza_t *value, void *storage);

/*
 * Gives back what a value decoded into an arena holds outside of it (the references of any) and makes it
 * zero; before the arena goes. Not for values on the heap: those are for jrpc_value_clear().
 */
void native_release(const jrpc_type *type, void *value);

#endif
