/* SPDX-License-Identifier: MIT */
/* Operations and attributes, for the interfaces that hold them. */
#ifndef FRONT_INTERFACE_H
#define FRONT_INTERFACE_H

#include "front/parse.h"

void operation_parse(parser *p, ast_node *interface, const annots *intro);
void attribute_parse(parser *p, ast_node *interface, const annots *intro);
/* No two operations of an interface, inherited ones included, may have one name on the wire. */
void operation_check_wire_names(parser *p, const ast_node *interface);

#endif
