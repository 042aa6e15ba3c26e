/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest of several names by edit distance. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct suggestion {
    const char *wanted; /* what was written */
    const char *best;   /* the nearest candidate so far, or NULL */
    size_t distance;
} suggestion;

void suggest_init(suggestion *s, const char *wanted);
/* candidate must live as long as the suggestion is used. */
void suggest_try(suggestion *s, const char *candidate);

/* Names of methods: "block" and "probe.Block" have the same last part. */
bool suggest_same_part(const char *wanted, const char *candidate);

#endif
