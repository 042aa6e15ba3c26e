/* SPDX-License-Identifier: MIT */
/* jrpc acl: what an access list would say, without a server. */
#include <stdio.h>

#include <jansson.h>

#include "cli/command.h"

static void print_json(bool allowed, const char *rule)
{
    json_t *json = json_pack("{s:b, s:s?}", "allowed", allowed, "rule", rule);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

static int decide(const cli *c, const jrpc_acl *acl, int argc, char **argv, jrpc_error *error)
{
    bool allowed = false;
    const char *rule = NULL;
    if (jrpc_acl_check(acl, argv[1], argv[2], argc > 3 ? argv[3] : NULL, &allowed, &rule, error) != JRPC_OK)
        return 2;
    if (c->json)
        print_json(allowed, rule);
    else
        printf("%s: %s\n", allowed ? "allowed" : "refused", rule ? rule : "no rule matches");
    return allowed ? 0 : 1;
}

static int run_acl(cli *c, int argc, char **argv, jrpc_error *error)
{
    jrpc_acl *acl = NULL;
    if (argc == 2) {
        fputs("jrpc: usage: jrpc acl FILE CALLER METHOD [TAG]: METHOD is missing\n", stderr);
        return 2;
    }
    if (jrpc_acl_read(argv[0], &acl, error) != JRPC_OK)
        return 2;
    int exit_status = argc > 1 ? decide(c, acl, argc, argv, error) : 0;
    jrpc_acl_free(acl);
    return exit_status;
}

const cli_command command_acl = {
    .name = "acl",
    .arguments = "FILE [CALLER METHOD [TAG]]",
    .summary = "Says what an access list of rpc-server decides; connects to nobody",
    .help = "Exit status: 0 allowed, 1 refused, 2 the list is wrong. With FILE alone: the list is read and checked.\n"
            "TAG is the method's @acl in its IDL.\n",
    .least = 1,
    .most = 4,
    .local = true,
    .run = run_acl,
};
