/* SPDX-License-Identifier: MIT */
/* The -client.c file: stubs. */
#ifndef EMIT_CLIENT_H
#define EMIT_CLIENT_H

#include "emit/gen.h"

void client_render(gen *g, buf *out);

#endif
