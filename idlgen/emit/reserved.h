/* SPDX-License-Identifier: MIT */
/* Words that generated code cannot use as names. */
#ifndef EMIT_RESERVED_H
#define EMIT_RESERVED_H

#include <stdbool.h>

/* Keywords of C11, C23 and C++20, and macros of common headers: not even a member can be called so. */
bool reserved_word(const char *name);
/* Names that standard headers declare, and those of our own parameters: not for a type or constant. */
bool reserved_global(const char *name);

#endif
