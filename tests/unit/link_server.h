/* SPDX-License-Identifier: MIT */
/* A Jabber server that follows a script, on a loopback port of its own. */
#ifndef TEST_LINK_SERVER_H
#define TEST_LINK_SERVER_H

#include <stddef.h>
#include <stdint.h>

/* Waits until what has come in holds expect (NULL: does not wait), forgets what was before its end, then
 * acts. */
typedef struct step {
    const char *expect;
    const char *send; /* or NULL */
    enum {
        STEP_ON,
        STEP_CLOSE,
        STEP_RESET,
        STEP_ACCEPT
    } then;        /* ACCEPT: closes, waits for the next connection */
    size_t repeat; /* sends it so many times; 0: once */
} step;

typedef struct link_server link_server;

/* The script ends with a step without expect and send; the connection stays open until link_server_stop(). */
link_server *link_server_start(const step *script);
/* The same at ::1; NULL where there is no such address. */
link_server *link_server_start_v6(const step *script);
uint16_t link_server_port(const link_server *server);
/* Waits for the script's end for at most ten seconds; returns the number of steps that were done, and bytes
 * read in *ret_bytes. */
size_t link_server_stop(link_server *server, size_t *ret_bytes);

#endif
