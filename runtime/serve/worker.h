/* SPDX-License-Identifier: MIT */
/* Worker pool: a bounded queue of jobs and a fixed number of threads. */
#ifndef SERVE_WORKER_H
#define SERVE_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include <jrpc/status.h>

/* Threads beyond those that may run at once: for jobs that wait for an answer to a call of their own. */
enum { WORKER_SPARES = 64 };

/* Embedded in the object that is to be worked on. */
typedef struct worker_job {
    struct worker_job *next;
} worker_job;

typedef void worker_fn(worker_job *job, void *userdata);
typedef struct worker_pool worker_pool;

/* Threads are started at the first job. max_queued: jobs that wait for a thread. NOMEM. */
jrpc_status worker_pool_new(unsigned threads, size_t max_queued, worker_fn *run, void *userdata,
                            worker_pool **ret_pool);
/* False when the queue is full, the pool is stopping or no thread can be started: the job stays the caller's. */
bool worker_pool_submit(worker_pool *pool, worker_job *job);
/*
 * Around a wait of a job for something that may need another job of the pool to be run: meanwhile another thread takes its
 * place. Nothing on threads that are no workers.
 */
void worker_wait_begin(void);
void worker_wait_end(void);
/* Jobs that wait for a thread, and those that are run. Any thread. */
void worker_pool_count(worker_pool *pool, size_t *ret_queued, size_t *ret_running);
/* Runs what is queued, waits for it, ends the threads. Not from a worker. Idempotent. */
void worker_pool_stop(worker_pool *pool);
/* Stops first. NULL is fine. */
void worker_pool_free(worker_pool *pool);

#endif
