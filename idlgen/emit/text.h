/* SPDX-License-Identifier: MIT */
/* Pieces of C text: comments, string literals, signatures, one-line functions. */
#ifndef EMIT_TEXT_H
#define EMIT_TEXT_H

#include "emit/gen.h"

/* Prints "type name", without a space after a star. */
const char *text_join(gen *g, const char *type, const char *name);

/* The doc comment of a node, with its @unit and @deprecated: one line, or several in a block, or nothing. */
void text_doc(buf *out, const char *indent, const ast_node *node);
/* The same with one more sentence ("Raises X."), which may be NULL. */
void text_doc_more(buf *out, const char *indent, const ast_node *node, const char *more);

/* The length of the character at text (1 for a byte that is not UTF-8); false if it should not be shown. */
bool text_plain_char(const char *text, size_t *ret_len);

/* A string literal; line feeds are escaped. */
void text_string(buf *out, const char *text);
const char *text_quoted(gen *g, const char *text);
/* `.help = "...",` with indent, one literal a line. Nothing without doc comment. */
void text_help(buf *out, const char *indent, const ast_node *node);
/* The same behind what ends without a comma, on a line of its own: `,` and `.help = "..."`. */
void text_help_inline(buf *out, size_t indent, const ast_node *node);

/* head is up to and with the parenthesis; the parameters follow, over several lines if need be; then tail. */
void text_signature(buf *out, const char *head, const char *const *params, size_t count, const char *tail);

/* Items with commas between them, as many a line as fit; an item of several lines has its own. */
typedef struct text_flow {
    buf *out;
    size_t indent; /* of the next lines */
    size_t column; /* 0: nothing is written yet */
} text_flow;

void text_flow_add(text_flow *flow, const char *item);

#endif
