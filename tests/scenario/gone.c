/* SPDX-License-Identifier: MIT */
/* Who is called goes offline: what its caller is told, by whom, and what becomes of the calls. */
#include "pair.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define NS "urn:x-jabber-rpc:0"

static void free_error(jrpc_error *error)
{
    jrpc_error_done(error);
}
#define AUTO_ERROR AUTO(free_error) jrpc_error

/* What b says of itself to a. */
typedef struct watch {
    pair *p;
    atomic_uint greetings, farewells, others; /* presence of b to a, available or not; any other presence */
} watch;

static bool look(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    watch *w = userdata;
    char text[256]; /* others may follow it in the same buffer */
    snprintf(text, sizeof text, "%.*s", (int)len, stanza);
    if (strncmp(text, "<presence", 9) != 0)
        return true;
    bool to_a = strcmp(from, PAIR_B) == 0 && to && strcmp(to, PAIR_A) == 0;
    atomic_uint *kind = !to_a ? &w->others : strstr(text, "type='unavailable'") ? &w->farewells : &w->greetings;
    atomic_fetch_add(kind, 1);
    return true;
}

static void open_watched(watch *w)
{
    *w = (watch){ .p = pair_open(NULL) };
    loopback_set_filter(w->p->hub, look, w);
}

static void add_works(pair *p)
{
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
}

static void callers_are_greeted_once(void **state)
{
    UNUSED(state);
    watch w;
    open_watched(&w);
    for (int i = 0; i < 5; i++)
        add_works(w.p);
    assert_int_equal(atomic_load(&w.greetings), 1);
    assert_int_equal(atomic_load(&w.others), 0);
    loopback_cut(w.p->hub, PAIR_B); /* its server forgets */
    pair_wait_state(w.p->b, SESSION_OFFLINE);
    pair_wait_state(w.p->b, SESSION_ONLINE);
    add_works(w.p);
    assert_int_equal(atomic_load(&w.greetings), 2);
    pair_close(w.p);
}

static void plain_callers_are_not(void **state)
{
    UNUSED(state);
    watch w;
    open_watched(&w);
    pair_take_b_for_plain(w.p);
    add_works(w.p);
    assert_int_equal(atomic_load(&w.greetings), 0);
    pair_close(w.p);
}

/* Its server tells nobody when it is gone. */
static void a_component_takes_leave_itself(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.component = true;
    watch w = { .p = pair_open_two(NULL, &options) };
    loopback_set_filter(w.p->hub, look, &w);
    add_works(w.p);
    assert_int_equal(atomic_load(&w.greetings), 1);
    pair_close_b(w.p);
    assert_int_equal(atomic_load(&w.farewells), 1);
    assert_int_equal(atomic_load(&w.others), 0);
    pair_close(w.p);
}

static void greetings_are_bounded(void **state)
{
    UNUSED(state);
    watch w;
    open_watched(&w);
    for (int i = 0; i < SESSION_GREETINGS_MOST + 100; i++) {
        char from[64];
        snprintf(from, sizeof from, "peer-a@localhost/%d", i);
        session_greet(w.p->b, &(reply_address){ .from = from, .to = PAIR_B });
    }
    pair_wait_flushed(w.p->b);
    pthread_mutex_lock(&w.p->b->lock);
    assert_int_equal(w.p->b->greeted.len, SESSION_GREETINGS_MOST);
    pthread_mutex_unlock(&w.p->b->lock);
    pair_close(w.p);
}

/* ---- the other side ---- */

static jrpc_future *start_slow(pair *p, const jrpc_method *method, unsigned running)
{
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(p->to_b, method, NULL, NULL, NULL, &future, NULL), JRPC_OK);
    pair_wait_waiting(p, running);
    return future;
}

static void calls_end_at_once(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    const jrpc_method *once = pair_method("Slow");
    jrpc_method twice = *once;
    twice.flags |= JRPC_METHOD_IDEMPOTENT;
    jrpc_peer_set_timeout(p->to_b, JRPC_NO_TIMEOUT);
    jrpc_future *lost = start_slow(p, once, 1), *again = start_slow(p, &twice, 2);
    pair_inject(p, PAIR_A, "<presence type='unavailable' from='" PAIR_B "' to='" PAIR_A "'/>");
    assert_int_equal(jrpc_finish(lost, once, NULL, &error), JRPC_E_UNKNOWN_OUTCOME);
    assert_non_null(strstr(error.message, "the peer went offline"));
    assert_string_equal(error.who, PAIR_B);
    assert_string_equal(error.what, "Slow");
    assert_int_equal(jrpc_finish(again, &twice, NULL, &error), JRPC_E_UNAVAILABLE);
    pair_open_gate(p);
    pair_wait_stray(p->a, 2); /* the answers that come after all */
    add_works(p);
    pair_close(p);
}

static void they_end_when_b_is_plain_too(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    const jrpc_method *slow = pair_method("Slow");
    pair_take_b_for_plain(p);
    jrpc_future *future = start_slow(p, slow, 1);
    pair_inject(p, PAIR_A, "<presence type='unavailable' from='PEER-B@LOCALHOST/rpc' to='" PAIR_A "'/>");
    assert_int_equal(jrpc_finish(future, slow, NULL, NULL), JRPC_E_UNKNOWN_OUTCOME);
    pair_close(p);
}

static void only_its_own_presence_counts(void **state)
{
    UNUSED(state);
    static const char *const others[] = {
        "<presence type='unavailable' from='peer-b@localhost/other'/>",
        "<presence type='unavailable' from='peer-b@localhost'/>",
        "<presence type='unavailable' from='peer-b@localhost/RPC'/>",
        "<presence type='unavailable' from='mallory@localhost/rpc'/>",
        "<presence type='unavailable' from='localhost'/>",
        "<presence type='unavailable' from='@@'/>",
        "<presence type='unavailable'/>",
        "<presence from='" PAIR_B "'/>",
        "<presence type='error' from='" PAIR_B "'/>",
        "<presence type='unsubscribed' from='" PAIR_B "'/>",
        "<presence type='unavailable' from='" PAIR_B "'><draining xmlns='" NS "'/></presence>",
    };
    pair *p = pair_open(NULL);
    const jrpc_method *slow = pair_method("Slow");
    jrpc_future *future = start_slow(p, slow, 1);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        pair_inject(p, PAIR_A, "%s", others[i]);
    add_works(p); /* a has read them all by then */
    assert_false(jrpc_future_is_done(future));
    pair_open_gate(p);
    assert_int_equal(jrpc_finish(future, slow, NULL, NULL), JRPC_OK);
    pair_close(p);
}

static void other_peers_calls_go_on(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    jrpc_session *other = NULL;
    jrpc_peer *to_other = NULL;
    char *text = NULL;
    assert_int_equal(pair_session(p, "peer-c@localhost/rpc", NULL, &other, NULL), JRPC_OK);
    assert_int_equal(jrpc_peer_new(p->a, "peer-c@localhost/rpc", &to_other, NULL), JRPC_OK);
    const jrpc_method *slow = pair_method("Slow");
    jrpc_future *future = start_slow(p, slow, 1);
    assert_int_equal(pair_text(to_other, "x", &text, NULL), JRPC_E_REFUSED); /* it is known now */
    pair_inject(p, PAIR_A, "<presence type='unavailable' from='peer-c@localhost/rpc'/>");
    add_works(p);
    assert_false(jrpc_future_is_done(future));
    pair_open_gate(p);
    assert_int_equal(jrpc_finish(future, slow, NULL, NULL), JRPC_OK);
    jrpc_peer_free(to_other);
    jrpc_session_close(other);
    pair_close(p);
}

static bool drop_disco(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    UNUSED(len);
    UNUSED(userdata);
    return strcmp(from, PAIR_A) != 0 || !strstr(stanza, "disco#info");
}

/* What is held until the peer has said what it is does not wait for somebody who is gone. */
static void held_calls_go_on(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    const jrpc_method *slow = pair_method("Slow");
    loopback_set_filter(p->hub, drop_disco, NULL);
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(p->to_b, slow, NULL, NULL, NULL, &future, NULL), JRPC_OK);
    pair_inject(p, PAIR_A, "<presence type='unavailable' from='" PAIR_B "'/>");
    pair_wait_waiting(p, 1); /* it has been sent as to anybody */
    pair_open_gate(p);
    assert_int_equal(jrpc_finish(future, slow, NULL, NULL), JRPC_OK);
    pair_close(p);
}

/* Answers, presence and calls at the same time: each call ends once, and rightly. */
static void going_races_with_answers(void **state)
{
    UNUSED(state);
    enum { CALLS = 30 };
    pair *p = pair_open(NULL);
    const jrpc_method *add = pair_method("Add");
    unsigned ended = 0;
    for (int round = 0; round < 20; round++) {
        jrpc_future *futures[CALLS];
        for (int32_t i = 0; i < CALLS; i++) {
            assert_int_equal(jrpc_send(p->to_b, add, (const void *[]){ &i, &i }, NULL, NULL, &futures[i], NULL), JRPC_OK);
            if (i % 10 == 5)
                pair_inject(p, PAIR_A, "<presence type='unavailable' from='" PAIR_B "'/>");
        }
        for (int32_t i = 0; i < CALLS; i++) {
            int32_t sum = 0;
            jrpc_status status = jrpc_finish(futures[i], add, (void *[]){ &sum }, NULL);
            ended += (status == JRPC_OK && sum == 2 * i) || status == JRPC_E_UNKNOWN_OUTCOME;
        }
    }
    assert_int_equal(ended, 20 * CALLS);
    pair_wait_pending(p->a, 0);
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callers_are_greeted_once),
        cmocka_unit_test(plain_callers_are_not),
        cmocka_unit_test(a_component_takes_leave_itself),
        cmocka_unit_test(greetings_are_bounded),
        cmocka_unit_test(calls_end_at_once),
        cmocka_unit_test(they_end_when_b_is_plain_too),
        cmocka_unit_test(only_its_own_presence_counts),
        cmocka_unit_test(other_peers_calls_go_on),
        cmocka_unit_test(held_calls_go_on),
        cmocka_unit_test(going_races_with_answers),
    };
    return cmocka_run_group_tests_name("scenario: gone", tests, NULL, NULL);
}
