/* SPDX-License-Identifier: MIT */
/*
 * An allocator that fails on demand. A program that has it is linked with $(no_memory_ldflags), by which the
 * allocations of its own objects and of static libraries come here; those of shared libraries do not.
 */
#ifndef UNIT_NO_MEMORY_H
#define UNIT_NO_MEMORY_H

#include <stdbool.h>

typedef enum no_memory_mode {
    NO_MEMORY_ONCE,    /* one allocation fails */
    NO_MEMORY_FOR_EVER /* so do all after it */
} no_memory_mode;

/* From now on so many allocations succeed, then one fails. */
void no_memory_after(long count, no_memory_mode mode);
/* Has one failed since? */
bool no_memory_has_failed(void);
/* All succeed again; true if one had failed. */
bool no_memory_end(void);

/* All succeed between these two, for what the test does itself. */
void no_memory_pause(void);
void no_memory_resume(void);

#endif
