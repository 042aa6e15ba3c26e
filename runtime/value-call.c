/* SPDX-License-Identifier: MIT */
/* Calls without IDL, and IQs that are no calls. */
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "answer.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "batch.h"
#include "future.h"
#include "peer.h"
#include "wire/envelope.h"

jrpc_status jrpc_call_value(jrpc_peer *peer, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result,
                            jrpc_error *error)
{
    if (!peer || !method || !ret_result)
        return jrpc_error_set(error, JRPC_E_INVALID, "no peer, no method, or nowhere to put the result");
    if (peer->batch)
        return batch_collect_value(peer->batch, method, params, ret_result, error);
    AUTO(buf_done) buf payload = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_write_value_call(&payload, method, params, WIRE_DEPTH_DEFAULT, &failure) != JRPC_OK)
        return answer_failure(&failure, NULL, method, error);
    xmlrpc_value *result = NULL;
    outcall call = {
        .to = peer->name->jid,
        .address = peer->name->address,
        .what = method,
        .payload = &payload,
        .answer = answer_value,
        .answer_userdata = &result,
        .error = error,
        .timeout_ms = peer_timeout(peer, NULL),
    };
    jrpc_status status = outcall_run(peer->session, &call);
    if (status == JRPC_OK)
        *ret_result = result;
    return status;
}

/* ---- by future ---- */

static jrpc_status write_value_call(jrpc_future *future, const char *method, xmlrpc_value *params)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_write_value_call(&future->payload, method, params, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK)
        return JRPC_OK;
    return answer_failure(&failure, NULL, method, &future->error);
}

jrpc_status jrpc_send_value(jrpc_peer *peer, const char *method, xmlrpc_value *params, jrpc_future_fn callback,
                            void *userdata, jrpc_future **ret_future, jrpc_error *error)
{
    if (!peer || !method || (!callback && !ret_future))
        return jrpc_error_set(error, JRPC_E_INVALID, "no peer, no method, or neither a callback nor a place for the future");
    if (peer->batch)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: a batch takes blocking calls only", method);
    jrpc_future *future = future_new(peer, NULL, method);
    if (!future)
        return error_nomem(error);
    future->callback = callback;
    future->userdata = userdata;
    return future_start(future, write_value_call(future, method, params), ret_future, error);
}

jrpc_status jrpc_finish_value(jrpc_future *future, xmlrpc_value **ret_result, jrpc_error *error)
{
    jrpc_status status;
    *ret_result = NULL;
    if (future->outs.method)
        status = jrpc_error_set(error, JRPC_E_INVALID, "this future is of a call of %s by table, not by value", future->call.what);
    else if ((status = future_wait(future, error)) == JRPC_OK)
        *ret_result = TAKE_PTR(future->result);
    jrpc_future_free(future);
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
        .gets = strcmp(type, "get") == 0,
        .payload = &payload,
        .answer = answer_text,
        .answer_userdata = &text,
        .error = error,
        .timeout_ms = timeout_ms,
    };
    status = outcall_run(session, &call);
    if (status == JRPC_OK)
        *ret_payload_xml = text;
    return status;
}
