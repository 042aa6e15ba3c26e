/* SPDX-License-Identifier: MIT */
/* Environment. */
#include "front/env.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "front/keyword.h"

void env_nomem(env *e)
{
    longjmp(*e->escape, 1);
}

void *env_alloc(env *e, size_t size)
{
    void *memory = arena_zalloc(&e->memory, size);
    if (!memory)
        env_nomem(e);
    return memory;
}

char *env_strndup(env *e, const char *text, size_t len)
{
    char *copy = arena_strndup(&e->memory, text, len);
    if (!copy)
        env_nomem(e);
    return copy;
}

char *env_strdup(env *e, const char *text)
{
    return env_strndup(e, text, strlen(text));
}

char *env_format(env *e, const char *format, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, format);
    int len = vsnprintf(small, sizeof small, format, ap);
    va_end(ap);
    if (len >= 0 && (size_t)len < sizeof small)
        return env_strndup(e, small, (size_t)len);
    size_t size = len < 0 ? 1 : (size_t)len + 1;
    char *text = env_alloc(e, size);
    va_start(ap, format);
    vsnprintf(text, size, format, ap);
    va_end(ap);
    return text;
}

void *env_grow(env *e, void *array, size_t len, size_t *cap, size_t element)
{
    if (len < *cap)
        return array;
    size_t want = *cap ? *cap * 2 : 4;
    void *bigger = env_alloc(e, want * element);
    if (array)
        memcpy(bigger, array, *cap * element);
    *cap = want;
    return bigger;
}

static const word *fold(env *e, word *w)
{
    char lower[LIMIT_IDENTIFIER + 1];
    bool changed = false;
    for (uint32_t i = 0; i < w->len; i++) {
        char c = w->text[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        changed |= lower[i] != c;
    }
    return changed ? env_word(e, lower, w->len) : w;
}

word *env_word(env *e, const char *text, size_t len)
{
    if (len > LIMIT_IDENTIFIER)
        len = LIMIT_IDENTIFIER;
    word *w = map_get(&e->words, text, len);
    if (w)
        return w;
    w = ENV_NEW(e, word);
    w->text = env_strndup(e, text, len);
    w->len = (uint32_t)len;
    w->folded = fold(e, w);
    keyword found = keyword_find(w->folded->text);
    if (found && strcmp(keyword_text(found), w->text) == 0)
        w->keyword = (uint8_t)found;
    else
        w->clash = (uint8_t)found;
    if (!map_put(&e->words, w->text, w->len, w))
        env_nomem(e);
    return w;
}
