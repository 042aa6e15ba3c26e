/* SPDX-License-Identifier: MIT */
/* What makes the server side a module of rpc-server. */
#ifndef EMIT_MODULE_H
#define EMIT_MODULE_H

#include "emit/gen.h"

/* The end of the header: what the module expects of its author. Nothing without interfaces. */
void module_declarations(gen *g, buf *out);
void module_render(gen *g, buf *out);
/* The name of the author's function for "init" or "done". */
const char *module_hook(gen *g, const char *what);

/*
 * The interfaces of this file that a module serves: all but those that are another one's base here, for the
 * derived one answers to the base's methods too.
 */
typedef void module_service_fn(gen *g, const ast_node *interface, void *context);
void module_each_service(gen *g, module_service_fn *fn, void *context);

#endif
