/* SPDX-License-Identifier: MIT */
/* Calls that wait to run on the driving thread. */
#include "serve/inline.h"

void inline_queue_init(inline_queue *q, size_t most, void (*wake)(void *userdata), void *userdata)
{
    pthread_mutex_init(&q->lock, NULL);
    q->first = NULL;
    q->last = &q->first;
    atomic_init(&q->len, 0);
    q->most = most;
    q->wake = wake;
    q->userdata = userdata;
}

void inline_queue_done(inline_queue *q)
{
    pthread_mutex_destroy(&q->lock);
}

bool inline_queue_put(inline_queue *q, worker_job *job)
{
    pthread_mutex_lock(&q->lock);
    bool room = atomic_load(&q->len) < q->most;
    if (room) {
        job->next = NULL;
        *q->last = job;
        q->last = &job->next;
        atomic_fetch_add(&q->len, 1);
    }
    pthread_mutex_unlock(&q->lock);
    if (room && q->wake)
        q->wake(q->userdata);
    return room;
}

worker_job *inline_queue_take(inline_queue *q)
{
    if (inline_queue_len(q) == 0)
        return NULL;
    pthread_mutex_lock(&q->lock);
    worker_job *job = q->first;
    if (job) {
        q->first = job->next;
        if (!q->first)
            q->last = &q->first;
        atomic_fetch_sub(&q->len, 1);
    }
    pthread_mutex_unlock(&q->lock);
    return job;
}
