/* SPDX-License-Identifier: MIT */
/* Enums and bitmasks. */
#include "front/parse.h"

#include <string.h>

#include "front/constant.h"

/* `RED = 1`, as in C. */
static void refuse_value(parser *p, const char *how)
{
    if (!parse_at(p, '='))
        return;
    parse_error(p, "enum-assign", parse_take(p).where, "%s", how);
    constant_parse(p, NULL);
}

/* The names of a list in braces, one by one; false at its end. Reports and skips what is no name. */
static bool next_name(parser *p, annots *intro, ident *name, const char *what)
{
    for (;;) {
        parse_intro(p, intro);
        if (parse_at(p, '}') || parse_at(p, TOKEN_EOF) || parse_at(p, ';')) {
            annot_refuse(p, intro, "an enumerator or bit");
            return false;
        }
        *name = parse_ident(p, what);
        if (name->word)
            return true;
        parse_skip_item(p);
        if (!parse_accept(p, ',') && !parse_accept(p, ')'))
            return false;
    }
}

/* After a name: true when another one follows. *semicolons: that they stand in place of commas was said. */
static bool next_comma(parser *p, ast_node *node, const char *what, bool *semicolons)
{
    if (*semicolons && parse_accept(p, ';')) {
        parse_trailing(p, node);
        return parse_at_name(p);
    }
    if (!parse_at(p, ',')) {
        parse_trailing(p, node);
        const token *t = parse_peek(p, 0);
        if (t->kind == '}' || t->kind == TOKEN_EOF)
            return false;
        parse_error(p, "syntax", parse_after(p), "expected ',' or '}' after %s%s", what,
                    t->kind == ';'   ? ": there are commas between them"
                    : t->kind == '@' ? "; annotations stand before what they belong to"
                                     : "");
        *semicolons = parse_accept(p, ';');
        if (*semicolons || parse_at_name(p))
            return parse_at_name(p);
        parse_skip_item(p);
        return parse_accept(p, ',');
    }
    place comma = parse_take(p).where;
    parse_trailing(p, node);
    if (parse_at(p, '}'))
        parse_error(p, "syntax", comma, "the last one has no ',' behind it");
    return true;
}

/* ---- enums ---- */

static void number_enumerator(parser *p, ast_node *node, table *values, int64_t *next)
{
    const ast_value *given = node->notes->value;
    int64_t number = given ? given->integer : *next;
    if (number > INT32_MAX) {
        parse_error(p, "enum-value", node->place, "the value of '%s' would be %lld; enumerators have 32 bits",
                    node->name, (long long)number);
        number = 0;
    }
    node->enumerator.value = number;
    *next = number + 1;
    ast_node *other = table_get(values, (uint64_t)number);
    if (other) {
        parse_error(p, "enum-value", node->place, "'%s' has the value %lld, as '%s' has", node->name,
                    (long long)number, other->name);
        parse_note(p, other->place, "'%s' is here", other->name);
    } else {
        table_put(p->env, values, (uint64_t)number, node);
    }
}

static void parse_enumerators(parser *p, ast_node *node)
{
    table values = { 0 };
    int64_t next = 0;
    annots intro;
    ident name;
    bool more = true, semicolons = false;
    while (more && next_name(p, &intro, &name, "the name of an enumerator")) {
        ast_node *one = parse_node(p, AST_ENUMERATOR, name, &intro);
        one->enumerator.owner = node;
        if (scope_declare(p, p->scope, name, one))
            scope_put(p->env, node->scope, name.word, one, name.where);
        annot_apply(p, &intro, one);
        refuse_value(p, "write '@value(n)' before the enumerator to give it a number");
        number_enumerator(p, one, &values, &next);
        ast_list_add(p->env, &node->enumeration.enumerators, one);
        more = next_comma(p, one, "an enumerator", &semicolons);
    }
}

ast_node *parse_enum(parser *p, const annots *intro)
{
    parse_take(p);
    const token *t = parse_peek(p, 0);
    if (t->kind == TOKEN_WORD && strcmp(t->text, "class") == 0 && parse_peek(p, 1)->kind == TOKEN_WORD) {
        parse_error(p, "syntax", t->where, "'class' does not belong here: leave it out");
        parse_take(p);
    }
    ident name = parse_ident(p, "the name of the enum");
    place open = parse_peek(p, 0)->where;
    if (!parse_open(p, name, AST_ENUM))
        return NULL;
    ast_node *node = parse_define(p, AST_ENUM, name, intro);
    node->scope = scope_new(p->env, p->scope, node);
    node->depth = 0;
    if (intro)
        annot_apply(p, intro, node);
    size_t errors = diag_error_count(p->env->diag);
    parse_enumerators(p, node);
    if (node->enumeration.enumerators.len == 0 && diag_error_count(p->env->diag) == errors)
        parse_error(p, "enum-empty", node->place, "the enum '%s' has no enumerators", node->scoped);
    if (parse_close(p, open) && intro)
        parse_semicolon(p, "the enum");
    return node;
}

/* ---- bitmasks ---- */

static void place_bit(parser *p, const ast_node *mask, ast_node *bit, table *positions, uint32_t *next)
{
    const ast_value *given = bit->notes->value;
    uint32_t position = given ? (uint32_t)given->integer : *next;
    if (position >= mask->bitmask.bit_bound) {
        parse_error(p, "bitmask-position", bit->place,
                    "'%s' would be bit %u, but '%s' has the bits 0 to %u; '@bit_bound(n)' gives it more",
                    bit->name, position, mask->name, mask->bitmask.bit_bound - 1);
        position = 0;
        bit->bit.position = 0;
        *next = mask->bitmask.bit_bound;
        return;
    }
    bit->bit.position = position;
    *next = position + 1;
    ast_node *other = table_get(positions, position);
    if (other) {
        parse_error(p, "bitmask-position", bit->place, "'%s' has the position %u, as '%s' has", bit->name,
                    position, other->name);
        parse_note(p, other->place, "'%s' is here", other->name);
    } else {
        table_put(p->env, positions, position, bit);
    }
}

static void parse_bits(parser *p, ast_node *node)
{
    table positions = { 0 };
    uint32_t next = 0;
    annots intro;
    ident name;
    bool more = true, full = false, semicolons = false;
    while (more && next_name(p, &intro, &name, "the name of a bit")) {
        ast_node *bit = parse_node(p, AST_BIT, name, &intro);
        bit->bit.owner = node;
        scope_declare(p, p->scope, name, bit);
        annot_apply(p, &intro, bit);
        refuse_value(p, "write '@position(n)' before the bit to place it");
        if (!full)
            place_bit(p, node, bit, &positions, &next);
        full = node->bitmask.bits.len > 64;
        ast_list_add(p->env, &node->bitmask.bits, bit);
        more = next_comma(p, bit, "a bit", &semicolons);
    }
}

static uint32_t bytes_for(uint32_t bits)
{
    return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
}

ast_node *parse_bitmask(parser *p, const annots *intro)
{
    parse_take(p);
    ident name = parse_ident(p, "the name of the bitmask");
    place open = parse_peek(p, 0)->where;
    if (!parse_open(p, name, AST_BITMASK))
        return NULL;
    ast_node *node = parse_define(p, AST_BITMASK, name, intro);
    node->scope = scope_new(p->env, p->scope, node);
    node->bitmask.bit_bound = 32;
    annot_apply(p, intro, node);
    node->bitmask.size = bytes_for(node->bitmask.bit_bound);
    scope *outer = p->scope;
    p->scope = node->scope;
    size_t errors = diag_error_count(p->env->diag);
    parse_bits(p, node);
    p->scope = outer;
    if (node->bitmask.bits.len == 0 && diag_error_count(p->env->diag) == errors)
        parse_error(p, "enum-empty", node->place, "the bitmask '%s' has no bits", node->scoped);
    if (parse_close(p, open))
        parse_semicolon(p, "the bitmask");
    parse_trailing(p, node);
    return node;
}
