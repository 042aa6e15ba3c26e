/* SPDX-License-Identifier: MIT */
/* The table of pending calls: ids, generations, limits, deadlines. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "call/pending.h"

static void add(pending *p, pending_call *call, int64_t deadline, char id[PENDING_ID_MAX])
{
    assert_int_equal(pending_add(p, call, deadline), PENDING_OK);
    pending_id(p, call, id);
}

static void finds_by_id(void **state)
{
    UNUSED(state);
    pending p;
    pending_init(&p, 10);
    pending_call a, b;
    char id_a[PENDING_ID_MAX], id_b[PENDING_ID_MAX];
    add(&p, &a, 5, id_a);
    add(&p, &b, CLOCK_NEVER, id_b);
    assert_string_not_equal(id_a, id_b);
    assert_ptr_equal(pending_find(&p, id_a), &a);
    assert_ptr_equal(pending_find(&p, id_b), &b);
    assert_true(pending_remove(&p, &a));
    assert_false(pending_remove(&p, &a));
    assert_null(pending_find(&p, id_a));
    assert_ptr_equal(pending_find(&p, id_b), &b);
    assert_true(pending_remove(&p, &b));
    pending_done(&p);
}

static void foreign_ids_find_nothing(void **state)
{
    UNUSED(state);
    pending p, other;
    pending_init(&p, 10);
    pending_init(&other, 10);
    pending_call call, others;
    char id[PENDING_ID_MAX], foreign[PENDING_ID_MAX];
    assert_null(pending_find(&p, "")); /* while the table is empty */
    add(&p, &call, 5, id);
    add(&other, &others, 5, foreign);
    assert_string_not_equal(p.prefix, other.prefix);
    char text[128];
    const char *const bad[] = {
        "", "x", "-", foreign, p.prefix, "00000000000000000000000000000000-0",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_null(pending_find(&p, bad[i]));
    static const char *const tails[] = {
        "-",          "-g",          "-100000000 ",       "-1000000000000000000000",
        "_100000000", "-100000001",  "-ffffffffffffffff", "-0",
        "-200000000", "-1 00000000", "-+100000000"
    };
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        snprintf(text, sizeof text, "%s%s", p.prefix, tails[i]);
        assert_null(pending_find(&p, text));
    }
    for (size_t cut = 0; cut < strlen(id); cut++) {
        snprintf(text, sizeof text, "%.*s", (int)cut, id);
        assert_null(pending_find(&p, text));
    }
    assert_ptr_equal(pending_find(&p, id), &call);
    pending_remove(&p, &call);
    pending_remove(&other, &others);
    pending_done(&p);
    pending_done(&other);
}

static void a_slot_never_repeats_an_id(void **state)
{
    UNUSED(state);
    enum { ROUNDS = 1000 };
    pending p;
    pending_init(&p, 1);
    char (*ids)[PENDING_ID_MAX] = calloc(ROUNDS, sizeof *ids);
    assert_non_null(ids);
    for (int i = 0; i < ROUNDS; i++) {
        pending_call call;
        add(&p, &call, i, ids[i]);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(ids[i], ids[k]);
            assert_null(pending_find(&p, ids[k])); /* an answer to an older call in this slot */
        }
        pending_remove(&p, &call);
    }
    free(ids);
    pending_done(&p);
}

static void a_worn_out_slot_is_not_used_again(void **state)
{
    UNUSED(state);
    pending p;
    pending_init(&p, 2);
    pending_call a, b, c;
    char id[PENDING_ID_MAX];
    add(&p, &a, 1, id);
    p.slots[a.number & UINT32_MAX].generation = UINT32_MAX;
    pending_remove(&p, &a);
    add(&p, &b, 1, id);
    assert_int_equal(pending_add(&p, &c, 1), PENDING_FULL);
    assert_true(pending_remove(&p, &b));
    add(&p, &c, 1, id);
    assert_ptr_equal(pending_find(&p, id), &c);
    pending_remove(&p, &c);
    pending_done(&p);
}

static void keeps_its_limit(void **state)
{
    UNUSED(state);
    static const size_t limits[] = { 0, 1, 63, 64, 65, 1000 };
    for (size_t l = 0; l < COUNT_OF(limits); l++) {
        pending p;
        pending_init(&p, limits[l]);
        pending_call calls[1001];
        char id[PENDING_ID_MAX];
        for (size_t i = 0; i < limits[l]; i++)
            add(&p, &calls[i], (int64_t)i, id);
        for (int again = 0; again < 3; again++)
            assert_int_equal(pending_add(&p, &calls[1000], 0), PENDING_FULL);
        if (limits[l]) {
            pending_remove(&p, &calls[0]);
            add(&p, &calls[0], 0, id);
            assert_ptr_equal(pending_find(&p, id), &calls[0]);
        }
        for (size_t i = 0; i < limits[l]; i++)
            assert_true(pending_remove(&p, &calls[i]));
        assert_int_equal(p.len, 0);
        pending_done(&p);
    }
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 4;
}

static void expires_in_order(void **state)
{
    UNUSED(state);
    enum { COUNT = 5000 };
    unsigned seed = 4711;
    pending p;
    pending_init(&p, COUNT);
    pending_call *calls = calloc(COUNT, sizeof *calls);
    assert_non_null(calls);
    char id[PENDING_ID_MAX];
    for (int i = 0; i < COUNT; i++)
        add(&p, &calls[i], i % 10 == 0 ? CLOCK_NEVER : (int64_t)(next_random(&seed) % 100000), id);
    for (int i = 0; i < COUNT; i += 3)
        assert_true(pending_remove(&p, &calls[i]));
    int64_t last = 0, now = 0;
    int expired = 0;
    for (; now <= 100000; now += 50) {
        pending_call *call;
        while ((call = pending_take_expired(&p, now))) {
            assert_true(call->deadline <= now);
            assert_true(call->deadline >= last);
            assert_false(call->in_table);
            last = call->deadline;
            expired++;
        }
        assert_true(pending_next_deadline(&p) > now);
    }
    int never = 0, expected = 0;
    for (int i = 0; i < COUNT; i++) {
        never += i % 3 != 0 && i % 10 == 0;
        expected += i % 3 != 0 && i % 10 != 0;
    }
    assert_int_equal(expired, expected);
    assert_int_equal(p.len, never);
    assert_true(pending_next_deadline(&p) == CLOCK_NEVER);
    assert_null(pending_take_expired(&p, CLOCK_NEVER - 1));
    for (size_t i = 0; i < pending_slots(&p); i++) {
        if (pending_in_slot(&p, i))
            pending_remove(&p, pending_in_slot(&p, i));
    }
    assert_int_equal(p.len, 0);
    free(calls);
    pending_done(&p);
}

/* The heap is a heap, and every call knows its place in it. */
static void check_heap(const pending *p)
{
    for (size_t i = 0; i < p->len; i++) {
        assert_int_equal(p->heap[i]->heap_at, i);
        if (i)
            assert_true(p->heap[(i - 1) / 2]->deadline <= p->heap[i]->deadline);
    }
}

static void survives_a_hundred_thousand(void **state)
{
    UNUSED(state);
    enum { LIVE = 2000, STEPS = 100000 };
    unsigned seed = 815;
    pending p;
    pending_init(&p, LIVE);
    pending_call *calls = calloc(LIVE, sizeof *calls);
    char (*ids)[PENDING_ID_MAX] = calloc(LIVE, sizeof *ids);
    assert_non_null(calls);
    assert_non_null(ids);
    size_t live = 0;
    for (int step = 0; step < STEPS; step++) {
        size_t i = next_random(&seed) % LIVE;
        if (calls[i].in_table) {
            assert_ptr_equal(pending_find(&p, ids[i]), &calls[i]);
            assert_true(pending_remove(&p, &calls[i]));
            assert_null(pending_find(&p, ids[i]));
            live--;
        } else {
            add(&p, &calls[i], (int64_t)next_random(&seed), ids[i]);
            live++;
        }
        assert_int_equal(p.len, live);
        if (step % 1000 == 0)
            check_heap(&p);
    }
    check_heap(&p);
    for (size_t i = 0; i < LIVE; i++)
        live -= pending_remove(&p, &calls[i]);
    assert_int_equal(live, 0);
    assert_int_equal(p.len, 0);
    free(ids);
    free(calls);
    pending_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_id),
        cmocka_unit_test(foreign_ids_find_nothing),
        cmocka_unit_test(a_slot_never_repeats_an_id),
        cmocka_unit_test(a_worn_out_slot_is_not_used_again),
        cmocka_unit_test(keeps_its_limit),
        cmocka_unit_test(expires_in_order),
        cmocka_unit_test(survives_a_hundred_thousand),
    };
    return cmocka_run_group_tests_name("call: pending", tests, NULL, NULL);
}
