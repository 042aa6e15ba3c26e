/* SPDX-License-Identifier: MIT */
/*
 * Calls Rot13 and serves it in GLib's main loop, without any thread: glib-loop [CONNECTION OPTION]... PEER TEXT
 * TEXT goes to the program at PEER, which may call as well.
 */
#include <stdio.h>

#include <jrpc/gsource.h>

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
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    if (jrpc_open_loop(&argc, argv, &session, &error) == JRPC_OK &&
        Rot13_serve(session, &Rot13_implementation, NULL, &error) == JRPC_OK &&
        jrpc_session_allow(session, argv[1], &error) == JRPC_OK &&
        jrpc_peer_new(session, argv[1], &peer, &error) == JRPC_OK &&
        Rot13_rotate_send(peer, argv[2], on_answer, stderr, NULL, &error) == JRPC_OK &&
        jrpc_glib_watch(session, loop, &error))
        g_main_loop_run(loop); /* with all that your program has in it; until the session has ended for good */
    jrpc_options_report(NULL, stderr, &error);
    jrpc_error_done(&error);
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    return 1;
}
