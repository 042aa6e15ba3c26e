/* SPDX-License-Identifier: MIT */
/* jrpc info, jrpc items (XEP-0030), jrpc version (XEP-0092): who is there and what it can. */
#include <stdio.h>

#include <jansson.h>
#include <jrpc/discover.h>

#include "cli/command.h"

static int exit_status_of(jrpc_status status)
{
    return status == JRPC_OK ? 0 : status == JRPC_E_INVALID ? 2 : 1;
}

/* Takes json; an exit status. */
static int dump(json_t *json, jrpc_error *error)
{
    jrpc_status status = json ? cli_print_json(json, false, error) : jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    json_decref(json);
    return exit_status_of(status);
}

/* "text" in brackets, or nothing. */
static void print_more(const char *before, const char *text, const char *after)
{
    if (!text || !*text)
        return;
    fputs(before, stdout);
    cli_print_safe(text);
    fputs(after, stdout);
}

/* ---- version ---- */

static int print_software(const cli *c, const jrpc_software *s, jrpc_error *error)
{
    if (c->json)
        return dump(json_pack("{s:s, s:s, s:s?}", "name", s->name, "version", s->version, "os", s->os), error);
    cli_print_safe(*s->name ? s->name : "it does not say what it is");
    print_more(" ", s->version, "");
    print_more(" (", s->os, ")");
    putchar('\n');
    return 0;
}

static int run_version(cli *c, int argc, char **argv, jrpc_error *error)
{
    (void)argc;
    jrpc_software *software = NULL;
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    exit_status = exit_status_of(jrpc_software_get(c->session, argv[0], cli_time_left(c), &software, error));
    if (software)
        exit_status = print_software(c, software, error);
    jrpc_software_free(software);
    return exit_status;
}

/* ---- items ---- */

static json_t *items_json(const jrpc_disco_items *items)
{
    json_t *list = json_array();
    for (size_t i = 0; i < items->count; i++) {
        const jrpc_disco_item *one = &items->items[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s?, s:s?}", "jid", one->jid, "node", one->node, "name", one->name));
    }
    return list;
}

static void print_items(const jrpc_disco_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        cli_print_safe(items->items[i].jid);
        print_more(" ", items->items[i].node, "");
        print_more("  (", items->items[i].name, ")");
        putchar('\n');
    }
}

static int run_items(cli *c, int argc, char **argv, jrpc_error *error)
{
    jrpc_disco_items *items = NULL;
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    const char *node = argc > 1 ? argv[1] : NULL;
    exit_status =
        exit_status_of(jrpc_disco_items_get(c->session, argv[0], node, cli_time_left(c), &items, error));
    if (items && c->json)
        exit_status = dump(items_json(items), error);
    else if (items)
        print_items(items);
    jrpc_disco_items_free(items);
    return exit_status;
}

/* ---- info ---- */

static json_t *info_json(const jrpc_disco_info *info)
{
    json_t *identities = json_array(), *features = json_array();
    for (size_t i = 0; i < info->identity_count; i++) {
        const jrpc_identity *one = &info->identities[i];
        json_array_append_new(identities, json_pack("{s:s, s:s, s:s?}", "category", one->category, "type",
                                                    one->type, "name", one->name));
    }
    for (size_t i = 0; i < info->feature_count; i++)
        json_array_append_new(features, json_string(info->features[i]));
    return json_pack("{s:o, s:o}", "identities", identities, "features", features);
}

static void print_info(const jrpc_disco_info *info)
{
    for (size_t i = 0; i < info->identity_count; i++) {
        fputs("is  ", stdout);
        cli_print_safe(info->identities[i].category);
        print_more("/", info->identities[i].type, "");
        print_more("  (", info->identities[i].name, ")");
        putchar('\n');
    }
    for (size_t i = 0; i < info->feature_count; i++) {
        fputs("can ", stdout);
        cli_print_safe(info->features[i]);
        putchar('\n');
    }
}

static int run_info(cli *c, int argc, char **argv, jrpc_error *error)
{
    jrpc_disco_info *info = NULL;
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    exit_status = exit_status_of(
        jrpc_disco_info_get(c->session, argv[0], argc > 1 ? argv[1] : NULL, cli_time_left(c), &info, error));
    if (info && c->json)
        exit_status = dump(info_json(info), error);
    else if (info)
        print_info(info);
    jrpc_disco_info_free(info);
    return exit_status;
}

const cli_command command_version = {
    .name = "version",
    .arguments = "TO",
    .summary = "Shows which software somebody is (XEP-0092)",
    .least = 1,
    .most = 1,
    .run = run_version,
};

const cli_command command_items = {
    .name = "items",
    .arguments = "TO [NODE]",
    .summary = "Lists what somebody has to offer, such as a server's components",
    .least = 1,
    .most = 2,
    .run = run_items,
};

const cli_command command_info = {
    .name = "info",
    .arguments = "TO [NODE]",
    .summary = "Shows what somebody says it is and can do (XEP-0030)",
    .least = 1,
    .most = 2,
    .run = run_info,
};
