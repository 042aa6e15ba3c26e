/* SPDX-License-Identifier: MIT */
/* Tokens. */
#ifndef FRONT_TOKEN_H
#define FRONT_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "front/env.h"
#include "front/place.h"

/* Kinds below 256 are the character itself: '{', ';', '<' ... */
typedef enum token_kind {
    TOKEN_EOF = 256,
    TOKEN_END_LINE, /* in directives only */
    TOKEN_BAD,      /* skipped after its defect was reported */
    TOKEN_WORD,
    TOKEN_NUMBER,   /* C's pp-number */
    TOKEN_CHAR,     /* text is what is between the quotes, escapes as written */
    TOKEN_WCHAR,
    TOKEN_STRING,
    TOKEN_WSTRING,
    TOKEN_SCOPE,    /* :: */
    TOKEN_SHIFT_LEFT,
    TOKEN_SHIFT_RIGHT,
    TOKEN_EQUAL,    /* == and the following: for #if only */
    TOKEN_UNEQUAL,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER_EQUAL,
    TOKEN_PASTE,    /* ## */
    TOKEN_PARAM     /* in a macro's body: its parameter number `param` */
} token_kind;

/* What is wrong with a token; reported when it is used, not when it is skipped by #if. */
typedef struct defect {
    const char *rule, *message;
} defect;

/* Doc comment, cleaned. */
typedef struct doc {
    const char **lines; /* NULL-terminated */
    size_t len, cap;
    uint32_t last_line; /* where it ends, to join line comments */
} doc;

typedef struct token {
    uint16_t kind;
    bool space;      /* white space before it */
    bool line_start; /* first on its line */
    bool after_bad;  /* before it something was left out, after a report */
    bool painted;    /* a macro's name inside its own expansion: not expanded again */
    uint32_t len;
    const char *text; /* NUL-terminated only for words */
    place where;
    word *word;      /* TOKEN_WORD */
    uint32_t param;
    const defect *defect;
    const doc *doc;      /* comments before it */
    const doc *trailing; /* ///< comments before it: they belong to what came before */
} token;

#endif
