/* SPDX-License-Identifier: MIT */
/* The -types.c file: descriptors of types, exceptions, methods and interfaces. */
#ifndef EMIT_TYPES_H
#define EMIT_TYPES_H

#include "emit/gen.h"

void types_render(gen *g, buf *out);

#endif
