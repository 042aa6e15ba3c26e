/* SPDX-License-Identifier: MIT */
/* Python of one IDL file: clients and servers, and the file itself. */
#include "emit/python.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "emit/method.h"
#include "emit/python_names.h"
#include "emit/python_types.h"

/* ---- methods ---- */

static const char *param_name(gen *g, const method *m, size_t i)
{
    const ast_node *node = m->params[i].node;

    return node ? python_local(g, node->name, PYTHON_PARAM, &m->node->operation.params) : "value";
}

static bool has_outs(const method *m)
{
    for (size_t i = 0; i < m->param_count; i++)
        if (m->params[i].direction & AST_OUT)
            return true;
    return false;
}

/* "_M_I_op": the object that says what the method is. */
static const char *object_of(gen *g, const method *m)
{
    return gen_join(g, "_", m->function, "");
}

static const char *outs_class(gen *g, const method *m)
{
    return gen_join(g, m->function, "_Result", "");
}

static const char *result_hint(gen *g, const method *m)
{
    return has_outs(m) ? outs_class(g, m) : m->result ? python_hint(g, m->result) : "None";
}

static const char *method_name(gen *g, const method *m)
{
    return python_local(g, m->part, PYTHON_METHOD, NULL);
}

static const char *raises_text(gen *g, const method *m)
{
    const char *text = "";

    for (size_t i = 0; i < m->raises->len; i++)
        text = gen_join(g, text, i ? ", " : "Raises: ", python_global(g, m->raises->at[i]));
    return m->raises->len ? text : NULL;
}

/* The result with the outs, as one value: the result comes first. */
static void define_outs(gen *g, buf *out, const method *m)
{
    if (!has_outs(m))
        return;
    buf_printf(out, "\n\nclass %s(_NamedTuple):\n", outs_class(g, m));
    if (m->result)
        buf_printf(out, "    result: %s\n", python_hint(g, m->result));
    for (size_t i = 0; i < m->param_count; i++)
        if (m->params[i].direction & AST_OUT)
            buf_printf(out, "    %s: %s\n",
                       python_local(g, m->params[i].node->name, PYTHON_OUT, &m->node->operation.params),
                       python_hint(g, m->params[i].type));
}

static void param_object(gen *g, buf *out, const method_param *p)
{
    static const char *const directions[] = { "", "", ", _m.OUT", ", _m.INOUT" };
    const char *limits = p->node ? python_limits(g, p->node) : NULL;

    buf_printf(out, "_m.Param(%s, %s%s%s%s), ", python_string_of(g, p->wire_name), python_type(g, p->type),
               directions[p->direction], limits ? ", limits=" : "", limits ? limits : "");
}

static void help(gen *g, buf *out, const ast_node *node)
{
    const char *text = "";

    for (size_t i = 0; i < node->doc_len; i++)
        text = gen_join(g, text, i ? "\n" : "", node->doc[i]);
    if (node->doc_len)
        buf_printf(out, ", help=%s", python_string_of(g, text));
}

static void define_object(gen *g, buf *out, const method *m)
{
    buf_printf(out, "\n%s: _m.Method[%s] = _m.Method(\n    %s, (", object_of(g, m), result_hint(g, m),
               python_string_of(g, m->wire_name));
    for (size_t i = 0; i < m->param_count; i++)
        param_object(g, out, &m->params[i]);
    buf_printf(out, "), %s, (", m->result ? python_type(g, m->result) : "None");
    for (size_t i = 0; i < m->raises->len; i++)
        buf_printf(out, "%s, ", python_global(g, m->raises->at[i]));
    buf_append_lit(out, ")");
    if (has_outs(m))
        buf_printf(out, ", outs=%s", outs_class(g, m));
    if (m->oneway)
        buf_append_lit(out, ", oneway=True");
    if (m->node->notes->timeout_ms)
        buf_printf(out, ", timeout=%" PRIu32 " / 1000", m->node->notes->timeout_ms);
    help(g, out, m->node);
    buf_append_lit(out, ")\n");
}

/* ---- classes ---- */

/* self or call, and what goes in. */
static void parameters(gen *g, buf *out, const method *m, bool names_only)
{
    for (size_t i = 0; i < m->param_count; i++) {
        if (!(m->params[i].direction & AST_IN))
            continue;
        if (names_only)
            buf_printf(out, "%s, ", param_name(g, m, i));
        else
            buf_printf(out, ", %s: %s", param_name(g, m, i), python_hint(g, m->params[i].type));
    }
}

static void client_method(gen *g, buf *out, const method *m)
{
    bool is_void = !has_outs(m) && !m->result;

    buf_printf(out, "\n    async def %s(self", method_name(g, m));
    parameters(g, out, m, false);
    buf_printf(out, ", *, timeout: float | None = None) -> %s:\n", result_hint(g, m));
    python_doc(out, "        ", m->node, raises_text(g, m));
    buf_printf(out, "        %sawait self._call(%s, (", is_void ? "" : "return ", object_of(g, m));
    parameters(g, out, m, true);
    buf_append_lit(out, "), timeout)\n");
}

static void server_method(gen *g, buf *out, const method *m)
{
    buf_printf(out, "\n    @_abstractmethod\n    async def %s(self, call: _x.Call", method_name(g, m));
    parameters(g, out, m, false);
    buf_printf(out, ") -> %s:\n", result_hint(g, m));
    const char *raises = raises_text(g, m);
    python_doc(out, "        ", m->node, raises);
    if (m->node->doc_len == 0 && !raises && !m->node->notes->deprecated)
        buf_append_lit(out, "        raise NotImplementedError\n");
}

/* How far an interface is from those without bases: a derived one is always further than its bases. */
static size_t height(gen *g, map *known, const ast_node *interface)
{
    const ast_list *bases = &interface->interface.bases;
    size_t most = (size_t)(uintptr_t)map_get(known, (const char *)&interface, sizeof interface);

    if (most)
        return most;
    for (size_t i = 0; i < bases->len; i++) {
        size_t one = height(g, known, bases->at[i]);
        most = one > most ? one : most;
    }
    most++;
    if (!map_put(known, (const char *)&interface, sizeof interface, (void *)(uintptr_t)most))
        g->failed = true;
    return most;
}

/*
 * Python wants one order in which no class comes after its base (its C3 rule); IDL does not mind. One order for all
 * lists of bases, the most derived first, is always possible.
 */
static const ast_node **sorted_bases(gen *g, const ast_node *interface)
{
    const ast_list *bases = &interface->interface.bases;
    const ast_node **sorted = arena_zalloc(&g->memory, (bases->len + 1) * sizeof *sorted);
    AUTO(map_done) map known = MAP_INIT;

    if (!sorted) {
        g->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < bases->len; i++) {
        size_t at = i, own = height(g, &known, bases->at[i]);
        for (; at > 0; at--) {
            size_t other = height(g, &known, sorted[at - 1]);
            if (other > own || (other == own && strcmp(sorted[at - 1]->scoped, bases->at[i]->scoped) <= 0))
                break;
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = bases->at[i];
    }
    return sorted;
}

static void class_head(gen *g, buf *out, const ast_node *interface, const char *suffix, const char *base)
{
    const ast_node **bases = sorted_bases(g, interface);

    buf_printf(out, "\n\nclass %s%s(", python_global(g, interface), suffix);
    for (size_t i = 0; bases && bases[i]; i++)
        buf_printf(out, "%s%s%s", i ? ", " : "", python_global(g, bases[i]), suffix);
    buf_printf(out, "%s):\n", bases && bases[0] ? "" : base);
}

static void client_class(gen *g, buf *out, const ast_node *interface, const method_list *methods)
{
    class_head(g, out, interface, "Client", "_x.Client");
    python_doc(out, "    ", interface, NULL);
    bool empty = interface->doc_len == 0 && !interface->notes->deprecated;
    for (size_t i = 0; i < methods->len; i++) {
        if (method_is_inherited(&methods->at[i], interface))
            continue;
        client_method(g, out, &methods->at[i]);
        empty = false;
    }
    if (empty)
        buf_append_lit(out, "    pass\n");
}

static void server_class(gen *g, buf *out, const ast_node *interface, const method_list *methods)
{
    const ast_list *bases = &interface->interface.bases;

    class_head(g, out, interface, "Server", "_x.Service");
    python_doc(out, "    ", interface, NULL);
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], interface))
            server_method(g, out, &methods->at[i]);
    buf_append_lit(out, "\n    METHODS: _ClassVar[tuple[tuple[_m.Method[_Any], str], ...]] = (\n");
    for (size_t i = 0; i < bases->len; i++)
        buf_printf(out, "        *%sServer.METHODS,\n", python_global(g, bases->at[i]));
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], interface))
            buf_printf(out, "        (%s, \"%s\"),\n", object_of(g, &methods->at[i]), method_name(g, &methods->at[i]));
    buf_append_lit(out, "    )\n");
}

static void define_interface(gen *g, const ast_node *node, void *context)
{
    buf *out = context;

    if (node->include || node->kind != AST_INTERFACE)
        return;
    const method_list *methods = method_all(g, node);
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], node))
            define_outs(g, out, &methods->at[i]);
    buf_append_lit(out, "\n");
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], node))
            define_object(g, out, &methods->at[i]);
    client_class(g, out, node, methods);
    server_class(g, out, node, methods);
}

/* ---- the file ---- */

const char *python_module(gen *g)
{
    return python_module_of(g, g->stem);
}

static const char head_text[] =
    "from __future__ import annotations\n"
    "\n"
    "import enum as _enum\n"
    "from abc import abstractmethod as _abstractmethod\n"
    "from dataclasses import dataclass as _dataclass\n"
    "from datetime import datetime as _datetime\n"
    "from typing import Any as _Any, ClassVar as _ClassVar, Final as _Final, NamedTuple as _NamedTuple, "
    "TypeAlias as _TypeAlias\n"
    "\n"
    "import jrpc_messages as _m\n"
    "import jrpc_scalars as _s\n"
    "import jrpc_slixmpp as _x\n"
    "import jrpc_types as _t\n";

void python_render(gen *g, buf *out)
{
    const ast_list *all = &g->unit->definitions;

    buf_printf(out, "\"\"\"Types, clients and servers of %s.idl, made by idlgen --python: do not edit.\"\"\"\n", g->stem);
    buf_append_str(out, head_text);
    for (const ast_include *i = g->unit->includes; i; i = i->next)
        if (!i->builtin)
            buf_printf(out, "from %s import *\n", python_module_of(g, i->name));
    buf_append_lit(out, "\n");
    gen_visit(g, all, python_declare_node, out);
    gen_visit(g, all, python_define_node, out);
    buf_append_lit(out, "\n\n");
    gen_visit(g, all, python_complete_node, out);
    gen_visit(g, all, define_interface, out);
}

/* ---- names that would be there twice ---- */

typedef struct check {
    map seen;
    diag *d;
    bool good;
} check;

static void claim(gen *g, check *c, const char *name, const ast_node *node)
{
    const ast_node *earlier = map_get_str(&c->seen, name);

    if (earlier && earlier != node) {
        c->good = false;
        if (!c->d)
            return;
        diag_report(c->d, DIAG_ERROR, "python-name-clash", node->place, "'%s' and '%s' are both '%s' in Python",
                    node->scoped, earlier->scoped, name);
        diag_report(c->d, DIAG_NOTE, NULL, earlier->place, "'%s' is here", earlier->scoped);
    } else if (!earlier) {
        gen_put(g, &c->seen, name, node);
    }
}

static void claim_interface(gen *g, check *c, const ast_node *node)
{
    const method_list *methods = method_all(g, node);

    claim(g, c, gen_join(g, python_global(g, node), "Client", ""), node);
    claim(g, c, gen_join(g, python_global(g, node), "Server", ""), node);
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], node) && has_outs(&methods->at[i]))
            claim(g, c, outs_class(g, &methods->at[i]), methods->at[i].node);
}

static void claim_node(gen *g, const ast_node *node, void *context)
{
    const char *name = python_global(g, node);

    switch (node->kind) {
    case AST_INTERFACE:
        claim_interface(g, context, node);
        break;
    case AST_UNION:
        for (size_t i = 0; i < node->union_.arms.len; i++)
            claim(g, context, gen_join(g, name, "_", node->union_.arms.at[i]->name), node->union_.arms.at[i]);
        claim(g, context, gen_join(g, name, "_no_arm", ""), node);
        claim(g, context, name, node);
        claim(g, context, gen_join(g, name, "_type", ""), node);
        break;
    case AST_STRUCT:
    case AST_EXCEPTION:
    case AST_ENUM:
    case AST_BITMASK:
    case AST_TYPEDEF:
        claim(g, context, gen_join(g, name, "_type", ""), node);
        claim(g, context, name, node);
        break;
    case AST_CONST:
        claim(g, context, name, node);
        break;
    default:
        break;
    }
}

bool python_check(gen *g, diag *d)
{
    check c = { MAP_INIT, d, true };

    gen_visit(g, &g->unit->definitions, claim_node, &c);
    map_done(&c.seen);
    return c.good && !g->failed;
}
