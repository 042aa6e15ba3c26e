/* SPDX-License-Identifier: MIT */
/* Method calls and responses: reading. */
#include "wire/envelope.h"

#include <stdlib.h>

#include "base/mem.h"
#include "wire/codec.h"

enum { METHOD_MAX = 255, FAULT_TEXT_MAX = 65536 };

/*
 * Reading the frame itself needs no more than this; the values in it are decoded later, under the caller's
 * limits.
 */
static const wire_limits frame_limits = { 4, 64, FAULT_TEXT_MAX };

static bool is_element(xmpp_stanza_t *node, const char *name, const char *ns)
{
    if (!xmpp_stanza_is_tag(node) || !reader_is(node, name))
        return false;
    const char *own = xmpp_stanza_get_ns(node);
    return !own || strcmp(own, ns) == 0;
}

/*
 * The child of that name and namespace; others are not ours (pyobs sends <methodTimeout/>). INVALID when it
 * is twice.
 */
static jrpc_status find_child(wire_decoder *d, xmpp_stanza_t *parent, const char *name, const char *ns,
                              xmpp_stanza_t **ret_child)
{
    *ret_child = NULL;
    for (xmpp_stanza_t *node = xmpp_stanza_get_children(parent); node; node = xmpp_stanza_get_next(node)) {
        if (!is_element(node, name, ns))
            continue;
        if (*ret_child)
            return failure_set(&d->failure, JRPC_E_INVALID, "a second <%s> in <%s>", name,
                               reader_name(parent));
        *ret_child = node;
    }
    return JRPC_OK;
}

/* ---- calls ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * The element's text without white space around it. What follows is cut off in the tree itself, so that the
 * name can be borrowed from there.
 */
static jrpc_status trimmed_text(wire_decoder *d, xmpp_stanza_t *element, const char **ret_text)
{
    jrpc_status status = reader_text(d, element, ret_text);
    if (status < 0)
        return status;
    while (is_space(**ret_text))
        ++*ret_text;
    size_t len = strlen(*ret_text);
    if (len == 0 || !is_space((*ret_text)[len - 1]))
        return JRPC_OK;
    while (len && is_space((*ret_text)[len - 1]))
        len--;
    xmpp_stanza_t *node = xmpp_stanza_get_children(element);
    autofree char *copy = strndup(*ret_text, len);
    if (!copy || xmpp_stanza_set_text(node, copy) != XMPP_EOK || !xmpp_stanza_get_text_ptr(node))
        return decoder_nomem(d);
    *ret_text = xmpp_stanza_get_text_ptr(node);
    return JRPC_OK;
}

/* Any text without spaces and control characters. */
static bool is_name(const char *text, size_t len)
{
    bool ascii = true;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c <= 0x20 || c == 0x7F)
            return false;
        ascii = ascii && c < 0x80;
    }
    return ascii || writer_check_text(text, len, NULL, NULL);
}

jrpc_status envelope_read_name(wire_decoder *d, xmpp_stanza_t *element, const char **ret_method)
{
    jrpc_status status = trimmed_text(d, element, ret_method);
    if (status < 0)
        return status;
    size_t len = strlen(*ret_method);
    if (len == 0 || len > METHOD_MAX)
        return failure_set(&d->failure, JRPC_E_INVALID, "a method's name of %zu bytes: 1 to %d", len,
                           METHOD_MAX);
    if (!is_name(*ret_method, len))
        return failure_set(&d->failure, JRPC_E_INVALID, "'%.80s' is not a name of a method", *ret_method);
    return JRPC_OK;
}

static jrpc_status read_call(wire_decoder *d, xmpp_stanza_t *query, envelope_call *ret_call)
{
    xmpp_stanza_t *call = NULL, *name = NULL, *part = NULL;
    jrpc_status status = find_child(d, query, "methodCall", WIRE_NS_RPC, &call);
    if (status >= 0 && !call)
        status = failure_set(&d->failure, JRPC_E_INVALID, "<query> without <methodCall>");
    if (status >= 0)
        status = reader_element(d, "methodCall", xmpp_stanza_get_children(call), &part);
    while (status >= 0 && part) {
        bool is_name = reader_is(part, "methodName");
        xmpp_stanza_t **which = is_name ? &name : &ret_call->params;
        if ((!is_name && !reader_is(part, "params")) || *which)
            return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <methodCall>",
                               reader_name(part));
        *which = part;
        status = reader_element(d, "methodCall", xmpp_stanza_get_next(part), &part);
    }
    if (status >= 0 && !name)
        status = failure_set(&d->failure, JRPC_E_INVALID, "<methodCall> without <methodName>");
    return status < 0 ? status : envelope_read_name(d, name, &ret_call->method);
}

jrpc_status envelope_read_call(xmpp_stanza_t *query, envelope_call *ret_call, wire_failure *failure)
{
    wire_decoder d;
    wire_decoder_init(&d, &frame_limits, NULL);
    *ret_call = (envelope_call){ NULL, NULL };
    jrpc_status status = read_call(&d, query, ret_call);
    if (status < 0) {
        *failure = d.failure;
        *ret_call = (envelope_call){ NULL, NULL };
    }
    return status;
}

/* ---- parameters ---- */

/* The parameters of an entry of a batch are the items of an <array>; those of a call alone are in <params>. */
static bool is_batched(xmpp_stanza_t *params)
{
    return params && reader_is(params, "array");
}

static jrpc_status count_params(wire_decoder *d, xmpp_stanza_t *params, size_t *ret_count)
{
    *ret_count = 0;
    if (!params)
        return JRPC_OK;
    if (is_batched(params))
        return reader_count_items(d, params, ret_count);
    xmpp_stanza_t *param = NULL;
    jrpc_status status = reader_element(d, "params", xmpp_stanza_get_children(params), &param);
    while (status >= 0 && param) {
        if (!reader_is(param, "param"))
            return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <params>",
                               reader_name(param));
        ++*ret_count;
        status = reader_element(d, "params", xmpp_stanza_get_next(param), &param);
    }
    return status < 0 ? status : decoder_visit(d, *ret_count);
}

typedef struct param_walk {
    xmpp_stanza_t *params;
    xmpp_stanza_t *param; /* in <params>: where we are */
    reader_items items;   /* in <array> */
} param_walk;

static param_walk walk_params(xmpp_stanza_t *params)
{
    return (param_walk){ params, params ? xmpp_stanza_get_children(params) : NULL, { NULL, NULL } };
}

/* The next one's <value>. count_params() found it in order. */
static jrpc_status next_param(wire_decoder *d, param_walk *walk, xmpp_stanza_t **ret_value)
{
    if (is_batched(walk->params)) {
        *ret_value = reader_next_item(walk->params, &walk->items);
        return JRPC_OK;
    }
    jrpc_status status = reader_element(d, "params", walk->param, &walk->param);
    if (status >= 0)
        status = reader_only_child(d, walk->param, "value", ret_value);
    if (status >= 0)
        walk->param = xmpp_stanza_get_next(walk->param);
    return status;
}

static void in_param(wire_decoder *d, size_t index)
{
    failure_in_element(&d->failure, index);
    failure_in(&d->failure, "params");
}

static size_t count_direction(const jrpc_method *method, jrpc_direction direction)
{
    size_t count = 0;
    for (uint16_t i = 0; i < method->param_count; i++)
        count += (method->params[i].direction & direction) != 0;
    return count;
}

/* The index-th parameter of that direction. */
static const jrpc_param *param_at(const jrpc_method *method, jrpc_direction direction, size_t index)
{
    const jrpc_param *param = method->params;
    while (!(param->direction & direction) || index-- > 0)
        param++;
    return param;
}

static void drop_params(wire_decoder *d, const jrpc_method *method, jrpc_direction direction, size_t count,
                        void *const *storage)
{
    for (size_t i = 0; i < count; i++)
        storage_drop(d, param_at(method, direction, i)->type, storage[i]);
}

jrpc_status envelope_read_params(wire_decoder *d, const jrpc_method *method, xmpp_stanza_t *params,
                                 void *const *storage)
{
    size_t expected = count_direction(method, JRPC_IN), got = 0;
    jrpc_status status = count_params(d, params, &got);
    if (status >= 0 && got != expected)
        status = failure_set(&d->failure, JRPC_E_INVALID, "expected %zu parameter%s, got %zu", expected,
                             expected == 1 ? "" : "s", got);
    if (status < 0 || expected == 0)
        return status;
    param_walk walk = walk_params(params);
    for (size_t i = 0; i < expected; i++) {
        const jrpc_param *description = param_at(method, JRPC_IN, i);
        xmpp_stanza_t *value = NULL;
        status = next_param(d, &walk, &value);
        if (status >= 0)
            status = native_decode(d, description->type, description->range, value, storage[i]);
        if (status < 0) {
            in_param(d, i);
            drop_params(d, method, JRPC_IN, i, storage);
            return status;
        }
    }
    return JRPC_OK;
}

jrpc_status envelope_read_value_params(wire_decoder *d, xmpp_stanza_t *params, xmlrpc_value **ret_params)
{
    size_t count = 0;
    jrpc_status status = count_params(d, params, &count);
    if (status < 0)
        return status;
    AUTO(xmlrpc_env_clean) xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *array = xmlrpc_array_new(&env);
    param_walk walk = walk_params(params);
    for (size_t i = 0; !env.fault_occurred && i < count; i++) {
        xmpp_stanza_t *value = NULL;
        xmlrpc_value *item = NULL;
        status = next_param(d, &walk, &value);
        if (status >= 0)
            status = dynamic_decode(d, value, &item);
        if (status < 0) {
            in_param(d, i);
            xmlrpc_DECREF(array);
            return status;
        }
        xmlrpc_array_append_item(&env, array, item);
        xmlrpc_DECREF(item);
    }
    if (env.fault_occurred) {
        if (array)
            xmlrpc_DECREF(array);
        return decoder_nomem(d);
    }
    *ret_params = array;
    return JRPC_OK;
}

/* ---- replies ---- */

/* Cut at a character's edge: a fault's text is for people. */
static jrpc_status take_fault_text(wire_decoder *d, const char *text, envelope_reply *reply)
{
    size_t len = strnlen(text, FAULT_TEXT_MAX);
    while (text[len] && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    reply->fault_text = strndup(text, len);
    return reply->fault_text ? JRPC_OK : decoder_nomem(d);
}

/*
 * Faults of all peers: codes as strings (Odoo), no <value> around the struct (rtorrent), members besides the
 * two. has_code: it has come already.
 */
static jrpc_status take_fault_member(wire_decoder *d, const char *name, const reader_value *value,
                                     envelope_reply *reply, bool *has_code)
{
    const char *text = "";
    bool is_code = strcmp(name, "faultCode") == 0;
    if (!is_code && strcmp(name, "faultString") != 0)
        return JRPC_OK;
    if (is_code ? *has_code : reply->fault_text != NULL)
        return failure_set(&d->failure, JRPC_E_INVALID, "duplicate member \"%s\" in <fault>", name);
    jrpc_status status = reader_text(d, value->element, &text);
    if (status < 0)
        return status;
    if (!is_code)
        return take_fault_text(d, text, reply);
    *has_code = true;
    char *end = NULL;
    long long code = strtoll(text, &end, 10);
    if (end != text && !*end && code >= INT32_MIN && code <= INT32_MAX)
        reply->fault_code = (int32_t)code;
    return JRPC_OK;
}

jrpc_status envelope_read_fault(wire_decoder *d, xmpp_stanza_t *structure, envelope_reply *reply)
{
    bool has_code = false;
    reply->is_fault = true;
    xmpp_stanza_t *member = NULL;
    jrpc_status status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &member);
    while (status >= 0 && member) {
        const char *name;
        xmpp_stanza_t *value;
        reader_value opened;
        status = reader_member(d, member, &name, &value);
        if (status >= 0)
            status = reader_open(d, value, &opened);
        if (status >= 0)
            status = take_fault_member(d, name, &opened, reply, &has_code);
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(member), &member);
    }
    if (status >= 0 && !reply->fault_text)
        reply->fault_text = strdup("");
    return status >= 0 && !reply->fault_text ? decoder_nomem(d) : status;
}

static jrpc_status read_fault(wire_decoder *d, xmpp_stanza_t *fault, envelope_reply *reply)
{
    xmpp_stanza_t *child = NULL, *second = NULL;
    jrpc_status status = reader_element(d, "fault", xmpp_stanza_get_children(fault), &child);
    if (status >= 0 && child)
        status = reader_element(d, "fault", xmpp_stanza_get_next(child), &second);
    reader_value opened = { READER_UNKNOWN, child };
    if (status >= 0 && child && reader_is(child, "value"))
        status = reader_open(d, child, &opened);
    if (status < 0)
        return status;
    if (second)
        return failure_set(&d->failure, JRPC_E_INVALID, "a second element <%.40s> in <fault>", reader_name(second));
    if (!opened.element || strcmp(reader_name(opened.element), "struct") != 0)
        return failure_set(&d->failure, JRPC_E_INVALID, "<fault> without <struct>");
    return envelope_read_fault(d, opened.element, reply);
}

static jrpc_status read_result_params(wire_decoder *d, xmpp_stanza_t *params, envelope_reply *reply)
{
    size_t count = 0;
    jrpc_status status = count_params(d, params, &count);
    if (status < 0 || count == 0)
        return status;
    if (count > 1)
        return failure_set(&d->failure, JRPC_E_INVALID, "expected 1 result, got %zu", count);
    param_walk walk = walk_params(params);
    return next_param(d, &walk, &reply->value);
}

static jrpc_status read_response(wire_decoder *d, xmpp_stanza_t *response, envelope_reply *reply)
{
    xmpp_stanza_t *child = NULL, *second = NULL;
    jrpc_status status = reader_element(d, "methodResponse", xmpp_stanza_get_children(response), &child);
    if (status >= 0 && child)
        status = reader_element(d, "methodResponse", xmpp_stanza_get_next(child), &second);
    if (status < 0 || !child)
        return status;
    if (second)
        return failure_set(&d->failure, JRPC_E_INVALID, "a second element <%.40s> in <methodResponse>",
                           reader_name(second));
    if (reader_is(child, "fault"))
        return read_fault(d, child, reply);
    if (reader_is(child, "params"))
        return read_result_params(d, child, reply);
    return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <methodResponse>",
                       reader_name(child));
}

jrpc_status envelope_read_reply(xmpp_stanza_t *query, envelope_reply *ret_reply, wire_failure *failure)
{
    wire_decoder d;
    wire_decoder_init(&d, &frame_limits, NULL);
    *ret_reply = (envelope_reply){ .is_fault = false };
    xmpp_stanza_t *response = NULL;
    jrpc_status status = find_child(&d, query, "methodResponse", WIRE_NS_RPC, &response);
    if (status >= 0 && !response)
        status = failure_set(&d.failure, JRPC_E_INVALID, "<query> without <methodResponse>");
    if (status >= 0)
        status = read_response(&d, response, ret_reply);
    if (status >= 0)
        status = find_child(&d, query, "exception", WIRE_NS_EXTENSION, &ret_reply->exception);
    if (status < 0) {
        envelope_reply_done(ret_reply);
        *failure = d.failure;
    }
    return status;
}

void envelope_reply_done(envelope_reply *reply)
{
    free(reply->fault_text);
    *reply = (envelope_reply){ .is_fault = false };
}

/* ---- results ---- */

/* A result with out parameters is a struct, and is read like one: its members are the outs and "_result". */
typedef struct outs {
    const jrpc_method *method;
    size_t count; /* without the result */
    void *const *storage;
    bool *seen; /* count + 1 of them */
} outs;

static const jrpc_type *out_type(const outs *o, size_t index)
{
    return index < o->count ? param_at(o->method, JRPC_OUT, index)->type : o->method->result;
}

static const char *out_name(const outs *o, size_t index)
{
    return index < o->count ? param_at(o->method, JRPC_OUT, index)->name : ENVELOPE_RESULT;
}

static size_t outs_total(const outs *o)
{
    return o->count + (o->method->result != NULL);
}

static jrpc_status decode_out(wire_decoder *d, outs *o, xmpp_stanza_t *element)
{
    const char *name;
    xmpp_stanza_t *value;
    jrpc_status status = reader_member(d, element, &name, &value);
    if (status < 0)
        return status;
    size_t index = 0;
    while (index < outs_total(o) && strcmp(out_name(o, index), name) != 0)
        index++;
    if (index == outs_total(o))
        return JRPC_OK;
    if (o->seen[index])
        return failure_set(&d->failure, JRPC_E_INVALID, "duplicate member \"%.80s\"", name);
    const jrpc_range *range = index < o->count ? param_at(o->method, JRPC_OUT, index)->range : NULL;
    status = native_decode(d, out_type(o, index), range, value, o->storage[index]);
    o->seen[index] = status >= 0;
    if (status < 0)
        failure_in_member(&d->failure, name);
    return status;
}

static jrpc_status decode_outs(wire_decoder *d, outs *o, xmpp_stanza_t *structure)
{
    xmpp_stanza_t *element = NULL;
    jrpc_status status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &element);
    while (status >= 0 && element) {
        status = decode_out(d, o, element);
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(element), &element);
    }
    for (size_t i = 0; status >= 0 && i < outs_total(o); i++) {
        if (!o->seen[i])
            status = failure_set(&d->failure, JRPC_E_INVALID, "missing member \"%s\"", out_name(o, i));
    }
    for (size_t i = 0; status < 0 && i < outs_total(o); i++) {
        if (o->seen[i])
            storage_drop(d, out_type(o, i), o->storage[i]);
    }
    return status;
}

static jrpc_status read_outs(wire_decoder *d, outs *o, xmpp_stanza_t *value)
{
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    if (status >= 0 && opened.tag != READER_STRUCT)
        status = reader_mismatch(d, "struct", &opened);
    if (status >= 0)
        status = decoder_enter(d);
    if (status < 0)
        return status;
    autofree bool *seen = calloc(outs_total(o), sizeof *seen);
    o->seen = seen;
    status = seen ? decode_outs(d, o, opened.element) : decoder_nomem(d);
    decoder_leave(d);
    return status;
}

jrpc_status envelope_read_result(wire_decoder *d, const jrpc_method *method, const envelope_reply *reply,
                                 void *const *storage)
{
    outs o = { method, count_direction(method, JRPC_OUT), storage, NULL };
    if (outs_total(&o) == 0)
        return JRPC_OK; /* void: whatever the peer thinks that is */
    for (size_t i = 0; i < outs_total(&o); i++)
        memset(storage[i], 0, out_type(&o, i)->size);
    jrpc_status status;
    if (!reply->value)
        status = failure_set(&d->failure, JRPC_E_INVALID, "expected %s, got no result at all",
                             o.count ? "struct" : method->result->name);
    else if (o.count)
        status = read_outs(d, &o, reply->value);
    else
        status = native_decode(d, method->result, NULL, reply->value, storage[0]);
    if (status < 0)
        failure_in(&d->failure, "result");
    return status;
}

jrpc_status envelope_read_value_result(wire_decoder *d, const envelope_reply *reply,
                                       xmlrpc_value **ret_result)
{
    if (reply->value) {
        jrpc_status status = dynamic_decode(d, reply->value, ret_result);
        if (status < 0)
            failure_in(&d->failure, "result");
        return status;
    }
    AUTO(xmlrpc_env_clean) xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *nil = xmlrpc_nil_new(&env);
    if (env.fault_occurred)
        return decoder_nomem(d);
    *ret_result = nil;
    return JRPC_OK;
}

jrpc_status envelope_read_exception(wire_decoder *d, const jrpc_exception *exception,
                                    const envelope_reply *reply, void *storage)
{
    const char *name = reply->exception ? xmpp_stanza_get_attribute(reply->exception, "name") : NULL;
    if (!name || strcmp(name, exception->name) != 0) /* none, or another one's that has the same code */
        return storage_init(d, exception->type, storage);
    memset(storage, 0, exception->type->size);
    xmpp_stanza_t *value = NULL;
    jrpc_status status = reader_only_child(d, reply->exception, "value", &value);
    if (status >= 0)
        status = native_decode(d, exception->type, NULL, value, storage);
    if (status < 0)
        failure_in(&d->failure, "exception");
    return status;
}

jrpc_status envelope_read_value_exception(wire_decoder *d, const envelope_reply *reply, const char **ret_name,
                                          xmlrpc_value **ret_members)
{
    const char *name = reply->exception ? xmpp_stanza_get_attribute(reply->exception, "name") : NULL;
    xmpp_stanza_t *value = NULL;
    if (!name)
        return JRPC_E_NOT_FOUND;
    jrpc_status status = reader_only_child(d, reply->exception, "value", &value);
    if (status >= 0)
        status = dynamic_decode(d, value, ret_members);
    if (status < 0) {
        failure_in(&d->failure, "exception");
        return status;
    }
    *ret_name = name;
    return JRPC_OK;
}
