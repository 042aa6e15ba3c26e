/* SPDX-License-Identifier: MIT */
/* What a C program of the old interface finds in the new header. */
#include "breaking/compare.h"

#include <string.h>

#include "base/mem.h"
#include "emit/ctype.h"
#include "emit/names.h"
#include "emit/value.h"

/* ---- types ---- */

/* As C sees it: typedefs followed, but those of arrays, which are structures. */
static const char *canonical(gen *g, const ast_type *type)
{
    type = ctype_visible(type);
    if (type->kind != AST_TYPE_ARRAY)
        return ctype_name(g, type);
    return gen_text(g, "%s[%lu]", canonical(g, type->element), (unsigned long)type->bound);
}

/* The definition at the bottom of a type, or NULL. */
static const ast_node *definition_of(const ast_type *type)
{
    for (type = ctype_visible(type); type->element; type = ctype_visible(type->element)) {
        if (type->kind == AST_TYPE_NAMED)
            break;
    }
    return type->kind == AST_TYPE_NAMED ? type->def : NULL;
}

/* A bitmask is a name for an unsigned integer. */
static const char *integer_in_c(gen *g, const ast_type *type)
{
    static const char *const unsigned_of[] = { [1] = "uint8_t", [2] = "uint16_t", [4] = "uint32_t", [8] = "uint64_t" };
    type = ctype_visible(type);
    bool bitmask = type->kind == AST_TYPE_NAMED && type->def->kind == AST_BITMASK;
    return bitmask ? unsigned_of[type->def->bitmask.size] : canonical(g, type);
}

bool source_differs(compare *c, const ast_type *was, const ast_type *is)
{
    const ast_node *definition = definition_of(was);
    if (strcmp(canonical(&c->was.g, was), canonical(&c->is.g, is)) == 0 ||
        strcmp(integer_in_c(&c->was.g, was), integer_in_c(&c->is.g, is)) == 0)
        return false;
    return !definition || map_get_str(&c->is.c_names, names_global(&c->was.g, definition)) ||
           (definition->include && definition->include->builtin);
}

/* ---- members ---- */

/* What C calls it: inside of a structure, or for enumerators and bits everywhere. */
static const char *c_name(gen *g, const ast_node *node)
{
    return node->kind == AST_ENUMERATOR || node->kind == AST_BIT ? names_global(g, node) : names_local(g, node);
}

static const ast_node *by_c_name(compare *c, const ast_node *owner, const ast_node *was)
{
    const ast_list *list = ast_node_parts(owner);
    const char *name = c_name(&c->was.g, was);
    for (size_t i = 0; i < list->len; i++) {
        if (strcmp(c_name(&c->is.g, list->at[i]), name) == 0)
            return list->at[i];
    }
    return NULL;
}

static const ast_node *by_wire_name(const ast_node *owner, const char *wire_name)
{
    const ast_list *list = ast_node_parts(owner);
    for (size_t i = 0; i < list->len; i++) {
        if (strcmp(list->at[i]->wire_name, wire_name) == 0)
            return list->at[i];
    }
    return NULL;
}

typedef struct words {
    const char *removed, *renamed, *type;
} words;

static words words_of(const ast_node *owner)
{
    switch (owner->kind) {
    case AST_UNION:
        return (words){ "union-member-removed", "member-renamed", "union-member-type" };
    case AST_ENUM:
        return (words){ "enumerator-removed", "enumerator-renamed", "" };
    case AST_BITMASK:
        return (words){ "bit-removed", "bit-renamed", "" };
    default:
        return (words){ "member-removed", "member-renamed", "member-type" };
    }
}

/* In a base, or what was in a base: that is told by the bases. */
static bool has_moved(const ast_node *owner, const char *wire_name)
{
    for (const ast_node *base = owner->kind == AST_STRUCT ? owner->structure.base : NULL; base;
         base = base->structure.base) {
        if (by_wire_name(base, wire_name))
            return true;
    }
    return false;
}

static void lost(compare *c, const ast_node *owner, const ast_node *was)
{
    const ast_node *renamed = was->kind == AST_BIT ? NULL : by_wire_name(owner, was->wire_name);
    words w = words_of(owner);
    for (size_t i = 0; was->kind == AST_BIT && i < owner->bitmask.bits.len; i++) {
        if (owner->bitmask.bits.at[i]->bit.position == was->bit.position)
            renamed = owner->bitmask.bits.at[i];
    }
    if (renamed)
        finding_add(c->found, w.renamed, BREAKS_SOURCE, place_of(renamed), place_of(was),
                    "%s '%s' is called '%s' in C, it was '%s'", ast_kind_name(was->kind), renamed->scoped,
                    c_name(&c->is.g, renamed), c_name(&c->was.g, was));
    else if (!has_moved(owner, was->wire_name))
        finding_add(c->found, w.removed, BREAKS_SOURCE, place_of(owner), place_of(was),
                    "%s '%s' has no %s '%s' any more", ast_kind_name(owner->kind), owner->scoped,
                    ast_kind_name(was->kind), was->name);
}

static bool is_zero(const ast_value *value)
{
    return !value || (value->kind == AST_VALUE_STRING ? !value->text[0]
                      : value->kind == AST_VALUE_DOUBLE ? !(value->real < 0 || value->real > 0)
                      : value->kind == AST_VALUE_ENUM ? value->enumerator->enumerator.value == 0
                                                      : value->integer == 0);
}

/* What T_init() sets. */
static void compare_defaults(compare *c, const ast_node *was, const ast_node *is)
{
    const char *before = value_default(&c->was.g, was), *now = value_default(&c->is.g, is);
    bool same = before && now ? strcmp(before, now) == 0
                              : is_zero(was->notes->default_value) && is_zero(is->notes->default_value);
    if (!same && !was->notes->optional && !is->notes->optional)
        finding_add(c->found, "default-changed", BREAKS_SOURCE, place_of(is), place_of(was),
                    "member '%s' has another default: programs that rely on it compile, and send another value",
                    is->scoped);
}

static void compare_member(compare *c, const ast_node *was, const ast_node *is)
{
    if (source_differs(c, was->member.type, is->member.type))
        finding_add(c->found, "member-type", BREAKS_SOURCE, place_of(is), place_of(was),
                    "member '%s' %s", is->scoped, type_change(c, "", was->member.type, is->member.type));
    else
        compare_defaults(c, was, is);
    if (was->notes->optional != is->notes->optional && (ctype_optional_of(was) != ctype_optional_of(is)) &&
        ctype_optional_of(was) != CTYPE_NULL && ctype_optional_of(is) != CTYPE_NULL)
        finding_add(c->found, "member-optional", BREAKS_SOURCE, place_of(is), place_of(was),
                    is->notes->optional ? "member '%s' has become optional" : "member '%s' was optional", is->scoped);
}

static bool chooses(const ast_node *arm)
{
    return arm->arm.label_count != 1 || arm->arm.is_default;
}

static void compare_arm(compare *c, const ast_node *owner, const ast_node *was, const ast_node *is)
{
    if (source_differs(c, was->arm.type, is->arm.type))
        finding_add(c->found, "union-member-type", BREAKS_SOURCE, place_of(is), place_of(was),
                    "member '%s' %s", is->scoped, type_change(c, "", was->arm.type, is->arm.type));
    if (chooses(was) != chooses(is))
        finding_add(c->found, "union-setter", BREAKS_SOURCE, place_of(is), place_of(was),
                    chooses(is) ? "%s_set_%s() is given the label now: '%s' has several"
                                : "%s_set_%s() is given no label any more: '%s' has one",
                    names_global(&c->is.g, owner), names_local(&c->is.g, is), is->scoped);
}

static void compare_bit(compare *c, const ast_node *was, const ast_node *is)
{
    if (was->bit.position != is->bit.position)
        finding_add(c->found, "bit-position", BREAKS_SOURCE, place_of(is), place_of(was),
                    "bit '%s' has position %u, it was %u", is->scoped, (unsigned)is->bit.position,
                    (unsigned)was->bit.position);
}

static void compare_parts(compare *c, const ast_node *was, const ast_node *is)
{
    const ast_list *list = ast_node_parts(was);
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *part = by_c_name(c, is, list->at[i]);
        if (!part)
            lost(c, is, list->at[i]);
        else if (part->kind == AST_MEMBER)
            compare_member(c, list->at[i], part);
        else if (part->kind == AST_ARM)
            compare_arm(c, is, list->at[i], part);
        else if (part->kind == AST_BIT)
            compare_bit(c, list->at[i], part);
    }
}

/* ---- definitions ---- */

static void compare_bases(compare *c, const ast_node *was, const ast_node *is)
{
    const ast_node *before = was->structure.base, *now = is->kind == AST_STRUCT ? is->structure.base : NULL;
    if (!before && !now)
        return;
    if (before && now && strcmp(names_global(&c->was.g, before), names_global(&c->is.g, now)) == 0)
        return;
    finding_add(c->found, "struct-base", BREAKS_SOURCE, place_of(is), place_of(was),
                "the base of struct '%s' was %s and is %s now", is->scoped, before ? before->scoped : "none",
                now ? now->scoped : "none");
}

static void compare_constants(compare *c, const ast_node *was, const ast_node *is)
{
    const char *before = value_expression(&c->was.g, was->constant.type, &was->constant.value);
    const char *now = value_expression(&c->is.g, is->constant.type, &is->constant.value);
    if (strcmp(before, now) != 0)
        finding_add(c->found, "constant-changed", BREAKS_SOURCE, place_of(is), place_of(was),
                    "constant '%s' was %.60s and is %.60s now", is->scoped, before, now);
}

static void compare_definition(compare *c, const ast_node *was, const ast_node *is)
{
    switch (was->kind) {
    case AST_STRUCT:
        compare_bases(c, was, is);
        compare_parts(c, was, is);
        break;
    case AST_UNION:
        if (source_differs(c, was->union_.discriminator, is->union_.discriminator))
            finding_add(c->found, "union-discriminator", BREAKS_SOURCE, place_of(is), place_of(was),
                        "union '%s' was switched by '%s' and is by '%s' now", is->scoped,
                        was->union_.discriminator->name, is->union_.discriminator->name);
        compare_parts(c, was, is);
        break;
    case AST_BITMASK:
        if (was->bitmask.size != is->bitmask.size)
            finding_add(c->found, "bitmask-size", BREAKS_SOURCE, place_of(is), place_of(was),
                        "bitmask '%s' was uint%u_t and is uint%u_t now", is->scoped,
                        (unsigned)(was->bitmask.size * 8), (unsigned)(is->bitmask.size * 8));
        compare_parts(c, was, is);
        break;
    case AST_EXCEPTION:
    case AST_ENUM:
        compare_parts(c, was, is);
        break;
    case AST_TYPEDEF:
        if (source_differs(c, was->alias.type, is->alias.type))
            finding_add(c->found, "typedef-type", BREAKS_SOURCE, place_of(is), place_of(was),
                        "typedef '%s' %s", is->scoped, type_change(c, "", was->alias.type, is->alias.type));
        break;
    case AST_CONST:
        compare_constants(c, was, is);
        break;
    default:
        break;
    }
}

static const char *rule_of_gone(const ast_node *was)
{
    return was->kind == AST_EXCEPTION ? "exception-removed" : was->kind == AST_CONST ? "constant-removed"
           : was->kind == AST_INTERFACE ? "interface-removed" : "type-removed";
}

static void find_definition(gen *g, const ast_node *was, void *context)
{
    compare *c = context;
    if ((was->include && was->include->builtin) || was->kind == AST_FORWARD || was->kind == AST_ANNOTATION ||
        was->kind == AST_OPERATION || was->kind == AST_ATTRIBUTE || was->kind == AST_NATIVE)
        return;
    const char *name = names_global(g, was);
    const ast_node *is = map_get_str(&c->is.c_names, name), *namesake = side_find(&c->is, was->scoped);
    if (is && (is->kind == was->kind || (was->kind == AST_STRUCT && is->kind == AST_EXCEPTION)))
        compare_definition(c, was, is);
    else if (namesake && namesake->kind == was->kind)
        finding_add(c->found, "c-name-changed", BREAKS_SOURCE, place_of(namesake), place_of(was),
                    "%s '%s' is called '%s' in C, it was '%s'", ast_kind_name(was->kind), was->scoped,
                    names_global(&c->is.g, namesake), name);
    else if (namesake)
        finding_add(c->found, "type-kind", BREAKS_SOURCE, place_of(namesake), place_of(was),
                    "'%s' was of kind %s and is of kind %s now", was->scoped, ast_kind_name(was->kind),
                    ast_kind_name(namesake->kind));
    else
        report_gone(c, rule_of_gone(was), BREAKS_SOURCE, was);
}

void source_definitions(compare *c)
{
    gen_visit(&c->was.g, &c->was.g.unit->definitions, find_definition, c);
}
