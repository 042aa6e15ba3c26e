/* SPDX-License-Identifier: MIT */
/* Doc comments: recognised, cleaned and joined. */
#ifndef FRONT_COMMENT_H
#define FRONT_COMMENT_H

#include "front/lex.h"

/* A whole comment, from its first slash: kept in l->docs or l->trailing when it is a doc comment. */
void comment_add(lexer *l, uint32_t start, uint32_t end);

#endif
