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
    const char *c_name;    /* in stub and handler: "count", "ret_count" */
    const char *plain_name; /* where an out parameter is passed like an in one: "count" */
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

/* All that an interface has, in the order of its table: inherited ones first. After names_check(). */
const method_list *method_all(gen *g, const ast_node *interface);

/* Whether it has _send(), _finish() and _reply(): oneway ones have nothing to wait for. */
bool method_is_async(const gen *g, const method *m);
bool method_is_inherited(const method *m, const ast_node *interface);

/* The functions of a method, and its slot in the _impl structure. */
typedef enum method_form {
    METHOD_CALL,   /* M_I_op(): waits for the answer */
    METHOD_SEND,   /* M_I_op_send() */
    METHOD_FINISH, /* M_I_op_finish() */
    METHOD_REPLY,  /* M_I_op_reply(): answers a deferred call */
    METHOD_HANDLER /* the slot */
} method_form;

/* "", "_send"...: ends the function's name. */
const char *method_suffix(method_form form);

typedef struct method_signature {
    const char **at;    /* C parameters */
    const char **names; /* theirs, for a call of it from another with the same; of arguments none */
    size_t len;
} method_signature;

method_signature method_params(gen *g, const method *m, method_form form);

/* The arguments of the library's function for that form: the storage of each in or out parameter among them. */
method_signature method_arguments(gen *g, const method *m, const char *table, method_form form);

#endif
