/* SPDX-License-Identifier: MIT */
/* Serves Rot13 from a plain poll(2) loop, without any thread: poll-loop [CONNECTION OPTION]... CALLER */
#include <poll.h>
#include <stdio.h>

#include "rot13.h"

extern const Rot13_impl Rot13_implementation;

static jrpc_status loop(jrpc_session *session, jrpc_error *error)
{
    struct pollfd fd = { .fd = jrpc_session_fd(session), .events = POLLIN };
    jrpc_status status;
    do {
        poll(&fd, 1, jrpc_session_timeout(session)); /* your own descriptors stand beside it */
        status = jrpc_session_process(session, error);
    } while (status == JRPC_OK);
    return status;
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session_options settings;
    jrpc_session *session = NULL;
    const char *jid = NULL;
    if (jrpc_options_take(options, &argc, argv, &error) == JRPC_OK && argc == 2 &&
        jrpc_options_finish(options, &jid, &settings, &error) == JRPC_OK) {
        settings.mode = JRPC_MODE_CALLER;
        settings.inline_handlers = true;
        if (jrpc_session_open(jid, &settings, &session, &error) == JRPC_OK &&
            Rot13_serve(session, &Rot13_implementation, NULL, &error) == JRPC_OK &&
            jrpc_session_allow(session, argv[1], &error) == JRPC_OK) {
            fprintf(stderr, "poll-loop: ready as %s\n", jrpc_session_jid(session));
            loop(session, &error);
        }
    }
    jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    jrpc_session_close(session);
    jrpc_options_free(options);
    return 1;
}
