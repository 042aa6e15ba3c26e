/* SPDX-License-Identifier: MIT */
/*
 * The replay window: which keyed calls (wire/extension.h) this server has started, and how it answered them, so that one
 * that comes again over a new stream is not run again. A call is known by (bare JID of its caller, session, number).
 *
 * Bounded by count, bytes and time. What is forgotten leaves a floor: a call at or below it, and one of a session that may
 * have been forgotten, is refused when it comes again, for nobody can know whether it ran. Any thread.
 */
#ifndef SERVE_REPLAY_H
#define SERVE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "serve/reply.h"
#include "wire/extension.h"

typedef struct replay replay;
typedef struct replay_entry replay_entry;

typedef struct replay_limits {
    size_t sessions, answers, bytes; /* of answers that are kept */
    int64_t keep_ns;                 /* an answer */
} replay_limits;

#define REPLAY_LIMITS_DEFAULT { 4096, 16384, 8U << 20, INT64_C(600000000000) }

/* NULL without memory. */
replay *replay_new(const replay_limits *limits);
/* No call may be under way. NULL is fine. */
void replay_free(replay *r);

/* Of this server's start; announced by disco. */
const char *replay_epoch(const replay *r);

typedef enum replay_found {
    REPLAY_NONE,     /* not known here */
    REPLAY_RUNNING,  /* its answer will go to this request */
    REPLAY_ANSWERED, /* the answer is in ret_stanza (which has failed without memory) */
    REPLAY_LOST      /* it ran, but its answer could not be kept */
} replay_found;

/* A keyed call has come: is it known? */
replay_found replay_find(replay *r, const extension *key, const reply_address *request, buf *ret_stanza);

/*
 * It is not, and may be run: takes note of it. *ret_entry, which goes into the request's kept, is NULL when there is no room
 * or memory for that: then it runs all the same, and would be refused if it came again. False: it is to be refused.
 */
bool replay_admit(replay *r, const extension *key, const reply_address *request, int64_t now, replay_entry **ret_entry);

/*
 * The answer to an admitted call, exactly once; the entry is the window's afterwards. True: meanwhile it came again, and
 * ret_stanza is what is to be sent instead.
 */
bool replay_answer(replay *r, replay_entry *entry, const reply_address *request, const buf *stanza, int64_t now,
                   buf *ret_stanza);

#endif
