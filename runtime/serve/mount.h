/* SPDX-License-Identifier: MIT */
/*
 * Registries of xmlrpc-c's whose methods are served. What a peer sent never reaches its parser as it came: it is decoded as
 * all calls are, and written again by us; that text, which knows no entities and no DTD, is what the registry gets.
 */
#ifndef SERVE_MOUNT_H
#define SERVE_MOUNT_H

#include <jrpc/xmlrpc.h>

#include "serve/server.h"
#include "wire/failure.h"

/* Serves it, as jrpc_serve_registry() says; options are complete. Any thread. */
jrpc_status mount_registry(server *s, struct xmlrpc_registry *source, const jrpc_registry_options *options,
                           jrpc_error *error);
/* The parameters of a mounted method's call become its text. Any thread. */
jrpc_status mount_accept(jrpc_call *call, wire_failure *failure);

/* ---- one method ---- */

/* xmlrpc-c's registry, for all that use it: its methods run one after the other. */
typedef struct turn turn;

/* See described_new(). */
typedef struct described described;

struct mounted {
    struct xmlrpc_registry *source;
    turn *turn; /* NULL: they may run at the same time */
    char *name; /* in that registry */
    xmlrpc_value *signatures; /* as its system.methodSignature has it: an array of arrays of names, or "undef" */
    described *described; /* or NULL */
};

/* NULL without memory. */
mounted *mounted_new(struct xmlrpc_registry *source, const char *name, bool parallel);
/* NULL is fine. */
void mounted_free(mounted *m);
const struct xmlrpc_registry *mounted_registry(const mounted *m);
/* A new reference. */
xmlrpc_value *mounted_signatures(const mounted *m);
/*
 * The parameters with each int as i8 or double where the method has one signature for so many, and wants that: a new
 * reference, NULL without memory.
 */
xmlrpc_value *mounted_widen(const mounted *m, xmlrpc_value *params);

/* Of an answer: what it may cost, and bytes of its text. */
typedef struct mounted_limits {
    wire_limits values;
    size_t answer;
} mounted_limits;

/* A fault of the method's: text is the heap's. */
typedef struct mounted_fault {
    int32_t code;
    char *text;
} mounted_fault;

/*
 * Gives the registry the text of a call. JRPC_OK: *ret_result is a new reference; FAULT: *ret_fault; TOO_LARGE, INVALID,
 * NOMEM: the answer cannot be used, failure says why.
 */
jrpc_status mounted_call(struct xmlrpc_registry *source, const char *text, size_t len, void *call_info,
                         const mounted_limits *limits, xmlrpc_value **ret_result, mounted_fault *ret_fault,
                         wire_failure *failure);
/* Its turn; other workers go on meanwhile. */
void mounted_enter(const mounted *m);
void mounted_leave(const mounted *m);

/* ---- for people ---- */

/*
 * A descriptor of the one signature that a method has: its parameters are value1, value2... NULL when there is none or
 * several, or no memory: then the method is not offered. name and help are borrowed.
 */
described *described_new(const char *name, const char *help, xmlrpc_value *signatures);
void described_free(described *d);
/* NULL gives NULL. */
const jrpc_method *described_method(const described *d);

#endif
