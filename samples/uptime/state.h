/* SPDX-License-Identifier: MIT */
/* The watchers in a file, so that a bot that is started again knows them: --state FILE. Any thread. */
#ifndef STATE_H
#define STATE_H

#include "watchers.h"

enum { STATE_BYTES_MOST = 512 * 1024 };

typedef struct state {
    const char *path; /* NULL: nothing is kept */
    pthread_mutex_t lock;
    unsigned long saved; /* watchers.changes of what the file has */
    int complained;      /* errno of the last failure, so that it is told once */
} state;

void state_init(state *s, const char *path);
void state_done(state *s);

/*
 * Adds the file's watchers as absent ones; no file is none. False: there is something else in it, too much, or it cannot be
 * read; *ret_why is static.
 */
bool state_load(const state *s, watchers *w, const char **ret_why);

/* Writes the file anew if the watchers have changed: the old one stays whole until the new one is. */
void state_save(state *s, watchers *w);

#endif
