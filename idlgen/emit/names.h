/* SPDX-License-Identifier: MIT */
/* C names of everything in the IDL: the only place that makes them. */
#ifndef EMIT_NAMES_H
#define EMIT_NAMES_H

#include "emit/gen.h"

/*
 * The name at file scope: "M_I" for M::I, "M_Colour_RED" for an enumerator, "M_I_op" for an operation's stub.
 * @c_name replaces all of it, and what the names below it begin with; an operation's only its last part.
 */
const char *names_global(gen *g, const ast_node *node);

/* The name in a structure or parameter list: keywords get a `_`. */
const char *names_local(gen *g, const ast_node *node);

/* Two places that would make the same C name, and names that are not free; true when there are none. */
bool names_check(gen *g, diag *d);

#endif
