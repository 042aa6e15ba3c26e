/* SPDX-License-Identifier: MIT */
/* Limits at a server: who is over one is told so, and others are served. No limit here is lifted by time passing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "serve/incoming.h"
#include "serve_fixture.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static serve_fixture *begin(jrpc_limit caller, jrpc_limit domain)
{
    const server_options options = { .workers = 2,
                                     .max_queued = 16,
                                     .max_stanza = 65536,
                                     .limits = WIRE_LIMITS_DEFAULT,
                                     .caller_limit = caller,
                                     .domain_limit = domain };
    serve_fixture *f = serve_new(&options);
    assert_int_equal(guard_allow(&f->server->guard, "*@localhost", NULL), JRPC_OK);
    assert_int_equal(guard_allow(&f->server->guard, "*@elsewhere", NULL), JRPC_OK);
    return f;
}

static void ask_as(serve_fixture *f, const char *caller, const char *method)
{
    AUTO(buf_done) buf iq = BUF_INIT;
    buf_printf(&iq,
               "<iq type='set' id='1' from='%s' to='peer-b@localhost/rpc'><query xmlns='jabber:iq:rpc'><methodCall>"
               "<methodName>%s</methodName></methodCall></query></iq>",
               caller, method);
    serve_ask(f, iq.data);
}

/* The next answer goes to this caller, and has this in it. */
static void expect_for(serve_fixture *f, const char *caller, const char *part)
{
    autofree char *answer = serve_answer(f);
    AUTO(buf_done) buf to = BUF_INIT;
    buf_printf(&to, " to='%s'", caller);
    if (!strstr(answer, to.data) || !strstr(answer, part))
        fail_msg("expected%s and %s in %s", to.data, part, answer);
}

static void call_as(serve_fixture *f, const char *caller, const char *method, const char *part)
{
    ask_as(f, caller, method);
    expect_for(f, caller, part);
}

#define DONE "<boolean>1</boolean>"
#define REFUSED(text) \
    "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" \
    "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>" text

static void a_caller_over_its_rate_is_told_so(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ .calls = 2, .period_ms = DAY_MS }, (jrpc_limit){ 0 });
    call_as(f, "peer-a@localhost/x", "Nothing", DONE);
    call_as(f, "peer-a@localhost/y", "Who", "peer-a@localhost/y Who");
    call_as(f, "peer-a@localhost/z", "Nothing", REFUSED("the limit is 2 calls a day for peer-a@localhost: try again in "));
    call_as(f, "peer-a@localhost/z", "NoSuchMethod", REFUSED("the limit is 2 calls"));
    call_as(f, "peer-c@localhost/x", "NoSuchMethod", "no such method");
    call_as(f, "peer-c@localhost/x", "Nothing", DONE);
    call_as(f, "peer-c@localhost/x", "Nothing", REFUSED("the limit is 2 calls"));
    call_as(f, "peer-d@elsewhere/x", "Nothing", DONE);
    assert_true(serve_logged(f, "Nothing refused to peer-a@localhost/z: the limit is 2 calls a day"));
    assert_false(serve_logged(f, "NoSuchMethod refused to peer-a")); /* once a minute */
    serve_expect_nothing(f);
    serve_free(f);
}

static void accounts_of_a_domain_share_its_rate(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ 0 }, (jrpc_limit){ .calls = 2, .period_ms = DAY_MS });
    call_as(f, "u1@elsewhere/x", "Nothing", DONE);
    call_as(f, "u2@elsewhere/x", "Nothing", DONE);
    call_as(f, "u3@elsewhere/x", "Nothing", REFUSED("the limit is 2 calls a day for all accounts of elsewhere"));
    call_as(f, "peer-a@localhost/x", "Nothing", DONE);
    serve_free(f);
}

static void a_method_has_a_rate_of_its_own(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ 0 }, (jrpc_limit){ 0 });
    const jrpc_limit limit = { .calls = 1, .period_ms = DAY_MS };
    assert_int_equal(quota_limit_method(&f->server->quota, "Nothing", &limit, NULL), JRPC_OK);
    call_as(f, "peer-a@localhost/x", "Nothing", DONE);
    call_as(f, "u1@elsewhere/x", "Nothing", REFUSED("the limit is 1 call a day for calls of Nothing"));
    call_as(f, "u1@elsewhere/x", "Who", "u1@elsewhere/x Who");
    serve_free(f);
}

static void who_may_not_call_has_no_bucket(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ .calls = 1 }, (jrpc_limit){ .calls = 1 });
    for (int i = 0; i < 10; i++)
        call_as(f, "stranger@nowhere/x", "Nothing", "<forbidden ");
    assert_int_equal(f->server->quota.callers.entries.len + f->server->quota.domains.entries.len, 0);
    serve_free(f);
}

/* ---- at once ---- */

static void a_caller_has_so_many_at_once(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ .at_once = 1 }, (jrpc_limit){ 0 });
    ask_as(f, "peer-a@localhost/x", "Wait");
    serve_wait_waiting(f, 1);
    call_as(f, "peer-a@localhost/y", "Nothing", REFUSED("the limit is 1 call at once for peer-a@localhost<"));
    call_as(f, "peer-a@localhost/y", "Who", REFUSED("the limit is 1 call at once")); /* inline */
    call_as(f, "peer-c@localhost/x", "Nothing", DONE);
    serve_open_gate(f);
    expect_for(f, "peer-a@localhost/x", "<i4>1</i4>");
    server_stop(f->server); /* the worker is done with it for certain */
    assert_int_equal(f->server->quota.callers.entries.len, 2);
    assert_true(f->server->quota.callers.oldest != f->server->quota.callers.newest); /* nobody refers to them any more */
    serve_free(f);
}

/* Who waits for each answer has one at once, and never two: however soon the next call comes. */
static void one_after_the_other_is_one_at_once(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ .at_once = 1 }, (jrpc_limit){ 0 });
    for (int i = 0; i < 120; i++)
        call_as(f, "peer-a@localhost/x", "Nothing", DONE);
    serve_free(f);
}

static jrpc_call *deferred;

static jrpc_status defer(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    UNUSED(userdata);
    jrpc_call_defer(call);
    deferred = call;
    return JRPC_OK;
}

/* One that is answered later is in progress until then. */
static void deferred_calls_count(void **state)
{
    UNUSED(state);
    const server_options options = { .inline_handlers = true, .max_queued = 16, .max_stanza = 65536,
                                     .limits = WIRE_LIMITS_DEFAULT, .caller_limit = { .at_once = 1 } };
    serve_fixture *f = serve_new(&options);
    assert_int_equal(registry_add_value(&f->server->registry, "Defer", defer, NULL, NULL, NULL), JRPC_OK);
    ask_as(f, "peer-a@localhost/x", "Defer");
    call_as(f, "peer-a@localhost/x", "Nothing", REFUSED("the limit is 1 call at once"));
    jrpc_call_fail(deferred, JRPC_E_BUSY);
    expect_for(f, "peer-a@localhost/x", "the method is busy");
    call_as(f, "peer-a@localhost/x", "Nothing", DONE);
    ask_as(f, "peer-a@localhost/x", "Defer");
    server_stop(f->server);
    expect_for(f, "peer-a@localhost/x", "service-unavailable");
    serve_free(f);
    jrpc_call_fail(deferred, JRPC_E_BUSY); /* its server is gone, with its books */
}

/* ---- multicall ---- */

#define ENTRY(name) \
    "<value><struct><member><name>methodName</name><value>" name "</value></member>" \
    "<member><name>params</name><value><array><data/></array></value></member></struct></value>"

static unsigned count(const char *text, const char *part)
{
    unsigned found = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        found++;
    return found;
}

/* Each entry is a call like another: RULES 4.2, case 13. */
static void entries_of_a_multicall_count(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ .calls = 3, .period_ms = DAY_MS, .at_once = 1 }, (jrpc_limit){ 0 });
    serve_call(f, "1", "system.multicall",
               "<param><value><array><data>" ENTRY("Nothing") ENTRY("Nothing") ENTRY("Nothing") ENTRY("Nothing")
               "</data></array></value></param>");
    autofree char *answer = serve_answer(f);
    assert_int_equal(count(answer, DONE), 2); /* and one for the whole */
    assert_int_equal(count(answer, "the limit is 3 calls a day for peer-a@localhost"), 2);
    serve_free(f);
}

/* It is no way around the limit of a method either. */
static void entries_count_for_their_method(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ .at_once = 1 }, (jrpc_limit){ 0 });
    const jrpc_limit one = { .at_once = 1 };
    assert_int_equal(quota_limit_method(&f->server->quota, "Wait", &one, NULL), JRPC_OK);
    ask_as(f, "peer-c@localhost/x", "Wait");
    serve_wait_waiting(f, 1);
    serve_call(f, "1", "system.multicall",
               "<param><value><array><data>" ENTRY("Wait") ENTRY("Nothing") "</data></array></value></param>");
    autofree char *answer = serve_answer(f);
    assert_int_equal(count(answer, "the limit is 1 call at once for calls of Wait"), 1);
    assert_int_equal(count(answer, DONE), 1);
    serve_free(f);
}

/* ---- the queue ---- */

static void one_caller_cannot_fill_the_queue(void **state)
{
    UNUSED(state);
    serve_fixture *f = begin((jrpc_limit){ 0 }, (jrpc_limit){ 0 });
    ask_as(f, "peer-a@localhost/x", "Wait");
    ask_as(f, "peer-a@localhost/x", "Wait");
    serve_wait_waiting(f, 2); /* both workers are busy */
    for (int i = 0; i < 8; i++)
        ask_as(f, i % 2 ? "peer-a@localhost/x" : "peer-a@localhost/y", "Nothing");
    for (int i = 0; i < 20; i++)
        call_as(f, "peer-a@localhost/x", "Nothing",
                REFUSED("too many of your calls are waiting: the limit is the room left for others, of 16"));
    for (int i = 0; i < 4; i++)
        ask_as(f, "peer-c@localhost/x", "Nothing");
    call_as(f, "peer-c@localhost/x", "Nothing", REFUSED("too many of your calls"));
    ask_as(f, "u1@elsewhere/x", "Nothing");
    serve_open_gate(f);
    server_stop(f->server);
    assert_int_equal(f->answered - f->taken, 2 + 8 + 4 + 1);
    serve_free(f);
}

static void queued_bytes_are_bounded(void **state)
{
    UNUSED(state);
    const server_options options = { .workers = 1, .max_queued = 1000, .max_queued_bytes = 100000, .max_stanza = 65536,
                                     .limits = WIRE_LIMITS_DEFAULT };
    serve_fixture *f = serve_new(&options);
    serve_call(f, "1", "Wait", "");
    serve_wait_waiting(f, 1);
    AUTO(buf_done) buf params = BUF_INIT;
    buf_append_lit(&params, "<param><value>");
    for (int i = 0; i < 10000; i++)
        buf_append_char(&params, 'x');
    buf_append_lit(&params, "</value></param>");
    size_t accepted = 0;
    while (accepted < 100 && f->answered == f->taken) {
        serve_call(f, "2", "Rot13", params.data);
        accepted++;
    }
    expect_for(f, "peer-a@localhost/x",
               REFUSED("the calls that are waiting are too large: the limit is 100000 bytes, half of it for one caller"));
    assert_in_range(accepted - 1, 4, 6); /* some bytes more than the text */
    serve_open_gate(f);
    server_stop(f->server);
    assert_int_equal(f->answered - f->taken, accepted);
    serve_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_over_its_rate_is_told_so),
        cmocka_unit_test(accounts_of_a_domain_share_its_rate),
        cmocka_unit_test(a_method_has_a_rate_of_its_own),
        cmocka_unit_test(who_may_not_call_has_no_bucket),
        cmocka_unit_test(a_caller_has_so_many_at_once),
        cmocka_unit_test(one_after_the_other_is_one_at_once),
        cmocka_unit_test(deferred_calls_count),
        cmocka_unit_test(entries_of_a_multicall_count),
        cmocka_unit_test(entries_count_for_their_method),
        cmocka_unit_test(one_caller_cannot_fill_the_queue),
        cmocka_unit_test(queued_bytes_are_bounded),
    };
    return cmocka_run_group_tests_name("serve: limits", tests, NULL, NULL);
}
