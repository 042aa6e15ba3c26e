/* SPDX-License-Identifier: MIT */
/* jrpc: methods of others from the command line. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "program/config.h"

static const cli_command *const commands[] = { &command_call, &command_list, &command_describe, &command_info,
                                               &command_items, &command_version, &command_ping, &command_disco,
                                               &command_account, &command_acl };

typedef struct options {
    const char *config;
    bool help, version;
} options;

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

uint32_t cli_time_left(const cli *c)
{
    int64_t left = c->end - now_ms();
    return left < 1 ? 1 : left > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)left;
}

int cli_open(cli *c, jrpc_error *error)
{
    if (c->session)
        return 0;
    return config_exit_status(jrpc_session_open(c->jid, &c->session_options, &c->session, error));
}

int cli_peer(cli *c, const char *to, jrpc_peer **ret_peer, jrpc_error *error)
{
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    if (jrpc_peer_new(c->session, to, ret_peer, error) != JRPC_OK)
        return 2;
    jrpc_peer_set_timeout(*ret_peer, cli_time_left(c));
    return 0;
}

static void print_help(const cli_command *command)
{
    if (command) {
        printf("Usage: jrpc %s %s [OPTION]...\n%s.\n%s\n", command->name, command->arguments, command->summary,
               command->help ? command->help : "");
    } else {
        puts("Usage: jrpc COMMAND ARGUMENT... [OPTION]...\nCalls methods over Jabber.\n\nCommands:");
        for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
            printf("  %-9s %-29s %s\n", commands[i]->name, commands[i]->arguments, commands[i]->summary);
        puts("");
    }
    printf("Options:\n"
           "  --config FILE         connection options as name = value lines\n"
           "  --json                print results for programs\n"
           "  --version, --help\n"
           "%s\n"
           "Exit status: 0 done, 1 the call failed, 2 usage or configuration, 3 connection or authentication.\n",
           jrpc_options_help());
}

static const cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static jrpc_status take_key(const char *key, const char *value, void *userdata, jrpc_error *error)
{
    return jrpc_options_set(((cli *)userdata)->options, key, value, error);
}

static int unknown_option(const char *text, jrpc_error *error)
{
    jrpc_error_set(error, JRPC_E_INVALID, "unknown option %s (jrpc --help lists them; after -- all are arguments)", text);
    return 2;
}

/* One option of our own; *at is moved past its value. Returns -1 to go on. */
static int take_option(char **argv, int argc, int *at, cli *c, options *o, jrpc_error *error)
{
    const char *text = argv[*at];
    if (strcmp(text, "--help") == 0)
        o->help = true;
    else if (strcmp(text, "--version") == 0)
        o->version = true;
    else if (strcmp(text, "--json") == 0)
        c->json = true;
    else if (strncmp(text, "--config=", 9) == 0)
        o->config = text + 9;
    else if (strcmp(text, "--config") == 0 && *at + 1 < argc)
        o->config = argv[++*at];
    else
        return unknown_option(text, error);
    return -1;
}

/* -5 and -.5 are numbers, no options. */
static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] && !(text[1] >= '0' && text[1] <= '9') && text[1] != '.';
}

/* Options may stand anywhere; after "--" all are arguments, which are moved to the front. Returns -1 to go on. */
static int parse_options(int *argc, char **argv, cli *c, options *o, jrpc_error *error)
{
    int kept = 1;
    bool only_arguments = false;
    for (int i = 1; i < *argc; i++) {
        int exit_status = -1;
        if (!only_arguments && strcmp(argv[i], "--") == 0)
            only_arguments = true;
        else if (!only_arguments && is_option(argv[i]))
            exit_status = take_option(argv, *argc, &i, c, o, error);
        else
            argv[kept++] = argv[i];
        if (exit_status >= 0)
            return exit_status;
    }
    *argc = kept;
    return o->config && config_read(o->config, take_key, c, error) != JRPC_OK ? 2 : -1;
}

static int run_command(const cli_command *command, cli *c, int argc, char **argv, jrpc_error *error)
{
    if (argc < command->least || (command->most >= 0 && argc > command->most)) {
        fprintf(stderr, "jrpc: usage: jrpc %s %s\n", command->name, command->arguments);
        return 2;
    }
    if (command->local)
        return command->run(c, argc, argv, error);
    if (jrpc_options_finish(c->options, &c->jid, &c->session_options, error) != JRPC_OK)
        return 2;
    const char *trace = getenv("TRACEPARENT");
    if (trace) /* one that cannot be read counts as none: W3C Trace Context, section 3.3 */
        (void)jrpc_trace_set(trace, NULL);
    uint32_t timeout = c->session_options.call_timeout_ms;
    c->end = now_ms() + (timeout ? timeout : 30000);
    return command->run(c, argc, argv, error);
}

static int run(int argc, char **argv, cli *c, jrpc_error *error)
{
    options o = { NULL, false, false };
    if (jrpc_options_take(c->options, &argc, argv, error) != JRPC_OK)
        return 2;
    int exit_status = parse_options(&argc, argv, c, &o, error);
    if (exit_status >= 0)
        return exit_status;
    if (o.version) {
        printf("jrpc (jabber-rpc) %s\n", jrpc_version());
        return 0;
    }
    bool help = o.help || (argc > 1 && strcmp(argv[1], "help") == 0);
    const char *name = help && argc > 1 && strcmp(argv[1], "help") == 0 ? argc > 2 ? argv[2] : NULL
                                                                        : argc > 1 ? argv[1] : NULL;
    const cli_command *command = name ? find_command(name) : NULL;
    if (name && !command) {
        jrpc_error_set(error, JRPC_E_INVALID, "no such command: %s (jrpc --help lists them)", name);
        return 2;
    }
    if (help || !command) {
        print_help(command);
        return help ? 0 : 2;
    }
    return run_command(command, c, argc - 2, argv + 2, error);
}

int main(int argc, char **argv)
{
    cli c = { .options = jrpc_options_new() };
    if (!c.options)
        return 1;
    jrpc_error error = JRPC_ERROR_INIT;
    int exit_status = run(argc, argv, &c, &error);
    if (error.status != JRPC_OK) {
        jrpc_options_report(c.options, stderr, &error);
        jrpc_error_done(&error);
    }
    jrpc_session_close(c.session);
    jrpc_options_free(c.options);
    if (fflush(stdout) != 0 && exit_status == 0)
        exit_status = 1;
    return exit_status;
}
