/* SPDX-License-Identifier: MIT */
/* What a diag holds: for the printers, and for the front end, which makes and ends it. */
#ifndef FRONT_DIAG_LIST_H
#define FRONT_DIAG_LIST_H

#include <stdarg.h>

#include "base/arena.h"
#include "front/diag.h"

typedef struct diag_entry {
    diag_severity severity;
    const char *rule; /* NULL: a note of the entry before it */
    const char *message;
    place where;
    const char *breaks; /* idlgen breaking: what it breaks, a list in JSON; else NULL */
    struct diag_entry *next;
} diag_entry;

struct diag {
    arena memory;
    diag_entry *first, *last;
    diag_entry *latest; /* the last that is no note of another */
    size_t errors, warnings, max_errors;
    bool dropped; /* the last entry was not kept: its notes are not either */
    bool stopped; /* too many errors */
    bool muted;   /* what comes now would only follow from what was said */
    bool failed;  /* something could not be kept for want of memory */
};

void diag_init(diag *d, size_t max_errors);
void diag_done(diag *d);
void diag_reportv(diag *d, diag_severity severity, const char *rule, place where, const char *format,
                  va_list ap) __attribute__((format(printf, 5, 0)));

/* From here on nothing is added. */
static inline void diag_mute(diag *d)
{
    d->muted = true;
}

/* Switches off what would only follow from something that was said; returns how it was, for switching back. */
static inline bool diag_hush(diag *d, bool muted)
{
    bool before = d->muted;
    d->muted = muted;
    return before;
}

/* The notes that come next belong to something that was not said. */
static inline void diag_drop_notes(diag *d)
{
    d->dropped = true;
}

/* For the diagnostic just reported; static. */
static inline void diag_set_breaks(diag *d, const char *breaks)
{
    if (d->latest && !d->dropped)
        d->latest->breaks = breaks;
}

static inline bool diag_stopped(const diag *d)
{
    return d->stopped;
}

/* One entry without its notes, JSON or text. */
struct buf;
void diag_print_text(struct buf *out, const diag_entry *entry, const diag_style *style);
void diag_print_json(struct buf *out, const diag *d, const diag_style *style);

#endif
