/* SPDX-License-Identifier: MIT */
/* The header: types, constants, stubs and the structures of handlers. */
#ifndef EMIT_HEADER_H
#define EMIT_HEADER_H

#include "emit/gen.h"

void header_render(gen *g, buf *out);

/* The name of the header that an included IDL file has: "bank/types.h". */
const char *header_of_include(gen *g, const ast_include *include);

#endif
