/* SPDX-License-Identifier: MIT */
/* What differs between two files in a way that breaks something: collected, merged, and reported in order. */
#ifndef BREAKING_FINDING_H
#define BREAKING_FINDING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"
#include "front/diag_list.h"

/* Who misunderstands whom, or refuses what is sent; and what does not compile any more. */
enum {
    BREAKS_TO_NEW = 1,   /* what an old client sends, in a new server */
    BREAKS_TO_OLD = 2,   /* what a new server sends, in an old client */
    BREAKS_SOURCE = 4,   /* C written for the old interface */
    BREAKS_WIRE = BREAKS_TO_NEW | BREAKS_TO_OLD
};

typedef struct finding {
    const char *rule;
    unsigned breaks;
    place now, before; /* source NULL: there is none */
    const char *message;
    size_t order;
} finding;

typedef struct findings {
    arena memory;
    finding *at;
    size_t len, cap;
    map known;   /* rule and places -> 1 + index */
    bool failed; /* no memory: not complete */
} findings;

#define FINDINGS_INIT { ARENA_INIT(0), NULL, 0, 0, MAP_INIT, false }

void findings_done(findings *f);

/*
 * Adds one. The same rule at the same places, found a second time (by another path, or in the C beside the wire), only
 * adds to what it breaks. rule is static.
 */
void finding_add(findings *f, const char *rule, unsigned breaks, place now, place before, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/*
 * All in the order of the new files: errors where the wire breaks, warnings where only the source does; the old place in
 * a note. False without memory.
 */
bool findings_report(findings *f, diag *d);

#endif
