/* SPDX-License-Identifier: MIT */
/* @verbatim(language="c", placement=..., text="..."): the author's own lines in the header (IDL 4.2, 8.3.5.1). */
#ifndef EMIT_VERBATIM_H
#define EMIT_VERBATIM_H

#include "emit/gen.h"

/* The texts of one placement that a node has for C, each from a line of its own; indented where indent says. */
void verbatim_put(buf *out, const char *indent, const ast_node *node, ast_placement placement);
/* Those of BEGIN_FILE or END_FILE, of everything the file defines, in its order. */
void verbatim_file(buf *out, const ast_list *definitions, ast_placement placement);

#endif
