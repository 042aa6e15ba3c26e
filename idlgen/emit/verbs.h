/* SPDX-License-Identifier: MIT */
/* The static inline functions of the header: what can be done with the values of a type. */
#ifndef EMIT_VERBS_H
#define EMIT_VERBS_H

#include "emit/gen.h"

/* T_init() to T_print(), by descriptor. */
void verbs_value(buf *out, const char *type, const char *descriptor);
/* Sequences: T_reserve() and T_push(). Maps: T_get() and T_put(). Nothing for others. type is resolved. */
void verbs_container(gen *g, buf *out, const char *name, const ast_type *type);
/* Enums: T_to_string() and T_from_string(). */
void verbs_enum(gen *g, buf *out, const ast_node *node);
/* Optional members and arms: T_set_member(). */
void verbs_set_optional(gen *g, buf *out, const ast_node *structure, const ast_node *member);
void verbs_set_arm(gen *g, buf *out, const ast_node *union_, const ast_node *arm);
/* Exceptions: T_of() and T_raise(). */
void verbs_exception(gen *g, buf *out, const ast_node *node);

#endif
