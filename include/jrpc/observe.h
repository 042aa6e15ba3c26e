/* SPDX-License-Identifier: MIT */
/* What a session has done and is doing: counters and latencies of calls, its present state, and the last calls. */
#ifndef JRPC_OBSERVE_H
#define JRPC_OBSERVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jrpc/error.h>
#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum jrpc_side {
    JRPC_SIDE_CALLER, /* calls that this session made: from sending to their end, whatever it was */
    JRPC_SIDE_CALLEE  /* calls that it was asked for: from reading the request to the answer */
} jrpc_side;

/*
 * Calls by how long they took. Bucket i counts those of at most jrpc_latency_bounds[i] seconds that are in no bucket
 * before it; the last one all that took longer still.
 */
#define JRPC_LATENCY_BUCKETS 19
extern JRPC_EXPORT const double jrpc_latency_bounds[JRPC_LATENCY_BUCKETS - 1];

/* How many ended in one status. */
typedef struct jrpc_status_count {
    jrpc_status status;
    uint64_t calls;
} jrpc_status_count;

/*
 * One line of the books. With a method: all its calls; with a peer: all calls to or by that bare JID (or domain); with
 * neither: all calls of the side. Only the first 256 methods and 256 peers of each side have lines of their own, the
 * others share one by the name of "(other)", so that no peer can make the books grow. Calls that were refused before their
 * method was known (no such method, caller not allowed) are in the side's line alone.
 */
typedef struct jrpc_call_stats {
    jrpc_side side;
    const char *method, *peer; /* NULL: see above */
    uint64_t calls;            /* that have ended */
    double seconds;            /* how long all of them took together */
    const jrpc_status_count *statuses; /* those that occurred */
    size_t status_count;
    const uint64_t *latency; /* JRPC_LATENCY_BUCKETS of them */
} jrpc_call_stats;

/* Everything it is given is borrowed, and good during the call. It must not call the library. */
typedef void (*jrpc_call_stats_fn)(const jrpc_call_stats *stats, void *userdata);

/* Hands out all lines: for each side its total, its methods, its peers, in alphabetical order. Any thread. NOMEM. */
JRPC_EXPORT jrpc_status jrpc_session_stats(jrpc_session *session, jrpc_call_stats_fn function, void *userdata,
                                           jrpc_error *error);

/*
 * The same and what jrpc_session_live() says, in the text format of Prometheus (version 0.0.4), in a new heap string. The
 * metrics: jrpc_calls_total {side, status}, jrpc_call_seconds {side} (histogram), jrpc_method_calls_total {side, method,
 * status}, jrpc_method_seconds {side, method} (histogram), jrpc_peer_calls_total {side, peer, status}, and a gauge for each
 * member of jrpc_live. Any thread. NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_session_metrics(jrpc_session *session, char **ret_text, jrpc_error *error);

/* What a session is doing at this moment. */
typedef struct jrpc_live {
    size_t size;            /* of this structure: set it */
    bool online;            /* calls can be sent now */
    uint64_t pending;       /* calls of ours that wait for their answer */
    uint64_t send_bytes;    /* that wait to be written to the stream */
    uint64_t queued;        /* calls that came in and wait for a worker */
    uint64_t running;       /* handlers that run, and calls whose answer was deferred */
    uint64_t stray_answers; /* answers that nobody waited for, or that came from another address: since the start */
} jrpc_live;

/* Any thread. */
JRPC_EXPORT void jrpc_session_live(jrpc_session *session, jrpc_live *ret_live);

/*
 * The flight recorder: the last 256 calls that ended, both ways, the oldest first, one line each: when (UTC), "to" or
 * "from" whom, which method, how it ended, how long it took, and the id of its IQ, which is the same at both ends, and so is
 * the id of its trace, when it has one. No arguments and no results. What peers chose is escaped. Any thread. IO (the
 * stream), NOMEM.
 */
JRPC_EXPORT jrpc_status jrpc_session_dump_calls(jrpc_session *session, FILE *stream, jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
