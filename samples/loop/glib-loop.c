/* SPDX-License-Identifier: MIT */
/*
 * Serves Rot13 and calls it from GLib's main loop, without any thread: glib-loop [CONNECTION OPTION]... CALLER [TO TEXT]
 * A session is one event source: its descriptor, and its time.
 */
#include <glib.h>
#include <stdio.h>

#include <jrpc/jrpc.h>

#include "rot13.h"

extern const Rot13_impl Rot13_implementation;

typedef struct session_source {
    GSource source;
    jrpc_session *session;
    gpointer tag;
    GMainLoop *loop;
} session_source;

static gboolean prepare(GSource *source, gint *timeout)
{
    *timeout = jrpc_session_timeout(((session_source *)source)->session);
    return *timeout == 0;
}

static gboolean check(GSource *source)
{
    session_source *s = (session_source *)source;
    return g_source_query_unix_fd(source, s->tag) != 0 || jrpc_session_timeout(s->session) == 0;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)callback;
    (void)data;
    session_source *s = (session_source *)source;
    jrpc_error error = JRPC_ERROR_INIT;
    if (jrpc_session_process(s->session, &error) == JRPC_OK)
        return G_SOURCE_CONTINUE;
    jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    g_main_loop_quit(s->loop);
    return G_SOURCE_REMOVE;
}

static GSource *watch(jrpc_session *session, GMainLoop *loop)
{
    static GSourceFuncs functions = { .prepare = prepare, .check = check, .dispatch = dispatch };
    GSource *source = g_source_new(&functions, sizeof(session_source));
    session_source *s = (session_source *)source;
    s->session = session;
    s->loop = loop;
    s->tag = g_source_add_unix_fd(source, jrpc_session_fd(session), G_IO_IN);
    g_source_attach(source, NULL);
    return source;
}

/* The answer to the call, on the loop: nothing blocks. */
static void on_rotated(jrpc_future *future, void *loop)
{
    jrpc_error error = JRPC_ERROR_INIT;
    char *text = NULL;
    if (Rot13_rotate_finish(future, &text, &error) == JRPC_OK)
        puts(text);
    else
        jrpc_error_print(stderr, &error);
    jrpc_free(text);
    jrpc_error_done(&error);
    g_main_loop_quit(loop);
}

static jrpc_status begin(jrpc_session *session, int argc, char **argv, GMainLoop *loop, jrpc_peer **ret_peer,
                         jrpc_error *error)
{
    jrpc_status status = Rot13_serve(session, &Rot13_implementation, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_session_allow(session, argv[1], error);
    fprintf(stderr, "glib-loop: ready as %s\n", jrpc_session_jid(session));
    if (status != JRPC_OK || argc < 4)
        return status;
    status = jrpc_peer_new(session, argv[2], ret_peer, error);
    return status == JRPC_OK ? Rot13_rotate_send(*ret_peer, argv[3], on_rotated, loop, NULL, error) : status;
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session_options settings;
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    const char *jid = NULL;
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    if (jrpc_options_take(options, &argc, argv, &error) == JRPC_OK && argc >= 2 &&
        jrpc_options_finish(options, &jid, &settings, &error) == JRPC_OK) {
        settings.mode = JRPC_MODE_CALLER;
        settings.inline_handlers = true;
        if (jrpc_session_open(jid, &settings, &session, &error) == JRPC_OK &&
            begin(session, argc, argv, loop, &peer, &error) == JRPC_OK) {
            GSource *source = watch(session, loop);
            g_main_loop_run(loop);
            g_source_destroy(source);
            g_source_unref(source);
        }
    }
    int failed = error.status != JRPC_OK;
    if (failed)
        jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    jrpc_options_free(options);
    g_main_loop_unref(loop);
    return failed;
}
