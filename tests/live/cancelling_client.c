/* SPDX-License-Identifier: MIT */
/*
 * Cancels a call that runs: cancelling-client [CONNECTION OPTION]... TO NAME
 *
 * Probe.until_cancelled runs under that name; NAME-cancelled is counted when it has seen that it was given up.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jrpc/jrpc.h>

#include "probe.h"

enum { PATIENCE_S = 20 };

static jrpc_status wait_runs(jrpc_peer *peer, const char *name, jrpc_error *error)
{
    int32_t runs = 0;
    for (time_t until = time(NULL) + PATIENCE_S; time(NULL) < until;) {
        jrpc_status status = Probe_runs(peer, name, &runs, error);
        if (status != JRPC_OK || runs > 0)
            return status;
        nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    }
    return jrpc_error_set(error, JRPC_E_TIMEOUT, "%s was not seen", name);
}

static jrpc_status run_and_cancel(jrpc_peer *peer, const char *name, jrpc_error *error)
{
    char seen[128];
    jrpc_future *future = NULL;
    snprintf(seen, sizeof seen, "%.100s-cancelled", name);
    jrpc_status status = Probe_until_cancelled_send(peer, name, NULL, NULL, &future, error);
    if (status == JRPC_OK)
        status = wait_runs(peer, name, error);
    if (status != JRPC_OK) {
        jrpc_future_free(future);
        return status;
    }
    jrpc_future_cancel(future);
    status = Probe_until_cancelled_finish(future, error);
    if (status != JRPC_E_CANCELLED)
        return status == JRPC_OK ? jrpc_error_set(error, JRPC_E_INTERNAL, "it was not cancelled") : status;
    return wait_runs(peer, seen, error);
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK || argc != 3)
        return 2;
    if (jrpc_options_open(options, &session, error) != JRPC_OK)
        return 3;
    int exit_status = 2;
    if (jrpc_peer_new(session, argv[1], &peer, error) == JRPC_OK)
        exit_status = run_and_cancel(peer, argv[2], error) == JRPC_OK ? 0 : 1;
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    return exit_status;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    int exit_status = options ? run(options, argc, argv, &error) : 1;
    if (exit_status == 0)
        puts("cancelled, and seen");
    else
        jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    jrpc_options_free(options);
    return exit_status;
}
