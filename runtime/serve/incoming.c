/* SPDX-License-Identifier: MIT */
/* Calls that came in. */
#include "serve/incoming.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "serve/answer.h"
#include "serve/deferral.h"
#include "wire/envelope.h"
#include "wire/fault.h"

/* ---- life ---- */

static jrpc_call *new_call(server *s, const reply_address *request)
{
    arena memory = ARENA_INIT(0);
    jrpc_call *call = arena_zalloc(&memory, sizeof *call);
    if (!call)
        return NULL;
    call->server = s;
    call->request.id = request->id ? arena_strdup(&memory, request->id) : NULL;
    call->request.from = request->from ? arena_strdup(&memory, request->from) : NULL;
    call->request.to = request->to ? arena_strdup(&memory, request->to) : NULL;
    if ((request->id && !call->request.id) || (request->from && !call->request.from) ||
        (request->to && !call->request.to)) {
        arena_done(&memory);
        return NULL;
    }
    call->memory = memory;
    return call;
}

void incoming_forget_exception(jrpc_call *call)
{
    if (call->exception_value)
        jrpc_value_clear(call->exception->type, call->exception_value);
    call->exception_value = NULL;
    call->exception = NULL;
}

void incoming_free(jrpc_call *call)
{
    if (call->method && call->method->method)
        invoke_frame_clear(call->method->method, &call->frame);
    if (call->params)
        xmlrpc_DECREF(call->params);
    if (call->result)
        xmlrpc_DECREF(call->result);
    incoming_forget_exception(call);
    free(call->fault_text);
    registry_method_unref(call->method);
    arena memory = call->memory;
    arena_done(&memory);
}

/* ---- running ---- */

static jrpc_status call_handler(jrpc_call *call)
{
    const registry_method *m = call->method;
    if (m->method)
        return invoke_call(m->plan, m->method, m->function, call, &call->frame);
    return m->value_handler(call, call->params, &call->result, m->userdata);
}

void incoming_run(worker_job *job, void *userdata)
{
    UNUSED(userdata);
    jrpc_call *call = (jrpc_call *)job;
    jrpc_status status = call_handler(call);
    if (deferral_after_handler(call, status))
        return;
    answer_status(call, status);
    incoming_free(call);
}

/* ---- starting ---- */

/* Decodes the parameters; answers when they cannot be. */
static bool decode_params(jrpc_call *call, xmpp_stanza_t *params)
{
    server *s = call->server;
    wire_decoder d = WIRE_DECODER_INIT(&s->options.limits, NULL);
    jrpc_status status;
    if (call->method->method) {
        const jrpc_method *method = call->method->method;
        if (invoke_frame_new(method, &call->memory, &call->frame) != JRPC_OK) {
            failure_set(&d.failure, JRPC_E_NOMEM, "out of memory");
            status = JRPC_E_NOMEM;
        } else {
            void *ins[method->param_count + 1U];
            invoke_frame_ins(method, &call->frame, ins);
            status = envelope_read_params(&d, method, params, ins);
        }
    } else {
        status = envelope_read_value_params(&d, params, &call->params);
    }
    if (status != JRPC_OK)
        answer_bad_request(s, &call->request, FAULT_BAD_PARAMS, &d.failure);
    return status == JRPC_OK;
}

static jrpc_status init_outs(jrpc_call *call)
{
    const jrpc_method *method = call->method->method;
    for (size_t i = 0; method && i < call->frame.count; i++) {
        bool is_result = i == method->param_count;
        if (!is_result && method->params[i].direction != JRPC_OUT)
            continue;
        const jrpc_type *type = is_result ? method->result : method->params[i].type;
        jrpc_status status = jrpc_value_init(type, call->frame.storage[i]);
        if (status != JRPC_OK)
            return status;
    }
    return JRPC_OK;
}

static bool enqueue(jrpc_call *call)
{
    server *s = call->server;
    bool run_inline = s->options.inline_handlers ||
                      (call->method->method && call->method->method->flags & JRPC_METHOD_INLINE);
    if (!run_inline)
        return worker_pool_submit(s->pool, &call->job);
    if (s->inline_queued >= s->options.max_queued)
        return false;
    call->job.next = NULL;
    *s->inline_last = &call->job;
    s->inline_last = &call->job.next;
    s->inline_queued++;
    return true;
}

static void start_method(server *s, const reply_address *request, const envelope_call *envelope,
                         registry_method *method)
{
    jrpc_call *call = new_call(s, request);
    if (!call) {
        registry_method_unref(method);
        answer_error(s, request, "wait", "resource-constraint", "out of memory");
        return;
    }
    call->method = method;
    if (!decode_params(call, envelope->params)) {
        incoming_free(call);
        return;
    }
    if (init_outs(call) != JRPC_OK || !enqueue(call)) {
        answer_error(s, request, "wait", "resource-constraint", "too many calls are waiting");
        incoming_free(call);
    }
}

void incoming_start(server *s, const reply_address *request, xmpp_stanza_t *query)
{
    envelope_call envelope;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_read_call(query, &envelope, &failure) != JRPC_OK) {
        answer_bad_request(s, request, FAULT_INVALID_REQUEST, &failure);
        return;
    }
    registry_method *method = registry_find(&s->registry, envelope.method);
    if (method) {
        start_method(s, request, &envelope, method);
        return;
    }
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "no such method: %s", envelope.method);
    answer_fault(s, request, FAULT_NO_METHOD, buf_failed(&text) ? "no such method" : text.data);
}
