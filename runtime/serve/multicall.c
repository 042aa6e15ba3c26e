/* SPDX-License-Identifier: MIT */
/* Several calls in one request. */
#include "serve/multicall.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "serve/answer.h"
#include "wire/batch.h"
#include "wire/fault.h"
#include "wire/reader.h"

enum { ENTRIES_MAX = 1000, TEXT_MAX = 256 };

/* What the answer has around the results. */
#define FRAME \
    "<query xmlns='" WIRE_NS_RPC "'><methodResponse><params><param>" BATCH_OPEN BATCH_CLOSE \
    "</param></params></methodResponse></query></iq>"

typedef struct entry {
    multicall *all;
    jrpc_call *call;  /* NULL: it was not let in, and ended in the fault: */
    int32_t code;
    const char *text;
} entry;

struct multicall {
    jrpc_call *whole; /* its memory holds this structure, and the texts */
    size_t count;
    size_t next; /* the first that was not started */
    bool running;
    /*
     * Parts of the entry under way that are still to come: the return of the function that started it, and its end, in
     * whatever order and on whatever threads. Who does the last goes on with the next entry: no recursion.
     */
    atomic_uint parts;
    size_t room; /* for the results */
    buf results;
    entry entries[];
};

const buf *multicall_results(const multicall *m)
{
    return &m->results;
}

void multicall_done(multicall *m)
{
    if (!m)
        return;
    for (size_t i = m->next; i < m->count; i++) {
        if (m->entries[i].call)
            incoming_free(m->entries[i].call);
    }
    buf_done(&m->results);
}

/* ---- what came of an entry ---- */

/* A text that is to be kept, or that made the results too large, is cut between two characters. */
static size_t cut_length(const char *text, size_t most)
{
    size_t len = strnlen(text, most);
    while (text[len] && len && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

static size_t room_left(const multicall *m)
{
    size_t kept = (m->count - m->next) * BATCH_FAULT_ROOM; /* for the entries after this one */
    return m->room - kept - m->results.len;
}

static void add_fault(multicall *m, int32_t code, const char *text)
{
    size_t before = m->results.len, left = room_left(m);
    batch_write_fault(&m->results, code, text);
    if (m->results.len - before <= left)
        return;
    char cut[BATCH_FAULT_TEXT + 1];
    snprintf(cut, sizeof cut, "%.*s", (int)cut_length(text, BATCH_FAULT_TEXT), text);
    for (char *at = cut; *at; at++) {
        if (strchr("&<>\r", *at))
            *at = '?'; /* would take more room than there is */
    }
    buf_truncate(&m->results, before);
    batch_write_fault(&m->results, code, cut);
}

static jrpc_status write_result(multicall *m, const call_outcome *outcome, wire_failure *failure)
{
    unsigned depth = m->whole->server->options.limits.max_depth;
    if (outcome->method)
        return batch_write_result(&m->results, outcome->method, outcome->outs, depth, failure);
    return batch_write_value(&m->results, outcome->value, depth, failure);
}

static void add_result(multicall *m, const jrpc_call *call, const call_outcome *outcome)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    size_t before = m->results.len, left = room_left(m);
    if (write_result(m, outcome, &failure) != JRPC_OK) {
        char text[ANSWER_INCIDENT_ROOM];
        answer_bad_result(call, &failure, text);
        add_fault(m, FAULT_INTERNAL, text);
        return;
    }
    size_t len = m->results.len - before;
    if (len <= left)
        return;
    char text[80]; /* short enough not to be cut, whatever the numbers are in practice */
    snprintf(text, sizeof text, "too large: %zu bytes, room for %zu", len, left);
    buf_truncate(&m->results, before);
    add_fault(m, FAULT_RESULT_TOO_LARGE, text);
}

static const char *text_of(const call_outcome *outcome)
{
    return outcome->text ? outcome->text : outcome->kind == OUTCOME_ERROR ? outcome->condition : "fault";
}

/* While the entries are decoded: what came of those that are not even started is kept until their turn. */
static void keep(entry *e, const call_outcome *outcome)
{
    const char *text = text_of(outcome);
    e->code = outcome->kind == OUTCOME_ERROR ? fault_code_of_condition(outcome->condition) : outcome->code;
    e->text = arena_strndup(&e->all->whole->memory, text, cut_length(text, TEXT_MAX));
}

static void advance(multicall *m, bool run_here);

static void finish(const call_outcome *outcome, void *userdata)
{
    entry *e = userdata;
    multicall *m = e->all;
    if (!m->running) {
        keep(e, outcome);
        return;
    }
    if (outcome->kind == OUTCOME_RESULT)
        add_result(m, e->call, outcome);
    else if (outcome->kind == OUTCOME_FAULT)
        add_fault(m, outcome->code, text_of(outcome));
    else
        add_fault(m, fault_code_of_condition(outcome->condition), text_of(outcome));
    if (atomic_fetch_sub(&m->parts, 1) == 1)
        advance(m, false);
}

/* ---- running ---- */

/* run_here: this is a thread that the whole call's handler runs on, and does no more than that. */
static void start(multicall *m, entry *e, bool run_here)
{
    server *s = m->whole->server;
    if (!e->call) {
        add_fault(m, e->code, e->text ? e->text : "out of memory");
        atomic_fetch_sub(&m->parts, 1);
    } else if (atomic_load(&s->stopping)) {
        answer_error(s, &e->call->request, "cancel", "service-unavailable", "not started: this server is going away");
        incoming_free(e->call);
    } else if (atomic_load(&m->whole->cancelled)) {
        answer_fault(s, &e->call->request, FAULT_CANCELLED, "not run: cancelled by its caller");
        incoming_free(e->call);
    } else if (run_here && incoming_is_inline(e->call) == incoming_is_inline(m->whole)) {
        incoming_run_here(e->call);
    } else {
        incoming_submit(e->call);
    }
}

/* Starts entries until one is under way elsewhere. */
static void advance(multicall *m, bool run_here)
{
    while (m->next < m->count) {
        entry *e = &m->entries[m->next++];
        atomic_store(&m->parts, 2);
        start(m, e, run_here);
        if (atomic_fetch_sub(&m->parts, 1) != 1)
            return;
    }
    buf_append_lit(&m->results, BATCH_CLOSE);
    if (buf_failed(&m->results))
        jrpc_call_fail(m->whole, JRPC_E_NOMEM);
    else
        jrpc_call_reply(m->whole, NULL, NULL);
}

jrpc_status multicall_run(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    UNUSED(userdata);
    if (!call->batch)
        return jrpc_call_fault(call, FAULT_INVALID_REQUEST, "only an IQ can ask for several calls at once");
    jrpc_call_defer(call);
    buf_append_lit(&call->batch->results, BATCH_OPEN);
    call->batch->running = true;
    advance(call->batch, true);
    return JRPC_OK;
}

/* ---- decoding ---- */

typedef struct reading {
    wire_decoder *d; /* one for all: they share its limits */
    xmpp_stanza_t *params;
} reading;

static jrpc_status decode_params(jrpc_call *call, void *userdata, wire_failure *failure)
{
    reading *r = userdata;
    jrpc_status status = incoming_decode(call, r->d, r->params);
    if (status != JRPC_OK)
        *failure = r->d->failure;
    return status;
}

static void decode_entry(multicall *m, entry *e, wire_decoder *d, xmpp_stanza_t *value)
{
    server *s = m->whole->server;
    reply_address request = { .id = m->whole->request.id,
                              .from = m->whole->request.from,
                              .trace = m->whole->request.trace,
                              .received = m->whole->request.received,
                              .finish = finish,
                              .finish_userdata = e };
    envelope_call envelope;
    d->depth = 0;
    if (batch_read_entry(d, value, &envelope) != JRPC_OK) {
        answer_bad_request(s, &request, FAULT_INVALID_REQUEST, &d->failure);
    } else if (strcmp(envelope.method, BATCH_METHOD) == 0) {
        answer_fault(s, &request, FAULT_INVALID_REQUEST, BATCH_METHOD " within " BATCH_METHOD);
    } else {
        reading r = { d, envelope.params };
        incoming_ask ask = {
            .request = &request,
            .method = envelope.method,
            .decode = decode_params,
            .params = &r,
            .deadline = m->whole->deadline,
            .trace = m->whole->trace,
        };
        e->call = incoming_prepare(s, &ask);
        if (e->call)
            e->call->is_entry = true;
    }
}

/* How many entries can at least be answered with faults. */
static size_t measure(const jrpc_call *call, size_t *ret_room)
{
    AUTO(buf_done) buf head = BUF_INIT;
    reply_open(&head, "result", &call->request);
    size_t used = head.len + sizeof FRAME, limit = server_max_stanza(call->server);
    *ret_room = limit > used ? limit - used : 0;
    size_t most = *ret_room / BATCH_FAULT_ROOM;
    return most < ENTRIES_MAX ? most : ENTRIES_MAX;
}

jrpc_status multicall_decode(jrpc_call *call, wire_decoder *d, xmpp_stanza_t *params)
{
    xmpp_stanza_t *array = NULL;
    size_t count = 0, room = 0;
    jrpc_status status = batch_open(d, params, &array, &count);
    if (status != JRPC_OK)
        return status;
    size_t most = measure(call, &room);
    if (count > most)
        return failure_set(&d->failure, JRPC_E_TOO_LARGE, "%zu calls at once, the limit is %zu", count, most);
    multicall *m = arena_zalloc(&call->memory, sizeof *m + count * sizeof m->entries[0]);
    if (!m)
        return failure_set(&d->failure, JRPC_E_NOMEM, "out of memory");
    m->whole = call;
    m->count = count;
    m->room = room + strlen(BATCH_OPEN);
    call->batch = m;
    reader_items items = { NULL, NULL };
    for (size_t i = 0; i < count; i++) {
        m->entries[i].all = m;
        decode_entry(m, &m->entries[i], d, reader_next_item(array, &items));
    }
    return JRPC_OK;
}
