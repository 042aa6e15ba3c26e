/* SPDX-License-Identifier: MIT */
/* Descriptors of mounted methods, made from what their registry says of them: for people. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "serve/mount.h"

enum { PARAMS_MOST = 100, NAME_ROOM = 16 };

struct described {
    jrpc_method method;
    jrpc_param params[PARAMS_MOST];
    char names[PARAMS_MOST][NAME_ROOM];
};

const jrpc_method *described_method(const described *d)
{
    return d ? &d->method : NULL;
}

void described_free(described *d)
{
    free(d);
}

static const jrpc_type *type_of(const char *name)
{
    static const struct {
        const char *name;
        const jrpc_type *type;
    } types[] = {
        { "int", &jrpc_type_i32 },       { "i4", &jrpc_type_i32 },       { "i8", &jrpc_type_i64 },
        { "boolean", &jrpc_type_bool },  { "double", &jrpc_type_double }, { "string", &jrpc_type_string },
        { "base64", &jrpc_type_bytes },  { "dateTime.iso8601", &jrpc_type_datetime },
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    }
    return &jrpc_type_any;
}

/* The type at that place of a signature; NULL: there is none, or it is no text. */
static const jrpc_type *type_at(xmlrpc_value *signature, int index)
{
    xmlrpc_env env;
    xmlrpc_value *item = NULL;
    const char *name = NULL;
    xmlrpc_env_init(&env);
    xmlrpc_array_read_item(&env, signature, (unsigned)index, &item);
    if (!env.fault_occurred) {
        xmlrpc_read_string(&env, item, &name);
        xmlrpc_DECREF(item);
    }
    const jrpc_type *type = name ? type_of(name) : NULL;
    free((void *)(uintptr_t)name);
    xmlrpc_env_clean(&env);
    return type;
}

static void add_param(described *d, int index, const jrpc_type *type)
{
    snprintf(d->names[index], NAME_ROOM, "value%d", index + 1);
    d->params[index] = (jrpc_param){ .name = d->names[index], .type = type, .direction = JRPC_IN };
}

/* The only signature, if there is one only: a new reference. */
static xmlrpc_value *only_signature(xmlrpc_value *signatures, int *ret_size)
{
    xmlrpc_env env;
    xmlrpc_value *only = NULL;
    xmlrpc_env_init(&env);
    if (xmlrpc_value_type(signatures) == XMLRPC_TYPE_ARRAY && xmlrpc_array_size(&env, signatures) == 1)
        xmlrpc_array_read_item(&env, signatures, 0, &only);
    if (only && xmlrpc_value_type(only) == XMLRPC_TYPE_ARRAY)
        *ret_size = xmlrpc_array_size(&env, only);
    xmlrpc_env_clean(&env);
    return only;
}

described *described_new(const char *name, const char *help, xmlrpc_value *signatures)
{
    int size = 0;
    xmlrpc_value *signature = only_signature(signatures, &size);
    described *d = size >= 1 && size <= PARAMS_MOST ? calloc(1, sizeof *d) : NULL;
    bool good = d != NULL;
    for (int i = 1; i < size && good; i++) {
        const jrpc_type *type = type_at(signature, i);
        good = type != NULL;
        if (good)
            add_param(d, i - 1, type);
    }
    if (good)
        d->method = (jrpc_method){ .name = name, .wire_name = name, .params = d->params, .param_count = (uint16_t)(size - 1),
                                   .result = type_at(signature, 0), .help = help };
    if (signature)
        xmlrpc_DECREF(signature);
    if (good)
        return d;
    free(d);
    return NULL;
}
