/* SPDX-License-Identifier: MIT */
/* How a call can end: each way has its own status, says who, what and why, and comes in time. */
#include "pair.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jrpc/xmlrpc.h>

#include "base/clock.h"

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

static void free_peer(jrpc_peer **peer)
{
    jrpc_peer_free(*peer);
}

#define AUTO_PEER AUTO(free_peer) jrpc_peer

static void check_text(const char *text, const char *part)
{
    assert_non_null(text);
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

/* ---- answers ---- */

static void a_call_is_answered(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 2, 3, &sum, &error), JRPC_OK);
    assert_int_equal(sum, 5);
    assert_int_equal(pair_add(p->to_a, -2, -3, &sum, &error), JRPC_OK);
    assert_int_equal(sum, -5);
    char *text = NULL;
    assert_int_equal(pair_text(p->to_b, "<&>'\" \xC3\xA9 \t\n]]>", &text, &error), JRPC_OK);
    assert_string_equal(text, "<&>'\" \xC3\xA9 \t\n]]>");
    jrpc_free(text);
    assert_int_equal(error.status, JRPC_OK);
    assert_string_equal(jrpc_session_jid(p->a), PAIR_A);
    assert_string_equal(jrpc_peer_jid(p->to_b), PAIR_B);
    pair_close(p);
}

static void a_session_can_call_itself(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_PEER *self = NULL;
    int32_t sum = 0;
    assert_int_equal(jrpc_peer_new(p->a, PAIR_A, &self, NULL), JRPC_OK);
    assert_int_equal(pair_add(self, 20, 22, &sum, NULL), JRPC_OK);
    assert_int_equal(sum, 42);
    pair_close(p);
}

static void values_go_without_interface(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(ii)", 40, 2), *result = NULL;
    assert_int_equal(jrpc_call_value(p->to_b, "Add", params, &result, &error), JRPC_OK);
    int sum = 0;
    xmlrpc_read_int(&env, result, &sum);
    assert_int_equal(sum, 42);
    xmlrpc_DECREF(result);
    xmlrpc_DECREF(params);
    params = xmlrpc_build_value(&env, "(ss)", "x", "y");
    assert_int_equal(jrpc_call_value(p->to_b, "Add", params, &result, &error), JRPC_E_FAULT);
    assert_int_equal(error.domain, JRPC_ERROR_FAULT);
    assert_int_equal(error.code, -32602);
    check_text(error.message, "params[0]: expected long, got string");
    xmlrpc_DECREF(params);
    assert_int_equal(jrpc_call_value(p->to_b, "Add", NULL, &result, &error), JRPC_E_FAULT);
    check_text(error.message, "expected 2 parameters, got 0");
    xmlrpc_env_clean(&env);
    pair_close(p);
}

static void any_iq_can_be_sent(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    char *text = NULL;
    assert_int_equal(
        jrpc_iq_send_and_wait(p->a, PAIR_B, "get", "<ping xmlns='urn:xmpp:ping'/>", 0, &text, &error),
        JRPC_OK);
    assert_string_equal(text, "");
    jrpc_free(text);
    static const char disco[] = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    assert_int_equal(jrpc_iq_send_and_wait(p->a, PAIR_B, "get", disco, 0, &text, &error), JRPC_OK);
    check_text(text, "jabber:iq:rpc");
    jrpc_free(text);
    assert_int_equal(jrpc_iq_send_and_wait(p->a, PAIR_B, "set", "<x xmlns='urn:x'/>", 0, &text, &error),
                     JRPC_E_UNAVAILABLE);
    assert_string_equal(error.condition, "service-unavailable");
    /* One's own server answers from the domain, the bare JID or nowhere. */
    assert_int_equal(jrpc_iq_send_and_wait(p->a, NULL, "get", "<x xmlns='urn:x'/>", 5000, &text, &error),
                     JRPC_E_UNAVAILABLE);
    assert_int_equal(jrpc_iq_send_and_wait(p->a, PAIR_B, "result", "<x/>", 0, &text, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_iq_send_and_wait(p->a, "@", "get", "<x/>", 0, &text, &error), JRPC_E_INVALID);
    pair_close(p);
}

/* ---- refusals ---- */

static void nobody_is_there(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    static const char *const nobody[] = { "nobody@localhost/rpc", "peer-b@localhost/other",
                                          "peer-b@localhost", "unknown.example" };
    for (size_t i = 0; i < COUNT_OF(nobody); i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        AUTO_PEER *peer = NULL;
        int32_t sum = 99;
        int64_t started = clock_now();
        assert_int_equal(jrpc_peer_new(p->a, nobody[i], &peer, NULL), JRPC_OK);
        assert_int_equal(pair_add(peer, 1, 2, &sum, &error), JRPC_E_UNAVAILABLE);
        assert_true(pair_since(started) < 5000); /* at once, not at the deadline */
        assert_int_equal(error.domain, JRPC_ERROR_TRANSPORT);
        assert_string_equal(error.condition, "service-unavailable");
        assert_string_equal(error.who, nobody[i]);
        assert_string_equal(error.what, "Add");
        assert_int_equal(sum, 0);
    }
    pair_close(p);
}

static void the_method_is_missing(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(pair_missing(p->to_b, &error), JRPC_E_NO_SUCH_METHOD);
    assert_int_equal(error.domain, JRPC_ERROR_FAULT);
    assert_int_equal(error.code, -32601);
    assert_string_equal(error.who, PAIR_B);
    assert_string_equal(error.what, "Missing");
    pair_close(p);
}

static void the_caller_is_refused(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session *stranger = NULL;
    AUTO_PEER *to_b = NULL;
    int32_t sum;
    assert_int_equal(pair_session(p, "peer-a@elsewhere/rpc", NULL, &stranger, &error), JRPC_OK);
    assert_int_equal(jrpc_peer_new(stranger, PAIR_B, &to_b, &error), JRPC_OK);
    assert_int_equal(pair_add(to_b, 1, 2, &sum, &error), JRPC_E_REFUSED);
    assert_int_equal(error.domain, JRPC_ERROR_TRANSPORT);
    assert_string_equal(error.condition, "forbidden");
    assert_string_equal(error.who, PAIR_B);
    assert_int_equal(pair_missing(to_b, &error), JRPC_E_REFUSED); /* not even that it does not exist */
    assert_int_equal(jrpc_session_allow(p->b, "peer-a@elsewhere/rpc", &error), JRPC_OK);
    assert_int_equal(pair_add(to_b, 1, 2, &sum, &error), JRPC_OK);
    jrpc_session_close(stranger);
    pair_close(p);
}

static void *call_slow(void *peer)
{
    return (void *)(intptr_t)pair_slow(peer, NULL);
}

static jrpc_status join_status(pthread_t thread)
{
    void *result = NULL;
    assert_int_equal(pthread_join(thread, &result), 0);
    return (jrpc_status)(intptr_t)result;
}

static void the_peer_is_busy(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.workers = 1;
    options.max_queued = 1;
    pair *p = pair_open(&options);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    pthread_t running, queued;
    int32_t status;
    assert_int_equal(pthread_create(&running, NULL, call_slow, p->to_b), 0);
    pair_wait_waiting(p, 1);
    assert_int_equal(pthread_create(&queued, NULL, call_slow, p->to_b), 0);
    pair_wait_pending(p->a, 2);
    assert_int_equal(pair_inline(p->to_b, &status, &error),
                     JRPC_OK); /* comes after it: so it is in the queue */
    assert_int_equal(pair_slow(p->to_b, &error), JRPC_E_BUSY);
    assert_string_equal(error.condition, "resource-constraint");
    assert_string_equal(error.who, PAIR_B);
    pair_open_gate(p);
    assert_int_equal(join_status(running), JRPC_OK);
    assert_int_equal(join_status(queued), JRPC_OK);
    pair_close(p);
}

static void too_many_calls_are_in_flight(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_pending = 2;
    pair *p = pair_open(&options);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    pthread_t threads[2];
    int32_t sum;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_slow, p->to_b), 0);
    pair_wait_waiting(p, 2);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_E_BUSY);
    assert_int_equal(error.domain, JRPC_ERROR_LOCAL);
    pair_open_gate(p);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(join_status(threads[i]), JRPC_OK);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_OK);
    pair_close(p);
}

/* ---- faults ---- */

static void a_fault_comes_back(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(pair_fault(p->to_b, &error), JRPC_E_FAULT);
    assert_int_equal(error.domain, JRPC_ERROR_FAULT);
    assert_int_equal(error.code, 7);
    assert_string_equal(error.message, "no such file: x");
    assert_string_equal(error.who, PAIR_B);
    assert_string_equal(error.what, "Fault");
    assert_null(error.exception);
    assert_null(jrpc_exception_of(&error, &pair_broken_exception));
    pair_close(p);
}

static void an_exception_comes_back_with_its_members(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    for (int32_t i = 0; i < 3; i++) {
        assert_int_equal(pair_break(p->to_b, i, &error), JRPC_E_FAULT);
        assert_int_equal(error.domain, JRPC_ERROR_APP);
        assert_int_equal(error.code, 42);
        assert_string_equal(error.message, "Pair::Broken");
        assert_string_equal(error.who, PAIR_B);
        const pair_broken *broken = jrpc_exception_of(&error, &pair_broken_exception);
        assert_non_null(broken);
        assert_int_equal(broken->number, i);
        assert_string_equal(broken->text, "broken <here>");
    }
    pair_close(p);
}

static void errors_are_not_needed(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    assert_int_equal(pair_break(p->to_b, 1, NULL), JRPC_E_FAULT);
    assert_int_equal(pair_fault(p->to_b, NULL), JRPC_E_FAULT);
    assert_int_equal(pair_missing(p->to_b, NULL), JRPC_E_NO_SUCH_METHOD);
    pair_close(p);
}

/* ---- sizes ---- */

typedef struct traffic {
    atomic_uint requests;
} traffic;

static bool count_requests(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(from);
    UNUSED(to);
    UNUSED(len);
    traffic *t = userdata;
    if (pair_is_request(stanza))
        atomic_fetch_add(&t->requests, 1);
    return true;
}

static void a_request_too_large_is_never_sent(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_stanza_bytes = 2000;
    pair *p = pair_open(&options);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    traffic t = { 0 };
    loopback_set_filter(p->hub, count_requests, &t);
    char text[4001];
    memset(text, '&', sizeof text);
    text[4000] = '\0';
    char *back = NULL;
    assert_int_equal(pair_text(p->to_b, text, &back, &error), JRPC_E_TOO_LARGE);
    assert_int_equal(error.domain, JRPC_ERROR_LOCAL);
    check_text(error.message, "the limit is 2000");
    assert_int_equal(atomic_load(&t.requests), 0);
    text[100] = '\0';
    assert_int_equal(pair_text(p->to_b, text, &back, &error), JRPC_OK);
    assert_string_equal(back, text);
    assert_int_equal(atomic_load(&t.requests), 1);
    jrpc_free(back);
    pair_close(p);
}

static void a_result_too_large_is_told(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_stanza_bytes = 2000;
    pair *p = pair_open(&options);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    char *text = NULL;
    assert_int_equal(pair_large(p->to_b, 3000, &text, &error), JRPC_E_TOO_LARGE);
    assert_null(text);
    assert_int_equal(error.domain, JRPC_ERROR_FAULT);
    assert_int_equal(error.code, -32097);
    check_text(error.message, "the limit is 2000");
    assert_int_equal(pair_large(p->to_b, 1000, &text, &error), JRPC_OK);
    jrpc_free(text);
    pair_close(p);
}

static void a_bad_argument_is_named(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    char *text = NULL;
    assert_int_equal(pair_text(p->to_b, "a\x01", &text, &error), JRPC_E_INVALID);
    assert_int_equal(error.domain, JRPC_ERROR_LOCAL);
    assert_string_equal(error.path, "params[0]");
    assert_string_equal(error.what, "Text");
    assert_null(error.who);
    jrpc_peer *peer = NULL;
    assert_int_equal(jrpc_peer_new(p->a, "no@good@address", &peer, &error), JRPC_E_INVALID);
    assert_string_equal(error.what, "no@good@address");
    assert_null(peer);
    pair_close(p);
}

/* ---- deadlines ---- */

static bool drop_requests(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(userdata);
    UNUSED(from);
    UNUSED(to);
    UNUSED(len);
    return !pair_is_request(stanza);
}

static void no_answer_within_the_deadline(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    loopback_set_filter(p->hub, drop_requests, NULL);
    static const uint32_t deadlines[] = { 1, 50, 300 };
    for (size_t i = 0; i < COUNT_OF(deadlines); i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        int32_t sum;
        jrpc_peer_set_timeout(p->to_b, deadlines[i]);
        int64_t started = clock_now();
        assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_E_TIMEOUT);
        int64_t took = pair_since(started);
        assert_true(took >= deadlines[i] && took < deadlines[i] + PAIR_PATIENCE_MS);
        char text[64];
        snprintf(text, sizeof text, "no answer within the deadline of %u ms", (unsigned)deadlines[i]);
        assert_string_equal(error.message, text);
        assert_string_equal(error.who, PAIR_B);
        assert_string_equal(error.what, "Add");
    }
    pair_wait_pending(p->a, 0);
    pair_close(p);
}

static void the_sessions_deadline_is_the_default(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.call_timeout_ms = 120;
    pair *p = pair_open(&options);
    loopback_set_filter(p->hub, drop_requests, NULL);
    int64_t started = clock_now();
    assert_int_equal(pair_slow(p->to_b, NULL), JRPC_E_TIMEOUT);
    int64_t took = pair_since(started);
    assert_true(took >= 120 && took < 1120);
    pair_close(p);
}

/* ---- answers that are none ---- */

typedef struct forger {
    pair *p;
    const char *answer; /* format: id */
} forger;

static bool answer_for_b(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(from);
    UNUSED(to);
    UNUSED(len);
    forger *f = userdata;
    char id[128];
    if (!pair_is_request(stanza) || !pair_id(stanza, id, sizeof id))
        return true;
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "<iq from='" PAIR_B "' id='%s' %s</iq>", id, f->answer);
    assert_true(loopback_inject(f->p->hub, PAIR_A, text.data, text.len));
    return false;
}

#define REPLY(content) \
    "type='result'><query xmlns='jabber:iq:rpc'><methodResponse>" content "</methodResponse></query>"

static void an_answer_makes_no_sense(void **state)
{
    UNUSED(state);
    static const char *const bad[] = {
        "type='result'>",
        "type='result'><query xmlns='urn:other'/>",
        "type='result'><query xmlns='jabber:iq:rpc'/>",
        "type='result'><query "
        "xmlns='jabber:iq:rpc'><methodCall><methodName>Add</methodName></methodCall></query>",
        REPLY("<params><param><value><string>5</string></value></param></params>"),
        REPLY("<params><param><value><i4>x</i4></value></param></params>"),
        REPLY("<params><param><value><i4>99999999999</i4></value></param></params>"),
        REPLY("<params><param><value><i4>1</i4></value></param><param><value><i4>1</i4></value></param></"
              "params>"),
        REPLY("<params/>"),
        REPLY(""),
        REPLY("<params><param/></params>"),
        REPLY("<params><param><value><struct/></value></param></params>"),
    };
    pair *p = pair_open(NULL);
    forger f = { p, NULL };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        int32_t sum = 99;
        f.answer = bad[i];
        loopback_set_filter(p->hub, answer_for_b, &f);
        jrpc_status status = pair_add(p->to_b, 1, 2, &sum, &error);
        if (status != JRPC_E_BAD_REPLY)
            fail_msg("%s: %s", bad[i], jrpc_status_name(status));
        assert_string_equal(error.who, PAIR_B);
        assert_string_equal(error.what, "Add");
        assert_int_equal(sum, 0);
    }
    pair_close(p);
}

static void odd_but_legal_answers_are_understood(void **state)
{
    UNUSED(state);
    static const struct {
        const char *answer;
        jrpc_status status;
        int32_t code;
    } cases[] = {
        { REPLY("<params><param><value><int>5</int></value></param></params>"), JRPC_OK, 0 },
        { REPLY("\n<params> <param>\t<value> <i4>5</i4> </value></param></params>\n"), JRPC_OK, 0 },
        { REPLY("<fault><value><struct><member><name>faultCode</name><value><int>404</int></value></"
                "member><member>"
                "<name>faultString</name><value>text</value></member></struct></value></fault>"),
          JRPC_E_FAULT, 404 },
        { REPLY("<fault/>"), JRPC_E_FAULT, 0 },
        { REPLY("<fault><value>odd</value></fault>"), JRPC_E_FAULT, 0 },
        { "type='error'>", JRPC_E_FAULT, 0 },
        { "type='error'><error/>", JRPC_E_FAULT, 0 },
        { "type='error'><query xmlns='jabber:iq:rpc'/><error type='cancel'><item-not-found "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
          JRPC_E_NO_SUCH_METHOD, 0 },
        { "type='error'><error type='auth' code='403'><forbidden "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
          JRPC_E_REFUSED, 0 },
        { "type='error'><error type='wait'><resource-constraint "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
          JRPC_E_BUSY, 0 },
        { "type='error'><error type='wait'><recipient-unavailable "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
          JRPC_E_UNAVAILABLE, 0 },
    };
    pair *p = pair_open(NULL);
    forger f = { p, NULL };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        int32_t sum = 99;
        f.answer = cases[i].answer;
        loopback_set_filter(p->hub, answer_for_b, &f);
        jrpc_status status = pair_add(p->to_b, 1, 2, &sum, &error);
        if (status != cases[i].status &&
            !(cases[i].status == JRPC_E_FAULT && status < 0 && cases[i].code == 0))
            fail_msg("%s: %s", cases[i].answer, jrpc_status_name(status));
        assert_int_equal(error.code, cases[i].code);
        assert_int_equal(sum, status == JRPC_OK ? 5 : 0);
        if (status != JRPC_OK)
            assert_non_null(error.message);
    }
    pair_close(p);
}

/* ---- the end of a session ---- */

static void closing_cancels_what_is_pending(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    pthread_t threads[3];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_slow, p->to_b), 0);
    pair_wait_waiting(p, COUNT_OF(threads));
    jrpc_peer *peer = p->to_b;
    jrpc_session_close(p->a);
    p->a = NULL;
    p->to_b = NULL;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(join_status(threads[i]), JRPC_E_CANCELLED);
    jrpc_peer_free(peer);
    pair_close(p);
}

static void *call_two(void *peer)
{
    return (void *)(intptr_t)pair_two_calls(peer, NULL);
}

static void a_closing_session_refuses_new_calls(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    pthread_t caller;
    assert_int_equal(pthread_create(&caller, NULL, call_two, p->to_b), 0);
    pair_wait_waiting(p, 1); /* b's handler waits for Slow of a */
    pair_close_b(p);
    assert_int_equal(p->nested[0], JRPC_E_CANCELLED);
    assert_int_equal(p->nested[1], JRPC_E_CLOSED);
    assert_int_equal(join_status(caller), JRPC_OK); /* the handler's answer was sent before the goodbye */
    pair_close(p);
}

static void a_cut_connection_ends_calls(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    pthread_t thread;
    pair_take_b_for_plain(p);
    assert_int_equal(pthread_create(&thread, NULL, call_slow, p->to_b), 0);
    pair_wait_waiting(p, 1);
    loopback_cut(p->hub, PAIR_A);
    assert_int_equal(join_status(thread), JRPC_E_DISCONNECTED);
    pair_close(p);
}

static void the_callee_is_gone(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    int32_t sum;
    pair_close_b(p);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, &error), JRPC_E_UNAVAILABLE);
    pair_close(p);
}

/* ---- who may not wait ---- */

static void an_inline_handler_would_deadlock(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    int32_t status = 0;
    assert_int_equal(pair_inline(p->to_b, &status, NULL), JRPC_OK);
    assert_int_equal(status, JRPC_E_DEADLOCK);
    pair_close(p);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.inline_handlers = true;
    p = pair_open(&options);
    int32_t sum;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(pair_nest(p->to_b, 0, &sum, &error), JRPC_OK);
    assert_int_equal(pair_nest(p->to_b, 1, &sum, &error),
                     JRPC_E_FAULT); /* told at once, not at the deadline */
    assert_int_equal(error.code, -32603);
    pair_close(p);
}

static void a_forked_child_is_refused(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int32_t sum;
        jrpc_status status = pair_add(p->to_b, 1, 2, &sum, NULL);
        jrpc_session_interrupt(p->a);
        jrpc_session_close(p->a); /* the parent's stream stays */
        _exit(status == JRPC_E_INVALID ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    int32_t sum;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    assert_int_equal(jrpc_session_wait(p->a, 0, NULL), JRPC_E_TIMEOUT); /* neither interrupted nor ended */
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_answered),
        cmocka_unit_test(a_session_can_call_itself),
        cmocka_unit_test(values_go_without_interface),
        cmocka_unit_test(any_iq_can_be_sent),
        cmocka_unit_test(nobody_is_there),
        cmocka_unit_test(the_method_is_missing),
        cmocka_unit_test(the_caller_is_refused),
        cmocka_unit_test(the_peer_is_busy),
        cmocka_unit_test(too_many_calls_are_in_flight),
        cmocka_unit_test(a_fault_comes_back),
        cmocka_unit_test(an_exception_comes_back_with_its_members),
        cmocka_unit_test(errors_are_not_needed),
        cmocka_unit_test(a_request_too_large_is_never_sent),
        cmocka_unit_test(a_result_too_large_is_told),
        cmocka_unit_test(a_bad_argument_is_named),
        cmocka_unit_test(no_answer_within_the_deadline),
        cmocka_unit_test(the_sessions_deadline_is_the_default),
        cmocka_unit_test(an_answer_makes_no_sense),
        cmocka_unit_test(odd_but_legal_answers_are_understood),
        cmocka_unit_test(closing_cancels_what_is_pending),
        cmocka_unit_test(a_closing_session_refuses_new_calls),
        cmocka_unit_test(a_cut_connection_ends_calls),
        cmocka_unit_test(the_callee_is_gone),
        cmocka_unit_test(an_inline_handler_would_deadlock),
        cmocka_unit_test(a_forked_child_is_refused),
    };
    return cmocka_run_group_tests_name("scenario: outcomes", tests, NULL, NULL);
}
