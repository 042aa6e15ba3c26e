/* SPDX-License-Identifier: MIT */
/* What the session's server takes: how large stanzas may be, how long it lets a stream be silent. */
#ifndef SESSION_LIMITS_H
#define SESSION_LIMITS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link/link.h"

typedef enum limits_source {
    LIMITS_OWN,       /* the session's option */
    LIMITS_ANNOUNCED, /* by the server (XEP-0478) */
    LIMITS_LEARNT     /* the server closed a stream after a large stanza */
} limits_source;

/* All but max_stanza is under the session's lock. */
typedef struct session_limits {
    atomic_size_t max_stanza; /* what we send in one stanza at most. Any thread reads it */
    size_t own, learnt;       /* learnt: 0 when nothing was */
    limits_source source;     /* of max_stanza */
    size_t largest;           /* stanza that was sent over the stream there is */
    bool by_size;             /* the stream that was lost last was closed for the size of its largest stanza */
    uint32_t idle_ms;         /* we must have sent something within this time; 0: no limit */
} session_limits;

void limits_init(session_limits *l, size_t own);
static inline size_t limits_max_stanza(const session_limits *l)
{
    return atomic_load_explicit(&l->max_stanza, memory_order_relaxed);
}

/* A stream is there; announced is what its server says. */
void limits_begin(session_limits *l, const link_limits *announced);
void limits_note_sent(session_limits *l, size_t len);
/* The stream has ended: was that because of a stanza's size? Then less is sent from now on: true. */
bool limits_end(session_limits *l, const jrpc_error *why);

/* "the limit is 131072 (of this program)": whose it is, and how it is known. */
enum { LIMITS_TEXT_MAX = 128 };
const char *limits_describe(const session_limits *l, char text[LIMITS_TEXT_MAX]);

#endif
