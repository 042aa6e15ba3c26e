/* SPDX-License-Identifier: MIT */
/* What decoding one message may cost: elements, memory, depth. */
#ifndef WIRE_DECODER_H
#define WIRE_DECODER_H

#include "wire/native.h"

/* Sets the failure of too many elements. */
jrpc_status decoder_overrun(wire_decoder *d);
/* count XML elements more are looked at. TOO_LARGE. */
static inline jrpc_status decoder_visit(wire_decoder *d, size_t count)
{
    if (d->elements > d->limits->max_elements || count > d->limits->max_elements - d->elements)
        return decoder_overrun(d);
    d->elements += count;
    return JRPC_OK;
}
/* A value that holds values begins and ends. TOO_LARGE. */
jrpc_status decoder_enter(wire_decoder *d);
static inline void decoder_leave(wire_decoder *d)
{
    d->depth--;
}
/* Memory that is taken elsewhere counts as well. TOO_LARGE. */
jrpc_status decoder_charge(wire_decoder *d, size_t bytes);

/*
 * Zeroed memory for count things of size bytes, from the arena or the heap; charged before it is taken. d may
 * be NULL: heap, no limits, and only the status tells why. TOO_LARGE, NOMEM.
 */
jrpc_status decoder_alloc(wire_decoder *d, size_t count, size_t size, void *ret_pointer);
/* A copy of len bytes and a NUL. */
jrpc_status decoder_strndup(wire_decoder *d, const char *text, size_t len, char **ret_copy);
jrpc_status decoder_nomem(wire_decoder *d);

#endif
