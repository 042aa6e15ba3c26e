/* SPDX-License-Identifier: MIT */
/* Deep comparison of C values by descriptor. */
#include "wire/codec.h"

#include "base/mem.h"

static bool anys_equal(xmlrpc_value *a, xmlrpc_value *b, unsigned depth);

static bool elements_equal(const jrpc_type *element, const void *a, const void *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!jrpc_value_equal(element, storage_at(a, i * element->size), storage_at(b, i * element->size)))
            return false;
    }
    return true;
}

static bool fields_equal(const jrpc_field *field, const void *a, const void *b)
{
    const void *x = storage_member(field, a), *y = storage_member(field, b);
    if (!x || !y)
        return x == y;
    return jrpc_value_equal(field->type, x, y);
}

static bool structs_equal(const jrpc_type *type, const void *a, const void *b)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (!fields_equal(&type->fields[i], a, b))
            return false;
    }
    return true;
}

static bool unions_equal(const jrpc_type *type, const void *a, const void *b)
{
    int64_t label = storage_integer(type->discriminator, a);
    if (label != storage_integer(type->discriminator, b))
        return false;
    const jrpc_field *arm = storage_arm(type, label);
    return !arm || fields_equal(arm, a, b);
}

static bool has_entry(const jrpc_type *entry, storage_list list, const void *wanted)
{
    for (size_t i = 0; i < list.len; i++) {
        if (structs_equal(entry, storage_at(list.data, i * entry->size), wanted))
            return true;
    }
    return false;
}

/* The order of a map's entries means nothing, but is mostly the same. */
static bool maps_equal(const jrpc_type *entry, storage_list a, storage_list b)
{
    for (size_t i = 0; i < a.len; i++) {
        const void *wanted = storage_at(a.data, i * entry->size);
        if (!structs_equal(entry, storage_at(b.data, i * entry->size), wanted) &&
            !has_entry(entry, b, wanted))
            return false;
    }
    return true;
}

static bool lists_equal(const jrpc_type *type, const void *a, const void *b)
{
    storage_list x = storage_list_get(a), y = storage_list_get(b);
    if (x.len != y.len || x.len == 0)
        return x.len == y.len;
    if (type->kind == JRPC_KIND_BYTES)
        return memcmp(x.data, y.data, x.len) == 0;
    if (type->kind == JRPC_KIND_MAP)
        return maps_equal(type->element, x, y);
    return elements_equal(type->element, x.data, y.data, x.len);
}

static bool strings_equal(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool datetimes_equal(const void *a, const void *b)
{
    jrpc_datetime x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x.year == y.year && x.month == y.month && x.day == y.day && x.hour == y.hour &&
           x.minute == y.minute && x.second == y.second;
}

/* -0.0 equals 0.0, NaN nothing: the language's comparison is what is wanted. */
#pragma GCC diagnostic ignored "-Wfloat-equal"

static bool floats_equal(const void *a, const void *b)
{
    float x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x == y;
}

static bool doubles_equal(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x == y;
}

bool jrpc_value_equal(const jrpc_type *type, const void *a, const void *b)
{
    switch (type->kind) {
    case JRPC_KIND_STRING:
        return strings_equal(storage_pointer(a), storage_pointer(b));
    case JRPC_KIND_FLOAT:
        return floats_equal(a, b);
    case JRPC_KIND_DOUBLE:
        return doubles_equal(a, b);
    case JRPC_KIND_DATETIME:
        return datetimes_equal(a, b);
    case JRPC_KIND_STRUCT:
        return structs_equal(type, a, b);
    case JRPC_KIND_UNION:
        return unions_equal(type, a, b);
    case JRPC_KIND_BYTES:
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_MAP:
        return lists_equal(type, a, b);
    case JRPC_KIND_ARRAY:
        return elements_equal(type->element, a, b, type->bound);
    case JRPC_KIND_ANY:
        return any_equal(storage_pointer(a), storage_pointer(b));
    default:
        return storage_integer(type, a) == storage_integer(type, b);
    }
}

/* ---- any ---- */

static void release_value(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}

static bool items_equal(xmlrpc_env *env, xmlrpc_value *a, xmlrpc_value *b, unsigned depth)
{
    int size = xmlrpc_array_size(env, a);
    if (size != xmlrpc_array_size(env, b))
        return false;
    for (int i = 0; i < size; i++) {
        AUTO(release_value) xmlrpc_value *x = NULL;
        AUTO(release_value) xmlrpc_value *y = NULL;
        xmlrpc_array_read_item(env, a, (unsigned)i, &x);
        xmlrpc_array_read_item(env, b, (unsigned)i, &y);
        if (env->fault_occurred || !anys_equal(x, y, depth))
            return false;
    }
    return true;
}

static bool members_equal(xmlrpc_env *env, xmlrpc_value *a, xmlrpc_value *b, unsigned depth)
{
    int size = xmlrpc_struct_size(env, a);
    if (size != xmlrpc_struct_size(env, b))
        return false;
    for (int i = 0; i < size; i++) {
        AUTO(release_value) xmlrpc_value *key = NULL;
        AUTO(release_value) xmlrpc_value *x = NULL;
        AUTO(release_value) xmlrpc_value *y = NULL;
        xmlrpc_struct_read_member(env, a, (unsigned)i, &key, &x);
        if (!env->fault_occurred)
            xmlrpc_struct_find_value_v(env, b, key, &y);
        if (env->fault_occurred || !y || !anys_equal(x, y, depth))
            return false;
    }
    return true;
}

/* Scalars: as they look on the wire. */
static bool scalars_equal(xmlrpc_value *a, xmlrpc_value *b)
{
    AUTO(buf_done) buf x = BUF_INIT;
    AUTO(buf_done) buf y = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    encoder to_x = encoder_start(&x, 1, &failure), to_y = encoder_start(&y, 1, &failure);
    if (any_encode(&to_x, a) < 0 || any_encode(&to_y, b) < 0 || buf_failed(&x) || buf_failed(&y))
        return false;
    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

static bool anys_equal(xmlrpc_value *a, xmlrpc_value *b, unsigned depth)
{
    if (a == b || !a || !b || depth == 0)
        return a == b;
    bool array = xmlrpc_value_type(a) == XMLRPC_TYPE_ARRAY;
    if (!array && xmlrpc_value_type(a) != XMLRPC_TYPE_STRUCT)
        return scalars_equal(a, b);
    if (xmlrpc_value_type(a) != xmlrpc_value_type(b))
        return false;
    AUTO(xmlrpc_env_clean) xmlrpc_env env;
    xmlrpc_env_init(&env);
    return array ? items_equal(&env, a, b, depth - 1) : members_equal(&env, a, b, depth - 1);
}

bool any_equal(xmlrpc_value *a, xmlrpc_value *b)
{
    return anys_equal(a, b, WIRE_DEPTH_MAX + 1);
}
