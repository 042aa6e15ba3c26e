/* SPDX-License-Identifier: MIT */
/* Worker pool. */
#include "serve/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct worker_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    worker_fn *run;
    void *userdata;
    worker_job *first, **last;
    size_t queued, max_queued;
    unsigned started, idle;    /* threads: all, without a job */
    unsigned running, blocked; /* at a job; at one that waits for an answer to a call of its own */
    unsigned max_running, max_threads;
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
    pool->max_running = threads;
    pool->max_threads = max_threads;
    *ret_pool = pool;
    return JRPC_OK;
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
    }
    worker_job *job = pool->first;
    pool->first = job->next;
    if (!pool->first)
        pool->last = &pool->first;
    pool->queued--;
    pool->running++;
    return job;
}

static void *work(void *argument)
{
    worker_pool *pool = argument;
    current = pool;
    pthread_mutex_lock(&pool->lock);
    for (worker_job *job; (job = next_job(pool));) {
        pthread_mutex_unlock(&pool->lock);
        pool->run(job, pool->userdata);
        pthread_mutex_lock(&pool->lock);
        pool->running--;
        /* Others may wait because too many were running. */
        if (pool->first || pool->stopping)
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
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
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

bool worker_pool_submit(worker_pool *pool, worker_job *job)
{
    pthread_mutex_lock(&pool->lock);
    bool accepted = !pool->stopping && pool->queued < pool->max_queued;
    if (accepted)
        ensure_thread(pool);
    accepted = accepted && pool->started > 0;
    if (accepted) {
        job->next = NULL;
        *pool->last = job;
        pool->last = &job->next;
        pool->queued++;
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return accepted;
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
