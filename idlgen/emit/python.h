/* SPDX-License-Identifier: MIT */
/* Python of one IDL file: types, clients and servers on slixmpp, over the modules of idlgen/python. */
#ifndef EMIT_PYTHON_H
#define EMIT_PYTHON_H

#include "emit/gen.h"

void python_render(gen *g, buf *out);
/* The support modules, as they are in idlgen/python. */
void python_scalars_render(gen *g, buf *out);
void python_types_render(gen *g, buf *out);
void python_messages_render(gen *g, buf *out);
void python_slixmpp_render(gen *g, buf *out);
void python_xml_render(gen *g, buf *out);

/* Of the main file: the module's name. Not one of Python's own, which it would hide. */
const char *python_module(gen *g);
/* Names that Python would see twice; reported in d. */
bool python_check(gen *g, diag *d);

#endif
