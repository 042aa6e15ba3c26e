/* SPDX-License-Identifier: MIT */
/*
 * Calls Probe.take_any with texts of these sizes, one after the other over one session, and prints how each ended, on a
 * line of its own: sizes [CONNECTION OPTION]... TO SIZE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/jrpc.h>
#include <jrpc/xmlrpc.h>

static jrpc_status call(jrpc_peer *peer, size_t size, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_value *result = NULL;
    char *text = malloc(size + 1);
    if (!text)
        return JRPC_E_NOMEM;
    memset(text, 'x', size);
    text[size] = '\0';
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(s)", text);
    jrpc_status status = params ? jrpc_call_value(peer, "Probe.take_any", params, &result, error) : JRPC_E_NOMEM;
    if (params)
        xmlrpc_DECREF(params);
    if (result)
        xmlrpc_DECREF(result);
    xmlrpc_env_clean(&env);
    free(text);
    return status;
}

static void call_all(jrpc_peer *peer, char **sizes)
{
    for (; *sizes; sizes++) {
        jrpc_error error = JRPC_ERROR_INIT;
        if (call(peer, strtoul(*sizes, NULL, 10), &error) == JRPC_OK)
            puts("OK");
        else
            jrpc_error_print(stdout, &error);
        fflush(stdout);
        jrpc_error_done(&error);
    }
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    if (jrpc_options_take(options, &argc, argv, &error) == JRPC_OK && argc > 2 &&
        jrpc_options_open(options, &session, &error) == JRPC_OK && jrpc_peer_new(session, argv[1], &peer, &error) == JRPC_OK)
        call_all(peer, argv + 2);
    else
        jrpc_error_print(stderr, &error);
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return 0;
}
