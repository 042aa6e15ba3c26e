/* SPDX-License-Identifier: MIT */
/* jrpc list, jrpc describe: what a server says of its methods. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "cli/command.h"
#include "text/json.h"

/* The result of a system method as JSON; name NULL: without parameter. */
static jrpc_status ask(jrpc_peer *peer, const char *method, const char *name, json_t **ret_json, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = name ? xmlrpc_build_value(&env, "(s)", name) : NULL;
    if (env.fault_occurred) {
        xmlrpc_env_clean(&env);
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    }
    xmlrpc_env_clean(&env);
    xmlrpc_value *result = NULL;
    jrpc_status status = jrpc_call_value(peer, method, params, &result, error);
    if (params)
        xmlrpc_DECREF(params);
    if (status != JRPC_OK)
        return status;
    status = json_from_value(result, ret_json, error);
    xmlrpc_DECREF(result);
    return status;
}

static int run_list(cli *c, int argc, char **argv, jrpc_error *error)
{
    (void)argc;
    jrpc_peer *peer = NULL;
    int exit_status = cli_peer(c, argv[0], &peer, error);
    json_t *names = NULL;
    if (exit_status == 0 && ask(peer, "system.listMethods", NULL, &names, error) != JRPC_OK)
        exit_status = 1;
    if (names && c->json && cli_print_json(names, false, error) != JRPC_OK)
        exit_status = 1;
    for (size_t i = 0; names && !c->json && i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        cli_print_safe(name ? name : "?");
        putchar('\n');
    }
    json_decref(names);
    jrpc_peer_free(peer);
    return exit_status;
}

/* { "name": ..., "signatures": [[result, parameter...]...] or "undef", "help": ... } */
static jrpc_status describe_method(jrpc_peer *peer, const char *name, json_t *list, jrpc_error *error)
{
    json_t *signatures = NULL, *help = NULL;
    jrpc_status status = ask(peer, "system.methodSignature", name, &signatures, error);
    if (status == JRPC_OK)
        status = ask(peer, "system.methodHelp", name, &help, error);
    if (status == JRPC_OK)
        json_array_append_new(list, json_pack("{s:s, s:O, s:O}", "name", name, "signatures", signatures, "help", help));
    json_decref(signatures);
    json_decref(help);
    return status;
}

static void print_signature(const char *name, const json_t *signature)
{
    const char *result = json_string_value(json_array_get(signature, 0));
    cli_print_safe(result ? result : "?");
    putchar(' ');
    cli_print_safe(name);
    putchar('(');
    for (size_t i = 1; i < json_array_size(signature); i++) {
        const char *type = json_string_value(json_array_get(signature, i));
        fputs(i > 1 ? ", " : "", stdout);
        cli_print_safe(type ? type : "?");
    }
    puts(")");
}

static void print_description(const json_t *method)
{
    const char *name = json_string_value(json_object_get(method, "name"));
    const json_t *signatures = json_object_get(method, "signatures");
    if (!json_is_array(signatures)) {
        cli_print_safe(name);
        puts("(?)");
    }
    for (size_t i = 0; i < json_array_size(signatures); i++)
        print_signature(name, json_array_get(signatures, i));
    const char *help = json_string_value(json_object_get(method, "help"));
    while (help && *help) {
        size_t len = strcspn(help, "\n");
        char *line = strndup(help, len);
        fputs("    ", stdout);
        cli_print_safe(line ? line : "");
        putchar('\n');
        free(line);
        help += len + (help[len] == '\n');
    }
}

static jrpc_status describe_all(jrpc_peer *peer, const char *only, json_t *list, jrpc_error *error)
{
    if (only)
        return describe_method(peer, only, list, error);
    json_t *names = NULL;
    jrpc_status status = ask(peer, "system.listMethods", NULL, &names, error);
    for (size_t i = 0; status == JRPC_OK && i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (name)
            status = describe_method(peer, name, list, error);
    }
    json_decref(names);
    return status;
}

static int run_describe(cli *c, int argc, char **argv, jrpc_error *error)
{
    jrpc_peer *peer = NULL;
    int exit_status = cli_peer(c, argv[0], &peer, error);
    json_t *list = json_array();
    if (exit_status == 0 && describe_all(peer, argc > 1 ? argv[1] : NULL, list, error) != JRPC_OK)
        exit_status = 1;
    if (exit_status == 0 && c->json && cli_print_json(list, false, error) != JRPC_OK)
        exit_status = 1;
    for (size_t i = 0; exit_status == 0 && !c->json && i < json_array_size(list); i++)
        print_description(json_array_get(list, i));
    json_decref(list);
    jrpc_peer_free(peer);
    return exit_status;
}

const cli_command command_list = {
    .name = "list",
    .arguments = "TO",
    .summary = "Lists the methods of a server",
    .least = 1,
    .most = 1,
    .run = run_list,
};

const cli_command command_describe = {
    .name = "describe",
    .arguments = "TO [METHOD]",
    .summary = "Shows the types and the help of methods",
    .help = "With --json: a list of {\"name\", \"signatures\", \"help\"}.\n",
    .least = 1,
    .most = 2,
    .run = run_describe,
};
