/* SPDX-License-Identifier: MIT */
/* Calls that are given up: what the callee hears of that, from whom, and what races with it. */
#include "pair.h"

#include <jrpc/xmlrpc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define NS "urn:x-jabber-rpc:0"

/* ---- a method that runs until nobody wants it ---- */

typedef struct patient {
    pair *p;
    atomic_uint begun, seen; /* handlers; those that saw that they were given up */
    atomic_bool release;     /* they may return without that */
    atomic_uint cancels;     /* messages of a to b */
    pthread_mutex_t lock;
    char id[128]; /* of a's last call */
} patient;

static void wait_a_moment(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
}

static void wait_count(atomic_uint *counter, unsigned wanted)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    for (; atomic_load(counter) < wanted; wait_a_moment())
        assert_true(clock_now() < until);
}

static jrpc_status serve_patient(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    patient *t = userdata;
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    atomic_fetch_add(&t->begun, 1);
    while (!jrpc_call_cancelled(call) && !atomic_load(&t->release) && clock_now() < until)
        wait_a_moment();
    atomic_fetch_add(&t->seen, jrpc_call_cancelled(call));
    return JRPC_OK;
}

static bool look(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    patient *t = userdata;
    UNUSED(len);
    UNUSED(to);
    if (strcmp(from, PAIR_A) != 0)
        return true;
    pthread_mutex_lock(&t->lock);
    if (pair_is_request(stanza))
        pair_id(stanza, t->id, sizeof t->id);
    pthread_mutex_unlock(&t->lock);
    if (strstr(stanza, "<cancel "))
        atomic_fetch_add(&t->cancels, 1);
    return true;
}

static patient *open_patient(unsigned workers)
{
    patient *t = calloc(1, sizeof *t);
    assert_non_null(t);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.workers = workers;
    pthread_mutex_init(&t->lock, NULL);
    t->p = pair_open(&options);
    assert_int_equal(jrpc_serve_value(t->p->b, "Patient", serve_patient, t, NULL, NULL), JRPC_OK);
    loopback_set_filter(t->p->hub, look, t);
    return t;
}

static void close_patient(patient *t)
{
    atomic_store(&t->release, true);
    pair_close(t->p);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* The same method by table, so that there is a future. */
static const jrpc_method patient_method = { .name = "Patient", .wire_name = "Patient", .interface_ = &pair_interface };

static jrpc_future *send_patient(patient *t)
{
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(t->p->to_b, &patient_method, NULL, NULL, NULL, &future, NULL), JRPC_OK);
    return future;
}

static jrpc_status finish(jrpc_future *future)
{
    return jrpc_finish(future, &patient_method, NULL, NULL);
}

/* ---- what is heard ---- */

static void a_running_handler_sees_it(void **state)
{
    UNUSED(state);
    patient *t = open_patient(2);
    jrpc_future *future = send_patient(t);
    wait_count(&t->begun, 1);
    jrpc_future_cancel(future);
    assert_int_equal(finish(future), JRPC_E_CANCELLED);
    wait_count(&t->seen, 1);
    future = send_patient(t);
    wait_count(&t->begun, 2);
    jrpc_future_free(future); /* gives it up as well */
    wait_count(&t->seen, 2);
    assert_int_equal(atomic_load(&t->cancels), 2);
    close_patient(t);
}

static void a_queued_call_is_not_run(void **state)
{
    UNUSED(state);
    patient *t = open_patient(1);
    jrpc_future *running = send_patient(t);
    wait_count(&t->begun, 1);
    jrpc_future *queued = send_patient(t);
    pair_wait_flushed(t->p->a);
    jrpc_future_cancel(queued);
    assert_int_equal(finish(queued), JRPC_E_CANCELLED);
    char *text = NULL; /* what b answers to this comes after it has read the cancel */
    assert_int_equal(jrpc_iq_send_and_wait(t->p->a, PAIR_B, "get", "<ping xmlns='urn:xmpp:ping'/>", 0, &text, NULL), JRPC_OK);
    jrpc_free(text);
    atomic_store(&t->release, true);
    assert_int_equal(finish(running), JRPC_OK);
    int32_t sum = 0;
    assert_int_equal(pair_add(t->p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* behind it */
    assert_int_equal(atomic_load(&t->begun), 1);
    close_patient(t);
}

static void closing_gives_up(void **state)
{
    UNUSED(state);
    patient *t = open_patient(2);
    jrpc_future *future = send_patient(t);
    wait_count(&t->begun, 1);
    jrpc_peer *peer = TAKE_PTR(t->p->to_b);
    jrpc_session *session = TAKE_PTR(t->p->a);
    jrpc_future_free(future);
    jrpc_session_close(session);
    jrpc_peer_free(peer);
    wait_count(&t->seen, 1);
    close_patient(t);
}

static void the_end_of_its_time_is_seen(void **state)
{
    UNUSED(state);
    patient *t = open_patient(2);
    unsigned begun = 0;
    int32_t sum = 0; /* b is known afterwards: a first call in a hurry leaves without its deadline */
    assert_int_equal(pair_add(t->p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    for (uint32_t ms = 50; begun == 0; ms *= 2) { /* on a busy machine its time is over before it begins */
        assert_true(ms <= PAIR_PATIENCE_MS);
        jrpc_peer_set_timeout(t->p->to_b, ms);
        jrpc_status status = finish(send_patient(t));
        assert_true(status == JRPC_E_TIMEOUT || status == JRPC_OK); /* both sides see it at the same moment */
        begun = atomic_load(&t->begun);
    }
    wait_count(&t->seen, 1);
    assert_int_equal(atomic_load(&t->cancels), 0);
    close_patient(t);
}

/* ---- what is not heard ---- */

static void only_its_caller_cancels(void **state)
{
    UNUSED(state);
    patient *t = open_patient(2);
    jrpc_future *future = send_patient(t);
    wait_count(&t->begun, 1);
    static const char *const others[] = { "peer-a@localhost/other", "peer-a@localhost", "mallory@localhost/rpc",
                                          "peer-a@localhost/rpc2", "localhost" };
    char id[128];
    pthread_mutex_lock(&t->lock);
    memcpy(id, t->id, sizeof id);
    pthread_mutex_unlock(&t->lock);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        pair_inject(t->p, PAIR_B, "<message type='headline' from='%s'><cancel xmlns='" NS "' id='%s'/></message>", others[i],
                    id);
    pair_inject(t->p, PAIR_B, "<message from='" PAIR_A "'><cancel xmlns='" NS "' id='%s0'/></message>", id);
    pair_inject(t->p, PAIR_B, "<message from='" PAIR_A "'><cancel xmlns='" NS "'/></message>");
    pair_inject(t->p, PAIR_B, "<message from='" PAIR_A "'><cancel xmlns='urn:other' id='%s'/></message>", id);
    pair_inject(t->p, PAIR_B, "<message type='error' from='" PAIR_A "'><cancel xmlns='" NS "' id='%s'/></message>", id);
    pair_inject(t->p, PAIR_B, "<message><cancel xmlns='" NS "' id='%s'/></message>", id);
    int32_t sum = 0;
    assert_int_equal(pair_add(t->p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* b has read them all */
    atomic_store(&t->release, true);
    assert_int_equal(finish(future), JRPC_OK);
    assert_int_equal(atomic_load(&t->seen), 0);
    close_patient(t);
}

static void others_are_not_told(void **state)
{
    UNUSED(state);
    patient *t = open_patient(2);
    pair_take_b_for_plain(t->p);
    jrpc_future *future = send_patient(t);
    wait_count(&t->begun, 1);
    jrpc_future_cancel(future);
    assert_int_equal(finish(future), JRPC_E_CANCELLED);
    int32_t sum = 0;
    assert_int_equal(pair_add(t->p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    assert_int_equal(atomic_load(&t->cancels), 0);
    close_patient(t);
}

/* ---- races ---- */

typedef struct canceller {
    jrpc_future **futures;
    size_t count;
} canceller;

static void *cancel_all(void *argument)
{
    const canceller *c = argument;
    for (size_t i = 0; i < c->count; i++)
        jrpc_future_cancel(c->futures[i]);
    return NULL;
}

static void cancelling_races_with_answers(void **state)
{
    UNUSED(state);
    enum { CALLS = 40, ROUNDS = 10 };
    pair *p = pair_open(NULL);
    const jrpc_method *add = pair_method("Add");
    unsigned answered = 0, cancelled = 0;
    for (int round = 0; round < ROUNDS; round++) {
        jrpc_future *futures[CALLS];
        pthread_t thread;
        canceller c = { futures, CALLS };
        for (int32_t i = 0; i < CALLS; i++)
            assert_int_equal(jrpc_send(p->to_b, add, (const void *[]){ &i, &i }, NULL, NULL, &futures[i], NULL), JRPC_OK);
        size_t index;
        if (round % 2) /* in the middle of the answers */
            assert_int_equal(jrpc_wait_any(futures, CALLS, -1, &index, NULL), JRPC_OK);
        assert_int_equal(pthread_create(&thread, NULL, cancel_all, &c), 0);
        pthread_join(thread, NULL);
        for (int32_t i = 0; i < CALLS; i++) {
            int32_t sum = 0;
            jrpc_status status = jrpc_finish(futures[i], add, (void *[]){ &sum }, NULL);
            answered += status == JRPC_OK && sum == 2 * i;
            cancelled += status == JRPC_E_CANCELLED && sum == 0;
        }
    }
    assert_int_equal(answered + cancelled, CALLS * ROUNDS);
    pair_wait_pending(p->a, 0);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    print_message("%u answered, %u cancelled\n", answered, cancelled);
    pair_close(p);
}

/* Deferred calls are answered while they are cancelled, and while their server goes. */
static void cancelling_races_with_late_answers(void **state)
{
    UNUSED(state);
    for (int round = 0; round < 20; round++) {
        pair *p = pair_open(NULL);
        const jrpc_method *later = pair_method("Later");
        jrpc_future *futures[8];
        pthread_t thread;
        canceller c = { futures, COUNT_OF(futures) };
        for (int32_t i = 0; i < 8; i++)
            assert_int_equal(jrpc_send(p->to_b, later, (const void *[]){ &i }, NULL, NULL, &futures[i], NULL), JRPC_OK);
        pair_wait_later(p, 8);
        assert_int_equal(pthread_create(&thread, NULL, cancel_all, &c), 0);
        for (int i = 0; i < 4; i++)
            pair_answer_later(p->later[i], i);
        if (round % 2)
            pair_close_b(p);
        for (int i = 4; i < 8; i++)
            pair_answer_later(p->later[i], i);
        pthread_join(thread, NULL);
        for (int i = 0; i < 8; i++) {
            int32_t twice = 0;
            jrpc_status status = jrpc_finish(futures[i], later, (void *[]){ &twice }, NULL);
            assert_true(status == JRPC_OK || status == JRPC_E_CANCELLED || status == JRPC_E_UNAVAILABLE);
        }
        pair_close(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_handler_sees_it),
        cmocka_unit_test(a_queued_call_is_not_run),
        cmocka_unit_test(closing_gives_up),
        cmocka_unit_test(the_end_of_its_time_is_seen),
        cmocka_unit_test(only_its_caller_cancels),
        cmocka_unit_test(others_are_not_told),
        cmocka_unit_test(cancelling_races_with_answers),
        cmocka_unit_test(cancelling_races_with_late_answers),
    };
    return cmocka_run_group_tests_name("scenario: cancel", tests, NULL, NULL);
}
