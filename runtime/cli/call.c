/* SPDX-License-Identifier: MIT */
/* jrpc call: any method, without its IDL. */
#include <stdio.h>
#include <stdlib.h>

#include <jrpc/xmlrpc.h>

#include "cli/command.h"
#include "cli/json.h"

static jrpc_status add_argument(xmlrpc_value *params, const char *text, int number, jrpc_error *error)
{
    json_t *json = NULL;
    xmlrpc_value *value = NULL;
    jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status = json_parse_argument(text, &json, &why);
    if (status == JRPC_OK)
        status = json_to_value(json, &value, &why);
    json_decref(json);
    if (status != JRPC_OK) {
        jrpc_error_set(error, status, "argument %d: %s", number, why.message);
        jrpc_error_done(&why);
        return status;
    }
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_array_append_item(&env, params, value);
    xmlrpc_DECREF(value);
    if (env.fault_occurred)
        status = jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    xmlrpc_env_clean(&env);
    return status;
}

static jrpc_status build_params(int argc, char **argv, xmlrpc_value **ret_params, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_array_new(&env);
    jrpc_status status = env.fault_occurred ? jrpc_error_set(error, JRPC_E_NOMEM, "out of memory") : JRPC_OK;
    xmlrpc_env_clean(&env);
    for (int i = 0; i < argc && status == JRPC_OK; i++)
        status = add_argument(params, argv[i], i + 1, error);
    if (status == JRPC_OK)
        *ret_params = params;
    else if (params)
        xmlrpc_DECREF(params);
    return status;
}

static jrpc_status print_value(xmlrpc_value *value, jrpc_error *error)
{
    json_t *json = NULL;
    jrpc_status status = json_from_value(value, &json, error);
    if (status != JRPC_OK)
        return status;
    json_dumpf(json, stdout, JSON_ENCODE_ANY | JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(json);
    return JRPC_OK;
}

static int run(cli *c, int argc, char **argv, jrpc_error *error)
{
    xmlrpc_value *params = NULL;
    if (build_params(argc - 2, argv + 2, &params, error) != JRPC_OK)
        return 2;
    jrpc_peer *peer = NULL;
    int exit_status = cli_peer(c, argv[0], &peer, error);
    if (exit_status == 0) {
        xmlrpc_value *result = NULL;
        jrpc_status status = jrpc_call_value(peer, argv[1], params, &result, error);
        if (status == JRPC_OK)
            status = print_value(result, error);
        if (result)
            xmlrpc_DECREF(result);
        exit_status = status == JRPC_OK ? 0 : status == JRPC_E_INVALID ? 2 : 1;
    }
    jrpc_peer_free(peer);
    xmlrpc_DECREF(params);
    return exit_status;
}

const cli_command command_call = {
    .name = "call",
    .arguments = "TO METHOD [JSON...]",
    .summary = "Calls a method and prints its result as JSON",
    .help = "Each argument is JSON; one that is none is text: 12 is a number, '\"12\"' and hello are text.\n"
            "{\"$base64\": \"...\"} is binary data, {\"$dateTime\": \"20241231T23:59:59\"} a date, null is nil.\n"
            "After -- an argument may begin with two hyphens.\n"
            "Example: jrpc call peer-b@example.org/rpc Rot13 \"There was a young lady of Nantes\"\n",
    .least = 2,
    .most = -1,
    .run = run,
};
