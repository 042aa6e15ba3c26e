/* SPDX-License-Identifier: MIT */
/* jrpc ping (XEP-0199), jrpc disco (XEP-0030). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/steering.h"
#include "cli/command.h"

static int ask(cli *c, const char *to, const char *payload, char **ret_answer, jrpc_error *error)
{
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    jrpc_status status =
        jrpc_iq_send_and_wait(c->session, to, "get", payload, cli_time_left(c), ret_answer, error);
    return status == JRPC_OK ? 0 : status == JRPC_E_INVALID ? 2 : 1;
}

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int run_ping(cli *c, int argc, char **argv, jrpc_error *error)
{
    (void)argc;
    int exit_status = cli_open(c, error);
    if (exit_status)
        return exit_status;
    double before = now();
    char *answer = NULL;
    exit_status = ask(c, argv[0], "<ping xmlns='urn:xmpp:ping'/>", &answer, error);
    if (exit_status == 0)
        printf(c->json ? "{\"ms\": %.3f}\n" : "answered after %.3f ms\n", (now() - before) * 1e3);
    free(answer);
    return exit_status;
}

/* The XML, a line an element; what would drive the terminal as references to characters. */
static int run_disco(cli *c, int argc, char **argv, jrpc_error *error)
{
    (void)argc;
    char *answer = NULL;
    int exit_status =
        ask(c, argv[0], "<query xmlns='http://jabber.org/protocol/disco#info'/>", &answer, error);
    for (const char *at = answer; at && *at;) {
        uint32_t found;
        size_t n = steering_at(at, &found);
        if (n)
            printf("&#x%X;", (unsigned)found);
        else if (at[0] == '>' && at[1] == '<')
            fputs(">\n", stdout);
        else
            putchar(*at);
        at += n ? n : 1;
    }
    if (answer)
        putchar('\n');
    free(answer);
    return exit_status;
}

const cli_command command_ping = {
    .name = "ping",
    .arguments = "TO",
    .summary = "Asks whether somebody is there, and measures how long the answer takes",
    .least = 1,
    .most = 1,
    .run = run_ping,
};

const cli_command command_disco = {
    .name = "disco",
    .arguments = "TO",
    .summary = "The same as info, as XML",
    .least = 1,
    .most = 1,
    .run = run_disco,
};
