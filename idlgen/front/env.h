/* SPDX-License-Identifier: MIT */
/*
 * Environment: what all parts of one front share: memory, interned words, diagnostics.
 * Allocation never returns NULL: without memory it jumps back to front_read(), and everything hangs on the
 * arena.
 */
#ifndef FRONT_ENV_H
#define FRONT_ENV_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "front/diag.h"

/* Bounds that no sane file meets. */
enum {
    LIMIT_NESTING = 200,         /* types, expressions, scopes, #if, macro calls */
    LIMIT_INCLUDES = 64,         /* include depth */
    LIMIT_IDENTIFIER = 255,      /* characters */
    LIMIT_TOKEN = 65535,         /* bytes of any other token */
    LIMIT_FILE = 16 << 20,       /* bytes of a file */
    LIMIT_INPUT = 64 << 20,      /* bytes read by all includes together */
    LIMIT_TOKENS = 4000000,      /* after preprocessing */
    LIMIT_EXPANSION = 2000000,   /* tokens made by macros */
    LIMIT_MACRO_PARAMS = 255,
    LIMIT_LIST = 255,            /* bases, annotations, parameters, exceptions of one declaration */
    LIMIT_SEARCH = 50000000,     /* bases looked into, in all */
    LIMIT_STRING_BOUND = 0x7fffffff
};

struct macro;

/* An identifier, one object for each spelling. */
typedef struct word {
    const char *text;
    uint32_t len;
    uint8_t keyword;            /* enum keyword when spelled exactly like one, else 0 */
    uint8_t clash;              /* the keyword that it equals but for case, else 0 */
    const struct word *folded;  /* lower case; itself when it is */
    struct macro *macro;        /* defined as one now, or NULL */
} word;

typedef struct env {
    arena memory;
    map words;
    diag *diag;
    jmp_buf *escape; /* where to go without memory */
} env;

_Noreturn void env_nomem(env *e);
/* Zeroed. */
void *env_alloc(env *e, size_t size);
char *env_strndup(env *e, const char *text, size_t len);
char *env_strdup(env *e, const char *text);
char *env_format(env *e, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull));
/* Room for one more element of an arena array: doubles *cap when len has reached it. */
void *env_grow(env *e, void *array, size_t len, size_t *cap, size_t element);
word *env_word(env *e, const char *text, size_t len);

#define ENV_NEW(e, type) ((type *)env_alloc((e), sizeof(type)))

#endif
