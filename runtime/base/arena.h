/* SPDX-License-Identifier: MIT */
/* Arena: many small allocations that are freed together, under a budget. One thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

typedef struct arena_block arena_block;

typedef struct arena {
    arena_block *blocks;
    char *at, *end;
    size_t used;   /* bytes handed out, padding included */
    size_t budget; /* the most that may be handed out; 0: no limit */
} arena;

#define ARENA_INIT(budget_bytes) { NULL, NULL, NULL, 0, (budget_bytes) }

/* Memory for any type, not cleared; NULL without memory or when the budget is spent. size 0 gives a valid pointer. */
void *arena_alloc(arena *a, size_t size);
/* The same, all zero. */
void *arena_zalloc(arena *a, size_t size);
char *arena_strndup(arena *a, const char *text, size_t len);
char *arena_strdup(arena *a, const char *text);
void arena_done(arena *a);

#endif
