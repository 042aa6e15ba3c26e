/* SPDX-License-Identifier: MIT */
/* jrpc call: any method, without its IDL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "cli/command.h"
#include "text/json.h"
#include "text/words.h"

static jrpc_status add_argument(xmlrpc_value *params, const word *argument, size_t number, jrpc_error *error)
{
    json_t *json = NULL;
    xmlrpc_value *value = NULL;
    jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status = words_to_json(argument, &json, &why);
    if (status == JRPC_OK)
        status = json_to_value(json, &value, &why);
    json_decref(json);
    if (status != JRPC_OK) {
        jrpc_error_set(error, status, "argument %zu: %s", number, why.message);
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

static jrpc_status build_params(size_t count, const word *arguments, xmlrpc_value **ret_params, jrpc_error *error)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *params = xmlrpc_array_new(&env);
    jrpc_status status = env.fault_occurred ? jrpc_error_set(error, JRPC_E_NOMEM, "out of memory") : JRPC_OK;
    xmlrpc_env_clean(&env);
    for (size_t i = 0; i < count && status == JRPC_OK; i++)
        status = add_argument(params, &arguments[i], i + 1, error);
    if (status == JRPC_OK)
        *ret_params = params;
    else if (params)
        xmlrpc_DECREF(params);
    return status;
}

static jrpc_status print_value(xmlrpc_value *value, bool one_line, jrpc_error *error)
{
    json_t *json = NULL;
    jrpc_status status = json_from_value(value, &json, error);
    if (status == JRPC_OK)
        status = cli_print_json(json, one_line, error);
    json_decref(json);
    return status;
}

/* For people on standard error, before the error itself, as that is the end; with --json an object for programs. */
static void print_exception(const cli *c, const char *name, json_t *members, bool one_line, const jrpc_error *error)
{
    if (c->json) {
        json_t *json = json_pack("{s:s, s:i, s:s, s:O}", "exception", name, "code", (int)error->code, "message",
                                 error->message, "members", members);
        if (json)
            (void)cli_print_json(json, one_line, NULL);
        json_decref(json);
        return;
    }
    char *text = json_to_text(members, 0), *shown = cli_safe(name);
    if (text && shown)
        fprintf(stderr, "jrpc: exception %s %s\n", shown, text);
    free(text);
    free(shown);
}

/* What the fault was, if the peer has said so. */
static void show_exception(const cli *c, bool one_line, const jrpc_error *error)
{
    const char *name = NULL;
    xmlrpc_value *members = NULL;
    json_t *json = NULL;
    if (jrpc_error_exception(error, &name, &members) && json_from_value(members, &json, NULL) == JRPC_OK)
        print_exception(c, name, json, one_line, error);
    json_decref(json);
}

/* Calls, and prints the result. */
static int call(const cli *c, jrpc_peer *peer, const char *method, xmlrpc_value *params, bool one_line,
                jrpc_error *error)
{
    xmlrpc_value *result = NULL;
    jrpc_status status = jrpc_call_value(peer, method, params, &result, error);
    if (status == JRPC_OK)
        status = print_value(result, one_line, error);
    else
        show_exception(c, one_line, error);
    if (result)
        xmlrpc_DECREF(result);
    return status == JRPC_OK ? 0 : status == JRPC_E_INVALID ? 2 : 1;
}

/* ---- arguments of the command line ---- */

static int run_arguments(cli *c, int argc, char **argv, jrpc_error *error)
{
    size_t count = (size_t)argc - 2;
    word *arguments = calloc(count + 1, sizeof *arguments);
    if (!arguments)
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory"), 1;
    for (size_t i = 0; i < count; i++)
        arguments[i] = (word){ argv[i + 2], WORD_BARE };
    xmlrpc_value *params = NULL;
    jrpc_status status = build_params(count, arguments, &params, error);
    free(arguments);
    if (status != JRPC_OK)
        return 2;
    jrpc_peer *peer = NULL;
    int exit_status = cli_peer(c, argv[0], &peer, error);
    if (exit_status == 0)
        exit_status = call(c, peer, argv[1], params, false, error);
    jrpc_peer_free(peer);
    xmlrpc_DECREF(params);
    return exit_status;
}

/* ---- lines of standard input ---- */

static int call_line(const cli *c, jrpc_peer *peer, const char *line, jrpc_error *error)
{
    words w;
    xmlrpc_value *params = NULL;
    int exit_status = 2;
    if (words_split(line, &w, error) == JRPC_OK) {
        if (w.len == 0 || w.list[0].text[0] == '#')
            exit_status = 0;
        else if (build_params(w.len - 1, w.list + 1, &params, error) == JRPC_OK)
            exit_status = call(c, peer, w.list[0].text, params, true, error);
    }
    words_done(&w);
    if (params)
        xmlrpc_DECREF(params);
    return exit_status;
}

/* A line that fails does not keep the others from being called; the exit status is that of the last that did. */
static int call_lines(const cli *c, jrpc_peer *peer)
{
    int exit_status = 0;
    char *line = NULL;
    size_t room = 0;
    for (size_t number = 1; getline(&line, &room, stdin) >= 0; number++) {
        jrpc_error why = JRPC_ERROR_INIT;
        int failed = call_line(c, peer, line, &why);
        if (failed) {
            exit_status = failed;
            fprintf(stderr, "jrpc: line %zu: ", number);
            jrpc_error_print(stderr, &why);
        }
        fflush(stdout);
        jrpc_error_done(&why);
    }
    free(line);
    return exit_status;
}

static int run(cli *c, int argc, char **argv, jrpc_error *error)
{
    if (argc > 1)
        return run_arguments(c, argc, argv, error);
    jrpc_peer *peer = NULL;
    int exit_status = cli_peer(c, argv[0], &peer, error);
    if (exit_status == 0)
        exit_status = call_lines(c, peer);
    jrpc_peer_free(peer);
    return exit_status;
}

const cli_command command_call = {
    .name = "call",
    .arguments = "TO [METHOD [JSON...]]",
    .summary = "Calls a method and prints its result as JSON",
    .help = "Each argument is JSON; one that is none is text: 12 is a number, '\"12\"' and hello are text.\n"
            "{\"$base64\": \"...\"} is binary data, {\"$dateTime\": \"20241231T23:59:59\"} a date, null is nil.\n"
            "A typed exception of the peer is shown with its members: on standard error, and with --json on standard output\n"
            "as {\"exception\", \"code\", \"message\", \"members\"}.\n"
            "After -- an argument may begin with two hyphens.\n"
            "Without METHOD each line of standard input is a call: METHOD JSON..., text with blanks in double quotes;\n"
            "its result is one line.\n"
            "Example: jrpc call peer-b@example.org/rpc Rot13 \"There was a young lady of Nantes\"\n",
    .least = 1,
    .most = -1,
    .run = run,
};
