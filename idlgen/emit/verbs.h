/* SPDX-License-Identifier: MIT */
/* The functions of the header: what can be done with the values of a type. Mostly lines for <jrpc/declare.h>. */
#ifndef EMIT_VERBS_H
#define EMIT_VERBS_H

#include "emit/gen.h"

/* T_init() to T_print(), by descriptor; declares the descriptor if it is T_type. */
void verbs_value(buf *out, const char *type, const char *descriptor);
/* Sequences: T_reserve() and T_push(). Maps: T_get() and T_put(). Nothing for others. type is resolved. */
void verbs_container(gen *g, buf *out, const char *name, const ast_type *type);
/* Optional members and arms: T_set_member(). Functions with a body go into setters. */
void verbs_set_optional(gen *g, buf *out, buf *setters, const ast_node *structure, const ast_node *member);
void verbs_set_arm(gen *g, buf *setters, const ast_node *union_, size_t index);

#endif
