/* SPDX-License-Identifier: MIT */
/*
 * Ledger: how many calls ended in which way and how long they took, by method and by peer, and the last of them in full.
 * Any thread. Bounded: see <jrpc/observe.h>.
 */
#ifndef OBSERVE_LEDGER_H
#define OBSERVE_LEDGER_H

#include <pthread.h>

#include <jrpc/observe.h>

#include "base/buf.h"
#include "base/map.h"

enum { LEDGER_NAMES_MAX = 256, LEDGER_RECORDS = 256, LEDGER_SIDES = 2 };

/* A call that has ended. All is borrowed. */
typedef struct ledger_entry {
    jrpc_side side;
    const char *method; /* NULL: not known, or none of ours */
    const char *peer;   /* JID; NULL: not to be named */
    const char *id;     /* of the IQ; may be NULL */
    const uint64_t *trace; /* W3C trace id, its two halves; NULL: none */
    jrpc_status status;
    int32_t code; /* of a fault */
    int64_t took; /* in ns; below 0: not known, counts as 0 */
} ledger_entry;

typedef struct ledger_line ledger_line;
typedef struct ledger_record ledger_record;

typedef struct ledger_side {
    ledger_line *total;
    map methods, peers; /* name -> ledger_line */
} ledger_side;

typedef struct ledger {
    pthread_mutex_t lock; /* for all below */
    ledger_side sides[LEDGER_SIDES];
    ledger_record *records; /* a ring, made with the first */
    uint64_t recorded;
} ledger;

void ledger_init(ledger *l);
void ledger_done(ledger *l);

/* Never fails: what there is no memory for is not written down. */
void ledger_note(ledger *l, const ledger_entry *entry);

jrpc_status ledger_each(ledger *l, jrpc_call_stats_fn function, void *userdata);
/* The records as text, one a line. */
void ledger_print_records(ledger *l, buf *out);

/* Appends the ledger in the text format of Prometheus. */
jrpc_status ledger_print_metrics(ledger *l, buf *out);
/* One gauge without labels. */
void ledger_print_gauge(buf *out, const char *name, const char *help, uint64_t value);

#endif
