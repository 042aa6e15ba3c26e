/* SPDX-License-Identifier: MIT */
/* The flight recorder: a ring of calls, long names cut. */
#include "observe/recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct ledger_record {
    struct timespec at;
    int64_t took;
    jrpc_status status;
    int32_t code;
    jrpc_side side;
    char method[64];
    char peer[96];
    char id[64];
    uint64_t trace[2]; /* zeros: none */
};

static void copy_name(char *out, size_t room, const char *name)
{
    size_t len = name ? strlen(name) : 0;
    if (len >= room)
        len = room - 1;
    if (len)
        memcpy(out, name, len);
    out[len] = '\0';
}

void recorder_note(ledger *l, const ledger_entry *entry)
{
    if (!l->records)
        l->records = calloc(LEDGER_RECORDS, sizeof *l->records);
    if (!l->records)
        return;
    ledger_record *record = &l->records[l->recorded++ % LEDGER_RECORDS];
    clock_gettime(CLOCK_REALTIME, &record->at);
    record->took = entry->took;
    record->status = entry->status;
    record->code = entry->code;
    record->side = entry->side;
    copy_name(record->method, sizeof record->method, entry->method);
    copy_name(record->peer, sizeof record->peer, entry->peer);
    copy_name(record->id, sizeof record->id, entry->id);
    for (size_t i = 0; i < 2; i++)
        record->trace[i] = entry->trace ? entry->trace[i] : 0;
}

/* What a peer chose must not steer a terminal nor look like another line. */
static void print_name(buf *out, const char *name)
{
    if (!*name)
        buf_append_char(out, '-');
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c <= ' ' || c == '\\' || c == 0x7f)
            buf_printf(out, "\\x%02x", c);
        else
            buf_append_char(out, *name);
    }
}

static void print_time(buf *out, const struct timespec *at)
{
    struct tm tm;
    gmtime_r(&at->tv_sec, &tm);
    buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
               tm.tm_min, tm.tm_sec, at->tv_nsec / 1000);
}

static void print_record(buf *out, const ledger_record *record)
{
    print_time(out, &record->at);
    buf_append_str(out, record->side == JRPC_SIDE_CALLER ? " to " : " from ");
    print_name(out, record->peer);
    buf_append_char(out, ' ');
    print_name(out, record->method);
    buf_append_char(out, ' ');
    buf_append_str(out, jrpc_status_name(record->status));
    if (record->code)
        buf_printf(out, "(%ld)", (long)record->code);
    buf_printf(out, " %.3f ms id=", record->took > 0 ? (double)record->took / 1e6 : 0.0);
    print_name(out, record->id);
    if (record->trace[0] || record->trace[1])
        buf_printf(out, " trace=%016" PRIx64 "%016" PRIx64, record->trace[0], record->trace[1]);
    buf_append_char(out, '\n');
}

void ledger_print_records(ledger *l, buf *out)
{
    pthread_mutex_lock(&l->lock);
    uint64_t first = l->recorded > LEDGER_RECORDS ? l->recorded - LEDGER_RECORDS : 0;
    for (uint64_t i = first; i < l->recorded; i++)
        print_record(out, &l->records[i % LEDGER_RECORDS]);
    pthread_mutex_unlock(&l->lock);
}
