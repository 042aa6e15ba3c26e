/* SPDX-License-Identifier: MIT */
/* What both sessions write down of calls between them. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

typedef struct wanted {
    jrpc_side side;
    const char *method; /* NULL: the side's total */
    jrpc_status status;
    uint64_t calls;
} wanted;

static void look(const jrpc_call_stats *stats, void *userdata)
{
    wanted *w = userdata;
    if (stats->side != w->side || stats->peer || !stats->method != !w->method ||
        (w->method && strcmp(stats->method, w->method) != 0))
        return;
    for (size_t i = 0; i < stats->status_count; i++) {
        if (stats->statuses[i].status == w->status)
            w->calls = stats->statuses[i].calls;
    }
}

static uint64_t count(jrpc_session *session, jrpc_side side, const char *method, jrpc_status status)
{
    wanted w = { side, method, status, 0 };
    assert_int_equal(jrpc_session_stats(session, look, &w, NULL), JRPC_OK);
    return w.calls;
}

/* The callee may still be about to write down what the caller knows already. */
static void expect_callee(jrpc_session *session, const char *method, jrpc_status status, uint64_t calls)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    while (count(session, JRPC_SIDE_CALLEE, method, status) != calls && clock_now() < until)
        sched_yield();
    assert_int_equal(count(session, JRPC_SIDE_CALLEE, method, status), calls);
}

static void each_outcome_is_written_down(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    int32_t sum = 0;
    for (int32_t i = 0; i < 5; i++)
        assert_int_equal(pair_add(p->to_b, i, 1, &sum, NULL), JRPC_OK);
    assert_int_equal(pair_fault(p->to_b, NULL), JRPC_E_FAULT);
    assert_int_equal(pair_break(p->to_b, 3, NULL), JRPC_E_FAULT);
    assert_int_equal(pair_missing(p->to_b, NULL), JRPC_E_NO_SUCH_METHOD);
    jrpc_peer_set_timeout(p->to_b, 20);
    assert_int_equal(pair_slow(p->to_b, NULL), JRPC_E_TIMEOUT);
    pair_open_gate(p);
    assert_int_equal(count(p->a, JRPC_SIDE_CALLER, "Add", JRPC_OK), 5);
    assert_int_equal(count(p->a, JRPC_SIDE_CALLER, "Fault", JRPC_E_FAULT), 1);
    assert_int_equal(count(p->a, JRPC_SIDE_CALLER, "Break", JRPC_E_FAULT), 1);
    assert_int_equal(count(p->a, JRPC_SIDE_CALLER, "Missing", JRPC_E_NO_SUCH_METHOD), 1);
    assert_int_equal(count(p->a, JRPC_SIDE_CALLER, "Slow", JRPC_E_TIMEOUT), 1);
    assert_int_equal(count(p->a, JRPC_SIDE_CALLER, NULL, JRPC_OK), 5);
    expect_callee(p->b, "Add", JRPC_OK, 5);
    expect_callee(p->b, "Fault", JRPC_E_FAULT, 1);
    expect_callee(p->b, "Break", JRPC_E_FAULT, 1);
    expect_callee(p->b, NULL, JRPC_E_NO_SUCH_METHOD, 1);
    expect_callee(p->b, "Missing", JRPC_E_NO_SUCH_METHOD, 0); /* no name that a caller makes up */
    assert_int_equal(count(p->b, JRPC_SIDE_CALLER, NULL, JRPC_OK), 0);
    pair_close(p);
}

static char *dump(jrpc_session *session)
{
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    assert_non_null(stream);
    assert_int_equal(jrpc_session_dump_calls(session, stream, NULL), JRPC_OK);
    fclose(stream);
    return text;
}

static void both_ends_know_a_call_by_one_id(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 1, &sum, NULL), JRPC_OK);
    expect_callee(p->b, "Add", JRPC_OK, 1);
    char *of_a = dump(p->a), *of_b = dump(p->b);
    const char *id_a = strstr(of_a, " id="), *id_b = strstr(of_b, " id=");
    assert_non_null(strstr(of_a, " to " PAIR_B " Add OK "));
    assert_non_null(strstr(of_b, " from " PAIR_A " Add OK "));
    assert_non_null(id_a);
    assert_non_null(id_b);
    assert_string_equal(id_a, id_b);
    free(of_a);
    free(of_b);
    pair_close(p);
}

static void it_tells_what_it_does(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(p->to_b, pair_method("Slow"), NULL, NULL, NULL, &future, NULL), JRPC_OK);
    pair_wait_waiting(p, 1);
    jrpc_live live = { .size = sizeof live };
    jrpc_session_live(p->a, &live);
    assert_true(live.online);
    assert_int_equal(live.pending, 1);
    jrpc_session_live(p->b, &live);
    assert_int_equal(live.running, 1);
    assert_int_equal(live.queued, 0);
    char *text = NULL;
    assert_int_equal(jrpc_session_metrics(p->a, &text, NULL), JRPC_OK);
    assert_non_null(strstr(text, "\njrpc_pending_calls 1\n"));
    free(text);
    pair_open_gate(p);
    assert_int_equal(jrpc_finish(future, pair_method("Slow"), NULL, NULL), JRPC_OK);
    jrpc_session_live(p->a, &live);
    assert_int_equal(live.pending, 0);
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_outcome_is_written_down),
        cmocka_unit_test(both_ends_know_a_call_by_one_id),
        cmocka_unit_test(it_tells_what_it_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
