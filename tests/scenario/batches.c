/* SPDX-License-Identifier: MIT */
/* Several calls in one request: what a caller collects, sends and gets, from servers that know batches and others. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/batch.h>

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

static jrpc_batch *new_batch(jrpc_peer *peer)
{
    jrpc_batch *batch = NULL;
    assert_int_equal(jrpc_batch_new(peer, &batch, NULL), JRPC_OK);
    return batch;
}

static void expect_outcome(const jrpc_batch *batch, size_t index, jrpc_status status, const char *part)
{
    const jrpc_error *outcome = jrpc_batch_outcome(batch, index);
    assert_int_equal(outcome->status, status);
    if (part && !strstr(outcome->message, part))
        fail_msg("\"%s\" without \"%s\"", outcome->message, part);
}

/* ---- between two of ours ---- */

static void each_has_its_outcome(void **state)
{
    const jrpc_session_options *options = *state;
    pair *p = pair_open(options);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_batch *batch = new_batch(p->to_b);
    jrpc_peer *all = jrpc_batch_peer(batch);
    int32_t sum = -1, second = -1;
    char *text = NULL, *large = NULL;
    xmlrpc_value *value = NULL, *nothing = NULL;
    assert_int_equal(pair_add(all, 2, 3, &sum, &error), JRPC_OK);
    assert_int_equal(sum, 0); /* nothing was sent yet */
    assert_int_equal(pair_text(all, "Grüße <&> 😀", &text, &error), JRPC_OK);
    assert_int_equal(pair_break(all, 7, &error), JRPC_OK);
    assert_int_equal(pair_fault(all, &error), JRPC_OK);
    assert_int_equal(pair_missing(all, &error), JRPC_OK);
    assert_int_equal(jrpc_call_value(all, "system.methodHelp", NULL, &nothing, &error), JRPC_OK);
    assert_int_equal(jrpc_call_value(all, "system.getCapabilities", NULL, &value, &error), JRPC_OK);
    assert_int_equal(pair_large(all, 1000000, &large, &error), JRPC_OK);
    assert_int_equal(pair_note(all, 5, &error), JRPC_OK); /* one-way */
    assert_int_equal(pair_add(all, 20, 22, &second, &error), JRPC_OK);
    assert_int_equal(jrpc_batch_count(batch), 10);
    expect_outcome(batch, 0, JRPC_E_INVALID, "not been run");

    assert_int_equal(jrpc_batch_run(batch, &error), JRPC_OK);
    assert_int_equal(error.status, JRPC_OK);
    expect_outcome(batch, 0, JRPC_OK, NULL);
    assert_int_equal(sum, 5);
    expect_outcome(batch, 1, JRPC_OK, NULL);
    assert_string_equal(text, "Grüße <&> 😀");
    expect_outcome(batch, 2, JRPC_E_FAULT, "Pair::Broken");
    assert_non_null(jrpc_exception_of(jrpc_batch_outcome(batch, 2), &pair_broken_exception));
    expect_outcome(batch, 3, JRPC_E_FAULT, "no such file: x");
    assert_int_equal(jrpc_batch_outcome(batch, 3)->code, 7);
    assert_string_equal(jrpc_batch_outcome(batch, 3)->what, "Fault");
    assert_string_equal(jrpc_batch_outcome(batch, 3)->who, PAIR_B);
    expect_outcome(batch, 4, JRPC_E_NO_SUCH_METHOD, "Missing");
    expect_outcome(batch, 5, JRPC_E_FAULT, "expected 1 parameter");
    assert_null(nothing);
    expect_outcome(batch, 6, JRPC_OK, NULL);
    assert_int_equal(xmlrpc_value_type(value), XMLRPC_TYPE_STRUCT);
    expect_outcome(batch, 7, JRPC_E_TOO_LARGE, "too large");
    assert_null(large);
    expect_outcome(batch, 8, JRPC_OK, NULL);
    pair_wait_noted(p, 5);
    expect_outcome(batch, 9, JRPC_OK, NULL);
    assert_int_equal(second, 42);
    expect_outcome(batch, 10, JRPC_E_INVALID, "no such call");

    assert_int_equal(jrpc_batch_run(batch, &error), JRPC_E_INVALID);
    assert_int_equal(pair_add(all, 2, 3, &sum, &error), JRPC_E_INVALID);
    jrpc_batch_free(batch);
    assert_string_equal(text, "Grüße <&> 😀"); /* is the caller's */
    jrpc_free(text);
    xmlrpc_DECREF(value);
    pair_close(p);
}

static void many_at_once(void **state)
{
    UNUSED(state);
    enum { COUNT = 500 };
    pair *p = pair_open(NULL);
    jrpc_batch *batch = new_batch(p->to_b);
    int32_t sums[COUNT];
    for (int32_t i = 0; i < COUNT; i++)
        assert_int_equal(pair_add(jrpc_batch_peer(batch), i, 1000, &sums[i], NULL), JRPC_OK);
    assert_int_equal(jrpc_batch_run(batch, NULL), JRPC_OK);
    for (int32_t i = 0; i < COUNT; i++)
        assert_int_equal(sums[i], i + 1000);
    jrpc_batch_free(batch);
    pair_close(p);
}

/* More than the server has room for: it says so before it runs the first. */
static void too_many_for_the_server(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_batch *batch = new_batch(p->to_b);
    for (int32_t i = 0; i < 600; i++)
        assert_int_equal(pair_note(jrpc_batch_peer(batch), 1, NULL), JRPC_OK);
    assert_int_equal(jrpc_batch_run(batch, &error), JRPC_E_TOO_LARGE);
    assert_non_null(strstr(error.message, "600 calls at once"));
    expect_outcome(batch, 599, JRPC_E_TOO_LARGE, "600 calls at once");
    assert_int_equal(p->noted, 0);
    jrpc_batch_free(batch);
    pair_close(p);
}

static void what_has_no_room_stays_outside(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_batch *batch = new_batch(p->to_b);
    jrpc_peer *all = jrpc_batch_peer(batch);
    enum { LEN = 60000 };
    char text[LEN + 1];
    memset(text, 'x', LEN);
    text[LEN] = '\0';
    char *back[3] = { NULL, NULL, NULL };
    const char *bad = "\x01";
    assert_int_equal(pair_text(all, text, &back[0], &error), JRPC_OK);
    assert_int_equal(pair_text(all, bad, &back[1], &error), JRPC_E_INVALID);
    assert_string_equal(error.path, "params[0]");
    assert_int_equal(pair_text(all, text, &back[1], &error), JRPC_OK);
    assert_int_equal(pair_text(all, text, &back[2], &error), JRPC_E_TOO_LARGE);
    assert_string_equal(error.what, "Text");
    assert_int_equal(jrpc_batch_count(batch), 2);
    assert_int_equal(jrpc_batch_run(batch, &error), JRPC_OK);
    assert_string_equal(back[0], text);
    assert_string_equal(back[1], text);
    jrpc_free(back[0]);
    jrpc_free(back[1]);
    jrpc_batch_free(batch);
    pair_close(p);
}

static void what_a_batch_is_not_for(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_batch *batch = new_batch(p->to_b), *inner = NULL;
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(jrpc_batch_peer(batch), pair_method("Slow"), NULL, NULL, NULL, &future, &error), JRPC_E_INVALID);
    assert_null(future);
    assert_int_equal(jrpc_batch_new(jrpc_batch_peer(batch), &inner, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_batch_new(NULL, &inner, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_batch_run(batch, &error), JRPC_OK); /* of nothing */
    jrpc_batch_free(batch);
    jrpc_batch_free(NULL);
    pair_close(p);
}

/* A handler that waits holds back those behind it; the deadline is of the whole. */
static void one_deadline_for_all(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_batch *batch = new_batch(p->to_b);
    jrpc_peer *all = jrpc_batch_peer(batch);
    int32_t sum = -1;
    assert_int_equal(pair_slow(all, NULL), JRPC_OK);
    assert_int_equal(pair_add(all, 1, 1, &sum, NULL), JRPC_OK);
    jrpc_peer_set_timeout(all, 200);
    assert_int_equal(jrpc_batch_run(batch, &error), JRPC_E_TIMEOUT);
    expect_outcome(batch, 1, JRPC_E_TIMEOUT, "200 ms");
    assert_int_equal(sum, 0);
    jrpc_batch_free(batch);
    pair_close(p);
}

/* ---- answers of others ---- */

typedef struct forger {
    pair *p;
    const char *content; /* of methodResponse; NULL: item-not-found, as slixmpp says of unknown methods */
} forger;

static bool forge(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    const forger *f = userdata;
    char id[128];
    UNUSED(to);
    UNUSED(len);
    if (strcmp(from, PAIR_A) != 0 || !strstr(stanza, "system.multicall"))
        return true;
    assert_true(pair_id(stanza, id, sizeof id));
    if (f->content)
        pair_inject_answer(f->p, PAIR_B, id, f->content);
    else
        pair_inject(f->p, PAIR_A,
                    "<iq type='error' id='%s' from='" PAIR_B "'><error type='cancel'><item-not-found "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                    id);
    return false;
}

#define RESULTS(items) "<params><param><value><array><data>" items "</data></array></value></param></params>"
#define ONE(value) "<value><array><data><value>" value "</value></data></array></value>"
#define VALUES(values) "<value><array><data>" values "</data></array></value>"

/* Two calls of Add that are answered with this. */
static jrpc_batch *run_forged(pair *p, const char *content, jrpc_status expected, int32_t sums[2], jrpc_error *error)
{
    forger f = { p, content };
    loopback_set_filter(p->hub, forge, &f);
    jrpc_batch *batch = new_batch(p->to_b);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pair_add(jrpc_batch_peer(batch), 1, i, &sums[i], NULL), JRPC_OK);
    jrpc_status status = jrpc_batch_run(batch, error);
    loopback_set_filter(p->hub, NULL, NULL);
    if (status != expected)
        fail_msg("%s: %s", jrpc_status_name(status), error->message ? error->message : "");
    return batch;
}

static void answers_that_are_none(void **state)
{
    UNUSED(state);
    static const struct {
        const char *content;
        jrpc_status status;
        const char *part;
    } cases[] = {
        { RESULTS(""), JRPC_E_BAD_REPLY, "0 results for 2 calls" },
        { RESULTS(ONE("<i4>1</i4>")), JRPC_E_BAD_REPLY, "1 results for 2 calls" },
        { RESULTS(ONE("<i4>1</i4>") ONE("<i4>2</i4>") ONE("<i4>3</i4>")), JRPC_E_BAD_REPLY, "3 results for 2 calls" },
        { "<params><param><value><i4>5</i4></value></param></params>", JRPC_E_BAD_REPLY, "expected array, got int" },
        { "<params/>", JRPC_E_BAD_REPLY, "no result at all" },
        { NULL, JRPC_E_NO_SUCH_METHOD, "perhaps one by one" },
        { "<fault><value><struct><member><name>faultCode</name><value><int>-506</int></value></member><member>"
          "<name>faultString</name><value>no such method</value></member></struct></value></fault>",
          JRPC_E_NO_SUCH_METHOD, "no such method" },
    };
    pair *p = pair_open(NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        int32_t sums[2];
        jrpc_batch *batch = run_forged(p, cases[i].content, cases[i].status, sums, &error);
        if (!strstr(error.message, cases[i].part))
            fail_msg("\"%s\" without \"%s\"", error.message, cases[i].part);
        assert_string_equal(error.who, PAIR_B);
        assert_string_equal(error.what, "system.multicall");
        expect_outcome(batch, 0, cases[i].status, cases[i].part);
        expect_outcome(batch, 1, cases[i].status, cases[i].part);
        assert_int_equal(sums[0] | sums[1], 0);
        jrpc_batch_free(batch);
    }
    pair_close(p);
}

/* What is wrong with one result is that call's alone. */
static void one_bad_result(void **state)
{
    UNUSED(state);
    static const struct {
        const char *first;
        jrpc_status status;
        const char *part;
    } cases[] = {
        { ONE("<string>five</string>"), JRPC_E_BAD_REPLY, "expected long, got string" },
        { "<value><i4>5</i4></value>", JRPC_E_BAD_REPLY, "got int" },
        { VALUES(""), JRPC_E_BAD_REPLY, "no result at all" },
        { VALUES("<value><i4>5</i4></value><value><i4>6</i4></value>"), JRPC_E_BAD_REPLY, "expected 1 result, got 2" },
        { "<value><complex/></value>", JRPC_E_BAD_REPLY, "unknown type" },
        { "<value><struct/></value>", JRPC_E_FAULT, "" },
        { ONE("<i4>2147483648</i4>"), JRPC_E_BAD_REPLY, "2147483648" },
    };
    pair *p = pair_open(NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        char content[512];
        int32_t sums[2];
        snprintf(content, sizeof content, RESULTS("%s" ONE("<i4>42</i4>")), cases[i].first);
        jrpc_batch *batch = run_forged(p, content, JRPC_OK, sums, &error);
        expect_outcome(batch, 0, cases[i].status, cases[i].part);
        expect_outcome(batch, 1, JRPC_OK, NULL);
        assert_int_equal(sums[0], 0);
        assert_int_equal(sums[1], 42);
        jrpc_batch_free(batch);
    }
    pair_close(p);
}

static const jrpc_session_options threads = JRPC_SESSION_OPTIONS_INIT;
static const jrpc_session_options inlined = { .size = sizeof inlined, .inline_handlers = true };

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(each_has_its_outcome, (void *)(uintptr_t)&threads),
        cmocka_unit_test_prestate(each_has_its_outcome, (void *)(uintptr_t)&inlined),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(too_many_for_the_server),
        cmocka_unit_test(what_has_no_room_stays_outside),
        cmocka_unit_test(what_a_batch_is_not_for),
        cmocka_unit_test(one_deadline_for_all),
        cmocka_unit_test(answers_that_are_none),
        cmocka_unit_test(one_bad_result),
    };
    return cmocka_run_group_tests_name("scenario: batches", tests, NULL, NULL);
}
