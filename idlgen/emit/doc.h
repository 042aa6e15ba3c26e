/* SPDX-License-Identifier: MIT */
/* The reference of one file's interfaces. */
#ifndef EMIT_DOC_H
#define EMIT_DOC_H

#include "emit/doc_page.h"

void doc_markdown_render(gen *g, buf *out);
void doc_html_render(gen *g, buf *out);

/* ---- its parts ---- */

/* One definition that is no interface or module; nothing for those, and forward declarations. */
void doc_types_section(page *p, const ast_node *node);
bool doc_types_has(const ast_node *node);
/* The name of a type, linked when it is defined in this file. */
const char *doc_types_name(page *p, const ast_type *type);
/* Ranges, bounds, units, defaults: what a value may be, as markup. */
const char *doc_types_limits(page *p, const ast_node *node, const ast_type *type);

#endif
