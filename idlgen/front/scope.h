/* SPDX-License-Identifier: MIT */
/* Scopes: which names mean what, where. Names that differ only in case are the same name. */
#ifndef FRONT_SCOPE_H
#define FRONT_SCOPE_H

#include "front/ast.h"
#include "front/env.h"
#include "front/table.h"

typedef struct symbol {
    const word *name;
    ast_node *node;
    place where;
    bool use; /* not declared here: a name of an outer scope that was used here, and keeps that meaning */
} symbol;

typedef struct scope {
    ast_node *node; /* NULL: the root */
    struct scope *parent;
    table symbols;  /* by folded word */
    table inherited; /* interfaces: operations and attributes of the bases, by folded word.
                        Others: what is in it by its name on the wire */
    table twins; /* reported to differ from another name only in case: by word */
    uint32_t stamp; /* of the search that came by last */
    bool is_operation;
} scope;

/* A name, without its escape. word is NULL after a syntax error. */
typedef struct ident {
    const word *word;
    place where;
} ident;

struct parser;

scope *scope_new(env *e, scope *parent, ast_node *node);
/* Adds a name without any check. */
void scope_put(env *e, scope *s, const word *name, ast_node *node, place where);
symbol *scope_get(const scope *s, const word *name);
/* Adds a name, or reports why it cannot be: then false, and the earlier meaning stays. */
bool scope_declare(struct parser *p, scope *s, ident name, ast_node *node);
/*
 * The meaning of a name seen from p->scope outwards: inherited names count, members and parameters do not.
 * NULL when there is none, or after a report (then *ret_reported).
 */
ast_node *scope_lookup(struct parser *p, ident name, bool *ret_reported);
/* The meaning of name in a definition: M::name. */
ast_node *scope_lookup_in(struct parser *p, ast_node *owner, ident name, bool *ret_reported);
/* The nearest names to one that was not found: from p->scope outwards, or in owner. NULL: none is near. */
const char *scope_suggest(struct parser *p, const ast_node *owner, const word *name, bool types_only);

#endif
