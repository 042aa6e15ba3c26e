/* SPDX-License-Identifier: MIT */
/* Where the methods go: modules and interfaces by the dots in their names, with names that IDL takes. */
#ifndef INTROSPECTION_LAYOUT_H
#define INTROSPECTION_LAYOUT_H

#include "base/map.h"
#include "introspection/methods.h"

/* A method, or one of several ways to call it. */
typedef struct placed {
    const described *method;
    const signature *way;  /* NULL: unknown */
    const char *name;      /* in IDL, without escape */
    unsigned c_number;     /* > 0: ends the name in C, for the one that it would get is taken */
    unsigned line;         /* that it was written to */
} placed;

typedef struct branch {
    const char *part;      /* of the methods' names; "" at the root */
    const char *path;      /* "M.I", "" at the root */
    const char *module;    /* the name in IDL, if there are branches in it */
    const char *interface; /* the name in IDL, if there are methods in it */
    const char *c_module;  /* what the C names in it begin with: "M_I"; NULL at the root */
    const char *c_interface;
    unsigned c_number, line; /* of the interface, as those of a method */
    struct branch **branches;
    size_t branch_count, branch_cap;
    placed **methods;
    size_t method_count, method_cap;
    /* Further ways to call methods of it, with other numbers of parameters: interfaces beside it. */
    struct branch *others;
    unsigned way; /* of those in it; 0: the first */
    map by_part;  /* branches */
    map names;    /* taken by modules and interfaces inside: lower case -> the last number behind it, or 1 */
    map methods_taken; /* by its methods, and its own name */
    struct branch *next; /* all, for their end */
} branch;

typedef struct layout {
    arena memory;
    branch *root, *all;
    const described **unnamable; /* that IDL cannot call */
    size_t unnamable_count, unnamable_cap;
    bool builtin; /* there are methods that <jrpc.idl> has */
    bool failed;
} layout;

/* bare: the name of the interface for methods without a dot. False without memory. */
bool layout_make(layout *l, const methods *m, const char *bare);
void layout_done(layout *l);

#endif
