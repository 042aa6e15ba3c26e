/* SPDX-License-Identifier: MIT */
/* Methods: what operations and attributes become. */
#include "emit/method.h"

#include <string.h>

#include "base/mem.h"
#include "emit/ctype.h"
#include "emit/names.h"

static const ast_list nothing;

/* Names that stubs and handlers have themselves. */
static bool is_taken(const char *name)
{
    static const char *const own[] = { "peer", "call", "error", "in", "out", "ret_result" };

    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (strcmp(own[i], name) == 0)
            return true;
    return false;
}

static bool is_used(const method_param *params, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(params[i].c_name, name) == 0)
            return true;
    return is_taken(name);
}

static void fill_params(gen *g, method *m, const ast_list *list)
{
    method_param *params = arena_zalloc(&g->memory, list->len * sizeof *params);

    if (!params) {
        g->failed = true;
        return;
    }
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        const char *name = names_local(g, node);
        if (node->param.direction == AST_OUT)
            name = gen_text(g, "ret_%s", node->notes->c_name ? node->notes->c_name : node->name);
        while (!g->failed && is_used(params, i, name))
            name = gen_text(g, "%s_", name);
        params[i] = (method_param){ node, node->param.type, node->param.direction, node->wire_name, name };
    }
    m->params = params;
    m->param_count = list->len;
}

static const char *part_of(const ast_node *node)
{
    return node->notes->c_name ? node->notes->c_name : node->name;
}

static method operation(gen *g, const ast_node *node)
{
    method m = {
        .node = node,
        .owner = node->operation.interface,
        .slot = names_local(g, node),
        .name = node->name,
        .part = part_of(node),
        .function = names_global(g, node),
        .wire_name = node->wire_name,
        .raises = &node->operation.raises,
        .oneway = node->operation.oneway,
    };

    if (node->operation.result && node->operation.result->kind != AST_TYPE_VOID)
        m.result = node->operation.result;
    fill_params(g, &m, &node->operation.params);
    return m;
}

/* verb is "get" or "set". */
static method accessor(gen *g, const ast_node *node, const char *verb, const char *wire_name)
{
    const ast_node *owner = node->attribute.interface;
    const char *slot = gen_text(g, "%s_%s", verb, part_of(node));

    return (method){
        .node = node,
        .owner = owner,
        .slot = slot,
        .part = slot,
        .function = gen_text(g, "%s_%s", names_global(g, owner), slot),
        .name = gen_text(g, "_%s_%s", verb, node->name),
        .wire_name = wire_name,
        .raises = &nothing,
    };
}

static method getter(gen *g, const ast_node *node)
{
    method m = accessor(g, node, "get", node->attribute.get_wire_name);

    m.result = node->attribute.type;
    m.raises = &node->attribute.get_raises;
    return m;
}

static method setter(gen *g, const ast_node *node)
{
    method m = accessor(g, node, "set", node->attribute.set_wire_name);
    method_param *param = arena_zalloc(&g->memory, sizeof *param);

    m.raises = &node->attribute.set_raises;
    if (!param) {
        g->failed = true;
        return m;
    }
    *param = (method_param){ NULL, node->attribute.type, AST_IN, node->name, "value" };
    m.params = param;
    m.param_count = 1;
    return m;
}

method_list method_all(gen *g, const ast_node *interface)
{
    const ast_list *list = &interface->interface.operations;
    method_list all = { arena_zalloc(&g->memory, list->len * 2 * sizeof(method)), 0 };

    if (!all.at) {
        g->failed = true;
        return all;
    }
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        if (node->kind == AST_OPERATION) {
            all.at[all.len++] = operation(g, node);
            continue;
        }
        all.at[all.len++] = getter(g, node);
        if (!node->attribute.readonly)
            all.at[all.len++] = setter(g, node);
    }
    return all;
}

bool method_is_inherited(const method *m, const ast_node *interface)
{
    return m->owner != interface;
}

static method_signature signature(gen *g, const method *m, const char *first, const char *last)
{
    method_signature s = { arena_zalloc(&g->memory, (m->param_count + 3) * sizeof(char *)), 0 };

    if (!s.at) {
        g->failed = true;
        return s;
    }
    s.at[s.len++] = first;
    for (size_t i = 0; i < m->param_count; i++)
        s.at[s.len++] = ctype_param(g, m->params[i].type, m->params[i].direction != AST_IN,
                                    m->params[i].c_name);
    if (m->result)
        s.at[s.len++] = ctype_param(g, m->result, true, "ret_result");
    if (last)
        s.at[s.len++] = last;
    return s;
}

method_signature method_stub_params(gen *g, const method *m)
{
    return signature(g, m, "jrpc_peer *peer", "jrpc_error *error");
}

method_signature method_handler_params(gen *g, const method *m)
{
    return signature(g, m, "jrpc_call *call", NULL);
}
