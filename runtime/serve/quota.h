/* SPDX-License-Identifier: MIT */
/*
 * Quota: how often each caller, domain and method has been called of late, and what is in progress of each. Bounded: callers
 * and domains are forgotten once nothing is in progress and their buckets are full, so that nothing is lost by it; when
 * there are more than can be kept, the others share one bucket. No clock of its own. Any thread.
 */
#ifndef SERVE_QUOTA_H
#define SERVE_QUOTA_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jrpc/limit.h>

#include "base/map.h"
#include "link/jid.h"
#include "serve/worker.h"

typedef struct quota_entry quota_entry;

/* Callers or domains. */
typedef struct quota_table {
    jrpc_limit limit;
    size_t most;
    map entries;              /* prepared address -> quota_entry */
    quota_entry *oldest, *newest; /* those that no call refers to, by when the last one ended */
    quota_entry *others;      /* the one of all for whom there is no room */
} quota_table;

typedef struct quota {
    pthread_mutex_t lock;
    quota_table callers, domains;
    map methods; /* wire name -> quota_entry; those with a limit, which are there for good */
} quota;

/* What one call refers to. */
typedef struct quota_use {
    quota_entry *caller, *domain, *method; /* NULL: not counted */
    bool by_caller, by_method;             /* it is in progress, and counted as that */
} quota_use;

typedef struct quota_refusal {
    bool first; /* of whoever is limited, for a minute: worth a line in the log */
    char text[320];
} quota_refusal;

enum { QUOTA_ENTRIES_MOST = 4096 };

/* caller, domain: NULL for no limit. most: callers, and domains, that are told apart. NOMEM. */
jrpc_status quota_init(quota *q, const jrpc_limit *caller, const jrpc_limit *domain, size_t most);
void quota_done(quota *q);
jrpc_status quota_limit_method(quota *q, const char *method, const jrpc_limit *limit, jrpc_error *error);

/* Is the limit one that can be kept? Else why not. */
const char *quota_check_limit(const jrpc_limit *limit);

/* A call has come: one out of each bucket, or none and false. quota_drop() afterwards if true. */
bool quota_take(quota *q, const jid *who, const char *method, int64_t now, quota_use *ret_use,
                quota_refusal *ret_refusal);
/*
 * It is about to be queued or run. whole: by itself, not as part of another one that counts for the caller already. False:
 * as many as may be are in progress.
 */
bool quota_begin(quota *q, quota_use *use, bool whole, int64_t now, quota_refusal *ret_refusal);
/* It has ended, or did not begin. Twice is fine. */
void quota_drop(quota *q, quota_use *use);

/* Where the calls of this caller wait for a worker. */
worker_lane *quota_lane(const quota_use *use);

#endif
