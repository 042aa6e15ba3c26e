/* SPDX-License-Identifier: MIT */
/* Calls that came in. */
#include "serve/incoming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/answer.h"
#include "serve/context.h"
#include "serve/deferral.h"
#include "serve/mount.h"
#include "serve/multicall.h"
#include "wire/envelope.h"
#include "wire/excerpt.h"
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
    call->counted = true;
    atomic_fetch_add(&s->accepted, 1);
    return call;
}

void incoming_leave(jrpc_call *call)
{
    bool counted = call->counted;
    call->counted = false;
    if (counted)
        server_leave(call->server);
}

void incoming_forget_exception(jrpc_call *call)
{
    if (call->exception_value)
        jrpc_value_clear(call->exception->type, call->exception_value);
    call->exception_value = NULL;
    call->exception = NULL;
}

void incoming_drop_use(jrpc_call *call)
{
    /* Of a call whose server is gone there is none. */
    if (call->use.caller || call->use.domain || call->use.method)
        quota_drop(&call->server->quota, &call->use);
}

void incoming_free(jrpc_call *call)
{
    underway_remove(call);
    incoming_drop_use(call);
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
    incoming_leave(call);
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
    bool cancelled = atomic_load(&call->cancelled);
    if (!cancelled && call->deadline > clock_now())
        return false;
    incoming_drop_use(call);
    if (cancelled) {
        answer_fault(call->server, &call->request, FAULT_CANCELLED, "not run: cancelled by its caller");
        return true;
    }
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
    incoming_drop_use(call); /* before the answer: the next call may come right after it */
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

/* A limit is reached: whoever waits a little may try again. */
static void refuse_limited(server *s, const reply_address *request, const char *method, const quota_refusal *refusal)
{
    if (refusal->first)
        server_log_call(s, JRPC_LOG_WARNING, request, "%s refused to %s: %s", method,
                        request->from ? request->from : "nobody", refusal->text);
    answer_error(s, request, "wait", "resource-constraint", refusal->text);
}

/* False: the call is gone. */
static bool begin(jrpc_call *call)
{
    quota_refusal refusal;
    if (quota_begin(&call->server->quota, &call->use, !call->is_entry, clock_now(), &refusal))
        return true;
    refuse_limited(call->server, &call->request, call->method->name, &refusal);
    incoming_free(call);
    return false;
}

void incoming_run_here(jrpc_call *call)
{
    if (begin(call))
        incoming_run(&call->job, call->server);
}

static worker_answer enqueue(jrpc_call *call)
{
    server *s = call->server;
    if (incoming_is_inline(call))
        return inline_queue_put(&s->inline_queue, &call->job) ? WORKER_ACCEPTED : WORKER_FULL;
    call->job.lane = quota_lane(&call->use);
    call->job.bytes += call->memory.used;
    return worker_pool_queue(s->pool, &call->job);
}

static void answer_no_room(jrpc_call *call, worker_answer answer)
{
    const server_options *o = &call->server->options;
    char text[160] = "no call can be run now";
    if (answer == WORKER_FULL)
        snprintf(text, sizeof text, "too many calls are waiting: the limit is %zu", o->max_queued);
    else if (answer == WORKER_LANE_FULL)
        snprintf(text, sizeof text, "too many of your calls are waiting: the limit is the room left for others, of %zu",
                 o->max_queued);
    else if (answer == WORKER_BYTES_FULL)
        snprintf(text, sizeof text, "the calls that are waiting are too large: the limit is %zu bytes, half of it for one caller",
                 o->max_queued_bytes);
    answer_error(call->server, &call->request, "wait", "resource-constraint", text);
    incoming_free(call);
}

void incoming_submit(jrpc_call *call)
{
    if (!begin(call))
        return;
    worker_answer answer = enqueue(call);
    if (answer != WORKER_ACCEPTED)
        answer_no_room(call, answer);
}

static jrpc_call *prepare_method(server *s, const incoming_ask *ask, registry_method *method, quota_use *use)
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
    call->request.trace = &call->trace;
    if (extension_trace_is_set(&ask->trace))
        extension_trace_format(&ask->trace, call->traceparent);
    call->use = *use;
    *use = (quota_use){ 0 };
    wire_failure failure;
    failure_init(&failure);
    jrpc_status status = ask->decode(call, ask->params, &failure);
    if (status == JRPC_OK && method->mounted)
        status = mount_accept(call, &failure);
    if (status == JRPC_OK && init_outs(call) != JRPC_OK)
        status = failure_set(&failure, JRPC_E_NOMEM, "out of memory");
    if (status == JRPC_OK)
        return call;
    answer_bad_request(s, &call->request, FAULT_BAD_PARAMS, &failure);
    incoming_free(call);
    return NULL;
}

static void answer_no_method(server *s, const incoming_ask *ask)
{
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "no such method: %s", ask->method);
    answer_fault(s, ask->request, FAULT_NO_METHOD, buf_failed(&text) ? "no such method" : text.data);
}

/* May it be called by him, and once more now? Answers when not. */
static bool let_in(server *s, const incoming_ask *ask, const jid *who, const registry_method *method, quota_use *ret_use)
{
    quota_refusal refusal;
    /* Who may call other methods than this one is not told either whether there is one. */
    if (!access_allows(s, who, ask->method, method, ask->request)) {
        answer_error(s, ask->request, "auth", "forbidden", NULL);
        return false;
    }
    if (quota_take(&s->quota, who, ask->method, clock_now(), ret_use, &refusal))
        return true;
    refuse_limited(s, ask->request, ask->method, &refusal);
    return false;
}

jrpc_call *incoming_prepare(server *s, const incoming_ask *ask)
{
    AUTO(jid_done) jid who = { 0 };
    if (!ask->who)
        access_read_caller(ask->request->from, &who);
    registry_method *method = registry_find(&s->registry, ask->method);
    quota_use use;
    if (!let_in(s, ask, ask->who ? ask->who : &who, method, &use)) {
        registry_method_unref(method);
        return NULL;
    }
    jrpc_call *call = NULL;
    if (method)
        call = prepare_method(s, ask, method, &use);
    else
        answer_no_method(s, ask);
    quota_drop(&s->quota, &use);
    return call;
}

/* ---- by an IQ ---- */

jrpc_status incoming_decode(jrpc_call *call, wire_decoder *d, xmpp_stanza_t *params)
{
    const jrpc_method *method = call->method->method;
    size_t before = d->memory;
    jrpc_status status;
    if (call->method->decode) {
        status = call->method->decode(call, d, params);
    } else if (!method) {
        status = envelope_read_value_params(d, params, &call->params);
    } else {
        void *ins[method->param_count + 1U];
        status = incoming_frame(call, ins, &d->failure);
        if (status == JRPC_OK)
            status = envelope_read_params(d, method, params, ins);
    }
    call->job.bytes = d->memory - before;
    return status;
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

static void log_payload(server *s, const reply_address *request, xmpp_stanza_t *query)
{
    AUTO(buf_done) buf text = BUF_INIT;
    excerpt_append(&text, query);
    if (!buf_failed(&text))
        server_log_call(s, JRPC_LOG_DEBUG, request, "%s asks: %s", request->from ? request->from : "nobody", text.data);
}

void incoming_start(server *s, const reply_address *from, const jid *who, const extension *extra, xmpp_stanza_t *query)
{
    reply_address copy = *from, *request = &copy;
    int64_t now = clock_now();
    envelope_call envelope;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (s->options.log_payloads)
        log_payload(s, request, query);
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
