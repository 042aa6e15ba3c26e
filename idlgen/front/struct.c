/* SPDX-License-Identifier: MIT */
/* Structs, exceptions and their members. */
#include "front/parse.h"

#include <string.h>

#include "front/constant.h"

ast_type *parse_dimensions(parser *p, ast_type *type, ident name)
{
    uint32_t bounds[LIMIT_NESTING];
    size_t count = 0;
    bool good = true;
    while (parse_accept(p, '[')) {
        bool room = count < LIMIT_NESTING;
        if (parse_at(p, ']')) {
            parse_error(p, "bound-range", parse_peek(p, 0)->where,
                        "arrays have a fixed size; use 'sequence<%s>' for any number", type->name);
            good = false;
        } else {
            uint32_t bound = constant_bound(p, "the size of an array", false);
            good &= bound > 0 && room;
            if (room)
                bounds[count++] = bound;
        }
        if (!parse_expect(p, ']', "']'"))
            break;
        if (!room) {
            pp_fatal(p->pp, "nesting-depth", name.where, "an array has at most %d dimensions", LIMIT_NESTING);
            break;
        }
    }
    if (!good || (count && type_is_error(type)))
        return type_new(p, AST_TYPE_ERROR, type->place);
    while (count > 0) {
        ast_type *array = type_new(p, AST_TYPE_ARRAY, type->place);
        array->element = type;
        array->bound = bounds[--count];
        type_rename(p, array);
        type = array;
    }
    return type;
}

/* ---- members ---- */

/* A member of a base struct has the name. */
static bool is_in_base(parser *p, const ast_node *owner, ident name)
{
    const ast_node *base = owner->kind == AST_STRUCT ? owner->structure.base : NULL;
    for (; base; base = base->structure.base) {
        const symbol *sym = scope_get(base->scope, name.word);
        if (!sym || sym->use || sym->node->kind != AST_MEMBER)
            continue;
        parse_error(p, "name-redefined", name.where, "'%s' is already a member of the base '%s'",
                    name.word->text, base->scoped);
        parse_note(p, sym->where, "the earlier member is here");
        return true;
    }
    return false;
}

static void refuse_default(parser *p)
{
    if (!parse_at(p, '='))
        return;
    parse_error(p, "syntax", parse_take(p).where,
                "write '@default(...)' before the member to give it a default");
    constant_parse(p, NULL);
}

/* `T a, b[2];` after the type; the last node, or NULL after a mistake. */
static ast_node *parse_declarators(parser *p, ast_node *owner, ast_list *members, ast_type *type,
                                   const annots *intro)
{
    ast_node *node = NULL;
    bool first = true;
    do {
        ident name = parse_declarator(p, type, "the name of a member");
        if (!name.word)
            return NULL;
        node = parse_node(p, AST_MEMBER, name, intro);
        node->member.type = type;
        if (!is_in_base(p, owner, name))
            scope_declare(p, p->scope, name, node);
        ast_type *own = parse_dimensions(p, type, name);
        if (own == type && !first) { /* annotations may change it */
            own = ENV_NEW(p->env, ast_type);
            *own = *type;
        }
        first = false;
        node->member.type = own;
        ast_list_add(p->env, members, node);
        annot_apply(p, intro, node);
        type_deepen(p, owner, own);
    } while (parse_accept(p, ','));
    return node;
}

static void parse_member(parser *p, ast_node *owner, ast_list *members)
{
    annots intro;
    parse_intro(p, &intro);
    if (parse_at(p, '}') || parse_at(p, TOKEN_EOF)) {
        annot_refuse(p, &intro, "a member");
        return;
    }
    const token *t = parse_peek(p, 0);
    keyword k = (keyword)(t->kind == TOKEN_WORD ? t->word->keyword : KW_NONE);
    if (k == KW_CONST || k == KW_TYPEDEF || k == KW_INTERFACE || k == KW_EXCEPTION || k == KW_MODULE) {
        parse_error(p, "syntax", t->where, "'%s' cannot be inside a %s; define it before", keyword_text(k),
                    ast_kind_name(owner->kind));
        parse_recover(p);
        return;
    }
    if (parse_at_name(p) && parse_peek(p, 1)->kind == ':') {
        parse_error(p, "syntax", parse_peek(p, 1)->where, "the type stands before the name: 'long %s;'",
                    t->text);
        parse_recover(p);
        return;
    }
    bool operation = k == KW_VOID && parse_peek(p, 1)->kind == TOKEN_WORD && parse_peek(p, 2)->kind == '(';
    ast_type *type = parse_type(p, operation ? TYPE_VOID : TYPE_INNER);
    ast_node *last = parse_declarators(p, owner, members, type, &intro);
    if (!last) {
        parse_recover(p);
        return;
    }
    if (parse_at(p, '(')) {
        parse_error(p, "syntax", last->place, "operations belong inside an interface, not a %s",
                    ast_kind_name(owner->kind));
        parse_recover(p);
        return;
    }
    size_t errors = diag_error_count(p->env->diag);
    refuse_default(p);
    if (diag_error_count(p->env->diag) > errors && !parse_at(p, ';'))
        parse_recover(p);
    else
        parse_semicolon(p, "the member");
    parse_trailing(p, last);
}

void parse_members(parser *p, ast_node *owner, ast_list *members)
{
    scope *outer = p->scope;
    p->scope = owner->scope;
    owner->depth = 1;
    while (!parse_at(p, '}') && !parse_at(p, TOKEN_EOF)) {
        if (parse_is_outside(p, owner))
            break;
        if (!parse_accept(p, ';'))
            parse_member(p, owner, members);
    }
    p->scope = outer;
}

/* ---- structs ---- */

static ast_node *parse_base(parser *p)
{
    if (!parse_accept(p, ':'))
        return NULL;
    place where = parse_peek(p, 0)->where;
    if (!parse_at_scoped(p)) {
        parse_error(p, "syntax", where, "expected the name of the base struct before %s",
                    parse_show(p, parse_peek(p, 0)));
        while (!parse_at(p, '{') && !parse_at(p, ';') && !parse_at(p, '}') && !parse_at(p, TOKEN_EOF))
            parse_take(p);
        return NULL;
    }
    ast_node *base = parse_scoped(p, "struct", &where);
    if (parse_at(p, ',')) {
        parse_error(p, "base-kind", parse_peek(p, 0)->where, "a struct has one base only");
        while (!parse_at(p, '{') && !parse_at(p, ';') && !parse_at(p, TOKEN_EOF))
            parse_take(p);
    }
    if (!base || base->kind == AST_UNSUPPORTED)
        return NULL;
    if (base->kind == AST_TYPEDEF && ast_type_resolve(base->alias.type)->kind == AST_TYPE_NAMED)
        base = ast_type_resolve(base->alias.type)->def;
    if (base->kind == AST_STRUCT && !base->open) {
        uint32_t depth = 0;
        for (const ast_node *b = base; b; b = b->structure.base)
            depth++;
        if (depth >= LIMIT_NESTING)
            pp_fatal(p->pp, "nesting-depth", where, "structs inherit from each other more than %d deep",
                     LIMIT_NESTING);
        return base;
    }
    if (base->kind == AST_FORWARD || base->open)
        parse_error(p, "base-incomplete", where, "'%s' must be defined before it can be a base",
                    base->scoped);
    else
        parse_error(p, "base-kind", where, "%s '%s' cannot be the base of a struct",
                    ast_kind_name(base->kind), base->scoped);
    parse_note(p, base->place, "'%s' is here", base->name);
    return NULL;
}

ast_node *parse_struct(parser *p, const annots *intro, bool inner)
{
    parse_take(p);
    ident name = parse_ident(p, "the name of the struct");
    if (!inner && name.word && parse_accept(p, ';')) {
        parse_forward(p, AST_STRUCT, name, intro);
        return NULL;
    }
    ast_node *base = parse_base(p);
    place open = parse_peek(p, 0)->where;
    if (!parse_open(p, name, AST_STRUCT) || !parse_enter(p))
        return NULL;
    ast_node *node = parse_define_forwarded(p, AST_STRUCT, name, intro);
    size_t at = p->list->len - 1;
    node->scope = scope_new(p->env, p->scope, node);
    node->structure.base = base;
    node->open = true;
    annot_apply(p, intro, node);
    p->list->len = at; /* what is defined inside goes before it */
    parse_members(p, node, &node->structure.members);
    ast_list_add(p->env, p->list, node);
    node->open = false;
    if (base && node->depth < base->depth)
        node->depth = base->depth;
    if (node->used.source)
        node->structure.recursive = true;
    parse_leave(p);
    bool closed = parse_close(p, open);
    if (inner)
        return node;
    if (closed)
        parse_semicolon(p, "the struct");
    parse_trailing(p, node);
    return node;
}

/* ---- exceptions ---- */

enum { FAULT_FIRST = 1000 };

static uint64_t fault_key(const ast_node *node)
{
    uint32_t file = node->place.source ? node->place.source->file->id : 0;
    return (uint64_t)file << 32 | (uint32_t)node->exception.fault;
}

/* @fault(n), or by order in the file. */
static void number_exception(parser *p, ast_node *node)
{
    source_file *file = node->place.source ? node->place.source->file : NULL;
    if (file)
        file->exceptions++;
    if (!node->notes->has_fault)
        node->exception.fault = FAULT_FIRST + (int32_t)(file ? file->exceptions : 1);
    const ast_node *other = table_get(&p->faults, fault_key(node));
    if (!other) {
        table_put(p->env, &p->faults, fault_key(node), node);
        return;
    }
    parse_error(p, "fault-clash", node->place,
                "exception '%s' has the fault code %d, as '%s' has; give one of them "
                "another with '@fault(n)'", node->scoped, node->exception.fault, other->scoped);
    parse_note(p, other->place, "the other exception is here");
}

void parse_exception(parser *p, const annots *intro)
{
    parse_take(p);
    ident name = parse_ident(p, "the name of the exception");
    place open = parse_peek(p, 0)->where;
    if (name.word && parse_at(p, ':')) {
        parse_error(p, "base-kind", open, "exceptions have no base");
        while (!parse_at(p, '{') && !parse_at(p, ';') && !parse_at(p, TOKEN_EOF))
            parse_take(p);
    }
    if (!parse_open(p, name, AST_EXCEPTION) || !parse_enter(p))
        return;
    ast_node *node = parse_define(p, AST_EXCEPTION, name, intro);
    size_t at = p->list->len - 1;
    node->scope = scope_new(p->env, p->scope, node);
    annot_apply(p, intro, node);
    number_exception(p, node);
    node->open = true;
    p->list->len = at;
    parse_members(p, node, &node->exception.members);
    ast_list_add(p->env, p->list, node);
    node->open = false;
    parse_leave(p);
    if (parse_close(p, open))
        parse_semicolon(p, "the exception");
    parse_trailing(p, node);
}
