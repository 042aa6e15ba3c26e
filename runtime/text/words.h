/* SPDX-License-Identifier: MIT */
/*
 * A line that somebody typed, in words: divided by white space; what is in double quotes is one word, written as in
 * JSON
 * (\" \\ \n \u00e9) but that it may hold line feeds; so is what is in single quotes, as it stands; and so is JSON
 * from a bracket to the one that closes it. “Typographic” quotes, which chat programs make of ", do as well, without
 * escapes.
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include <jrpc/error.h>

typedef enum word_form {
    WORD_BARE,
    WORD_QUOTED, /* text and nothing but text */
    WORD_JSON    /* from a bracket to the one that closes it; whether it is JSON inside is not looked at */
} word_form;

typedef struct word {
    char *text; /* without quotes */
    word_form form;
} word;

enum { WORDS_MOST = 64 };

typedef struct words {
    word list[WORDS_MOST];
    size_t len;
    char *memory;
} words;

/* INVALID says what is wrong with the line, and where; NOMEM. ret_words is to be given to words_done() in any case.
 */
jrpc_status words_split(const char *line, words *ret_words, jrpc_error *error);
void words_done(words *w);

/* The value that a word stands for where no type says what is meant: see json_parse_argument(). A new reference. */
jrpc_status words_to_json(const word *w, json_t **ret_json, jrpc_error *error);

#endif
