/* SPDX-License-Identifier: MIT */
/* Runs one program with limits: a process group of its own, no shell, no terminal, its output in a file. */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stddef.h>

enum { RUNNER_TAIL = 2000, RUNNER_LINE = 200 };

typedef enum runner_outcome {
    RUNNER_SUCCEEDED,
    RUNNER_FAILED,
    RUNNER_CANCELLED,
    RUNNER_TIMED_OUT,
    RUNNER_TOO_MUCH,
    RUNNER_NOT_STARTED /* tail says why */
} runner_outcome;

typedef struct runner_limits {
    unsigned seconds;
    size_t output;             /* bytes */
    unsigned progress_seconds; /* between two lines of progress */
} runner_limits;

typedef struct runner_report {
    runner_outcome outcome;
    int status; /* exit status; -1: ended by a signal */
    double seconds;
    char tail[RUNNER_TAIL + 1]; /* the last of its output: UTF-8 that XML can carry, from the beginning of a line */
} runner_report;

typedef struct runner {
    const char *const *argv; /* NULL at the end; the program is looked for in PATH */
    int log;                 /* where all output goes */
    int cancel;              /* a descriptor: readable when it is to end */
    runner_limits limits;
    /* Told, now and then, of the last whole line so far. */
    void (*progress)(const char *line, void *userdata);
    void *userdata;
} runner;

/* Returns when the program and all that it has started are gone. */
void runner_run(const runner *r, runner_report *ret_report);

#endif
