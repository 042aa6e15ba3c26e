/* SPDX-License-Identifier: MIT */
/* Calls between sessions that know each other's extension: sent again after a cut, run once. Deadlines and traces. */
#include "pair.h"

#include <jrpc/xmlrpc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define NS "urn:x-jabber-rpc:0"

static void free_error(jrpc_error *error)
{
    jrpc_error_done(error);
}
#define AUTO_ERROR AUTO(free_error) jrpc_error

/* ---- a service that counts ---- */

typedef struct counted {
    pair *p;
    pthread_mutex_t lock; /* for all below */
    unsigned runs[4096];  /* of each number */
    jrpc_status ends[4096]; /* of each number: how the last call with it ended */
    char last[2048];      /* request of a to b */
    char drop[64];        /* stanzas from b that contain this are lost; "": none */
    unsigned dropped;
    unsigned asked;       /* a has asked what b is */
} counted;

static void wait_a_moment(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
}

static jrpc_status serve_count(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(call);
    counted *c = userdata;
    int number = -1;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_decompose_value(&env, params, "(i)", &number);
    assert_false(env.fault_occurred);
    assert_true(number >= 0 && (size_t)number < COUNT_OF(c->runs));
    pthread_mutex_lock(&c->lock);
    c->runs[number]++;
    pthread_mutex_unlock(&c->lock);
    *ret_result = xmlrpc_int_new(&env, number);
    xmlrpc_env_clean(&env);
    return JRPC_OK;
}

static bool look(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    counted *c = userdata;
    UNUSED(len);
    UNUSED(to);
    pthread_mutex_lock(&c->lock);
    if (strcmp(from, PAIR_A) == 0 && pair_is_request(stanza))
        snprintf(c->last, sizeof c->last, "%s", stanza);
    c->asked += strcmp(from, PAIR_A) == 0 && strstr(stanza, "type='get'") && strstr(stanza, "disco#info");
    bool lost = strcmp(from, PAIR_B) == 0 && *c->drop && strstr(stanza, c->drop);
    c->dropped += lost;
    pthread_mutex_unlock(&c->lock);
    return !lost;
}

static counted *open_counted_for(uint32_t timeout_ms)
{
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.call_timeout_ms = timeout_ms;
    counted *c = calloc(1, sizeof *c);
    assert_non_null(c);
    pthread_mutex_init(&c->lock, NULL);
    c->p = pair_open(&options);
    assert_int_equal(jrpc_serve_value(c->p->b, "Count", serve_count, c, NULL, NULL), JRPC_OK);
    loopback_set_filter(c->p->hub, look, c);
    return c;
}

static counted *open_counted(void)
{
    return open_counted_for(0);
}

static void close_counted(counted *c)
{
    pair_close(c->p);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static unsigned runs_of(counted *c, int number)
{
    pthread_mutex_lock(&c->lock);
    unsigned runs = c->runs[number];
    pthread_mutex_unlock(&c->lock);
    return runs;
}

static void drop(counted *c, const char *text)
{
    pthread_mutex_lock(&c->lock);
    snprintf(c->drop, sizeof c->drop, "%s", text);
    c->dropped = 0;
    pthread_mutex_unlock(&c->lock);
}

static void wait_dropped(counted *c)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    for (unsigned dropped = 0; !dropped; wait_a_moment()) {
        pthread_mutex_lock(&c->lock);
        dropped = c->dropped;
        pthread_mutex_unlock(&c->lock);
        assert_true(clock_now() < until);
    }
}

static jrpc_status count(jrpc_peer *peer, int number, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(i)", (xmlrpc_int32)number), *result = NULL;
    assert_non_null(params);
    jrpc_status status = jrpc_call_value(peer, "Count", params, &result, error);
    xmlrpc_DECREF(params);
    if (status == JRPC_OK) {
        xmlrpc_int32 back = -1;
        xmlrpc_read_int(&env, result, &back);
        assert_int_equal(back, number);
        xmlrpc_DECREF(result);
    }
    xmlrpc_env_clean(&env);
    return status;
}

/* ---- one call, cut ---- */

typedef struct counting {
    counted *c;
    int first, calls;
    pthread_t thread;
    unsigned ok, unknown, other;
    jrpc_status last;
    char why[256];
} counting;

static void *count_on(void *argument)
{
    counting *n = argument;
    for (int i = n->first; i < n->first + n->calls; i++) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        do /* UNAVAILABLE says that it has not run: then it may be tried again */
            n->last = count(n->c->p->to_b, i, &error);
        while (n->last == JRPC_E_UNAVAILABLE);
        n->ok += n->last == JRPC_OK;
        pthread_mutex_lock(&n->c->lock);
        n->c->ends[i] = n->last;
        pthread_mutex_unlock(&n->c->lock);
        n->unknown += n->last == JRPC_E_UNKNOWN_OUTCOME;
        n->other += n->last != JRPC_OK && n->last != JRPC_E_UNKNOWN_OUTCOME;
        snprintf(n->why, sizeof n->why, "%s", error.message ? error.message : "");
    }
    return NULL;
}

static void start_counting(counting *n, counted *c, int first, int calls)
{
    *n = (counting){ .c = c, .first = first, .calls = calls };
    assert_int_equal(pthread_create(&n->thread, NULL, count_on, n), 0);
}

static void the_answer_was_lost(void **state)
{
    UNUSED(state);
    counted *c = open_counted();
    assert_int_equal(count(c->p->to_b, 0, NULL), JRPC_OK); /* b is known */
    counting n;
    drop(c, "methodResponse");
    start_counting(&n, c, 1, 1);
    wait_dropped(c);
    assert_int_equal(runs_of(c, 1), 1);
    drop(c, "");
    loopback_cut(c->p->hub, PAIR_A);
    pthread_join(n.thread, NULL);
    assert_int_equal(n.last, JRPC_OK); /* with the answer of the one run */
    assert_int_equal(runs_of(c, 1), 1);
    assert_non_null(strstr(c->last, " again='"));
    assert_int_equal(count(c->p->to_b, 2, NULL), JRPC_OK);
    close_counted(c);
}

static void *slow(void *peer)
{
    return (void *)(intptr_t)pair_slow(peer, NULL);
}

static jrpc_status join(pthread_t thread)
{
    void *result = NULL;
    assert_int_equal(pthread_join(thread, &result), 0);
    return (jrpc_status)(intptr_t)result;
}

static void wait_known(pair *p)
{
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
}

/* a asks again, and b has understood. */
static void wait_asked_again(counted *c)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    for (bool seen = false; !seen; wait_a_moment()) {
        pthread_mutex_lock(&c->lock);
        seen = strstr(c->last, " again='") != NULL;
        pthread_mutex_unlock(&c->lock);
        assert_true(clock_now() < until);
    }
    wait_known(c->p); /* b reads in order */
}

static void it_still_runs(void **state)
{
    UNUSED(state);
    counted *c = open_counted();
    pthread_t thread;
    wait_known(c->p);
    assert_int_equal(pthread_create(&thread, NULL, slow, c->p->to_b), 0);
    pair_wait_waiting(c->p, 1);
    for (int i = 0; i < 3; i++) {
        pthread_mutex_lock(&c->lock);
        *c->last = '\0';
        pthread_mutex_unlock(&c->lock);
        loopback_cut(c->p->hub, PAIR_A);
        wait_asked_again(c);
    }
    pthread_mutex_lock(&c->p->lock);
    assert_int_equal(c->p->waiting, 1);
    pthread_mutex_unlock(&c->p->lock);
    pair_open_gate(c->p);
    assert_int_equal(join(thread), JRPC_OK);
    close_counted(c);
}

static void the_callee_was_restarted(void **state)
{
    UNUSED(state);
    counted *c = open_counted();
    pair *p = c->p;
    counting n;
    assert_int_equal(count(p->to_b, 0, NULL), JRPC_OK);
    drop(c, "methodResponse");
    start_counting(&n, c, 1, 1);
    wait_dropped(c);
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    pair_wait_state(p->a, SESSION_OFFLINE);
    pair_close_b(p);
    drop(c, "");
    atomic_store(&p->fence, JRPC_OK);
    jrpc_session *other = NULL;
    assert_int_equal(pair_session(p, PAIR_B, NULL, &other, NULL), JRPC_OK);
    assert_int_equal(jrpc_serve_value(other, "Count", serve_count, c, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_session_allow(other, "*@localhost", NULL), JRPC_OK);
    pthread_join(n.thread, NULL);
    assert_int_equal(n.last, JRPC_E_UNKNOWN_OUTCOME);
    assert_non_null(strstr(n.why, "restarted"));
    assert_int_equal(runs_of(c, 1), 1);
    assert_int_equal(count(p->to_b, 2, NULL), JRPC_OK); /* and on with the other one */
    jrpc_session_close(other);
    close_counted(c);
}

static void wait_asked(counted *c, unsigned times)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    for (unsigned asked = 0; asked < times; wait_a_moment()) {
        pthread_mutex_lock(&c->lock);
        asked = c->asked;
        pthread_mutex_unlock(&c->lock);
        assert_true(clock_now() < until);
    }
}

static void set_retry(jrpc_session *session, uint32_t most_ms, int64_t at)
{
    pthread_mutex_lock(&session->lock);
    session->settings.reconnect_ms = session->settings.reconnect_most_ms = most_ms;
    session->retry_at = at;
    session_wake(session);
    pthread_mutex_unlock(&session->lock);
}

/* Both are cut off; the caller is back before the callee, which alone can tell what it has run. */
static void the_callee_comes_back_later(void **state)
{
    UNUSED(state);
    counted *c = open_counted();
    pair *p = c->p;
    counting n;
    assert_int_equal(count(p->to_b, 0, NULL), JRPC_OK);
    drop(c, "methodResponse");
    start_counting(&n, c, 1, 1);
    wait_dropped(c);
    drop(c, "");
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    loopback_cut(p->hub, PAIR_B);
    pair_wait_state(p->a, SESSION_OFFLINE);
    pair_wait_state(p->b, SESSION_OFFLINE);
    set_retry(p->b, 1 << 30, CLOCK_NEVER);
    pthread_mutex_lock(&c->lock);
    c->asked = 0;
    pthread_mutex_unlock(&c->lock);
    atomic_store(&p->fence, JRPC_OK);
    wait_asked(c, 3);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_E_UNAVAILABLE); /* what is new does not wait */
    set_retry(p->b, 10, clock_now());
    pthread_join(n.thread, NULL);
    assert_int_equal(n.last, JRPC_OK);
    assert_int_equal(runs_of(c, 1), 1);
    assert_non_null(strstr(c->last, " again='"));
    close_counted(c);
}

static void the_callee_is_gone(void **state)
{
    UNUSED(state);
    counted *c = open_counted_for(2000);
    counting n;
    assert_int_equal(count(c->p->to_b, 0, NULL), JRPC_OK);
    drop(c, "methodResponse");
    start_counting(&n, c, 1, 1);
    wait_dropped(c);
    atomic_store(&c->p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(c->p->hub, PAIR_A);
    pair_wait_state(c->p->a, SESSION_OFFLINE);
    pair_close_b(c->p);
    atomic_store(&c->p->fence, JRPC_OK);
    pthread_join(n.thread, NULL);
    assert_int_equal(n.last, JRPC_E_UNKNOWN_OUTCOME); /* not UNAVAILABLE: it may have run, and it did */
    assert_non_null(strstr(n.why, "not back within 2000 ms"));
    close_counted(c);
}

/* ---- many calls, many cuts ---- */

static bool says_that_it_has_not_run(jrpc_status status)
{
    return status == JRPC_E_UNAVAILABLE || status == JRPC_E_NO_SUCH_METHOD || status == JRPC_E_REFUSED ||
           status == JRPC_E_BUSY || status == JRPC_E_TOO_LARGE;
}

static void nothing_runs_twice(void **state)
{
    UNUSED(state);
    enum { THREADS = 8, CALLS = 60 };
    counted *c = open_counted();
    counting all[THREADS];
    for (int i = 0; i < THREADS; i++)
        start_counting(&all[i], c, i * CALLS, CALLS);
    for (int i = 0; i < 40; i++) {
        nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
        loopback_cut(c->p->hub, i % 3 ? PAIR_A : PAIR_B);
        pair_wait_state(c->p->a, SESSION_ONLINE);
        pair_wait_state(c->p->b, SESSION_ONLINE);
    }
    unsigned ok = 0, other = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(all[i].thread, NULL);
        ok += all[i].ok;
        other += all[i].other;
    }
    unsigned runs = 0;
    for (int i = 0; i < THREADS * CALLS; i++) {
        assert_true(c->runs[i] <= 1);
        if (c->ends[i] == JRPC_OK)
            assert_int_equal(c->runs[i], 1); /* what was answered has run */
        else if (says_that_it_has_not_run(c->ends[i]))
            assert_int_equal(c->runs[i], 0);
        runs += c->runs[i];
    }
    assert_true(ok > 0);
    print_message("%u calls answered, %u run, %u ended otherwise\n", ok, runs, other);
    close_counted(c);
}

/* ---- deadlines ---- */

static jrpc_status serve_left(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    int64_t *left = userdata;
    *left = jrpc_call_time_left(call);
    UNUSED(ret_result);
    return JRPC_OK;
}

static void handlers_see_the_deadline(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    int64_t left = -2;
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_serve_value(p->b, "Left", serve_left, &left, NULL, NULL), JRPC_OK);
    jrpc_peer_set_timeout(p->to_b, 9000);
    assert_int_equal(jrpc_call_value(p->to_b, "Left", NULL, &result, NULL), JRPC_OK);
    xmlrpc_DECREF(result);
    assert_true(left > 0 && left <= 9000);
    jrpc_peer_set_timeout(p->to_b, JRPC_NO_TIMEOUT);
    assert_int_equal(jrpc_call_value(p->to_b, "Left", NULL, &result, NULL), JRPC_OK);
    xmlrpc_DECREF(result);
    assert_int_equal(left, -1);
    pair_close(p);
}

/* Both workers wait at the gate; what is queued behind them is late when its turn comes. */
static void late_calls_are_not_run(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.workers = 1;
    pair *p = pair_open_two(NULL, &options);
    pthread_t thread;
    wait_known(p);
    assert_int_equal(pthread_create(&thread, NULL, slow, p->to_b), 0);
    pair_wait_waiting(p, 1);
    jrpc_peer *hasty = NULL;
    assert_int_equal(jrpc_peer_new(p->a, PAIR_B, &hasty, NULL), JRPC_OK);
    jrpc_peer_set_timeout(hasty, 20);
    const jrpc_method *method = pair_method("TwoCalls"); /* it would leave its traces in nested */
    assert_int_equal(jrpc_invoke(hasty, method, NULL, NULL, NULL), JRPC_E_TIMEOUT);
    p->nested[0] = 99;
    char *text = NULL; /* when this is answered b has read the call before it, and begun to count its 20 ms */
    assert_int_equal(jrpc_iq_send_and_wait(p->a, PAIR_B, "get", "<ping xmlns='urn:xmpp:ping'/>", 0, &text, NULL), JRPC_OK);
    jrpc_free(text);
    for (int64_t late = clock_after(clock_now(), 20); clock_now() <= late;)
        wait_a_moment();
    pair_open_gate(p);
    assert_int_equal(join(thread), JRPC_OK);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* after it */
    assert_int_equal(p->nested[0], 99);
    assert_int_equal(atomic_load(&p->b->server->expired), 1);
    jrpc_peer_free(hasty);
    pair_close(p);
}

static jrpc_status serve_outer(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    counted *c = userdata;
    if (jrpc_call_time_left(call) > 100000)
        jrpc_call_detach(call);
    c->p->nested[0] = pair_slow(c->p->to_a, NULL);
    return JRPC_OK;
}

/* The inner call would wait for 30 seconds. */
static void nested_calls_have_no_longer(void **state)
{
    UNUSED(state);
    counted *c = open_counted();
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_serve_value(c->p->b, "Outer", serve_outer, c, NULL, NULL), JRPC_OK);
    wait_known(c->p);
    jrpc_peer_set_timeout(c->p->to_b, 300);
    c->p->nested[0] = 99;
    jrpc_status status = jrpc_call_value(c->p->to_b, "Outer", NULL, &result, NULL);
    assert_true(status == JRPC_E_TIMEOUT || status == JRPC_OK); /* both end at the same moment */
    if (status == JRPC_OK)
        xmlrpc_DECREF(result);
    pair_wait_pending(c->p->b, 0); /* not when pair_close() opens the gate */
    pair_close_b(c->p);            /* waits for the handler */
    assert_int_equal(c->p->nested[0], JRPC_E_TIMEOUT);
    close_counted(c);
}

/* ---- traces ---- */

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define TRACE_ID "0af7651916cd43dd8448eb211c80319c"

typedef struct tracing {
    pair *p;
    char outer[64], inner[64];
} tracing;

static jrpc_status serve_inner(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    tracing *t = userdata;
    snprintf(t->inner, sizeof t->inner, "%s", jrpc_call_traceparent(call));
    return JRPC_OK;
}

static jrpc_status serve_traced(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    tracing *t = userdata;
    snprintf(t->outer, sizeof t->outer, "%s", jrpc_call_traceparent(call));
    return jrpc_call_value(t->p->to_a, "Inner", NULL, ret_result, NULL);
}

static void call_traced(tracing *t)
{
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_call_value(t->p->to_b, "Traced", NULL, &result, NULL), JRPC_OK);
    xmlrpc_DECREF(result);
}

static void a_trace_goes_through_all(void **state)
{
    UNUSED(state);
    tracing t = { .p = pair_open(NULL), .outer = "?", .inner = "?" };
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(jrpc_serve_value(t.p->b, "Traced", serve_traced, &t, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_serve_value(t.p->a, "Inner", serve_inner, &t, NULL, NULL), JRPC_OK);
    call_traced(&t);
    assert_string_equal(t.outer, "");
    assert_string_equal(t.inner, "");
    assert_int_equal(jrpc_trace_set(TRACE, &error), JRPC_OK);
    call_traced(&t);
    assert_memory_equal(t.outer, "00-" TRACE_ID "-", 36);
    assert_memory_equal(t.inner, "00-" TRACE_ID "-", 36);
    assert_int_equal(strlen(t.inner), 55);
    assert_string_equal(t.inner + 52, "-01");
    assert_null(strstr(t.outer, "b7ad6b7169203331")); /* each call has a span of its own */
    assert_string_not_equal(t.outer, t.inner);
    assert_int_equal(jrpc_trace_set("00-xyz", &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_trace_set(NULL, &error), JRPC_OK);
    call_traced(&t);
    assert_string_equal(t.outer, "");
    assert_string_equal(t.inner, ""); /* the worker has forgotten it */
    pair_close(t.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_was_lost),
        cmocka_unit_test(it_still_runs),
        cmocka_unit_test(the_callee_was_restarted),
        cmocka_unit_test(the_callee_comes_back_later),
        cmocka_unit_test(the_callee_is_gone),
        cmocka_unit_test(nothing_runs_twice),
        cmocka_unit_test(handlers_see_the_deadline),
        cmocka_unit_test(late_calls_are_not_run),
        cmocka_unit_test(nested_calls_have_no_longer),
        cmocka_unit_test(a_trace_goes_through_all),
    };
    return cmocka_run_group_tests_name("scenario: again", tests, NULL, NULL);
}
