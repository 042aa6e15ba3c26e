/* SPDX-License-Identifier: MIT */
/* Clashes: every C name that the outputs define, before a byte of them is written. */
#include "emit/names.h"

#include <string.h>

#include "emit/ctype.h"
#include "emit/declare.h"
#include "emit/method.h"
#include "emit/module.h"
#include "emit/reserved.h"
#include "front/source.h"

typedef struct clash {
    gen *g;
    diag *d;              /* NULL: only collect */
    const ast_node *node; /* whose types are looked at */
    bool found;
    const ast_node *reported, *reported_earlier; /* the last two: one message for them is enough */
} clash;

static const char *const value_verbs[] = { "type", "init", "clear", "copy", "equal", "print", NULL };
static const char *const sequence_verbs[] = { "reserve", "push", NULL };
static const char *const map_verbs[] = { "entry", "get", "put", NULL };
static const char *const exception_verbs[] = { "exception", "of", "raise", NULL };
static const char *const enum_verbs[] = { "type", "to_string", "from_string", NULL };
static const char *const interface_verbs[] = {
    "interface", "methods", "impl", "serve", "implementation", NULL
};

static void report(clash *c, const char *name, const ast_node *node, const ast_node *earlier)
{
    c->found = true;
    if (!c->d || (c->reported == node && c->reported_earlier == earlier))
        return;
    c->reported = node;
    c->reported_earlier = earlier;
    diag_report(c->d, DIAG_ERROR, "c-name-clash", node->place,
                "C name '%s' for %s '%s' is taken by %s '%s'; give one of them another with @c_name(\"...\")",
                name, ast_kind_name(node->kind), node->scoped, ast_kind_name(earlier->kind), earlier->scoped);
    diag_report(c->d, DIAG_NOTE, NULL, earlier->place, "'%s' is here", earlier->scoped);
}

static void report_reserved(clash *c, const char *name, const ast_node *node)
{
    c->found = true;
    if (!c->d || (c->reported == node && !c->reported_earlier))
        return;
    c->reported = node;
    c->reported_earlier = NULL;
    diag_report(
        c->d, DIAG_ERROR, "c-name-reserved", node->place,
        "C name '%s' for %s '%s' belongs to C or to the library; give it another with @c_name(\"...\")", name,
        ast_kind_name(node->kind), node->scoped);
}

/* A name that may begin as the library's names do. */
static void add_any(clash *c, const char *name, const ast_node *node)
{
    const ast_node *earlier = map_get_str(&c->g->globals, name);

    if (earlier)
        report(c, name, node, earlier);
    else
        gen_put(c->g, &c->g->globals, name, node);
}

static void add_global(clash *c, const char *name, const ast_node *node)
{
    bool ours = node->place.source && node->place.source->file->builtin;
    if (!ours && (reserved_global(name) || strncmp(name, "jrpc_", 5) == 0 || strncmp(name, "JRPC_", 5) == 0))
        report_reserved(c, name, node);
    add_any(c, name, node);
}

static void add_verbs(clash *c, const char *name, const char *const *verbs, const ast_node *node)
{
    for (; *verbs; verbs++)
        add_any(c, gen_text(c->g, "%s_%s", name, *verbs), node);
}

/* ---- names inside a structure ---- */

static void add_local(clash *c, map *names, const char *name, const ast_node *node)
{
    const ast_node *earlier = map_get_str(names, name);

    if (earlier)
        report(c, name, node, earlier);
    else
        gen_put(c->g, names, name, node);
}

static const char *part_of(const ast_node *node)
{
    return node->notes->c_name ? node->notes->c_name : node->name;
}

static void check_members(clash *c, const ast_node *owner, const ast_list *list)
{
    map names = MAP_INIT;
    const char *type = names_global(c->g, owner);

    if (owner->kind == AST_STRUCT && owner->structure.base)
        gen_put(c->g, &names, "base", owner->structure.base);
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        bool settable = owner->kind == AST_UNION;
        add_local(c, &names, names_local(c->g, node), node);
        if (node->kind == AST_MEMBER && ctype_optional_of(node) == CTYPE_HAS)
            add_local(c, &names, gen_text(c->g, "has_%s", part_of(node)), node);
        if (node->kind == AST_MEMBER)
            settable = ctype_optional_of(node) == CTYPE_HAS || ctype_optional_of(node) == CTYPE_BOXED;
        if (settable)
            add_global(c, gen_text(c->g, "%s_set_%s", type, part_of(node)), node);
    }
    map_done(&names);
}

static void check_methods(clash *c, const ast_node *interface)
{
    map slots = MAP_INIT;
    const method_list *methods = method_all(c->g, interface);
    const char *name = names_global(c->g, interface);

    for (size_t i = 0; i < methods->len; i++) {
        const method *m = &methods->at[i];
        add_local(c, &slots, m->slot, m->node);
        for (method_form form = METHOD_CALL; form <= (method_is_async(c->g, m) ? METHOD_REPLY : METHOD_CALL);
             form++)
            add_global(c, gen_text(c->g, "%s_%s%s", name, m->part, method_suffix(form)), m->node);
    }
    map_done(&slots);
}

/* ---- one definition ---- */

static void add_anonymous(void *context, const ast_type *type)
{
    clash *c = context;

    if (type->key)
        add_anonymous(c, type->key);
    if (type->element)
        add_anonymous(c, type->element);
    if (!ctype_is_anonymous(type))
        return;
    const char *name = ctype_name(c->g, type);
    if (map_get_str(&c->g->anonymous, name))
        return;
    gen_put(c->g, &c->g->anonymous, name, c->node);
    add_any(c, name, c->node);
    add_verbs(c, name, value_verbs, c->node);
    add_verbs(c, name, type->kind == AST_TYPE_MAP ? map_verbs : sequence_verbs, c->node);
}

static void add_typedef(clash *c, const ast_node *node, const char *name)
{
    const ast_type *type = ast_type_resolve(node->alias.type);

    if (ctype_pass_of(type) == CTYPE_POINTER)
        add_verbs(c, name, value_verbs, node);
    else if (!ctype_is_alias(node))
        add_global(c, gen_text(c->g, "%s_type", name), node);
    if (type->kind == AST_TYPE_SEQUENCE)
        add_verbs(c, name, sequence_verbs, node);
    if (type->kind == AST_TYPE_MAP)
        add_verbs(c, name, map_verbs + 1, node);
}

static void add_definition(clash *c, const ast_node *node, const char *name)
{
    if (node->kind != AST_INTERFACE)
        add_global(c, name, node);
    switch (node->kind) {
    case AST_STRUCT:
    case AST_UNION:
        add_verbs(c, name, value_verbs, node);
        break;
    case AST_EXCEPTION:
        add_verbs(c, name, value_verbs, node);
        add_verbs(c, name, exception_verbs, node);
        break;
    case AST_ENUM:
        add_verbs(c, name, enum_verbs, node);
        break;
    case AST_BITMASK:
        add_global(c, gen_text(c->g, "%s_type", name), node);
        break;
    case AST_TYPEDEF:
        add_typedef(c, node, name);
        break;
    case AST_INTERFACE:
        add_verbs(c, name, interface_verbs, node);
        break;
    default:
        break;
    }
}

static bool has_c_name(const ast_node *node)
{
    return node->kind == AST_STRUCT || node->kind == AST_UNION || node->kind == AST_EXCEPTION ||
           node->kind == AST_ENUM || node->kind == AST_BITMASK || node->kind == AST_TYPEDEF ||
           node->kind == AST_CONST || node->kind == AST_INTERFACE;
}

static void add_parts(clash *c, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        add_global(c, names_global(c->g, list->at[i]), list->at[i]);
}

static void add_node(gen *g, const ast_node *node, void *context)
{
    clash *c = context;

    if (!has_c_name(node) || (node->include && node->include->builtin))
        return;
    c->node = node;
    add_definition(c, node, names_global(g, node));
    declare_each_type(node, add_anonymous, c);
    if (node->kind == AST_ENUM)
        add_parts(c, &node->enumeration.enumerators);
    if (node->kind == AST_BITMASK)
        add_parts(c, &node->bitmask.bits);
}

/* What is in structures: when all global names are known, for they decide about the local ones. */
static void check_inside(gen *g, const ast_node *node, void *context)
{
    (void)g;
    if (node->include && node->include->builtin)
        return;
    if (node->kind == AST_STRUCT)
        check_members(context, node, &node->structure.members);
    else if (node->kind == AST_EXCEPTION)
        check_members(context, node, &node->exception.members);
    else if (node->kind == AST_UNION)
        check_members(context, node, &node->union_.arms);
    else if (node->kind == AST_INTERFACE)
        check_methods(context, node);
}

/* Once for the file, by its last service. */
static void note_service(gen *g, const ast_node *node, void *context)
{
    (void)g;
    ((clash *)context)->node = node;
}

static void add_module_hooks(clash *c)
{
    c->node = NULL;
    module_each_service(c->g, note_service, c);
    if (!c->node)
        return;
    add_any(c, module_hook(c->g, "init"), c->node);
    add_any(c, module_hook(c->g, "done"), c->node);
}

bool names_check(gen *g, diag *d)
{
    clash c = { .g = g, .d = d };

    gen_visit(g, &g->unit->definitions, add_node, &c);
    gen_visit(g, &g->unit->definitions, check_inside, &c);
    add_module_hooks(&c);
    return !c.found;
}
