/* SPDX-License-Identifier: MIT */
/* The command line of idlgen. */
#ifndef IDLGEN_OPTIONS_H
#define IDLGEN_OPTIONS_H

#include <stdbool.h>

#include "emit/emit.h"
#include "front/front.h"

typedef enum options_mode {
    MODE_GENERATE = 0,
    MODE_CHECK,
    MODE_PREPROCESS,
    MODE_DEPENDENCIES,
    MODE_LIST,
    MODE_DUMP,
    MODE_EXPLAIN,
    MODE_HELP,
    MODE_VERSION
} options_mode;

typedef struct options {
    options_mode mode;
    const char *file;   /* the .idl file, or the rule to explain */
    front_options front;
    emit_options emit;
    diag_style style;
    const char *output;      /* -o */
    bool depfile;            /* -MD */
    bool phony;              /* -MP */
    const char *depfile_name; /* -MF */
    const char **targets;    /* -MT, in order */
    size_t target_count;
    const char **include_dirs;
    front_define *defines;
} options;

/* False after a message on stderr. The arrays belong to options_done(). */
bool options_read(options *o, int argc, char **argv);
void options_done(options *o);
void options_print_help(FILE *stream);

#endif
