/* SPDX-License-Identifier: MIT */
/* Serves Rot13 from a program of one's own, without rpc-server: rot13-server [CONNECTION OPTION]... CALLER... */
#include <signal.h>
#include <stdio.h>

#include "impl.h"

static jrpc_session *session;

static void on_signal(int number)
{
    (void)number;
    jrpc_session_interrupt(session);
}

/* The methods first, then the callers: whoever is let in finds everything there. */
static int serve(int callers, char **caller, jrpc_error *error)
{
    if (Rot13_serve(session, &Rot13_implementation, NULL, error) != JRPC_OK)
        return 2;
    for (int i = 0; i < callers; i++) {
        if (jrpc_session_allow(session, caller[i], error) != JRPC_OK)
            return 2;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    fprintf(stderr, "rot13-server: ready as %s\n", jrpc_session_jid(session));
    return jrpc_session_wait(session, -1, error) == JRPC_OK ? 0 : 3;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK)
        return 2;
    if (argc < 2) {
        fprintf(stderr, "usage: rot13-server [OPTION]... CALLER...\n%s", jrpc_options_help());
        return 2;
    }
    jrpc_status status = jrpc_options_open(options, &session, error);
    if (status != JRPC_OK)
        return status == JRPC_E_INVALID || status == JRPC_E_IO ? 2 : 3;
    int exit_status = serve(argc - 1, argv + 1, error);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    jrpc_session_close(session);
    return exit_status;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    int exit_status = options ? run(options, argc, argv, &error) : 1;
    if (error.status != JRPC_OK) {
        jrpc_options_report(options, stderr, &error);
        jrpc_error_done(&error);
    }
    jrpc_options_free(options);
    return exit_status;
}
