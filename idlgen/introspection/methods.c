/* SPDX-License-Identifier: MIT */
/* What a server says of its methods. All of it is a stranger's: shapes are checked, texts are cleaned where they are used. */
#include "introspection/methods.h"

#include <stdint.h>
#include <string.h>

#include <jansson.h>

#include "base/map.h"
#include "base/mem.h"

/* More than idlgen reads of one operation again, and than any server has. */
enum { PARAMS_MAX = 200, SIGNATURES_MAX = 50 };

static void json_done(json_t **json)
{
    json_decref(*json);
}

static const char *kind_of(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_NULL:
        return "null";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "a number";
    }
}

static jrpc_status take(methods *m, size_t count, size_t size, void *ret_memory)
{
    void *memory = count > SIZE_MAX / size ? NULL : arena_zalloc(&m->memory, count * size);
    memcpy(ret_memory, &memory, sizeof memory);
    return memory ? JRPC_OK : JRPC_E_NOMEM;
}

static jrpc_status copy(methods *m, const json_t *text, const char **ret_copy)
{
    *ret_copy = arena_strdup(&m->memory, json_string_value(text));
    return *ret_copy ? JRPC_OK : JRPC_E_NOMEM;
}

/* ["result", "parameter"...]; what is no text in it is an unknown type. */
static jrpc_status read_signature(methods *m, const json_t *list, signature *s)
{
    const char **params = NULL;
    size_t count = json_array_size(list);
    jrpc_status status = take(m, count, sizeof *params, &params);
    for (size_t i = 0; status == JRPC_OK && i < count; i++) {
        const json_t *type = json_array_get(list, i);
        const char *text = NULL;
        if (json_is_string(type))
            status = copy(m, type, &text);
        if (i == 0)
            s->result = text;
        else
            params[i - 1] = text;
    }
    s->params = params;
    s->param_count = count - 1;
    return status;
}

/* Servers that know nothing say "undef", nil, an empty list... */
static jrpc_status read_signatures(methods *m, const json_t *list, described *d)
{
    signature *all = NULL;
    size_t count = json_is_array(list) ? json_array_size(list) : 0, kept = 0;
    jrpc_status status = take(m, count, sizeof *all, &all);
    for (size_t i = 0; status == JRPC_OK && i < count && kept < SIGNATURES_MAX; i++) {
        const json_t *one = json_array_get(list, i);
        size_t size = json_array_size(one);
        if (size && size <= PARAMS_MAX + 1)
            status = read_signature(m, one, &all[kept++]);
    }
    d->signatures = all;
    d->signature_count = kept;
    return status;
}

static jrpc_status read_method(methods *m, const json_t *json, size_t index, described *d, buf *why)
{
    const json_t *name = json_is_string(json) ? json : json_object_get(json, "name");
    const json_t *help = json_object_get(json, "help");
    if (!json_is_object(json) && !json_is_string(json))
        buf_printf(why, "element %zu: expected an object or a name, got %s", index, kind_of(json));
    else if (!json_is_string(name))
        buf_printf(why, "element %zu: expected a \"name\" that is a text, got %s", index,
                   name ? kind_of(name) : "none");
    else if (!*json_string_value(name))
        buf_printf(why, "element %zu: the \"name\" is empty", index);
    if (why->len)
        return JRPC_E_INVALID;
    d->help = "";
    jrpc_status status = copy(m, name, &d->name);
    if (status == JRPC_OK && json_is_string(help))
        status = copy(m, help, &d->help);
    return status == JRPC_OK ? read_signatures(m, json_object_get(json, "signatures"), d) : status;
}

static jrpc_status read_list(methods *m, const json_t *list, buf *why)
{
    AUTO(map_done) map seen = MAP_INIT;
    described *all = NULL;
    size_t count = json_array_size(list);
    jrpc_status status = take(m, count, sizeof *all, &all);
    m->at = all;
    for (size_t i = 0; status == JRPC_OK && i < count; i++) {
        described *d = &all[m->len];
        status = read_method(m, json_array_get(list, i), i, d, why);
        if (status != JRPC_OK || map_get_str(&seen, d->name))
            continue;
        m->len++;
        if (!map_put_str(&seen, d->name, d))
            status = JRPC_E_NOMEM;
    }
    return status;
}

/* It quotes the input. */
static void say_what_is_wrong(json_error_t *error, buf *why)
{
    for (char *c = error->text; *c; c++)
        *c = *c >= 0x20 && *c < 0x7F ? *c : '?';
    buf_printf(why, "%d:%d: not JSON: %s", error->line, error->column, error->text);
}

jrpc_status methods_read(methods *m, const char *text, size_t len, buf *why)
{
    json_error_t error;
    *m = (methods){ .memory = ARENA_INIT(0) };
    /* A text with U+0000 inside is refused: nothing here can carry it. */
    AUTO(json_done) json_t *json = json_loadb(text, len, JSON_DECODE_ANY, &error);
    jrpc_status status = JRPC_E_INVALID;
    /* jansson says nothing when it is out of memory. */
    if (!json && (!*error.text || json_error_code(&error) == json_error_out_of_memory))
        status = JRPC_E_NOMEM;
    else if (!json)
        say_what_is_wrong(&error, why);
    else if (!json_is_array(json))
        buf_printf(why, "expected a list of methods, as jrpc describe --json prints it, got %s", kind_of(json));
    else
        status = read_list(m, json, why);
    return buf_failed(why) ? JRPC_E_NOMEM : status;
}

void methods_done(methods *m)
{
    arena_done(&m->memory);
}
