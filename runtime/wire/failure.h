/* SPDX-License-Identifier: MIT */
/* Why a value cannot be sent or understood, and where in the parameters it is. */
#ifndef WIRE_FAILURE_H
#define WIRE_FAILURE_H

#include <stddef.h>

#include <jrpc/status.h>

/*
 * Filled by the function that fails: message says "expected long, got string"; status is INVALID for a bad
 * value, TOO_LARGE for one over a limit (depth, elements, memory), NOMEM. The callers on the way out put
 * their part of the path in front: "n", ".n", "[3].n", ".items[3].n", "params[1].items[3].n". Both texts are
 * cut at their room, at a character's edge, and hold no control characters of a peer.
 */
typedef struct wire_failure {
    jrpc_status status;
    char path[256];
    char message[256];
} wire_failure;

#define WIRE_FAILURE_INIT \
    { \
        JRPC_OK, "", "" \
    }

/* The same without clearing half a kilobyte, for every message that comes. */
static inline void failure_init(wire_failure *failure)
{
    failure->status = JRPC_OK;
    failure->path[0] = failure->message[0] = '\0';
}

/* Sets the message (the path becomes empty) and returns status. failure may not be NULL. */
jrpc_status failure_set(wire_failure *failure, jrpc_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * Puts ".name" (or "name" if it is the outermost: the caller decides by the prefix) or "[index]" in front of
 * the path.
 */
void failure_in_member(wire_failure *failure, const char *name);
void failure_in_element(wire_failure *failure, size_t index);
/* Puts text in front as it is: "params", "result". */
void failure_in(wire_failure *failure, const char *text);

#endif
