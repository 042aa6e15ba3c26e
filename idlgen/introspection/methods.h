/* SPDX-License-Identifier: MIT */
/* What a server says of its methods: JSON, as jrpc describe --json prints it. */
#ifndef INTROSPECTION_METHODS_H
#define INTROSPECTION_METHODS_H

#include <stddef.h>

#include <jrpc/status.h>

#include "base/arena.h"
#include "base/buf.h"

/* One way to call a method. */
typedef struct signature {
    const char *result;        /* XML-RPC's name of a type, or what the server wrote; NULL: nothing that is a text */
    const char *const *params; /* of those of the parameters */
    size_t param_count;
} signature;

typedef struct described {
    const char *name;
    const char *help; /* "" when there is none */
    const signature *signatures;
    size_t signature_count; /* 0: the server does not say */
} described;

typedef struct methods {
    arena memory;
    const described *at; /* each name once, in the server's order */
    size_t len;
} methods;

/*
 * Reads a list of {"name", "signatures", "help"}, or of names alone. INVALID, and why says what is wrong and where; NOMEM.
 */
jrpc_status methods_read(methods *m, const char *text, size_t len, buf *why);
void methods_done(methods *m);

#endif
