/* SPDX-License-Identifier: MIT */
/* What sessions ask of those whom they call, and what they send to whom: our extension to those alone who announce it. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define NS "urn:x-jabber-rpc:0"

/* ---- what goes over the switch ---- */

typedef enum discovery { LET_IT_BE, SAY_PLAIN, SAY_NOTHING, SAY_ERROR } discovery;

typedef struct watch {
    pair *p;
    discovery discovery; /* what becomes of a's question to b */
    pthread_mutex_t lock; /* for all below */
    unsigned questions;
    unsigned calls;
    char last[2048]; /* call of a to b */
} watch;

static void answer_question(const watch *w, const char *question)
{
    char id[128];
    assert_true(pair_id(question, id, sizeof id));
    if (w->discovery == SAY_PLAIN)
        pair_inject(w->p, PAIR_A,
                    "<iq type='result' id='%s' from='" PAIR_B "' to='" PAIR_A
                    "'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='automation' type='rpc'/>"
                    "<feature var='jabber:iq:rpc'/></query></iq>",
                    id);
    else if (w->discovery == SAY_ERROR)
        pair_inject(w->p, PAIR_A,
                    "<iq type='error' id='%s' from='" PAIR_B "' to='" PAIR_A
                    "'><error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                    "</error></iq>",
                    id);
}

static bool look(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    watch *w = userdata;
    UNUSED(len);
    if (strcmp(from, PAIR_A) != 0 || strcmp(to, PAIR_B) != 0)
        return true;
    bool question = strstr(stanza, "disco#info") != NULL;
    pthread_mutex_lock(&w->lock);
    w->questions += question;
    w->calls += !question;
    if (!question)
        snprintf(w->last, sizeof w->last, "%s", stanza);
    pthread_mutex_unlock(&w->lock);
    if (!question || w->discovery == LET_IT_BE)
        return true;
    answer_question(w, stanza);
    return false;
}

static pair *open_watched(watch *w, discovery answer)
{
    *w = (watch){ .p = pair_open(NULL), .discovery = answer };
    pthread_mutex_init(&w->lock, NULL);
    loopback_set_filter(w->p->hub, look, w);
    return w->p;
}

static void close_watched(watch *w)
{
    pair_close(w->p);
    pthread_mutex_destroy(&w->lock);
}

static void add_works(pair *p)
{
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    assert_int_equal(sum, 3);
}

/* ---- who gets what ---- */

static void those_who_announce_it_get_the_element(void **state)
{
    UNUSED(state);
    watch w;
    pair *p = open_watched(&w, LET_IT_BE);
    jrpc_peer_set_timeout(p->to_b, 20000);
    add_works(p);
    const char *element = strstr(w.last, "</methodCall><call xmlns='" NS "' deadline='");
    assert_non_null(element);
    assert_non_null(strstr(element, "/></query></iq>"));
    long deadline = strtol(strstr(element, "deadline='") + strlen("deadline='"), NULL, 10);
    assert_true(deadline > 0 && deadline <= 20000);
    close_watched(&w);
}

static void a_call_without_deadline_says_none(void **state)
{
    UNUSED(state);
    watch w;
    pair *p = open_watched(&w, LET_IT_BE);
    jrpc_peer_set_timeout(p->to_b, JRPC_NO_TIMEOUT);
    add_works(p);
    assert_non_null(strstr(w.last, "<call xmlns='" NS "'"));
    assert_null(strstr(w.last, "deadline="));
    close_watched(&w);
}

static void all_others_get_plain_xep_0009(void **state)
{
    UNUSED(state);
    static const discovery answers[] = { SAY_PLAIN, SAY_ERROR, SAY_NOTHING };
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        watch w;
        pair *p = open_watched(&w, answers[i]);
        jrpc_peer_set_timeout(p->to_b, 4000);
        add_works(p); /* after a moment, when nothing is said */
        add_works(p);
        assert_null(strstr(w.last, NS));
        assert_non_null(strstr(w.last, "</methodCall></query></iq>"));
        close_watched(&w);
    }
}

static void they_are_asked_once(void **state)
{
    UNUSED(state);
    static const discovery answers[] = { LET_IT_BE, SAY_PLAIN, SAY_ERROR, SAY_NOTHING };
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        watch w;
        pair *p = open_watched(&w, answers[i]);
        jrpc_peer_set_timeout(p->to_b, 4000);
        for (int n = 0; n < 5; n++)
            add_works(p);
        assert_int_equal(w.questions, 1);
        assert_int_equal(w.calls, 5);
        close_watched(&w);
    }
}

static void many_first_calls_ask_once(void **state)
{
    UNUSED(state);
    enum { CALLS = 50 };
    watch w;
    pair *p = open_watched(&w, LET_IT_BE);
    const jrpc_method *method = pair_method("Add");
    jrpc_future *futures[CALLS];
    for (int32_t i = 0; i < CALLS; i++)
        assert_int_equal(jrpc_send(p->to_b, method, (const void *[]){ &i, &i }, NULL, NULL, &futures[i], NULL), JRPC_OK);
    for (int32_t i = 0; i < CALLS; i++) {
        int32_t sum = 0;
        assert_int_equal(jrpc_finish(futures[i], method, (void *[]){ &sum }, NULL), JRPC_OK);
        assert_int_equal(sum, 2 * i);
    }
    assert_int_equal(w.questions, 1);
    close_watched(&w);
}

static void held_calls_can_be_given_up(void **state)
{
    UNUSED(state);
    watch w;
    pair *p = open_watched(&w, SAY_NOTHING);
    const jrpc_method *method = pair_method("Slow");
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(p->to_b, method, NULL, NULL, NULL, &future, NULL), JRPC_OK);
    jrpc_future_cancel(future);
    assert_int_equal(jrpc_finish(future, method, NULL, NULL), JRPC_E_CANCELLED);
    assert_int_equal(w.calls, 0);
    pthread_mutex_lock(&p->a->lock);
    assert_int_equal(p->a->waiting_bytes, 0);
    assert_int_equal(p->a->calls, 0);
    pthread_mutex_unlock(&p->a->lock);
    close_watched(&w);
}

/* ---- the connection is lost, to a peer that cannot tell what it has seen ---- */

static jrpc_method idempotent_slow(void)
{
    jrpc_method method = *pair_method("Slow");
    method.flags |= JRPC_METHOD_IDEMPOTENT;
    return method;
}

static void cut(pair *p)
{
    pair_wait_flushed(p->a);
    loopback_cut(p->hub, PAIR_A);
}

static void only_what_may_run_twice_is_sent_again(void **state)
{
    UNUSED(state);
    watch w;
    pair *p = open_watched(&w, SAY_PLAIN);
    jrpc_method twice = idempotent_slow();
    const jrpc_method *once = pair_method("Slow");
    jrpc_future *again = NULL, *lost = NULL;
    assert_int_equal(jrpc_send(p->to_b, &twice, NULL, NULL, NULL, &again, NULL), JRPC_OK);
    assert_int_equal(jrpc_send(p->to_b, once, NULL, NULL, NULL, &lost, NULL), JRPC_OK);
    pair_wait_waiting(p, 2);
    cut(p);
    assert_int_equal(jrpc_finish(lost, once, NULL, NULL), JRPC_E_DISCONNECTED);
    pair_wait_waiting(p, 3);
    pair_open_gate(p);
    assert_int_equal(jrpc_finish(again, &twice, NULL, NULL), JRPC_OK);
    assert_null(strstr(w.last, NS));
    close_watched(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_announce_it_get_the_element),
        cmocka_unit_test(a_call_without_deadline_says_none),
        cmocka_unit_test(all_others_get_plain_xep_0009),
        cmocka_unit_test(they_are_asked_once),
        cmocka_unit_test(many_first_calls_ask_once),
        cmocka_unit_test(held_calls_can_be_given_up),
        cmocka_unit_test(only_what_may_run_twice_is_sent_again),
    };
    return cmocka_run_group_tests_name("scenario: contacts", tests, NULL, NULL);
}
