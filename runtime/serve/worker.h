/* SPDX-License-Identifier: MIT */
/*
 * Worker pool: a bounded queue of jobs and a fixed number of threads. Jobs wait in lanes, one for each caller: the lanes take
 * turns, and nobody's lane may hold more than what is left for all others. So one caller alone has half of the queue, two
 * have a third each, and there is always room for who has nothing waiting.
 */
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
    struct worker_lane *lane; /* where it waits; NULL: in one that is bounded by the queue alone */
    size_t bytes;             /* that it takes while it waits */
} worker_job;

/* Jobs of one caller; all zero at first. It must stay as long as a job waits in it. */
typedef struct worker_lane {
    worker_job *first, **last;
    size_t len, bytes;
    struct worker_lane *next; /* whose turn comes after this one */
} worker_lane;

typedef enum worker_answer {
    WORKER_ACCEPTED,
    WORKER_FULL,       /* no room in the queue */
    WORKER_LANE_FULL,  /* no more room for this lane */
    WORKER_BYTES_FULL, /* no room for so many bytes more, of all or of this lane */
    WORKER_STOPPED     /* or no thread can be started */
} worker_answer;

typedef void worker_fn(worker_job *job, void *userdata);
typedef struct worker_pool worker_pool;

/* Threads are started at the first job. max_queued: jobs that wait for a thread. NOMEM. */
jrpc_status worker_pool_new(unsigned threads, size_t max_queued, worker_fn *run, void *userdata,
                            worker_pool **ret_pool);
/* Bytes of all jobs that wait; no limit at first. */
void worker_pool_limit_bytes(worker_pool *pool, size_t max_bytes);
/* Unless accepted the job stays the caller's. */
worker_answer worker_pool_queue(worker_pool *pool, worker_job *job);
/* Was it accepted? */
bool worker_pool_submit(worker_pool *pool, worker_job *job);
/*
 * Around a wait of a job for something that may need another job of the pool to be run: meanwhile another thread takes its
 * place. Nothing on threads that are no workers.
 */
void worker_wait_begin(void);
void worker_wait_end(void);
/* Is this thread one of the pool's? */
bool worker_is_of(const worker_pool *pool);
/* Jobs that wait for a thread, and those that are run. Any thread. */
void worker_pool_count(worker_pool *pool, size_t *ret_queued, size_t *ret_running);
/* Runs what is queued, waits for it, ends the threads. Not from a worker. Idempotent. */
void worker_pool_stop(worker_pool *pool);
/* Stops first. NULL is fine. */
void worker_pool_free(worker_pool *pool);

#endif
