/* SPDX-License-Identifier: MIT */
/* The text of the .idl. */
#ifndef INTROSPECTION_RENDER_H
#define INTROSPECTION_RENDER_H

#include "base/buf.h"
#include "introspection/layout.h"

/* Appends it; each method and interface learns its line. */
void render_idl(const layout *l, buf *out);

#endif
