/* SPDX-License-Identifier: MIT */
/*
 * The command lines of subcommands: files, and the options that all of them have (-I -D -U --max-errors --diagnostics
 * --color --werror --help). The others are given back one by one:
 *
 *     for (const char *arg; (arg = args_next(&a)) != NULL;) {
 *         if (strcmp(arg, "--check") == 0) ...
 *         else if (args_value(&a, "--name", &name)) ...
 *         else args_unknown(&a);
 *     }
 */
#ifndef IDLGEN_ARGS_H
#define IDLGEN_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "front/front.h"

/* Exit statuses. */
enum { DONE = 0, MISTAKES = 1, TROUBLE = 2 };

typedef struct args {
    const char *command; /* "fmt" */
    char **argv;
    int argc, at;
    bool only_files; /* behind "--" */
    bool failed;     /* after a message on stderr */
    bool help;       /* asked for */
    front_options front;
    diag_style style; /* color is for standard error */
    const char *color; /* --color: "auto" unless given */
    const char **files, **include_dirs;
    size_t file_count;
    front_define *defines;
} args;

/* argv[1] is the command. */
void args_init(args *a, const char *command, int argc, char **argv);
void args_done(args *a);
/* The next option that is not one of the common ones; NULL at the end, for --help, and after a mistake. */
const char *args_next(args *a);
/* Is the option this one? It needs a value: "--name VALUE" or "--name=VALUE". False after a mistake too. */
bool args_value(args *a, const char *name, const char **ret_value);
/* Complains of the option that args_next() gave, unless that was done. */
void args_unknown(args *a);
void args_complain(args *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Whether what goes to that file is coloured. */
bool args_color(const args *a, int fd);
/* "idlgen: out of memory"; TROUBLE. */
int args_no_memory(void);

#endif
