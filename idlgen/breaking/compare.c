/* SPDX-License-Identifier: MIT */
/* Two trees, side by side: what is where. */
#include "breaking/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "emit/names.h"

static void put(side *s, map *m, const char *key, const ast_node *node)
{
    if (!map_get_str(m, key))
        gen_put(&s->g, m, key, node);
}

static void index_parts(side *s, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        put(s, &s->c_names, names_global(&s->g, list->at[i]), list->at[i]);
}

static void index_list(side *s, const ast_list *list);

static void index_node(side *s, const ast_node *node)
{
    if (node->kind == AST_FORWARD || node->kind == AST_ANNOTATION || node->kind == AST_OPERATION ||
        node->kind == AST_ATTRIBUTE)
        return;
    put(s, &s->scoped, node->scoped, node);
    if (node->kind == AST_MODULE) {
        index_list(s, &node->module.definitions);
        return;
    }
    put(s, &s->c_names, names_global(&s->g, node), node);
    if (node->kind == AST_INTERFACE)
        index_list(s, &node->interface.body);
    else if (node->kind == AST_ENUM)
        index_parts(s, &node->enumeration.enumerators);
    else if (node->kind == AST_BITMASK)
        index_parts(s, &node->bitmask.bits);
}

static void index_list(side *s, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        index_node(s, list->at[i]);
}

static const emit_options plain = { .parts = EMIT_DEFAULT };

static void side_init(side *s, const ast_unit *unit)
{
    s->scoped = s->c_names = (map)MAP_INIT;
    gen_init(&s->g, unit, &plain);
    names_check(&s->g, NULL); /* names of members depend on those of all else */
    index_list(s, &unit->definitions);
}

static void side_done(side *s)
{
    map_done(&s->scoped);
    map_done(&s->c_names);
    gen_done(&s->g);
}

const ast_node *side_find(const side *s, const char *scoped)
{
    return map_get_str(&s->scoped, scoped);
}

/* ---- places ---- */

place place_of(const ast_node *node)
{
    return node ? node->place : (place){ 0 };
}

static place beginning(const side *s)
{
    const ast_list *list = &s->g.unit->definitions;
    for (size_t i = 0; i < list->len; i++) {
        if (!list->at[i]->include)
            return (place){ .source = list->at[i]->place.source, .length = 1 };
    }
    return (place){ 0 };
}

place place_of_gone(const compare *c, const ast_node *was)
{
    for (const ast_node *node = was->parent; node; node = node->parent) {
        const ast_node *is = side_find(&c->is, node->scoped);
        if (is)
            return place_of(is);
    }
    return beginning(&c->is);
}

const ast_node *gone_container(const compare *c, const ast_node *was)
{
    const ast_node *outermost = NULL;
    for (const ast_node *node = was->parent; node; node = node->parent) {
        if (!side_find(&c->is, node->scoped))
            outermost = node;
    }
    return outermost;
}

void report_gone(compare *c, const char *rule, unsigned breaks, const ast_node *was)
{
    const ast_node *container = gone_container(c, was);
    if (container) {
        was = container;
        rule = was->kind == AST_MODULE ? "module-removed" : was->kind == AST_INTERFACE ? "interface-removed" : "type-removed";
    }
    finding_add(c->found, rule, breaks, place_of_gone(c, was), place_of(was), "%s '%s' is gone",
                ast_kind_name(was->kind), was->scoped);
}

const char *type_change(compare *c, const char *rule, const ast_type *was, const ast_type *is)
{
    static const char *const others[][2] = { { "range-changed", "has another range" },
                                             { "bound-changed", "has another bound" },
                                             { "unique-changed", "has another @unique" },
                                             { "wire-form", "has another @wire" } };
    if (strcmp(was->name, is->name) == 0) {
        was = ast_type_resolve(was);
        is = ast_type_resolve(is);
    }
    if (strcmp(was->name, is->name) != 0)
        return gen_text(&c->is.g, "was '%s' and is '%s' now", was->name, is->name);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (strcmp(others[i][0], rule) == 0)
            return others[i][1];
    }
    return "is made of something else";
}

/* ---- all ---- */

bool compare_units(const ast_unit *was, const ast_unit *is, const map *served, findings *found)
{
    compare c = { .found = found, .served = served };
    side_init(&c.was, was);
    side_init(&c.is, is);
    compare_interfaces(&c);
    wire_finish(&c);
    source_definitions(&c);
    if (c.was.g.failed || c.is.g.failed)
        found->failed = true;
    side_done(&c.was);
    side_done(&c.is);
    map_done(&c.visited);
    map_done(&c.quiet);
    free(c.pending);
    return !found->failed;
}

/* ---- whole files ---- */

typedef struct lost_file {
    const map *served;
    bool unserved;
    place where; /* of the first definition */
} lost_file;

static void look_into(gen *g, const ast_node *node, void *context)
{
    lost_file *lost = context;
    if (node->include)
        return;
    if (!lost->where.source)
        lost->where = node->place;
    if (node->kind == AST_INTERFACE)
        lost->unserved |= interface_is_unserved(g, node, lost->served);
}

bool compare_lost(const ast_unit *was, const char *path, const map *served, findings *found)
{
    gen g;
    lost_file lost = { served, false, { 0 } };
    bool good = gen_init(&g, was, &plain);
    names_check(&g, NULL);
    gen_visit(&g, &was->definitions, look_into, &lost);
    if (lost.where.source)
        finding_add(found, "file-removed", BREAKS_SOURCE | (lost.unserved ? BREAKS_TO_NEW : 0U), (place){ 0 }, lost.where,
                    "the file '%s' is gone", path);
    good = good && !g.failed;
    gen_done(&g);
    return good && !found->failed;
}

typedef struct collection {
    map *names;
    bool failed;
} collection;

static void collect(gen *g, const ast_node *node, void *context)
{
    collection *c = context;
    if (node->kind != AST_INTERFACE)
        return;
    const method_list *methods = method_all(g, node);
    for (size_t i = 0; i < methods->len; i++)
        c->failed |= !map_put_str(c->names, methods->at[i].wire_name, c->names);
}

bool compare_served(const ast_unit *is, map *served)
{
    gen g;
    collection c = { served, false };
    bool good = gen_init(&g, is, &plain);
    names_check(&g, NULL);
    gen_visit(&g, &is->definitions, collect, &c);
    good = good && !g.failed && !c.failed;
    gen_done(&g);
    return good;
}
