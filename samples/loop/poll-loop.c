/* SPDX-License-Identifier: MIT */
/* The same in a plain poll(2) loop: poll-loop [CONNECTION OPTION]... PEER TEXT */
#include <poll.h>
#include <stdio.h>

#include "impl.h"

static void on_answer(jrpc_future *future, void *out)
{
    jrpc_error error = JRPC_ERROR_INIT;
    char *text = NULL;
    if (Rot13_rotate_finish(future, &text, &error) == JRPC_OK)
        fprintf(out, "%s\n", text);
    else
        jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    jrpc_free(text);
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    if (jrpc_open_loop(&argc, argv, &session, &error) == JRPC_OK &&
        Rot13_serve(session, &Rot13_implementation, NULL, &error) == JRPC_OK &&
        jrpc_session_allow(session, argv[1], &error) == JRPC_OK &&
        jrpc_peer_new(session, argv[1], &peer, &error) == JRPC_OK &&
        Rot13_rotate_send(peer, argv[2], on_answer, stderr, NULL, &error) == JRPC_OK)
        for (struct pollfd fd = { jrpc_session_fd(session), jrpc_session_events(session), 0 };
             jrpc_session_process(session, &error) == JRPC_OK;)
            poll(&fd, 1, jrpc_session_timeout(session)); /* your own descriptors stand beside it */
    jrpc_options_report(NULL, stderr, &error);
    jrpc_error_done(&error);
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    return 1;
}
