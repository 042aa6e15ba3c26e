/* SPDX-License-Identifier: MIT */
/* Method calls and responses: writing. */
#include "wire/envelope.h"

#include <stdio.h>

#include "wire/codec.h"

#define QUERY_OPEN "<query xmlns='" WIRE_NS_RPC "'>"
#define CALL_OPEN "<methodCall><methodName>"
#define CALL_CLOSE "</params></methodCall>"
#define RESPONSE_OPEN QUERY_OPEN "<methodResponse>"
#define RESPONSE_CLOSE "</methodResponse>"
#define QUERY_CLOSE "</query>"

enum { METHOD_MAX = 255 };

/* ---- calls ---- */

jrpc_status name_encode(encoder *e, const char *method)
{
    size_t len = strlen(method);
    if (len == 0 || len > METHOD_MAX || !writer_checked_text(e->out, method, len, NULL, NULL))
        return failure_set(e->failure, JRPC_E_INVALID, "'%.80s' is not a name of a method", method);
    return JRPC_OK;
}

static jrpc_status open_call(encoder *e, const char *method)
{
    writer_lit(e->out, QUERY_OPEN CALL_OPEN);
    jrpc_status status = name_encode(e, method);
    writer_lit(e->out, "</methodName><params>");
    return status;
}

static void close_call(buf *out)
{
    writer_lit(out, CALL_CLOSE QUERY_CLOSE);
}

static void in_param(wire_failure *failure, size_t index)
{
    failure_in_element(failure, index);
    failure_in(failure, "params");
}

jrpc_status params_encode(encoder *e, const jrpc_method *method, const void *const *in, bool batched)
{
    jrpc_status status = JRPC_OK;
    size_t index = 0;
    for (uint16_t i = 0; status >= 0 && i < method->param_count; i++) {
        const jrpc_param *param = &method->params[i];
        if (!(param->direction & JRPC_IN))
            continue;
        if (!batched)
            writer_lit(e->out, "<param>");
        status = codec_encode(e, param->type, param->range, in[index]);
        if (status < 0)
            in_param(e->failure, index);
        if (!batched)
            writer_lit(e->out, "</param>");
        index++;
    }
    return status;
}

static jrpc_status start(encoder *e, buf *out, unsigned max_depth, wire_failure *failure)
{
    *e = encoder_start(out, max_depth, failure);
    return buf_failed(out) ? failure_set(failure, JRPC_E_NOMEM, "out of memory") : JRPC_OK;
}

jrpc_status envelope_write_call(buf *out, const jrpc_method *method, const void *const *in,
                                unsigned max_depth, wire_failure *failure)
{
    encoder e;
    jrpc_status status = start(&e, out, max_depth, failure);
    if (status < 0)
        return status;
    size_t begin = out->len;
    status = open_call(&e, method->wire_name);
    if (status >= 0)
        status = params_encode(&e, method, in, false);
    if (status >= 0)
        close_call(out);
    return encoder_finish(&e, begin, status);
}

static jrpc_status write_items(encoder *e, xmlrpc_env *env, xmlrpc_value *params, bool batched)
{
    int size = xmlrpc_array_size(env, params);
    if (env->fault_occurred)
        return failure_set(e->failure, JRPC_E_INVALID, "the parameters must be an array");
    jrpc_status status = JRPC_OK;
    for (int i = 0; status >= 0 && i < size; i++) {
        xmlrpc_value *item = NULL;
        xmlrpc_array_read_item(env, params, (unsigned)i, &item);
        if (env->fault_occurred)
            return failure_set(e->failure, JRPC_E_INTERNAL, "xmlrpc-c: %s", env->fault_string);
        if (!batched)
            writer_lit(e->out, "<param>");
        status = any_encode(e, item);
        xmlrpc_DECREF(item);
        if (status < 0)
            in_param(e->failure, (size_t)i);
        if (!batched)
            writer_lit(e->out, "</param>");
    }
    return status;
}

jrpc_status value_params_encode(encoder *e, xmlrpc_value *params, bool batched)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    jrpc_status status = params ? write_items(e, &env, params, batched) : JRPC_OK;
    xmlrpc_env_clean(&env);
    return status;
}

jrpc_status envelope_write_value_call(buf *out, const char *method, xmlrpc_value *params, unsigned max_depth,
                                      wire_failure *failure)
{
    encoder e;
    jrpc_status status = start(&e, out, max_depth, failure);
    if (status < 0)
        return status;
    size_t begin = out->len;
    status = open_call(&e, method);
    if (status >= 0)
        status = value_params_encode(&e, params, false);
    if (status >= 0)
        close_call(out);
    return encoder_finish(&e, begin, status);
}

jrpc_status envelope_write_bare_call(buf *out, const char *method, xmlrpc_value *params, unsigned max_depth,
                                     wire_failure *failure)
{
    encoder e;
    jrpc_status status = start(&e, out, max_depth, failure);
    if (status < 0)
        return status;
    e.wide = true;
    size_t begin = out->len;
    writer_lit(out, CALL_OPEN);
    status = name_encode(&e, method);
    writer_lit(out, "</methodName><params>");
    if (status >= 0)
        status = value_params_encode(&e, params, false);
    writer_lit(out, CALL_CLOSE);
    return encoder_finish(&e, begin, status);
}

/* ---- results ---- */

static bool has_outs(const jrpc_method *method)
{
    for (uint16_t i = 0; i < method->param_count; i++) {
        if (method->params[i].direction & JRPC_OUT)
            return true;
    }
    return false;
}

static jrpc_status write_outs(encoder *e, const jrpc_method *method, void *const *values)
{
    size_t index = 0;
    for (uint16_t i = 0; i < method->param_count; i++)
        index += (method->params[i].direction & JRPC_OUT) != 0;
    jrpc_status status = encoder_enter(e);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><struct>");
    if (method->result)
        status = struct_write_member(e, ENVELOPE_RESULT, method->result, NULL, values[index]);
    index = 0;
    for (uint16_t i = 0; status >= 0 && i < method->param_count; i++) {
        const jrpc_param *param = &method->params[i];
        if (param->direction & JRPC_OUT)
            status = struct_write_member(e, param->name, param->type, param->range, values[index++]);
    }
    writer_lit(e->out, "</struct></value>");
    encoder_leave(e);
    return status;
}

jrpc_status result_encode(encoder *e, const jrpc_method *method, void *const *out_values)
{
    if (has_outs(method))
        return write_outs(e, method, out_values);
    if (method->result)
        return codec_encode(e, method->result, NULL, out_values[0]);
    number_write_boolean(e->out, true);
    return JRPC_OK;
}

static jrpc_status finish_result(encoder *e, size_t begin, jrpc_status status)
{
    if (status < 0)
        failure_in(e->failure, "result");
    else
        writer_lit(e->out, "</param></params>" RESPONSE_CLOSE QUERY_CLOSE);
    return encoder_finish(e, begin, status);
}

jrpc_status envelope_write_result(buf *out, const jrpc_method *method, void *const *out_values,
                                  unsigned max_depth, wire_failure *failure)
{
    encoder e;
    jrpc_status status = start(&e, out, max_depth, failure);
    if (status < 0)
        return status;
    size_t begin = out->len;
    writer_lit(out, RESPONSE_OPEN "<params><param>");
    return finish_result(&e, begin, result_encode(&e, method, out_values));
}

void envelope_write_ready_result(buf *out, const buf *value)
{
    writer_lit(out, RESPONSE_OPEN "<params><param>");
    buf_append(out, value->data, value->len);
    writer_lit(out, "</param></params>" RESPONSE_CLOSE QUERY_CLOSE);
}

jrpc_status envelope_write_value_result(buf *out, xmlrpc_value *result, unsigned max_depth,
                                        wire_failure *failure)
{
    encoder e;
    jrpc_status status = start(&e, out, max_depth, failure);
    if (status < 0)
        return status;
    size_t begin = out->len;
    writer_lit(out, RESPONSE_OPEN "<params><param>");
    return finish_result(&e, begin, any_encode(&e, result));
}

/* ---- faults ---- */

void fault_encode(buf *out, int32_t code, const char *text)
{
    writer_lit(out, "<value><struct><member><name>faultCode</name>");
    number_write_integer(out, code);
    writer_lit(out, "</member><member><name>faultString</name><value><string>");
    writer_safe_text(out, text);
    writer_lit(out, "</string></value></member></struct></value>");
}

static void write_fault(buf *out, int32_t code, const char *text)
{
    writer_lit(out, RESPONSE_OPEN "<fault>");
    fault_encode(out, code, text);
    writer_lit(out, "</fault>" RESPONSE_CLOSE);
}

void envelope_write_fault(buf *out, int32_t code, const char *text)
{
    write_fault(out, code, text);
    writer_lit(out, QUERY_CLOSE);
}

jrpc_status envelope_write_exception(buf *out, const jrpc_exception *exception, const char *text,
                                     const void *value, bool with_members, unsigned max_depth,
                                     wire_failure *failure)
{
    encoder e;
    jrpc_status status = start(&e, out, max_depth, failure);
    if (status < 0)
        return status;
    size_t begin = out->len;
    write_fault(out, exception->code, text);
    if (with_members && value) {
        writer_lit(out, "<exception xmlns='" WIRE_NS_EXTENSION "' name='");
        writer_attribute(out, exception->name);
        writer_lit(out, "'>");
        status = codec_encode(&e, exception->type, NULL, value);
        if (status < 0)
            failure_in(failure, "exception");
        writer_lit(out, "</exception>");
    }
    writer_lit(out, QUERY_CLOSE);
    return encoder_finish(&e, begin, status);
}
