/* SPDX-License-Identifier: MIT */
/* JSON as values of described types. */
#include <inttypes.h>

#include "command/value.h"

#include "base/mem.h"
#include "text/json.h"
#include "wire/codec.h"
#include "wire/dynamic.h"

static jrpc_status enter(value_writer *w)
{
    if (w->depth >= WIRE_DEPTH_DEFAULT)
        return failure_set(w->failure, JRPC_E_TOO_LARGE, "nested deeper than %d levels", (int)WIRE_DEPTH_DEFAULT);
    w->depth++;
    return JRPC_OK;
}

static const char *name_of(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "text";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a point";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

static jrpc_status mismatch(value_writer *w, const jrpc_type *type, const json_t *json)
{
    AUTO(buf_done) buf expected = BUF_INIT;
    value_describe(&expected, type, NULL);
    return failure_set(w->failure, JRPC_E_INVALID, "expected %s, got %s",
                       buf_failed(&expected) ? type->name : expected.data, name_of(json));
}

/* ---- what is no JSON of its own ---- */

static bool takes_text(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_CHAR || type->kind == JRPC_KIND_WCHAR || type->kind == JRPC_KIND_STRING ||
           type->kind == JRPC_KIND_BYTES || type->kind == JRPC_KIND_DATETIME || type->kind == JRPC_KIND_ENUM ||
           type->kind == JRPC_KIND_BITMASK || type->flags & JRPC_TYPE_WIRE_STRING ||
           (type->kind == JRPC_KIND_ARRAY && value_is_simple(type));
}

static bool takes_integer(const jrpc_type *type)
{
    return (type->kind >= JRPC_KIND_I8 && type->kind <= JRPC_KIND_DOUBLE) || type->kind == JRPC_KIND_BITMASK;
}

static jrpc_status write_integer(value_writer *w, const jrpc_type *type, json_int_t integer)
{
    char text[32];
    snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, integer);
    if (type->kind != JRPC_KIND_BITMASK)
        return value_write_text(w, type, text);
    buf_printf(w->out, "<value><i8>%s</i8></value>", text);
    return JRPC_OK;
}

static jrpc_status write_scalar(value_writer *w, const jrpc_type *type, const json_t *json)
{
    if (json_is_string(json) && takes_text(type)) {
        if (strlen(json_string_value(json)) != json_string_length(json))
            return failure_set(w->failure, JRPC_E_INVALID, "the character U+0000 cannot be in a text");
        return value_write_text(w, type, json_string_value(json));
    }
    if (json_is_integer(json) && takes_integer(type))
        return write_integer(w, type, json_integer_value(json));
    if (json_is_boolean(json) && type->kind == JRPC_KIND_BOOL)
        return value_write_text(w, type, json_is_true(json) ? "true" : "false");
    if (!json_is_real(json) || (type->kind != JRPC_KIND_FLOAT && type->kind != JRPC_KIND_DOUBLE))
        return mismatch(w, type, json);
    encoder e = encoder_start(w->out, WIRE_DEPTH_DEFAULT, w->failure);
    return number_write_double(&e, json_real_value(json));
}

/* As jrpc call prints them: {"$base64": "..."}, {"$dateTime": "..."} */
static const json_t *special(const jrpc_type *type, const json_t *json)
{
    const char *name = type->kind == JRPC_KIND_BYTES      ? "$base64"
                       : type->kind == JRPC_KIND_DATETIME ? "$dateTime"
                                                          : NULL;
    const json_t *text = name && json_object_size(json) == 1 ? json_object_get(json, name) : NULL;
    return text ? text : json;
}

static jrpc_status write_any(value_writer *w, const json_t *json)
{
    xmlrpc_value *value = NULL;
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status = json_to_value(json, &value, &why);
    if (status != JRPC_OK)
        return failure_set(w->failure, status, "%s", why.message);
    status = dynamic_encode(w->out, value, WIRE_DEPTH_DEFAULT, w->failure);
    xmlrpc_DECREF(value);
    return status;
}

/* ---- structures ---- */

static jrpc_status write_member(value_writer *w, const char *name, const jrpc_type *type, const json_t *json)
{
    buf_append_lit(w->out, "<member><name>");
    if (!writer_checked_text(w->out, name, strlen(name), NULL, NULL))
        return failure_set(w->failure, JRPC_E_INVALID, "a name cannot be in a text");
    buf_append_lit(w->out, "</name>");
    jrpc_status status = value_write_json(w, type, json);
    if (status != JRPC_OK)
        failure_in_member(w->failure, name);
    buf_append_lit(w->out, "</member>");
    return status;
}

/* Those of base structs too. */
static const jrpc_field *find_field(const jrpc_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->count; i++) {
        const jrpc_field *field = &type->fields[i];
        const jrpc_field *found = field->flags & JRPC_FIELD_BASE       ? find_field(field->type, name)
                                  : strcmp(field->name, name) == 0 ? field
                                                                   : NULL;
        if (found)
            return found;
    }
    return NULL;
}

static void list_fields(buf *out, const jrpc_type *type, const char **between)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (type->fields[i].flags & JRPC_FIELD_BASE) {
            list_fields(out, type->fields[i].type, between);
            continue;
        }
        buf_printf(out, "%s%s", *between, type->fields[i].name);
        *between = ", ";
    }
}

static jrpc_status no_member(value_writer *w, const jrpc_type *type, const char *name)
{
    AUTO(buf_done) buf names = BUF_INIT;
    const char *between = type->kind == JRPC_KIND_UNION ? "_d, " : "";
    list_fields(&names, type, &between);
    return failure_set(w->failure, JRPC_E_INVALID, "%s has no member \"%.40s\"; it has: %s", type->name, name,
                       buf_failed(&names) || !names.len ? "none" : names.data);
}

static const jrpc_type *type_of_member(const jrpc_type *type, const char *name, bool *ret_optional)
{
    *ret_optional = false;
    if (type->kind == JRPC_KIND_MAP)
        return type->element->fields[1].type;
    if (type->kind == JRPC_KIND_UNION && strcmp(name, "_d") == 0)
        return type->discriminator;
    const jrpc_field *field = find_field(type, name);
    *ret_optional = field && field->flags & JRPC_FIELD_OPTIONAL;
    return field ? field->type : NULL;
}

/* STRUCT, UNION, MAP: all are a struct of XML-RPC. */
static jrpc_status write_members(value_writer *w, const jrpc_type *type, const json_t *json)
{
    const char *name;
    json_t *member;
    buf_append_lit(w->out, "<value><struct>");
    json_object_foreach((json_t *)(uintptr_t)json, name, member)
    {
        bool optional;
        const jrpc_type *of = type_of_member(type, name, &optional);
        if (!of)
            return no_member(w, type, name);
        if (optional && json_is_null(member))
            continue;
        jrpc_status status = write_member(w, name, of, member);
        if (status != JRPC_OK)
            return status;
    }
    buf_append_lit(w->out, "</struct></value>");
    return JRPC_OK;
}

static jrpc_status write_items(value_writer *w, const jrpc_type *element, const json_t *json)
{
    buf_append_lit(w->out, "<value><array><data>");
    for (size_t i = 0; i < json_array_size(json); i++) {
        jrpc_status status = value_write_json(w, element, json_array_get(json, i));
        if (status != JRPC_OK) {
            failure_in_element(w->failure, i);
            return status;
        }
    }
    buf_append_lit(w->out, "</data></array></value>");
    return JRPC_OK;
}

/* The names of bits: ["READ", "WRITE"]. */
static jrpc_status write_bit_names(value_writer *w, const jrpc_type *type, const json_t *json)
{
    AUTO(buf_done) buf names = BUF_INIT;
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *name = json_string_value(json_array_get(json, i));
        if (!name)
            return mismatch(w, type, json_array_get(json, i));
        buf_printf(&names, "|%s", name);
    }
    return value_write_text(w, type, names.data && !buf_failed(&names) ? names.data : "");
}

static jrpc_status write_structure(value_writer *w, const jrpc_type *type, const json_t *json)
{
    bool is_list = type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_ARRAY || type->kind == JRPC_KIND_BYTES;
    if (is_list && json_is_array(json))
        return write_items(w, type->kind == JRPC_KIND_BYTES ? &jrpc_type_u8 : type->element, json);
    if (type->kind == JRPC_KIND_BITMASK && json_is_array(json))
        return write_bit_names(w, type, json);
    bool has_members = type->kind == JRPC_KIND_STRUCT || type->kind == JRPC_KIND_UNION || type->kind == JRPC_KIND_MAP;
    if (has_members && json_is_object(json))
        return write_members(w, type, json);
    return write_scalar(w, type, json);
}

jrpc_status value_write_json(value_writer *w, const jrpc_type *type, const json_t *json)
{
    jrpc_status status = enter(w);
    if (status != JRPC_OK)
        return status;
    status = type->kind == JRPC_KIND_ANY ? write_any(w, json) : write_structure(w, type, special(type, json));
    w->depth--;
    return status;
}
