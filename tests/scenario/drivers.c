/* SPDX-License-Identifier: MIT */
/* Who drives: whoever waits, or an event loop; workers that wait; and what sessions tell of themselves. */
#include "pair.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static pthread_t start(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
    return thread;
}

static jrpc_status join(pthread_t thread)
{
    void *result = NULL;
    assert_int_equal(pthread_join(thread, &result), 0);
    return (jrpc_status)(intptr_t)result;
}

static jrpc_session_options caller_options(void)
{
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.mode = JRPC_MODE_CALLER;
    options.small_stack = true; /* the stanzas here are small, and so may be the stacks of test machines */
    return options;
}

/* ---- whoever waits drives ---- */

static void the_caller_drives(void **state)
{
    UNUSED(state);
    const jrpc_session_options options = caller_options();
    pair *p = pair_open_two(&options, NULL);
    int32_t sum = 0;
    for (int32_t i = 0; i < 100; i++) {
        assert_int_equal(pair_add(p->to_b, i, 1, &sum, NULL), JRPC_OK);
        assert_int_equal(sum, i + 1);
    }
    assert_int_equal(pair_missing(p->to_b, NULL), JRPC_E_NO_SUCH_METHOD);
    assert_true(jrpc_session_fd(p->a) >= 0);
    assert_int_equal(jrpc_session_events(p->a), POLLIN);
    assert_int_equal(jrpc_session_fd(p->b), -1);
    assert_int_equal(jrpc_session_events(p->b), 0);
    assert_int_equal(jrpc_session_process(p->b, NULL), JRPC_E_INVALID);
    pair_close(p);
}

static void *serve_until_interrupted(void *session)
{
    return (void *)(intptr_t)jrpc_session_wait(session, -1, NULL);
}

static void waiting_serves(void **state)
{
    UNUSED(state);
    const jrpc_session_options options = caller_options();
    pair *p = pair_open(&options);
    pthread_t serving = start(serve_until_interrupted, p->b);
    int32_t sum = 0;
    for (int32_t i = 0; i < 100; i++)
        assert_int_equal(pair_add(p->to_b, i, 1, &sum, NULL), JRPC_OK);
    assert_int_equal(pair_nest(p->to_b, 4, &sum, NULL), JRPC_OK);
    assert_int_equal(sum, 10);
    jrpc_session_interrupt(p->b);
    assert_int_equal(join(serving), JRPC_OK);
    pair_close(p);
}

typedef struct caller {
    jrpc_peer *peer;
    int32_t number;
} caller;

static void *call_many(void *argument)
{
    const caller *c = argument;
    intptr_t wrong = 0;
    for (int32_t i = 0; i < 200; i++) {
        int32_t sum = 0;
        wrong += pair_add(c->peer, c->number, i, &sum, NULL) != JRPC_OK || sum != c->number + i;
    }
    return (void *)wrong;
}

static void many_callers_take_turns(void **state)
{
    UNUSED(state);
    enum { THREADS = 12 };
    const jrpc_session_options options = caller_options();
    pair *p = pair_open_two(&options, NULL);
    caller callers[THREADS];
    pthread_t threads[THREADS];
    for (int32_t i = 0; i < THREADS; i++) {
        callers[i] = (caller){ p->to_b, i * 1000 };
        threads[i] = start(call_many, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(join(threads[i]), 0);
    pair_close(p);
}

static bool drop_requests(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(userdata);
    UNUSED(from);
    UNUSED(to);
    UNUSED(len);
    return !pair_is_request(stanza);
}

typedef struct patient {
    pair *p;
    uint32_t timeout_ms;
    int64_t took;
} patient;

static void *wait_in_vain(void *argument)
{
    patient *w = argument;
    jrpc_peer *peer = NULL;
    int64_t started = clock_now();
    if (jrpc_peer_new(w->p->a, PAIR_B, &peer, NULL) != JRPC_OK)
        return NULL;
    jrpc_peer_set_timeout(peer, w->timeout_ms);
    jrpc_status status = pair_slow(peer, NULL);
    w->took = pair_since(started);
    jrpc_peer_free(peer);
    return (void *)(intptr_t)status;
}

/* The one who drives may be the first whose time is over: another must take its place. */
static void each_caller_keeps_its_deadline(void **state)
{
    UNUSED(state);
    enum { THREADS = 8 };
    const jrpc_session_options options = caller_options();
    pair *p = pair_open_two(&options, NULL);
    loopback_set_filter(p->hub, drop_requests, NULL);
    patient patients[THREADS];
    pthread_t threads[THREADS];
    for (uint32_t i = 0; i < THREADS; i++) {
        patients[i] = (patient){ p, 40 * (i % 4 + 1), 0 };
        threads[i] = start(wait_in_vain, &patients[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(join(threads[i]), JRPC_E_TIMEOUT);
        assert_true(patients[i].took >= patients[i].timeout_ms &&
                    patients[i].took < patients[i].timeout_ms + PAIR_PATIENCE_MS);
    }
    pair_close(p);
}

static void *slow(void *peer)
{
    return (void *)(intptr_t)pair_slow(peer, NULL);
}

static void closing_ends_the_drivers_call(void **state)
{
    UNUSED(state);
    enum { THREADS = 5 };
    const jrpc_session_options options = caller_options();
    for (int round = 0; round < 10; round++) {
        pair *p = pair_open_two(&options, NULL);
        int32_t sum = 0;
        assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* from now on only calls are pending */
        pthread_t threads[THREADS];
        for (int i = 0; i < THREADS; i++)
            threads[i] = start(slow, p->to_b);
        pair_wait_pending(p->a, THREADS);
        jrpc_peer *peer = TAKE_PTR(p->to_b);
        jrpc_session_close(TAKE_PTR(p->a));
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(join(threads[i]), JRPC_E_CANCELLED);
        jrpc_peer_free(peer);
        pair_close(p);
    }
}

static void it_comes_back_while_somebody_waits(void **state)
{
    UNUSED(state);
    const jrpc_session_options options = caller_options();
    pair *p = pair_open_two(&options, NULL);
    int32_t sum = 0;
    loopback_cut(p->hub, PAIR_A);
    jrpc_status status =
        pair_add(p->to_b, 1, 2, &sum, NULL); /* may have been handed to the stream that was cut */
    assert_true(status == JRPC_OK || status == JRPC_E_DISCONNECTED);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    assert_int_equal(sum, 3);
    pair_close(p);
}

static void futures_are_driven_by_those_who_wait(void **state)
{
    UNUSED(state);
    const jrpc_session_options options = caller_options();
    pair *p = pair_open_two(&options, NULL);
    jrpc_future *futures[20];
    for (int32_t i = 0; i < 20; i++)
        assert_int_equal(
            jrpc_send(p->to_b, pair_method("Add"), (const void *[]){ &i, &i }, NULL, NULL, &futures[i], NULL),
            JRPC_OK);
    size_t index = 99;
    assert_int_equal(jrpc_wait_any(futures, 20, -1, &index, NULL), JRPC_OK);
    assert_true(index < 20);
    assert_int_equal(jrpc_wait_all(futures, 20, -1, NULL), JRPC_OK);
    for (int32_t i = 0; i < 20; i++) {
        int32_t sum = 0;
        assert_int_equal(jrpc_finish(futures[i], pair_method("Add"), (void *[]){ &sum }, NULL), JRPC_OK);
        assert_int_equal(sum, 2 * i);
    }
    pair_close(p);
}

/* ---- an event loop of one's own ---- */

typedef struct loop {
    pair *p;
    unsigned finished, right;
} loop;

/* One turn of a loop that watches both sessions; false when nothing came for long. */
static bool turn(loop *l)
{
    struct pollfd fds[2] = { { jrpc_session_fd(l->p->a), jrpc_session_events(l->p->a), 0 },
                             { jrpc_session_fd(l->p->b), jrpc_session_events(l->p->b), 0 } };
    int of_a = jrpc_session_timeout(l->p->a), of_b = jrpc_session_timeout(l->p->b);
    int timeout = of_a >= 0 && (of_b < 0 || of_a < of_b) ? of_a : of_b;
    int ready = poll(fds, 2, timeout < 0 || timeout > 5000 ? 5000 : timeout);
    assert_int_equal(jrpc_session_process(l->p->a, NULL), JRPC_OK);
    assert_int_equal(jrpc_session_process(l->p->b, NULL), JRPC_OK);
    return ready > 0 || timeout >= 0;
}

static void count_sum(jrpc_future *future, void *userdata)
{
    loop *l = userdata;
    int32_t sum = 0;
    jrpc_status status = jrpc_finish(future, pair_method("Add"), (void *[]){ &sum }, NULL);
    l->right += status == JRPC_OK && sum == 5;
    l->right += jrpc_session_process(l->p->a, NULL) == JRPC_E_DEADLOCK;
    l->finished++;
}

static void a_loop_drives_both_sides(void **state)
{
    UNUSED(state);
    jrpc_session_options options = caller_options();
    options.inline_handlers = true; /* no thread at all */
    loop l = { .p = pair_open(&options) };
    int32_t a = 2, b = 3;
    for (int i = 0; i < 50; i++)
        assert_int_equal(
            jrpc_send(l.p->to_b, pair_method("Add"), (const void *[]){ &a, &b }, count_sum, &l, NULL, NULL),
            JRPC_OK);
    while (l.finished < 50)
        assert_true(turn(&l));
    assert_int_equal(l.right, 100);
    pair_close(l.p);
}

/* What a worker has to send must wake the loop, also after this thread has driven by waiting. */
static void workers_wake_the_loop(void **state)
{
    UNUSED(state);
    const jrpc_session_options options = caller_options();
    loop l = { .p = pair_open(&options) };
    jrpc_session *other = NULL;
    jrpc_peer *to_other = NULL;
    int32_t a = 2, b = 3;
    char *text = NULL;
    assert_int_equal(pair_session(l.p, "other@localhost/x", NULL, &other, NULL), JRPC_OK);
    assert_int_equal(jrpc_peer_new(l.p->b, "other@localhost/x", &to_other, NULL), JRPC_OK);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(
            jrpc_send(l.p->to_b, pair_method("Add"), (const void *[]){ &a, &b }, count_sum, &l, NULL, NULL),
            JRPC_OK);
        /* b is driven for a moment by this call; the request of a may come meanwhile and go to a worker. */
        assert_int_equal(jrpc_session_process(l.p->a, NULL), JRPC_OK);
        assert_int_equal(jrpc_iq_send_and_wait(l.p->b, "other@localhost/x", "get",
                                               "<ping xmlns='urn:xmpp:ping'/>", 0, &text, NULL),
                         JRPC_OK);
        jrpc_free(text);
        int64_t started = clock_now();
        while (l.finished <= i)
            turn(&l);
        assert_true(pair_since(started) < 3000); /* not found by chance when the loop came round */
    }
    assert_int_equal(l.right, 100);
    jrpc_peer_free(to_other);
    jrpc_session_close(other);
    pair_close(l.p);
}

/* ---- what sessions tell ---- */

typedef struct diary {
    pthread_mutex_t lock;
    char text[1024];
} diary;

static void write_diary(jrpc_session *session, jrpc_state state, void *userdata)
{
    UNUSED(session);
    static const char *const words[] = { "online ", "offline ", "ended " };
    diary *d = userdata;
    pthread_mutex_lock(&d->lock);
    if (strlen(d->text) + sizeof "offline " < sizeof d->text)
        strcat(d->text, words[state]);
    pthread_mutex_unlock(&d->lock);
}

/* The session is in a state a moment before the program is told of it; one that ends in that moment is not told of. */
static void wait_told(diary *d, const char *expected)
{
    int64_t until = clock_after(clock_now(), 30000);
    bool told = false;
    while (!told && clock_now() < until) {
        pthread_mutex_lock(&d->lock);
        told = strcmp(d->text, expected) == 0;
        pthread_mutex_unlock(&d->lock);
        if (!told)
            poll(NULL, 0, 1);
    }
    assert_true(told);
}

static void changes_are_told(void **state)
{
    UNUSED(state);
    diary d = { .lock = PTHREAD_MUTEX_INITIALIZER };
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.state_changed = write_diary;
    options.state_userdata = &d;
    pair *p = pair_open_two(&options, NULL);
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    wait_told(&d, "online offline ");
    atomic_store(&p->fence, JRPC_OK);
    wait_told(&d, "online offline online ");
    pair_close(p);
    assert_string_equal(d.text, "online offline online ended ");
}

static bool drop_pings(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    UNUSED(len);
    atomic_uint *dropped = userdata;
    if (strcmp(from, PAIR_A) != 0 || !strstr(stanza, "urn:xmpp:ping"))
        return true;
    atomic_fetch_add(dropped, 1);
    return false;
}

static void a_dead_link_is_noticed(void **state)
{
    UNUSED(state);
    diary d = { .lock = PTHREAD_MUTEX_INITIALIZER };
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.keepalive_ms = 30;
    options.keepalive_timeout_ms = 50;
    options.state_changed = write_diary;
    options.state_userdata = &d;
    pair *p = pair_open_two(&options, NULL);
    atomic_uint dropped = 0;
    pair_take_b_for_plain(p);
    pthread_t calling = start(slow, p->to_b);
    pair_wait_waiting(p, 1);
    loopback_set_filter(p->hub, drop_pings, &dropped);
    assert_int_equal(join(calling), JRPC_E_DISCONNECTED);
    loopback_set_filter(p->hub, NULL, NULL);
    assert_true(atomic_load(&dropped) >= 1);
    pair_wait_state(p->a, SESSION_ONLINE);
    int32_t sum = 0;
    jrpc_status status;
    do /* it may be cut once more, by a ping that was dropped before */
        status = pair_add(p->to_b, 1, 2, &sum, NULL);
    while (status == JRPC_E_DISCONNECTED);
    assert_int_equal(status, JRPC_OK);
    pair_close(p);
    assert_non_null(strstr(d.text, "online offline online "));
}

static void a_live_link_is_left_alone(void **state)
{
    UNUSED(state);
    diary d = { .lock = PTHREAD_MUTEX_INITIALIZER };
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.keepalive_ms = 5;
    options.keepalive_timeout_ms = 2000;
    options.state_changed = write_diary;
    options.state_userdata = &d;
    pair *p = pair_open_two(&options, NULL);
    assert_int_equal(jrpc_session_wait(p->a, 200, NULL), JRPC_E_TIMEOUT);
    pair_close(p);
    assert_string_equal(d.text, "online ended ");
}

/* ---- workers that wait ---- */

static void one_worker_is_enough_for_nested_calls(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.workers = 1;
    options.call_timeout_ms = 10000;
    pair *p = pair_open(&options);
    for (int round = 0; round < 20; round++) {
        int32_t sum = 0;
        assert_int_equal(pair_nest(p->to_b, 10, &sum, NULL), JRPC_OK);
        assert_int_equal(sum, 55);
    }
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caller_drives),
        cmocka_unit_test(waiting_serves),
        cmocka_unit_test(many_callers_take_turns),
        cmocka_unit_test(each_caller_keeps_its_deadline),
        cmocka_unit_test(closing_ends_the_drivers_call),
        cmocka_unit_test(it_comes_back_while_somebody_waits),
        cmocka_unit_test(futures_are_driven_by_those_who_wait),
        cmocka_unit_test(a_loop_drives_both_sides),
        cmocka_unit_test(workers_wake_the_loop),
        cmocka_unit_test(changes_are_told),
        cmocka_unit_test(a_dead_link_is_noticed),
        cmocka_unit_test(a_live_link_is_left_alone),
        cmocka_unit_test(one_worker_is_enough_for_nested_calls),
    };
    return cmocka_run_group_tests_name("scenario: drivers", tests, NULL, NULL);
}
