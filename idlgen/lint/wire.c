/* SPDX-License-Identifier: MIT */
/* What strict XML-RPC peers cannot read. */
#include "lint/linter.h"

enum { BITS = 31 }; /* of what fits <i4> without its sign */

/* Do the values of this node fit <i4> by its @range? */
static bool is_narrow(const ast_node *node)
{
    const ast_value *min = NULL, *max = NULL;
    if (!ast_range_of(node, &min, &max) || !min || !max)
        return false;
    return !min->big && !max->big && min->integer >= INT32_MIN && max->integer <= INT32_MAX;
}

/* A type as it is written here; what a name stands for is looked at where that is defined. */
static void check_type(linter *l, const ast_node *node, const ast_type *type)
{
    for (; type; type = type->element) {
        bool wide = type->kind == AST_TYPE_INT64 || type->kind == AST_TYPE_UINT64;
        if (wide && !type->wire_string && !is_narrow(node))
            lint_report(l, LINT_WIRE_WIDE_INTEGER, type->place,
                        "%s travels as <i8> when it does not fit 32 bits, which strict peers refuse; long, @range or "
                        "@wire(\"string\") may do", type->name);
        if (type->kind == AST_TYPE_ANY)
            lint_report(l, LINT_WIRE_ANY, type->place,
                        "any may hold <nil/>, <i8> and what no caller expects; a union says what there can be");
    }
}

static bool has_members(const ast_node *node)
{
    for (; node; node = node->structure.base) {
        if (node->structure.members.len)
            return true;
    }
    return false;
}

static void check_bits(linter *l, const ast_node *node)
{
    const ast_list *bits = &node->bitmask.bits;
    for (size_t i = 0; i < bits->len; i++) {
        if (bits->at[i]->bit.position >= BITS)
            lint_report(l, LINT_WIRE_WIDE_INTEGER, bits->at[i]->place,
                        "with this bit '%s' does not fit <i4>, and travels as <i8>, which strict peers refuse",
                        node->scoped);
    }
}

void lint_wire(linter *l, const ast_node *node)
{
    if (node->kind != AST_CONST)
        check_type(l, node, ast_node_type(node));
    if (node->kind == AST_MEMBER && node->notes->optional)
        lint_report(l, LINT_WIRE_OPTIONAL, node->place,
                    "'%s' is left out when it is absent; a peer may expect it all the same", node->scoped);
    if (node->kind == AST_STRUCT && !has_members(node))
        lint_report(l, LINT_WIRE_EMPTY_STRUCT, node->place,
                    "'%s' has no member: XEP-0009's schema has no <struct> without one", node->scoped);
    if (node->kind == AST_BITMASK)
        check_bits(l, node);
}
