/* SPDX-License-Identifier: MIT */
/* Types, constants and values in Python. */
#ifndef EMIT_PYTHON_TYPES_H
#define EMIT_PYTHON_TYPES_H

#include "emit/gen.h"

/* As an annotation: "list[M_Point]". */
const char *python_hint(gen *g, const ast_type *type);
/* As an object that reads and writes it: "_s.LONG", "M_Point_type". */
const char *python_type(gen *g, const ast_type *type);
const char *python_value(gen *g, const ast_type *type, const ast_value *value);
/* "(0, 100)" of a member or parameter; NULL when it has no range. */
const char *python_limits(gen *g, const ast_node *node);

/* The objects of types that may hold themselves come first, then the definitions, then what is in them. */
void python_declare_node(gen *g, const ast_node *node, void *out);
void python_define_node(gen *g, const ast_node *node, void *out);
void python_complete_node(gen *g, const ast_node *node, void *out);

#endif
