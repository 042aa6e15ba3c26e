/* SPDX-License-Identifier: MIT */
/* Functions of the program that are to be told of something. */
#include "chat/listeners.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/message.h"

/* How many listeners this thread is inside of: one that waits for itself would wait for ever. */
static __thread unsigned depth;

void listeners_init(listeners *l)
{
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->idle, NULL);
    l->first = NULL;
}

void listeners_done(listeners *l)
{
    while (l->first) {
        listener *next = l->first->next;
        free(l->first);
        l->first = next;
    }
    pthread_cond_destroy(&l->idle);
    pthread_mutex_destroy(&l->lock);
}

/* Under the lock: the place that points to it, or to the end. */
static listener **find(listeners *l, listener_fn *function, const void *userdata)
{
    listener **at = &l->first;
    while (*at && ((*at)->removed || (*at)->function != function || (*at)->userdata != userdata))
        at = &(*at)->next;
    return at;
}

static listener *new_listener(listener_fn *function, void *userdata, const jrpc_message_options *options)
{
    listener *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->function = function;
    made->userdata = userdata;
    /* Structures of programs built against older headers are shorter: what they lack is zero. */
    if (options && options->size)
        memcpy(&made->options, options, options->size < sizeof *options ? options->size : sizeof *options);
    return made;
}

jrpc_status listeners_add(listeners *l, listener_fn *function, void *userdata, const jrpc_message_options *options,
                          const char *what, jrpc_error *error)
{
    if (!function)
        return jrpc_error_set(error, JRPC_E_INVALID, "no %s given", what);
    listener *made = new_listener(function, userdata, options);
    if (!made)
        return error_nomem(error);
    pthread_mutex_lock(&l->lock);
    bool is_new = !*find(l, function, userdata);
    listener **end = &l->first;
    while (*end)
        end = &(*end)->next;
    if (is_new)
        *end = made;
    pthread_mutex_unlock(&l->lock);
    if (is_new)
        return JRPC_OK;
    free(made);
    return jrpc_error_set(error, JRPC_E_EXISTS, "this %s was added already, with the same userdata", what);
}

/* Under the lock. A removed one stays in the list while somebody is there, for the way on. */
static void release(listeners *l, listener *at)
{
    if (--at->running || !at->removed)
        return;
    listener **place = &l->first;
    while (*place != at)
        place = &(*place)->next;
    *place = at->next;
    free(at);
    pthread_cond_broadcast(&l->idle);
}

/* Under the lock. */
static bool is_listed(const listeners *l, const listener *wanted)
{
    const listener *at = l->first;
    while (at && at != wanted)
        at = at->next;
    return at != NULL;
}

jrpc_status listeners_remove(listeners *l, listener_fn *function, void *userdata, const char *what, jrpc_error *error)
{
    pthread_mutex_lock(&l->lock);
    listener *found = *find(l, function, userdata);
    if (found) {
        found->removed = true;
        found->running++;
        release(l, found);
        while (depth == 0 && is_listed(l, found))
            pthread_cond_wait(&l->idle, &l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return found ? JRPC_OK : jrpc_error_set(error, JRPC_E_NOT_FOUND, "there is no such %s", what);
}

bool listeners_is_empty(listeners *l)
{
    pthread_mutex_lock(&l->lock);
    bool empty = !l->first;
    pthread_mutex_unlock(&l->lock);
    return empty;
}

bool listeners_want(listeners *l, const jrpc_message *message, bool allowed)
{
    bool wanted = false;
    pthread_mutex_lock(&l->lock);
    for (listener *at = l->first; at && !wanted; at = at->next)
        wanted = !at->removed && message_is_wanted(&at->options, message, allowed);
    pthread_mutex_unlock(&l->lock);
    return wanted;
}

listener *listeners_next(listeners *l, listener *after)
{
    pthread_mutex_lock(&l->lock);
    listener *next = after ? after->next : l->first;
    while (next && next->removed)
        next = next->next;
    if (next)
        next->running++;
    if (next && !after)
        depth++;
    if (after)
        release(l, after);
    if (after && !next)
        depth--;
    pthread_mutex_unlock(&l->lock);
    return next;
}

void listeners_leave(listeners *l, listener *at)
{
    pthread_mutex_lock(&l->lock);
    release(l, at);
    depth--;
    pthread_mutex_unlock(&l->lock);
}
