/* SPDX-License-Identifier: MIT */
/* Methods: what operations and attributes become, in one form for all outputs. */
#ifndef EMIT_METHOD_H
#define EMIT_METHOD_H

#include "emit/gen.h"

typedef struct method_param {
    const ast_node *node; /* NULL: the value that an attribute is set to */
    const ast_type *type;
    ast_direction direction;
    const char *wire_name;
    const char *c_name; /* in stub and handler: "count", "ret_count" */
} method_param;

typedef struct method {
    const ast_node *node;  /* operation or attribute */
    const ast_node *owner; /* the interface that declares it */
    const char *slot;      /* in the _impl structure: "op", "get_x", "set_x" */
    const char *part;      /* the same without escape: ends the names of functions */
    const char *function;  /* the stub: "M_I_op" */
    const char *name;      /* in IDL: "op", "_get_x" */
    const char *wire_name;
    const method_param *params;
    size_t param_count;
    const ast_type *result; /* NULL: void */
    const ast_list *raises;
    bool oneway;
} method;

typedef struct method_list {
    method *at;
    size_t len;
} method_list;

/* All that an interface has, in the order of its table: inherited ones first. */
method_list method_all(gen *g, const ast_node *interface);

bool method_is_inherited(const method *m, const ast_node *interface);

/* Lists of C parameters: of the stub (peer first, error last) and of the handler (call first). */
typedef struct method_signature {
    const char **at;
    size_t len;
} method_signature;

method_signature method_stub_params(gen *g, const method *m);
method_signature method_handler_params(gen *g, const method *m);

#endif
