/* SPDX-License-Identifier: MIT */
/* Several calls in one request: the caller's side of system.multicall. */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "base/error.h"
#include "base/mem.h"
#include "outs.h"
#include "peer.h"
#include "wire/batch.h"
#include "wire/reader.h"

/* What is around the entries in the stanza: the query, both addresses, the id, our extension. */
enum { AROUND = 1024 };

typedef struct entry {
    const jrpc_method *method; /* NULL: by value */
    char *name;
    void **out;                /* with types: where each out and the result go */
    xmlrpc_value **ret_result; /* without */
    jrpc_error outcome;
} entry;

struct jrpc_batch {
    jrpc_peer peer; /* collects: its batch is this */
    buf calls;      /* the entries as they are sent */
    entry *entries;
    size_t len, cap;
    bool was_run;
};

/* ---- life ---- */

jrpc_status jrpc_batch_new(jrpc_peer *peer, jrpc_batch **ret_batch, jrpc_error *error)
{
    if (!peer || !ret_batch)
        return jrpc_error_set(error, JRPC_E_INVALID, "no peer, or nowhere to put the batch");
    if (peer->batch)
        return jrpc_error_set(error, JRPC_E_INVALID, "the peer of a batch cannot have batches of its own");
    jrpc_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return error_nomem(error);
    batch->peer = (jrpc_peer){ .session = peer->session, .name = peer_name_ref(peer->name), .batch = batch };
    atomic_init(&batch->peer.timeout_ms, atomic_load(&peer->timeout_ms));
    batch->calls = (buf)BUF_INIT;
    *ret_batch = batch;
    return JRPC_OK;
}

static void entry_done(entry *e)
{
    free(e->name);
    free(e->out);
    jrpc_error_done(&e->outcome);
}

void jrpc_batch_free(jrpc_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->len; i++)
        entry_done(&batch->entries[i]);
    free(batch->entries);
    buf_done(&batch->calls);
    peer_name_unref(batch->peer.name);
    free(batch);
}

jrpc_peer *jrpc_batch_peer(jrpc_batch *batch)
{
    return &batch->peer;
}

size_t jrpc_batch_count(const jrpc_batch *batch)
{
    return batch->len;
}

/* ---- collecting ---- */

static bool make_room(jrpc_batch *batch)
{
    if (batch->len < batch->cap)
        return true;
    size_t cap = batch->cap ? batch->cap * 2 : 16;
    entry *entries = realloc(batch->entries, cap * sizeof *entries);
    if (!entries)
        return false;
    batch->entries = entries;
    batch->cap = cap;
    return true;
}

static jrpc_status check_collecting(const jrpc_batch *batch, const char *method, jrpc_error *error)
{
    if (!batch->was_run)
        return JRPC_OK;
    jrpc_error_set(error, JRPC_E_INVALID, "this batch has been run: make another one");
    error_what(error, method);
    return JRPC_E_INVALID;
}

/* Takes the entry over. before: where its text begins. */
static jrpc_status add(jrpc_batch *batch, entry *e, size_t before, jrpc_error *error)
{
    size_t limit = limits_max_stanza(&batch->peer.session->limits);
    jrpc_status status = JRPC_OK;
    if (batch->calls.len + AROUND > limit)
        status = jrpc_error_set(error, JRPC_E_TOO_LARGE,
                                "no room in the batch: it needs %zu bytes, %zu of the stanza's %zu are taken by %zu calls",
                                batch->calls.len - before, before + AROUND, limit, batch->len);
    else if (!e->name || !make_room(batch))
        status = error_nomem(error);
    if (status == JRPC_OK) {
        batch->entries[batch->len++] = *e;
        return JRPC_OK;
    }
    error_what(error, e->name);
    buf_truncate(&batch->calls, before);
    entry_done(e);
    return status;
}

static void **copy_pointers(const jrpc_method *method, void *const *out)
{
    size_t count = method->result ? 1 : 0;
    for (size_t i = 0; i < method->param_count; i++)
        count += (method->params[i].direction & JRPC_OUT) != 0;
    void **copy = calloc(count + 1, sizeof *copy);
    if (copy && count)
        memcpy(copy, out, count * sizeof *copy);
    return copy;
}

jrpc_status batch_collect(jrpc_batch *batch, const jrpc_method *method, const void *const *in, void *const *out,
                          jrpc_error *error)
{
    jrpc_status status = check_collecting(batch, method->wire_name, error);
    if (status != JRPC_OK)
        return status;
    wire_failure failure = WIRE_FAILURE_INIT;
    size_t before = batch->calls.len;
    if (batch_write_call(&batch->calls, method, in, WIRE_DEPTH_DEFAULT, &failure) != JRPC_OK)
        return answer_failure(&failure, NULL, method->wire_name, error);
    entry e = { method, strdup(method->wire_name), copy_pointers(method, out), NULL, JRPC_ERROR_INIT };
    if (!e.out) {
        buf_truncate(&batch->calls, before);
        entry_done(&e);
        return error_nomem(error);
    }
    return add(batch, &e, before, error);
}

jrpc_status batch_collect_value(jrpc_batch *batch, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result,
                                jrpc_error *error)
{
    *ret_result = NULL;
    jrpc_status status = check_collecting(batch, method, error);
    if (status != JRPC_OK)
        return status;
    wire_failure failure = WIRE_FAILURE_INIT;
    size_t before = batch->calls.len;
    if (batch_write_value_call(&batch->calls, method, params, WIRE_DEPTH_DEFAULT, &failure) != JRPC_OK)
        return answer_failure(&failure, NULL, method, error);
    entry e = { NULL, strdup(method), NULL, ret_result, JRPC_ERROR_INIT };
    return add(batch, &e, before, error);
}

/* ---- the answer. Driving thread; the caller waits ---- */

/* inout parameters keep their old values unless the new ones are there. */
static jrpc_status read_inout(wire_decoder *d, const entry *e, const envelope_reply *reply)
{
    AUTO(outs_done) outs values = { NULL, NULL };
    if (outs_new(e->method, &values) != JRPC_OK)
        return failure_set(&d->failure, JRPC_E_NOMEM, "out of memory");
    jrpc_status status = envelope_read_result(d, e->method, reply, values.storage);
    if (status == JRPC_OK)
        outs_move(&values, e->out);
    return status;
}

static jrpc_status read_values(wire_decoder *d, const entry *e, const envelope_reply *reply)
{
    if (!e->method)
        return envelope_read_value_result(d, reply, e->ret_result);
    if (outs_has_inout(e->method))
        return read_inout(d, e, reply);
    return envelope_read_result(d, e->method, reply, e->out);
}

static void read_outcome(wire_decoder *d, const outcall *call, entry *e, xmpp_stanza_t *item)
{
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    d->depth = 0;
    jrpc_status status = batch_read_result(d, item, &reply);
    if (status == JRPC_OK && reply.is_fault)
        answer_read_fault(e->method, &reply, &e->outcome);
    else if (status != JRPC_OK || read_values(d, e, &reply) != JRPC_OK)
        answer_read_badly(&d->failure, call, &e->outcome);
    else
        return;
    error_who(&e->outcome, call->to);
    error_what(&e->outcome, e->name);
}

static jrpc_status answer_batch(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    jrpc_batch *batch = call->answer_userdata;
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_decoder d = answer_decoder();
    xmpp_stanza_t *array = NULL;
    size_t count = 0;
    jrpc_status status = answer_read_reply(iq, &reply, &d.failure);
    if (status == JRPC_OK && reply.is_fault)
        return answer_read_fault(NULL, &reply, error);
    if (status == JRPC_OK)
        status = batch_open_results(&d, &reply, &array, &count);
    if (status == JRPC_OK && count != batch->len)
        status = failure_set(&d.failure, JRPC_E_BAD_REPLY, "%zu results for %zu calls", count, batch->len);
    if (status != JRPC_OK)
        return answer_read_badly(&d.failure, call, error);
    reader_items items = { NULL, NULL };
    for (size_t i = 0; i < count; i++)
        read_outcome(&d, call, &batch->entries[i], reader_next_item(array, &items));
    return JRPC_OK;
}

/* ---- running ---- */

static void copy_error(const jrpc_error *from, jrpc_error *to)
{
    error_set(to, from->domain, from->status, "%s", from->message);
    error_code(to, from->code);
    error_who(to, from->who);
    error_what(to, from->what);
    error_path(to, from->path);
    error_condition(to, from->condition);
}

/* A peer may know the methods and not the batch: what it says of an unknown method would mislead. */
static void explain(jrpc_error *why)
{
    if (why->status != JRPC_E_NO_SUCH_METHOD)
        return;
    AUTO(jrpc_error_done) jrpc_error said = JRPC_ERROR_INIT;
    jrpc_error_move(&said, why);
    error_set(why, said.domain, said.status, "the peer does not take several calls at once, but perhaps one by one (%s)",
              said.message);
    error_code(why, said.code);
    error_who(why, said.who);
    error_what(why, said.what);
    error_condition(why, said.condition);
}

static jrpc_status send(jrpc_batch *batch, const buf *payload, jrpc_error *why)
{
    outcall call = {
        .to = batch->peer.name->jid,
        .address = batch->peer.name->address,
        .what = BATCH_METHOD,
        .payload = payload,
        .answer = answer_batch,
        .answer_userdata = batch,
        .error = why,
        .timeout_ms = peer_timeout(&batch->peer, NULL),
    };
    return outcall_run(batch->peer.session, &call);
}

jrpc_status jrpc_batch_run(jrpc_batch *batch, jrpc_error *error)
{
    if (batch->was_run)
        return jrpc_error_set(error, JRPC_E_INVALID, "this batch has been run: make another one");
    batch->was_run = true;
    if (batch->len == 0)
        return JRPC_OK;
    AUTO(buf_done) buf payload = BUF_INIT;
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    batch_write_request(&payload, &batch->calls);
    jrpc_status status = buf_failed(&payload) ? error_nomem(&why) : send(batch, &payload, &why);
    if (status == JRPC_OK)
        return JRPC_OK;
    explain(&why);
    for (size_t i = 0; i < batch->len; i++)
        copy_error(&why, &batch->entries[i].outcome);
    jrpc_error_move(error, &why);
    return status;
}

const jrpc_error *jrpc_batch_outcome(const jrpc_batch *batch, size_t index)
{
    static const jrpc_error none = { .status = JRPC_E_INVALID, .domain = JRPC_ERROR_LOCAL,
                                     .message = "there is no such call in the batch, or it has not been run" };
    return batch->was_run && index < batch->len ? &batch->entries[index].outcome : &none;
}
