/* SPDX-License-Identifier: MIT */
/* Preprocessor: a stream of tokens out of files, includes, conditions and macros. */
#ifndef FRONT_PP_H
#define FRONT_PP_H

#include "base/buf.h"
#include "front/lex.h"
#include "front/macro.h"
#include "front/source.h"

/* Tokens to be read before those of the file: the expansion of a macro. */
typedef struct context {
    const token *tokens;
    uint32_t len, at;
    macro *macro; /* active while this is read */
    bool barrier; /* the end of it reads as the end of the file */
    struct context *below;
} context;

/* An open #if. */
typedef struct condition {
    place where;
    bool taken;     /* one of its groups was read */
    bool seen_else;
    struct condition *outer;
} condition;

typedef struct pp {
    env *env;
    sources *sources;
    ast_unit *unit; /* gets the includes of the main file */
    lexer *lexer;
    context *contexts, *spare;
    token pushed;   /* read ahead from the lexer */
    bool has_pushed;
    bool broken;    /* since the token given last something was left out, after a report */
    bool stopped;   /* by a mistake after which nothing can be trusted: only the end comes */
    uint32_t depth; /* arguments of macro calls inside each other, #if inside each other */
    uint32_t conditions;
    uint32_t changes; /* of macros and of #pragma once: what decides whether a file includes itself again */
    uint32_t made, given; /* tokens from macros, tokens to the parser */
    int64_t braces; /* open ones in what was given */
} pp;

void pp_init(pp *p, env *e, sources *s, ast_unit *unit);
/* Begins with the main file; macros of the command line come before. */
void pp_open(pp *p, source_file *file, place from, const ast_include *include);
/* The next token, expanded; TOKEN_EOF again and again at the end. */
void pp_next(pp *p, token *ret_token);

/* ---- for the parts of the preprocessor ---- */

/* Next token, not expanded; directives are carried out. TOKEN_EOF at the end of a file or barrier. */
void pp_raw(pp *p, token *ret_token);
/* The next token, expanded; stops at the end of the file or barrier. */
void pp_expanded(pp *p, token *ret_token);
/* Is the next token an opening parenthesis? Reads nothing. */
bool pp_paren_follows(pp *p);
void pp_push(pp *p, const token *tokens, uint32_t len, macro *m, bool barrier);
void pp_pop(pp *p);
/* All of a list expanded, on its own. */
token_list pp_expand_list(pp *p, const token_list *list);
/* An error after which reading ends. */
void pp_fatal(pp *p, const char *rule, place where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void pp_error(pp *p, const char *rule, place where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Counts tokens that macros make; false past the limit. */
bool pp_spend(pp *p, place where, uint32_t tokens);

/* The line after a # at the start of a line. */
void directive_run(pp *p);
/* The value of the expression in the rest of the line; false after an error. */
bool condition_evaluate(pp *p, place where);
/* The unclosed #if of a file that ends. */
void condition_finish(pp *p);
void condition_begin(pp *p, place where, bool value);
void condition_else(pp *p, place where, bool is_elif);
void condition_end(pp *p, place where);

/* -E */
void pp_write(pp *p, buf *out);

#endif
