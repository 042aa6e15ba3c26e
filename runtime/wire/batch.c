/* SPDX-License-Identifier: MIT */
/* Batches. */
#include "wire/batch.h"

#include "wire/codec.h"

/*
 * Where the values of an entry are: parameters in the array of all entries, the entry's struct and its array; a result in
 * the array of all results and in one of its own.
 */
enum { DEPTH_OF_PARAM = 3, DEPTH_OF_RESULT = 2 };

/* ---- writing calls ---- */

#define ENTRY_OPEN "<value><struct><member><name>methodName</name><value><string>"
#define ENTRY_PARAMS "</string></value></member><member><name>params</name>" BATCH_OPEN
#define ENTRY_CLOSE BATCH_CLOSE "</member></struct></value>"

static jrpc_status open_entry(encoder *e, buf *out, const char *method, unsigned max_depth, wire_failure *failure)
{
    *e = encoder_start(out, max_depth, failure);
    e->depth = DEPTH_OF_PARAM;
    if (buf_failed(out))
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    writer_lit(out, ENTRY_OPEN);
    jrpc_status status = name_encode(e, method);
    writer_lit(out, ENTRY_PARAMS);
    return status;
}

static jrpc_status close_entry(encoder *e, size_t begin, jrpc_status status)
{
    writer_lit(e->out, ENTRY_CLOSE);
    return encoder_finish(e, begin, status);
}

jrpc_status batch_write_call(buf *out, const jrpc_method *method, const void *const *in, unsigned max_depth,
                             wire_failure *failure)
{
    encoder e;
    size_t begin = out->len;
    jrpc_status status = open_entry(&e, out, method->wire_name, max_depth, failure);
    if (status >= 0)
        status = params_encode(&e, method, in, true);
    return close_entry(&e, begin, status);
}

jrpc_status batch_write_value_call(buf *out, const char *method, xmlrpc_value *params, unsigned max_depth,
                                   wire_failure *failure)
{
    encoder e;
    size_t begin = out->len;
    jrpc_status status = open_entry(&e, out, method, max_depth, failure);
    if (status >= 0)
        status = value_params_encode(&e, params, true);
    return close_entry(&e, begin, status);
}

void batch_write_request(buf *out, const buf *entries)
{
    writer_lit(out, "<query xmlns='" WIRE_NS_RPC "'><methodCall><methodName>" BATCH_METHOD
                    "</methodName><params><param>" BATCH_OPEN);
    buf_append(out, entries->data, entries->len);
    writer_lit(out, BATCH_CLOSE "</param></params></methodCall></query>");
}

/* ---- reading calls ---- */

static jrpc_status open_array(wire_decoder *d, xmpp_stanza_t *value, xmpp_stanza_t **ret_array)
{
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    if (status >= 0 && opened.tag != READER_ARRAY)
        status = reader_mismatch(d, "array", &opened);
    if (status >= 0)
        *ret_array = opened.element;
    return status;
}

jrpc_status batch_open(wire_decoder *d, xmpp_stanza_t *params, xmpp_stanza_t **ret_array, size_t *ret_count)
{
    xmpp_stanza_t *param = NULL, *value = NULL;
    if (!params)
        return failure_set(&d->failure, JRPC_E_INVALID, "expected 1 parameter, got 0");
    jrpc_status status = reader_only_child(d, params, "param", &param);
    if (status >= 0)
        status = reader_only_child(d, param, "value", &value);
    if (status >= 0)
        status = open_array(d, value, ret_array);
    if (status >= 0)
        status = reader_count_items(d, *ret_array, ret_count);
    if (status < 0)
        failure_in(&d->failure, "params[0]");
    return status;
}

static jrpc_status read_name(wire_decoder *d, xmpp_stanza_t *value, const char **ret_method)
{
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    if (status >= 0 && opened.tag != READER_STRING)
        status = reader_mismatch(d, "string", &opened);
    return status < 0 ? status : envelope_read_name(d, opened.element, ret_method);
}

/* Members that we do not know are somebody's extension. */
static jrpc_status read_member(wire_decoder *d, xmpp_stanza_t *member, envelope_call *call)
{
    const char *name;
    xmpp_stanza_t *value;
    jrpc_status status = reader_member(d, member, &name, &value);
    if (status < 0)
        return status;
    bool is_method = strcmp(name, "methodName") == 0;
    if (!is_method && strcmp(name, "params") != 0)
        return JRPC_OK;
    if (is_method ? call->method != NULL : call->params != NULL)
        return failure_set(&d->failure, JRPC_E_INVALID, "duplicate member \"%s\"", name);
    status = is_method ? read_name(d, value, &call->method) : open_array(d, value, &call->params);
    if (status < 0)
        failure_in(&d->failure, name);
    return status;
}

jrpc_status batch_read_entry(wire_decoder *d, xmpp_stanza_t *entry, envelope_call *ret_call)
{
    *ret_call = (envelope_call){ NULL, NULL };
    reader_value opened;
    xmpp_stanza_t *member = NULL;
    jrpc_status status = reader_open(d, entry, &opened);
    if (status >= 0 && opened.tag != READER_STRUCT)
        status = reader_mismatch(d, "struct", &opened);
    if (status >= 0)
        status = reader_element(d, "struct", xmpp_stanza_get_children(opened.element), &member);
    while (status >= 0 && member) {
        status = read_member(d, member, ret_call);
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(member), &member);
    }
    if (status >= 0 && !ret_call->method)
        status = failure_set(&d->failure, JRPC_E_INVALID, "missing member \"methodName\"");
    return status;
}

/* ---- writing results ---- */

static encoder start(buf *out, unsigned max_depth, wire_failure *failure)
{
    encoder e = encoder_start(out, max_depth, failure);
    e.depth = DEPTH_OF_RESULT;
    writer_lit(out, BATCH_OPEN);
    return e;
}

static jrpc_status finish(encoder *e, size_t begin, jrpc_status status)
{
    if (status < 0)
        failure_in(e->failure, "result");
    writer_lit(e->out, BATCH_CLOSE);
    return encoder_finish(e, begin, status);
}

jrpc_status batch_write_result(buf *out, const jrpc_method *method, void *const *out_values, unsigned max_depth,
                               wire_failure *failure)
{
    size_t begin = out->len;
    encoder e = start(out, max_depth, failure);
    return finish(&e, begin, result_encode(&e, method, out_values));
}

jrpc_status batch_write_value(buf *out, xmlrpc_value *value, unsigned max_depth, wire_failure *failure)
{
    size_t begin = out->len;
    encoder e = start(out, max_depth, failure);
    return finish(&e, begin, any_encode(&e, value));
}

void batch_write_fault(buf *out, int32_t code, const char *text)
{
    fault_encode(out, code, text);
}

/* ---- reading results ---- */

jrpc_status batch_open_results(wire_decoder *d, const envelope_reply *reply, xmpp_stanza_t **ret_array, size_t *ret_count)
{
    jrpc_status status = reply->value ? open_array(d, reply->value, ret_array)
                                      : failure_set(&d->failure, JRPC_E_INVALID, "expected array, got no result at all");
    if (status >= 0)
        status = reader_count_items(d, *ret_array, ret_count);
    if (status < 0)
        failure_in(&d->failure, "result");
    return status;
}

/* An empty array is what peers say of a method that is void. */
static jrpc_status read_single(wire_decoder *d, xmpp_stanza_t *array, envelope_reply *reply)
{
    size_t count = 0;
    reader_items items = { NULL, NULL };
    jrpc_status status = reader_count_items(d, array, &count);
    if (status >= 0 && count > 1)
        status = failure_set(&d->failure, JRPC_E_INVALID, "expected 1 result, got %zu", count);
    if (status >= 0 && count)
        reply->value = reader_next_item(array, &items);
    return status;
}

jrpc_status batch_read_result(wire_decoder *d, xmpp_stanza_t *result, envelope_reply *ret_reply)
{
    *ret_reply = (envelope_reply){ .is_fault = false };
    reader_value opened;
    jrpc_status status = reader_open(d, result, &opened);
    if (status < 0)
        return status;
    if (opened.tag == READER_ARRAY)
        return read_single(d, opened.element, ret_reply);
    if (opened.tag == READER_STRUCT)
        return envelope_read_fault(d, opened.element, ret_reply);
    return reader_mismatch(d, "array of one result, or a fault's struct", &opened);
}
