/* SPDX-License-Identifier: MIT */
/* Tenancies. */
#include "serve/tenancy.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

struct tenancy {
    const void *key;
    size_t uses;
    tenancy *next, **at; /* of its registry; at is NULL once that is gone */
};

/* One for all: a call may outlive its server, and with it any lock of the server's. Held for moments. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;

tenancy *tenancy_new(tenancies *all, const void *key)
{
    tenancy *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->key = key;
    t->uses = 1;
    pthread_mutex_lock(&lock);
    t->next = all->first;
    t->at = &all->first;
    if (t->next)
        t->next->at = &t->next;
    all->first = t;
    pthread_mutex_unlock(&lock);
    return t;
}

void tenancy_use(tenancy *t)
{
    pthread_mutex_lock(&lock);
    t->uses++;
    pthread_mutex_unlock(&lock);
}

void tenancy_leave(tenancy *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&lock);
    bool last = --t->uses == 0;
    if (last && t->at) {
        *t->at = t->next;
        if (t->next)
            t->next->at = t->at;
        pthread_cond_broadcast(&ended);
    }
    pthread_mutex_unlock(&lock);
    if (last)
        free(t);
}

/* Under the lock. */
static bool is_there(const tenancies *all, const void *key)
{
    const tenancy *t = all->first;
    while (t && t->key != key)
        t = t->next;
    return t != NULL;
}

bool tenancy_wait(tenancies *all, const void *key, int64_t until)
{
    struct timespec moment = { .tv_sec = until / 1000000000, .tv_nsec = until % 1000000000 };
    pthread_mutex_lock(&lock);
    while (is_there(all, key) && clock_now() < until) {
        if (until == CLOCK_NEVER)
            pthread_cond_wait(&ended, &lock);
        else
            pthread_cond_clockwait(&ended, &lock, CLOCK_MONOTONIC, &moment);
    }
    bool gone = !is_there(all, key);
    pthread_mutex_unlock(&lock);
    return gone;
}

void tenancies_done(tenancies *all)
{
    pthread_mutex_lock(&lock);
    for (tenancy *t = all->first; t; t = t->next)
        t->at = NULL;
    all->first = NULL;
    pthread_mutex_unlock(&lock);
}
