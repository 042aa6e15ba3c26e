/* SPDX-License-Identifier: MIT */
/* Interfaces: bases and bodies. */
#include "front/interface.h"

#include <string.h>

#include "front/habit.h"

enum { OPERATIONS_MAX = 65535, INHERITED_MAX = 2000000 };

/* ---- bases ---- */

static bool is_listed(const ast_list *list, const ast_node *node)
{
    for (size_t i = 0; i < list->len; i++) {
        if (list->at[i] == node)
            return true;
    }
    return false;
}

static void inherit(parser *p, ast_node *node, ast_node *base, place where)
{
    const ast_list *all = &base->interface.operations;
    p->inherited += all->len;
    if (p->inherited > INHERITED_MAX || node->interface.operations.len + all->len > OPERATIONS_MAX) {
        pp_fatal(p->pp, "interface-size", where,
                 "an interface has at most %d operations, and all together inherit at most %d",
                 OPERATIONS_MAX, INHERITED_MAX);
        return;
    }
    for (size_t i = 0; i < all->len; i++) {
        ast_node *operation = all->at[i];
        const word *name = env_word(p->env, operation->name, strlen(operation->name));
        const ast_node *other = table_get(&node->scope->inherited, table_key(name->folded));
        if (other == operation)
            continue;
        if (other) {
            parse_error(p, "inherit-clash", where, "'%s' is inherited both from '%s' and from '%s'",
                        operation->name, other->parent->scoped, operation->parent->scoped);
            parse_note(p, other->place, "one is here");
            parse_note(p, operation->place, "the other is here");
            continue;
        }
        table_put(p->env, &node->scope->inherited, table_key(name->folded), operation);
        ast_list_add(p->env, &node->interface.operations, operation);
    }
}

static void add_base(parser *p, ast_node *node, ast_node *base, place where)
{
    if (base->include && base->include->builtin) {
        parse_error(p, "base-kind", where, "'%s' is answered by every server: it cannot be a base", base->scoped);
        return;
    }
    if (base->kind == AST_TYPEDEF || (base->kind != AST_INTERFACE && base->kind != AST_FORWARD)) {
        parse_error(p, "base-kind", where, "%s '%s' cannot be the base of an interface",
                    ast_kind_name(base->kind), base->scoped);
    } else if (base == node) {
        parse_error(p, "base-incomplete", where, "'%s' cannot be a base of itself", base->scoped);
        return;
    } else if (base->kind == AST_FORWARD || base->open) {
        parse_error(p, "base-incomplete", where, "'%s' must be defined before it can be a base",
                    base->scoped);
    } else if (is_listed(&node->interface.bases, base)) {
        parse_error(p, "base-twice", where, "'%s' is already a base of '%s'", base->scoped, node->name);
        return;
    } else if (node->interface.bases.len >= LIMIT_LIST) {
        pp_fatal(p->pp, "interface-size", where, "an interface has at most %d bases", LIMIT_LIST);
        return;
    } else if (base->depth >= LIMIT_NESTING) {
        pp_fatal(p->pp, "nesting-depth", where, "interfaces inherit from each other more than %d deep",
                 LIMIT_NESTING);
        return;
    } else {
        ast_list_add(p->env, &node->interface.bases, base);
        if (node->depth < base->depth + 1)
            node->depth = base->depth + 1;
        inherit(p, node, base, where);
        return;
    }
    parse_note(p, base->place, "'%s' is here", base->name);
}

static void parse_bases(parser *p, ast_node *node)
{
    do {
        place where = parse_peek(p, 0)->where;
        if (parse_at_keyword(p, KW_PUBLIC) || parse_at_keyword(p, KW_PRIVATE)) {
            parse_error(p, "syntax", where, "a base is always public: leave out '%s'",
                        parse_peek(p, 0)->text);
            parse_take(p);
            where = parse_peek(p, 0)->where;
        }
        if (!parse_at_scoped(p)) {
            parse_error(p, "syntax", where, "expected the name of a base interface before %s",
                        parse_show(p, parse_peek(p, 0)));
            while (!parse_at(p, '{') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
                parse_take(p);
            return;
        }
        ast_node *base = parse_scoped(p, "interface", &where);
        if (base && base->kind != AST_UNSUPPORTED)
            add_base(p, node, base, where);
    } while (parse_accept(p, ','));
}

/* ---- body ---- */

static bool is_callable(parser *p)
{
    const token *t = parse_peek(p, 0);
    if (t->kind == TOKEN_SCOPE)
        return true;
    if (t->kind != TOKEN_WORD)
        return false;
    static const uint8_t types[] = { KW_BOOLEAN,  KW_OCTET, KW_SHORT,  KW_LONG,      KW_UNSIGNED, KW_FLOAT,
                                     KW_DOUBLE,   KW_CHAR,  KW_WCHAR,  KW_STRING,    KW_WSTRING,  KW_ANY,
                                     KW_SEQUENCE, KW_FIXED, KW_OBJECT, KW_VALUEBASE, KW_VOID,     KW_ONEWAY };
    keyword k = (keyword)t->word->keyword;
    return !keyword_is_reserved(k) || memchr(types, (int)k, sizeof types);
}

static void report_stray(parser *p)
{
    const token *t = parse_peek(p, 0);
    keyword k = t->kind == TOKEN_WORD ? (keyword)t->word->keyword : KW_NONE;
    if (k == KW_MODULE || k == KW_INTERFACE)
        parse_error(p, "syntax", t->where, "a%s %s cannot be inside an interface",
                    k == KW_INTERFACE ? "n" : "", keyword_text(k));
    else if (k == KW_PUBLIC || k == KW_PRIVATE)
        parse_error(p, "syntax", t->where, "everything in an interface is public: leave out '%s'", t->text);
    else
        parse_error(p, "syntax", t->where, "expected an operation or attribute before %s", parse_show(p, t));
    if ((k == KW_PUBLIC || k == KW_PRIVATE) && parse_peek(p, 1)->kind == ':') {
        parse_take(p);
        parse_take(p);
        return;
    }
    parse_take(p);
    if (t->kind != ';')
        parse_recover(p);
}

/* `static`, `virtual`: reported, and what follows is read. */
static bool skip_habit(parser *p)
{
    const token *t = parse_peek(p, 0), *next = parse_peek(p, 1);
    const char *hint = t->kind == TOKEN_WORD && !t->word->keyword ? habit_of_definition(t->text) : NULL;
    if (!hint || strncmp(hint, "leave it out", 12) != 0 || next->kind != TOKEN_WORD ||
        parse_peek(p, 2)->kind == '(')
        return false;
    parse_error(p, "syntax", t->where, "'%s' is not IDL: %s", t->text, hint);
    parse_take(p);
    return true;
}

static void parse_body_item(parser *p, ast_node *node)
{
    annots intro;
    parse_intro(p, &intro);
    if (parse_at_keyword(p, KW_ATTRIBUTE) || parse_at_keyword(p, KW_READONLY))
        attribute_parse(p, node, &intro);
    else if (parse_type_definition(p, &intro) || parse_unsupported(p))
        return;
    else if (skip_habit(p))
        return;
    else if (is_callable(p))
        operation_parse(p, node, &intro);
    else if (parse_at(p, '}') || parse_at(p, TOKEN_EOF))
        annot_refuse(p, &intro, "an operation or attribute");
    else
        report_stray(p);
}

static void parse_body(parser *p, ast_node *node)
{
    scope *outer = p->scope;
    ast_list *list = p->list;
    p->scope = node->scope;
    p->list = &node->interface.body;
    while (!parse_at(p, '}') && !parse_at(p, TOKEN_EOF)) {
        if (parse_is_outside(p, node))
            break;
        if (!parse_accept(p, ';'))
            parse_body_item(p, node);
    }
    p->list = list;
    p->scope = outer;
}

/* ---- the whole ---- */

/* `extends Base`: reported, then read like `: Base`. */
static bool accept_colon(parser *p)
{
    if (parse_accept(p, ':'))
        return true;
    const token *t = parse_peek(p, 0);
    const char *hint = t->kind == TOKEN_WORD ? habit_of_clause(t->text) : NULL;
    if (!hint || t->word->keyword)
        return false;
    parse_error(p, "syntax", t->where, "'%s' is not IDL: %s", t->text, hint);
    parse_take(p);
    return true;
}

void parse_interface(parser *p, const annots *intro)
{
    parse_take(p);
    ident name = parse_ident(p, "the name of the interface");
    if (name.word && parse_accept(p, ';')) {
        parse_forward(p, AST_INTERFACE, name, intro);
        return;
    }
    ident unnamed = { NULL, name.where };
    ast_node *node = parse_define_forwarded(p, AST_INTERFACE, name.word ? name : unnamed, intro);
    node->scope = scope_new(p->env, p->scope, node);
    node->open = true;
    annot_apply(p, intro, node);
    if (accept_colon(p))
        parse_bases(p, node);
    place open = parse_peek(p, 0)->where;
    if (!parse_open(p, name, AST_INTERFACE) || !parse_enter(p)) {
        node->open = false;
        return;
    }
    parse_body(p, node);
    node->open = false;
    parse_leave(p);
    if (parse_close(p, open))
        parse_semicolon(p, "the interface");
    parse_trailing(p, node);
    operation_check_wire_names(p, node);
}
