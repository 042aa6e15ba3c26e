/* SPDX-License-Identifier: MIT */
/* Diagnostics: the list. */
#include "front/diag.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "front/diag_list.h"
#include "front/source.h"

enum { REPEATS_LOOKED_FOR = 100 }; /* of one file */

void diag_init(diag *d, size_t max_errors)
{
    *d = (diag){ .memory = ARENA_INIT(64 << 20), .max_errors = max_errors };
}

void diag_done(diag *d)
{
    arena_done(&d->memory);
}

static diag_entry *new_entry(diag *d, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

static diag_entry *new_entry(diag *d, const char *format, va_list ap)
{
    AUTO(buf_done) buf text = BUF_INIT;
    buf_vprintf(&text, format, ap);
    diag_entry *entry = arena_zalloc(&d->memory, sizeof *entry);
    char *message = buf_failed(&text) ? NULL : arena_strndup(&d->memory, text.data, text.len);
    if (!entry || !message) {
        d->failed = true;
        return NULL;
    }
    entry->message = message;
    return entry;
}

static bool same_place(place a, place b)
{
    return a.source == b.source && a.offset == b.offset && a.length == b.length;
}

/* The mistake just reported, met a second time by another way. */
static bool is_repeat(const diag_entry *old, const diag_entry *entry)
{
    return old && entry->rule && strcmp(old->rule, entry->rule) == 0 &&
           same_place(old->where, entry->where) && strcmp(old->message, entry->message) == 0;
}

/*
 * A name written in the wrong case: what it means is not questioned as well. Where the direction of a
 * parameter is missing, its type may be wrong too: one after the other.
 */
static bool is_consequence(const diag_entry *old, const diag_entry *entry)
{
    if (!old || !entry->rule || old->where.source != entry->where.source ||
        old->where.offset != entry->where.offset)
        return false;
    return strcmp(old->rule, "param-direction") == 0 ||
           (strcmp(old->rule, "name-case") == 0 && same_place(old->where, entry->where));
}

/* A mistake in a file that is included several times is one mistake. */
static bool is_in_file_before(const diag *d, const diag_entry *entry)
{
    const source *s = entry->where.source;
    if (!s || !entry->rule || s->file->readings < 2 || s->file->readings > REPEATS_LOOKED_FOR)
        return false;
    for (const diag_entry *old = d->first; old; old = old->next) {
        if (old->rule && old->where.source && old->where.source->file == s->file &&
            old->where.offset == entry->where.offset && strcmp(old->rule, entry->rule) == 0 &&
            strcmp(old->message, entry->message) == 0)
            return true;
    }
    return false;
}

static void append(diag *d, diag_entry *entry)
{
    if (d->last)
        d->last->next = entry;
    else
        d->first = entry;
    d->last = entry;
    if (entry->rule)
        d->latest = entry;
}

void diag_report(diag *d, diag_severity severity, const char *rule, place where, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    diag_reportv(d, severity, rule, where, format, ap);
    va_end(ap);
}

void diag_reportv(diag *d, diag_severity severity, const char *rule, place where, const char *format,
                  va_list ap)
{
    if (d->stopped || d->muted || (!rule && d->dropped))
        return;
    diag_entry *entry = new_entry(d, format, ap);
    d->dropped = true;
    if (severity == DIAG_ERROR && !entry)
        d->errors++;
    if (!entry)
        return;
    entry->severity = severity;
    entry->rule = rule;
    entry->where = where;
    if (is_repeat(d->latest, entry) || is_consequence(d->latest, entry) || is_in_file_before(d, entry))
        return;
    d->dropped = false;
    append(d, entry);
    d->errors += severity == DIAG_ERROR;
    d->warnings += severity == DIAG_WARNING;
    if (severity == DIAG_ERROR && d->max_errors && d->errors >= d->max_errors)
        d->stopped = true;
}

bool diag_latest_is(const diag *d, const char *rule)
{
    return d->latest && strcmp(d->latest->rule, rule) == 0;
}

size_t diag_error_count(const diag *d)
{
    return d->errors;
}

size_t diag_warning_count(const diag *d)
{
    return d->warnings;
}

bool diag_print(const diag *d, FILE *stream, const diag_style *style)
{
    AUTO(buf_done) buf out = BUF_INIT;
    if (style->json) {
        diag_print_json(&out, d, style);
    } else {
        for (const diag_entry *entry = d->first; entry; entry = entry->next)
            diag_print_text(&out, entry, style);
        if (d->stopped)
            buf_printf(&out, "too many errors (%zu), stopped; --max-errors=0 shows all\n", d->errors);
    }
    bool failed = buf_failed(&out) || d->failed;
    if (!buf_failed(&out) && out.len)
        fwrite(out.data, 1, out.len, stream);
    return !failed;
}
