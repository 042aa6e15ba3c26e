/* SPDX-License-Identifier: MIT */
/* Storage of outs. */
#include "outs.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

typedef struct out_value {
    const jrpc_type *type;
    bool inout;
} out_value;

/* The next out value of a method; *at counts parameters, and then the result. */
static bool next_out(const jrpc_method *method, size_t *at, out_value *ret_value)
{
    while (*at < method->param_count) {
        const jrpc_param *param = &method->params[(*at)++];
        if (!(param->direction & JRPC_OUT))
            continue;
        *ret_value = (out_value){ param->type, param->direction == JRPC_INOUT };
        return true;
    }
    if (*at > method->param_count || !method->result)
        return false;
    (*at)++;
    *ret_value = (out_value){ method->result, false };
    return true;
}

static size_t padded(size_t size)
{
    size_t align = alignof(max_align_t);
    return (size + align - 1) / align * align;
}

jrpc_status outs_new(const jrpc_method *method, outs *ret_outs)
{
    outs o = { method, 0, NULL, NULL };
    out_value value;
    size_t bytes = 0;
    for (size_t at = 0; next_out(method, &at, &value); o.count++)
        bytes += padded(value.type->size);
    size_t pointers = padded(o.count * sizeof o.storage[0]);
    o.memory = calloc(1, pointers + bytes + 1);
    if (!o.memory)
        return JRPC_E_NOMEM;
    o.storage = o.memory;
    char *place = (char *)o.memory + pointers;
    size_t i = 0;
    for (size_t at = 0; next_out(method, &at, &value); place += padded(value.type->size))
        o.storage[i++] = place;
    *ret_outs = o;
    return JRPC_OK;
}

void outs_move(outs *o, void *const *to)
{
    out_value value;
    size_t i = 0;
    for (size_t at = 0; next_out(o->method, &at, &value); i++) {
        if (value.inout)
            jrpc_value_clear(value.type, to[i]);
        memcpy(to[i], o->storage[i], value.type->size);
        memset(o->storage[i], 0, value.type->size);
    }
}

void outs_done(outs *o)
{
    out_value value;
    size_t i = 0;
    for (size_t at = 0; o->memory && next_out(o->method, &at, &value); i++)
        jrpc_value_clear(value.type, o->storage[i]);
    free(o->memory);
    *o = (outs){ NULL, 0, NULL, NULL };
}

bool outs_has_inout(const jrpc_method *method)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction == JRPC_INOUT)
            return true;
    }
    return false;
}

void outs_zero(const jrpc_method *method, void *const *to)
{
    out_value value;
    size_t i = 0;
    for (size_t at = 0; next_out(method, &at, &value); i++) {
        if (!value.inout)
            memset(to[i], 0, value.type->size);
    }
}
