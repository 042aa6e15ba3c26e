/* SPDX-License-Identifier: MIT */
/*
 * A session in GLib's main loop. Nothing of this is in the library: it is for programs that have GLib anyway, compiled with
 * pkg-config --cflags glib-2.0 (2.36 or later).
 */
#ifndef JRPC_GSOURCE_H
#define JRPC_GSOURCE_H

#include <glib.h>

#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct jrpc_glib_source {
    GSource source;
    jrpc_session *session;
    GMainLoop *loop;
    jrpc_error *error;
    gpointer tag;
} jrpc_glib_source;

static inline gboolean jrpc_glib_prepare(GSource *source, gint *ret_timeout)
{
    *ret_timeout = jrpc_session_timeout(((jrpc_glib_source *)source)->session);
    return *ret_timeout == 0;
}

static inline gboolean jrpc_glib_check(GSource *source)
{
    jrpc_glib_source *s = (jrpc_glib_source *)source;
    return g_source_query_unix_fd(source, s->tag) != 0 || jrpc_session_timeout(s->session) == 0;
}

static inline gboolean jrpc_glib_dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    jrpc_glib_source *s = (jrpc_glib_source *)source;
    (void)callback;
    (void)data;
    if (jrpc_session_process(s->session, s->error) == JRPC_OK)
        return G_SOURCE_CONTINUE;
    if (s->loop)
        g_main_loop_quit(s->loop);
    return G_SOURCE_REMOVE;
}

/*
 * Drives a session that was opened with JRPC_MODE_CALLER from this loop (NULL: from whatever runs the default context): its
 * callbacks, and its handlers with inline_handlers, run there, and no thread is started once it is connected. When the session has ended for good,
 * error says why (it may be NULL, and is looked at until then) and the loop is told to quit. Returns the source's id: unless
 * the session has ended, g_source_remove() it before jrpc_session_close().
 */
static inline guint jrpc_glib_watch(jrpc_session *session, GMainLoop *loop, jrpc_error *error)
{
    static GSourceFuncs functions = { jrpc_glib_prepare, jrpc_glib_check, jrpc_glib_dispatch, NULL, NULL, NULL };
    GSource *source = g_source_new(&functions, sizeof(jrpc_glib_source));
    jrpc_glib_source *s = (jrpc_glib_source *)source;
    s->session = session;
    s->loop = loop;
    s->error = error;
    s->tag = g_source_add_unix_fd(source, jrpc_session_fd(session), (GIOCondition)jrpc_session_events(session));
    guint id = g_source_attach(source, loop ? g_main_loop_get_context(loop) : NULL);
    g_source_unref(source);
    return id;
}

#ifdef __cplusplus
}
#endif
#endif
