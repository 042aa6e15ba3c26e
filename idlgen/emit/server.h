/* SPDX-License-Identifier: MIT */
/* The -server.c file: registration; and the -impl.c file, a first implementation. */
#ifndef EMIT_SERVER_H
#define EMIT_SERVER_H

#include "emit/gen.h"

void server_render(gen *g, buf *out);
void impl_render(gen *g, buf *out);

#endif
