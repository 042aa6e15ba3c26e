/* SPDX-License-Identifier: MIT */
/* Answers to calls. */
#include "serve/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "serve/multicall.h"
#include "serve/outcome.h"
#include "wire/envelope.h"
#include "wire/excerpt.h"
#include "wire/fault.h"

enum { FAILURE_ROOM = sizeof((wire_failure *)0)->path + sizeof((wire_failure *)0)->message + 2 };

static void write_fault(buf *out, const reply_address *request, int32_t code, const char *text)
{
    reply_open(out, "result", request);
    envelope_write_fault(out, code, text);
    reply_close(out);
}

static void finish_fault(const reply_address *request, int32_t code, const char *text, const jrpc_call *call)
{
    call_outcome outcome = { .kind = OUTCOME_FAULT, .code = code, .text = text };
    if (call) {
        outcome.exception = call->exception;
        outcome.exception_value = call->exception_value;
    }
    request->finish(&outcome, request->finish_userdata);
}

/* One that may be asked for again is kept, and goes to whoever has asked for it last. */
static void send_answer(server *s, const reply_address *request, const buf *stanza)
{
    AUTO(buf_done) buf instead = BUF_INIT;
    bool redirected = request->kept && replay_answer(s->replay, request->kept, request, stanza, clock_now(), &instead);
    if (!redirected)
        oversize_note(&s->oversize, request, stanza->len, clock_now());
    if (s->options.log_payloads) {
        AUTO(buf_done) buf text = BUF_INIT;
        excerpt_append_text(&text, stanza->data, stanza->len);
        if (!buf_failed(&text))
            server_log_call(s, JRPC_LOG_DEBUG, request, "%s is answered: %s", request->from ? request->from : "nobody",
                            text.data);
    }
    server_send(s, request, redirected ? &instead : stanza);
}

/* A text that makes the stanza too large is cut, between two characters. */
void answer_fault(server *s, const reply_address *request, int32_t code, const char *text)
{
    enum { CUT_LEN = 256 };
    server_note(s, request, fault_status_of_code(code), code);
    if (request->finish) {
        finish_fault(request, code, text, NULL);
        return;
    }
    AUTO(buf_done) buf out = BUF_INIT;
    write_fault(&out, request, code, text);
    if (out.len > server_max_stanza(s) && strlen(text) > CUT_LEN) {
        char cut[CUT_LEN + sizeof "..."];
        size_t len = CUT_LEN;
        while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
        snprintf(cut, sizeof cut, "%.*s...", (int)len, text);
        buf_reset(&out);
        write_fault(&out, request, code, cut);
    }
    send_answer(s, request, &out);
}

void answer_too_large(server *s, const reply_address *request, size_t len)
{
    char text[128];
    snprintf(text, sizeof text, "the result needs a stanza of %zu bytes, the limit is %zu", len, server_max_stanza(s));
    answer_fault(s, request, FAULT_RESULT_TOO_LARGE, text);
}

void answer_error(server *s, const reply_address *request, const char *type, const char *condition,
                  const char *text)
{
    server_note(s, request, fault_status_of_condition(condition), 0);
    if (request->finish) {
        call_outcome outcome = { .kind = OUTCOME_ERROR, .type = type, .condition = condition, .text = text };
        request->finish(&outcome, request->finish_userdata);
        return;
    }
    AUTO(buf_done) buf out = BUF_INIT;
    reply_error(&out, request, type, condition, text);
    send_answer(s, request, &out);
}

void answer_unknown_outcome(server *s, const reply_address *request, const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "error", request);
    fault_write_unknown_outcome(&out, text);
    reply_close(&out);
    server_note(s, request, JRPC_E_UNKNOWN_OUTCOME, 0);
    server_send(s, request, &out);
}

void answer_bad_request(server *s, const reply_address *request, int32_t code, const wire_failure *failure)
{
    if (failure->status == JRPC_E_TOO_LARGE) {
        answer_error(s, request, "modify", "policy-violation", failure->message);
        return;
    }
    if (failure->status == JRPC_E_NOMEM) {
        answer_error(s, request, "wait", "resource-constraint", "out of memory");
        return;
    }
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "%s%s%s", failure->path, *failure->path ? ": " : "", failure->message);
    answer_fault(s, request, code, buf_failed(&text) ? failure->message : text.data);
}

void answer_incident(const jrpc_call *call, const char *why, char ret_text[ANSWER_INCIDENT_ROOM])
{
    unsigned long long incident = (unsigned long long)random_u64();
    server_log_call(call->server, JRPC_LOG_ERROR, &call->request, "%s called by %s failed: %s (incident %016llx)",
                    call->method->name, call->request.from ? call->request.from : "nobody", why, incident);
    snprintf(ret_text, ANSWER_INCIDENT_ROOM, "internal error (incident %016llx)", incident);
}

/* Where it is and what is wrong with it. Of a bad value that may quote it; of a limit it never does. */
static void failure_for_log(const server *s, const wire_failure *failure, char ret_text[FAILURE_ROOM])
{
    bool quotes = failure->status == JRPC_E_INVALID && !s->options.log_payloads;
    snprintf(ret_text, FAILURE_ROOM, "%s%s%s", failure->path, *failure->path ? ": " : "",
             quotes ? "not a value of its type (with --log-payloads the log says more)" : failure->message);
}

void answer_bad_result(const jrpc_call *call, const wire_failure *failure, char ret_text[ANSWER_INCIDENT_ROOM])
{
    char why[FAILURE_ROOM + 64], what[FAILURE_ROOM];
    failure_for_log(call->server, failure, what);
    snprintf(why, sizeof why, "its result cannot be sent: %s", what);
    answer_incident(call, why, ret_text);
}

static void answer_internal(jrpc_call *call, const char *why)
{
    char text[ANSWER_INCIDENT_ROOM];
    answer_incident(call, why, text);
    answer_fault(call->server, &call->request, FAULT_INTERNAL, text);
}

/* What stands for a result that is none: XML-RPC has no void. NULL without memory. */
static xmlrpc_value *new_void(void)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = xmlrpc_bool_new(&env, 1);
    xmlrpc_env_clean(&env);
    return value;
}

static void finish_result(jrpc_call *call, const void *const *values)
{
    const jrpc_method *method = call->method->method;
    void *outs[(method ? method->param_count : 0) + 1U];
    call_outcome outcome = { .kind = OUTCOME_RESULT, .method = method, .value = call->result, .outs = outs };
    if (values)
        outcome.outs = (void *const *)(uintptr_t)values;
    else if (method)
        invoke_frame_outs(method, &call->frame, outs);
    call->request.finish(&outcome, call->request.finish_userdata);
}

static jrpc_status write_result(jrpc_call *call, const void *const *values, buf *out, wire_failure *failure)
{
    const registry_method *m = call->method;
    unsigned depth = call->server->options.limits.max_depth;
    if (call->batch) {
        envelope_write_ready_result(out, multicall_results(call->batch));
        return JRPC_OK;
    }
    if (!m->method)
        return envelope_write_value_result(out, call->result, depth, failure);
    if (values)
        return envelope_write_result(out, m->method, (void *const *)(uintptr_t)values, depth, failure);
    void *outs[m->method->param_count + 1U];
    invoke_frame_outs(m->method, &call->frame, outs);
    return envelope_write_result(out, m->method, outs, depth, failure);
}

/* values: of the outs and the result; NULL for those in the call's own frame. */
void answer_result(jrpc_call *call, const void *const *values)
{
    if (!call->method->method && !call->batch && !call->result && !(call->result = new_void())) {
        answer_internal(call, "out of memory");
        return;
    }
    /* Entries of a multicall are written with the whole. People are shown nothing that a program would not get. */
    if (call->request.finish && call->is_entry) {
        server_note(call->server, &call->request, JRPC_OK, 0);
        finish_result(call, values);
        return;
    }
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    reply_open(&out, "result", &call->request);
    if (write_result(call, values, &out, &failure) != JRPC_OK) {
        char text[ANSWER_INCIDENT_ROOM];
        answer_bad_result(call, &failure, text);
        answer_fault(call->server, &call->request, FAULT_INTERNAL, text);
        return;
    }
    if (call->request.finish) {
        server_note(call->server, &call->request, JRPC_OK, 0);
        finish_result(call, values);
        return;
    }
    reply_close(&out);
    if (out.len > server_max_stanza(call->server)) {
        answer_too_large(call->server, &call->request, out.len);
        return;
    }
    server_note(call->server, &call->request, JRPC_OK, 0);
    send_answer(call->server, &call->request, &out);
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
        char what[FAILURE_ROOM];
        failure_for_log(s, &failure, what);
        server_log_call(s, JRPC_LOG_WARNING, &call->request, "%s: a member of %s cannot be sent: %s",
                        call->method->name, call->exception->name, what);
        return false;
    }
    reply_close(&out);
    if (out.len > server_max_stanza(s))
        return false;
    server_note(s, &call->request, JRPC_E_FAULT, call->fault_code);
    send_answer(s, &call->request, &out);
    return true;
}

static void answer_asked_fault(jrpc_call *call)
{
    const char *text = call->fault_text ? call->fault_text : "fault";
    if (call->request.finish) {
        server_note(call->server, &call->request, fault_status_of_code(call->fault_code), call->fault_code);
        finish_fault(&call->request, call->fault_code, text, call);
    } else if (!send_members(call, text))
        answer_fault(call->server, &call->request, call->fault_code, text);
}

static void answer_returned(jrpc_call *call, jrpc_status status)
{
    char why[96];
    snprintf(why, sizeof why, "its handler returned JRPC_E_%s (%d)", jrpc_status_name(status), (int)status);
    answer_internal(call, why);
}

/* What the handler's status, and the fault that it may have asked for, come to. */
void answer_status(jrpc_call *call, jrpc_status status)
{
    if (call->faulted)
        answer_asked_fault(call);
    else if (status == JRPC_OK)
        answer_result(call, NULL);
    else if (status == JRPC_E_BUSY)
        answer_error(call->server, &call->request, "wait", "resource-constraint", "the method is busy");
    else
        answer_returned(call, status);
}
