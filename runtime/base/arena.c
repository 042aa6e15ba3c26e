/* SPDX-License-Identifier: MIT */
/* Arena. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    arena_block *next;
    alignas(max_align_t) char data[];
};

enum { BLOCK_SIZE = 4096 - sizeof(arena_block), ALIGN = alignof(max_align_t) };

static bool new_block(arena *a, size_t size)
{
    if (size > SIZE_MAX - sizeof(arena_block))
        return false;
    arena_block *block = malloc(sizeof *block + size);
    if (!block)
        return false;
    block->next = a->blocks;
    a->blocks = block;
    a->at = block->data;
    a->end = block->data + size;
    return true;
}

void *arena_alloc(arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t padded = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (padded == 0)
        padded = ALIGN;
    if (a->budget && padded > a->budget - a->used)
        return NULL;
    if ((size_t)(a->end - a->at) < padded && !new_block(a, padded > BLOCK_SIZE / 4 ? padded : BLOCK_SIZE))
        return NULL;
    void *result = a->at;
    a->at += padded;
    a->used += padded;
    return result;
}

void *arena_zalloc(arena *a, size_t size)
{
    void *result = arena_alloc(a, size);
    if (result)
        memset(result, 0, size);
    return result;
}

char *arena_strndup(arena *a, const char *text, size_t len)
{
    if (len == SIZE_MAX)
        return NULL;
    char *copy = arena_alloc(a, len + 1);
    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *arena_strdup(arena *a, const char *text)
{
    return arena_strndup(a, text, strlen(text));
}

void arena_done(arena *a)
{
    while (a->blocks) {
        arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
    *a = (arena)ARENA_INIT(a->budget);
}
