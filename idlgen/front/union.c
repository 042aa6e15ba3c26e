/* SPDX-License-Identifier: MIT */
/* Unions. */
#include "front/parse.h"

#include <string.h>

#include "base/utf8.h"
#include "front/constant.h"
#include "front/diag_list.h"

typedef struct cases {
    ast_node *node;
    table labels;    /* by value: ast_label */
    place default_;
    bool has_default;
    bool broken;     /* a label was not understood: what they cover is not known */
} cases;

static bool is_switch_type(const ast_type *type)
{
    const ast_type *real = ast_type_resolve(type);
    if (real->kind == AST_TYPE_NAMED)
        return real->def->kind == AST_ENUM;
    return ast_type_is_integer(real->kind) || real->kind == AST_TYPE_BOOLEAN || real->kind == AST_TYPE_CHAR ||
           real->kind == AST_TYPE_WCHAR;
}

static ast_type *parse_discriminator(parser *p)
{
    annots intro;
    place where = parse_peek(p, 0)->where;
    if (!parse_expect(p, '(', "'(' and the type to switch on"))
        return NULL;
    parse_intro(p, &intro);
    ast_type *type = parse_type(p, TYPE_INNER);
    if (!type_is_error(type) && !is_switch_type(type)) {
        parse_error(p, "union-switch", type->place,
                    "a union switches on an integer, boolean, char or enum, not on '%s'", type->name);
        type = type_new(p, AST_TYPE_ERROR, where);
    }
    if (!parse_expect(p, ')', "')'")) {
        parse_skip_item(p);
        parse_accept(p, ')');
    }
    return type;
}

/* ---- labels ---- */

static void add_label(parser *p, cases *c, ast_node *arm, size_t *cap, const ast_value *v, place where)
{
    ast_label *old = table_get(&c->labels, (uint64_t)v->integer);
    if (old) {
        parse_error(p, "label-duplicate", where, "this label is already in the union '%s'", c->node->scoped);
        parse_note(p, old->place, "the earlier label is here");
        return;
    }
    ast_label *label = ENV_NEW(p->env, ast_label);
    *label = (ast_label){ v->integer, v->enumerator, where };
    table_put(p->env, &c->labels, (uint64_t)v->integer, label);
    arm->arm.labels = env_grow(p->env, arm->arm.labels, arm->arm.label_count, cap, sizeof *label);
    arm->arm.labels[arm->arm.label_count++] = *label;
}

static void read_label(parser *p, cases *c, ast_node *arm, size_t *cap)
{
    const ast_type *type = c->node->union_.discriminator;
    size_t errors = diag_error_count(p->env->diag);
    /* Without a type to switch on nobody knows what a label may be. */
    bool before = diag_hush(p->env->diag, p->env->diag->muted || type_is_error(type));
    value v = constant_parse(p, type_is_error(type) ? NULL : type);
    diag_hush(p->env->diag, before);
    ast_value converted;
    if (!type_is_error(type) && constant_convert(p, &v, type, &converted) &&
        constant_can_travel(p, type, &converted, v.where))
        add_label(p, c, arm, cap, &converted, v.where);
    else
        c->broken = true;
    if (diag_error_count(p->env->diag) == errors && parse_at(p, ',')) {
        parse_error(p, "syntax", parse_peek(p, 0)->where,
                    "a label has one value; for several write 'case ...: case ...:'");
        c->broken = true;
    }
    bool reported = diag_error_count(p->env->diag) > errors;
    while (reported && !parse_at(p, ':') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
        parse_take(p);
    if (!reported || parse_at(p, ':'))
        parse_expect(p, ':', "':' after the label");
}

static void read_default(parser *p, cases *c, ast_node *arm)
{
    place where = p->last;
    if (c->has_default) {
        parse_error(p, "label-duplicate", where, "the union '%s' already has a default", c->node->scoped);
        parse_note(p, c->default_, "the earlier default is here");
    } else {
        c->has_default = true;
        c->default_ = where;
        c->node->union_.default_arm = arm;
        arm->arm.is_default = true;
    }
    parse_expect(p, ':', "':' after 'default'");
}

/* ---- arms ---- */

static bool read_labels(parser *p, cases *c, ast_node *arm)
{
    size_t cap = 0;
    bool any = false;
    for (;; any = true) {
        if (parse_accept_keyword(p, KW_CASE))
            read_label(p, c, arm, &cap);
        else if (parse_accept_keyword(p, KW_DEFAULT))
            read_default(p, c, arm);
        else
            break;
    }
    const token *t = parse_peek(p, 0);
    if (!any && t->kind == TOKEN_WORD && strcmp(t->text, "break") == 0)
        parse_error(p, "syntax", t->where, "a case ends with its member: leave out 'break'");
    else if (!any)
        parse_error(p, "syntax", t->where, "expected 'case' or 'default' before %s", parse_show(p, t));
    return any;
}

static void name_arm(ast_node *arm, const ast_node *named, const annots *intro)
{
    arm->name = named->name;
    arm->scoped = named->scoped;
    arm->wire_name = named->wire_name;
    arm->place = named->place;
    arm->include = named->include;
    if (!arm->doc && intro->doc) {
        arm->doc = intro->doc->lines;
        arm->doc_len = intro->doc->len;
    }
}

static void parse_arm(parser *p, cases *c)
{
    annots outer, intro;
    parse_intro(p, &outer);
    ident unnamed = { NULL, parse_peek(p, 0)->where };
    ast_node *arm = parse_node(p, AST_ARM, unnamed, &outer);
    if (!read_labels(p, c, arm)) {
        parse_recover(p);
        return;
    }
    parse_intro(p, &intro);
    if (outer.first) {
        annot *last = outer.first;
        while (last->next)
            last = last->next;
        last->next = intro.first;
        intro.first = outer.first;
    }
    ast_type *type = parse_type(p, TYPE_INNER);
    ident name = parse_declarator(p, type, "the name of the member");
    if (!name.word) {
        parse_recover(p);
        return;
    }
    name_arm(arm, parse_node(p, AST_ARM, name, NULL), &intro);
    scope_declare(p, p->scope, name, arm);
    arm->arm.type = parse_dimensions(p, type, name);
    ast_list_add(p->env, &c->node->union_.arms, arm);
    annot_apply(p, &intro, arm);
    type_deepen(p, c->node, arm->arm.type);
    if (parse_at(p, ',')) {
        parse_error(p, "syntax", parse_peek(p, 0)->where, "a case has one member only");
        parse_recover(p);
    } else {
        parse_semicolon(p, "the member");
    }
    parse_trailing(p, arm);
}

/* ---- the whole ---- */

/* How many values the discriminator has; 0: more than labels could name. */
static uint64_t count_values(const ast_type *type)
{
    const ast_type *real = ast_type_resolve(type);
    switch (real->kind) {
    case AST_TYPE_BOOLEAN: return 2;
    case AST_TYPE_CHAR: return 99; /* of ASCII what XML can carry */
    case AST_TYPE_INT8: case AST_TYPE_UINT8: return 256;
    case AST_TYPE_INT16: case AST_TYPE_UINT16: return 65536;
    case AST_TYPE_NAMED: return real->def->enumeration.enumerators.len;
    default: return 0;
    }
}

/* A label has it, or it cannot travel. */
static bool is_taken(const cases *c, int64_t label, bool is_char)
{
    return table_get(&c->labels, (uint64_t)label) || (is_char && !utf8_is_xml_char((uint32_t)label));
}

/* The first value, counting up from 0 (of characters: '0') or through the enumerators, that no label names. */
static int64_t free_label(const cases *c)
{
    const ast_type *real = ast_type_resolve(c->node->union_.discriminator);
    if (real->kind == AST_TYPE_NAMED) {
        const ast_list *all = &real->def->enumeration.enumerators;
        for (size_t i = 0; i < all->len; i++) {
            if (!table_get(&c->labels, (uint64_t)all->at[i]->enumerator.value))
                return all->at[i]->enumerator.value;
        }
        return 0;
    }
    bool is_char = real->kind == AST_TYPE_CHAR || real->kind == AST_TYPE_WCHAR;
    int64_t most = real->kind == AST_TYPE_INT8 || real->kind == AST_TYPE_CHAR ? 127 :
                   real->kind == AST_TYPE_INT16 ? 32767 : INT64_MAX;
    int64_t free_value = is_char ? '0' : 0;
    while (free_value < most && is_taken(c, free_value, is_char))
        free_value++;
    while (is_taken(c, free_value, is_char))
        free_value--; /* only signed types and char get here: all from there up are taken */
    return free_value;
}

static void finish(parser *p, cases *c)
{
    ast_union *u = &c->node->union_;
    if (u->arms.len == 0 && !c->broken) {
        parse_error(p, "union-empty", c->node->place, "the union '%s' has no members", c->node->scoped);
        return;
    }
    if (type_is_error(u->discriminator) || c->broken)
        return;
    uint64_t values = count_values(u->discriminator);
    u->covered = values > 0 && c->labels.len >= values;
    if (u->covered && c->has_default)
        parse_error(p, "default-useless", c->default_,
                    "the labels of '%s' name every value of '%s'; default is never reached",
                    c->node->scoped, u->discriminator->name);
    if (!u->covered)
        u->default_label = free_label(c);
}

static void parse_cases(parser *p, ast_node *node)
{
    cases c = { .node = node };
    scope *outer = p->scope;
    p->scope = node->scope;
    node->depth = 1;
    while (!parse_at(p, '}') && !parse_at(p, TOKEN_EOF)) {
        size_t errors = diag_error_count(p->env->diag), arms = node->union_.arms.len;
        parse_arm(p, &c);
        c.broken |= node->union_.arms.len == arms && diag_error_count(p->env->diag) > errors;
    }
    p->scope = outer;
    finish(p, &c);
}

ast_node *parse_union(parser *p, const annots *intro, bool inner)
{
    parse_take(p);
    ident name = parse_ident(p, "the name of the union");
    if (!inner && name.word && parse_accept(p, ';')) {
        parse_forward(p, AST_UNION, name, intro);
        return NULL;
    }
    if (!name.word || !parse_accept_keyword(p, KW_SWITCH)) {
        if (name.word) {
            parse_error(p, "syntax", parse_peek(p, 0)->where,
                        "expected 'switch (type)' after the name of the union; "
                        "each member stands behind its 'case'");
            parse_lose(p, name);
        }
        parse_recover(p);
        return NULL;
    }
    ast_type *discriminator = parse_discriminator(p);
    place open = parse_peek(p, 0)->where;
    if (!discriminator)
        parse_recover(p);
    if (!discriminator || !parse_open(p, name, AST_UNION) || !parse_enter(p))
        return NULL;
    ast_node *node = parse_define_forwarded(p, AST_UNION, name, intro);
    size_t at = p->list->len - 1;
    node->scope = scope_new(p->env, p->scope, node);
    node->union_.discriminator = discriminator;
    node->open = true;
    annot_apply(p, intro, node);
    p->list->len = at;
    parse_cases(p, node);
    ast_list_add(p->env, p->list, node);
    node->open = false;
    if (node->used.source)
        node->union_.recursive = true;
    parse_leave(p);
    bool closed = parse_close(p, open);
    if (inner)
        return node;
    if (closed)
        parse_semicolon(p, "the union");
    parse_trailing(p, node);
    return node;
}
