/* SPDX-License-Identifier: MIT */
/*
 * Functions of the program that are to be told of something, in the order in which they were added. They are called with
 * no lock held; one that was removed is not called any more, and who removes it can wait until it has returned.
 */
#ifndef CHAT_LISTENERS_H
#define CHAT_LISTENERS_H

#include <pthread.h>

#include <jrpc/chat.h>

/* Any function; cast back to its own type where it is called. */
typedef void listener_fn(void);

typedef struct listener {
    listener_fn *function;
    void *userdata;
    jrpc_message_options options; /* of handlers of messages */
    unsigned running;             /* calls under way, and loops that stand here */
    bool removed;
    struct listener *next;
} listener;

typedef struct listeners {
    pthread_mutex_t lock;
    pthread_cond_t idle;
    listener *first;
} listeners;

void listeners_init(listeners *l);
/* Nobody is called any more. */
void listeners_done(listeners *l);

/* options may be NULL. EXISTS, INVALID (no function), NOMEM. what: "handler", for the error. */
jrpc_status listeners_add(listeners *l, listener_fn *function, void *userdata, const jrpc_message_options *options,
                          const char *what, jrpc_error *error);
/* Waits until it has returned, unless this thread is told something itself. NOT_FOUND. */
jrpc_status listeners_remove(listeners *l, listener_fn *function, void *userdata, const char *what, jrpc_error *error);

bool listeners_is_empty(listeners *l);
/* Is there one whose options want that message? */
bool listeners_want(listeners *l, const jrpc_message *message, bool allowed);

/*
 * for (listener *at = NULL; (at = listeners_next(&l, at));) tells at. A loop that is left early gives its last one to
 * listeners_leave().
 */
listener *listeners_next(listeners *l, listener *after);
void listeners_leave(listeners *l, listener *at);

#endif
