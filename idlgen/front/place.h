/* SPDX-License-Identifier: MIT */
/* Places: a stretch of bytes in a source file, small enough to be kept by every token and node. */
#ifndef FRONT_PLACE_H
#define FRONT_PLACE_H

#include <stdint.h>

struct source;
struct expansion;

typedef struct place {
    const struct source *source;       /* NULL: nowhere (built in, or from the command line) */
    uint32_t offset, length;           /* bytes */
    const struct expansion *expansion; /* the macro it came out of, or NULL */
} place;

/* As people count: #line obeyed, columns in characters from 1. "<built-in>", 0, 0 for nowhere. */
typedef struct place_position {
    const char *file;
    uint32_t line, column;
} place_position;

place_position place_find(place p);

#endif
