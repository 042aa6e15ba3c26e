/* SPDX-License-Identifier: MIT */
/* A look-up on a thread of its own. */
#include "link/lookup.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "link/thread.h"

/* Shared by the link and the thread: whoever lets go last frees it. */
struct lookup {
    pthread_mutex_t lock;
    int holders;
    bool done;
    int fd;
    char *domain, *host;
    address_query query;
    address_list list;
    jrpc_status status;
    jrpc_error error;
};

int lookup_fd(const lookup *l)
{
    return l->fd;
}

void lookup_drop(lookup *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    bool last = --l->holders == 0;
    pthread_mutex_unlock(&l->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&l->lock);
    if (l->fd >= 0)
        close(l->fd);
    free(l->domain);
    free(l->host);
    jrpc_error_done(&l->error);
    free(l);
}

static void *run(void *argument)
{
    lookup *l = argument;
    jrpc_status status = address_find(&l->query, &l->list, &l->error);
    uint64_t one = 1;
    pthread_mutex_lock(&l->lock);
    l->status = status;
    l->done = true;
    /* The counter is written once: this cannot block. */
    ssize_t n = write(l->fd, &one, sizeof one);
    UNUSED(n);
    pthread_mutex_unlock(&l->lock);
    lookup_drop(l);
    return NULL;
}

static bool start_thread(lookup *l)
{
    pthread_t thread;
    l->holders = 2;
    if (!thread_start(&thread, run, l)) {
        l->holders = 1;
        return false;
    }
    pthread_detach(thread);
    return true;
}

jrpc_status lookup_start(const address_query *query, lookup **ret_lookup, jrpc_error *error)
{
    lookup *l = calloc(1, sizeof *l);
    if (!l)
        return error_nomem(error);
    pthread_mutex_init(&l->lock, NULL);
    l->holders = 1;
    l->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->domain = strdup(query->domain);
    l->host = query->host ? strdup(query->host) : NULL;
    l->query = *query;
    l->query.domain = l->domain;
    l->query.host = l->host;
    if (l->fd < 0 || !l->domain || (query->host && !l->host) || !start_thread(l)) {
        lookup_drop(l);
        return error_nomem(error);
    }
    *ret_lookup = l;
    return JRPC_OK;
}

bool lookup_take(lookup *l, address_list *ret_list, jrpc_status *ret_status, jrpc_error *error)
{
    pthread_mutex_lock(&l->lock);
    bool done = l->done;
    if (done) {
        *ret_list = l->list;
        *ret_status = l->status;
        if (l->status != JRPC_OK)
            jrpc_error_move(error, &l->error);
    }
    pthread_mutex_unlock(&l->lock);
    return done;
}
