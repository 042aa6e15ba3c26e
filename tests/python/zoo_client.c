/* SPDX-License-Identifier: MIT */
/* Calls all of the zoo, whoever serves it: zoo-client [CONNECTION OPTION]... TO. One line for each thing that came. */
#include <stdio.h>
#include <string.h>

#include "zoo.h"

static void say(const char *what, jrpc_status status, jrpc_error *error)
{
    printf("%s: %s", what, jrpc_status_name(status));
    if (status == JRPC_E_FAULT)
        printf(" %d %s", (int)error->code, error->message);
    putchar('\n');
    jrpc_error_done(error);
}

/* What last() gave goes through all positions, and comes back equal. */
static void swap(jrpc_peer *peer)
{
    jrpc_error error = JRPC_ERROR_INIT;
    Zoo zoo, both, other, result;
    jrpc_status status = ZooCalls_last(peer, &zoo, &error);
    if (status != JRPC_OK) {
        jrpc_error_print(stderr, &error);
        say("last", status, &error);
        return;
    }
    printf("last: %s %zu %zu\n", zoo.text, zoo.path.len, zoo.tree.len);
    status = Zoo_copy(&zoo, &both);
    if (status == JRPC_OK)
        status = ZooCalls_swap(peer, &zoo, &both, &other, &result, &error);
    if (status != JRPC_OK)
        jrpc_error_print(stderr, &error);
    else
        printf("swap: %s %s %s\n", Zoo_equal(&zoo, &result) ? "result" : "-", Zoo_equal(&zoo, &both) ? "both" : "-",
               Zoo_equal(&zoo, &other) ? "other" : "-");
    say("swap", status, &error);
    Zoo_clear(&zoo);
    Zoo_clear(&both);
    if (status == JRPC_OK) {
        Zoo_clear(&other);
        Zoo_clear(&result);
    }
}

static void small_ones(jrpc_peer *peer)
{
    jrpc_error error = JRPC_ERROR_INIT;
    int32_t sum = 0, at = 0;
    Point p = { 0, 0 };
    char *first = NULL, *rest = jrpc_strdup(":");
    say("ping", ZooCalls_ping(peer, &error), &error);
    say("add", ZooCalls_add(peer, 2, 40, &sum, &error), &error);
    say("get", ZooCalls_get(peer, &p, &error), &error);
    say("split", ZooCalls_split(peer, "key:value", &at, &rest, &first, &error), &error);
    printf("%d, %g %g, %s %s %d\n", (int)sum, p.x, p.y, first, rest, (int)at);
    jrpc_free(first);
    jrpc_free(rest);
    say("set", ZooCalls_set_noted(peer, "Grüße", &error), &error);
    say("note", ZooCalls_note(peer, "one way", &error), &error);
    char *noted = NULL;
    say("noted", ZooCalls_get_noted(peer, &noted, &error), &error);
    jrpc_free(noted);
}

static void failures(jrpc_peer *peer)
{
    jrpc_error error = JRPC_ERROR_INIT;
    int32_t left = 0;
    jrpc_status status = ZooCalls_spend(peer, 5000000000, "Zürich", &left, &error);
    const Bank_NoMoney *missing = Bank_NoMoney_of(&error);
    if (missing)
        printf("missing %lld on %s\n", (long long)missing->missing, missing->account);
    say("spend", status, &error);
    say("fail", ZooCalls_fail(peer, &error), &error);
    jrpc_peer_set_timeout(peer, 300);
    say("sleep", ZooCalls_sleep(peer, 3000, &error), &error);
}

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    bool good = options && jrpc_options_take(options, &argc, argv, &error) == JRPC_OK && argc == 2 &&
                jrpc_options_open(options, &session, &error) == JRPC_OK &&
                jrpc_peer_new(session, argv[1], &peer, &error) == JRPC_OK;
    if (good) {
        swap(peer);
        small_ones(peer);
        failures(peer);
    } else {
        jrpc_error_print(stderr, &error);
    }
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return good ? 0 : 2;
}
