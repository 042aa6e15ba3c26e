/* SPDX-License-Identifier: MIT */
/* Calls that do not come by an IQ: commands, lines of chat. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/library.h"
#include "serve/access.h"
#include "serve/answer.h"
#include "serve/context.h"
#include "serve/incoming.h"
#include "wire/dynamic.h"
#include "wire/envelope.h"
#include "wire/fault.h"

/* What the peer's codec would refuse to send is not given to a handler either: ranges, bounds, texts. */
static jrpc_status check_value(const jrpc_call *call, const jrpc_param *param, size_t index, const void *value,
                               wire_failure *failure)
{
    AUTO(buf_done) buf scratch = BUF_INIT;
    jrpc_status status = native_encode(&scratch, param->type, param->range, value,
                                       call->server->options.limits.max_depth, failure);
    if (status != JRPC_OK) {
        failure_in_element(failure, index);
        failure_in(failure, "params");
    }
    return status;
}

static jrpc_status copy_ins(jrpc_call *call, const void *const *ins, wire_failure *failure)
{
    const jrpc_method *method = call->method->method;
    void *storage[method->param_count + 1U];
    jrpc_status status = incoming_frame(call, storage, failure);
    size_t n = 0;
    for (size_t i = 0; i < method->param_count && status == JRPC_OK; i++) {
        const jrpc_param *param = &method->params[i];
        if (!(param->direction & JRPC_IN))
            continue;
        status = check_value(call, param, n, ins[n], failure);
        if (status == JRPC_OK && jrpc_value_copy(param->type, ins[n], storage[n]) != JRPC_OK)
            status = failure_set(failure, JRPC_E_NOMEM, "out of memory");
        n++;
    }
    return status;
}

/* From one form to the other by way of the wire's: our own text of a call, read again. */
typedef struct reread {
    xmpp_ctx_t *ctx;
    xmpp_stanza_t *query;
    envelope_call envelope;
    wire_decoder decoder;
} reread;

static void reread_done(reread *r)
{
    if (r->query)
        xmpp_stanza_release(r->query);
    if (r->ctx)
        xmpp_ctx_free(r->ctx);
}

/* The decoder's failure says why not. */
static jrpc_status reread_text(reread *r, const jrpc_call *call, const buf *text)
{
    wire_decoder_init(&r->decoder, &call->server->options.limits, NULL);
    r->ctx = !buf_failed(text) && library_init() ? xmpp_ctx_new(NULL, NULL) : NULL;
    r->query = r->ctx ? xmpp_stanza_new_from_string(r->ctx, text->data) : NULL;
    return r->query ? envelope_read_call(r->query, &r->envelope, &r->decoder.failure)
                    : failure_set(&r->decoder.failure, JRPC_E_NOMEM, "out of memory");
}

/* Values for a method with types. */
static jrpc_status convert_params(jrpc_call *call, xmlrpc_value *params, wire_failure *failure)
{
    const jrpc_method *method = call->method->method;
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(reread_done) reread r = { .ctx = NULL };
    jrpc_status status = envelope_write_value_call(&text, method->wire_name, params,
                                                   call->server->options.limits.max_depth, failure);
    if (status != JRPC_OK)
        return status;
    void *storage[method->param_count + 1U];
    status = reread_text(&r, call, &text);
    if (status == JRPC_OK)
        status = incoming_frame(call, storage, &r.decoder.failure);
    if (status == JRPC_OK)
        status = envelope_read_params(&r.decoder, method, r.envelope.params, storage);
    if (status != JRPC_OK)
        *failure = r.decoder.failure;
    return status;
}

/* Types for a method with values. */
static jrpc_status convert_ins(jrpc_call *call, const void *const *ins, wire_failure *failure)
{
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(reread_done) reread r = { .ctx = NULL };
    jrpc_status status = envelope_write_call(&text, registry_described(call->method), ins,
                                             call->server->options.limits.max_depth, failure);
    if (status != JRPC_OK)
        return status;
    status = reread_text(&r, call, &text);
    if (status == JRPC_OK)
        status = envelope_read_value_params(&r.decoder, r.envelope.params, &call->params);
    if (status != JRPC_OK)
        *failure = r.decoder.failure;
    return status;
}

/* A new reference, or an empty array. */
static jrpc_status take_params(jrpc_call *call, xmlrpc_value *params, wire_failure *failure)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    if (params)
        xmlrpc_INCREF(params);
    else
        params = xmlrpc_array_new(&env);
    jrpc_status status = JRPC_OK;
    if (!params)
        status = failure_set(failure, JRPC_E_NOMEM, "out of memory");
    else if (xmlrpc_value_type(params) != XMLRPC_TYPE_ARRAY)
        status = failure_set(failure, JRPC_E_INVALID, "the parameters must be an array");
    call->params = params;
    xmlrpc_env_clean(&env);
    return status;
}

static jrpc_status decode_local(jrpc_call *call, void *userdata, wire_failure *failure)
{
    const incoming_local *local = userdata;
    const jrpc_method *method = call->method->method, *described = registry_described(call->method);
    if (!local->ins)
        return method ? convert_params(call, local->params, failure) : take_params(call, local->params, failure);
    if (!described)
        return failure_set(failure, JRPC_E_INVALID, "this method has no types");
    if (local->of && local->of != described)
        return failure_set(failure, JRPC_E_INVALID, "the method has just been replaced: try again");
    return method ? copy_ins(call, local->ins, failure) : convert_ins(call, local->ins, failure);
}

void incoming_start_local(server *s, const incoming_local *local)
{
    reply_address request = { .id = local->id, .from = local->caller, .finish = local->finish, .finish_userdata = local->userdata,
                              .received = clock_now() };
    AUTO(jid_done) jid who;
    access_read_caller(local->caller, &who);
    if (!access_admits(s, &who, &request)) {
        answer_error(s, &request, "auth", "forbidden", NULL);
        return;
    }
    if (!server_accepts(s, &request))
        return;
    incoming_local copy = *local; /* without const: what decodes a stanza changes it */
    incoming_ask ask = {
        .request = &request,
        .method = local->method,
        .decode = decode_local,
        .params = &copy,
        .deadline = context_deadline(),
        .trace = context_get()->trace,
        .who = &who,
    };
    jrpc_call *call = incoming_prepare(s, &ask);
    if (call)
        incoming_submit(call);
}
