/* SPDX-License-Identifier: MIT */
/* Calls that came in. */
#include "serve/incoming.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "serve/system.h"
#include "wire/envelope.h"
#include "wire/fault.h"

struct jrpc_call {
    worker_job job; /* first: the pool knows the call by it */
    server *server;
    registry_method *method;
    arena memory; /* holds this structure as well */
    reply_address request;
    invoke_frame frame;    /* with types */
    xmlrpc_value *params;  /* without */
    xmlrpc_value *result;
    /* The fault that the handler asked for, if any. */
    bool faulted;
    int32_t fault_code;
    char *fault_text;
    const jrpc_exception *exception;
    void *exception_value;
};

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

static void forget_exception(jrpc_call *call)
{
    if (call->exception_value)
        jrpc_value_clear(call->exception->type, call->exception_value);
    call->exception_value = NULL;
    call->exception = NULL;
}

static void free_call(jrpc_call *call)
{
    if (call->method && call->method->method)
        invoke_frame_clear(call->method->method, &call->frame);
    if (call->params)
        xmlrpc_DECREF(call->params);
    if (call->result)
        xmlrpc_DECREF(call->result);
    forget_exception(call);
    free(call->fault_text);
    registry_method_unref(call->method);
    arena memory = call->memory;
    arena_done(&memory);
}

/* ---- answers ---- */

static void send_fault(server *s, const reply_address *request, int32_t code, const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "result", request);
    envelope_write_fault(&out, code, text);
    reply_close(&out);
    server_send(s, &out);
}

static void send_error(server *s, const reply_address *request, const char *type, const char *condition,
                       const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_error(&out, request, type, condition, text);
    server_send(s, &out);
}

static void send_failure(server *s, const reply_address *request, int32_t code, const wire_failure *failure)
{
    if (failure->status == JRPC_E_TOO_LARGE) {
        send_error(s, request, "modify", "policy-violation", failure->message);
        return;
    }
    if (failure->status == JRPC_E_NOMEM) {
        send_error(s, request, "wait", "resource-constraint", "out of memory");
        return;
    }
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "%s%s%s", failure->path, *failure->path ? ": " : "", failure->message);
    send_fault(s, request, code, buf_failed(&text) ? failure->message : text.data);
}

/* The caller learns a number to quote; what happened is in our log alone. */
static void send_internal(jrpc_call *call, const char *why)
{
    unsigned long long incident = (unsigned long long)random_u64();
    call->server->options.log(call->server->options.userdata, JRPC_LOG_ERROR,
                              "%s called by %s failed: %s (incident %016llx)", call->method->name,
                              call->request.from ? call->request.from : "nobody", why, incident);
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "internal error (incident %016llx)", incident);
    send_fault(call->server, &call->request, FAULT_INTERNAL, buf_failed(&text) ? "internal error" : text.data);
}

/* ---- the handler's functions ---- */

void *jrpc_call_userdata(const jrpc_call *call)
{
    return call->method->userdata;
}

const char *jrpc_call_caller(const jrpc_call *call)
{
    return call->request.from ? call->request.from : "";
}

const char *jrpc_call_method(const jrpc_call *call)
{
    return call->method->name;
}

jrpc_session *jrpc_call_session(const jrpc_call *call)
{
    return call->server->options.session;
}

void *jrpc_call_alloc(jrpc_call *call, size_t size)
{
    return arena_alloc(&call->memory, size);
}

jrpc_status jrpc_call_fault(jrpc_call *call, int32_t code, const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    free(call->fault_text);
    call->fault_text = buf_take(&text);
    forget_exception(call);
    call->faulted = true;
    call->fault_code = code;
    return JRPC_E_FAULT;
}

static bool is_declared(const registry_method *m, const jrpc_exception *exception)
{
    if (!m->method)
        return true;
    for (size_t i = 0; i < m->method->exception_count; i++) {
        if (m->method->exceptions[i] == exception)
            return true;
    }
    return false;
}

jrpc_status jrpc_call_raise(jrpc_call *call, const jrpc_exception *exception, const void *value)
{
    if (!is_declared(call->method, exception)) {
        call->server->options.log(call->server->options.userdata, JRPC_LOG_WARNING,
                                  "%s raises %s, which its interface does not declare", call->method->name,
                                  exception->name);
        return JRPC_E_INTERNAL;
    }
    jrpc_call_fault(call, exception->code, "%s", exception->name);
    if (!value)
        return JRPC_E_FAULT;
    void *copy = arena_alloc(&call->memory, exception->type->size);
    if (!copy || jrpc_value_copy(exception->type, value, copy) != JRPC_OK)
        return JRPC_E_FAULT; /* without its members: code and name still say what it is */
    call->exception = exception;
    call->exception_value = copy;
    return JRPC_E_FAULT;
}

/* ---- running ---- */

static jrpc_status call_handler(jrpc_call *call)
{
    const registry_method *m = call->method;
    if (m->method)
        return invoke_call(m->plan, m->method, m->function, call, &call->frame);
    return m->value_handler(call, call->params, &call->result, m->userdata);
}

static jrpc_status write_result(jrpc_call *call, buf *out, wire_failure *failure)
{
    const registry_method *m = call->method;
    unsigned depth = call->server->options.limits.max_depth;
    if (!m->method)
        return envelope_write_value_result(out, call->result, depth, failure);
    void *outs[m->method->param_count + 1U];
    invoke_frame_outs(m->method, &call->frame, outs);
    return envelope_write_result(out, m->method, outs, depth, failure);
}

static void send_result(jrpc_call *call)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    reply_open(&out, "result", &call->request);
    if (write_result(call, &out, &failure) != JRPC_OK) {
        AUTO(buf_done) buf why = BUF_INIT;
        buf_printf(&why, "its result cannot be sent: %s: %s", failure.path, failure.message);
        send_internal(call, buf_failed(&why) ? failure.message : why.data);
        return;
    }
    reply_close(&out);
    size_t limit = call->server->options.max_stanza;
    if (out.len > limit) {
        char text[128];
        snprintf(text, sizeof text, "the result needs a stanza of %zu bytes, the limit is %zu", out.len, limit);
        send_fault(call->server, &call->request, FAULT_RESULT_TOO_LARGE, text);
        return;
    }
    server_send(call->server, &out);
}

/* The members of an exception go to those only that say they understand them: to all others it is a plain fault. */
static bool send_members(jrpc_call *call, const char *text)
{
    server *s = call->server;
    if (!call->exception || call->exception->type->count == 0 || !call->request.from || !s->options.understands_extension ||
        !s->options.understands_extension(s->options.userdata, call->request.from))
        return false;
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    reply_open(&out, "result", &call->request);
    if (envelope_write_exception(&out, call->exception, text, call->exception_value, true,
                                 s->options.limits.max_depth, &failure) != JRPC_OK) {
        s->options.log(s->options.userdata, JRPC_LOG_WARNING, "%s: a member of %s cannot be sent: %s: %s",
                       call->method->name, call->exception->name, failure.path, failure.message);
        return false;
    }
    reply_close(&out);
    if (out.len > s->options.max_stanza)
        return false;
    server_send(s, &out);
    return true;
}

static void send_asked_fault(jrpc_call *call)
{
    const char *text = call->fault_text ? call->fault_text : "fault";
    if (!send_members(call, text))
        send_fault(call->server, &call->request, call->fault_code, text);
}

void incoming_run(worker_job *job, void *userdata)
{
    UNUSED(userdata);
    jrpc_call *call = (jrpc_call *)job;
    jrpc_status status = call_handler(call);
    if (call->faulted)
        send_asked_fault(call);
    else if (status == JRPC_OK)
        send_result(call);
    else if (status == JRPC_E_BUSY)
        send_error(call->server, &call->request, "wait", "resource-constraint", "the method is busy");
    else
        send_internal(call, jrpc_status_text(status));
    free_call(call);
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
        send_failure(s, &call->request, FAULT_BAD_PARAMS, &d.failure);
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
        send_error(s, request, "wait", "resource-constraint", "out of memory");
        return;
    }
    call->method = method;
    if (!decode_params(call, envelope->params)) {
        free_call(call);
        return;
    }
    if (init_outs(call) != JRPC_OK || !enqueue(call)) {
        send_error(s, request, "wait", "resource-constraint", "too many calls are waiting");
        free_call(call);
    }
}

void incoming_start(server *s, const reply_address *request, xmpp_stanza_t *query)
{
    envelope_call envelope;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_read_call(query, &envelope, &failure) != JRPC_OK) {
        send_failure(s, request, FAULT_INVALID_REQUEST, &failure);
        return;
    }
    registry_method *method = registry_find(&s->registry, envelope.method);
    if (method) {
        start_method(s, request, &envelope, method);
        return;
    }
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "no such method: %s", envelope.method);
    send_fault(s, request, FAULT_NO_METHOD, buf_failed(&text) ? "no such method" : text.data);
}
