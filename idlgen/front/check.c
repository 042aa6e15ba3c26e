/* SPDX-License-Identifier: MIT */
/* Checks of the whole file. */
#include "front/check.h"

#include <string.h>

/* What is gathered on the way. */
typedef struct whole {
    table methods; /* operations and attributes by their name on the wire */
    bool said;     /* that an unsigned long long may be too large */
} whole;

/* ---- forward declarations ---- */

static void check_forwards(parser *p)
{
    for (size_t i = 0; i < p->forwards.len; i++) {
        const ast_node *node = p->forwards.at[i];
        if (node->forward.target || node->open || node->forward.blamed)
            continue;
        if (node->forward.of == AST_INTERFACE)
            diag_report(p->env->diag, DIAG_WARNING, "forward-undefined", node->place,
                        "interface '%s' is declared but never defined", node->scoped);
        else
            parse_error(p, "forward-undefined", node->place, "%s '%s' is declared but never defined",
                        ast_kind_name(node->forward.of), node->scoped);
    }
    for (pending_type *pending = p->pending; pending; pending = pending->next) {
        if (pending->forward->forward.target)
            pending->type->def = pending->forward->forward.target;
        else
            pending->type->kind = AST_TYPE_ERROR;
    }
}

/* ---- names on the wire: of members, arms, enumerators ---- */

/* The one of that name, here or in a base. */
static const ast_node *find_name(const scope *own, const ast_node *base, uint64_t key)
{
    const ast_node *found = table_get(&own->inherited, key);
    for (; base && !found; base = base->structure.base)
        found = table_get(&base->scope->inherited, key);
    return found;
}

/* own keeps the names, for the structs that have this one as a base. */
static void check_names(parser *p, scope *own, const ast_node *base, const ast_list *list)
{
    for (size_t i = 0; i < list->len && p->renamed; i++) {
        ast_node *node = list->at[i];
        uint64_t key = table_key(env_word(p->env, node->wire_name, strlen(node->wire_name)));
        const ast_node *other = find_name(own, base, key);
        if (!other) {
            table_put(p->env, &own->inherited, key, node);
            continue;
        }
        if (strcmp(other->name, node->name) == 0)
            continue; /* reported as redefined */
        parse_error(p, "wire-name-clash", node->place, "'%s' is called \"%s\" on the wire, as '%s' is",
                    node->name, node->wire_name, other->name);
        parse_note(p, other->place, "'%s' is here", other->name);
    }
}

static void check_discriminator_name(parser *p, const ast_list *arms)
{
    for (size_t i = 0; i < arms->len; i++) {
        const ast_node *arm = arms->at[i];
        if (strcmp(arm->wire_name, "_d") == 0)
            parse_error(p, "wire-name-clash", arm->place,
                        "'%s' is called \"_d\" on the wire, as the discriminator is", arm->name);
    }
}

/* ---- names on the wire: of methods, over all interfaces ---- */

static void check_shared(parser *p, table *methods, const char *wire, const ast_node *node)
{
    uint64_t key = table_key(env_word(p->env, wire, strlen(wire)));
    const ast_node *other = table_get(methods, key);
    if (!other)
        table_put(p->env, methods, key, (void *)(uintptr_t)node);
    if (!other || other->parent == node->parent || node->include)
        return;
    diag_report(p->env->diag, DIAG_WARNING, "wire-name-shared", node->place,
                "'%s' is called \"%s\" on the wire, as '%s' is; a server can have one of them", node->scoped,
                wire, other->scoped);
    parse_note(p, other->place, "'%s' is here", other->scoped);
}

static void check_methods(parser *p, table *methods, const ast_list *body)
{
    for (size_t i = 0; i < body->len; i++) {
        const ast_node *node = body->at[i];
        if (node->kind == AST_OPERATION)
            check_shared(p, methods, node->wire_name, node);
        else if (node->kind == AST_ATTRIBUTE)
            check_shared(p, methods, node->attribute.get_wire_name, node);
    }
}

/* ---- what XML-RPC cannot carry whole ---- */

static bool reaches_too_far(const ast_node *node)
{
    const ast_value *min = NULL, *max = NULL;
    const ast_type *type = ast_node_type(node);
    while (type && type->element)
        type = type->element;
    if (!type || type->kind != AST_TYPE_UINT64 || type->wire_string)
        return false;
    bool ranged = ast_node_type(node) == type && ast_range_of(node, &min, &max);
    return !ranged || !max || max->big;
}

/* Said once a file. */
static void check_range(parser *p, whole *w, const ast_node *node)
{
    if (w->said || node->include || !reaches_too_far(node))
        return;
    w->said = true;
    diag_report(p->env->diag, DIAG_NOTE, "uint64-range", node->place,
                "'%s': an 'unsigned long long' above 9223372036854775807 cannot be sent, for <i8> ends there; "
                "'@wire(\"string\")' lets it pass",
                node->name);
}

static void check_ranges(parser *p, whole *w, const ast_list *list)
{
    for (size_t i = 0; i < list->len && !w->said; i++) {
        const ast_node *node = list->at[i];
        check_range(p, w, node);
        if (node->kind == AST_OPERATION)
            check_ranges(p, w, &node->operation.params);
    }
}

static void check_list(parser *p, whole *w, const ast_list *list, uint32_t depth)
{
    for (size_t i = 0; i < list->len && depth <= LIMIT_NESTING; i++) {
        const ast_node *node = list->at[i];
        switch (node->kind) {
        case AST_MODULE: check_list(p, w, &node->module.definitions, depth + 1); break;
        case AST_INTERFACE:
            check_list(p, w, &node->interface.body, depth + 1);
            check_methods(p, &w->methods, &node->interface.body);
            check_ranges(p, w, &node->interface.body);
            break;
        case AST_STRUCT:
            check_names(p, node->scope, node->structure.base, &node->structure.members);
            check_ranges(p, w, &node->structure.members);
            break;
        case AST_EXCEPTION:
            check_names(p, node->scope, NULL, &node->exception.members);
            check_ranges(p, w, &node->exception.members);
            break;
        case AST_UNION:
            check_names(p, node->scope, NULL, &node->union_.arms);
            check_ranges(p, w, &node->union_.arms);
            check_discriminator_name(p, &node->union_.arms);
            break;
        case AST_ENUM: check_names(p, node->scope, NULL, &node->enumeration.enumerators); break;
        case AST_BITMASK: check_names(p, node->scope, NULL, &node->bitmask.bits); break;
        default: break;
        }
    }
}

void check_unit(parser *p)
{
    if (p->pp->stopped)
        return;
    whole w = { 0 };
    check_forwards(p);
    check_list(p, &w, &p->unit->definitions, 0);
}
