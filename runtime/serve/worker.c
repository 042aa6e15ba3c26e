/* SPDX-License-Identifier: MIT */
/* Worker pool. */
#include "serve/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

struct worker_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    worker_fn *run;
    void *userdata;
    worker_lane *first, **last; /* those that have jobs, by whose turn is next */
    worker_lane common;
    size_t queued, max_queued, bytes, max_bytes;
    unsigned started, idle;    /* threads: all, without a job */
    unsigned running, blocked; /* at a job; at one that waits for an answer to a call of its own */
    unsigned max_running, max_threads;
    bool waking; /* an idle thread was told of work and has not looked yet */
    bool stopping;
    pthread_t threads[];
};

/* The pool whose job this thread runs. */
static __thread worker_pool *current;

jrpc_status worker_pool_new(unsigned threads, size_t max_queued, worker_fn *run, void *userdata,
                            worker_pool **ret_pool)
{
    unsigned max_threads = threads + WORKER_SPARES;
    worker_pool *pool = calloc(1, sizeof *pool + max_threads * sizeof pool->threads[0]);
    if (!pool)
        return JRPC_E_NOMEM;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pool->run = run;
    pool->userdata = userdata;
    pool->last = &pool->first;
    pool->max_queued = max_queued;
    pool->max_bytes = SIZE_MAX;
    pool->max_running = threads;
    pool->max_threads = max_threads;
    *ret_pool = pool;
    return JRPC_OK;
}

void worker_pool_limit_bytes(worker_pool *pool, size_t max_bytes)
{
    pthread_mutex_lock(&pool->lock);
    pool->max_bytes = max_bytes;
    pthread_mutex_unlock(&pool->lock);
}

/* Under the lock, as is all of the queue. The lane's turn comes after those of all others. */
static void put_lane(worker_pool *pool, worker_lane *lane)
{
    lane->next = NULL;
    *pool->last = lane;
    pool->last = &lane->next;
}

static void put_job(worker_pool *pool, worker_lane *lane, worker_job *job)
{
    if (lane->len++ == 0) {
        lane->last = &lane->first;
        put_lane(pool, lane);
    }
    job->next = NULL;
    *lane->last = job;
    lane->last = &job->next;
    lane->bytes += job->bytes;
    pool->queued++;
    pool->bytes += job->bytes;
}

/* The lane may be gone as soon as its last job is. */
static worker_job *take_job(worker_pool *pool)
{
    worker_lane *lane = pool->first;
    worker_job *job = lane->first;
    pool->first = lane->next;
    if (!pool->first)
        pool->last = &pool->first;
    lane->first = job->next;
    lane->bytes -= job->bytes;
    if (--lane->len)
        put_lane(pool, lane);
    pool->queued--;
    pool->bytes -= job->bytes;
    return job;
}

/*
 * Under the lock: is an idle thread to be told of work? One at a time is told, and it sees to the next when it takes a job:
 * threads that are told one by one of the jobs of a burst would find most of them done, and wait for this lock.
 *
 * No wake-up is lost: work that may run while a thread is idle has one that was told (waking), which has yet to look, or this
 * is asked right now. For that it is asked wherever one of the three comes about: a job is queued, a running job makes place
 * by waiting, a thread that was told takes a job of several. One that ends its job looks itself, before it is idle.
 */
static bool must_wake(worker_pool *pool)
{
    if (pool->waking || pool->idle == 0 || !pool->first || pool->running >= pool->max_running)
        return false;
    pool->waking = true;
    return true;
}

/* Under the lock. NULL: the pool has stopped. */
static worker_job *next_job(worker_pool *pool)
{
    while (!pool->first || pool->running >= pool->max_running) {
        if (pool->stopping && !pool->first)
            return NULL;
        pool->idle++;
        pthread_cond_wait(&pool->work, &pool->lock);
        pool->idle--;
        pool->waking = false;
    }
    pool->running++;
    return take_job(pool);
}

static void *work(void *argument)
{
    worker_pool *pool = argument;
    current = pool;
    pthread_mutex_lock(&pool->lock);
    for (worker_job *job; (job = next_job(pool));) {
        bool wake = must_wake(pool);
        pthread_mutex_unlock(&pool->lock);
        if (wake)
            pthread_cond_signal(&pool->work);
        pool->run(job, pool->userdata);
        pthread_mutex_lock(&pool->lock);
        pool->running--;
        /* The last job may be taken: then all go. */
        if (pool->stopping)
            pthread_cond_broadcast(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Signals belong to the program's own threads. */
static bool start_thread(worker_pool *pool)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&pool->threads[pool->started], NULL, work, pool) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pool->started += started;
    return started;
}

/* Under the lock: a thread for one more job, unless there are enough that are not blocked. */
static void ensure_thread(worker_pool *pool)
{
    if (pool->idle <= pool->queued && pool->started - pool->blocked < pool->max_running &&
        pool->started < pool->max_threads)
        start_thread(pool);
}

void worker_wait_begin(void)
{
    worker_pool *pool = current;
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->running--;
    pool->blocked++;
    if (pool->first && !pool->stopping)
        ensure_thread(pool);
    bool wake = must_wake(pool);
    pthread_mutex_unlock(&pool->lock);
    if (wake)
        pthread_cond_signal(&pool->work);
}

void worker_wait_end(void)
{
    worker_pool *pool = current;
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->running++;
    pool->blocked--;
    pthread_mutex_unlock(&pool->lock);
}

bool worker_is_of(const worker_pool *pool)
{
    return current == pool;
}

static worker_answer has_room(const worker_pool *pool, const worker_job *job)
{
    if (pool->stopping)
        return WORKER_STOPPED;
    if (pool->queued >= pool->max_queued)
        return WORKER_FULL;
    size_t bytes_left = pool->max_bytes > pool->bytes ? pool->max_bytes - pool->bytes : 0;
    if (job->bytes > bytes_left)
        return WORKER_BYTES_FULL;
    if (!job->lane)
        return WORKER_ACCEPTED;
    if (job->lane->len >= pool->max_queued - pool->queued)
        return WORKER_LANE_FULL;
    return job->lane->bytes > bytes_left ? WORKER_BYTES_FULL : WORKER_ACCEPTED;
}

worker_answer worker_pool_queue(worker_pool *pool, worker_job *job)
{
    pthread_mutex_lock(&pool->lock);
    worker_answer answer = has_room(pool, job);
    if (answer == WORKER_ACCEPTED) {
        ensure_thread(pool);
        if (pool->started == 0)
            answer = WORKER_STOPPED;
    }
    if (answer == WORKER_ACCEPTED)
        put_job(pool, job->lane ? job->lane : &pool->common, job);
    bool wake = must_wake(pool);
    pthread_mutex_unlock(&pool->lock);
    /* Out of the lock, which the thread needs. */
    if (wake)
        pthread_cond_signal(&pool->work);
    return answer;
}

bool worker_pool_submit(worker_pool *pool, worker_job *job)
{
    return worker_pool_queue(pool, job) == WORKER_ACCEPTED;
}

void worker_pool_count(worker_pool *pool, size_t *ret_queued, size_t *ret_running)
{
    pthread_mutex_lock(&pool->lock);
    *ret_queued = pool->queued;
    *ret_running = (size_t)pool->running + pool->blocked;
    pthread_mutex_unlock(&pool->lock);
}

void worker_pool_stop(worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    unsigned started = pool->started;
    pool->started = 0;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < started; i++)
        pthread_join(pool->threads[i], NULL);
}

void worker_pool_free(worker_pool *pool)
{
    if (!pool)
        return;
    worker_pool_stop(pool);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
