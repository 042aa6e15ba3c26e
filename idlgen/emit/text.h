/* SPDX-License-Identifier: MIT */
/* Pieces of C text: comments, string literals, signatures, one-line functions. */
#ifndef EMIT_TEXT_H
#define EMIT_TEXT_H

#include "emit/gen.h"

/* Prints "type name", without a space after a star. */
const char *text_join(gen *g, const char *type, const char *name);

/* The doc comment of a node, with its @unit and @deprecated: one line, or several in a block, or nothing. */
void text_doc(buf *out, const char *indent, const ast_node *node);
/* The same with one more line ("Raises: X"), which may be NULL. */
void text_doc_more(buf *out, const char *indent, const ast_node *node, const char *more);

/* The length of the character at text (1 for a byte that is not UTF-8); false if it should not be shown. */
bool text_plain_char(const char *text, size_t *ret_len);

/* A string literal; line feeds are escaped. */
void text_string(buf *out, const char *text);
/* `.help = "...",` with indent, one literal a line. Nothing without doc comment. */
void text_help(buf *out, const char *indent, const ast_node *node);
/* The same in the middle of a line: `, .help = "..."`. */
void text_help_inline(buf *out, const ast_node *node);

/* head is up to and with the parenthesis; the parameters follow, over several lines if need be; then tail. */
void text_signature(buf *out, const char *head, const char *const *params, size_t count, const char *tail);

/* `{ a, b, c }` after head, or one a line, indented by one step more than indent; then tail. */
void text_list(buf *out, const char *indent, const char *head, const char *const *items, size_t count,
               const char *tail);

#endif
