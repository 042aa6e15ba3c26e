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

/* Of the pointers; and of the values behind them. */
static size_t measure(const jrpc_method *method, size_t *ret_values)
{
    out_value value;
    size_t count = 0;
    *ret_values = 0;
    for (size_t at = 0; next_out(method, &at, &value); count++)
        *ret_values += padded(value.type->size);
    return padded(count * sizeof(void *));
}

size_t outs_room(const jrpc_method *method)
{
    size_t values;
    size_t pointers = measure(method, &values);
    return pointers + values;
}

void outs_init(outs *o, const jrpc_method *method, void *memory)
{
    out_value value;
    size_t values, i = 0;
    char *place = (char *)memory + measure(method, &values);
    *o = (outs){ method, memory };
    for (size_t at = 0; next_out(method, &at, &value); place += padded(value.type->size))
        o->storage[i++] = place;
}

jrpc_status outs_new(const jrpc_method *method, outs *ret_outs)
{
    size_t room = outs_room(method);
    void *memory = calloc(1, room ? room : 1);
    if (!memory)
        return JRPC_E_NOMEM;
    outs_init(ret_outs, method, memory);
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

void outs_clear(outs *o)
{
    out_value value;
    size_t i = 0;
    for (size_t at = 0; o->storage && next_out(o->method, &at, &value); i++)
        jrpc_value_clear(value.type, o->storage[i]);
}

void outs_done(outs *o)
{
    outs_clear(o);
    free(o->storage);
    *o = (outs){ NULL, NULL };
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
