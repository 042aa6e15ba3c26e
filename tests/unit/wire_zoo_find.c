/* SPDX-License-Identifier: MIT */
/* The zoo by name. */
#include <string.h>

#include "base/mem.h"
#include "wire_zoo.h"

typedef struct named_type {
    const char *name;
    const jrpc_type *type;
} named_type;

static const named_type types[] = {
    { "boolean", &jrpc_type_bool },
    { "int8", &jrpc_type_i8 },
    { "octet", &jrpc_type_u8 },
    { "short", &jrpc_type_i16 },
    { "ushort", &jrpc_type_u16 },
    { "long", &jrpc_type_i32 },
    { "ulong", &jrpc_type_u32 },
    { "llong", &jrpc_type_i64 },
    { "ullong", &jrpc_type_u64 },
    { "ullong_text", &ulong_text_type },
    { "llong_text", &llong_text_type },
    { "float", &jrpc_type_float },
    { "double", &jrpc_type_double },
    { "char", &jrpc_type_char },
    { "wchar", &jrpc_type_wchar },
    { "string", &jrpc_type_string },
    { "string5", &string5_type },
    { "bytes", &jrpc_type_bytes },
    { "bytes4", &bytes4_type },
    { "octets", &octets_type },
    { "datetime", &jrpc_type_datetime },
    { "colour", &colour_type },
    { "level", &level_type },
    { "access", &access_type },
    { "features", &features_type },
    { "point", &point_type },
    { "disc", &disc_type },
    { "pick", &pick_type },
    { "choice", &choice_type },
    { "longs", &jrpc_type_seq_i32 },
    { "strings", &jrpc_type_seq_string },
    { "few", &few_type },
    { "unique", &unique_type },
    { "triple", &triple_type },
    { "table", &table_type },
    { "grid", &grid_type },
    { "points", &points_type },
    { "by_name", &by_name_type },
    { "few_names", &few_names_type },
    { "by_number", &by_number_type },
    { "by_colour", &by_colour_type },
    { "by_truth", &by_truth_type },
    { "options", &options_type },
    { "defaults", &defaults_type },
    { "limits", &limits_type },
    { "node", &node_type },
    { "native_any", &jrpc_type_any },
};

const jrpc_type *zoo_find_type(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    }
    return NULL;
}

const jrpc_method *zoo_find_method(const char *name)
{
    const jrpc_method *const methods[] = { &ping_method, &add_method, &split_method, &get_method };
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (strcmp(methods[i]->name, name) == 0)
            return methods[i];
    }
    return NULL;
}
