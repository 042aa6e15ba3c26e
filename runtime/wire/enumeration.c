/* SPDX-License-Identifier: MIT */
/* Names and values of enumerations; the exception of an error. */
#include <jrpc/desc.h>

#include "wire/storage.h"

const jrpc_enumerator *enumeration_of(const jrpc_type *type, int64_t value)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (type->enumerators[i].value == value)
            return &type->enumerators[i];
    }
    return NULL;
}

const jrpc_enumerator *enumeration_named(const jrpc_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (strcmp(type->enumerators[i].name, name) == 0)
            return &type->enumerators[i];
    }
    return NULL;
}

const char *jrpc_enum_to_string(const jrpc_type *type, int64_t value)
{
    const jrpc_enumerator *found = enumeration_of(type, value);
    return found ? found->name : NULL;
}

bool jrpc_enum_from_string(const jrpc_type *type, const char *name, int64_t *ret_value)
{
    const jrpc_enumerator *found = name ? enumeration_named(type, name) : NULL;
    if (found)
        *ret_value = found->value;
    return found != NULL;
}

const void *jrpc_exception_of(const jrpc_error *error, const jrpc_exception *exception)
{
    return error && error->exception == exception ? error->value : NULL;
}
