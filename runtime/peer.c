/* SPDX-License-Identifier: MIT */
/* Peers, and the forms of a blocking call to one: by table, by value, any IQ. */
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "session.h"
#include "wire/envelope.h"
#include "wire/fault.h"

struct jrpc_peer {
    jrpc_session *session;
    char *jid;
    atomic_uint timeout_ms;
};

static const wire_limits reply_limits = WIRE_LIMITS_DEFAULT;

jrpc_status jrpc_peer_new(jrpc_session *session, const char *text, jrpc_peer **ret_peer, jrpc_error *error)
{
    if (!session || !text || !ret_peer)
        return jrpc_error_set(error, JRPC_E_INVALID, "no session, no JID, or nowhere to put the peer");
    const char *why = NULL;
    AUTO(jid_done) jid parsed = { NULL, NULL, NULL, NULL, NULL };
    jrpc_status status = jid_parse(text, &parsed, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status != JRPC_OK) {
        jrpc_error_set(error, status, "not a Jabber address: %s", why ? why : "unreadable");
        error_what(error, text);
        return status;
    }
    jrpc_peer *peer = calloc(1, sizeof *peer);
    char *copy = strdup(text);
    if (!peer || !copy) {
        free(peer);
        free(copy);
        return error_nomem(error);
    }
    peer->session = session;
    peer->jid = copy;
    atomic_init(&peer->timeout_ms, 0);
    *ret_peer = peer;
    return JRPC_OK;
}

void jrpc_peer_free(jrpc_peer *peer)
{
    if (!peer)
        return;
    free(peer->jid);
    free(peer);
}

const char *jrpc_peer_jid(const jrpc_peer *peer)
{
    return peer->jid;
}

void jrpc_peer_set_timeout(jrpc_peer *peer, uint32_t timeout_ms)
{
    atomic_store(&peer->timeout_ms, timeout_ms);
}

/* ---- reading answers ---- */

static jrpc_status local_failure(const wire_failure *failure, const char *to, const char *method, jrpc_error *error)
{
    jrpc_error_set(error, failure->status, "%s", failure->message);
    error_path(error, *failure->path ? failure->path : NULL);
    error_who(error, failure->status == JRPC_E_BAD_REPLY ? to : NULL);
    error_what(error, method);
    return failure->status;
}

/* A value of the answer that cannot be had is the peer's doing: BAD_REPLY. */
static jrpc_status bad_reply(wire_failure *failure, const outcall *call, jrpc_error *error)
{
    if (failure->status != JRPC_E_NOMEM)
        failure->status = JRPC_E_BAD_REPLY;
    return local_failure(failure, call->to, call->what, error);
}

static xmpp_stanza_t *find_query(xmpp_stanza_t *iq)
{
    return xmpp_stanza_get_child_by_name_and_ns(iq, "query", WIRE_NS_RPC);
}

/*
 * The answer's <query> with its methodResponse. An answer without one is what a peer that is no RPC server sends, or one
 * whose method is void.
 */
static jrpc_status read_reply(xmpp_stanza_t *iq, envelope_reply *ret_reply, wire_failure *failure)
{
    xmpp_stanza_t *query = find_query(iq);
    if (!query)
        return failure_set(failure, JRPC_E_BAD_REPLY, "the answer holds no " WIRE_NS_RPC " query");
    return envelope_read_reply(query, ret_reply, failure);
}

static jrpc_status plain_fault(const envelope_reply *reply, jrpc_error *error)
{
    jrpc_status status = fault_status_of_code(reply->fault_code);
    error_set(error, JRPC_ERROR_FAULT, status, "%s", reply->fault_text ? reply->fault_text : "no text");
    error_code(error, reply->fault_code);
    return status;
}

static void free_exception_value(const struct jrpc_exception *exception, void *value)
{
    jrpc_value_clear(exception->type, value);
    free(value);
}

static jrpc_status declared_fault(const jrpc_exception *exception, const envelope_reply *reply, jrpc_error *error)
{
    error_set(error, JRPC_ERROR_APP, JRPC_E_FAULT, "%s", reply->fault_text ? reply->fault_text : exception->name);
    error_code(error, reply->fault_code);
    void *value = calloc(1, exception->type->size ? exception->type->size : 1);
    if (!value)
        return error_nomem(error);
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    if (envelope_read_exception(&d, exception, reply, value) != JRPC_OK) {
        free(value);
        return plain_fault(reply, error);
    }
    error_exception_take(error, exception, value, free_exception_value);
    return JRPC_E_FAULT;
}

static jrpc_status read_fault(const jrpc_method *method, const envelope_reply *reply, jrpc_error *error)
{
    for (size_t i = 0; method && i < method->exception_count; i++) {
        if (method->exceptions[i]->code == reply->fault_code)
            return declared_fault(method->exceptions[i], reply, error);
    }
    return plain_fault(reply, error);
}

/* ---- a call by table ---- */

typedef struct typed_answer {
    const jrpc_method *method;
    void *const *out;
} typed_answer;

static jrpc_status answer_typed(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    const typed_answer *wanted = call->answer_userdata;
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    if (read_reply(iq, &reply, &d.failure) != JRPC_OK)
        return bad_reply(&d.failure, call, error);
    if (reply.is_fault)
        return read_fault(wanted->method, &reply, error);
    if (envelope_read_result(&d, wanted->method, &reply, wanted->out) != JRPC_OK)
        return bad_reply(&d.failure, call, error);
    return JRPC_OK;
}

/* Pure outs and the result are zero from the start, so that clearing them is right whatever happens. */
static void zero_outs(const jrpc_method *method, void *const *out)
{
    size_t n = 0;
    for (size_t i = 0; i < method->param_count; i++) {
        if (!(method->params[i].direction & JRPC_OUT))
            continue;
        if (method->params[i].direction == JRPC_OUT)
            memset(out[n], 0, method->params[i].type->size);
        n++;
    }
    if (method->result)
        memset(out[n], 0, method->result->size);
}

static uint32_t timeout_of(const jrpc_peer *peer, const jrpc_method *method)
{
    uint32_t timeout = atomic_load(&peer->timeout_ms);
    return timeout ? timeout : method ? method->timeout_ms : 0;
}

jrpc_status jrpc_invoke(jrpc_peer *peer, const jrpc_method *method, const void *const *in, void *const *out,
                        jrpc_error *error)
{
    zero_outs(method, out);
    AUTO(buf_done) buf payload = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_write_call(&payload, method, in, WIRE_DEPTH_DEFAULT, &failure) != JRPC_OK)
        return local_failure(&failure, NULL, method->wire_name, error);
    typed_answer wanted = { method, out };
    outcall call = {
        .to = peer->jid,
        .what = method->wire_name,
        .answer = answer_typed,
        .answer_userdata = &wanted,
        .error = error,
        .timeout_ms = timeout_of(peer, method),
    };
    return outcall_run(peer->session, &call, "set", &payload);
}

/* ---- a call by value ---- */

static jrpc_status answer_value(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_decoder d = WIRE_DECODER_INIT(&reply_limits, NULL);
    if (read_reply(iq, &reply, &d.failure) != JRPC_OK)
        return bad_reply(&d.failure, call, error);
    if (reply.is_fault)
        return plain_fault(&reply, error);
    if (envelope_read_value_result(&d, &reply, call->answer_userdata) != JRPC_OK)
        return bad_reply(&d.failure, call, error);
    return JRPC_OK;
}

jrpc_status jrpc_call_value(jrpc_peer *peer, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result,
                            jrpc_error *error)
{
    if (!peer || !method || !ret_result)
        return jrpc_error_set(error, JRPC_E_INVALID, "no peer, no method, or nowhere to put the result");
    AUTO(buf_done) buf payload = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_write_value_call(&payload, method, params, WIRE_DEPTH_DEFAULT, &failure) != JRPC_OK)
        return local_failure(&failure, NULL, method, error);
    xmlrpc_value *result = NULL;
    outcall call = {
        .to = peer->jid,
        .what = method,
        .answer = answer_value,
        .answer_userdata = &result,
        .error = error,
        .timeout_ms = timeout_of(peer, NULL),
    };
    jrpc_status status = outcall_run(peer->session, &call, "set", &payload);
    if (status == JRPC_OK)
        *ret_result = result;
    return status;
}

/* ---- any IQ ---- */

static jrpc_status answer_text(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    char **ret_text = call->answer_userdata;
    xmpp_stanza_t *child = xmpp_stanza_get_children(iq);
    while (child && !xmpp_stanza_is_tag(child))
        child = xmpp_stanza_get_next(child);
    if (!child) {
        *ret_text = strdup("");
        return *ret_text ? JRPC_OK : error_nomem(error);
    }
    char *text = NULL;
    size_t len = 0;
    if (xmpp_stanza_to_text(child, &text, &len) != XMPP_EOK)
        return error_nomem(error);
    *ret_text = strndup(text, len);
    xmpp_free(xmpp_stanza_get_context(child), text);
    return *ret_text ? JRPC_OK : error_nomem(error);
}

static jrpc_status check_iq(const char *to, const char *type, const char *payload, jrpc_error *error)
{
    if (!type || (strcmp(type, "get") != 0 && strcmp(type, "set") != 0))
        return jrpc_error_set(error, JRPC_E_INVALID, "the type of an IQ that asks is get or set");
    if (!payload || !utf8_is_xml_text(payload, strlen(payload), NULL, NULL))
        return jrpc_error_set(error, JRPC_E_INVALID, "the payload is not text that XML can carry");
    AUTO(jid_done) jid parsed = { NULL, NULL, NULL, NULL, NULL };
    const char *why = NULL;
    jrpc_status status = to ? jid_parse(to, &parsed, &why) : JRPC_OK;
    if (status == JRPC_E_INVALID)
        return jrpc_error_set(error, status, "\"%s\" is not a Jabber address: %s", to, why ? why : "unreadable");
    return status == JRPC_OK ? JRPC_OK : error_nomem(error);
}

jrpc_status jrpc_iq_send_and_wait(jrpc_session *session, const char *to, const char *type, const char *payload_xml,
                                  uint32_t timeout_ms, char **ret_payload_xml, jrpc_error *error)
{
    jrpc_status status = check_iq(to, type, payload_xml, error);
    if (status != JRPC_OK)
        return status;
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_append_str(&payload, payload_xml);
    if (buf_failed(&payload))
        return error_nomem(error);
    char *text = NULL;
    outcall call = {
        .to = to,
        .answer = answer_text,
        .answer_userdata = &text,
        .error = error,
        .timeout_ms = timeout_ms,
    };
    status = outcall_run(session, &call, type, &payload);
    if (status == JRPC_OK)
        *ret_payload_xml = text;
    return status;
}
