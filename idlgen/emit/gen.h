/* SPDX-License-Identifier: MIT */
/* The state of one run over one unit. Its texts live as long; without memory they are "", failed is set. */
#ifndef EMIT_GEN_H
#define EMIT_GEN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/map.h"
#include "emit/emit.h"

/* Of generated code; the functions of one statement are on one line however long it is. */
enum { GEN_COLUMNS = 110 };

typedef struct gen {
    const ast_unit *unit;
    const emit_options *options;
    const char *stem; /* "calc" */
    arena memory;
    map names;    /* node (its address) -> C name */
    map globals;  /* C name at file scope -> the node that has it */
    map provided;  /* C name of an anonymous type -> itself, when the header of an included file has it */
    map anonymous; /* C name of an anonymous type -> the first node that uses it */
    map descriptors; /* of anonymous types: what each is -> its name; and its name -> itself */
    map methods;   /* interface (its address) -> method_list */
    bool failed;
} gen;

bool gen_init(gen *g, const ast_unit *unit, const emit_options *options);
void gen_done(gen *g);

const char *gen_text(gen *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One after the other. */
const char *gen_join(gen *g, const char *a, const char *b, const char *c);
/* The text of a buffer, which is emptied. */
const char *gen_take(gen *g, buf *b);
/* Upper case, and `_` for what cannot be in an identifier. */
const char *gen_upper(gen *g, const char *text);
bool gen_put(gen *g, map *m, const char *key, const void *value);

/* All definitions of one file's worth, depth first and in order, through modules and interfaces. */
typedef void gen_visit_fn(gen *g, const ast_node *node, void *context);
void gen_visit(gen *g, const ast_list *list, gen_visit_fn *fn, void *context);

#endif
