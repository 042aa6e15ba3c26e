/* SPDX-License-Identifier: MIT */
/* Deferred answers. */
#include "serve/deferral.h"

#include <pthread.h>

#include "serve/answer.h"
#include "serve/incoming.h"

/* One for all: a call may outlive its server, and with it any lock of the server's. Held for moments. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t quiet = PTHREAD_COND_INITIALIZER;

/* Under the lock. */
static void take_off_list(jrpc_call *call)
{
    deferral *d = &call->deferral;
    if (!d->at)
        return;
    *d->at = d->next;
    if (d->next)
        d->next->deferral.at = d->at;
    d->at = NULL;
}

void jrpc_call_defer(jrpc_call *call)
{
    server *s = call->server;
    deferral *d = &call->deferral;
    pthread_mutex_lock(&lock);
    if (!d->deferred) {
        d->deferred = true;
        d->next = s->deferred;
        d->at = &s->deferred;
        if (s->deferred)
            s->deferred->deferral.at = &d->next;
        s->deferred = call;
    }
    pthread_mutex_unlock(&lock);
}

bool deferral_after_handler(jrpc_call *call, jrpc_status status)
{
    deferral *d = &call->deferral;
    pthread_mutex_lock(&lock);
    /* Nothing else of the call may be looked at: another thread may be about to answer it. */
    bool keep = d->deferred && !d->answered && status == JRPC_OK;
    bool answered = d->deferred && d->answered;
    bool last = answered && !d->held;
    d->returned = true;
    if (!keep)
        take_off_list(call);
    pthread_mutex_unlock(&lock);
    if (last)
        incoming_free(call);
    return keep || answered;
}

/* The server to answer through, which stays until end_answer(); NULL when it is gone. */
static server *begin_answer(jrpc_call *call)
{
    pthread_mutex_lock(&lock);
    server *s = call->deferral.abandoned ? NULL : call->server;
    take_off_list(call);
    if (s) {
        underway_remove(call); /* the server may be gone when the call is freed */
        s->answering++;
    }
    pthread_mutex_unlock(&lock);
    if (s)
        incoming_drop_use(call);
    return s;
}

static void end_answer(jrpc_call *call, server *s)
{
    if (s)
        incoming_leave(call); /* before others are told that nobody answers any more: then the server may go */
    pthread_mutex_lock(&lock);
    if (s && --s->answering == 0)
        pthread_cond_broadcast(&quiet);
    call->deferral.answered = true;
    bool last = call->deferral.returned && !call->deferral.held;
    pthread_mutex_unlock(&lock);
    if (last)
        incoming_free(call);
}

void jrpc_call_fail(jrpc_call *call, jrpc_status status)
{
    server *s = begin_answer(call);
    if (s)
        answer_status(call, status == JRPC_OK ? JRPC_E_INTERNAL : status);
    end_answer(call, s);
}

void jrpc_call_reply(jrpc_call *call, const jrpc_method *method, const void *const *values)
{
    if (call->method->method != method) {
        jrpc_call_fail(call, JRPC_E_INTERNAL);
        return;
    }
    server *s = begin_answer(call);
    if (s)
        answer_result(call, values);
    end_answer(call, s);
}

/* Under the lock, which is released while the call is told: an entry of a multicall goes on from there. */
static void abandon(server *s, jrpc_call *call)
{
    deferral *d = &call->deferral;
    take_off_list(call);
    underway_remove(call);
    d->abandoned = d->held = true;
    pthread_mutex_unlock(&lock);
    incoming_drop_use(call);
    answer_error(s, &call->request, "cancel", "service-unavailable", "this server is going away");
    incoming_leave(call);
    pthread_mutex_lock(&lock);
    d->held = false;
    if (d->answered && d->returned)
        incoming_free(call);
}

size_t deferral_count(const server *s)
{
    size_t count = 0;
    pthread_mutex_lock(&lock);
    for (const jrpc_call *call = s->deferred; call; call = call->deferral.next)
        count += call->deferral.returned;
    pthread_mutex_unlock(&lock);
    return count;
}

void deferral_abandon_all(server *s)
{
    pthread_mutex_lock(&lock);
    while (s->deferred || s->answering) {
        if (s->deferred)
            abandon(s, s->deferred);
        else
            pthread_cond_wait(&quiet, &lock);
    }
    pthread_mutex_unlock(&lock);
}
