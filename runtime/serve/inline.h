/* SPDX-License-Identifier: MIT */
/* Calls that wait to run on the driving thread, right after its pass. Bounded. Filled by any thread. */
#ifndef SERVE_INLINE_H
#define SERVE_INLINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "serve/worker.h"

typedef struct inline_queue {
    pthread_mutex_t lock;
    worker_job *first, **last;
    atomic_size_t len;
    size_t most;
    void (*wake)(void *userdata);
    void *userdata;
} inline_queue;

/* wake (may be NULL) is called for each job, with no lock held: the driving thread may be asleep. */
void inline_queue_init(inline_queue *q, size_t most, void (*wake)(void *userdata), void *userdata);
void inline_queue_done(inline_queue *q);
/* False when it is full: the job stays the caller's. */
bool inline_queue_put(inline_queue *q, worker_job *job);
/* The oldest, or NULL. */
worker_job *inline_queue_take(inline_queue *q);

static inline size_t inline_queue_len(const inline_queue *q)
{
    return atomic_load(&q->len);
}

#endif
