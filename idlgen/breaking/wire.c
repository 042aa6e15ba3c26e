/* SPDX-License-Identifier: MIT */
/* Values on the wire: whether what one side sends means the same to the other. */
#include "breaking/compare.h"

#include <string.h>

#include "base/mem.h"
#include "breaking/leaf.h"

static unsigned both_ways(const leaf *was, const leaf *is, unsigned directions, const char **ret_rule)
{
    unsigned failed = 0;
    if ((directions & BREAKS_TO_NEW) && !leaf_accepts(was, is, ret_rule))
        failed |= BREAKS_TO_NEW;
    if ((directions & BREAKS_TO_OLD) && !leaf_accepts(is, was, ret_rule))
        failed |= BREAKS_TO_OLD;
    return failed;
}

/* ---- containers ---- */

static unsigned counts(const leaf *was, const leaf *is, const char **ret_rule)
{
    unsigned failed = 0;
    if (!leaf_count_fits(was->type, is->type))
        failed |= BREAKS_TO_NEW;
    if (!leaf_count_fits(is->type, was->type))
        failed |= BREAKS_TO_OLD;
    if (failed && was->type->kind == is->type->kind)
        *ret_rule = "bound-changed";
    return failed;
}

static unsigned uniqueness(const leaf *was, const leaf *is, const char **ret_rule)
{
    if (was->unique == is->unique)
        return 0;
    *ret_rule = "unique-changed";
    return is->unique ? BREAKS_TO_NEW : BREAKS_TO_OLD;
}

static unsigned lists(compare *c, const leaf *was, const leaf *is, unsigned directions, const char **ret_rule)
{
    unsigned failed = (counts(was, is, ret_rule) | uniqueness(was, is, ret_rule)) & directions;
    return failed | wire_use(c, (use){ was->type->element, NULL }, (use){ is->type->element, NULL }, directions, ret_rule);
}

/* A key travels as the name of a member: as text, whatever it is. */
static bool is_text_key(const ast_type *key)
{
    if (key->kind == AST_TYPE_NAMED)
        return key->def->notes->wire != AST_WIRE_INT;
    return key->kind >= AST_TYPE_CHAR;
}

/* Any key is a text; and what is written for a boolean, 0 or 1, is a number. */
static bool reads_key(const ast_type *writer, const ast_type *reader)
{
    leaf number = leaf_of(writer, NULL);
    uint32_t most = writer->kind == AST_TYPE_BOOLEAN ? 1 : leaf_digits(&number);
    if (reader->kind == AST_TYPE_STRING || reader->kind == AST_TYPE_WSTRING)
        return reader->bound == 0 || (most && most <= reader->bound);
    if (reader->kind == AST_TYPE_CHAR || reader->kind == AST_TYPE_WCHAR)
        return most == 1;
    return writer->kind == AST_TYPE_BOOLEAN && (reader->kind == AST_TYPE_BOOLEAN || ast_type_is_integer(reader->kind));
}

static unsigned keys(compare *c, const ast_type *was, const ast_type *is, unsigned directions, const char **ret_rule)
{
    const ast_type *a = ast_type_resolve(was), *b = ast_type_resolve(is);
    if (is_text_key(a) == is_text_key(b) && a->kind != AST_TYPE_BOOLEAN && b->kind != AST_TYPE_BOOLEAN)
        return wire_use(c, (use){ was, NULL }, (use){ is, NULL }, directions, ret_rule);
    unsigned failed = (reads_key(a, b) ? 0U : BREAKS_TO_NEW) | (reads_key(b, a) ? 0U : BREAKS_TO_OLD);
    return failed & directions;
}

static unsigned maps(compare *c, const leaf *was, const leaf *is, unsigned directions, const char **ret_rule)
{
    unsigned failed = counts(was, is, ret_rule) & directions;
    failed |= keys(c, was->type->key, is->type->key, directions, ret_rule);
    return failed | wire_use(c, (use){ was->type->element, NULL }, (use){ is->type->element, NULL }, directions, ret_rule);
}

static bool is_list(const leaf *l)
{
    return (l->type->kind == AST_TYPE_SEQUENCE || l->type->kind == AST_TYPE_ARRAY) && !leaf_is_bytes(l->type);
}

/* An array of whole numbers is read as octets too, if they are ones. */
static unsigned lists_and_bytes(const leaf *was, const leaf *is, unsigned directions)
{
    unsigned failed = directions;
    const leaf *list = is_list(was) ? was : is, *bytes = is_list(was) ? is : was;
    leaf element = leaf_of(list->type->element, NULL), octet = leaf_of(bytes->type->element, NULL);
    const char *rule = NULL;
    if (ast_type_is_integer(element.type->kind) && leaf_accepts(&element, &octet, &rule) &&
        leaf_count_fits(list->type, bytes->type))
        failed &= ~(unsigned)(list == was ? BREAKS_TO_NEW : BREAKS_TO_OLD);
    return failed;
}

/* ---- definitions ---- */

static unsigned run(compare *c, const ast_node *was, const ast_node *is, unsigned directions, bool loud)
{
    switch (was->kind) {
    case AST_STRUCT:
    case AST_EXCEPTION:
        return wire_structs(c, was, is, directions, loud);
    case AST_UNION:
        return wire_unions(c, was, is, directions, loud);
    case AST_ENUM:
        return wire_enums(c, was, is, directions, loud);
    default:
        return wire_bitmasks(c, was, is, directions, loud);
    }
}

static void remember(compare *c, map *known, const ast_node *const *pair, unsigned value)
{
    if (!map_put(known, (const char *)pair, 2 * sizeof *pair, (void *)(uintptr_t)value))
        c->found->failed = true;
}

/* Without reports: by what they come to. KNOWN stands for "nothing" as well, while that is being found out. */
static unsigned compare_quietly(compare *c, const ast_node *const *pair)
{
    enum { KNOWN = 8 };
    unsigned known = (unsigned)(uintptr_t)map_get(&c->quiet, (const char *)pair, 2 * sizeof *pair);
    if (known)
        return known & BREAKS_WIRE;
    if (c->silent >= COMPARE_DEPTH_MAX)
        return BREAKS_WIRE;
    remember(c, &c->quiet, pair, KNOWN);
    c->silent++;
    unsigned failed = run(c, pair[0], pair[1], BREAKS_WIRE, false);
    c->silent--;
    remember(c, &c->quiet, pair, KNOWN | failed);
    return failed;
}

static void put_off(compare *c, const ast_node *const *pair, unsigned directions)
{
    unsigned done = (unsigned)(uintptr_t)map_get(&c->visited, (const char *)pair, 2 * sizeof *pair);
    directions &= ~done;
    if (directions == 0)
        return;
    if (c->pending_len == c->pending_cap) {
        size_t cap = c->pending_cap ? c->pending_cap * 2 : 64;
        pending *more = realloc(c->pending, cap * sizeof *more);
        if (!more) {
            c->found->failed = true;
            return;
        }
        c->pending = more;
        c->pending_cap = cap;
    }
    c->pending[c->pending_len++] = (pending){ pair[0], pair[1], directions };
    remember(c, &c->visited, pair, done | directions);
}

unsigned wire_definitions(compare *c, const ast_node *was, const ast_node *is, unsigned directions)
{
    const ast_node *pair[] = { was, is };
    if (c->silent || strcmp(was->scoped, is->scoped) != 0)
        return compare_quietly(c, pair) & directions;
    put_off(c, pair, directions);
    return 0;
}

void wire_finish(compare *c)
{
    while (c->pending_len) {
        pending next = c->pending[--c->pending_len];
        run(c, next.was, next.is, next.directions, true);
    }
}

static bool is_aggregate(const leaf *l)
{
    return l->type->kind == AST_TYPE_NAMED && (l->type->def->kind == AST_STRUCT || l->type->def->kind == AST_UNION);
}

unsigned wire_use(compare *c, use was, use is, unsigned directions, const char **ret_rule)
{
    leaf a = leaf_of(was.type, was.node), b = leaf_of(is.type, is.node);
    if (a.type->kind == AST_TYPE_NAMED && b.type->kind == AST_TYPE_NAMED && a.type->def->kind == b.type->def->kind)
        return wire_definitions(c, a.type->def, b.type->def, directions) & directions;
    if (is_list(&a) && is_list(&b))
        return lists(c, &a, &b, directions, ret_rule);
    if (a.type->kind == AST_TYPE_MAP && b.type->kind == AST_TYPE_MAP)
        return maps(c, &a, &b, directions, ret_rule);
    if ((a.type->kind == AST_TYPE_MAP && is_aggregate(&b)) || (b.type->kind == AST_TYPE_MAP && is_aggregate(&a)))
        return wire_mixed(c, a.type, b.type, directions);
    if ((is_list(&a) && leaf_is_bytes(b.type)) || (is_list(&b) && leaf_is_bytes(a.type)))
        return lists_and_bytes(&a, &b, directions);
    return both_ways(&a, &b, directions, ret_rule);
}
