/* SPDX-License-Identifier: MIT */
/* Calls that came in. */
#include "serve/incoming.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/answer.h"
#include "serve/context.h"
#include "serve/deferral.h"
#include "serve/multicall.h"
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
    call->request.finish = request->finish;
    call->request.finish_userdata = request->finish_userdata;
    call->request.received = request->received;
    call->request.kept = request->kept;
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
    underway_remove(call);
    if (call->method && call->method->method)
        invoke_frame_clear(call->method->method, &call->frame);
    if (call->params)
        xmlrpc_DECREF(call->params);
    if (call->result)
        xmlrpc_DECREF(call->result);
    multicall_done(call->batch);
    incoming_forget_exception(call);
    free(call->fault_text);
    registry_method_unref(call->method);
    arena memory = call->memory;
    arena_done(&memory);
}

void incoming_drop(jrpc_call *call)
{
    if (call->request.finish)
        answer_error(call->server, &call->request, "cancel", "service-unavailable", "this server is going away");
    incoming_free(call);
}

/* ---- running ---- */

static jrpc_status call_handler(jrpc_call *call)
{
    const registry_method *m = call->method;
    if (m->method)
        return invoke_call(m->plan, m->method, m->function, call, &call->frame);
    return m->value_handler(call, call->params, &call->result, m->userdata);
}

/* Nobody waits for the answer any more. */
static bool answer_too_late(jrpc_call *call)
{
    if (atomic_load(&call->cancelled)) {
        answer_fault(call->server, &call->request, FAULT_CANCELLED, "not run: cancelled by its caller");
        return true;
    }
    if (call->deadline > clock_now())
        return false;
    atomic_fetch_add(&call->server->expired, 1);
    answer_fault(call->server, &call->request, FAULT_DEADLINE, "not run: its deadline passed before it was its turn");
    return true;
}

void incoming_run(worker_job *job, void *userdata)
{
    UNUSED(userdata);
    jrpc_call *call = (jrpc_call *)job;
    if (answer_too_late(call)) {
        incoming_free(call);
        return;
    }
    context before = context_enter(call);
    jrpc_status status = call_handler(call);
    context_leave(&before);
    if (deferral_after_handler(call, status))
        return;
    answer_status(call, status);
    incoming_free(call);
}

/* ---- starting ---- */

jrpc_status incoming_frame(jrpc_call *call, void **ret_ins, wire_failure *failure)
{
    const jrpc_method *method = call->method->method;
    if (invoke_frame_new(method, &call->memory, &call->frame) != JRPC_OK)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    invoke_frame_ins(method, &call->frame, ret_ins);
    return JRPC_OK;
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

bool incoming_is_inline(const jrpc_call *call)
{
    return call->server->options.inline_handlers ||
           (call->method->method && call->method->method->flags & JRPC_METHOD_INLINE);
}

static bool enqueue(jrpc_call *call)
{
    server *s = call->server;
    return incoming_is_inline(call) ? inline_queue_put(&s->inline_queue, &call->job) : worker_pool_submit(s->pool, &call->job);
}

void incoming_submit(jrpc_call *call)
{
    if (!enqueue(call)) {
        answer_error(call->server, &call->request, "wait", "resource-constraint", "too many calls are waiting");
        incoming_free(call);
    }
}

static jrpc_call *prepare_method(server *s, const incoming_ask *ask, registry_method *method)
{
    jrpc_call *call = new_call(s, ask->request);
    if (!call) {
        registry_method_unref(method);
        answer_error(s, ask->request, "wait", "resource-constraint", "out of memory");
        return NULL;
    }
    call->method = method;
    call->request.method = method->name;
    call->deadline = ask->deadline ? ask->deadline : CLOCK_NEVER;
    call->trace = ask->trace;
    if (extension_trace_is_set(&ask->trace))
        extension_trace_format(&ask->trace, call->traceparent);
    wire_failure failure;
    failure_init(&failure);
    jrpc_status status = ask->decode(call, ask->params, &failure);
    if (status == JRPC_OK && init_outs(call) != JRPC_OK)
        status = failure_set(&failure, JRPC_E_NOMEM, "out of memory");
    if (status == JRPC_OK)
        return call;
    answer_bad_request(s, &call->request, FAULT_BAD_PARAMS, &failure);
    incoming_free(call);
    return NULL;
}

jrpc_call *incoming_prepare(server *s, const incoming_ask *ask)
{
    AUTO(jid_done) jid who = { 0 };
    if (!ask->who)
        access_read_caller(ask->request->from, &who);
    registry_method *method = registry_find(&s->registry, ask->method);
    /* Who may call other methods than this one is not told either whether there is one. */
    if (!access_allows(s, ask->who ? ask->who : &who, ask->method, method)) {
        registry_method_unref(method);
        answer_error(s, ask->request, "auth", "forbidden", NULL);
        return NULL;
    }
    if (method)
        return prepare_method(s, ask, method);
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "no such method: %s", ask->method);
    answer_fault(s, ask->request, FAULT_NO_METHOD, buf_failed(&text) ? "no such method" : text.data);
    return NULL;
}

/* ---- by an IQ ---- */

jrpc_status incoming_decode(jrpc_call *call, wire_decoder *d, xmpp_stanza_t *params)
{
    const jrpc_method *method = call->method->method;
    if (call->method->decode)
        return call->method->decode(call, d, params);
    if (!method)
        return envelope_read_value_params(d, params, &call->params);
    void *ins[method->param_count + 1U];
    jrpc_status status = incoming_frame(call, ins, &d->failure);
    return status == JRPC_OK ? envelope_read_params(d, method, params, ins) : status;
}

static jrpc_status decode_stanza(jrpc_call *call, void *params, wire_failure *failure)
{
    wire_decoder d;
    wire_decoder_init(&d, &call->server->options.limits, NULL);
    jrpc_status status = incoming_decode(call, &d, params);
    if (status != JRPC_OK)
        *failure = d.failure;
    return status;
}

/* Unless it may have run already. */
static bool take_note(server *s, const extension *extra, int64_t now, reply_address *request)
{
    if (!extra || !extra->keyed || replay_admit(s->replay, extra, request, now, &request->kept))
        return true;
    answer_unknown_outcome(s, request, "this server cannot tell whether it has run that call");
    return false;
}

void incoming_start(server *s, const reply_address *from, const jid *who, const extension *extra, xmpp_stanza_t *query)
{
    reply_address copy = *from, *request = &copy;
    int64_t now = clock_now();
    envelope_call envelope;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_read_call(query, &envelope, &failure) != JRPC_OK) {
        answer_bad_request(s, request, FAULT_INVALID_REQUEST, &failure);
        return;
    }
    if (!take_note(s, extra, now, request))
        return;
    incoming_ask ask = {
        .request = request,
        .method = envelope.method,
        .decode = decode_stanza,
        .params = envelope.params,
        .who = who,
    };
    if (extra) {
        ask.deadline = extra->deadline_ms < 0 ? CLOCK_NEVER : clock_after(now, extra->deadline_ms);
        ask.trace = extra->trace;
    }
    jrpc_call *call = incoming_prepare(s, &ask);
    if (!call)
        return;
    if (extra)
        underway_add(s, call);
    incoming_submit(call);
}
