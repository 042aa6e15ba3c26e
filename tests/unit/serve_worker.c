/* SPDX-License-Identifier: MIT */
/* The worker pool: each job once, bounded, stopping drains. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "serve/worker.h"

/* A gate that jobs wait at until the test opens it. */
typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open;
    unsigned waiting, most_waiting;
    atomic_uint done, turns;
} gate;

typedef struct job {
    worker_job base;
    gate *at; /* NULL: runs through */
    atomic_uint runs;
    unsigned turn; /* how many ran before */
} job;

static void run(worker_job *base, void *userdata)
{
    job *j = (job *)base;
    gate *g = userdata;
    atomic_fetch_add(&j->runs, 1);
    j->turn = atomic_fetch_add(&g->turns, 1);
    if (j->at) {
        pthread_mutex_lock(&g->lock);
        if (++g->waiting > g->most_waiting)
            g->most_waiting = g->waiting;
        pthread_cond_broadcast(&g->changed);
        while (!g->open)
            pthread_cond_wait(&g->changed, &g->lock);
        g->waiting--;
        pthread_mutex_unlock(&g->lock);
    }
    atomic_fetch_add(&g->done, 1);
}

static void init(gate *g)
{
    *g = (gate){ .open = false };
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->changed, NULL);
}

static void done(gate *g)
{
    pthread_cond_destroy(&g->changed);
    pthread_mutex_destroy(&g->lock);
}

static void wait_waiting(gate *g, unsigned count)
{
    pthread_mutex_lock(&g->lock);
    while (g->waiting < count)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static void open_gate(gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->open = true;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->lock);
}

static worker_pool *new_pool(unsigned threads, size_t max_queued, gate *g)
{
    worker_pool *pool = NULL;
    assert_int_equal(worker_pool_new(threads, max_queued, run, g, &pool), JRPC_OK);
    return pool;
}

static void each_job_runs_once(void **state)
{
    UNUSED(state);
    enum { COUNT = 2000 };
    gate g;
    init(&g);
    worker_pool *pool = new_pool(4, COUNT, &g);
    job *jobs = calloc(COUNT, sizeof *jobs);
    assert_non_null(jobs);
    for (int i = 0; i < COUNT; i++)
        assert_true(worker_pool_submit(pool, &jobs[i].base));
    worker_pool_stop(pool);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(atomic_load(&jobs[i].runs), 1);
    worker_pool_free(pool);
    free(jobs);
    done(&g);
}

static void the_queue_is_bounded(void **state)
{
    UNUSED(state);
    gate g;
    init(&g);
    worker_pool *pool = new_pool(2, 3, &g);
    job jobs[6];
    for (size_t i = 0; i < 6; i++)
        jobs[i] = (job){ .at = &g };
    assert_true(worker_pool_submit(pool, &jobs[0].base));
    assert_true(worker_pool_submit(pool, &jobs[1].base));
    wait_waiting(&g, 2); /* both threads are busy */
    for (size_t i = 2; i < 5; i++)
        assert_true(worker_pool_submit(pool, &jobs[i].base));
    assert_false(worker_pool_submit(pool, &jobs[5].base));
    open_gate(&g);
    worker_pool_stop(pool);
    assert_int_equal(atomic_load(&g.done), 5);
    assert_int_equal(atomic_load(&jobs[5].runs), 0);
    worker_pool_free(pool);
    done(&g);
}

/* One busy thread, so that all that is submitted waits. */
static worker_pool *new_busy_pool(size_t max_queued, gate *g, job *first)
{
    init(g);
    worker_pool *pool = new_pool(1, max_queued, g);
    *first = (job){ .at = g };
    assert_true(worker_pool_submit(pool, &first->base));
    wait_waiting(g, 1);
    return pool;
}

static void end_busy_pool(worker_pool *pool, gate *g)
{
    open_gate(g);
    worker_pool_free(pool);
    done(g);
}

static void lanes_take_turns(void **state)
{
    UNUSED(state);
    gate g;
    job first, many[6] = { 0 }, few[2] = { 0 }, one = { 0 };
    worker_lane greedy = { 0 }, modest = { 0 };
    worker_pool *pool = new_busy_pool(100, &g, &first);
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        many[i].base.lane = &greedy;
        assert_true(worker_pool_submit(pool, &many[i].base));
    }
    for (size_t i = 0; i < COUNT_OF(few); i++) {
        few[i].base.lane = &modest;
        assert_true(worker_pool_submit(pool, &few[i].base));
    }
    assert_true(worker_pool_submit(pool, &one.base)); /* in none: a lane of its own */
    open_gate(&g);
    worker_pool_stop(pool);
    static const unsigned expected[] = { 1, 4, 6, 7, 8, 9 };
    for (size_t i = 0; i < COUNT_OF(many); i++)
        assert_int_equal(many[i].turn, expected[i]);
    assert_int_equal(few[0].turn, 2);
    assert_int_equal(one.turn, 3);
    assert_int_equal(few[1].turn, 5);
    assert_int_equal(greedy.len + modest.len, 0);
    end_busy_pool(pool, &g);
}

static size_t fill(worker_pool *pool, worker_lane *lane, job *jobs, size_t count, size_t bytes, worker_answer expected)
{
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (job){ .base = { .lane = lane, .bytes = bytes } };
        worker_answer answer = worker_pool_queue(pool, &jobs[i].base);
        if (answer == WORKER_ACCEPTED)
            continue;
        assert_int_equal(answer, expected);
        return i;
    }
    return count;
}

static void a_lane_leaves_room_for_others(void **state)
{
    UNUSED(state);
    gate g;
    job first, jobs[6][100];
    worker_lane lanes[5] = { 0 };
    worker_pool *pool = new_busy_pool(100, &g, &first);
    assert_int_equal(fill(pool, &lanes[0], jobs[0], 100, 0, WORKER_LANE_FULL), 50);
    assert_int_equal(fill(pool, &lanes[1], jobs[1], 100, 0, WORKER_LANE_FULL), 25);
    assert_int_equal(fill(pool, &lanes[2], jobs[2], 100, 0, WORKER_LANE_FULL), 13);
    assert_int_equal(fill(pool, &lanes[3], jobs[3], 1, 0, WORKER_LANE_FULL), 1);
    assert_int_equal(fill(pool, NULL, jobs[4], 100, 0, WORKER_FULL), 11);
    assert_int_equal(fill(pool, &lanes[4], jobs[5], 1, 0, WORKER_FULL), 0);
    end_busy_pool(pool, &g);
    assert_int_equal(atomic_load(&g.done), 101);
}

static void bytes_are_bounded(void **state)
{
    UNUSED(state);
    gate g;
    job first, jobs[4][10];
    worker_lane lanes[3] = { 0 };
    worker_pool *pool = new_busy_pool(100, &g, &first);
    worker_pool_limit_bytes(pool, 1000);
    assert_int_equal(fill(pool, &lanes[0], jobs[0], 10, 100, WORKER_BYTES_FULL), 6);
    assert_int_equal(fill(pool, &lanes[1], jobs[1], 1, 401, WORKER_BYTES_FULL), 0);
    assert_int_equal(fill(pool, &lanes[1], jobs[2], 10, 100, WORKER_BYTES_FULL), 3);
    assert_int_equal(fill(pool, &lanes[2], jobs[3], 10, 0, WORKER_BYTES_FULL), 10);
    end_busy_pool(pool, &g);
    assert_int_equal(atomic_load(&g.done), 20);
    assert_int_equal(lanes[0].bytes + lanes[1].bytes + lanes[2].bytes, 0);
}

static void all_threads_work_at_once(void **state)
{
    UNUSED(state);
    enum { THREADS = 8 };
    gate g;
    init(&g);
    worker_pool *pool = new_pool(THREADS, 100, &g);
    job jobs[THREADS + 5];
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        jobs[i] = (job){ .at = &g };
        assert_true(worker_pool_submit(pool, &jobs[i].base));
    }
    wait_waiting(&g, THREADS); /* would hang if one thread were not started */
    open_gate(&g);
    worker_pool_free(pool);
    assert_int_equal(g.most_waiting, THREADS);
    assert_int_equal(atomic_load(&g.done), COUNT_OF(jobs));
    done(&g);
}

static void *submit_many(void *argument)
{
    worker_pool *pool = argument;
    job *jobs = calloc(500, sizeof *jobs);
    for (int i = 0; jobs && i < 500; i++)
        assert_true(worker_pool_submit(pool, &jobs[i].base));
    return jobs;
}

static void many_threads_submit(void **state)
{
    UNUSED(state);
    gate g;
    init(&g);
    worker_pool *pool = new_pool(3, 4000, &g);
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, submit_many, pool), 0);
    void *jobs[COUNT_OF(threads)];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], &jobs[i]);
    worker_pool_stop(pool);
    assert_int_equal(atomic_load(&g.done), 4000);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        free(jobs[i]);
    worker_pool_free(pool);
    done(&g);
}

static void nothing_is_accepted_after_stop(void **state)
{
    UNUSED(state);
    gate g;
    init(&g);
    worker_pool *pool = new_pool(2, 10, &g);
    job j = { .at = NULL };
    worker_pool_stop(pool);
    assert_false(worker_pool_submit(pool, &j.base));
    worker_pool_stop(pool);
    worker_pool_free(pool);
    worker_pool_free(NULL);
    assert_int_equal(atomic_load(&j.runs), 0);
    done(&g);
}

static void a_pool_without_threads_or_room_refuses(void **state)
{
    UNUSED(state);
    gate g;
    init(&g);
    job j = { .at = NULL };
    worker_pool *pool = new_pool(0, 10, &g);
    assert_false(worker_pool_submit(pool, &j.base));
    worker_pool_free(pool);
    pool = new_pool(2, 0, &g);
    assert_false(worker_pool_submit(pool, &j.base));
    worker_pool_free(pool);
    done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_runs_once),
        cmocka_unit_test(the_queue_is_bounded),
        cmocka_unit_test(lanes_take_turns),
        cmocka_unit_test(a_lane_leaves_room_for_others),
        cmocka_unit_test(bytes_are_bounded),
        cmocka_unit_test(all_threads_work_at_once),
        cmocka_unit_test(many_threads_submit),
        cmocka_unit_test(nothing_is_accepted_after_stop),
        cmocka_unit_test(a_pool_without_threads_or_room_refuses),
    };
    return cmocka_run_group_tests_name("serve: worker", tests, NULL, NULL);
}
