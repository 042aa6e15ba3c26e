/* SPDX-License-Identifier: MIT */
/* Descriptors of types. */
#ifndef EMIT_DESC_H
#define EMIT_DESC_H

#include "emit/gen.h"

typedef struct desc {
    gen *g;
    buf *out;
    map written; /* descriptors of anonymous types */
} desc;

void desc_done(desc *d);
/* The descriptors of anonymous types that this one is made of, itself included; a declare_type_fn. */
void desc_need(void *context, const ast_type *type);
/* The descriptor of a definition; nothing for kinds that have none. */
void desc_node(desc *d, const ast_node *node);

#endif
