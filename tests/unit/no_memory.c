/* SPDX-License-Identifier: MIT */
/* The allocator that fails. */
#include "no_memory.h"

#include <stddef.h>

static struct {
    bool on, paused, for_ever, failed;
    long left; /* allocations until one fails */
} state;

void no_memory_after(long count, no_memory_mode mode)
{
    state.on = true;
    state.paused = state.failed = false;
    state.for_ever = mode == NO_MEMORY_FOR_EVER;
    state.left = count;
}

bool no_memory_has_failed(void)
{
    return state.failed;
}

bool no_memory_end(void)
{
    state.on = false;
    return state.failed;
}

void no_memory_pause(void)
{
    state.paused = true;
}

void no_memory_resume(void)
{
    state.paused = false;
}

static bool fails(void)
{
    if (!state.on || state.paused || (state.failed && !state.for_ever) || state.left-- > 0)
        return false;
    state.left = 0;
    state.failed = true;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t len)
{
    return fails() ? NULL : __real_strndup(text, len);
}
