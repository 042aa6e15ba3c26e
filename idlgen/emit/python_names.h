/* SPDX-License-Identifier: MIT */
/* Names and texts in Python. */
#ifndef EMIT_PYTHON_NAMES_H
#define EMIT_PYTHON_NAMES_H

#include "emit/gen.h"

/* Where a name is: some are taken there. */
typedef enum python_place {
    PYTHON_MEMBER,
    PYTHON_EXCEPTION_MEMBER,
    PYTHON_ENUMERATOR,
    PYTHON_OUT,    /* of a named tuple */
    PYTHON_PARAM,
    PYTHON_METHOD
} python_place;

/* As in C, with `_` where Python has the name itself. */
const char *python_global(gen *g, const ast_node *node);
/* With as many `_` as it takes to be free, also among its siblings (NULL: none). */
const char *python_local(gen *g, const char *name, python_place where, const ast_list *siblings);
const char *python_module_of(gen *g, const char *path);

void python_string(buf *out, const char *text);
const char *python_string_of(gen *g, const char *text);
/* A docstring; more is one more line, or NULL. Nothing without text. */
void python_doc(buf *out, const char *indent, const ast_node *node, const char *more);

#endif
