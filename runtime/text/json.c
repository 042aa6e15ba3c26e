/* SPDX-License-Identifier: MIT */
/* JSON <-> XML-RPC values. */
#include "text/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "base/steering.h"

enum { DEPTH_MOST = 64 };

static jrpc_status nomem(jrpc_error *error)
{
    return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
}

/* ---- base64 (RFC 4648): xmlrpc-c wants and gives bytes, JSON holds text ---- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *encode_base64(const unsigned char *data, size_t len)
{
    char *text = malloc((len + 2) / 3 * 4 + 1);
    char *at = text;
    for (size_t i = 0; text && i < len; i += 3) {
        unsigned group = (unsigned)data[i] << 16 | (i + 1 < len ? (unsigned)data[i + 1] << 8 : 0) |
                         (i + 2 < len ? data[i + 2] : 0U);
        *at++ = digits[group >> 18];
        *at++ = digits[group >> 12 & 63];
        *at++ = i + 1 < len ? digits[group >> 6 & 63] : '=';
        *at++ = i + 2 < len ? digits[group & 63] : '=';
    }
    if (text)
        *at = '\0';
    return text;
}

static bool decode_base64(const char *text, unsigned char *data, size_t *ret_len)
{
    size_t len = strlen(text), out = 0;
    while (len && text[len - 1] == '=' && len % 4 != 1)
        len--;
    if (len % 4 == 1)
        return false;
    unsigned group = 0;
    for (size_t i = 0; i < len; i++) {
        const char *digit = strchr(digits, text[i]);
        if (!digit)
            return false;
        group = group << 6 | (unsigned)(digit - digits);
        if (i % 4 != 0)
            data[out++] = (unsigned char)(group >> (6 - 2 * (i % 4)));
    }
    *ret_len = out;
    return true;
}

/* ---- JSON to value ---- */

static jrpc_status to_value(const json_t *json, unsigned depth, xmlrpc_value **ret_value, jrpc_error *error);

static jrpc_status finish(xmlrpc_env *env, xmlrpc_value *value, xmlrpc_value **ret_value, jrpc_error *error)
{
    jrpc_status status = JRPC_OK;
    if (env->fault_occurred)
        status = jrpc_error_set(error, JRPC_E_INVALID, "%s", env->fault_string);
    else
        *ret_value = value;
    xmlrpc_env_clean(env);
    return status;
}

static jrpc_status array_to_value(const json_t *json, unsigned depth, xmlrpc_value **ret_value, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *array = xmlrpc_array_new(&env);
    jrpc_status status = env.fault_occurred ? nomem(error) : JRPC_OK;
    for (size_t i = 0; i < json_array_size(json) && status == JRPC_OK; i++) {
        xmlrpc_value *item = NULL;
        status = to_value(json_array_get(json, i), depth + 1, &item, error);
        if (status == JRPC_OK) {
            xmlrpc_array_append_item(&env, array, item);
            xmlrpc_DECREF(item);
        }
    }
    if (status == JRPC_OK)
        return finish(&env, array, ret_value, error);
    if (array)
        xmlrpc_DECREF(array);
    xmlrpc_env_clean(&env);
    return status;
}

static jrpc_status object_to_struct(const json_t *json, unsigned depth, xmlrpc_value **ret_value, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *structure = xmlrpc_struct_new(&env);
    jrpc_status status = env.fault_occurred ? nomem(error) : JRPC_OK;
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)json, key, member)
    {
        xmlrpc_value *item = NULL;
        if (status == JRPC_OK)
            status = to_value(member, depth + 1, &item, error);
        if (item) {
            xmlrpc_value *name = jrpc_string_value(&env, key, strlen(key));
            if (!env.fault_occurred)
                xmlrpc_struct_set_value_v(&env, structure, name, item);
            if (name)
                xmlrpc_DECREF(name);
            xmlrpc_DECREF(item);
        }
    }
    if (status == JRPC_OK)
        return finish(&env, structure, ret_value, error);
    if (structure)
        xmlrpc_DECREF(structure);
    xmlrpc_env_clean(&env);
    return status;
}

static jrpc_status bytes_to_value(const char *text, xmlrpc_value **ret_value, jrpc_error *error)
{
    size_t len = 0;
    unsigned char *data = malloc(strlen(text) + 1);
    if (!data)
        return nomem(error);
    if (!decode_base64(text, data, &len)) {
        free(data);
        return jrpc_error_set(error, JRPC_E_INVALID, "\"$base64\": not base64");
    }
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = xmlrpc_base64_new(&env, len, data);
    free(data);
    return finish(&env, value, ret_value, error);
}

/* The text of {"name": "text"}; NULL for anything else, a text with NUL in it too: that one is no base64 and no date. */
static const char *special_text(const json_t *json, const char *name)
{
    const json_t *member = json_object_size(json) == 1 ? json_object_get(json, name) : NULL;
    const char *text = json_string_value(member);
    return text && strlen(text) == json_string_length(member) ? text : NULL;
}

static jrpc_status object_to_value(const json_t *json, unsigned depth, xmlrpc_value **ret_value, jrpc_error *error)
{
    const char *special = special_text(json, "$base64");
    if (special)
        return bytes_to_value(special, ret_value, error);
    special = special_text(json, "$dateTime");
    if (!special)
        return object_to_struct(json, depth, ret_value, error);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = xmlrpc_datetime_new_str(&env, special);
    return finish(&env, value, ret_value, error);
}

static jrpc_status scalar_to_value(const json_t *json, xmlrpc_value **ret_value, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = NULL;
    json_int_t integer = json_integer_value(json);
    switch (json_typeof(json)) {
    case JSON_STRING:
        value = jrpc_string_value(&env, json_string_value(json), json_string_length(json));
        break;
    case JSON_INTEGER:
        value = integer >= INT32_MIN && integer <= INT32_MAX ? xmlrpc_int_new(&env, (xmlrpc_int32)integer)
                                                              : xmlrpc_i8_new(&env, integer);
        break;
    case JSON_REAL:
        value = xmlrpc_double_new(&env, json_real_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        value = xmlrpc_bool_new(&env, json_is_true(json));
        break;
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        value = xmlrpc_nil_new(&env);
        break;
    }
    return finish(&env, value, ret_value, error);
}

static jrpc_status to_value(const json_t *json, unsigned depth, xmlrpc_value **ret_value, jrpc_error *error)
{
    if (depth > DEPTH_MOST)
        return jrpc_error_set(error, JRPC_E_TOO_LARGE, "nested deeper than %d levels", DEPTH_MOST);
    if (json_is_array(json))
        return array_to_value(json, depth, ret_value, error);
    if (json_is_object(json))
        return object_to_value(json, depth, ret_value, error);
    return scalar_to_value(json, ret_value, error);
}

jrpc_status json_to_value(const json_t *json, xmlrpc_value **ret_value, jrpc_error *error)
{
    return to_value(json, 1, ret_value, error);
}

/* ---- value to JSON ---- */

static jrpc_status from_value(xmlrpc_value *value, unsigned depth, json_t **ret_json, jrpc_error *error);

static json_t *array_items(xmlrpc_env *env, xmlrpc_value *value, unsigned depth, jrpc_error *error)
{
    json_t *array = json_array();
    int count = xmlrpc_array_size(env, value);
    for (int i = 0; array && i < count; i++) {
        xmlrpc_value *item = NULL;
        json_t *json = NULL;
        xmlrpc_array_read_item(env, value, (unsigned)i, &item);
        if (!env->fault_occurred && from_value(item, depth + 1, &json, error) == JRPC_OK)
            json_array_append_new(array, json);
        if (item)
            xmlrpc_DECREF(item);
        if (!json) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static bool add_member(xmlrpc_env *env, xmlrpc_value *key, xmlrpc_value *member, json_t *object, unsigned depth,
                       jrpc_error *error)
{
    const char *name = NULL;
    size_t len = 0;
    xmlrpc_read_string_lp(env, key, &len, &name);
    json_t *json = NULL;
    bool done = !env->fault_occurred && from_value(member, depth + 1, &json, error) == JRPC_OK &&
                json_object_set_new(object, name, json) == 0;
    free((char *)(uintptr_t)name);
    return done;
}

static json_t *struct_members(xmlrpc_env *env, xmlrpc_value *value, unsigned depth, jrpc_error *error)
{
    json_t *object = json_object();
    int count = xmlrpc_struct_size(env, value);
    for (int i = 0; object && i < count; i++) {
        xmlrpc_value *key = NULL, *member = NULL;
        xmlrpc_struct_read_member(env, value, (unsigned)i, &key, &member);
        bool done = !env->fault_occurred && add_member(env, key, member, object, depth, error);
        if (key)
            xmlrpc_DECREF(key);
        if (member)
            xmlrpc_DECREF(member);
        if (!done) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *bytes_object(xmlrpc_env *env, xmlrpc_value *value)
{
    size_t len = 0;
    const unsigned char *data = NULL;
    xmlrpc_read_base64(env, value, &len, &data);
    char *text = env->fault_occurred ? NULL : encode_base64(data, len);
    json_t *json = text ? json_pack("{s:s}", "$base64", text) : NULL;
    free(text);
    free((unsigned char *)(uintptr_t)data);
    return json;
}

static json_t *datetime_object(xmlrpc_env *env, xmlrpc_value *value)
{
    const char *text = NULL;
    xmlrpc_read_datetime_str(env, value, &text);
    json_t *json = env->fault_occurred ? NULL : json_pack("{s:s}", "$dateTime", text);
    free((char *)(uintptr_t)text);
    return json;
}

static json_t *string_json(xmlrpc_env *env, xmlrpc_value *value)
{
    const char *text = NULL;
    size_t len = 0;
    xmlrpc_read_string_lp(env, value, &len, &text);
    json_t *json = env->fault_occurred ? NULL : json_stringn(text, len);
    free((char *)(uintptr_t)text);
    return json;
}

static json_t *scalar_json(xmlrpc_env *env, xmlrpc_value *value)
{
    xmlrpc_int32 i4 = 0;
    xmlrpc_int64 i8 = 0;
    xmlrpc_bool boolean = 0;
    double real = 0;
    switch (xmlrpc_value_type(value)) {
    case XMLRPC_TYPE_INT:
        xmlrpc_read_int(env, value, &i4);
        return json_integer(i4);
    case XMLRPC_TYPE_I8:
        xmlrpc_read_i8(env, value, &i8);
        return json_integer(i8);
    case XMLRPC_TYPE_BOOL:
        xmlrpc_read_bool(env, value, &boolean);
        return json_boolean(boolean);
    case XMLRPC_TYPE_DOUBLE:
        xmlrpc_read_double(env, value, &real);
        return json_real(real);
    case XMLRPC_TYPE_STRING:
        return string_json(env, value);
    case XMLRPC_TYPE_BASE64:
        return bytes_object(env, value);
    case XMLRPC_TYPE_DATETIME:
        return datetime_object(env, value);
    case XMLRPC_TYPE_NIL:
    default:
        return json_null();
    }
}

static void move_or_explain(jrpc_error *error, jrpc_error *why, const xmlrpc_env *env)
{
    if (why->status != JRPC_OK)
        jrpc_error_move(error, why);
    else
        jrpc_error_set(error, JRPC_E_BAD_REPLY, "a value cannot be shown as JSON%s%s", env->fault_occurred ? ": " : "",
                       env->fault_occurred ? env->fault_string : "");
}

static jrpc_status from_value(xmlrpc_value *value, unsigned depth, json_t **ret_json, jrpc_error *error)
{
    if (depth > DEPTH_MOST)
        return jrpc_error_set(error, JRPC_E_TOO_LARGE, "nested deeper than %d levels", DEPTH_MOST);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    jrpc_error why = JRPC_ERROR_INIT; /* of a value inside this one */
    xmlrpc_type type = xmlrpc_value_type(value);
    json_t *json = type == XMLRPC_TYPE_ARRAY    ? array_items(&env, value, depth, &why)
                   : type == XMLRPC_TYPE_STRUCT ? struct_members(&env, value, depth, &why)
                                                : scalar_json(&env, value);
    if (env.fault_occurred && json) {
        json_decref(json);
        json = NULL;
    }
    jrpc_status status = json ? JRPC_OK : why.status != JRPC_OK ? why.status : JRPC_E_BAD_REPLY;
    if (json)
        *ret_json = json;
    else
        move_or_explain(error, &why, &env);
    jrpc_error_done(&why);
    xmlrpc_env_clean(&env);
    return status;
}

jrpc_status json_from_value(xmlrpc_value *value, json_t **ret_json, jrpc_error *error)
{
    return from_value(value, 1, ret_json, error);
}

/* ---- arguments ---- */

jrpc_status json_parse_argument(const char *text, json_t **ret_json, jrpc_error *error)
{
    json_error_t why;
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    char first = text[strspn(text, " \t\r\n")];
    bool meant = first && strchr("{[\"", first);
    bool too_big = !json && json_error_code(&why) == json_error_numeric_overflow;
    if (!json && (meant || too_big))
        return jrpc_error_set(error, JRPC_E_INVALID, "not JSON: %s at character %d of %s", why.text, why.position, text);
    if (!json)
        json = json_string(text);
    if (!json)
        return jrpc_error_set(error, JRPC_E_INVALID, "not text in UTF-8");
    *ret_json = json;
    return JRPC_OK;
}

/* ---- as text ---- */

enum { DIGITS_FEW = 15, DIGITS_ALL = 17 }; /* of a double: what is always kept, what is always enough */

/* Takes text. Steering characters are in strings only, but for the line feeds of the layout. */
static char *escape_steering(char *text)
{
    size_t more = 0;
    uint32_t c;
    for (const char *at = text; *at; at++)
        more += steering_at(at, &c) && *at != '\n' ? strlen("\\u0000") : 0;
    char *escaped = more ? malloc(strlen(text) + more + 1) : NULL, *end = escaped;
    if (!more)
        return text;
    for (const char *at = text; escaped && *at;) {
        size_t n = *at == '\n' ? 0 : steering_at(at, &c);
        if (n)
            end += snprintf(end, 7, "\\u%04X", (unsigned)c);
        else
            *end++ = *at;
        at += n ? n : 1;
    }
    if (escaped)
        *end = '\0';
    free(text);
    return escaped;
}

char *json_to_text(const json_t *json, size_t flags)
{
    for (size_t digits_tried = DIGITS_FEW;; digits_tried++) {
        char *text = json_dumps(json, flags | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits_tried));
        if (!text)
            return NULL;
        if (digits_tried == DIGITS_ALL)
            return escape_steering(text);
        json_t *again = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        bool same = again && json_equal(json, again);
        json_decref(again);
        if (same)
            return escape_steering(text);
        free(text);
    }
}
