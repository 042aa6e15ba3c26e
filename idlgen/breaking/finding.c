/* SPDX-License-Identifier: MIT */
/* What breaks: the list. */
#include "breaking/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "front/source.h"

void findings_done(findings *f)
{
    arena_done(&f->memory);
    map_done(&f->known);
    free(f->at);
}

/* By file, not by reading of it: a file is read again for every other that includes it. */
static int compare_places(place a, place b)
{
    if (!a.source || !b.source)
        return (a.source != NULL) - (b.source != NULL);
    int order = a.source == b.source ? 0 : strcmp(a.source->file->path, b.source->file->path);
    return order ? order : (a.offset > b.offset) - (a.offset < b.offset);
}

static void append_place(buf *key, place p)
{
    buf_printf(key, "\n%u %s", (unsigned)p.offset, p.source ? p.source->file->path : "");
}

static finding *append(findings *f)
{
    if (f->len == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        finding *more = realloc(f->at, cap * sizeof *more);
        if (!more) {
            f->failed = true;
            return NULL;
        }
        f->at = more;
        f->cap = cap;
    }
    f->at[f->len] = (finding){ .order = f->len };
    return &f->at[f->len++];
}

static void add(findings *f, const finding *wanted, const buf *key, const buf *text)
{
    size_t known = (size_t)(uintptr_t)map_get(&f->known, key->data, key->len);
    if (known) {
        f->at[known - 1].breaks |= wanted->breaks;
        return;
    }
    const char *message = arena_strndup(&f->memory, text->data, text->len);
    finding *added = message ? append(f) : NULL;
    if (!added || !map_put(&f->known, key->data, key->len, (void *)(uintptr_t)f->len)) {
        f->failed = true;
        return;
    }
    *added = (finding){ wanted->rule, wanted->breaks, wanted->now, wanted->before, message, added->order };
}

void finding_add(findings *f, const char *rule, unsigned breaks, place now, place before, const char *format, ...)
{
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(buf_done) buf key = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    buf_append_str(&key, rule);
    append_place(&key, now);
    append_place(&key, before);
    if (buf_failed(&text) || buf_failed(&key))
        f->failed = true;
    else
        add(f, &(finding){ .rule = rule, .breaks = breaks, .now = now, .before = before }, &key, &text);
}

static int compare(const void *a, const void *b)
{
    const finding *x = a, *y = b;
    int order = compare_places(x->now.source ? x->now : x->before, y->now.source ? y->now : y->before);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static const char *consequence(unsigned breaks)
{
    static const char *const texts[] = {
        [BREAKS_TO_NEW] = "breaks the wire (old client to new server)",
        [BREAKS_TO_OLD] = "breaks the wire (new server to old client)",
        [BREAKS_WIRE] = "breaks the wire",
        [BREAKS_SOURCE] = "breaks C source",
        [BREAKS_SOURCE | BREAKS_TO_NEW] = "breaks the wire (old client to new server) and C source",
        [BREAKS_SOURCE | BREAKS_TO_OLD] = "breaks the wire (new server to old client) and C source",
        [BREAKS_SOURCE | BREAKS_WIRE] = "breaks the wire and C source",
    };
    return texts[breaks];
}

static const char *for_json(unsigned breaks)
{
    if (!(breaks & BREAKS_WIRE))
        return "[\"source\"]";
    return breaks & BREAKS_SOURCE ? "[\"wire\", \"source\"]" : "[\"wire\"]";
}

static bool is_addition(const char *rule)
{
    size_t len = strlen(rule);
    return len > 6 && strcmp(rule + len - 6, "-added") == 0;
}

bool findings_report(findings *f, diag *d)
{
    if (f->len)
        qsort(f->at, f->len, sizeof *f->at, compare);
    for (size_t i = 0; i < f->len; i++) {
        const finding *found = &f->at[i];
        bool gone = !found->now.source;
        diag_report(d, found->breaks & BREAKS_WIRE ? DIAG_ERROR : DIAG_WARNING, found->rule,
                    gone ? found->before : found->now, "%s; %s", found->message, consequence(found->breaks));
        diag_set_breaks(d, for_json(found->breaks));
        if (!gone && found->before.source)
            diag_report(d, DIAG_NOTE, NULL, found->before,
                        is_addition(found->rule) ? "the old one, without it, is here" : "it was here");
    }
    return !f->failed && !d->failed;
}
