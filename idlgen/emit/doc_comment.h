/* SPDX-License-Identifier: MIT */
/*
 * Doc comments with commands at the start of lines, as of Doxygen and javadoc: @brief, @param NAME, @return,
 * @throws NAME; also with a backslash. What follows one, up to an empty line or the next, belongs to it.
 */
#ifndef EMIT_DOC_COMMENT_H
#define EMIT_DOC_COMMENT_H

#include "emit/doc_page.h"

typedef enum doc_part { DOC_TEXT, DOC_PARAM, DOC_RESULT, DOC_RAISES } doc_part;

/* A line of a comment, read one after the other from at = 0. */
typedef struct doc_line {
    doc_part part;
    const char *name; /* of the parameter or exception, else "" */
    const char *text; /* without the command */
    bool begins;      /* it has the command */
} doc_line;

/* The line number at; *line is what the call for the line before has left. */
void doc_comment_line(gen *g, const ast_node *node, size_t at, doc_line *line);
/* Markup of what the comment says of a part, on one line; "" when it says nothing. name: of what, else "". */
const char *doc_comment_of(page *p, const ast_node *node, doc_part part, const char *name);
/* Is there a place in a table for this part? Else it is shown with the text. */
bool doc_comment_has_place(const ast_node *node, const doc_line *line);

#endif
