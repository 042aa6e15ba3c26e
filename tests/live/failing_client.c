/* SPDX-License-Identifier: MIT */
/*
 * Generated stubs that fail: failing-client [CONNECTION OPTION]... TO CASE
 *
 * rotate is the sample's own call; the others are calls by an interface that is not the server's.
 */
#include <stdio.h>
#include <string.h>

#include "rot13.h"

#include "mismatch.h"

static jrpc_status run_case(const char *name, jrpc_peer *peer, jrpc_error *error)
{
    char *text = NULL;
    jrpc_status status = JRPC_E_INVALID;
    if (strcmp(name, "rotate") == 0)
        status = Rot13_rotate(peer, "text", &text, error);
    else if (strcmp(name, "missing") == 0)
        status = Missing_rotate(peer, "text", &text, error);
    else if (strcmp(name, "wrong-type") == 0)
        status = WrongType_rotate(peer, 5, &text, error);
    else if (strcmp(name, "too-many") == 0)
        status = TooMany_help(peer, "one", "two", &text, error);
    else
        jrpc_error_set(error, status, "no such case: %s", name);
    jrpc_free(text);
    return status;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK || argc != 3)
        return 2;
    jrpc_status status = jrpc_options_open(options, &session, error);
    if (status != JRPC_OK)
        return status == JRPC_E_INVALID || status == JRPC_E_IO ? 2 : 3;
    int exit_status = 2;
    if (jrpc_peer_new(session, argv[1], &peer, error) == JRPC_OK)
        exit_status = run_case(argv[2], peer, error) == JRPC_OK ? 0 : 1;
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    return exit_status;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    int exit_status = options ? run(options, argc, argv, &error) : 1;
    if (error.status != JRPC_OK) {
        fputs("failing-client: ", stderr);
        jrpc_error_print(stderr, &error);
        jrpc_error_done(&error);
    }
    jrpc_options_free(options);
    return exit_status;
}
