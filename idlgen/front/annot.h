/* SPDX-License-Identifier: MIT */
/* Annotations: read with their tokens, applied once the node and its type are known. */
#ifndef FRONT_ANNOT_H
#define FRONT_ANNOT_H

#include "front/ast.h"
#include "front/macro.h"
#include "front/token.h"

typedef struct annot_arg {
    const word *name; /* NULL: positional */
    place where;
    token_list tokens;
    struct annot_arg *next;
} annot_arg;

typedef struct annot {
    const char *name; /* "wire_name", "M::mine" */
    const word *word; /* of its last part */
    place where;
    annot_arg *args;
    bool broken; /* its syntax was: nothing more is said of it */
    struct annot *next;
} annot;

/* What stands before a declaration. */
typedef struct annots {
    annot *first;
    const doc *doc;
} annots;

struct parser;

/* Reads @name(args)... and the doc comments between. */
void annot_read(struct parser *p, annots *into);
/* Checks them against the node and fills in node->notes. */
void annot_apply(struct parser *p, const annots *intro, ast_node *node);
/* Reports annotations before the end of a body; what is what they could stand before. */
void annot_refuse(struct parser *p, const annots *intro, const char *what);

#endif
