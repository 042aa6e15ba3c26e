/* SPDX-License-Identifier: MIT */
/* Constants in C. */
#ifndef EMIT_VALUE_H
#define EMIT_VALUE_H

#include "emit/gen.h"

/* An expression: "INT32_C(5)", "\"text\"", "1.5", "M_Colour_RED". Negative numbers are in parentheses. */
const char *value_expression(gen *g, const ast_type *type, const ast_value *value);
/* An int64_t, as short as it can be. */
const char *value_int64(gen *g, int64_t value);
/* A label of a union, as its discriminator's type writes it: "M_Shape_CIRCLE", "'a'", "true", "5". */
const char *value_label(gen *g, const ast_node *union_, const ast_label *label);
/* "&(const int32_t){ 5 }" and "&(const jrpc_range){ ... }" for descriptors; NULL when the node has none. */
const char *value_default(gen *g, const ast_node *node);
const char *value_range(gen *g, const ast_node *node);

#endif
