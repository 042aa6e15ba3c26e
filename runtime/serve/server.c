/* SPDX-License-Identifier: MIT */
/* Server: what to do with an IQ that asks. */
#include "serve/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "observe/ledger.h"
#include "serve/access.h"
#include "serve/answer.h"
#include "serve/deferral.h"
#include "serve/incoming.h"
#include "serve/system.h"
#include "wire/envelope.h"

#define NS_PING "urn:xmpp:ping"

jrpc_status server_new(const server_options *options, server **ret_server, jrpc_error *error)
{
    server *s = calloc(1, sizeof *s);
    if (!s)
        return error_nomem(error);
    s->options = *options;
    underway_init(&s->underway);
    oversize_init(&s->oversize);
    s->replay = replay_new(&(replay_limits)REPLAY_LIMITS_DEFAULT);
    atomic_init(&s->max_stanza, options->max_stanza);
    inline_queue_init(&s->inline_queue, options->max_queued, options->wake, options->userdata);
    registry_init(&s->registry);
    jrpc_status status = guard_init(&s->guard);
    if (quota_init(&s->quota, &options->caller_limit, &options->domain_limit,
                   options->limit_entries ? options->limit_entries : QUOTA_ENTRIES_MOST) != JRPC_OK)
        status = JRPC_E_NOMEM;
    if (status == JRPC_OK)
        status = worker_pool_new(options->workers, options->max_queued, incoming_run, s, &s->pool);
    if (status == JRPC_OK && !s->replay)
        status = JRPC_E_NOMEM;
    if (status == JRPC_OK && options->max_queued_bytes)
        worker_pool_limit_bytes(s->pool, options->max_queued_bytes);
    if (status != JRPC_OK)
        error_nomem(error);
    else
        status = system_register(s, error);
    if (status != JRPC_OK) {
        server_free(s);
        return status;
    }
    *ret_server = s;
    return JRPC_OK;
}

void server_free(server *s)
{
    if (!s)
        return;
    worker_pool_free(s->pool);
    for (worker_job *job; (job = inline_queue_take(&s->inline_queue));)
        incoming_drop((jrpc_call *)job);
    deferral_abandon_all(s);
    inline_queue_done(&s->inline_queue);
    replay_free(s->replay);
    underway_done(&s->underway);
    oversize_done(&s->oversize);
    registry_done(&s->registry);
    guard_done(&s->guard);
    quota_done(&s->quota);
    server_extra *extra = atomic_load(&s->extra);
    if (extra)
        extra->free(extra);
    free(s);
}

void server_set_max_stanza(server *s, size_t max_stanza)
{
    atomic_store_explicit(&s->max_stanza, max_stanza, memory_order_relaxed);
}

bool server_extend(server *s, server_extra *extra)
{
    server_extra *none = NULL;
    return atomic_compare_exchange_strong(&s->extra, &none, extra);
}

void server_log_call(server *s, jrpc_log_level level, const reply_address *request, const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    if (request->id)
        buf_printf(&text, " (call %s", request->id);
    if (request->trace && extension_trace_is_set(request->trace))
        buf_printf(&text, "%strace %016" PRIx64 "%016" PRIx64, request->id ? ", " : " (", request->trace->id[0],
                   request->trace->id[1]);
    if (request->id || (request->trace && extension_trace_is_set(request->trace)))
        buf_append_char(&text, ')');
    s->options.log(s->options.userdata, level, "%s", buf_failed(&text) ? format : text.data);
}

void server_send(server *s, const reply_address *request, const buf *stanza)
{
    /* A stanza over the limit would have the whole stream closed by our server; a peer can bring that about by its id. */
    size_t limit = server_max_stanza(s);
    if (!buf_failed(stanza) && stanza->len > limit)
        server_log_call(s, JRPC_LOG_WARNING, request, "an answer of %zu bytes was not sent: larger than the limit, %zu",
                        stanza->len, limit);
    else if (buf_failed(stanza) || !s->options.send(s->options.userdata, stanza->data, stanza->len))
        server_log_call(s, JRPC_LOG_WARNING, request, "an answer was lost: no memory, no room or no stream");
}

static void refuse(server *s, const reply_address *request, const char *type, const char *condition, const char *text)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_error(&out, request, type, condition, text);
    server_send(s, request, &out);
}

/* XEP-0128: who has sent calls with keys learns by the epoch whether this is the server that has seen them. */
static void write_form(const server *s, buf *out)
{
    buf_append_lit(out, "<x xmlns='jabber:x:data' type='result'>"
                        "<field var='FORM_TYPE' type='hidden'><value>" WIRE_NS_EXTENSION "</value></field>"
                        "<field var='epoch'><value>");
    buf_append_str(out, replay_epoch(s->replay));
    buf_append_lit(out, "</value></field></x>");
}

/* XEP-0030 section 3; XEP-0009 section 4 asks for this identity and feature. Answered to everyone. */
static void answer_disco_info(server *s, const reply_address *request, xmpp_stanza_t *query)
{
    if (xmpp_stanza_get_attribute(query, "node")) {
        refuse(s, request, "cancel", "item-not-found", NULL);
        return;
    }
    const server_extra *extra = atomic_load(&s->extra);
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "result", request);
    buf_append_lit(&out, "<query xmlns='" XMPP_NS_DISCO_INFO "'>"
                         "<identity category='automation' type='rpc' name='jabber-rpc'/>"
                         "<feature var='" XMPP_NS_DISCO_INFO "'/>"
                         "<feature var='" WIRE_NS_RPC "'/>"
                         "<feature var='" WIRE_NS_EXTENSION "'/>"
                         "<feature var='jabber:iq:version'/>"
                         "<feature var='" NS_PING "'/>");
    if (extra)
        buf_printf(&out, "<feature var='%s'/>", extra->feature);
    write_form(s, &out);
    buf_append_lit(&out, "</query>");
    reply_close(&out);
    server_send(s, request, &out);
}

static void answer_ping(server *s, const reply_address *request)
{
    AUTO(buf_done) buf out = BUF_INIT;
    reply_open(&out, "result", request);
    reply_close(&out);
    server_send(s, request, &out);
}

void server_note(server *s, const reply_address *request, jrpc_status status, int32_t code)
{
    if (!s->options.note)
        return;
    /* A caller is named once it has been let in and asks for what there is: others could fill the books with names. */
    const ledger_entry entry = { .side = JRPC_SIDE_CALLEE,
                                 .method = request->method,
                                 .peer = request->method ? request->from : NULL,
                                 .id = request->id,
                                 .trace = request->trace ? request->trace->id : NULL,
                                 .status = status,
                                 .code = code,
                                 .took = request->received ? clock_now() - request->received : -1 };
    s->options.note(s->options.userdata, &entry);
}

bool server_knows(server *s, const char *sender)
{
    AUTO(jid_done) jid who;
    access_read_caller(sender, &who);
    return guard_knows(&s->guard, &who);
}

/* The limit may have become smaller since: see serve/oversize.h. */
static void send_again(server *s, const reply_address *request, const buf *stanza)
{
    if (!buf_failed(stanza) && stanza->len > server_max_stanza(s)) {
        answer_too_large(s, request, stanza->len);
        return;
    }
    oversize_note(&s->oversize, request, stanza->len, clock_now());
    server_send(s, request, stanza);
}

void server_answer_oversized(server *s)
{
    oversize_answer answer;
    while (oversize_take_lost(&s->oversize, clock_now(), &answer)) {
        const reply_address request = { .id = answer.id, .from = answer.from, .to = answer.to };
        answer_too_large(s, &request, answer.len);
        oversize_answer_done(&answer);
    }
}

/*
 * A call that this server has started already, and that comes again, gets its one answer whatever has changed since: to
 * say no to it now would be to say that it has not run.
 */
static bool answer_again(server *s, const reply_address *request, const extension *extra)
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    switch (replay_find(s->replay, extra, request, &stanza)) {
    case REPLAY_NONE:
        return false;
    case REPLAY_RUNNING:
        break;
    case REPLAY_ANSWERED:
        send_again(s, request, &stanza);
        break;
    case REPLAY_LOST:
        answer_unknown_outcome(s, request, "the call ran, but its answer could not be kept");
        break;
    }
    return true;
}

/*
 * Who may call nothing comes first: a stranger learns neither which methods there are nor what is wrong with its request
 * (XEP-0009 section 5).
 */
static void answer_rpc(server *s, reply_address *request, const char *type, xmpp_stanza_t *query)
{
    extension extra;
    const char *why = NULL;
    extension_found found = extension_read(query, &extra, &why);
    request->trace = found == EXTENSION_GOOD ? &extra.trace : NULL;
    if (found == EXTENSION_GOOD && extra.keyed && strcmp(type, "set") == 0 && answer_again(s, request, &extra))
        return;
    AUTO(jid_done) jid who;
    access_read_caller(request->from, &who);
    if (!access_admits(s, &who, request)) {
        refuse(s, request, "auth", "forbidden", NULL);
        server_note(s, request, JRPC_E_REFUSED, 0);
    } else if (strcmp(type, "set") != 0) {
        refuse(s, request, "modify", "bad-request", "a method call is an IQ of type set");
    } else if (found == EXTENSION_BAD) {
        refuse(s, request, "modify", "bad-request", why);
    } else if (server_accepts(s, request)) {
        if (found == EXTENSION_GOOD && s->options.greet)
            s->options.greet(s->options.userdata, request);
        incoming_start(s, request, &who, found == EXTENSION_GOOD ? &extra : NULL, query);
    }
}

/* RFC 6120 section 8.2.3: exactly one child element. */
static xmpp_stanza_t *only_child(xmpp_stanza_t *iq)
{
    xmpp_stanza_t *found = NULL;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(iq); child; child = xmpp_stanza_get_next(child)) {
        if (!xmpp_stanza_is_tag(child))
            continue;
        if (found)
            return NULL;
        found = child;
    }
    return found;
}

static bool is(const char *name, const char *ns, const char *wanted_name, const char *wanted_ns)
{
    return strcmp(name, wanted_name) == 0 && strcmp(ns, wanted_ns) == 0;
}

void server_handle_iq(server *s, xmpp_stanza_t *iq)
{
    reply_address request = { .id = xmpp_stanza_get_id(iq), .from = xmpp_stanza_get_from(iq), .to = xmpp_stanza_get_to(iq), .received = clock_now() };
    const char *type = xmpp_stanza_get_type(iq);
    xmpp_stanza_t *child = only_child(iq);
    if (!child || !request.id) {
        refuse(s, &request, "modify", "bad-request", child ? "an IQ needs an id" : "an IQ has exactly one child");
        return;
    }
    const char *name = xmpp_stanza_get_name(child);
    const char *ns = xmpp_stanza_get_ns(child);
    if (!ns)
        ns = "";
    bool get = strcmp(type, "get") == 0;
    server_extra *extra = atomic_load(&s->extra);
    if (is(name, ns, "query", WIRE_NS_RPC))
        answer_rpc(s, &request, type, child);
    else if (extra && extra->take(extra, &request, type, child))
        return;
    else if (get && is(name, ns, "query", XMPP_NS_DISCO_INFO))
        answer_disco_info(s, &request, child);
    else if (get && is(name, ns, "ping", NS_PING))
        answer_ping(s, &request);
    else
        refuse(s, &request, "cancel", "service-unavailable", NULL);
}

void server_run_inline(server *s)
{
    for (worker_job *job; (job = inline_queue_take(&s->inline_queue));)
        incoming_run(job, s);
}

bool server_has_inline(const server *s)
{
    return inline_queue_len(&s->inline_queue) > 0;
}

void server_drain(server *s)
{
    atomic_store(&s->draining, true);
}

size_t server_accepted(const server *s)
{
    return atomic_load(&s->accepted);
}

void server_leave(server *s)
{
    if (atomic_fetch_sub(&s->accepted, 1) == 1 && atomic_load(&s->draining) && s->options.drained)
        s->options.drained(s->options.userdata);
}

/* Another server of the same service may be there already, or this one will be back: it is worth asking again. */
bool server_accepts(server *s, const reply_address *request)
{
    if (!atomic_load(&s->draining))
        return true;
    atomic_fetch_add(&s->turned_away, 1);
    answer_error(s, request, "wait", "recipient-unavailable", "this server is shutting down");
    return false;
}

void server_stop(server *s)
{
    server_drain(s);
    atomic_store(&s->stopping, true);
    worker_pool_stop(s->pool);
    deferral_abandon_all(s);
}
