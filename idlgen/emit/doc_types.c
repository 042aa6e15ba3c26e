/* SPDX-License-Identifier: MIT */
/* Types, constants and exceptions in the reference. */
#include "emit/doc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "emit/doc_comment.h"
#include "emit/doc_wire.h"
#include "emit/names.h"
#include "emit/text.h"

const char *doc_types_name(page *p, const ast_type *type)
{
    if (type->kind == AST_TYPE_NAMED && !type->def->include)
        return page_link(p, page_anchor(p->g, type->def->scoped), type->name);
    return page_code(p, type->name);
}

/* ---- values ---- */

static const char *real(gen *g, double number)
{
    char text[40];
    int digits = 1;

    do {
        snprintf(text, sizeof text, "%.*g", digits, number);
    } while (++digits <= 17 && strtod(text, NULL) != number);
    return gen_text(g, "%s", text);
}

static const char *quoted(gen *g, const char *text)
{
    AUTO(buf_done) buf literal = BUF_INIT;

    text_string(&literal, text);
    return gen_take(g, &literal);
}

/* As IDL writes it. */
static const char *value(gen *g, const ast_value *v)
{
    switch (v->kind) {
    case AST_VALUE_BOOLEAN:
        return v->integer ? "TRUE" : "FALSE";
    case AST_VALUE_DOUBLE:
        return real(g, v->real);
    case AST_VALUE_CHAR:
        if (v->integer < 0x20 || v->integer >= 0x7F)
            return gen_text(g, "U+%04" PRIX64, (uint64_t)v->integer);
        return gen_text(g, "'%c'", (int)v->integer);
    case AST_VALUE_STRING:
        return quoted(g, v->text);
    case AST_VALUE_ENUM:
        return v->enumerator->name;
    default:
        return v->big ? gen_text(g, "%" PRIu64, (uint64_t)v->integer) : gen_text(g, "%" PRId64, v->integer);
    }
}

/* ---- limits ---- */

static void add(page *p, const char **ret_text, const char *more)
{
    *ret_text = **ret_text ? gen_join(p->g, *ret_text, ", ", more) : more;
}

static void add_bound(page *p, const char **limits, const ast_type *type)
{
    const char *what = "elements";

    if (type->bound == 0)
        return;
    if (type->kind == AST_TYPE_STRING || type->kind == AST_TYPE_WSTRING)
        what = "characters";
    const char *how = type->kind == AST_TYPE_ARRAY ? "exactly" : "at most";
    add(p, limits, gen_text(p->g, "%s %" PRIu32 " %s", how, type->bound, what));
}

static void add_range(page *p, const char **limits, const ast_node *node)
{
    const ast_value *min, *max;

    if (!ast_range_of(node, &min, &max))
        return;
    if (min && max)
        add(p, limits,
            gen_join(p->g, page_text(p, value(p->g, min)), " to ", page_text(p, value(p->g, max))));
    else if (min)
        add(p, limits, gen_join(p->g, "at least ", page_text(p, value(p->g, min)), ""));
    else if (max)
        add(p, limits, gen_join(p->g, "at most ", page_text(p, value(p->g, max)), ""));
}

const char *doc_types_limits(page *p, const ast_node *node, const ast_type *type)
{
    const ast_type *resolved = ast_type_resolve(type);
    const char *limits = "";

    add_bound(p, &limits, resolved);
    if (type->unique || resolved->unique)
        add(p, &limits, "no equal elements");
    if (!node)
        return limits;
    add_range(p, &limits, node);
    if (node->notes->unit)
        add(p, &limits, page_text(p, node->notes->unit));
    if (node->notes->optional)
        add(p, &limits, "optional");
    if (node->notes->key)
        add(p, &limits, "key");
    if (node->notes->default_value)
        add(p, &limits,
            gen_join(p->g, "default ", page_code(p, value(p->g, node->notes->default_value)), ""));
    if (node->notes->deprecated)
        add(p, &limits, "deprecated");
    return limits;
}

/* ---- tables ---- */

/* All lines of the comment, for a cell. */
static const char *comment(page *p, const ast_node *node)
{
    return doc_comment_of(p, node, DOC_TEXT, "");
}

static void member_rows(page *p, const ast_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        const ast_type *type = ast_node_type(node);
        const char *cells[] = { page_code(p, node->wire_name), doc_types_name(p, type),
                                page_text(p, doc_wire_type(p->g, type)), doc_types_limits(p, node, type),
                                comment(p, node) };
        page_row(p, cells, COUNT_OF(cells));
    }
}

static void base_rows(page *p, const ast_node *node)
{
    if (node->structure.base)
        base_rows(p, node->structure.base);
    member_rows(p, &node->structure.members);
}

static void members(page *p, const ast_node *node)
{
    static const char *const headings[] = { "Member", "Type", "On the wire", "Limits", "Meaning" };

    page_table(p, headings, COUNT_OF(headings));
    if (node->kind == AST_STRUCT)
        base_rows(p, node);
    else
        member_rows(p, &node->exception.members);
    page_table_end(p);
}

static const char *labels(page *p, const ast_arm *arm)
{
    const char *text = "";

    for (size_t i = 0; i < arm->label_count; i++) {
        const ast_label *label = &arm->labels[i];
        const char *one = label->enumerator ? label->enumerator->name
                                            : gen_text(p->g, "%" PRId64, label->value);
        add(p, &text, page_code(p, one));
    }
    if (arm->is_default)
        add(p, &text, "default");
    return text;
}

static void arms(page *p, const ast_node *node)
{
    static const char *const headings[] = { "Case", "Member", "Type", "On the wire", "Limits", "Meaning" };

    page_table(p, headings, COUNT_OF(headings));
    for (size_t i = 0; i < node->union_.arms.len; i++) {
        const ast_node *arm = node->union_.arms.at[i];
        const ast_type *type = arm->arm.type;
        const char *cells[] = { labels(p, &arm->arm),       page_code(p, arm->wire_name),
                                doc_types_name(p, type),    page_text(p, doc_wire_type(p->g, type)),
                                doc_types_limits(p, arm, type), comment(p, arm) };
        page_row(p, cells, COUNT_OF(cells));
    }
    page_table_end(p);
}

static void names(page *p, const ast_list *list, const char *what)
{
    const char *headings[] = { "Name", what, "In C", "Meaning" };

    page_table(p, headings, COUNT_OF(headings));
    for (size_t i = 0; i < list->len; i++) {
        const ast_node *node = list->at[i];
        const char *number = node->kind == AST_BIT ? gen_text(p->g, "%" PRIu32, node->bit.position)
                                                   : gen_text(p->g, "%" PRId64, node->enumerator.value);
        const char *cells[] = { page_code(p, node->wire_name), page_text(p, number),
                                page_code(p, names_global(p->g, node)), comment(p, node) };
        page_row(p, cells, COUNT_OF(cells));
    }
    page_table_end(p);
}

/* ---- sections ---- */

static void sentence(page *p, const char *before, const char *markup, const char *after)
{
    page_paragraph(p, gen_join(p->g, before, markup, after));
}

static void typedef_section(page *p, const ast_node *node)
{
    const ast_type *type = node->alias.type;
    const char *limits = doc_types_limits(p, node, type);

    sentence(p, "Another name of ", doc_types_name(p, type),
             gen_text(p->g, "%s%s.", *limits ? ": " : "", limits));
    sentence(p, "On the wire: ", page_text(p, doc_wire_type(p->g, type)), ".");
}

static void const_section(page *p, const ast_node *node)
{
    sentence(p, doc_types_name(p, node->constant.type), " ",
             gen_join(p->g, "= ", page_code(p, value(p->g, &node->constant.value)), "."));
}

static void enum_section(page *p, const ast_node *node)
{
    bool number = node->notes->wire == AST_WIRE_INT;

    sentence(p, "On the wire: ", number ? "the number, as i4" : "the name, as string", ".");
    names(p, &node->enumeration.enumerators, "Number");
}

bool doc_types_has(const ast_node *node)
{
    return node->kind == AST_STRUCT || node->kind == AST_EXCEPTION || node->kind == AST_UNION ||
           node->kind == AST_ENUM || node->kind == AST_BITMASK || node->kind == AST_TYPEDEF ||
           node->kind == AST_CONST;
}

static void body(page *p, const ast_node *node)
{
    switch (node->kind) {
    case AST_UNION:
        sentence(p, "Chosen by ", doc_types_name(p, node->union_.discriminator),
                 gen_join(p->g, ", on the wire as the member ", page_code(p, "_d"), "."));
        arms(p, node);
        break;
    case AST_ENUM: enum_section(p, node); break;
    case AST_BITMASK: names(p, &node->bitmask.bits, "Bit"); break;
    case AST_TYPEDEF: typedef_section(p, node); break;
    case AST_CONST: const_section(p, node); break;
    default:
        if (node->kind == AST_EXCEPTION)
            sentence(p, "Fault code ", gen_text(p->g, "%" PRId32, node->exception.fault), ".");
        members(p, node);
        break;
    }
}

void doc_types_section(page *p, const ast_node *node)
{
    if (!doc_types_has(node))
        return;
    page_heading(p, 3, page_anchor(p->g, node->scoped),
                 gen_join(p->g, ast_kind_name(node->kind), " ", node->scoped));
    page_doc(p, node);
    body(p, node);
    sentence(p, "In C: ", page_code(p, names_global(p->g, node)), ".");
}
