/* SPDX-License-Identifier: MIT */
/*
 * Large answers. A server that does not tell its limit closes the stream after the first stanza that is larger, and nobody
 * hears of the answer in it. So those that may be that large are remembered by the addresses of their requests; once the
 * stream is back their callers get a fault that says why. One that has its answer after all drops the second, by its id.
 *
 * Bounded by count and time: whoever asked is hardly waiting any more after that. Any thread.
 */
#ifndef SERVE_OVERSIZE_H
#define SERVE_OVERSIZE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/reply.h"

enum {
    OVERSIZE_LEAST = 10000, /* any server takes that much (RFC 6120 section 13.12) */
    OVERSIZE_MOST = 32,     /* the last ones */
    OVERSIZE_KEPT_MS = 60000,
};

typedef struct oversize_answer {
    char *id, *from, *to; /* of the request */
    size_t len;           /* 0: none */
    int64_t at;
    bool is_lost;
} oversize_answer;

typedef struct oversize {
    pthread_mutex_t lock;
    oversize_answer items[OVERSIZE_MOST];
    size_t next;
} oversize;

void oversize_init(oversize *o);
void oversize_done(oversize *o);

/* An answer of this length is about to be sent. */
void oversize_note(oversize *o, const reply_address *request, size_t len, int64_t now);
/* The stream is gone; limit: it was closed for the size of a stanza, and this much is sent from now on; 0: for another reason. */
void oversize_stream_lost(oversize *o, size_t limit);
/*
 * The stream is back: takes one answer that was lost and not too long ago. False: there is none (left). The strings of the
 * address are the caller's to free.
 */
bool oversize_take_lost(oversize *o, int64_t now, oversize_answer *ret_answer);
void oversize_answer_done(oversize_answer *answer);

#endif
