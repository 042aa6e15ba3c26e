/* SPDX-License-Identifier: MIT */
/*
 * A method that calls its caller back: nest [CONNECTION OPTION]... [--inline] CALLER [LEVELS]
 * Without LEVELS it serves; with LEVELS it calls Nest(LEVELS) of CALLER, and serves what comes back.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/jrpc.h>
#include <jrpc/xmlrpc.h>

static jrpc_session *session;

static void on_signal(int number)
{
    (void)number;
    jrpc_session_interrupt(session);
}

/* Nest(levels) of that program; the sum of all levels below and of this. */
static jrpc_status ask(jrpc_session *from, const char *address, xmlrpc_int32 levels, xmlrpc_int32 *ret_sum, jrpc_error *error)
{
    xmlrpc_env env;
    jrpc_peer *peer = NULL;
    xmlrpc_value *result = NULL;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(i)", levels);
    jrpc_status status = jrpc_peer_new(from, address, &peer, error);
    if (status == JRPC_OK)
        status = jrpc_call_value(peer, "Nest", params, &result, error);
    if (status == JRPC_OK) {
        xmlrpc_read_int(&env, result, ret_sum);
        xmlrpc_DECREF(result);
    }
    xmlrpc_DECREF(params);
    xmlrpc_env_clean(&env);
    jrpc_peer_free(peer);
    return status;
}

static jrpc_status nest(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    xmlrpc_env env;
    xmlrpc_int32 levels = 0, sum = 0;
    (void)userdata;
    xmlrpc_env_init(&env);
    xmlrpc_decompose_value(&env, params, "(i)", &levels);
    jrpc_status status = JRPC_OK;
    if (levels > 0)
        status = ask(jrpc_call_session(call), jrpc_call_caller(call), levels - 1, &sum, NULL);
    if (status != JRPC_OK)
        return jrpc_call_fault(call, 1, "at level %d: %s", (int)levels, jrpc_status_name(status));
    *ret_result = xmlrpc_int_new(&env, levels + sum);
    xmlrpc_env_clean(&env);
    return JRPC_OK;
}

static jrpc_status run(const char *caller, const char *levels, jrpc_error *error)
{
    xmlrpc_int32 sum = 0;
    jrpc_status status = jrpc_serve_value(session, "Nest", nest, NULL, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_session_allow(session, caller, error);
    fprintf(stderr, "nest: ready as %s\n", jrpc_session_jid(session));
    if (status != JRPC_OK || !levels)
        return status == JRPC_OK ? jrpc_session_wait(session, -1, error) : status;
    status = ask(session, caller, atoi(levels), &sum, error);
    if (status == JRPC_OK)
        printf("%d\n", (int)sum);
    return status;
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session_options settings;
    const char *jid = NULL;
    jrpc_status status = jrpc_options_take(options, &argc, argv, &error);
    if (status == JRPC_OK)
        status = jrpc_options_finish(options, &jid, &settings, &error);
    if (status == JRPC_OK) {
        settings.inline_handlers = argc > 1 && strcmp(argv[1], "--inline") == 0;
        argv += settings.inline_handlers;
        status = jrpc_session_open(jid, &settings, &session, &error);
    }
    if (status == JRPC_OK) {
        signal(SIGTERM, on_signal);
        status = run(argv[1], argv[1] ? argv[2] : NULL, &error);
        signal(SIGTERM, SIG_DFL);
    }
    if (status != JRPC_OK)
        jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
    jrpc_session_close(session);
    jrpc_options_free(options);
    return status != JRPC_OK;
}
