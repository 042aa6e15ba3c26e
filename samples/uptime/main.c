/* SPDX-License-Identifier: MIT */
/*
 * The uptime monitor: uptime-bot [CONNECTION OPTION]... [--always] [--interval SECONDS] CALLER...
 * People talk to it from any chat client; programs call it by the interface of uptime.idl.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"

static bot the_bot = { .interval = 5 };

static void on_signal(int number)
{
    (void)number;
    jrpc_session_interrupt(the_bot.session);
}

static int usage(void)
{
    fprintf(stderr,
            "usage: uptime-bot [OPTION]... CALLER...\n"
            "  CALLER                who may talk to it, node@domain; *@domain for all of a domain\n"
            "  --interval SECONDS    between two looks at the load; 5\n"
            "  --always              tells at every look while the load is high, not once\n%s",
            jrpc_options_help());
    return 2;
}

/* Takes our own options out of argv. False: one makes no sense. */
static bool take_options(bot *b, int *argc, char **argv)
{
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--always") == 0)
            b->always = true;
        else if (strcmp(argv[i], "--interval") == 0 && i + 1 < *argc)
            b->interval = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strncmp(argv[i], "--", 2) == 0)
            return false;
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    return kept > 1 && b->interval >= 1 && b->interval <= 86400;
}

static jrpc_status begin(bot *b, int callers, char **caller, jrpc_error *error)
{
    jrpc_status status = Uptime_serve(b->session, &Uptime_implementation, b, error);
    for (int i = 0; i < callers && status == JRPC_OK; i++)
        status = jrpc_session_allow(b->session, caller[i], error);
    return status == JRPC_OK ? talk_start(b, error) : status;
}

static int run(bot *b, int callers, char **caller, jrpc_error *error)
{
    if (begin(b, callers, caller, error) != JRPC_OK)
        return 2;
    if (!monitor_start(b)) {
        fprintf(stderr, "uptime-bot: cannot start a thread\n");
        return 1;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    fprintf(stderr, "uptime-bot: ready as %s\n", jrpc_session_jid(b->session));
    int exit_status = jrpc_session_wait(b->session, -1, error) == JRPC_OK ? 0 : 3;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    monitor_stop(b);
    return exit_status;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    bot *b = &the_bot;
    int exit_status = 2;
    watchers_init(&b->watchers);
    if (options && jrpc_options_take(options, &argc, argv, &error) == JRPC_OK) {
        if (!take_options(b, &argc, argv))
            exit_status = usage();
        else if (jrpc_options_open(options, &b->session, &error) == JRPC_OK)
            exit_status = run(b, argc - 1, argv + 1, &error);
        else
            exit_status = error.status == JRPC_E_INVALID || error.status == JRPC_E_IO ? 2 : 3;
    }
    jrpc_session_close(b->session);
    watchers_done(&b->watchers);
    if (error.status != JRPC_OK)
        jrpc_options_report(options, stderr, &error);
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return exit_status;
}
