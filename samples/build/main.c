/* SPDX-License-Identifier: MIT */
/*
 * The build bot: build-bot [CONNECTION OPTION]... [--file FILE] [--logs FOLDER] [--seconds N] CALLER...
 * People say the name of a target to it from any chat client; programs call it by the interface of build.idl.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bot.h"

static bot the_bot = {
    .log_folder = "build-logs",
    .limits = { .seconds = 600, .output = 16 << 20, .progress_seconds = 5 },
};

static void on_signal(int number)
{
    (void)number;
    jrpc_session_interrupt(the_bot.session);
}

static int usage(void)
{
    fprintf(stderr,
            "usage: build-bot [OPTION]... CALLER...\n"
            "  CALLER            who may build, node@domain; *@domain for all of a domain\n"
            "  --file FILE       what declares the targets: an Ant file (*.xml) or a Makefile; Makefile\n"
            "  --logs FOLDER     where the output of the last %d builds goes; build-logs\n"
            "  --seconds N       the longest time of a build; 600\n"
            "  --output N        the most bytes that a build may write; 16777216\n"
            "  --progress N      seconds between two lines of progress; 5\n%s",
            (int)JOBS_LOGS, jrpc_options_help());
    return 2;
}

static bool take_number(const char *text, unsigned most, unsigned *ret_number)
{
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || number < 1 || number > most)
        return false;
    *ret_number = (unsigned)number;
    return true;
}

/* Takes one of our own options. */
static bool take_option(bot *b, const char *name, const char *value, const char **ret_file)
{
    unsigned number = 0;
    if (strcmp(name, "--file") == 0)
        *ret_file = value;
    else if (strcmp(name, "--logs") == 0)
        b->log_folder = value;
    else if (strcmp(name, "--seconds") == 0)
        return take_number(value, 86400, &b->limits.seconds);
    else if (strcmp(name, "--progress") == 0)
        return take_number(value, 86400, &b->limits.progress_seconds);
    else if (strcmp(name, "--output") == 0 && take_number(value, 1U << 30, &number))
        b->limits.output = number;
    else
        return false;
    return true;
}

static bool take_options(bot *b, int *argc, char **argv, const char **ret_file)
{
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0)
            argv[kept++] = argv[i];
        else if (i + 1 == *argc || !take_option(b, argv[i], argv[i + 1], ret_file))
            return false;
        else
            i++;
    }
    *argc = kept;
    return kept > 1;
}

static bool prepare(bot *b, const char *file)
{
    const char *why = NULL;
    if (!targets_read(&b->targets, file, &why)) {
        fprintf(stderr, "build-bot: %s: %s\n", file, why);
        return false;
    }
    if (mkdir(b->log_folder, 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "build-bot: %s: %s\n", b->log_folder, strerror(errno));
        return false;
    }
    return true;
}

static jrpc_status begin(bot *b, int callers, char **caller, jrpc_error *error)
{
    jrpc_status status = Build_serve(b->session, &Build_implementation, b, error);
    for (int i = 0; i < callers && status == JRPC_OK; i++)
        status = jrpc_session_allow(b->session, caller[i], error);
    return status == JRPC_OK ? talk_start(b, error) : status;
}

static int run(bot *b, int callers, char **caller, jrpc_error *error)
{
    jobs_init(&b->jobs, &b->targets, b->log_folder, &b->limits);
    if (begin(b, callers, caller, error) != JRPC_OK)
        return 2;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    fprintf(stderr, "build-bot: ready as %s\n", jrpc_session_jid(b->session));
    int exit_status = jrpc_session_wait(b->session, -1, error) == JRPC_OK ? 0 : 3;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    jobs_stop(&b->jobs);
    return exit_status;
}

static int serve(bot *b, jrpc_options *options, int callers, char **caller, jrpc_error *error)
{
    if (jrpc_options_open(options, &b->session, error) == JRPC_OK)
        return run(b, callers, caller, error);
    return error->status == JRPC_E_INVALID || error->status == JRPC_E_IO ? 2 : 3;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    const char *file = "Makefile";
    bot *b = &the_bot;
    int exit_status = 2;
    if (options && jrpc_options_take(options, &argc, argv, &error) == JRPC_OK) {
        if (!take_options(b, &argc, argv, &file))
            exit_status = usage();
        else if (prepare(b, file))
            exit_status = serve(b, options, argc - 1, argv + 1, &error);
    }
    jrpc_session_close(b->session);
    targets_done(&b->targets);
    if (error.status != JRPC_OK)
        jrpc_options_report(options, stderr, &error);
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return exit_status;
}
