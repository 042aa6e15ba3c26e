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
            "  --always              tells at every look while the load is high, not once\n"
            "  --state FILE          keeps there who watches, so that a bot that is started again goes on; nowhere\n%s",
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
        else if (strcmp(argv[i], "--state") == 0 && i + 1 < *argc)
            b->state.path = argv[++i];
        else if (strncmp(argv[i], "--", 2) == 0)
            return false;
        else
            argv[kept++] = argv[i];
    }
    argv[kept] = NULL;
    *argc = kept;
    return kept > 1 && b->interval >= 1 && b->interval <= 86400;
}

/* Before the session is opened: what is wrong with the file shows at once. */
static bool prepare(bot *b)
{
    const char *why = NULL;
    if (state_load(&b->state, &b->watchers, &why))
        return true;
    fprintf(stderr, "uptime-bot: %s: %s; move it away to begin anew\n", b->state.path, why);
    b->state.path = NULL; /* it is left as it is */
    return false;
}

static jrpc_status begin(bot *b, jrpc_error *error)
{
    jrpc_status status = Uptime_serve(b->session, &Uptime_implementation, b, error);
    for (char **caller = b->callers; *caller && status == JRPC_OK; caller++)
        status = jrpc_session_allow(b->session, *caller, error);
    return status == JRPC_OK ? talk_start(b, error) : status;
}

static int run(bot *b, jrpc_error *error)
{
    if (begin(b, error) != JRPC_OK)
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

static int serve(bot *b, jrpc_options *options, char **callers, jrpc_error *error)
{
    b->callers = callers;
    if (!prepare(b))
        return 2;
    if (jrpc_options_open(options, &b->session, error) == JRPC_OK)
        return run(b, error);
    return error->status == JRPC_E_INVALID || error->status == JRPC_E_IO ? 2 : 3;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    bot *b = &the_bot;
    int exit_status = 2;
    watchers_init(&b->watchers);
    state_init(&b->state, NULL);
    if (options && jrpc_options_take(options, &argc, argv, &error) == JRPC_OK) {
        if (!take_options(b, &argc, argv))
            exit_status = usage();
        else
            exit_status = serve(b, options, argv + 1, &error);
    }
    jrpc_session_close(b->session);
    state_save(&b->state, &b->watchers);
    watchers_done(&b->watchers);
    state_done(&b->state);
    if (error.status != JRPC_OK)
        jrpc_options_report(options, stderr, &error);
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return exit_status;
}
