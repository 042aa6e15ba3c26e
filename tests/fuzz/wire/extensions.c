/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: what calls and answers carry beside XEP-0009 (doc/PROTOCOL). The first byte says where the rest stands: 'c',
 * behind the methodCall of a call, or anything else, behind the methodResponse of a declared exception. A call is answered
 * exactly once, is not run when its element cannot be read or its time is over, and one with a key never runs twice; what
 * was read is read again from what is written. The call that has the exception ends as one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/wire_zoo.h"
#include "../fuzz.h"
#include "base/buf.h"
#include "base/mem.h"
#include "service.h"
#include "wire/extension.h"
#include "wire/writer.h"

const char *const fuzz_folders[] = { "fuzz/wire/seeds/extensions", NULL };

static void must(bool truth)
{
    if (!truth)
        abort();
}

static xmpp_stanza_t *parse(const buf *text)
{
    static xmpp_ctx_t *ctx;
    if (!ctx)
        ctx = xmpp_ctx_new(NULL, NULL);
    must(ctx && !buf_failed(text));
    return memchr(text->data, '\0', text->len) ? NULL : xmpp_stanza_new_from_string(ctx, text->data);
}

/* ---- calls ---- */

typedef struct answers {
    unsigned count;
    buf last;
} answers;

static bool count_answer(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    answers *a = userdata;
    if (strcmp(from, SERVICE_CALLEE) != 0 || !memmem(stanza, len, "id='fuzz'", 9))
        return true;
    a->count++;
    buf_reset(&a->last);
    buf_append(&a->last, stanza, len);
    return true;
}

static bool same(const extension *a, const extension *b)
{
    return a->deadline_ms == b->deadline_ms && a->keyed == b->keyed && a->session == b->session &&
           a->number == b->number && a->low == b->low && strcmp(a->again, b->again) == 0 &&
           a->trace.id[0] == b->trace.id[0] && a->trace.id[1] == b->trace.id[1] && a->trace.span == b->trace.span &&
           a->trace.flags == b->trace.flags;
}

static void check_written(const extension *e)
{
    AUTO(buf_done) buf text = BUF_INIT;
    extension back;
    const char *why = NULL;
    writer_lit(&text, "<query xmlns='jabber:iq:rpc'>");
    extension_write(&text, e);
    writer_lit(&text, "</query>");
    xmpp_stanza_t *query = parse(&text);
    must(query && extension_read(query, &back, &why) == EXTENSION_GOOD && same(e, &back));
    xmpp_stanza_release(query);
}

/* What is found in the call, or NONE when it is none. */
static extension_found find(xmpp_stanza_t *iq, extension *ret_extension)
{
    const char *why = NULL;
    xmpp_stanza_t *query = xmpp_stanza_get_child_by_name(iq, "query");
    extension_found found = query ? extension_read(query, ret_extension, &why) : EXTENSION_NONE;
    must(found != EXTENSION_BAD || why);
    if (found == EXTENSION_GOOD)
        check_written(ret_extension);
    return found;
}

/* True: it has run. */
static bool send_once(service *s, const buf *stanza, answers *a)
{
    unsigned pings = s->pings, count = a->count;
    must(service_inject(s, SERVICE_CALLEE, stanza));
    service_run(s);
    must(a->count == count + 1 && s->pings - pings <= 1);
    return s->pings != pings;
}

static void try_call(service *s, const buf *stanza, xmpp_stanza_t *iq)
{
    extension e;
    AUTO(buf_done) buf first = BUF_INIT;
    answers a = { 0, BUF_INIT };
    extension_found found = find(iq, &e);
    loopback_set_filter(s->hub, count_answer, &a);
    bool ran = send_once(s, stanza, &a);
    must(!ran || (found != EXTENSION_BAD && (found == EXTENSION_NONE || e.deadline_ms != 0)));
    buf_append(&first, a.last.data, a.last.len);
    if (found == EXTENSION_GOOD && e.keyed) {
        must(!send_once(s, stanza, &a));
        must(!ran || (first.len == a.last.len && memcmp(first.data, a.last.data, first.len) == 0) ||
             strstr(a.last.data, "unknown-outcome"));
    }
    loopback_set_filter(s->hub, NULL, NULL);
    buf_done(&a.last);
}

static void fuzz_call(service *s, const uint8_t *data, size_t size)
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    buf_append_lit(&stanza, "<iq type='set' id='fuzz' from='" SERVICE_CALLER "' to='" SERVICE_CALLEE "'>"
                            "<query xmlns='jabber:iq:rpc'><methodCall><methodName>ping</methodName></methodCall>");
    buf_append(&stanza, (const char *)data, size);
    buf_append_lit(&stanza, "</query></iq>");
    xmpp_stanza_t *iq = parse(&stanza);
    if (!iq)
        return;
    try_call(s, &stanza, iq);
    xmpp_stanza_release(iq);
}

/* ---- answers ---- */

static jrpc_future *send_zoo(service *s)
{
    zoo animals = { .truth = false };
    uint64_t seed = 1;
    jrpc_future *future = NULL;
    zoo_fill(&zoo_type, NULL, &animals, 0, &seed);
    must(jrpc_send(s->peer, &service_interface.methods[SERVICE_ZOO], (const void *[]){ &animals }, NULL, NULL, &future,
                   NULL) == JRPC_OK);
    jrpc_value_clear(&zoo_type, &animals);
    return future;
}

/* Its members, whatever they are, can be printed and are freed. */
static void look_at(const jrpc_error *error)
{
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    must(stream);
    jrpc_error_print(stream, error);
    must(fclose(stream) == 0 && len > 0);
    free(text);
}

static void finish_zoo(jrpc_future *future, bool well_formed)
{
    zoo animals = { .truth = false };
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = jrpc_finish(future, &service_interface.methods[SERVICE_ZOO], (void *[]){ &animals }, &error);
    must(status != JRPC_OK && status == error.status);
    must(status != JRPC_E_FAULT || well_formed);
    look_at(&error);
    jrpc_error_done(&error);
    jrpc_value_clear(&zoo_type, &animals);
}

static bool answer_zoo(service *s, const char *id, const uint8_t *data, size_t size)
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    buf_printf(&stanza, "<iq type='result' id='%s' from='" SERVICE_CALLEE "' to='" SERVICE_CALLER "'>", id);
    buf_printf(&stanza,
               "<query xmlns='jabber:iq:rpc'><methodResponse><fault><value><struct>"
               "<member><name>faultCode</name><value><i4>%d</i4></value></member>"
               "<member><name>faultString</name><value>no</value></member></struct></value></fault></methodResponse>",
               (int)no_money_exception.code);
    buf_append(&stanza, (const char *)data, size);
    buf_append_lit(&stanza, "</query></iq>");
    return service_inject(s, SERVICE_CALLER, &stanza);
}

static void fuzz_answer(service *s, const uint8_t *data, size_t size)
{
    char id[SERVICE_ID_ROOM] = "";
    loopback_set_filter(s->hub, service_catch_call, id);
    jrpc_future *future = send_zoo(s);
    service_run(s);
    loopback_set_filter(s->hub, NULL, NULL);
    must(*id && !jrpc_future_is_done(future));
    bool well_formed = answer_zoo(s, id, data, size);
    service_run(s);
    if (!well_formed)
        jrpc_future_cancel(future);
    service_run(s);
    must(jrpc_future_is_done(future));
    finish_zoo(future, well_formed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    service *s = service_get();
    if (*data == 'c')
        fuzz_call(s, data + 1, size - 1);
    else
        fuzz_answer(s, data + 1, size - 1);
    service_check(s);
    return 0;
}
