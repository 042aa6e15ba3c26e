/* SPDX-License-Identifier: MIT */
/* Scoped names: A::B::C, looked up. */
#include "front/parse.h"

#include <string.h>

bool parse_at_scoped(parser *p)
{
    return parse_at_name(p) || (parse_at(p, TOKEN_SCOPE) && parse_peek(p, 1)->kind == TOKEN_WORD);
}

/* A part of a name that is used: the escape goes, and keywords are not questioned again. */
static ident take_part(parser *p)
{
    token t = parse_take(p);
    if (t.text[0] == '_' && t.len > 1)
        return (ident){ env_word(p->env, t.text + 1, t.len - 1), t.where };
    return (ident){ t.word, t.where };
}

static place join(place first, place last)
{
    if (first.source == last.source && last.offset >= first.offset && !first.expansion && !last.expansion)
        first.length = last.offset + last.length - first.offset;
    return first;
}

static void report_unknown(parser *p, ident part, const ast_node *owner, const char *what)
{
    bool types_only = strcmp(what, "constant") != 0;
    if (owner && owner->kind == AST_ENUM) {
        parse_error(p, "name-unknown", part.where,
                    "enumerators belong to the scope around their enum: leave out '%s::'", owner->name);
        return;
    }
    if (!owner && strcmp(part.word->text, "CORBA") == 0) {
        parse_error(p, "unsupported", part.where, "what CORBA itself defines is not supported over XML-RPC");
        return;
    }
    if (types_only &&
        (strcmp(part.word->text, "TypeCode") == 0 || strcmp(part.word->text, "Principal") == 0)) {
        parse_error(p, "unsupported", part.where, "%s is not supported over XML-RPC", part.word->text);
        return;
    }
    const char *near = scope_suggest(p, owner, part.word, types_only);
    const char *hint = near ? env_format(p->env, "; did you mean '%s'?", near) : "";
    if (owner)
        parse_error(p, "name-unknown", part.where, "there is no '%s' in %s '%s'%s", part.word->text,
                    ast_kind_name(owner->kind), owner->scoped, hint);
    else
        parse_error(p, "name-unknown", part.where, "unknown %s '%s'%s",
                    parse_at(p, TOKEN_SCOPE) ? "module or interface" : what, part.word->text, hint);
}

static ast_node *defined(ast_node *node)
{
    return node->kind == AST_FORWARD && node->forward.target ? node->forward.target : node;
}

/* Reads the rest of a name whose meaning is known to be unknown. */
static void skip_parts(parser *p, place *where)
{
    while (parse_at(p, TOKEN_SCOPE) && parse_peek(p, 1)->kind == TOKEN_WORD) {
        parse_take(p);
        *where = join(*where, parse_take(p).where);
    }
}

ast_node *parse_scoped(parser *p, const char *what, place *ret_where)
{
    bool from_root = parse_at(p, TOKEN_SCOPE), reported = false;
    place first = parse_peek(p, 0)->where;
    if (from_root)
        parse_take(p);
    ident part = take_part(p);
    ast_node *node = from_root ? scope_lookup_in(p, NULL, part, &reported) : scope_lookup(p, part, &reported);
    ast_node *owner = NULL;
    *ret_where = join(first, part.where);
    for (;;) {
        if (!node && !reported)
            report_unknown(p, part, owner, what);
        if (!node || node->kind == AST_UNSUPPORTED) {
            skip_parts(p, ret_where);
            return node;
        }
        node = defined(node);
        if (!parse_at(p, TOKEN_SCOPE))
            return node;
        parse_take(p);
        if (!parse_at(p, TOKEN_WORD)) {
            parse_expect(p, TOKEN_WORD, "a name after '::'");
            return NULL;
        }
        part = take_part(p);
        *ret_where = join(first, part.where);
        owner = node;
        node = owner->kind == AST_ENUM ? NULL : scope_lookup_in(p, owner, part, &reported);
    }
}
