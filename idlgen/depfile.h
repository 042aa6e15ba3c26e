/* SPDX-License-Identifier: MIT */
/* Dependencies, as a rule for make. */
#ifndef IDLGEN_DEPFILE_H
#define IDLGEN_DEPFILE_H

#include "base/buf.h"
#include "front/front.h"
#include "options.h"

/* Appends "outputs: inputs". */
void depfile_render(const options *o, const front *f, const ast_unit *unit, buf *out);
/* Where -MD writes: -MF, or the first output's name with .d for its ending. NULL without memory. */
char *depfile_path(const options *o, const ast_unit *unit);

#endif
