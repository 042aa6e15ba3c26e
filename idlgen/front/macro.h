/* SPDX-License-Identifier: MIT */
/* Macros: definitions and their expansion. */
#ifndef FRONT_MACRO_H
#define FRONT_MACRO_H

#include "front/token.h"

/* Where a token inside a macro's body is written, and the expansion around that. */
typedef struct expansion {
    const char *name;
    place spelled;
    const struct expansion *outer;
} expansion;

typedef enum macro_builtin { MACRO_PLAIN = 0, MACRO_FILE, MACRO_LINE } macro_builtin;

typedef struct macro {
    const word *name;
    place where;
    macro_builtin builtin;
    bool function, variadic;
    bool active; /* being expanded now */
    word **params;
    uint32_t param_count;
    token *body;
    uint32_t body_len;
} macro;

/* Growing array of tokens in the arena. */
typedef struct token_list {
    token *at;
    size_t len, cap;
} token_list;

struct pp;

void token_list_add(env *e, token_list *list, const token *t);
/* #define: reads the rest of the line. */
void macro_define(struct pp *p);
/* -D text: "NAME", "NAME=value", "NAME(a)=value". False when it is none of these. */
bool macro_define_text(struct pp *p, const char *text);
/* The token is a macro's name: true when its expansion was begun, false when it stays as it is. */
bool macro_expand(struct pp *p, const token *name);

#endif
