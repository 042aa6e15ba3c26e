/* SPDX-License-Identifier: MIT */
/* jrpc account: make an account, give it another password, remove it (XEP-0077). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/account.h>

#include "cli/command.h"
#include "program/config.h"

enum { FIELDS_MOST = 32 };

static int fail_usage(jrpc_error *error, const char *why)
{
    jrpc_error_set(error, JRPC_E_INVALID, "%s (jrpc account --help)", why);
    return 2;
}

/* Splits NAME=VALUE where they stand. False: there is no =. */
static bool take_fields(int argc, char **argv, jrpc_account_field *fields)
{
    for (int i = 0; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals || equals == argv[i])
            return false;
        *equals = '\0';
        fields[i] = (jrpc_account_field){ argv[i], equals + 1 };
    }
    return true;
}

/* What the server said no to is no wrong usage, unless we have not asked it. */
static int status_of_answer(jrpc_status status, const jrpc_error *error)
{
    switch (status) {
    case JRPC_OK:
        return 0;
    case JRPC_E_IO:
        return 2;
    case JRPC_E_INVALID:
        return error->condition ? 1 : 2;
    case JRPC_E_EXISTS:
    case JRPC_E_REFUSED:
    case JRPC_E_BUSY:
    case JRPC_E_UNAVAILABLE:
    case JRPC_E_BAD_REPLY:
    case JRPC_E_BAD_REQUEST:
        return 1;
    default:
        return 3;
    }
}

static int print_done(const cli *c, const char *what)
{
    size_t bare = strcspn(c->jid, "/");
    if (!c->json)
        printf("%.*s %s\n", (int)bare, c->jid, what);
    return 0;
}

static int run_register(cli *c, int argc, char **argv, jrpc_error *error)
{
    jrpc_account_field fields[FIELDS_MOST];
    if (argc > FIELDS_MOST || !take_fields(argc, argv, fields))
        return fail_usage(error, "register takes NAME=VALUE only, such as email=ann@example.org");
    jrpc_status status = jrpc_account_register(c->jid, &c->session_options, fields, (size_t)argc, error);
    return status == JRPC_OK ? print_done(c, "is made") : status_of_answer(status, error);
}

static int run_password(cli *c, int argc, char **argv, jrpc_error *error)
{
    if (argc != 1)
        return fail_usage(error, "password takes the file of the new password");
    jrpc_session_options new_password = JRPC_SESSION_OPTIONS_INIT;
    new_password.password_file = argv[0];
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    jrpc_status status = jrpc_account_set_password(c->session, &new_password, error);
    return status == JRPC_OK ? print_done(c, "has the new password") : status_of_answer(status, error);
}

/* The account comes from the environment, perhaps: it is named, so that no other is removed by mistake. */
static int run_remove(cli *c, int argc, char **argv, jrpc_error *error)
{
    size_t bare = strcspn(c->jid, "/");
    if (argc != 1 || strlen(argv[0]) != bare || strncmp(argv[0], c->jid, bare) != 0)
        return fail_usage(error, "remove takes the address of --jid once more, to be sure");
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    jrpc_status status = jrpc_account_remove(c->session, error);
    return status == JRPC_OK ? print_done(c, "is removed") : status_of_answer(status, error);
}

static int run(cli *c, int argc, char **argv, jrpc_error *error)
{
    if (strcmp(argv[0], "register") == 0)
        return run_register(c, argc - 1, argv + 1, error);
    if (strcmp(argv[0], "password") == 0)
        return run_password(c, argc - 1, argv + 1, error);
    if (strcmp(argv[0], "remove") == 0)
        return run_remove(c, argc - 1, argv + 1, error);
    return fail_usage(error, "expected register, password or remove");
}

const cli_command command_account = {
    .name = "account",
    .arguments = "register|password|remove ...",
    .summary = "Makes the account of --jid, changes its password or removes it (XEP-0077)",
    .help = "  account register [NAME=VALUE...]  makes it, with the password of --password-file; a server that\n"
            "                                    wants to know more says so: email=ann@example.org\n"
            "  account password FILE             from now on the password is the first line of FILE, which nobody\n"
            "                                    else may read; --password-file is the one so far\n"
            "  account remove JID                removes it for good, with all that the server keeps for it; JID\n"
            "                                    is that of --jid without resource, once more\n"
            "A server may not allow any of these.\n",
    .least = 1,
    .most = -1,
    .run = run,
};
