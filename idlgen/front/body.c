/* SPDX-License-Identifier: MIT */
/* Bodies: what stands in braces, and braces that are missing. */
#include "front/parse.h"

#include <string.h>

static bool is_one_of(const token *t, const uint8_t *keywords, size_t count)
{
    return t->kind == TOKEN_WORD && t->word->keyword && memchr(keywords, t->word->keyword, count);
}

/* Is t more to the right than the keyword in front of the name? */
static bool is_indented(const token *t, ident name, ast_kind kind)
{
    return t->where.source == name.where.source &&
           place_find(t->where).column + strlen(ast_kind_name(kind)) >= place_find(name.where).column;
}

static bool is_any_of(uint16_t kind, const char *characters)
{
    return kind < 256 && strchr(characters, kind);
}

/* A name behind the head, on the same line: the first thing of a body, or a word too many? */
static bool names_item(parser *p, ast_kind kind)
{
    uint16_t next = parse_peek(p, 1)->kind;
    if (kind == AST_ENUM || kind == AST_BITMASK)
        return is_any_of(next, ",}=;");
    return next == TOKEN_SCOPE || next == '<' ||
           (next == TOKEN_WORD && is_any_of(parse_peek(p, 2)->kind, ";,[("));
}

/* Where a '{' should be: does what stands in it follow? */
static bool begins_body(parser *p, ident name, ast_kind kind)
{
    static const uint8_t definitions[] = { KW_STRUCT, KW_UNION, KW_ENUM, KW_EXCEPTION, KW_TYPEDEF, KW_CONST };
    static const uint8_t containers[] = { KW_MODULE, KW_INTERFACE };
    const token *t = parse_peek(p, 0);
    if (t->kind == '}')
        return p->scope == p->root; /* there it can close nothing else */
    if (t->kind != TOKEN_WORD)
        return t->kind == '@';
    if (is_one_of(t, containers, sizeof containers))
        return kind == AST_MODULE;
    if (is_one_of(t, definitions, sizeof definitions))
        return kind == AST_MODULE || (kind == AST_INTERFACE && is_indented(t, name, kind));
    return t->line_start || t->word->keyword || names_item(p, kind);
}

/* `struct My Name {`: up to the brace, when it is near. */
static bool skip_to_brace(parser *p)
{
    uint32_t ahead = 1;
    while (ahead < PARSER_AHEAD - 1 && !is_any_of(parse_peek(p, ahead)->kind, "{;}"))
        ahead++;
    bool found = parse_peek(p, ahead)->kind == '{';
    for (; found && ahead > 0; ahead--)
        parse_take(p);
    return found;
}

/* `struct S (...);`: past it. */
static void skip_brackets(parser *p)
{
    uint16_t open = parse_peek(p, 0)->kind, close = open == '(' ? ')' : ']';
    uint32_t depth = 0;
    while (!parse_at(p, TOKEN_EOF) && !parse_at(p, '}')) {
        uint16_t kind = parse_take(p).kind;
        depth += kind == open;
        if (kind == close && --depth == 0)
            break;
    }
    parse_accept(p, ';');
}

void parse_lose(parser *p, ident name)
{
    const symbol *old = scope_get(p->scope, name.word);
    if (!old)
        scope_declare(p, p->scope, name, parse_node(p, AST_UNSUPPORTED, name, NULL));
    else if (!old->use && old->node->kind == AST_FORWARD)
        old->node->forward.blamed = true;
}

static bool recover(parser *p, ident name, ast_kind kind)
{
    const token *t = parse_peek(p, 0);
    bool defines = t->line_start && t->kind == TOKEN_WORD && t->word->keyword;
    if (begins_body(p, name, kind))
        return true;
    if (!defines && !is_any_of(t->kind, ";}") && skip_to_brace(p))
        return parse_accept(p, '{');
    if (kind != AST_MODULE && kind != AST_INTERFACE)
        parse_lose(p, name);
    if (is_any_of(t->kind, "(["))
        skip_brackets(p);
    else if (!defines)
        parse_recover(p);
    return false;
}

bool parse_open(parser *p, ident name, ast_kind kind)
{
    if (parse_accept(p, '{'))
        return true;
    if (!name.word) {
        parse_recover(p);
        return false;
    }
    parse_expect(p, '{', kind == AST_MODULE ? "'{' after the name of the module" : "'{'");
    return recover(p, name, kind);
}

bool parse_is_outside(parser *p, const ast_node *owner)
{
    static const uint8_t never_inside[] = { KW_MODULE, KW_INTERFACE, KW_EXCEPTION, KW_TYPEDEF, KW_CONST };
    const token *t = parse_peek(p, 0);
    size_t count = owner->kind == AST_INTERFACE ? 2 : sizeof never_inside;
    if (!t->line_start || !is_one_of(t, never_inside, count) || t->where.source != owner->place.source)
        return false;
    return place_find(t->where).column + strlen(ast_kind_name(owner->kind)) < place_find(owner->place).column;
}

bool parse_close(parser *p, place open)
{
    if (parse_accept(p, '}'))
        return true;
    parse_error(p, "syntax", parse_after(p), "expected '}' at the end of the body");
    parse_note(p, open, "to match this '{'");
    return false;
}
