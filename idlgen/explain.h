/* SPDX-License-Identifier: MIT */
/* `idlgen explain`: a page for every rule. */
#ifndef IDLGEN_EXPLAIN_H
#define IDLGEN_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

typedef struct explain_page {
    const char *rule;  /* as in brackets behind a message */
    const char *text;  /* why */
    const char *wrong; /* an example that breaks this rule, and no other */
    const char *right; /* the same without the mistake */
} explain_page;

/* The pages are in several files; each list ends with a NULL rule. */
extern const explain_page explain_names[], explain_types[], explain_calls[], explain_constants[],
    explain_texts[], explain_breaking_calls[], explain_breaking_types[], explain_lint[];

/* All pages, one after the other: *at starts at 0; NULL at the end. */
const explain_page *explain_next(size_t *at);
const explain_page *explain_find(const char *rule);
void explain_print(FILE *stream, const explain_page *page);
void explain_list(FILE *stream);

#endif
