/* SPDX-License-Identifier: MIT */
/* The same call without IDL, on xmlrpc-c's values: rot13-dynamic [CONNECTION OPTION]... TO TEXT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/jrpc.h>
#include <jrpc/xmlrpc.h>

static void print_string(xmlrpc_value *value)
{
    xmlrpc_env env;
    const char *text = NULL;
    xmlrpc_env_init(&env);
    xmlrpc_read_string(&env, value, &text);
    puts(env.fault_occurred ? env.fault_string : text);
    free((void *)(uintptr_t)text);
    xmlrpc_env_clean(&env);
}

/* ("text"): one parameter. NULL with a fault in env. */
static xmlrpc_value *build_params(xmlrpc_env *env, const char *text)
{
    xmlrpc_value *string = jrpc_string_value(env, text, strlen(text));
    if (env->fault_occurred)
        return NULL;
    xmlrpc_value *params = xmlrpc_build_value(env, "(V)", string);
    xmlrpc_DECREF(string);
    return env->fault_occurred ? NULL : params;
}

static jrpc_status rotate(jrpc_peer *peer, const char *text, xmlrpc_value **ret_result, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    jrpc_status status;
    xmlrpc_value *params = build_params(&env, text);
    if (params) {
        status = jrpc_call_value(peer, "Rot13", params, ret_result, error);
        xmlrpc_DECREF(params);
    } else {
        status = jrpc_error_set(error, JRPC_E_INVALID, "%s", env.fault_string);
    }
    xmlrpc_env_clean(&env);
    return status;
}

static int call(jrpc_session *session, const char *to, const char *text, jrpc_error *error)
{
    jrpc_peer *peer = NULL;
    if (jrpc_peer_new(session, to, &peer, error) != JRPC_OK)
        return 2;
    xmlrpc_value *result = NULL;
    jrpc_status status = rotate(peer, text, &result, error);
    if (status == JRPC_OK) {
        print_string(result);
        xmlrpc_DECREF(result);
    }
    jrpc_peer_free(peer);
    return status == JRPC_OK ? 0 : 1;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK)
        return 2;
    if (argc != 3) {
        fprintf(stderr, "usage: rot13-dynamic [OPTION]... TO TEXT\n%s", jrpc_options_help());
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
