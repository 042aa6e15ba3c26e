/* SPDX-License-Identifier: MIT */
/* The books of a session: lines, bounds, the text for Prometheus, the last calls. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "observe/ledger.h"

typedef struct found {
    size_t lines;
    size_t methods, peers, totals;
    uint64_t total[2]; /* calls of each side's total */
    uint64_t other;    /* calls of all lines by the name of "(other)" */
    uint64_t ok, faults;
    uint64_t latency[JRPC_LATENCY_BUCKETS]; /* of the caller's total */
} found;

static void look(const jrpc_call_stats *stats, void *userdata)
{
    found *f = userdata;
    uint64_t sum = 0;
    for (size_t i = 0; i < stats->status_count; i++)
        sum += stats->statuses[i].calls;
    assert_int_equal(sum, stats->calls);
    sum = 0;
    for (size_t i = 0; i < JRPC_LATENCY_BUCKETS; i++)
        sum += stats->latency[i];
    assert_int_equal(sum, stats->calls);
    f->lines++;
    f->methods += stats->method != NULL;
    f->peers += stats->peer != NULL;
    const char *name = stats->method ? stats->method : stats->peer;
    if (name && strcmp(name, "(other)") == 0)
        f->other += stats->calls;
    if (name)
        return;
    f->totals++;
    f->total[stats->side] = stats->calls;
    for (size_t i = 0; stats->side == JRPC_SIDE_CALLER && i < stats->status_count; i++) {
        f->ok += stats->statuses[i].status == JRPC_OK ? stats->statuses[i].calls : 0;
        f->faults += stats->statuses[i].status == JRPC_E_FAULT ? stats->statuses[i].calls : 0;
    }
    if (stats->side == JRPC_SIDE_CALLER)
        memcpy(f->latency, stats->latency, sizeof f->latency);
}

static void note(ledger *l, jrpc_side side, const char *method, const char *peer, jrpc_status status, int64_t took)
{
    const ledger_entry entry = { .side = side, .method = method, .peer = peer, .id = "i<d", .status = status,
                                 .code = status == JRPC_E_FAULT ? 7 : 0, .took = took };
    ledger_note(l, &entry);
}

static void counts_by_method_and_peer(void **state)
{
    UNUSED(state);
    ledger l;
    ledger_init(&l);
    note(&l, JRPC_SIDE_CALLER, "Rot13", "b@localhost/x", JRPC_OK, 300000);
    note(&l, JRPC_SIDE_CALLER, "Rot13", "b@localhost/y", JRPC_E_FAULT, CLOCK_MS);
    note(&l, JRPC_SIDE_CALLER, "add", "c@localhost/x", JRPC_OK, 100000 * CLOCK_MS);
    note(&l, JRPC_SIDE_CALLEE, NULL, NULL, JRPC_E_REFUSED, -1);
    found f = { .lines = 0 };
    assert_int_equal(ledger_each(&l, look, &f), JRPC_OK);
    assert_int_equal(f.totals, 2);
    assert_int_equal(f.methods, 2);
    assert_int_equal(f.peers, 2); /* b's resources are one */
    assert_int_equal(f.total[JRPC_SIDE_CALLER], 3);
    assert_int_equal(f.total[JRPC_SIDE_CALLEE], 1);
    assert_int_equal(f.ok, 2);
    assert_int_equal(f.faults, 1);
    assert_int_equal(f.latency[2], 1); /* up to 0.5 ms */
    assert_int_equal(f.latency[3], 1); /* the bound itself belongs to its bucket */
    assert_int_equal(f.latency[JRPC_LATENCY_BUCKETS - 1], 1);
    ledger_done(&l);
}

static void nobody_can_make_it_grow(void **state)
{
    UNUSED(state);
    ledger l;
    ledger_init(&l);
    char peer[64], method[64];
    for (int i = 0; i < 5000; i++) {
        snprintf(peer, sizeof peer, "peer-%d@localhost/x", i);
        snprintf(method, sizeof method, "method-%d", i);
        note(&l, JRPC_SIDE_CALLEE, method, peer, JRPC_OK, CLOCK_MS);
    }
    found f = { .lines = 0 };
    assert_int_equal(ledger_each(&l, look, &f), JRPC_OK);
    assert_int_equal(f.total[JRPC_SIDE_CALLEE], 5000);
    assert_int_equal(f.lines, 2 + 2 * (LEDGER_NAMES_MAX + 1));
    assert_int_equal(f.other, 2 * (5000 - LEDGER_NAMES_MAX));
    ledger_done(&l);
}

static void check_line(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    if (!at || (at != text && at[-1] != '\n'))
        fail_msg("no line %s in:\n%s", line, text);
}

static void prints_for_prometheus(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf text = BUF_INIT;
    ledger l;
    ledger_init(&l);
    note(&l, JRPC_SIDE_CALLER, "say \"\\\n", "b@localhost/x", JRPC_OK, 3 * CLOCK_MS);
    note(&l, JRPC_SIDE_CALLEE, "add", "c@localhost", JRPC_E_FAULT, 30 * CLOCK_MS);
    assert_int_equal(ledger_print_metrics(&l, &text), JRPC_OK);
    check_line(text.data, "# TYPE jrpc_calls_total counter\n");
    check_line(text.data, "jrpc_calls_total{side=\"caller\",status=\"OK\"} 1\n");
    check_line(text.data, "jrpc_call_seconds_bucket{side=\"caller\",le=\"0.002\"} 0\n");
    check_line(text.data, "jrpc_call_seconds_bucket{side=\"caller\",le=\"0.005\"} 1\n");
    check_line(text.data, "jrpc_call_seconds_bucket{side=\"caller\",le=\"+Inf\"} 1\n");
    check_line(text.data, "jrpc_call_seconds_sum{side=\"caller\"} 0.003\n");
    check_line(text.data, "jrpc_call_seconds_count{side=\"callee\"} 1\n");
    check_line(text.data, "jrpc_method_calls_total{side=\"caller\",method=\"say \\\"\\\\\\n\",status=\"OK\"} 1\n");
    check_line(text.data, "jrpc_method_calls_total{side=\"callee\",method=\"add\",status=\"FAULT\"} 1\n");
    check_line(text.data, "jrpc_peer_calls_total{side=\"callee\",peer=\"c@localhost\",status=\"FAULT\"} 1\n");
    ledger_done(&l);
}

static void keeps_the_last_calls(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf text = BUF_INIT;
    ledger l;
    ledger_init(&l);
    ledger_print_records(&l, &text);
    assert_int_equal(text.len, 0);
    char method[32];
    for (int i = 0; i < LEDGER_RECORDS + 10; i++) {
        snprintf(method, sizeof method, "method-%d", i);
        note(&l, JRPC_SIDE_CALLEE, method, "c@localhost/\x1b[1m\nx", i == 20 ? JRPC_E_FAULT : JRPC_OK, CLOCK_MS);
    }
    ledger_print_records(&l, &text);
    size_t lines = 0;
    for (const char *at = text.data; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, LEDGER_RECORDS);
    assert_null(strstr(text.data, "method-9 "));
    assert_non_null(strstr(text.data, " from c@localhost/\\x1b[1m\\x0ax method-10 OK 1.000 ms id=i<d\n"));
    assert_non_null(strstr(text.data, " method-20 FAULT(7) 1.000 ms "));
    assert_null(strchr(text.data, '\x1b'));
    ledger_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_method_and_peer),
        cmocka_unit_test(nobody_can_make_it_grow),
        cmocka_unit_test(prints_for_prometheus),
        cmocka_unit_test(keeps_the_last_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
