/* SPDX-License-Identifier: MIT */
/* Which answers count: the right id from the right address, once, in time. All else is dropped. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER(number) "<params><param><value><i4>" number "</i4></value></param></params>"

/* What the switch does with the next request to b, and what it remembers of it. */
typedef struct script {
    pair *p;
    const char *from[8]; /* answers with wrong content, from these addresses, NULL at the end */
    bool error_instead;  /* as stanza errors */
    bool pass;           /* then the request goes on */
    char id[128];        /* of the last request */
    char old_id[128];    /* answered as well, if not empty */
} script;

static void forge(const script *s, const char *from)
{
    if (s->error_instead)
        pair_inject(s->p, PAIR_A,
                    "<iq type='error' id='%s' from='%s'><error type='cancel'><forbidden "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                    s->id, from);
    else
        pair_inject_answer(s->p, from, s->id, ANSWER("666"));
}

static bool play(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    UNUSED(len);
    script *s = userdata;
    if (strcmp(from, PAIR_A) != 0 || !pair_is_request(stanza))
        return true;
    assert_true(pair_id(stanza, s->id, sizeof s->id));
    if (*s->old_id)
        pair_inject_answer(s->p, PAIR_B, s->old_id, ANSWER("666"));
    for (size_t i = 0; s->from[i]; i++)
        forge(s, s->from[i]);
    return s->pass;
}

static uint64_t stray(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    uint64_t count = session->stray;
    pthread_mutex_unlock(&session->lock);
    return count;
}

static void check_add(pair *p, jrpc_status expected, int32_t expected_sum)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    int32_t sum = 0;
    jrpc_status status = pair_add(p->to_b, 2, 3, &sum, &error);
    if (status != expected)
        fail_msg("%s: %s", jrpc_status_name(status), error.message ? error.message : "");
    assert_int_equal(sum, expected_sum);
}

/* ---- from whom ---- */

static const char *const wrong_addresses[] = {
    "evil@localhost/rpc", "peer-b@localhost/other", "peer-b@localhost", "localhost",
    "peer-b@localhost.evil/rpc", "peer-b@evil/rpc", PAIR_A,
};

static void forged_answers_are_ignored(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    script s = { .p = p, .pass = true };
    for (size_t i = 0; i < COUNT_OF(wrong_addresses); i++)
        s.from[i] = wrong_addresses[i];
    loopback_set_filter(p->hub, play, &s);
    check_add(p, JRPC_OK, 5); /* the true answer still arrives */
    assert_true(stray(p->a) == COUNT_OF(wrong_addresses));
    s.error_instead = true;
    check_add(p, JRPC_OK, 5);
    assert_true(stray(p->a) == 2 * COUNT_OF(wrong_addresses));
    pair_close(p);
}

static void forged_answers_alone_are_no_answer(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    script s = { .p = p };
    for (size_t i = 0; i < COUNT_OF(wrong_addresses); i++)
        s.from[i] = wrong_addresses[i];
    loopback_set_filter(p->hub, play, &s);
    jrpc_peer_set_timeout(p->to_b, 100);
    check_add(p, JRPC_E_TIMEOUT, 0);
    pair_close(p);
}

static void an_answer_without_address_is_dropped(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    script s = { .p = p };
    loopback_set_filter(p->hub, play, &s);
    jrpc_peer_set_timeout(p->to_b, 50);
    check_add(p, JRPC_E_TIMEOUT, 0); /* gives its id */
    pair_inject(p, PAIR_A, "<iq type='result' id='%s'/>", s.id);
    pair_inject(p, PAIR_A, "<iq type='result' from='" PAIR_B "'/>");
    pair_inject(p, PAIR_A, "<iq from='" PAIR_B "'/>");
    pair_inject(p, PAIR_A, "<iq type='nonsense' id='1' from='" PAIR_B "'/>");
    pair_inject(p, PAIR_A, "<message from='" PAIR_B "'><body>hello</body></message>");
    pair_inject(p, PAIR_A, "<presence from='" PAIR_B "'/>");
    s.pass = true;
    jrpc_peer_set_timeout(p->to_b, 0);
    check_add(p, JRPC_OK, 5);
    assert_true(stray(p->a) == 2);
    pair_close(p);
}

static void addresses_are_compared_prepared(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    static const char *const same[] = { "PEER-B@LOCALHOST/rpc", "Peer-b@localhost/rpc",
                                        "peer-b@LocalHost/rpc" };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        script s = { .p = p, .from = { same[i] } };
        loopback_set_filter(p->hub, play, &s);
        check_add(p, JRPC_OK, 666);
    }
    script s = { .p = p, .from = { "peer-b@localhost/RPC" } }; /* resources are by case */
    loopback_set_filter(p->hub, play, &s);
    jrpc_peer_set_timeout(p->to_b, 100);
    check_add(p, JRPC_E_TIMEOUT, 0);
    pair_close(p);
}

static void the_peer_may_be_named_in_another_case(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    jrpc_peer *peer = NULL;
    int32_t sum = 0;
    assert_int_equal(jrpc_peer_new(p->a, "PEER-B@LOCALHOST/rpc", &peer, NULL), JRPC_OK);
    assert_int_equal(pair_add(peer, 2, 3, &sum, NULL), JRPC_OK);
    assert_int_equal(sum, 5);
    jrpc_peer_free(peer);
    pair_close(p);
}

/* Only one's own server may answer from the domain or nowhere, and only what it was asked itself. */
static bool answer_own_server(void *userdata, const char *from, const char *to, const char *stanza,
                              size_t len)
{
    UNUSED(to);
    UNUSED(len);
    script *s = userdata;
    if (strcmp(from, PAIR_A) != 0 || strncmp(stanza, "<iq type='get'", 14) != 0)
        return true;
    assert_true(pair_id(stanza, s->id, sizeof s->id));
    for (size_t i = 0; s->from[i]; i++) {
        if (*s->from[i])
            pair_inject(s->p, PAIR_A, "<iq type='result' id='%s' from='%s'><x xmlns='urn:%zu'/></iq>", s->id,
                        s->from[i], i);
        else
            pair_inject(s->p, PAIR_A, "<iq type='result' id='%s'><x xmlns='urn:%zu'/></iq>", s->id, i);
    }
    return false;
}

static void ones_own_server_has_many_names(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    static const char *const names[] = { "", "localhost", "LOCALHOST", "peer-a@localhost", PAIR_A };
    static const char *const asked[] = { NULL, "localhost", "peer-a@localhost" };
    for (size_t a = 0; a < COUNT_OF(asked); a++) {
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            script s = { .p = p, .from = { "evil@localhost/x", "peer-b@localhost", "elsewhere", names[i] } };
            loopback_set_filter(p->hub, answer_own_server, &s);
            char *text = NULL;
            assert_int_equal(
                jrpc_iq_send_and_wait(p->a, asked[a], "get", "<x xmlns='urn:x'/>", 0, &text, NULL), JRPC_OK);
            assert_non_null(strstr(text, "urn:3"));
            jrpc_free(text);
        }
    }
    pair_close(p);
}

/* ---- when, and how often ---- */

static void a_late_answer_is_dropped(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    script s = { .p = p };
    loopback_set_filter(p->hub, play, &s);
    jrpc_peer_set_timeout(p->to_b, 50);
    check_add(p, JRPC_E_TIMEOUT, 0);
    pair_inject_answer(p, PAIR_B, s.id, ANSWER("666"));
    pair_wait_stray(p->a, 1);
    s.pass = true;
    jrpc_peer_set_timeout(p->to_b, 0);
    check_add(p, JRPC_OK, 5);
    assert_true(stray(p->a) == 1);
    pair_close(p);
}

static void a_second_answer_is_dropped(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    script s = { .p = p, .from = { PAIR_B, PAIR_B, PAIR_B }, .pass = true };
    loopback_set_filter(p->hub, play, &s);
    check_add(p, JRPC_OK, 666); /* the first; two more and the true one follow */
    pair_wait_stray(p->a, 3);
    loopback_set_filter(p->hub, NULL, NULL);
    check_add(p, JRPC_OK, 5);
    assert_true(stray(p->a) == 3);
    pair_close(p);
}

/* The table has one slot here, so that both calls use the same. */
static void an_older_calls_answer_is_not_taken(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_pending = 1;
    pair *p = pair_open(&options);
    script s = { .p = p };
    loopback_set_filter(p->hub, play, &s);
    jrpc_peer_set_timeout(p->to_b, 50);
    check_add(p, JRPC_E_TIMEOUT, 0);
    strcpy(s.old_id, s.id);
    s.pass = true;
    jrpc_peer_set_timeout(p->to_b, 0);
    check_add(p, JRPC_OK, 5);
    assert_true(stray(p->a) == 1);
    pair_close(p);
}

static void ids_are_not_guessed(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    script s = { .p = p, .pass = true };
    loopback_set_filter(p->hub, play, &s);
    check_add(p, JRPC_OK, 5);
    char first[128];
    strcpy(first, s.id);
    check_add(p, JRPC_OK, 5);
    assert_string_not_equal(first, s.id);
    assert_int_equal(strspn(first, "0123456789abcdef"), 32);
    pair *other = pair_open(NULL);
    script t = { .p = other, .pass = true };
    loopback_set_filter(other->hub, play, &t);
    check_add(other, JRPC_OK, 5);
    assert_true(strncmp(first, t.id, 32) != 0);
    pair_close(other);
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forged_answers_are_ignored),
        cmocka_unit_test(forged_answers_alone_are_no_answer),
        cmocka_unit_test(an_answer_without_address_is_dropped),
        cmocka_unit_test(addresses_are_compared_prepared),
        cmocka_unit_test(the_peer_may_be_named_in_another_case),
        cmocka_unit_test(ones_own_server_has_many_names),
        cmocka_unit_test(a_late_answer_is_dropped),
        cmocka_unit_test(a_second_answer_is_dropped),
        cmocka_unit_test(an_older_calls_answer_is_not_taken),
        cmocka_unit_test(ids_are_not_guessed),
    };
    return cmocka_run_group_tests_name("scenario: answers", tests, NULL, NULL);
}
