/* SPDX-License-Identifier: MIT */
/* xmlrpc_value <-> XML-RPC. Only its constructors and accessors are used, never its parser or serializer. */
#include "wire/codec.h"

#include <stdlib.h>

#include <jrpc/xmlrpc.h>

#include "base/mem.h"

enum {
    /*
     * What one value costs in xmlrpc-c, with its lock and its block; a member has a second value for its
     * name.
     */
    VALUE_COST = 256,
    MEMBER_COST = VALUE_COST + 48,
    /* xmlrpc-c looks members up one by one: this keeps a struct of strangers to some milliseconds. */
    MEMBERS_MAX = 8192
};

static void release(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}
#define AUTO_VALUE AUTO(release) xmlrpc_value *
#define AUTO_ENV AUTO(xmlrpc_env_clean) xmlrpc_env

static jrpc_status library_failed(wire_failure *failure, const xmlrpc_env *env)
{
    if (env->fault_code == XMLRPC_INTERNAL_ERROR)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    return failure_set(failure, JRPC_E_INVALID, "xmlrpc-c: %s",
                       env->fault_string ? env->fault_string : "failed");
}

/* ---- encoding ---- */

static jrpc_status encode_string(encoder *e, xmlrpc_env *env, xmlrpc_value *value, bool tagged)
{
    autofree char *text = NULL;
    const char *read = NULL;
    size_t len = 0;
    xmlrpc_read_string_lp(env, value, &len, &read);
    if (env->fault_occurred)
        return library_failed(e->failure, env);
    memcpy(&text, &read, sizeof text);
    if (memchr(text, '\0', len))
        return failure_set(e->failure, JRPC_E_INVALID, "a string with U+0000 cannot be sent");
    if (tagged)
        return text_write_string(e, text, len);
    static const jrpc_type name = { .kind = JRPC_KIND_STRING, .size = sizeof(char *), .name = "string" };
    return text_write(e, &name, &text);
}

static jrpc_status encode_bytes(encoder *e, xmlrpc_env *env, xmlrpc_value *value)
{
    autofree unsigned char *data = NULL;
    const unsigned char *read = NULL;
    size_t len = 0;
    xmlrpc_read_base64(env, value, &len, &read);
    if (env->fault_occurred)
        return library_failed(e->failure, env);
    memcpy(&data, &read, sizeof data);
    bytes_write(e->out, data, len);
    return JRPC_OK;
}

static jrpc_status encode_datetime(encoder *e, xmlrpc_env *env, xmlrpc_value *value)
{
    xmlrpc_datetime t;
    xmlrpc_read_datetime(env, value, &t);
    if (env->fault_occurred)
        return library_failed(e->failure, env);
    if (t.Y > 9999 || t.M > 12 || t.D > 31 || t.h > 23 || t.m > 59 || t.s > 60)
        return failure_set(e->failure, JRPC_E_INVALID, "no such date and time");
    jrpc_datetime moment = { .year = (int32_t)t.Y,
                             .month = (uint8_t)t.M,
                             .day = (uint8_t)t.D,
                             .hour = (uint8_t)t.h,
                             .minute = (uint8_t)t.m,
                             .second = (uint8_t)t.s };
    return datetime_encode(e, &moment, t.u);
}

static jrpc_status encode_scalar(encoder *e, xmlrpc_env *env, xmlrpc_value *value)
{
    int narrow = 0;
    xmlrpc_int64 wide = 0;
    xmlrpc_bool truth = 0;
    double number = 0;
    switch (xmlrpc_value_type(value)) {
    case XMLRPC_TYPE_INT:
        xmlrpc_read_int(env, value, &narrow);
        number_write_integer(e->out, narrow);
        break;
    case XMLRPC_TYPE_I8:
        xmlrpc_read_i8(env, value, &wide);
        if (e->wide)
            number_write_wide(e->out, wide);
        else
            number_write_integer(e->out, wide);
        break;
    case XMLRPC_TYPE_BOOL:
        xmlrpc_read_bool(env, value, &truth);
        number_write_boolean(e->out, truth != 0);
        break;
    case XMLRPC_TYPE_DOUBLE:
        xmlrpc_read_double(env, value, &number);
        return env->fault_occurred ? library_failed(e->failure, env) : number_write_double(e, number);
    case XMLRPC_TYPE_NIL:
        writer_lit(e->out, "<value><nil/></value>");
        break;
    default:
        return failure_set(e->failure, JRPC_E_INVALID, "a value of xmlrpc-c's type %s cannot be sent",
                           xmlrpc_type_name(xmlrpc_value_type(value)));
    }
    return env->fault_occurred ? library_failed(e->failure, env) : JRPC_OK;
}

static jrpc_status encode_items(encoder *e, xmlrpc_env *env, xmlrpc_value *array)
{
    int size = xmlrpc_array_size(env, array);
    jrpc_status status = JRPC_OK;
    for (int i = 0; status >= 0 && i < size; i++) {
        AUTO_VALUE item = NULL;
        xmlrpc_array_read_item(env, array, (unsigned)i, &item);
        if (env->fault_occurred)
            return library_failed(e->failure, env);
        status = any_encode(e, item);
        if (status < 0)
            failure_in_element(e->failure, (size_t)i);
    }
    return status;
}

static jrpc_status encode_member(encoder *e, xmlrpc_env *env, xmlrpc_value *structure, unsigned index)
{
    AUTO_VALUE key = NULL;
    AUTO_VALUE value = NULL;
    xmlrpc_struct_read_member(env, structure, index, &key, &value);
    if (env->fault_occurred)
        return library_failed(e->failure, env);
    writer_lit(e->out, "<member><name>");
    size_t start = e->out->len;
    jrpc_status status = encode_string(e, env, key, false);
    if (status < 0)
        return status;
    size_t len = e->out->len - start;
    writer_lit(e->out, "</name>");
    status = any_encode(e, value);
    if (status < 0 && !buf_failed(e->out)) {
        autofree char *name = strndup(e->out->data + start, len);
        failure_in_member(e->failure, name ? name : "?");
    }
    writer_lit(e->out, "</member>");
    return status;
}

static jrpc_status encode_members(encoder *e, xmlrpc_env *env, xmlrpc_value *structure)
{
    int size = xmlrpc_struct_size(env, structure);
    jrpc_status status = JRPC_OK;
    for (int i = 0; status >= 0 && i < size; i++)
        status = encode_member(e, env, structure, (unsigned)i);
    return status;
}

static jrpc_status encode_nested(encoder *e, xmlrpc_env *env, xmlrpc_value *value)
{
    jrpc_status status = encoder_enter(e);
    if (status < 0)
        return status;
    if (xmlrpc_value_type(value) == XMLRPC_TYPE_ARRAY) {
        writer_lit(e->out, "<value><array><data>");
        status = encode_items(e, env, value);
        writer_lit(e->out, "</data></array></value>");
    } else {
        writer_lit(e->out, "<value><struct>");
        status = encode_members(e, env, value);
        writer_lit(e->out, "</struct></value>");
    }
    encoder_leave(e);
    return status;
}

jrpc_status any_encode(encoder *e, xmlrpc_value *value)
{
    if (!value)
        return failure_set(e->failure, JRPC_E_INVALID, "there is no value (a NULL pointer)");
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    switch (xmlrpc_value_type(value)) {
    case XMLRPC_TYPE_STRING:
        return encode_string(e, &env, value, true);
    case XMLRPC_TYPE_BASE64:
        return encode_bytes(e, &env, value);
    case XMLRPC_TYPE_DATETIME:
        return encode_datetime(e, &env, value);
    case XMLRPC_TYPE_ARRAY:
    case XMLRPC_TYPE_STRUCT:
        return encode_nested(e, &env, value);
    default:
        return encode_scalar(e, &env, value);
    }
}

/* ---- decoding ---- */

/* The value that a constructor made, or why it did not. */
static jrpc_status made(wire_decoder *d, const xmlrpc_env *env, xmlrpc_value *value, xmlrpc_value **ret_value)
{
    if (env->fault_occurred)
        return library_failed(&d->failure, env);
    *ret_value = value;
    return JRPC_OK;
}

static jrpc_status new_string(wire_decoder *d, xmlrpc_env *env, const char *text, xmlrpc_value **ret_value)
{
    size_t len = strlen(text);
    if (!writer_check_text(text, len, NULL, NULL))
        return failure_set(&d->failure, JRPC_E_INVALID, "a string that is not UTF-8 as XML has it");
    jrpc_status status = decoder_charge(d, len);
    if (status < 0)
        return status;
    return made(d, env, jrpc_string_value(env, text, len), ret_value);
}

static jrpc_status decode_string(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                 xmlrpc_value **ret_value)
{
    const char *text;
    jrpc_status status = reader_text(d, value->element, &text);
    return status < 0 ? status : new_string(d, env, text, ret_value);
}

static jrpc_status decode_double(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                 xmlrpc_value **ret_value)
{
    double number;
    jrpc_status status = number_read_double(d, value, &number);
    return status < 0 ? status : made(d, env, xmlrpc_double_new(env, number), ret_value);
}

static jrpc_status decode_integer(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                  xmlrpc_value **ret_value)
{
    const char *text;
    int64_t number = 0;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status < 0)
        return status;
    if (strpbrk(text, "eE.")) /* strophe.js: <i4>1e+300</i4> */
        return decode_double(d, env, value, ret_value);
    status = number_read_integer(d, value, &number);
    if (status < 0)
        return status;
    bool narrow = number >= INT32_MIN && number <= INT32_MAX && value->tag != READER_I8;
    return made(d, env, narrow ? xmlrpc_int_new(env, (int)number) : xmlrpc_i8_new(env, number), ret_value);
}

static jrpc_status decode_bytes(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                xmlrpc_value **ret_value)
{
    const char *text;
    size_t len = 0;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status >= 0)
        status = bytes_measure(d, text, &len);
    if (status >= 0)
        status = decoder_charge(d, len);
    if (status < 0)
        return status;
    autofree uint8_t *data = malloc(len + 1);
    if (!data)
        return decoder_nomem(d);
    bytes_read(text, data);
    return made(d, env, xmlrpc_base64_new(env, len, data), ret_value);
}

static jrpc_status decode_datetime(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                   xmlrpc_value **ret_value)
{
    jrpc_datetime t;
    unsigned microsecond;
    jrpc_status status = datetime_decode(d, value, &t, &microsecond);
    if (status < 0)
        return status;
    xmlrpc_datetime moment = { (unsigned)t.year, t.month, t.day, t.hour, t.minute, t.second, microsecond };
    return made(d, env, xmlrpc_datetime_new(env, moment), ret_value);
}

static jrpc_status decode_boolean(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                  xmlrpc_value **ret_value)
{
    bool truth;
    jrpc_status status = number_read_boolean(d, value, &truth);
    return status < 0 ? status : made(d, env, xmlrpc_bool_new(env, truth), ret_value);
}

static jrpc_status decode_child(wire_decoder *d, xmpp_stanza_t *value, xmlrpc_value **ret_value)
{
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    return status < 0 ? status : any_decode(d, &opened, ret_value);
}

static jrpc_status decode_items(wire_decoder *d, xmlrpc_env *env, xmpp_stanza_t *array, xmlrpc_value *into)
{
    size_t count = 0;
    reader_items items = { NULL, NULL };
    jrpc_status status = reader_count_items(d, array, &count);
    for (size_t i = 0; status >= 0 && i < count; i++) {
        AUTO_VALUE item = NULL;
        status = decode_child(d, reader_next_item(array, &items), &item);
        if (status < 0) {
            failure_in_element(&d->failure, i);
            return status;
        }
        xmlrpc_array_append_item(env, into, item);
        if (env->fault_occurred)
            return library_failed(&d->failure, env);
    }
    return status;
}

static jrpc_status add_member(wire_decoder *d, xmlrpc_env *env, xmlrpc_value *into, const char *name,
                              xmlrpc_value *value)
{
    int before = xmlrpc_struct_size(env, into);
    if (before >= MEMBERS_MAX)
        return failure_set(&d->failure, JRPC_E_TOO_LARGE, "more than %d members in one struct", MEMBERS_MAX);
    AUTO_VALUE key = NULL;
    jrpc_status status = decoder_charge(d, MEMBER_COST);
    if (status >= 0)
        status = new_string(d, env, name, &key);
    if (status < 0)
        return status;
    xmlrpc_struct_set_value_v(env, into, key, value);
    if (env->fault_occurred)
        return library_failed(&d->failure, env);
    if (xmlrpc_struct_size(env, into) == before)
        return failure_set(&d->failure, JRPC_E_INVALID, "duplicate member \"%.80s\"", name);
    return JRPC_OK;
}

static jrpc_status decode_members(wire_decoder *d, xmlrpc_env *env, xmpp_stanza_t *structure,
                                  xmlrpc_value *into)
{
    xmpp_stanza_t *element = NULL;
    jrpc_status status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &element);
    while (status >= 0 && element) {
        const char *name;
        xmpp_stanza_t *value;
        AUTO_VALUE member = NULL;
        status = reader_member(d, element, &name, &value);
        if (status < 0)
            return status;
        status = decode_child(d, value, &member);
        if (status < 0) {
            failure_in_member(&d->failure, name);
            return status;
        }
        status = add_member(d, env, into, name, member);
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(element), &element);
    }
    return status;
}

static jrpc_status decode_nested(wire_decoder *d, xmlrpc_env *env, const reader_value *value,
                                 xmlrpc_value **ret_value)
{
    AUTO_VALUE into = NULL;
    bool array = value->tag == READER_ARRAY;
    jrpc_status status = decoder_enter(d);
    if (status < 0)
        return status;
    status = made(d, env, array ? xmlrpc_array_new(env) : xmlrpc_struct_new(env), &into);
    if (status >= 0)
        status =
            array ? decode_items(d, env, value->element, into) : decode_members(d, env, value->element, into);
    decoder_leave(d);
    if (status >= 0)
        *ret_value = TAKE_PTR(into);
    return status;
}

jrpc_status any_decode(wire_decoder *d, const reader_value *value, xmlrpc_value **ret_value)
{
    jrpc_status status = decoder_charge(d, VALUE_COST);
    if (status < 0)
        return status;
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    switch (value->tag) {
    case READER_STRING:
        return decode_string(d, &env, value, ret_value);
    case READER_BOOLEAN:
        return decode_boolean(d, &env, value, ret_value);
    case READER_DOUBLE:
        return decode_double(d, &env, value, ret_value);
    case READER_BASE64:
        return decode_bytes(d, &env, value, ret_value);
    case READER_DATETIME:
        return decode_datetime(d, &env, value, ret_value);
    case READER_ARRAY:
    case READER_STRUCT:
        return decode_nested(d, &env, value, ret_value);
    case READER_NIL:
        return made(d, &env, xmlrpc_nil_new(&env), ret_value);
    default:
        return decode_integer(d, &env, value, ret_value);
    }
}
