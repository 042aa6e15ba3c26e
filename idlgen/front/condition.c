/* SPDX-License-Identifier: MIT */
/* Preprocessor conditions: #if and its expressions. */
#include "front/pp.h"

#include <string.h>

/* ---- expressions: as in C, in 64 bits ---- */

typedef struct reader {
    pp *p;
    const token *at, *end;
    place where; /* of the directive */
    bool failed;
    uint32_t depth;
    uint32_t dead; /* inside an operand that && || ?: does not evaluate */
} reader;

/* t: the token that the message is about, or NULL. */
static int64_t fail(reader *r, const char *message, const token *t)
{
    place where = r->at < r->end ? r->at->where : r->where;
    if (!r->failed && t)
        pp_error(r->p, "if-syntax", where, "'%.*s' %s", (int)t->len, t->text, message);
    else if (!r->failed)
        pp_error(r->p, "if-syntax", where, "%s", message);
    r->failed = true;
    r->at = r->end;
    return 0;
}

static int64_t read_ternary(reader *r);

static int64_t read_number(reader *r, const token *t)
{
    uint64_t value = 0;
    unsigned base = 10;
    uint32_t i = 0;
    if (t->len > 1 && t->text[0] == '0') {
        base = t->text[1] == 'x' || t->text[1] == 'X' ? 16 : 8;
        i = base == 16 ? 2 : 1;
    }
    uint32_t first = i;
    for (; i < t->len; i++) {
        char c = t->text[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 99;
        if (digit >= base)
            break;
        value = value * base + digit;
    }
    while (i < t->len && strchr("uUlL", t->text[i]))
        i++;
    if (i < t->len || (base == 16 && i == first)) {
        r->at = t;
        return fail(r, "is no whole number", t);
    }
    return (int64_t)value;
}

static int64_t read_primary(reader *r)
{
    if (r->at >= r->end)
        return fail(r, "a value is missing in this condition", NULL);
    const token *t = r->at++;
    switch (t->kind) {
    case TOKEN_NUMBER:
        return read_number(r, t);
    case TOKEN_WORD: /* not defined as a macro */
        return strcmp(t->text, "TRUE") == 0 || strcmp(t->text, "true") == 0;
    case TOKEN_CHAR:
        return t->len == 1 ? (unsigned char)t->text[0] : 0;
    case '(': {
        int64_t value = read_ternary(r);
        if (!r->failed && (r->at >= r->end || r->at->kind != ')'))
            return fail(r, "')' is missing in this condition", NULL);
        r->at += !r->failed;
        return value;
    }
    default:
        r->at--;
        return fail(r, "cannot be here in a condition", t);
    }
}

static int64_t read_unary(reader *r)
{
    if (r->depth > LIMIT_NESTING)
        return fail(r, "this condition is nested too deep", NULL);
    if (r->at >= r->end)
        return read_primary(r);
    uint16_t kind = r->at->kind;
    if (kind != '!' && kind != '-' && kind != '+' && kind != '~')
        return read_primary(r);
    r->at++;
    r->depth++;
    uint64_t value = (uint64_t)read_unary(r);
    r->depth--;
    return kind == '!' ? !value : (int64_t)(kind == '-' ? 0 - value : kind == '~' ? ~value : value);
}

static int level_of(uint16_t kind)
{
    switch (kind) {
    case TOKEN_OR: return 1;
    case TOKEN_AND: return 2;
    case '|': return 3;
    case '^': return 4;
    case '&': return 5;
    case TOKEN_EQUAL: case TOKEN_UNEQUAL: return 6;
    case '<': case '>': case TOKEN_LESS_EQUAL: case TOKEN_GREATER_EQUAL: return 7;
    case TOKEN_SHIFT_LEFT: case TOKEN_SHIFT_RIGHT: return 8;
    case '+': case '-': return 9;
    case '*': case '/': case '%': return 10;
    default: return 0;
    }
}

static int64_t divide(reader *r, const token *operator_, int64_t a, int64_t b)
{
    if (b == 0) {
        if (r->dead)
            return 0;
        r->at = operator_;
        return fail(r, "division by zero in a condition", NULL);
    }
    if (b == -1)
        return operator_->kind == '/' ? (int64_t)(0 - (uint64_t)a) : 0;
    return operator_->kind == '/' ? a / b : a % b;
}

static int64_t apply(reader *r, const token *operator_, int64_t a, int64_t b)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    switch (operator_->kind) {
    case TOKEN_OR: return a || b;
    case TOKEN_AND: return a && b;
    case '|': return a | b;
    case '^': return a ^ b;
    case '&': return a & b;
    case TOKEN_EQUAL: return a == b;
    case TOKEN_UNEQUAL: return a != b;
    case '<': return a < b;
    case '>': return a > b;
    case TOKEN_LESS_EQUAL: return a <= b;
    case TOKEN_GREATER_EQUAL: return a >= b;
    case TOKEN_SHIFT_LEFT: return y > 63 ? 0 : (int64_t)(x << y);
    case TOKEN_SHIFT_RIGHT: return y > 63 ? 0 : (int64_t)(x >> y);
    case '+': return (int64_t)(x + y);
    case '-': return (int64_t)(x - y);
    case '*': return (int64_t)(x * y);
    default: return divide(r, operator_, a, b);
    }
}

static int64_t read_binary(reader *r, int least)
{
    int64_t left = read_unary(r);
    while (r->at < r->end && !r->failed) {
        const token *operator_ = r->at;
        int level = level_of(operator_->kind);
        if (level < least || level == 0)
            break;
        r->at++;
        bool skipped = (operator_->kind == TOKEN_AND && !left) || (operator_->kind == TOKEN_OR && left);
        r->dead += skipped;
        int64_t right = read_binary(r, level + 1);
        r->dead -= skipped;
        if (!r->failed)
            left = apply(r, operator_, left, right);
    }
    return left;
}

static int64_t read_ternary(reader *r)
{
    if (++r->depth > LIMIT_NESTING)
        return fail(r, "this condition is nested too deep", NULL);
    int64_t value = read_binary(r, 1);
    if (r->at < r->end && r->at->kind == '?') {
        r->at++;
        r->dead += !value;
        int64_t yes = read_ternary(r);
        r->dead -= !value;
        if (!r->failed && (r->at >= r->end || r->at->kind != ':'))
            return fail(r, "':' is missing in this condition", NULL);
        r->at += !r->failed;
        r->dead += value != 0;
        int64_t no = r->failed ? 0 : read_ternary(r);
        r->dead -= value != 0;
        value = value ? yes : no;
    }
    r->depth--;
    return value;
}

/* The rest of the line, `defined X` replaced by 1 or 0. */
static bool read_line(pp *p, token_list *line)
{
    static const char *const digits[] = { "0", "1" };
    for (;;) {
        token t;
        lex_next(p->lexer, &t);
        if (t.kind == TOKEN_END_LINE)
            return true;
        if (t.kind == TOKEN_WORD && strcmp(t.text, "defined") == 0) {
            token name;
            lex_next(p->lexer, &name);
            bool paren = name.kind == '(';
            if (paren)
                lex_next(p->lexer, &name);
            bool good = name.kind == TOKEN_WORD;
            token close = name;
            if (good && paren)
                lex_next(p->lexer, &close);
            if (!good || (paren && close.kind != ')')) {
                pp_error(p, "if-syntax", t.where, "'defined' needs the name of a macro");
                return false;
            }
            t.kind = TOKEN_NUMBER;
            t.text = digits[name.word->macro != NULL];
            t.len = 1;
        }
        token_list_add(p->env, line, &t);
    }
}

bool condition_evaluate(pp *p, place where)
{
    token_list line = { 0 };
    if (!read_line(p, &line))
        return false;
    line = pp_expand_list(p, &line);
    if (p->broken) {
        p->broken = false;
        return false;
    }
    if (line.len == 0) {
        pp_error(p, "if-syntax", where, "a value is missing in this condition");
        return false;
    }
    reader r = { .p = p, .at = line.at, .end = line.at + line.len, .where = where };
    int64_t value = read_ternary(&r);
    if (!r.failed && r.at < r.end)
        fail(&r, "cannot be here in a condition", r.at);
    return !r.failed && value != 0;
}

/* ---- groups ---- */

/* Reads on to the #elif, #else or #endif that ends a false group, and leaves its name to be carried out. */
static bool skip_to_branch(pp *p, token *ret_name)
{
    lexer *l = p->lexer;
    uint32_t inner = 0;
    l->in_directive = false;
    l->skipping = true;
    for (;;) {
        token t;
        lex_next(l, &t);
        if (t.kind == TOKEN_EOF)
            break;
        if (t.kind != '#' || !t.line_start) {
            lex_skip_line(l);
            continue;
        }
        l->in_directive = true;
        lex_next(l, ret_name);
        const char *name = ret_name->kind == TOKEN_WORD ? ret_name->text : "";
        if (strncmp(name, "if", 2) == 0)
            inner++;
        else if (strcmp(name, "endif") == 0 && inner > 0)
            inner--;
        else if (inner == 0 && (strncmp(name, "el", 2) == 0 || strcmp(name, "endif") == 0)) {
            l->skipping = false;
            return true;
        }
        lex_skip_line(l);
        l->in_directive = false;
    }
    l->skipping = false;
    return false;
}

/* Is the #elif true? */
static bool test_elif(pp *p, const token *name)
{
    if (strcmp(name->text, "elif") == 0)
        return condition_evaluate(p, name->where);
    token t;
    lex_next(p->lexer, &t);
    bool is_defined = t.kind == TOKEN_WORD && t.word->macro;
    return is_defined == (strcmp(name->text, "elifdef") == 0);
}

/* Skips false groups until one is to be read, or the end. */
static void skip_groups(pp *p)
{
    for (;;) {
        condition *c = p->lexer->conditions;
        token name;
        lex_skip_line(p->lexer);
        if (!skip_to_branch(p, &name))
            return;
        bool is_else = strcmp(name.text, "else") == 0;
        if (strcmp(name.text, "endif") == 0) {
            p->lexer->conditions = c->outer;
            p->conditions--;
            return;
        }
        if (c->seen_else) {
            pp_error(p, "if-unbalanced", name.where, "#%s after #else", name.text);
            continue;
        }
        c->seen_else = is_else;
        if (!c->taken && (is_else || test_elif(p, &name))) {
            c->taken = true;
            return;
        }
    }
}

void condition_begin(pp *p, place where, bool value)
{
    if (p->conditions >= LIMIT_NESTING) {
        pp_fatal(p, "nesting-depth", where, "#if is nested more than %d deep", LIMIT_NESTING);
        return;
    }
    condition *c = ENV_NEW(p->env, condition);
    *c = (condition){ where, value, false, p->lexer->conditions };
    p->lexer->conditions = c;
    p->conditions++;
    if (!value)
        skip_groups(p);
}

void condition_else(pp *p, place where, bool is_elif)
{
    condition *c = p->lexer->conditions;
    const char *name = is_elif ? "elif" : "else";
    if (!c || c->seen_else) {
        pp_error(p, "if-unbalanced", where, c ? "#%s after #else" : "#%s without #if", name);
        return;
    }
    c->seen_else = !is_elif;
    skip_groups(p);
}

void condition_end(pp *p, place where)
{
    condition *c = p->lexer->conditions;
    if (!c) {
        pp_error(p, "if-unbalanced", where, "#endif without #if");
        return;
    }
    p->lexer->conditions = c->outer;
    p->conditions--;
}

void condition_finish(pp *p)
{
    for (condition *c = p->lexer->conditions; c; c = c->outer) {
        if (!p->stopped)
            pp_error(p, "if-open", c->where, "this #if has no #endif");
        p->conditions--;
    }
    p->lexer->conditions = NULL;
}
