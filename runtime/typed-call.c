/* SPDX-License-Identifier: MIT */
/* Calls by table: what the generated stubs do, in three forms over one core: blocking, by future, by callback. */
#include <jrpc/desc.h>

#include "answer.h"
#include "base/error.h"
#include "base/mem.h"
#include "batch.h"
#include "future.h"
#include "outs.h"
#include "peer.h"
#include "wire/envelope.h"

/* ---- blocking ---- */

static jrpc_status write_call(buf *payload, const jrpc_method *method, const void *const *in, jrpc_error *error)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    if (envelope_write_call(payload, method, in, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK)
        return JRPC_OK;
    return answer_failure(&failure, NULL, method->wire_name, error);
}

static jrpc_status run(jrpc_peer *peer, const jrpc_method *method, const buf *payload, void **out,
                       jrpc_error *error)
{
    outs wanted = { method, out };
    outcall call = {
        .to = peer->name->jid,
        .address = peer->name->address,
        .what = method->wire_name,
        .payload = payload,
        .answer = answer_typed,
        .answer_userdata = &wanted,
        .error = error,
        .timeout_ms = peer_timeout(peer, method),
        .idempotent = method->flags & JRPC_METHOD_IDEMPOTENT,
    };
    return outcall_run(peer->session, &call);
}

/* The old values of inout parameters stay until the new ones are there. */
static jrpc_status run_inout(jrpc_peer *peer, const jrpc_method *method, const buf *payload, void *const *out,
                             jrpc_error *error)
{
    AUTO(outs_done) outs values = { NULL, NULL };
    if (outs_new(method, &values) != JRPC_OK)
        return error_nomem(error);
    jrpc_status status = run(peer, method, payload, values.storage, error);
    if (status == JRPC_OK)
        outs_move(&values, out);
    return status;
}

/* A one-way call is done when its stanza is queued (IDL clause 7.4.3.4.1); what becomes of it is for the log. */
static jrpc_status send_oneway(jrpc_peer *peer, const jrpc_method *method, const void *const *in, jrpc_error *error)
{
    jrpc_future *future = future_new(peer, method, method->wire_name);
    if (!future)
        return error_nomem(error);
    future_forget(future);
    return future_start(future, write_call(&future->payload, method, in, &future->error), NULL, error);
}

jrpc_status jrpc_invoke(jrpc_peer *peer, const jrpc_method *method, const void *const *in, void *const *out,
                        jrpc_error *error)
{
    outs_zero(method, out);
    if (peer->batch)
        return batch_collect(peer->batch, method, in, out, error);
    if (method->flags & JRPC_METHOD_ONEWAY)
        return send_oneway(peer, method, in, error);
    AUTO(buf_done) buf payload = BUF_INIT;
    jrpc_status status = write_call(&payload, method, in, error);
    if (status != JRPC_OK)
        return status;
    if (outs_has_inout(method))
        return run_inout(peer, method, &payload, out, error);
    return run(peer, method, &payload, (void **)(uintptr_t)out, error);
}

/* ---- futures ---- */

jrpc_status jrpc_send(jrpc_peer *peer, const jrpc_method *method, const void *const *in, jrpc_future_fn callback,
                      void *userdata, jrpc_future **ret_future, jrpc_error *error)
{
    if (!callback && !ret_future)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: neither a callback nor a place for the future",
                              method->wire_name);
    if (peer->batch)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: a batch takes blocking calls only", method->wire_name);
    jrpc_future *future = future_new(peer, method, method->wire_name);
    if (!future)
        return error_nomem(error);
    future->callback = callback;
    future->userdata = userdata;
    return future_start(future, write_call(&future->payload, method, in, &future->error), ret_future, error);
}

jrpc_status jrpc_finish(jrpc_future *future, const jrpc_method *method, void *const *out, jrpc_error *error)
{
    outs_zero(method, out);
    jrpc_status status;
    if (method != future->outs.method)
        status = jrpc_error_set(error, JRPC_E_INVALID, "this future is of a call of %s%s, not of %s", future->call.what,
                                future->outs.method ? "" : " by value", method->wire_name);
    else if ((status = future_wait(future, error)) == JRPC_OK)
        outs_move(&future->outs, out);
    jrpc_future_free(future);
    return status;
}
