/* SPDX-License-Identifier: MIT */
/* What a daemon tells of itself: metrics in a file, and at a signal its state and its last calls. */
#ifndef RPC_SERVER_OBSERVE_H
#define RPC_SERVER_OBSERVE_H

#include <jrpc/jrpc.h>

enum { OBSERVE_EVERY_S = 15 };

typedef struct observe {
    char *metrics_file; /* NULL: none */
    char *dump_file;    /* NULL: the log, which is stderr */
    uint32_t every_s;   /* between two writings of the metrics */
    int64_t next_ms;    /* when they are due */
    bool failing;       /* said already */
} observe;

/* Writes the metrics for the first time. */
jrpc_status observe_start(observe *o, jrpc_session *session, jrpc_error *error);
/* Milliseconds until observe_tick() has something to do; -1: never. */
int64_t observe_timeout(const observe *o);
/* Writes the metrics when they are due. A file that cannot be written is complained of once, and tried again. */
void observe_tick(observe *o, jrpc_session *session);
/* Writes the metrics for the last time. */
void observe_end(observe *o, jrpc_session *session);

/* Appends the state and the last calls to the dump file or the log. */
void observe_dump(const observe *o, jrpc_session *session);

#endif
