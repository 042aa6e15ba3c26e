/* SPDX-License-Identifier: MIT */
/* The types of the header, in an order that C can read. */
#ifndef EMIT_DECLARE_H
#define EMIT_DECLARE_H

#include "emit/gen.h"

/* A map whose entry waits until C knows the size of what is in it. */
typedef struct declare_waiting {
    const char *name; /* of the map's C type */
    const ast_type *type;
} declare_waiting;

typedef struct declare {
    gen *g;
    buf *types;
    buf *descriptors;
    buf *functions; /* what can be done with the types: for the end of the header, out of the reader's way */
    buf *setters;   /* of optional members and of unions, each with a blank line before */
    map complete;   /* struct and union nodes that have been written */
    map opened;     /* C names that have been declared */
    declare_waiting *waiting;
    size_t waiting_len, waiting_cap;
} declare;

void declare_done(declare *d);
/* A definition of this file, with the anonymous types it needs in front; for interfaces only these. */
void declare_node(declare *d, const ast_node *node);

/* Calls back for every type that the node names; for methods, those of the interface's own ones. */
typedef void declare_type_fn(void *context, const ast_type *type);
void declare_each_type(const ast_node *node, declare_type_fn *fn, void *context);

/* Notes in g->provided what the headers of included files declare. */
void declare_included(gen *g);

#endif
