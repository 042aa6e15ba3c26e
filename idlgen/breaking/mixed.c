/* SPDX-License-Identifier: MIT */
/*
 * Structs, unions and maps all travel as a struct: whether one is understood as another. A map holds what it is sent; a
 * struct drops what it does not know, and nothing but a union knows what _d says.
 */
#include "breaking/compare.h"

#include <string.h>

#include "breaking/leaf.h"

/* Who writes, who reads: in this one direction. */
typedef struct crossing {
    compare *c;
    unsigned direction;
} crossing;

static bool crosses(const crossing *x, use writer, use reader)
{
    const char *rule = NULL;
    bool to_new = x->direction == BREAKS_TO_NEW;
    return !wire_use(x->c, to_new ? writer : reader, to_new ? reader : writer, x->direction, &rule);
}

static const ast_node *definition(const ast_type *type)
{
    return type->kind == AST_TYPE_NAMED ? type->def : NULL;
}

static bool has_enumerator(const ast_node *enumeration, const char *name)
{
    const ast_list *list = &enumeration->enumeration.enumerators;
    for (size_t i = 0; i < list->len; i++) {
        if (strcmp(list->at[i]->wire_name, name) == 0)
            return true;
    }
    return false;
}

static bool is_enum_of_names(const ast_type *type)
{
    const ast_node *node = definition(type);
    return node && node->kind == AST_ENUM && node->notes->wire != AST_WIRE_INT;
}

static bool reads_name(const ast_type *dict, const char *name)
{
    const ast_type *key = ast_type_resolve(dict->key);
    if (key->kind == AST_TYPE_STRING || key->kind == AST_TYPE_WSTRING)
        return key->bound == 0 || leaf_characters(name) <= key->bound;
    if (key->kind == AST_TYPE_CHAR || key->kind == AST_TYPE_WCHAR)
        return leaf_characters(name) == 1 && (key->kind == AST_TYPE_WCHAR || !name[1]);
    return is_enum_of_names(key) && has_enumerator(key->def, name);
}

static bool reads_entry(const crossing *x, const ast_type *dict, const char *name, use value)
{
    return reads_name(dict, name) && crosses(x, value, (use){ dict->element, NULL });
}

/* ---- into a map ---- */

static bool map_reads_struct(const crossing *x, const ast_node *structure, const ast_type *dict, size_t *ret_count)
{
    const ast_list *members = &structure->structure.members;
    bool good = !structure->structure.base || map_reads_struct(x, structure->structure.base, dict, ret_count);
    for (size_t i = 0; good && i < members->len; i++)
        good = reads_entry(x, dict, members->at[i]->wire_name, (use){ members->at[i]->member.type, members->at[i] });
    *ret_count += members->len;
    return good;
}

static bool map_reads_union(const crossing *x, const ast_node *union_, const ast_type *dict)
{
    const ast_list *arms = &union_->union_.arms;
    bool good = reads_entry(x, dict, "_d", (use){ union_->union_.discriminator, NULL });
    for (size_t i = 0; good && i < arms->len; i++)
        good = reads_entry(x, dict, arms->at[i]->wire_name, (use){ arms->at[i]->arm.type, arms->at[i] });
    return good && (dict->bound == 0 || dict->bound >= 2 || arms->len == 0);
}

/* ---- out of a map: what it may hold has a place in the struct, which needs none of it ---- */

static const ast_node *member_named(const ast_node *structure, const char *name)
{
    for (; structure; structure = structure->structure.base) {
        const ast_list *members = &structure->structure.members;
        for (size_t i = 0; i < members->len; i++) {
            if (strcmp(members->at[i]->wire_name, name) == 0)
                return members->at[i];
        }
    }
    return NULL;
}

static bool needs_nothing(const ast_node *structure)
{
    for (; structure; structure = structure->structure.base) {
        const ast_list *members = &structure->structure.members;
        for (size_t i = 0; i < members->len; i++) {
            if (!members->at[i]->notes->optional && !members->at[i]->notes->default_value)
                return false;
        }
    }
    return true;
}

static bool struct_reads_map(const crossing *x, const ast_type *dict, const ast_node *structure)
{
    const ast_type *key = ast_type_resolve(dict->key);
    bool good = is_enum_of_names(key) && needs_nothing(structure);
    for (size_t i = 0; good && i < key->def->enumeration.enumerators.len; i++) {
        const ast_node *member = member_named(structure, key->def->enumeration.enumerators.at[i]->wire_name);
        good = member && crosses(x, (use){ dict->element, NULL }, (use){ member->member.type, member });
    }
    return good;
}

/* ---- together ---- */

static bool reads(const crossing *x, const ast_type *writer, const ast_type *reader)
{
    const ast_node *sent = definition(writer), *read = definition(reader);
    size_t count = 0;
    if (reader->kind == AST_TYPE_MAP && sent && sent->kind == AST_STRUCT)
        return map_reads_struct(x, sent, reader, &count) && (reader->bound == 0 || count <= reader->bound);
    if (reader->kind == AST_TYPE_MAP && sent && sent->kind == AST_UNION)
        return map_reads_union(x, sent, reader);
    return writer->kind == AST_TYPE_MAP && read && read->kind == AST_STRUCT && struct_reads_map(x, writer, read);
}

static unsigned compare_mixed(compare *c, const ast_type *was, const ast_type *is)
{
    const crossing to_new = { c, BREAKS_TO_NEW }, to_old = { c, BREAKS_TO_OLD };
    c->silent++; /* all that is wrong inside of them is one change: of this type into another */
    unsigned failed = (reads(&to_new, was, is) ? 0U : BREAKS_TO_NEW) | (reads(&to_old, is, was) ? 0U : BREAKS_TO_OLD);
    c->silent--;
    return failed;
}

static void remember(compare *c, const void *const pair[2], unsigned value)
{
    if (!map_put(&c->quiet, (const char *)pair, 2 * sizeof *pair, (void *)(uintptr_t)value))
        c->found->failed = true;
}

/* The same definitions may meet the same maps in many places, at each level of many, and inside of themselves. */
unsigned wire_mixed(compare *c, const ast_type *was, const ast_type *is, unsigned directions)
{
    enum { KNOWN = 8 };
    const void *pair[] = { definition(was) ? (const void *)definition(was) : was,
                           definition(is) ? (const void *)definition(is) : is };
    unsigned known = (unsigned)(uintptr_t)map_get(&c->quiet, (const char *)pair, sizeof pair);
    if (known)
        return known & directions;
    if (c->silent >= COMPARE_DEPTH_MAX)
        return directions;
    remember(c, pair, KNOWN);
    unsigned failed = compare_mixed(c, was, is);
    remember(c, pair, KNOWN | failed);
    return failed & directions;
}
