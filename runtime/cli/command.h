/* SPDX-License-Identifier: MIT */
/* Subcommands of jrpc: one file each, each ending in one cli_command. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include <jansson.h>
#include <jrpc/jrpc.h>

/* What every subcommand works with. */
typedef struct cli {
    jrpc_options *options;
    const char *jid;
    jrpc_session_options session_options;
    bool json;   /* --json */
    int64_t end; /* when --timeout is over, for connecting and calling together; monotonic milliseconds */
    jrpc_session *session;
} cli;

typedef struct cli_command {
    const char *name;
    const char *arguments; /* for help: "TO METHOD [JSON...]" */
    const char *summary;
    const char *help; /* more, or NULL */
    int least, most;  /* arguments; most -1: no limit */
    bool local;       /* nothing is connected to */
    int (*run)(cli *c, int argc, char **argv, jrpc_error *error);
} cli_command;

extern const cli_command command_account, command_acl, command_call, command_describe, command_disco, command_info,
    command_items, command_list, command_ping, command_version;

/* Opens the session; an exit status, 0 when it is open. */
int cli_open(cli *c, jrpc_error *error);
/* A peer with what is left of --timeout; an exit status. Opens the session if need be. */
int cli_peer(cli *c, const char *to, jrpc_peer **ret_peer, jrpc_error *error);
/* What a peer sends may not drive the terminal: such characters are shown as \u{9B}. */
void cli_print_safe(const char *text);
/* The same as a new string, or NULL without memory. */
char *cli_safe(const char *text);
/* With a line feed behind; such characters are \u009b. NOMEM. */
jrpc_status cli_print_json(const json_t *json, bool one_line, jrpc_error *error);
/* Milliseconds left of --timeout, at least 1. */
uint32_t cli_time_left(const cli *c);

#endif
