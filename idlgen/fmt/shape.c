/* SPDX-License-Identifier: MIT */
/* Shape. */
#include "fmt/shape.h"

#include <stdlib.h>
#include <string.h>

#include "front/env.h"
#include "front/keyword.h"
#include "front/token.h"

enum { DEPTH = 256 };

/* What is open. A copy of it is kept for the other groups of an #if. */
typedef struct state {
    uint32_t depth;           /* braces */
    bool list[DEPTH];         /* bodies whose items end with ',' */
    bool fresh;               /* the next item begins a line */
    bool lead;                /* nothing but annotations and labels was read of the statement */
    bool is_list;             /* the statement is an enum or the like */
    bool closed;              /* the statement is what follows a '}' */
    bool in_label;
    bool macro;               /* the statement is WORD or WORD(...) so far */
    uint32_t paren, angle, angle_saved; /* open ones of the statement */
    uint32_t words;           /* tokens of the statement since its lead */
    uint32_t params;          /* depth of the parentheses of its parameters; 0: not in them */
    uint32_t arguments;       /* depth of those of an annotation; 0: not in them */
    uint8_t annotation;       /* 1: after '@', 2: in its name */
    uint8_t brk;              /* for the next item */
    bool unary;               /* the item before is a sign */
    const fmt_item *before, *token; /* the item before; the last token */
} state;

typedef struct branch {
    state begin;
    state end; /* of its first group, which goes on behind the #endif */
    bool ended;
    struct branch *outer;
} branch;

typedef struct shaper {
    fmt_items *items;
    size_t index;
    state s;
    branch *branches;
    size_t run_end; /* comments up to here were looked at: nothing but comments follows them on their line */
    bool run_ends;
} shaper;

/* ---- comments and lines that stay as they are ---- */

static const fmt_item *next_of(const shaper *p)
{
    return &p->items->at[p->index + 1];
}

static bool is_comment(const fmt_item *item)
{
    return item->kind == FMT_LINE_COMMENT || item->kind == FMT_BLOCK_COMMENT;
}

/* Does nothing but comments follow on the line? */
static bool ends_line(shaper *p)
{
    if (p->index < p->run_end)
        return p->run_ends;
    size_t i = p->index;
    const fmt_item *at = p->items->at;
    while (is_comment(&at[i]) && !at[i].multiline && at[i].kind != FMT_LINE_COMMENT && at[i + 1].newlines == 0)
        i++;
    p->run_end = i;
    p->run_ends = is_comment(&at[i]) || at[i].kind == FMT_DIRECTIVE || at[i].kind == FMT_VERBATIM;
    return p->run_ends;
}

static uint8_t stand_of(shaper *p, const fmt_item *item)
{
    const fmt_item *next = next_of(p), *before = p->index ? item - 1 : NULL;
    bool ends = ends_line(p);
    if (before && item->newlines == 0 && !ends && next->token == '}' && !p->s.paren && before->token != '{')
        return FMT_TRAILING;
    if (!ends)
        return FMT_INLINE;
    if (before && item->newlines == 0 && before->kind != FMT_DIRECTIVE && before->kind != FMT_VERBATIM)
        return FMT_TRAILING;
    bool below = before && item->newlines == 1 && before->kind == FMT_LINE_COMMENT && !before->multiline &&
                 item->kind == FMT_LINE_COMMENT && !item->multiline &&
                 (before->stand == FMT_TRAILING || before->stand == FMT_CONTINUED);
    return below && before->column == item->column ? FMT_CONTINUED : FMT_OWN;
}

static void begin_line(fmt_item *item, uint32_t level)
{
    item->start = true;
    item->level = level;
}

static void shape_comment(shaper *p, fmt_item *item)
{
    state *s = &p->s;
    item->stand = stand_of(p, item);
    item->nested = s->paren > 0;
    item->space = s->before && !(s->token == s->before && s->token->token == '(');
    if (item->stand == FMT_TRAILING || item->stand == FMT_CONTINUED) {
        s->before = item;
        return;
    }
    bool closing = next_of(p)->token == '}' && !s->paren;
    if (s->fresh) {
        begin_line(item, s->depth - (item->stand == FMT_INLINE && closing && s->depth ? 1 : 0));
        s->fresh = item->stand == FMT_OWN;
    } else if (closing && item->stand == FMT_OWN) {
        /* Behind the last item of a list, which has no ','. */
        begin_line(item, s->depth);
    } else {
        item->brk = s->brk;
        if (item->stand == FMT_INLINE)
            s->brk = FMT_NONE;
    }
    s->before = item;
}

static bool begins(const fmt_item *directive, const char *name)
{
    uint32_t at = 1;
    while (at < directive->len && (directive->text[at] == ' ' || directive->text[at] == '\t'))
        at++;
    size_t len = strlen(name);
    return directive->len - at >= len && memcmp(directive->text + at, name, len) == 0;
}

static bool shape_directive(shaper *p, fmt_item *item)
{
    state *s = &p->s;
    if (s->fresh)
        begin_line(item, 0);
    item->nested = s->paren > 0;
    s->before = item;
    if (item->kind == FMT_VERBATIM)
        return true;
    if (begins(item, "if")) {
        branch *b = malloc(sizeof *b);
        if (!b)
            return false;
        b->begin = *s;
        b->ended = false;
        b->outer = p->branches;
        p->branches = b;
    } else if (begins(item, "el") && p->branches) {
        if (!p->branches->ended)
            p->branches->end = *s;
        p->branches->ended = true;
        *s = p->branches->begin;
    } else if (begins(item, "endif") && p->branches) {
        branch *b = p->branches;
        if (b->ended)
            *s = b->end;
        p->branches = b->outer;
        free(b);
    }
    return true;
}

/* ---- tokens ---- */

static void end_statement(state *s)
{
    s->fresh = s->lead = true;
    s->is_list = s->closed = s->in_label = s->macro = false;
    s->paren = s->angle = s->words = s->params = s->arguments = 0;
    s->annotation = 0;
    s->brk = FMT_NONE;
}

static bool starts_declaration(const fmt_item *item)
{
    static const uint8_t starters[] = { KW_MODULE,    KW_INTERFACE, KW_STRUCT, KW_UNION,     KW_ENUM,
                                        KW_EXCEPTION, KW_TYPEDEF,   KW_CONST,  KW_VALUETYPE, KW_ONEWAY,
                                        KW_READONLY,  KW_ATTRIBUTE, KW_VOID };
    return item->kind == FMT_TOKEN && ((item->keyword && memchr(starters, item->keyword, sizeof starters)) ||
                                       item->token == '@');
}

/* A macro that stands for whole declarations, alone on its line. */
static bool ends_macro(const shaper *p)
{
    const state *s = &p->s;
    const fmt_item *next = next_of(p);
    while (is_comment(next))
        next++;
    if (s->paren || !s->macro || next->newlines == 0 || next->kind == FMT_END)
        return false;
    bool call = s->token->token == ')';
    if (next->kind == FMT_DIRECTIVE)
        return call;
    if (next->token == ';' || next->token == '{' || next->token == ':' || next->token == ',')
        return false;
    bool clause = next->keyword == KW_RAISES || next->keyword == KW_CONTEXT;
    return call ? !clause : starts_declaration(next);
}

static bool is_text(const fmt_item *t)
{
    return t->token == TOKEN_STRING || t->token == TOKEN_WSTRING;
}

static bool is_operator(const fmt_item *t)
{
    return t->token == TOKEN_SHIFT_LEFT || t->token == TOKEN_SHIFT_RIGHT ||
           (t->token && t->token < 256 && strchr("+-*/%|^&~", (int)t->token));
}

static bool is_sign(const state *s, const fmt_item *item)
{
    const fmt_item *t = s->token;
    if (item->token == '~')
        return true;
    if (item->token != '+' && item->token != '-')
        return false;
    return s->lead || !t || is_operator(t) || (t->token < 256 && strchr("(,=[<:", (int)t->token)) ||
           t->keyword == KW_CASE;
}

static void shape_annotation(shaper *p, const fmt_item *item)
{
    state *s = &p->s;
    const fmt_item *next = next_of(p);
    if (item->token == '@') {
        /* `@annotation mine { ... }` defines one. */
        bool defines = next->token == TOKEN_WORD && next->len == 10 && memcmp(next->text, "annotation", 10) == 0 &&
                       next + 1 < p->items->at + p->items->len && next[1].token == TOKEN_WORD;
        s->annotation = !defines;
        s->lead &= !defines;
        return;
    }
    if (s->arguments && item->token == ')' && s->paren < s->arguments) {
        s->arguments = 0;
        s->annotation = 0;
        s->brk = s->paren ? FMT_NONE : FMT_ANNOT;
    } else if (s->annotation && !s->arguments && item->token == '(') {
        s->arguments = s->paren;
    } else if (s->annotation && !s->arguments && item->token == TOKEN_WORD && next->token != '(' &&
               next->token != TOKEN_SCOPE) {
        s->annotation = 0;
        s->brk = s->paren ? FMT_NONE : FMT_ANNOT;
    }
}

/* Nothing of the declaration itself was read before this token, which is not an annotation's. */
static void lead_ends(shaper *p, fmt_item *item)
{
    state *s = &p->s;
    bool label = item->keyword == KW_CASE ||
                 (item->keyword == KW_DEFAULT && next_of(p)->token == ':');
    if (label) {
        s->in_label = true;
        return;
    }
    s->lead = false;
    s->macro = item->token == TOKEN_WORD && !item->keyword;
}

static void count_parens(state *s, const fmt_item *item)
{
    switch (item->token) {
    case '(':
    case '[':
        s->paren++;
        s->angle_saved = s->angle;
        s->angle = 0;
        break;
    case ')':
    case ']':
        s->paren -= s->paren > 0;
        s->angle = s->angle_saved;
        break;
    case '<': s->angle++; break;
    case '>': s->angle -= s->angle > 0; break;
    case TOKEN_SHIFT_RIGHT: s->angle -= s->angle > 2 ? 2 : s->angle; break;
    default: break;
    }
}

/* Where a line may end behind this token. */
static void offer_break(state *s, const fmt_item *item)
{
    if (s->brk != FMT_NONE || s->annotation)
        return;
    if (item->token == '(' && s->params && s->paren == s->params)
        s->brk = FMT_PARAM;
    else if (item->token == ',' && s->params && s->paren == s->params && !s->angle)
        s->brk = FMT_PARAM;
    else if (item->token == ',' || item->token == '=' || item->token == ':' || (is_operator(item) && !s->unary))
        s->brk = FMT_FILL;
}

static bool is_clause(const fmt_item *item)
{
    return item->keyword == KW_RAISES || item->keyword == KW_GETRAISES || item->keyword == KW_SETRAISES ||
           item->keyword == KW_CONTEXT;
}

static void open_body(state *s)
{
    bool list = s->is_list;
    end_statement(s);
    if (s->depth < DEPTH)
        s->list[s->depth] = list;
    s->depth++;
}

static void close_body(state *s)
{
    end_statement(s);
    s->depth -= s->depth > 0;
    s->fresh = s->lead = false;
    s->closed = true;
}

static bool ends_statement(const state *s, const fmt_item *item)
{
    if (s->paren)
        return false;
    bool in_list = s->depth && s->depth <= DEPTH && s->list[s->depth - 1];
    return item->token == ';' || (item->token == ',' && !s->angle && in_list);
}

/* Inside of a statement: annotations, labels, parentheses. */
static void shape_inner(shaper *p, fmt_item *item)
{
    state *s = &p->s;
    bool annotation = s->annotation || item->token == '@';
    if (s->lead && !annotation && !s->in_label)
        lead_ends(p, item);
    if (!s->paren && (item->keyword == KW_ENUM || item->keyword == KW_BITMASK) && next_of(p)->token == TOKEN_WORD)
        s->is_list = true;
    if (!s->paren && !annotation && is_clause(item) && s->words && next_of(p)->token == '(')
        item->brk = FMT_RAISES;
    s->unary = is_sign(s, item);
    bool params = item->token == '(' && !s->paren && !annotation && !s->in_label && s->token &&
                  s->token->token == TOKEN_WORD && !is_clause(s->token) && s->token->keyword != KW_SWITCH;
    count_parens(s, item);
    if (params)
        s->params = s->paren;
    else if (s->params > s->paren)
        s->params = 0;
    if (annotation)
        shape_annotation(p, item);
    if (s->macro && s->words && !s->paren && item->token != ')')
        s->macro = false;
    s->words += !annotation && !s->in_label;
    offer_break(s, item);
    if (s->in_label && item->token == ':' && !s->paren) {
        s->in_label = false;
        s->brk = FMT_LABEL;
    }
    s->token = item;
    if (ends_macro(p))
        end_statement(s);
}

static void shape_token(shaper *p, fmt_item *item)
{
    state *s = &p->s;
    bool closing = item->token == '}' && !s->paren;
    /* Only a macro can have ended what follows a '}' on another line. */
    if (s->closed && s->words == 0 && item->newlines && starts_declaration(item))
        end_statement(s);
    item->nested = s->paren > 0;
    if (closing)
        close_body(s);
    bool behind_comment = s->before && s->before->kind == FMT_BLOCK_COMMENT && s->before->stand == FMT_INLINE &&
                          s->before->start;
    if (closing ? !behind_comment : s->fresh)
        begin_line(item, s->depth);
    s->fresh = false;
    item->brk = item->token == ';' || item->token == ',' || item->token == ')' ? FMT_NONE : s->brk;
    s->brk = FMT_NONE;
    if (is_text(item) && s->token && is_text(s->token) && item->brk == FMT_NONE)
        item->brk = FMT_FILL;
    bool colon = item->token == ':' && s->in_label;
    item->space = s->before && !colon &&
                  space_between(s->before, item, s->unary, s->arguments > 0, s->angle > 0);
    if (item->token == '{' && !s->paren) {
        s->token = item;
        open_body(s);
    } else if (ends_statement(s, item)) {
        s->token = item;
        end_statement(s);
    } else if (!closing) {
        shape_inner(p, item);
    } else {
        s->token = item;
    }
    s->unary &= s->token == item && item->token != '{' && item->token != ';';
    s->before = item;
}

/* ---- bodies on one line ---- */

/* For every '{' that was written with its '}' on one line and holds no other: which one that is. */
static void match_bodies(fmt_items *items)
{
    size_t open = 0;
    bool possible = false;
    for (size_t i = 0; i < items->len; i++) {
        const fmt_item *item = &items->at[i];
        bool empty = possible && i == open + 1;
        if (item->token == '}' && possible && (empty || !item->newlines))
            items->at[open].match = (uint32_t)i;
        if (item->newlines || item->kind != FMT_TOKEN || item->token == '}')
            possible = possible && item->kind == FMT_BLOCK_COMMENT && !item->multiline && !item->newlines;
        if (item->token == '{' && !item->nested) {
            open = i;
            possible = true;
        }
    }
}

jrpc_status shape_run(fmt_items *items)
{
    shaper p = { .items = items };
    jrpc_status status = JRPC_OK;
    end_statement(&p.s);
    for (; p.index + 1 < items->len && status == JRPC_OK; p.index++) {
        fmt_item *item = &items->at[p.index];
        if (item->kind == FMT_TOKEN)
            shape_token(&p, item);
        else if (is_comment(item))
            shape_comment(&p, item);
        else if (!shape_directive(&p, item))
            status = JRPC_E_NOMEM;
    }
    while (p.branches) {
        branch *outer = p.branches->outer;
        free(p.branches);
        p.branches = outer;
    }
    match_bodies(items);
    return status;
}
