/* SPDX-License-Identifier: MIT */
/* C names of everything in the IDL. */
#include "emit/names.h"

#include <string.h>

#include "emit/reserved.h"

static const char *own_part(const ast_node *node)
{
    return node->notes->c_name ? node->notes->c_name : node->name;
}

static const ast_node *owner_of(const ast_node *node)
{
    switch (node->kind) {
    case AST_ENUMERATOR:
        return node->enumerator.owner;
    case AST_BIT:
        return node->bit.owner;
    case AST_OPERATION:
        return node->operation.interface;
    case AST_ATTRIBUTE:
        return node->attribute.interface;
    default:
        return node->parent;
    }
}

static const char *make_global(gen *g, const ast_node *node)
{
    bool is_method = node->kind == AST_OPERATION || node->kind == AST_ATTRIBUTE;
    const ast_node *owner = owner_of(node);

    if (node->notes->c_name && !is_method)
        return node->notes->c_name;
    if (owner)
        return gen_join(g, names_global(g, owner), "_", own_part(node));
    const char *name = gen_join(g, g->options->prefix ? g->options->prefix : "", node->name, "");
    /* A module or interface is only the beginning of names. */
    bool whole = node->kind != AST_MODULE && node->kind != AST_INTERFACE;
    return whole && reserved_global(name) ? gen_join(g, name, "_", "") : name;
}

const char *names_global(gen *g, const ast_node *node)
{
    const char *name = map_get(&g->names, (const char *)&node, sizeof node);

    if (name)
        return name;
    name = make_global(g, node);
    if (!map_put(&g->names, (const char *)&node, sizeof node, (void *)(uintptr_t)name))
        g->failed = true;
    return name;
}

/* In C++ a member or parameter must not have the name of its type, nor hide one that is used after it. */
const char *names_local(gen *g, const ast_node *node)
{
    const char *name = own_part(node);

    if (!node->notes->c_name && (reserved_word(name) || map_get_str(&g->globals, name)))
        return gen_join(g, name, "_", "");
    return name;
}
