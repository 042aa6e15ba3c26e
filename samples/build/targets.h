/* SPDX-License-Identifier: MIT */
/* The targets that a build file declares: Ant's build.xml, or a Makefile. Nothing else can be built. */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>

enum { TARGETS_MOST = 256 };

typedef struct target {
    char *name; /* letters, digits, "_", ".", "-"; the first is a letter or digit */
    char *help; /* "" where nothing is said: description="..." of Ant, "## ..." behind a rule of make */
} target;

typedef struct targets {
    bool is_ant;
    char *file;
    target list[TARGETS_MOST];
    size_t count;
} targets;

/* False: *ret_why says why. The file is build.xml (any *.xml) or a Makefile. */
bool targets_read(targets *t, const char *file, const char **ret_why);
void targets_done(targets *t);
/* NULL: there is no such target. */
const target *targets_find(const targets *t, const char *name);

#endif
