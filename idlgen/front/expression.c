/* SPDX-License-Identifier: MIT */
/* Constant expressions: read and computed at once, whole numbers exactly. */
#include "front/constant.h"

#include <math.h>
#include <string.h>

/* What the expression is for: decides what ~ means, and whether 1/3 is 0. */
typedef struct goal {
    const ast_type *type; /* resolved; NULL: a whole number */
    bool real, is_unsigned;
    unsigned bits;
} goal;

static value bad(place where)
{
    return (value){ .kind = VALUE_BAD, .where = where };
}

static place span(place first, const parser *p)
{
    if (first.source == p->last.source && p->last.offset >= first.offset && !first.expansion &&
        !p->last.expansion)
        first.length = p->last.offset + p->last.length - first.offset;
    return first;
}

static const char *show_kind(value_kind kind)
{
    static const char *const names[] = { "nothing", "a whole number", "a floating point number", "a boolean",
                                         "a character", "a string", "an enumerator" };
    return names[kind];
}

static bool fits_64(wide n)
{
    return n >= (wide)INT64_MIN && n <= (wide)UINT64_MAX;
}

/* ---- operands ---- */

static value from_const(const ast_value *c, bool as_real, place where)
{
    value v = { .where = where, .text = c->text, .enumerator = c->enumerator, .real = c->real };
    static const value_kind kinds[] = { [AST_VALUE_NONE] = VALUE_BAD, [AST_VALUE_BOOLEAN] = VALUE_BOOLEAN,
                                        [AST_VALUE_INTEGER] = VALUE_INTEGER, [AST_VALUE_DOUBLE] = VALUE_REAL,
                                        [AST_VALUE_CHAR] = VALUE_CHAR, [AST_VALUE_STRING] = VALUE_STRING,
                                        [AST_VALUE_ENUM] = VALUE_ENUM };
    v.kind = kinds[c->kind];
    v.integer = c->big ? (wide)(uint64_t)c->integer : (wide)c->integer;
    if (v.kind == VALUE_INTEGER && as_real) {
        v.kind = VALUE_REAL;
        v.real = (double)v.integer;
        v.is_whole = true;
    }
    return v;
}

static value from_node(parser *p, const ast_node *node, const goal *g, place where)
{
    value v = { .where = where };
    switch (node->kind) {
    case AST_CONST:
        v = from_const(&node->constant.value, g->real, where);
        v.is_byte = ast_type_resolve(node->constant.type)->kind == AST_TYPE_CHAR;
        return v;
    case AST_ENUMERATOR:
        v.kind = VALUE_ENUM;
        v.enumerator = node;
        v.integer = node->enumerator.value;
        return v;
    case AST_BIT:
        v.kind = VALUE_INTEGER;
        v.integer = (wide)1 << node->bit.position;
        return v;
    case AST_UNSUPPORTED:
        return bad(where);
    default:
        parse_error(p, "name-not-constant", where, "%s '%s' is not a constant", ast_kind_name(node->kind),
                    node->scoped);
        parse_note(p, node->place, "'%s' is defined here", node->name);
        return bad(where);
    }
}

/* The enumerators and bits of the wanted type count as visible. */
static ast_node *find_in_goal(parser *p, const goal *g)
{
    const token *t = parse_peek(p, 0);
    if (!g->type || g->type->kind != AST_TYPE_NAMED || t->kind != TOKEN_WORD ||
        parse_peek(p, 1)->kind == TOKEN_SCOPE)
        return NULL;
    const ast_node *def = g->type->def;
    if ((def->kind != AST_ENUM && def->kind != AST_BITMASK) || !def->scope)
        return NULL;
    const word *name = t->text[0] == '_' ? env_word(p->env, t->text + 1, t->len - 1) : t->word;
    const symbol *sym = scope_get(def->scope, name);
    return sym && sym->name == name ? sym->node : NULL;
}

static value read_word(parser *p, const goal *g)
{
    const token *t = parse_peek(p, 0);
    value v = { .kind = VALUE_BOOLEAN, .where = t->where };
    keyword k =
        (keyword)(t->kind == TOKEN_WORD ? t->word->keyword ? t->word->keyword : t->word->clash : KW_NONE);
    if (k == KW_TRUE || k == KW_FALSE) {
        if (!t->word->keyword)
            parse_error(p, "keyword-case", t->where, "'%s' must be written '%s'", t->text, keyword_text(k));
        parse_take(p);
        v.integer = k == KW_TRUE;
        return v;
    }
    ast_node *node = find_in_goal(p, g);
    if (node) {
        place where = parse_take(p).where;
        return from_node(p, node, g, where);
    }
    place where = t->where;
    node = parse_scoped(p, "constant", &where);
    return node ? from_node(p, node, g, where) : bad(where);
}

/* "a" "b" are one string. */
static value read_string(parser *p)
{
    value v = { .kind = VALUE_STRING, .where = parse_peek(p, 0)->where };
    token_list parts = { 0 };
    size_t total = 0;
    while (parse_at(p, TOKEN_STRING) || parse_at(p, TOKEN_WSTRING)) {
        token t = parse_take(p);
        v.is_wide |= t.kind == TOKEN_WSTRING;
        size_t len = 0;
        t.text = literal_text(p, &t, &len);
        if (!t.text)
            v.kind = VALUE_BAD;
        t.len = (uint32_t)len;
        total += len;
        token_list_add(p->env, &parts, &t);
    }
    v.where = span(v.where, p);
    if (v.kind == VALUE_BAD)
        return v;
    char *text = env_alloc(p->env, total + 1);
    size_t at = 0;
    for (size_t i = 0; i < parts.len; i++) {
        memcpy(text + at, parts.at[i].text, parts.at[i].len);
        at += parts.at[i].len;
    }
    v.text = text;
    return v;
}

static value read_binary(parser *p, const goal *g, int least);

static value read_parentheses(parser *p, const goal *g)
{
    place where = parse_take(p).where;
    bool in_angles = p->in_angles;
    p->in_angles = false;
    value v = parse_enter(p) ? read_binary(p, g, 1) : bad(where);
    if (!p->pp->stopped)
        parse_leave(p);
    p->in_angles = in_angles;
    if (v.kind == VALUE_BAD && !parse_at(p, ')'))
        return v;
    if (!parse_expect(p, ')', "')'"))
        return bad(where);
    v.where = span(where, p);
    return v;
}

static value read_primary(parser *p, const goal *g)
{
    const token *t = parse_peek(p, 0);
    value v = { .kind = VALUE_BAD, .where = t->where };
    switch (t->kind) {
    case TOKEN_NUMBER: {
        token taken = parse_take(p);
        return literal_number(p, &taken, g->real, &v) ? v : bad(taken.where);
    }
    case TOKEN_CHAR:
    case TOKEN_WCHAR: {
        token taken = parse_take(p);
        v.is_wide = taken.kind == TOKEN_WCHAR;
        return literal_char(p, &taken, &v) ? v : bad(taken.where);
    }
    case TOKEN_STRING:
    case TOKEN_WSTRING:
        return read_string(p);
    case '(':
        return read_parentheses(p, g);
    default:
        break;
    }
    bool is_literal_word =
        t->kind == TOKEN_WORD && (t->word->keyword == KW_TRUE || t->word->keyword == KW_FALSE);
    if (parse_at_scoped(p) || is_literal_word)
        return read_word(p, g);
    parse_error(p, "syntax", t->line_start ? parse_after(p) : t->where, "expected a constant before %s",
                parse_show(p, t));
    return v;
}

/* ---- operators ---- */

static value complement(const goal *g, value v)
{
    wide all = g->bits >= 64 ? (wide)UINT64_MAX : ((wide)1 << g->bits) - 1;
    v.integer = g->is_unsigned && v.integer >= 0 && v.integer <= all ? all - v.integer : -(v.integer + 1);
    return v;
}

static value read_unary(parser *p, const goal *g)
{
    const token *t = parse_peek(p, 0);
    if (t->kind != '-' && t->kind != '+' && t->kind != '~')
        return read_primary(p, g);
    token operator_ = parse_take(p);
    if (!parse_enter(p))
        return bad(operator_.where);
    value v = read_unary(p, g);
    parse_leave(p);
    v.where = span(operator_.where, p);
    if (v.kind == VALUE_BAD)
        return v;
    if (v.kind != VALUE_INTEGER && (v.kind != VALUE_REAL || operator_.kind == '~')) {
        parse_error(p, "constant-type", v.where, "'%c' needs a %s, not %s", operator_.kind,
                    operator_.kind == '~' ? "whole number" : "number", show_kind(v.kind));
        return bad(v.where);
    }
    if (operator_.kind == '-') {
        v.integer = -v.integer;
        v.real = -v.real;
    } else if (operator_.kind == '~') {
        v = complement(g, v);
    }
    if (v.kind == VALUE_INTEGER && !fits_64(v.integer)) {
        parse_error(p, "constant-overflow", v.where, "%s does not fit 64 bits", constant_show(p, v.integer));
        return bad(v.where);
    }
    return v;
}

static int level_of(const parser *p, uint16_t kind)
{
    switch (kind) {
    case '|': return 1;
    case '^': return 2;
    case '&': return 3;
    case TOKEN_SHIFT_LEFT: return 4;
    case TOKEN_SHIFT_RIGHT: return p->in_angles ? 0 : 4;
    case '+': case '-': return 5;
    case '*': case '/': case '%': return 6;
    default: return 0;
    }
}

static bool multiply(wide a, wide b, wide *ret)
{
    __extension__ typedef unsigned __int128 uwide;
    uwide x = a < 0 ? (uwide)0 - (uwide)a : (uwide)a, y = b < 0 ? (uwide)0 - (uwide)b : (uwide)b;
    if (y != 0 && x > (uwide)UINT64_MAX / y)
        return false;
    *ret = a * b;
    return fits_64(*ret);
}

static value shift(parser *p, value v, uint16_t kind, value count)
{
    if (count.integer < 0 || count.integer > 63) {
        parse_error(p, "constant-shift", count.where, "the distance of a shift is 0 to 63, not %s",
                    constant_show(p, count.integer));
        return bad(v.where);
    }
    unsigned n = (unsigned)count.integer;
    if (kind == TOKEN_SHIFT_RIGHT) {
        v.integer >>= n;
        return v;
    }
    wide shifted = 0;
    if (!multiply(v.integer, (wide)1 << n, &shifted)) {
        parse_error(p, "constant-overflow", v.where, "%s << %u does not fit 64 bits",
                    constant_show(p, v.integer), n);
        return bad(v.where);
    }
    v.integer = shifted;
    return v;
}

static value apply_integers(parser *p, value a, const token *operator_, value b)
{
    uint16_t kind = operator_->kind;
    wide x = a.integer, y = b.integer, result = 0;
    bool good = true;
    if (kind == TOKEN_SHIFT_LEFT || kind == TOKEN_SHIFT_RIGHT)
        return shift(p, a, kind, b);
    if ((kind == '/' || kind == '%') && y == 0) {
        parse_error(p, "constant-division", b.where, "division by zero");
        return bad(a.where);
    }
    switch (kind) {
    case '|': result = x | y; break;
    case '^': result = x ^ y; break;
    case '&': result = x & y; break;
    case '+': result = x + y; break;
    case '-': result = x - y; break;
    case '/': result = x / y; break;
    case '%': result = x % y; break;
    default: good = multiply(x, y, &result); break;
    }
    if (!good || !fits_64(result)) {
        parse_error(p, "constant-overflow", a.where, "%s %c %s does not fit 64 bits", constant_show(p, x),
                    kind, constant_show(p, y));
        return bad(a.where);
    }
    a.integer = result;
    return a;
}

static value apply_reals(parser *p, value a, const token *operator_, value b)
{
    a.is_literal = false;
    switch (operator_->kind) {
    case '+': a.real += b.real; break;
    case '-': a.real -= b.real; break;
    case '*': a.real *= b.real; break;
    case '/':
        if (b.real == 0) {
            parse_error(p, "constant-division", b.where, "division by zero");
            return bad(a.where);
        }
        a.real /= b.real;
        break;
    default:
        parse_error(p, "constant-type", operator_->where, "%s needs whole numbers", parse_show(p, operator_));
        return bad(a.where);
    }
    if (!isfinite(a.real)) {
        parse_error(p, "constant-overflow", a.where, "the result is too large for a double");
        return bad(a.where);
    }
    return a;
}

/* OMG IDL 4.2, 7.4.1.4.3: an operator combines whole numbers, or real ones, but not mixtures of these. */
static void report_mixed(parser *p, const value *a, const token *operator_, const value *b, const goal *g)
{
    bool left = a->is_whole || a->kind == VALUE_INTEGER;
    const value *whole = left ? a : b;
    const char *n = constant_show(p, whole->integer), *cure = "";
    if (g->real && whole->is_literal)
        cure = env_format(p->env, "; write %s.0", n);
    else if (g->type && ast_type_is_integer(g->type->kind))
        cure = env_format(p->env, "; '%s' is for whole ones", g->type->name);
    parse_error(p, "constant-mixed", operator_->where,
                "%s cannot mix a whole number and a floating point number%s", parse_show(p, operator_), cure);
}

static value apply(parser *p, value a, const token *operator_, value b, const goal *g)
{
    place where = span(a.where, p);
    a.where = where;
    if (a.kind == VALUE_BAD || b.kind == VALUE_BAD)
        return bad(where);
    if (a.kind == VALUE_INTEGER && b.kind == VALUE_INTEGER)
        return apply_integers(p, a, operator_, b);
    bool mixed = a.kind != b.kind || a.is_whole != b.is_whole;
    if (a.kind == VALUE_REAL && b.kind == VALUE_REAL && !mixed)
        return apply_reals(p, a, operator_, b);
    value_kind wrong = a.kind > VALUE_REAL ? a.kind : b.kind;
    if (wrong <= VALUE_REAL)
        report_mixed(p, &a, operator_, &b, g);
    else
        parse_error(p, "constant-type", operator_->where, "%s needs numbers, not %s",
                    parse_show(p, operator_), show_kind(wrong));
    return bad(where);
}

static value read_binary(parser *p, const goal *g, int least)
{
    value left = read_unary(p, g);
    for (;;) {
        int level = level_of(p, parse_peek(p, 0)->kind);
        if (level == 0 || level < least)
            return left;
        token operator_ = parse_take(p);
        value right = read_binary(p, g, level + 1);
        left = apply(p, left, &operator_, right, g);
    }
}

value constant_parse(parser *p, const ast_type *type)
{
    goal g = { .type = type ? ast_type_resolve(type) : NULL, .bits = 32 };
    if (g.type) {
        wide min = 0, max = 0;
        g.real = g.type->kind == AST_TYPE_FLOAT || g.type->kind == AST_TYPE_DOUBLE;
        if (ast_type_is_integer(g.type->kind)) {
            constant_limits(g.type->kind, &min, &max);
            g.is_unsigned = min == 0;
            for (g.bits = 0; max > 0; max >>= 1)
                g.bits++;
        } else if (g.type->kind == AST_TYPE_NAMED && g.type->def->kind == AST_BITMASK) {
            g.is_unsigned = true;
            g.bits = g.type->def->bitmask.bit_bound;
        }
    }
    return read_binary(p, &g, 1);
}
