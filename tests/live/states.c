/* SPDX-License-Identifier: MIT */
/* Prints each change of its session's state on a line of its own, until the session has ended: states [OPTION]... */
#include <stdio.h>

#include <jrpc/jrpc.h>

static void on_state(jrpc_session *session, jrpc_state state, void *userdata)
{
    static const char *const names[] = { "ONLINE", "OFFLINE", "ENDED" };
    (void)session;
    (void)userdata;
    puts(names[state]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session_options settings;
    jrpc_session *session = NULL;
    const char *jid = NULL;
    if (jrpc_options_take(options, &argc, argv, &error) == JRPC_OK &&
        jrpc_options_finish(options, &jid, &settings, &error) == JRPC_OK) {
        settings.state_changed = on_state;
        if (jrpc_session_open(jid, &settings, &session, &error) == JRPC_OK &&
            jrpc_session_wait(session, -1, &error) == JRPC_OK)
            puts("interrupted");
    }
    jrpc_session_close(session); /* then its thread has told all that there was to tell */
    printf("end: %s\n", jrpc_status_name(error.status));
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return 0;
}
