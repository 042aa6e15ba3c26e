/* SPDX-License-Identifier: MIT */
/* The reference of one file's interfaces. */
#include "emit/doc.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "emit/doc_comment.h"
#include "emit/doc_wire.h"
#include "emit/method.h"
#include "emit/names.h"
#include "emit/text.h"

static const char *method_anchor(gen *g, const method *m)
{
    return gen_join(g, page_anchor(g, m->owner->scoped), ".", m->name);
}

/* A method's name; a link when this page describes it. */
static const char *method_link(page *p, const method *m)
{
    return m->owner->include ? page_code(p, m->name) : page_link(p, method_anchor(p->g, m), m->name);
}

/* ---- what IDL and C write ---- */

static const char *raises_clause(gen *g, const ast_list *raises)
{
    const char *text = "";

    for (size_t i = 0; i < raises->len; i++)
        text = gen_text(g, "%s%s%s", text, i ? ", " : " raises (", raises->at[i]->scoped);
    return raises->len ? gen_join(g, text, ")", "") : "";
}

static const char *direction_name(ast_direction direction)
{
    return direction == AST_IN ? "in" : direction == AST_OUT ? "out" : "inout";
}

static void attribute_idl(const ast_attribute *a, const char *name, buf *out)
{
    buf_printf(out, "%sattribute %s %s;\n", a->readonly ? "readonly " : "", a->type->name, name);
}

static const char *idl(gen *g, const method *m)
{
    AUTO(buf_done) buf out = BUF_INIT;
    AUTO(buf_done) buf head = BUF_INIT;
    const char **params = arena_zalloc(&g->memory, (m->param_count + 1) * sizeof *params);

    if (!params) {
        g->failed = true;
        return "";
    }
    if (m->node->kind == AST_ATTRIBUTE) {
        attribute_idl(&m->node->attribute, m->node->name, &out);
        return gen_take(g, &out);
    }
    for (size_t i = 0; i < m->param_count; i++)
        params[i] = gen_text(g, "%s %s %s", direction_name(m->params[i].direction), m->params[i].type->name,
                             m->params[i].node->name);
    buf_printf(&head, "%s%s %s(", m->oneway ? "oneway " : "", m->result ? m->result->name : "void", m->name);
    text_signature(&out, gen_take(g, &head), params, m->param_count,
                   gen_join(g, ")", raises_clause(g, m->raises), ";\n"));
    return gen_take(g, &out);
}

static const char *prototype(gen *g, const method *m)
{
    AUTO(buf_done) buf out = BUF_INIT;
    method_signature s = method_params(g, m, METHOD_CALL);

    text_signature(&out, gen_text(g, "jrpc_status %s(", m->function), s.at, s.len, ");\n");
    return gen_take(g, &out);
}

/* ---- one method ---- */

/* node: the parameter, or NULL; more: what the operation's comment says of it, markup. */
static void param_row(page *p, const char *name, const char *direction, const ast_type *type,
                      const ast_node *node, const char *more)
{
    const char *own = node ? doc_comment_of(p, node, DOC_TEXT, "") : "";
    const char *meaning = gen_join(p->g, own, *own && *more ? " " : "", more);
    const char *cells[] = { page_code(p, name), direction, doc_types_name(p, type),
                            page_text(p, doc_wire_type(p->g, type)), doc_types_limits(p, node, type),
                            meaning };
    page_row(p, cells, COUNT_OF(cells));
}

static void params_table(page *p, const method *m)
{
    static const char *const headings[] = { "Name", "Direction", "Type", "On the wire", "Limits", "Meaning" };

    if (m->param_count == 0 && !m->result)
        return;
    page_table(p, headings, COUNT_OF(headings));
    for (size_t i = 0; i < m->param_count; i++) {
        const ast_node *node = m->params[i].node; /* NULL: the value of an attribute */
        param_row(p, m->params[i].wire_name, direction_name(m->params[i].direction), m->params[i].type, node,
                  node ? doc_comment_of(p, m->node, DOC_PARAM, node->name) : "");
    }
    if (m->result)
        param_row(p, "", "result", m->result, NULL, doc_comment_of(p, m->node, DOC_RESULT, ""));
    page_table_end(p);
}

static void raises_table(page *p, const method *m)
{
    static const char *const headings[] = { "Exception", "Fault code", "Meaning" };

    if (m->raises->len == 0)
        return;
    page_table(p, headings, COUNT_OF(headings));
    for (size_t i = 0; i < m->raises->len; i++) {
        const ast_node *e = m->raises->at[i];
        const char *here = doc_comment_of(p, m->node, DOC_RAISES, e->scoped);
        const char *cells[] = { e->include ? page_code(p, e->scoped)
                                           : page_link(p, page_anchor(p->g, e->scoped), e->scoped),
                                page_text(p, gen_text(p->g, "%" PRId32, e->exception.fault)),
                                *here ? here : page_summary(p, e) };
        page_row(p, cells, COUNT_OF(cells));
    }
    page_table_end(p);
}

static void annotations(page *p, const method *m)
{
    const ast_notes *notes = m->node->notes;

    if (m->oneway)
        page_paragraph(p, "One way: the caller does not wait, and the answer is dropped.");
    if (notes->idempotent)
        page_paragraph(p, "Idempotent: calling it again changes nothing.");
    if (notes->timeout_ms)
        page_paragraph(p, gen_text(p->g, "Timeout: %" PRIu32 " ms.", notes->timeout_ms));
    if (notes->acl)
        page_paragraph(p, gen_join(p->g, "Access list: ", page_code(p, notes->acl), "."));
    if (notes->no_command)
        page_paragraph(p, "Not offered to people: no command, no line of chat.");
}

static void wire_form(page *p, const method *m)
{
    page_paragraph(p, gen_join(p->g, "The call of ", page_code(p, m->wire_name), ":"));
    page_block(p, "xml", doc_wire_call(p->g, m));
    if (!m->oneway) {
        page_paragraph(p, "The answer:");
        page_block(p, "xml", doc_wire_response(p->g, m));
    }
    if (m->raises->len == 0)
        return;
    const ast_node *first = m->raises->at[0];
    page_paragraph(p, gen_join(p->g, "The fault for ", page_code(p, first->scoped), ":"));
    page_block(p, "xml", doc_wire_fault(p->g, first));
}

static void method_section(page *p, const method *m)
{
    page_heading(p, 3, method_anchor(p->g, m), gen_join(p->g, m->owner->scoped, "::", m->name));
    page_doc(p, m->node);
    page_block(p, "idl", idl(p->g, m));
    params_table(p, m);
    raises_table(p, m);
    annotations(p, m);
    page_paragraph(p, "In C:");
    page_block(p, "c", prototype(p->g, m));
    wire_form(p, m);
}

/* ---- one interface ---- */

static void overview(page *p, const ast_node *interface, const method_list *methods)
{
    static const char *const headings[] = { "Operation", "On the wire", "Inherited from", "Meaning" };

    if (methods->len == 0)
        return;
    page_table(p, headings, COUNT_OF(headings));
    for (size_t i = 0; i < methods->len; i++) {
        const method *m = &methods->at[i];
        bool inherited = method_is_inherited(m, interface);
        const char *cells[] = { method_link(p, m), page_code(p, m->wire_name),
                                inherited ? page_code(p, m->owner->scoped) : "", page_summary(p, m->node) };
        page_row(p, cells, COUNT_OF(cells));
    }
    page_table_end(p);
}

static void interface_section(gen *g, const ast_node *node, void *context)
{
    page *p = context;

    if (node->include || node->kind != AST_INTERFACE)
        return;
    const method_list *methods = method_all(g, node);
    page_heading(p, 2, page_anchor(g, node->scoped), gen_join(g, "interface ", node->scoped, ""));
    page_doc(p, node);
    overview(p, node, methods);
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], node))
            method_section(p, &methods->at[i]);
}

/* ---- the file ---- */

static void contents_item(gen *g, const ast_node *node, void *context)
{
    page *p = context;

    if (node->include || node->kind != AST_INTERFACE)
        return;
    const char *link = page_link(p, page_anchor(g, node->scoped), node->scoped);
    page_list_item(p, 0, gen_join(g, "interface ", link, ""));
    const method_list *methods = method_all(g, node);
    for (size_t i = 0; i < methods->len; i++)
        if (!method_is_inherited(&methods->at[i], node))
            page_list_item(p, 1, method_link(p, &methods->at[i]));
}

static void contents_type(gen *g, const ast_node *node, void *context)
{
    page *p = context;

    if (!node->include && doc_types_has(node))
        page_list_item(p, 1, gen_text(g, "%s %s", ast_kind_name(node->kind),
                                      page_link(p, page_anchor(g, node->scoped), node->scoped)));
}

static void type_section(gen *g, const ast_node *node, void *context)
{
    (void)g;
    if (!node->include)
        doc_types_section(context, node);
}

static void count_types(gen *g, const ast_node *node, void *context)
{
    (void)g;
    *(size_t *)context += !node->include && doc_types_has(node);
}

static void modules(page *p, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        if (node->kind != AST_MODULE || node->include)
            continue;
        if (node->doc_len) {
            page_paragraph(p, gen_join(p->g, "Module ", page_code(p, node->scoped), ":"));
            page_doc(p, node);
        }
        modules(p, &node->module.definitions);
    }
}

static void contents(page *p, bool types)
{
    const ast_list *all = &p->g->unit->definitions;

    page_heading(p, 2, NULL, "Contents");
    buf_append_str(p->out, p->html ? "" : "\n");
    gen_visit(p->g, all, contents_item, p);
    if (!types)
        return;
    page_list_item(p, 0, p->html ? "<a href=\"#-types\">Types</a>" : "[Types](#-types)");
    gen_visit(p->g, all, contents_type, p);
}

static void render(gen *g, buf *out, bool html)
{
    page p = { .g = g, .out = out, .html = html };
    const ast_list *all = &g->unit->definitions;
    size_t types = 0;

    page_begin(&p, gen_join(g, "Reference of ", g->stem, ""));
    modules(&p, all);
    gen_visit(g, all, count_types, &types);
    contents(&p, types > 0);
    gen_visit(g, all, interface_section, &p);
    if (types) {
        page_heading(&p, 2, "-types", "Types");
        gen_visit(g, all, type_section, &p);
    }
    page_end(&p);
}

void doc_markdown_render(gen *g, buf *out)
{
    render(g, out, false);
}

void doc_html_render(gen *g, buf *out)
{
    render(g, out, true);
}
