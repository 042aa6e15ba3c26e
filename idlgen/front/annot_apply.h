/* SPDX-License-Identifier: MIT */
/* What each annotation does to a node. */
#ifndef FRONT_ANNOT_APPLY_H
#define FRONT_ANNOT_APPLY_H

#include "front/parse.h"

typedef void annot_fn(parser *p, const annot *a, ast_node *node, ast_notes *notes);

annot_fn annot_optional, annot_default, annot_key, annot_unique, annot_value, annot_position, annot_bit_bound,
    annot_min, annot_max, annot_range, annot_unit, annot_verbatim, annot_oneway, annot_wire_name,
    annot_c_name, annot_fault, annot_idempotent, annot_timeout, annot_wire, annot_deprecated, annot_acl,
    annot_command;

/* Checks that need more than one of them. */
void annot_finish(parser *p, const annots *intro, ast_node *node, ast_notes *notes);

/* ---- arguments ---- */
/* By name, or the only one without; NULL reported unless optional. */
const annot_arg *annot_argument(parser *p, const annot *a, const char *name, bool optional);
/* As a constant of the type; false after a report. */
bool annot_constant(parser *p, const annot_arg *arg, const ast_type *type, ast_value *ret_value);
/* The only argument as text; NULL after a report, or when there is none and that is allowed. */
const char *annot_text(parser *p, const annot *a, bool optional);
/* The only argument as a number within limits; false after a report. */
bool annot_number(parser *p, const annot *a, int64_t min, int64_t max, int64_t *ret_number);
/* No argument, or one boolean. */
bool annot_flag(parser *p, const annot *a);

#endif
