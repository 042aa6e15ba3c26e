/* SPDX-License-Identifier: MIT */
/* What decoding one message may cost. */
#include "wire/decoder.h"

#include <stdlib.h>
#include <string.h>

jrpc_status decoder_overrun(wire_decoder *d)
{
    return failure_set(&d->failure, JRPC_E_TOO_LARGE, "more than %zu XML elements", d->limits->max_elements);
}

jrpc_status decoder_enter(wire_decoder *d)
{
    unsigned most = d->limits->max_depth < WIRE_DEPTH_MAX ? d->limits->max_depth : WIRE_DEPTH_MAX;
    if (d->depth >= most)
        return failure_set(&d->failure, JRPC_E_TOO_LARGE, "values nest deeper than %u levels", most);
    d->depth++;
    return JRPC_OK;
}

jrpc_status decoder_charge(wire_decoder *d, size_t bytes)
{
    if (d->memory > d->limits->max_memory || bytes > d->limits->max_memory - d->memory)
        return failure_set(&d->failure, JRPC_E_TOO_LARGE, "the values need more than %zu bytes of memory",
                           d->limits->max_memory);
    d->memory += bytes;
    return JRPC_OK;
}

jrpc_status decoder_nomem(wire_decoder *d)
{
    return d ? failure_set(&d->failure, JRPC_E_NOMEM, "out of memory") : JRPC_E_NOMEM;
}

/* The arena says no for two reasons. */
static jrpc_status arena_refused(wire_decoder *d, size_t bytes)
{
    const arena *a = d->arena;
    if (a->budget && (a->used > a->budget || bytes + sizeof(max_align_t) > a->budget - a->used))
        return failure_set(&d->failure, JRPC_E_TOO_LARGE, "the values need more than %zu bytes of memory",
                           a->budget);
    return decoder_nomem(d);
}

jrpc_status decoder_alloc(wire_decoder *d, size_t count, size_t size, void *ret_pointer)
{
    if (size && count > SIZE_MAX / 2 / size)
        return d ? decoder_charge(d, SIZE_MAX) : JRPC_E_NOMEM;
    size_t bytes = count * size;
    if (d) {
        jrpc_status status = decoder_charge(d, bytes);
        if (status < 0)
            return status;
    }
    bool in_arena = d && d->arena;
    void *memory = in_arena ? arena_zalloc(d->arena, bytes) : calloc(1, bytes ? bytes : 1);
    if (!memory)
        return in_arena ? arena_refused(d, bytes) : decoder_nomem(d);
    memcpy(ret_pointer, &memory, sizeof memory);
    return JRPC_OK;
}

jrpc_status decoder_strndup(wire_decoder *d, const char *text, size_t len, char **ret_copy)
{
    if (d) {
        jrpc_status status = decoder_charge(d, len + 1);
        if (status < 0)
            return status;
    }
    bool in_arena = d && d->arena;
    char *copy = in_arena ? arena_alloc(d->arena, len + 1) : malloc(len + 1);
    if (!copy)
        return in_arena ? arena_refused(d, len + 1) : decoder_nomem(d);
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    *ret_copy = copy;
    return JRPC_OK;
}
