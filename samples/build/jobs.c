/* SPDX-License-Identifier: MIT */
/* Builds under way. */
#include "jobs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
    jobs *all;
    const target *target;
    job_owner owner;
    char *sender;
    int cancel; /* eventfd */
    int log;
    bool is_over; /* its sender is being told, and may ask for the next one; under the lock */
    job_report report;
};

void jobs_init(jobs *j, const targets *t, const char *log_folder, const runner_limits *limits)
{
    memset(j, 0, sizeof *j);
    j->targets = t;
    j->log_folder = log_folder;
    j->limits = *limits;
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->changed, NULL);
}

static void cancel(job *one)
{
    uint64_t number = 1;
    if (write(one->cancel, &number, sizeof number) < 0)
        return; /* it is readable already */
}

static bool is_empty(const jobs *j)
{
    for (int i = 0; i < JOBS_MOST; i++)
        if (j->running[i])
            return false;
    return true;
}

void jobs_stop(jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    for (int i = 0; i < JOBS_MOST; i++)
        if (j->running[i])
            cancel(j->running[i]);
    while (!is_empty(j))
        pthread_cond_wait(&j->changed, &j->lock);
    pthread_mutex_unlock(&j->lock);
}

static void free_job(job *one)
{
    if (one->cancel >= 0)
        close(one->cancel);
    if (one->log >= 0)
        close(one->log);
    free(one->sender);
    free(one);
}

/* Under the lock. */
static job **find(jobs *j, const char *sender)
{
    for (int i = 0; i < JOBS_MOST; i++)
        if (j->running[i] && !j->running[i]->is_over && strcmp(j->running[i]->sender, sender) == 0)
            return &j->running[i];
    return NULL;
}

static void forget(job *one)
{
    jobs *j = one->all;
    pthread_mutex_lock(&j->lock);
    for (int i = 0; i < JOBS_MOST; i++)
        if (j->running[i] == one)
            j->running[i] = NULL;
    pthread_cond_broadcast(&j->changed);
    pthread_mutex_unlock(&j->lock);
}

/* argv, never a shell: the name of a target is one argument, and begins with a letter or digit. */
static void *build(void *userdata)
{
    job *one = userdata;
    const targets *t = one->all->targets;
    const char *const make[] = { "make", "--no-print-directory", "-f", t->file, "--", one->target->name, NULL };
    const char *const ant[] = { "ant", "-noinput", "-f", t->file, one->target->name, NULL };
    const runner r = {
        .argv = t->is_ant ? ant : make,
        .log = one->log,
        .cancel = one->cancel,
        .limits = one->all->limits,
        .progress = one->owner.progress,
        .userdata = one->owner.userdata,
    };
    runner_run(&r, &one->report.run);
    one->report.target = one->target->name;
    pthread_mutex_lock(&one->all->lock);
    one->is_over = true;
    pthread_mutex_unlock(&one->all->lock);
    one->owner.finish(&one->report, one->owner.userdata);
    forget(one);
    free_job(one);
    return NULL;
}

static job *new_job(jobs *j, const target *what, const job_owner *owner)
{
    job *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->all = j;
    made->target = what;
    made->owner = *owner;
    made->sender = strdup(owner->sender);
    made->cancel = eventfd(0, EFD_CLOEXEC);
    made->log = -1;
    if (made->sender && made->cancel >= 0)
        return made;
    free_job(made);
    return NULL;
}

/* Under the lock. */
static bool open_log(jobs *j, job *one)
{
    int len = snprintf(one->report.log, sizeof one->report.log, "%s/build-%02u.log", j->log_folder, j->started % JOBS_LOGS);
    if (len < 0 || (size_t)len >= sizeof one->report.log)
        return false;
    unlink(one->report.log);
    one->log = open(one->report.log, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return one->log >= 0;
}

static bool start_thread(job *one)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool started = pthread_create(&thread, &attributes, build, one) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

/* Under the lock. */
static jobs_result start(jobs *j, job *one)
{
    if (find(j, one->sender))
        return JOBS_BUSY_SELF;
    int place = 0;
    while (place < JOBS_MOST && j->running[place])
        place++;
    if (place == JOBS_MOST || j->stopping)
        return JOBS_BUSY;
    if (!open_log(j, one))
        return JOBS_FAILED;
    j->running[place] = one;
    j->started++;
    if (start_thread(one))
        return JOBS_STARTED;
    j->running[place] = NULL;
    return JOBS_FAILED;
}

jobs_result jobs_start(jobs *j, const target *what, const job_owner *owner)
{
    job *one = new_job(j, what, owner);
    if (!one)
        return JOBS_FAILED;
    pthread_mutex_lock(&j->lock);
    jobs_result result = start(j, one);
    pthread_mutex_unlock(&j->lock);
    if (result != JOBS_STARTED)
        free_job(one);
    return result;
}

bool jobs_cancel(jobs *j, const char *sender)
{
    pthread_mutex_lock(&j->lock);
    job **found = find(j, sender);
    if (found)
        cancel(*found);
    pthread_mutex_unlock(&j->lock);
    return found != NULL;
}

const char *jobs_find(jobs *j, const char *sender)
{
    pthread_mutex_lock(&j->lock);
    job **found = find(j, sender);
    const char *name = found ? (*found)->target->name : NULL;
    pthread_mutex_unlock(&j->lock);
    return name;
}
