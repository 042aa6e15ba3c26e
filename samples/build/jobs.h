/* SPDX-License-Identifier: MIT */
/* Builds under way: one for each sender, a few in all, each with a thread. Any thread. */
#ifndef JOBS_H
#define JOBS_H

#include <pthread.h>
#include <stdbool.h>

#include "runner.h"
#include "targets.h"

enum { JOBS_MOST = 4, JOBS_LOGS = 100, JOBS_PATH = 512 };

typedef struct job_report {
    const char *target;
    runner_report run;
    char log[JOBS_PATH]; /* the file with all of the output */
} job_report;

/* Whom a build is for. */
typedef struct job_owner {
    const char *sender; /* one build at a time for each; copied */
    void (*progress)(const char *line, void *userdata); /* or NULL */
    /* Exactly once, unless the job was not started; userdata is its to free. */
    void (*finish)(const job_report *report, void *userdata);
    void *userdata;
} job_owner;

typedef struct job job;

typedef struct jobs {
    const targets *targets;
    const char *log_folder;
    runner_limits limits;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    job *running[JOBS_MOST];
    unsigned started; /* so far: numbers the logs, of which the last JOBS_LOGS are kept */
    bool stopping;
} jobs;

typedef enum jobs_result { JOBS_STARTED, JOBS_BUSY_SELF, JOBS_BUSY, JOBS_FAILED } jobs_result;

void jobs_init(jobs *j, const targets *t, const char *log_folder, const runner_limits *limits);
/* Ends what runs and waits for it; nothing can be started any more. */
void jobs_stop(jobs *j);

jobs_result jobs_start(jobs *j, const target *what, const job_owner *owner);
/* False: the sender has none. */
bool jobs_cancel(jobs *j, const char *sender);
/* The target that is being built for that sender, or NULL. */
const char *jobs_find(jobs *j, const char *sender);

#endif
