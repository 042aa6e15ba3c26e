/* SPDX-License-Identifier: MIT */
/* The checked tree as JSON: the door for other generators. idlgen(1) describes it; its version is 1. */
#ifndef FRONT_DUMP_H
#define FRONT_DUMP_H

#include "base/buf.h"
#include "front/ast.h"

void dump_json(const ast_unit *unit, buf *out);
/* The same without places, for comparing trees; those that front_partial() gives too. */
void dump_meaning(const ast_unit *unit, buf *out);

#endif
