/* SPDX-License-Identifier: MIT */
/* Calls Rot13 by its generated stub: rot13-client [CONNECTION OPTION]... TO TEXT */
#include <stdio.h>

#include "rot13.h"

static int call(jrpc_session *session, const char *to, const char *text, jrpc_error *error)
{
    jrpc_peer *peer = NULL;
    char *result = NULL;
    if (jrpc_peer_new(session, to, &peer, error) != JRPC_OK)
        return 2;
    jrpc_status status = Rot13_rotate(peer, text, &result, error);
    if (status == JRPC_OK)
        puts(result);
    jrpc_free(result);
    jrpc_peer_free(peer);
    return status == JRPC_OK ? 0 : 1;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK)
        return 2;
    if (argc != 3) {
        fprintf(stderr, "usage: rot13-client [OPTION]... TO TEXT\n%s", jrpc_options_help());
        return 2;
    }
    jrpc_session *session = NULL;
    jrpc_status status = jrpc_options_open(options, &session, error);
    if (status != JRPC_OK)
        return status == JRPC_E_INVALID || status == JRPC_E_IO ? 2 : 3;
    int exit_status = call(session, argv[1], argv[2], error);
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
