/* SPDX-License-Identifier: MIT */
/* The ledger in the text format of Prometheus, version 0.0.4: all lines of a metric stand together. */
#include "base/mem.h"
#include "observe/ledger.h"

typedef enum which { TOTALS, METHODS, PEERS } which;

typedef struct printing {
    buf *out;
    which wanted;
    const char *name; /* of the metric */
} printing;

static const char *side_name(jrpc_side side)
{
    return side == JRPC_SIDE_CALLER ? "caller" : "callee";
}

static void label(buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_append_char(out, ',');
    buf_append_str(out, name);
    buf_append_lit(out, "=\"");
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_append_char(out, '\\');
        if (*value == '\n')
            buf_append_lit(out, "\\n");
        else
            buf_append_char(out, *value);
    }
    buf_append_char(out, '"');
}

/* The name and the labels that all lines of these calls have; the braces are left open. */
static void open_line(const printing *p, const char *suffix, const jrpc_call_stats *stats)
{
    buf_append_str(p->out, p->name);
    buf_append_str(p->out, suffix);
    buf_append_lit(p->out, "{side=\"");
    buf_append_str(p->out, side_name(stats->side));
    buf_append_char(p->out, '"');
    label(p->out, "method", stats->method);
    label(p->out, "peer", stats->peer);
}

static bool is_wanted(const printing *p, const jrpc_call_stats *stats)
{
    which kind = stats->method ? METHODS : stats->peer ? PEERS : TOTALS;
    return kind == p->wanted;
}

static void print_counts(const jrpc_call_stats *stats, void *userdata)
{
    const printing *p = userdata;
    for (size_t i = 0; is_wanted(p, stats) && i < stats->status_count; i++) {
        open_line(p, "", stats);
        label(p->out, "status", jrpc_status_name(stats->statuses[i].status));
        buf_append_lit(p->out, "} ");
        buf_append_uint(p->out, stats->statuses[i].calls);
        buf_append_char(p->out, '\n');
    }
}

static void print_latency(const jrpc_call_stats *stats, void *userdata)
{
    const printing *p = userdata;
    if (!is_wanted(p, stats))
        return;
    uint64_t sum = 0;
    for (size_t i = 0; i < JRPC_LATENCY_BUCKETS; i++) {
        sum += stats->latency[i];
        open_line(p, "_bucket", stats);
        if (i + 1 < JRPC_LATENCY_BUCKETS)
            buf_printf(p->out, ",le=\"%g\"} ", jrpc_latency_bounds[i]);
        else
            buf_append_lit(p->out, ",le=\"+Inf\"} ");
        buf_append_uint(p->out, sum);
        buf_append_char(p->out, '\n');
    }
    open_line(p, "_sum", stats);
    buf_printf(p->out, "} %.9g\n", stats->seconds);
    open_line(p, "_count", stats);
    buf_append_lit(p->out, "} ");
    buf_append_uint(p->out, stats->calls);
    buf_append_char(p->out, '\n');
}

static void head(buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void ledger_print_gauge(buf *out, const char *name, const char *help, uint64_t value)
{
    head(out, name, "gauge", help);
    buf_append_str(out, name);
    buf_append_char(out, ' ');
    buf_append_uint(out, value);
    buf_append_char(out, '\n');
}

jrpc_status ledger_print_metrics(ledger *l, buf *out)
{
    static const struct {
        const char *name, *type, *help;
        which wanted;
        jrpc_call_stats_fn print;
    } metrics[] = {
        { "jrpc_calls_total", "counter", "Calls that have ended, by how.", TOTALS, print_counts },
        { "jrpc_call_seconds", "histogram", "How long calls took.", TOTALS, print_latency },
        { "jrpc_method_calls_total", "counter", "Calls of a method that have ended, by how.", METHODS, print_counts },
        { "jrpc_method_seconds", "histogram", "How long calls of a method took.", METHODS, print_latency },
        { "jrpc_peer_calls_total", "counter", "Calls to or by a peer that have ended, by how.", PEERS, print_counts },
    };
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; i < COUNT_OF(metrics) && status == JRPC_OK; i++) {
        printing p = { out, metrics[i].wanted, metrics[i].name };
        head(out, metrics[i].name, metrics[i].type, metrics[i].help);
        status = ledger_each(l, metrics[i].print, &p);
    }
    return buf_failed(out) ? JRPC_E_NOMEM : status;
}
