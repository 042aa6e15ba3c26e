/* SPDX-License-Identifier: MIT */
/* Methods: what operations and attributes become. */
#include "emit/method.h"

#include <string.h>

#include "base/mem.h"
#include "emit/ctype.h"
#include "emit/names.h"

static const ast_list nothing;

static const char *part_of(const ast_node *node)
{
    return node->notes->c_name ? node->notes->c_name : node->name;
}

/* Names that the functions have themselves. */
static bool is_taken(const char *name)
{
    static const char *const own[] = { "peer",     "call",   "error",      "callback",
                                       "userdata", "future", "ret_future", "ret_result" };

    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (strcmp(own[i], name) == 0)
            return true;
    return false;
}

static bool is_used(const method_param *params, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(params[i].c_name, name) == 0 || strcmp(params[i].plain_name, name) == 0)
            return true;
    return is_taken(name);
}

/* With as many `_` as it takes to differ from those before. */
static const char *free_name(gen *g, const method_param *params, size_t count, const char *name)
{
    while (!g->failed && is_used(params, count, name))
        name = gen_join(g, name, "_", "");
    return name;
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
        const char *plain = free_name(g, params, i, names_local(g, node)), *name = plain;
        if (node->param.direction == AST_OUT)
            name = free_name(g, params, i, gen_join(g, "ret_", part_of(node), ""));
        /* Beside the result's name in _reply(). */
        if ((node->param.direction & AST_OUT) && strcmp(plain, "result") == 0)
            plain = "result_";
        params[i] = (method_param){ node, node->param.type, node->param.direction, node->wire_name, name,
                                    plain };
    }
    m->params = params;
    m->param_count = list->len;
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
    *param = (method_param){ NULL, node->attribute.type, AST_IN, node->name, "value", "value" };
    m.params = param;
    m.param_count = 1;
    return m;
}

static void fill_list(gen *g, method_list *all, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        if (node->kind == AST_OPERATION) {
            all->at[all->len++] = operation(g, node);
            continue;
        }
        all->at[all->len++] = getter(g, node);
        if (!node->attribute.readonly)
            all->at[all->len++] = setter(g, node);
    }
}

const method_list *method_all(gen *g, const ast_node *interface)
{
    static const method_list none;
    const ast_list *list = &interface->interface.operations;
    method_list *all = map_get(&g->methods, (const char *)&interface, sizeof interface);

    if (all)
        return all;
    all = arena_zalloc(&g->memory, sizeof *all);
    if (all)
        all->at = arena_zalloc(&g->memory, list->len * 2 * sizeof(method));
    if (!all || !all->at || !map_put(&g->methods, (const char *)&interface, sizeof interface, all)) {
        g->failed = true;
        return &none;
    }
    fill_list(g, all, list);
    return all;
}

bool method_is_async(const gen *g, const method *m)
{
    return !m->oneway && !g->options->blocking_only;
}

bool method_is_inherited(const method *m, const ast_node *interface)
{
    return m->owner != interface;
}

/* ---- functions ---- */

const char *method_suffix(method_form form)
{
    static const char *const suffixes[] = {
        [METHOD_CALL] = "",        [METHOD_SEND] = "_send", [METHOD_FINISH] = "_finish",
        [METHOD_REPLY] = "_reply", [METHOD_HANDLER] = "",
    };

    return suffixes[form];
}

static bool has_param(const method_param *p, method_form form)
{
    switch (form) {
    case METHOD_SEND:
        return p->direction & AST_IN;
    case METHOD_FINISH:
    case METHOD_REPLY:
        return p->direction & AST_OUT;
    default:
        return true;
    }
}

/* Whether the function is given a pointer to store to. */
static bool is_stored(const method_param *p, method_form form)
{
    return (p->direction & AST_OUT) && form != METHOD_SEND && form != METHOD_REPLY;
}

static void add(method_signature *s, const char *declaration, const char *name)
{
    s->at[s->len] = declaration;
    s->names[s->len++] = name;
}

static void add_params(gen *g, method_signature *s, const method *m, method_form form)
{
    for (size_t i = 0; i < m->param_count; i++) {
        const method_param *p = &m->params[i];
        const char *name = is_stored(p, form) ? p->c_name : p->plain_name;
        if (has_param(p, form))
            add(s, ctype_param(g, p->type, is_stored(p, form), name), name);
    }
    if (m->result && form == METHOD_REPLY)
        add(s, ctype_param(g, m->result, false, "result"), "result");
    else if (m->result && form != METHOD_SEND)
        add(s, ctype_param(g, m->result, true, "ret_result"), "ret_result");
}

method_signature method_params(gen *g, const method *m, method_form form)
{
    size_t most = m->param_count + 6;
    const char **texts = arena_zalloc(&g->memory, most * 2 * sizeof *texts);
    method_signature s = { texts, texts ? texts + most : NULL, 0 };

    if (!texts) {
        g->failed = true;
        return s;
    }
    if (form == METHOD_CALL || form == METHOD_SEND)
        add(&s, "jrpc_peer *peer", "peer");
    else if (form == METHOD_FINISH)
        add(&s, "jrpc_future *future", "future");
    else
        add(&s, "jrpc_call *call", "call");
    add_params(g, &s, m, form);
    if (form == METHOD_SEND) {
        add(&s, "jrpc_future_fn callback", "callback");
        add(&s, "void *userdata", "userdata");
        add(&s, "jrpc_future **ret_future", "ret_future");
    }
    if (form != METHOD_REPLY && form != METHOD_HANDLER)
        add(&s, "jrpc_error *error", "error");
    return s;
}

static const char *storage(gen *g, const ast_type *type, bool is_pointer, const char *name)
{
    return is_pointer || ctype_pass_of(type) == CTYPE_POINTER ? name : gen_join(g, "&", name, "");
}

/* `macro(&a, b)` in one piece where it fits a line of its own; else each in its own. */
static void add_storage(gen *g, method_signature *s, const char *macro, const char *const *items,
                        size_t count)
{
    AUTO(buf_done) buf one = BUF_INIT;

    for (size_t i = 0; i < count; i++)
        buf_printf(&one, "%s%s", i ? ", " : "", items[i]);
    if (buf_failed(&one)) {
        g->failed = true;
        return;
    }
    if (one.len + strlen(macro) + 12 <= GEN_COLUMNS) {
        add(s, gen_text(g, "%s(%s)", macro, one.data), "");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *opened = i ? items[i] : gen_text(g, "%s(%s", macro, items[i]);
        add(s, i + 1 < count ? opened : gen_text(g, "%s)", opened), "");
    }
}

/* The storage of what goes in this direction: an argument of jrpc_invoke() and its like. */
static void add_argument(gen *g, method_signature *s, const method *m, ast_direction direction,
                         method_form form)
{
    const char **items = arena_zalloc(&g->memory, (m->param_count + 1) * sizeof *items);
    bool replies = form == METHOD_REPLY;
    size_t count = 0;

    if (!items) {
        g->failed = true;
        return;
    }
    for (size_t i = 0; i < m->param_count; i++) {
        const method_param *p = &m->params[i];
        bool stored = is_stored(p, form);
        if (p->direction & direction)
            items[count++] = storage(g, p->type, stored, stored ? p->c_name : p->plain_name);
    }
    if (m->result && direction == AST_OUT)
        items[count++] = storage(g, m->result, !replies, replies ? "result" : "ret_result");
    if (count == 0)
        add(s, "NULL", "");
    else
        add_storage(g, s, direction == AST_IN || replies ? "JRPC_INS" : "JRPC_OUTS", items, count);
}

method_signature method_arguments(gen *g, const method *m, const char *table, method_form form)
{
    size_t most = 2 * m->param_count + 8;
    const char **texts = arena_zalloc(&g->memory, most * 2 * sizeof *texts);
    method_signature s = { texts, texts ? texts + most : NULL, 0 };

    if (!texts) {
        g->failed = true;
        return s;
    }
    add(&s, form == METHOD_REPLY ? "call" : form == METHOD_FINISH ? "future" : "peer", "");
    add(&s, table, "");
    if (form == METHOD_CALL || form == METHOD_SEND)
        add_argument(g, &s, m, AST_IN, form);
    if (form != METHOD_SEND)
        add_argument(g, &s, m, AST_OUT, form);
    if (form == METHOD_SEND) {
        add(&s, "callback", "");
        add(&s, "userdata", "");
        add(&s, "ret_future", "");
    }
    if (form != METHOD_REPLY)
        add(&s, "error", "");
    return s;
}
