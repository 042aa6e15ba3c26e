/* SPDX-License-Identifier: MIT */
/* Words of a line. */
#include "text/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json.h"

#define SPACES " \t\r\n"

/* One place in the line, one where the words' texts go: those are never longer than what they are written as. */
typedef struct splitter {
    const char *line, *at;
    char *out;
    jrpc_error *error;
} splitter;

static jrpc_status wrong(const splitter *s, const char *at, const char *what)
{
    size_t number = 1;
    for (const char *c = s->line; c < at; c++)
        number += ((unsigned char)*c & 0xC0) != 0x80;
    int len = 0;
    while (at[len] && at[len] != '\n' && (len < 40 || ((unsigned char)at[len] & 0xC0) == 0x80))
        len++;
    return jrpc_error_set(s->error, JRPC_E_INVALID, "%s, at character %zu: %.*s", what, number, len, at);
}

static void put(splitter *s, const char *text, size_t len)
{
    memcpy(s->out, text, len);
    s->out += len;
}

/* ---- quotes ---- */

/* JSON's own, but that line feeds and the like may stand in it as they are. */
static jrpc_status put_unescaped(splitter *s, const char *text, size_t len)
{
    char *json = malloc(6 * len + 3);
    if (!json)
        return jrpc_error_set(s->error, JRPC_E_NOMEM, "out of memory");
    char *to = json;
    *to++ = '"';
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20)
            to += sprintf(to, "\\u%04x", (unsigned)text[i]);
        else
            *to++ = text[i];
    }
    *to++ = '"';
    json_error_t why;
    json_t *value = json_loadb(json, (size_t)(to - json), JSON_DECODE_ANY, &why);
    free(json);
    if (!value)
        return wrong(s, text, why.text);
    put(s, json_string_value(value), json_string_length(value));
    json_decref(value);
    return JRPC_OK;
}

/* s->at stands behind the opening quote. */
static jrpc_status take_quoted(splitter *s, const char *close, bool escapes)
{
    const char *open = s->at;
    size_t close_len = strlen(close);
    while (*s->at && strncmp(s->at, close, close_len) != 0)
        s->at += escapes && s->at[0] == '\\' && s->at[1] ? 2 : 1;
    if (!*s->at)
        return wrong(s, open, "the quotes are not closed");
    size_t len = (size_t)(s->at - open);
    s->at += close_len;
    if (escapes)
        return put_unescaped(s, open, len);
    put(s, open, len);
    return JRPC_OK;
}

/* ---- JSON ---- */

/* Up to the closing bracket, text in quotes aside. */
static jrpc_status take_json(splitter *s)
{
    const char *open = s->at;
    size_t depth = 0;
    bool quoted = false;
    do {
        char c = *s->at;
        if (!c)
            return wrong(s, open, quoted ? "quotes in brackets are not closed" : "a bracket is not closed");
        if (quoted && c == '\\' && s->at[1])
            s->at++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']'))
            depth--;
        s->at++;
    } while (depth > 0);
    put(s, open, (size_t)(s->at - open));
    return JRPC_OK;
}

/* ---- words ---- */

static const struct {
    const char *open, *close;
    bool escapes;
} quotes[] = {
    { "\"", "\"", true },
    { "'", "'", false },
    { "\xE2\x80\x9C", "\xE2\x80\x9D", false }, /* U+201C, U+201D: English */
    { "\xE2\x80\x9E", "\xE2\x80\x9C", false }, /* U+201E, U+201C: German */
    { "\xC2\xAB", "\xC2\xBB", false },         /* U+00AB, U+00BB */
};

static jrpc_status take_word(splitter *s, word_form *ret_form)
{
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        size_t len = strlen(quotes[i].open);
        if (strncmp(s->at, quotes[i].open, len) != 0)
            continue;
        *ret_form = WORD_QUOTED;
        s->at += len;
        return take_quoted(s, quotes[i].close, quotes[i].escapes);
    }
    if (*s->at == '{' || *s->at == '[') {
        *ret_form = WORD_JSON;
        return take_json(s);
    }
    size_t len = strcspn(s->at, SPACES);
    *ret_form = WORD_BARE;
    put(s, s->at, len);
    s->at += len;
    return JRPC_OK;
}

static jrpc_status split(splitter *s, words *w)
{
    for (;;) {
        s->at += strspn(s->at, SPACES);
        if (!*s->at)
            return JRPC_OK;
        if (w->len == WORDS_MOST)
            return jrpc_error_set(s->error, JRPC_E_INVALID,
                                  "more than %d words: put text with blanks in quotes", WORDS_MOST);
        word *next = &w->list[w->len];
        next->text = s->out;
        jrpc_status status = take_word(s, &next->form);
        if (status != JRPC_OK)
            return status;
        if (*s->at && !strchr(SPACES, *s->at))
            return wrong(s, s->at, "a blank is missing");
        *s->out++ = '\0';
        w->len++;
    }
}

jrpc_status words_split(const char *line, words *ret_words, jrpc_error *error)
{
    ret_words->len = 0;
    /* One NUL a word, for which there is a blank or a quote in the line, but for the last one. */
    ret_words->memory = malloc(strlen(line) + 2);
    if (!ret_words->memory)
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    splitter s = { .line = line, .at = line, .out = ret_words->memory, .error = error };
    return split(&s, ret_words);
}

void words_done(words *w)
{
    free(w->memory);
    w->memory = NULL;
    w->len = 0;
}

jrpc_status words_to_json(const word *w, json_t **ret_json, jrpc_error *error)
{
    if (w->form != WORD_QUOTED)
        return json_parse_argument(w->text, ret_json, error);
    *ret_json = json_string(w->text);
    return *ret_json ? JRPC_OK : jrpc_error_set(error, JRPC_E_INVALID, "not text in UTF-8");
}
