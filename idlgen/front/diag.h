/* SPDX-License-Identifier: MIT */
/* Diagnostics: collected in order, printed like clang's or as JSON. */
#ifndef FRONT_DIAG_H
#define FRONT_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "front/place.h"

typedef enum diag_severity { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR } diag_severity;

typedef struct diag diag;

/*
 * Adds a diagnostic. rule is a static id ("name-clash"), printed in brackets and explained by `idlgen
 * explain`. A note (rule NULL) belongs to the diagnostic before it and is dropped with it.
 */
void diag_report(diag *d, diag_severity severity, const char *rule, place where, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Is the last error or warning of that rule? */
bool diag_latest_is(const diag *d, const char *rule);
size_t diag_error_count(const diag *d);
size_t diag_warning_count(const diag *d);

typedef struct diag_style {
    bool color;
    bool json;   /* one document: see idlgen(1) */
    bool werror; /* warnings are shown as errors */
} diag_style;

/* Prints all; false without memory. */
bool diag_print(const diag *d, FILE *stream, const diag_style *style);

#endif
