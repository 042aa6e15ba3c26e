/* SPDX-License-Identifier: MIT */
/* Ledger: lines of counters. */
#include "observe/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/recorder.h"

/* By 1, 2 and 5 of each decade: what is below is measuring noise, what is above has a deadline. */
const double jrpc_latency_bounds[JRPC_LATENCY_BUCKETS - 1] = { 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005,
                                                               0.01,   0.02,   0.05,   0.1,   0.2,   0.5,
                                                               1,      2,      5,      10,    20,    50 };

#define STATUS_ITEM(name, number, text) JRPC_E_##name,
static const jrpc_status statuses[] = { JRPC_OK, JRPC_STATUS_MAP(STATUS_ITEM) };

struct ledger_line {
    uint64_t calls;
    double seconds;
    uint64_t by_status[COUNT_OF(statuses)];
    uint64_t latency[JRPC_LATENCY_BUCKETS];
};

void ledger_init(ledger *l)
{
    *l = (ledger){ .recorded = 0 };
    pthread_mutex_init(&l->lock, NULL);
}

static void free_lines(map *lines)
{
    size_t at = 0;
    for (void *line; map_next(lines, &at, NULL, &line);)
        free(line);
    map_done(lines);
}

void ledger_done(ledger *l)
{
    for (size_t i = 0; i < LEDGER_SIDES; i++) {
        free(l->sides[i].total);
        free_lines(&l->sides[i].methods);
        free_lines(&l->sides[i].peers);
    }
    free(l->records);
    pthread_mutex_destroy(&l->lock);
}

/* ---- writing ---- */

static size_t status_index(jrpc_status status)
{
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        if (statuses[i] == status)
            return i;
    }
    return status_index(JRPC_E_INTERNAL);
}

static size_t bucket_of(double seconds)
{
    size_t i = 0;
    while (i < COUNT_OF(jrpc_latency_bounds) && seconds > jrpc_latency_bounds[i])
        i++;
    return i;
}

static void count(ledger_line *line, size_t status, size_t bucket, double seconds)
{
    if (!line)
        return;
    line->calls++;
    line->seconds += seconds;
    line->by_status[status]++;
    line->latency[bucket]++;
}

/* NULL without memory. */
static ledger_line *line_of(map *lines, const char *name, size_t len)
{
    static const char other[] = "(other)";
    ledger_line *line = map_get(lines, name, len);
    if (line)
        return line;
    if (lines->len >= LEDGER_NAMES_MAX && strcmp(name, other) != 0)
        return line_of(lines, other, sizeof other - 1);
    line = calloc(1, sizeof *line);
    if (line && !map_put(lines, name, len, line)) {
        free(line);
        line = NULL;
    }
    return line;
}

void ledger_note(ledger *l, const ledger_entry *entry)
{
    double seconds = entry->took > 0 ? (double)entry->took / 1e9 : 0;
    size_t status = status_index(entry->status), bucket = bucket_of(seconds);
    ledger_side *side = &l->sides[entry->side];
    pthread_mutex_lock(&l->lock);
    if (!side->total)
        side->total = calloc(1, sizeof *side->total);
    count(side->total, status, bucket, seconds);
    if (entry->method)
        count(line_of(&side->methods, entry->method, strlen(entry->method)), status, bucket, seconds);
    if (entry->peer)
        count(line_of(&side->peers, entry->peer, strcspn(entry->peer, "/")), status, bucket, seconds);
    recorder_note(l, entry);
    pthread_mutex_unlock(&l->lock);
}

/* ---- reading ---- */

typedef struct visit {
    jrpc_call_stats_fn function;
    void *userdata;
    jrpc_side side;
} visit;

static void hand_out(const visit *v, const ledger_line *line, const char *method, const char *peer)
{
    jrpc_status_count occurred[COUNT_OF(statuses)];
    jrpc_call_stats stats = { .side = v->side, .method = method, .peer = peer, .statuses = occurred };
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        if (line->by_status[i])
            occurred[stats.status_count++] = (jrpc_status_count){ statuses[i], line->by_status[i] };
    }
    stats.calls = line->calls;
    stats.seconds = line->seconds;
    stats.latency = line->latency;
    v->function(&stats, v->userdata);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static jrpc_status hand_out_all(const visit *v, const map *lines, bool are_methods)
{
    if (lines->len == 0)
        return JRPC_OK;
    autofree const char **names = calloc(lines->len, sizeof *names);
    if (!names)
        return JRPC_E_NOMEM;
    size_t at = 0, len = 0;
    while (len < lines->len && map_next(lines, &at, &names[len], NULL))
        len++;
    qsort(names, len, sizeof *names, compare_names);
    for (size_t i = 0; i < len; i++) {
        const ledger_line *line = map_get_str(lines, names[i]);
        hand_out(v, line, are_methods ? names[i] : NULL, are_methods ? NULL : names[i]);
    }
    return JRPC_OK;
}

jrpc_status ledger_each(ledger *l, jrpc_call_stats_fn function, void *userdata)
{
    static const ledger_line nothing;
    jrpc_status status = JRPC_OK;
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < LEDGER_SIDES && status == JRPC_OK; i++) {
        const ledger_side *side = &l->sides[i];
        const visit v = { function, userdata, (jrpc_side)i };
        hand_out(&v, side->total ? side->total : &nothing, NULL, NULL);
        status = hand_out_all(&v, &side->methods, true);
        if (status == JRPC_OK)
            status = hand_out_all(&v, &side->peers, false);
    }
    pthread_mutex_unlock(&l->lock);
    return status;
}
