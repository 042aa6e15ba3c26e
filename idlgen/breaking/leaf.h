/* SPDX-License-Identifier: MIT */
/* Values without parts: which of them one side can send, and whether the other understands them. */
#ifndef BREAKING_LEAF_H
#define BREAKING_LEAF_H

#include "front/ast.h"

typedef struct leaf {
    const ast_type *type;         /* through typedefs */
    bool wire_string, unique;     /* of the type itself or of its use */
    const ast_value *min, *max;   /* its range, or NULL */
} leaf;

/* node gives the range and may be NULL. */
leaf leaf_of(const ast_type *type, const ast_node *node);

/* A sequence or array of octets. */
bool leaf_is_bytes(const ast_type *type);
/* Whether an integer type has this number. */
bool leaf_holds(const ast_type *type, int64_t number);
/* The most characters of its numbers in decimal, with the sign; 0: it is none of whole numbers. */
uint32_t leaf_digits(const leaf *integer);
/* Of a name on the wire, as bounds count them: not bytes. */
size_t leaf_characters(const char *name);
/* No value of the writer has more elements than the reader takes, nor fewer. */
bool leaf_count_fits(const ast_type *writer, const ast_type *reader);

/*
 * Whether the reader understands every value that the writer can send, as the same value (runtime/wire decodes so). For
 * basic types, octets, enums and bitmasks beside them; two enums or two bitmasks, and containers, are for the caller.
 * *ret_rule says what is in the way, if it is not the type itself.
 */
bool leaf_accepts(const leaf *writer, const leaf *reader, const char **ret_rule);

#endif
