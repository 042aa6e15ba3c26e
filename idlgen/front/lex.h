/* SPDX-License-Identifier: MIT */
/* Lexer: characters to tokens, one file, macros not expanded. Comments become docs of the tokens around them.
 */
#ifndef FRONT_LEX_H
#define FRONT_LEX_H

#include "front/source.h"
#include "front/token.h"

typedef struct lexer {
    env *env;
    source *source;
    const char *text;
    uint32_t at, len;
    bool fresh_line;   /* nothing but white space on this line so far */
    bool in_directive; /* the end of the line is a token */
    bool skipping;     /* inside a false #if: comments are no docs, defects no errors */
    doc *docs, *trailing; /* comments since the last token */
    struct lexer *below;  /* the file that includes this one */
    struct condition *conditions;
} lexer;

void lex_init(lexer *l, env *e, source *s);
/* At the end of the file: TOKEN_EOF, again and again. */
void lex_next(lexer *l, token *ret_token);
/* In a directive: the file name of #include <...>, when a < comes next; else false and nothing is read. */
bool lex_angled(lexer *l, token *ret_token);
/* Skips to the end of the line, which stays. */
void lex_skip_line(lexer *l);
/* The rest of the line as text, trimmed: for #error. */
const char *lex_rest(lexer *l);

#endif
