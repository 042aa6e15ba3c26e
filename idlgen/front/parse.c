/* SPDX-License-Identifier: MIT */
/* Parser: tokens, recovery, and what all definitions have in common. */
#include "front/parse.h"

#include <stdarg.h>
#include <string.h>

#include "front/diag_list.h"

/* ---- tokens ---- */

static void fill(parser *p, token *t)
{
    if (!p->replay) {
        pp_next(p->pp, t);
    } else if (p->replay_len) {
        *t = *p->replay++;
        p->replay_len--;
    } else {
        *t = (token){ .kind = TOKEN_EOF, .text = "", .where = p->last };
    }
}

const token *parse_peek(parser *p, uint32_t ahead)
{
    while (p->ring_len <= ahead)
        fill(p, &p->ring[(p->ring_at + p->ring_len++) % PARSER_AHEAD]);
    return &p->ring[(p->ring_at + ahead) % PARSER_AHEAD];
}

token parse_take(parser *p)
{
    token t = *parse_peek(p, 0);
    p->ring_at = (p->ring_at + 1) % PARSER_AHEAD;
    p->ring_len--;
    if (t.after_bad)
        p->after_bad = t.where;
    if (t.kind != TOKEN_EOF)
        p->last = t.where;
    return t;
}

bool parse_at(parser *p, uint16_t kind)
{
    return parse_peek(p, 0)->kind == kind;
}

bool parse_at_keyword(parser *p, keyword k)
{
    const token *t = parse_peek(p, 0);
    return t->kind == TOKEN_WORD && t->word->keyword == k;
}

bool parse_accept(parser *p, uint16_t kind)
{
    if (!parse_at(p, kind))
        return false;
    parse_take(p);
    return true;
}

bool parse_accept_keyword(parser *p, keyword k)
{
    if (!parse_at_keyword(p, k))
        return false;
    parse_take(p);
    return true;
}

/* ---- messages ---- */

/*
 * At the end of the file one syntax error says it all, or that an open comment swallowed the rest. Where
 * something was left out that could not be read, nobody knows what it would have been.
 */
static bool is_said(parser *p, const char *rule, place where)
{
    const place *bad = &p->after_bad;
    bool taken = bad->source && bad->source == where.source && bad->offset == where.offset;
    if (taken || (p->ring_len > 0 && p->ring[p->ring_at].after_bad))
        return true;
    bool at_end = p->ring_len > 0 && p->ring[p->ring_at].kind == TOKEN_EOF && !p->replay;
    if (!at_end || strcmp(rule, "syntax") != 0)
        return false;
    if (diag_latest_is(p->env->diag, "comment-open"))
        return true;
    bool said = p->end_reported;
    p->end_reported = true;
    return said;
}

void parse_error(parser *p, const char *rule, place where, const char *format, ...)
{
    va_list ap;
    if (is_said(p, rule, where)) {
        diag_drop_notes(p->env->diag);
        return;
    }
    va_start(ap, format);
    diag_reportv(p->env->diag, DIAG_ERROR, rule, where, format, ap);
    va_end(ap);
}

void parse_note(parser *p, place where, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    diag_reportv(p->env->diag, DIAG_NOTE, NULL, where, format, ap);
    va_end(ap);
}

place parse_after(const parser *p)
{
    place after = p->last;
    after.offset += after.length;
    after.length = 0;
    return after;
}

const char *parse_show(parser *p, const token *t)
{
    enum { SHOWN = 40 };
    int len = t->len > SHOWN ? SHOWN : (int)t->len;
    const char *dots = t->len > SHOWN ? "..." : "";
    switch (t->kind) {
    case TOKEN_EOF: return p->replay ? "the end of the annotation" : "the end of the file";
    case TOKEN_STRING: case TOKEN_WSTRING: return env_format(p->env, "\"%.*s%s\"", len, t->text, dots);
    case TOKEN_CHAR: case TOKEN_WCHAR: return env_format(p->env, "'%.*s%s'", len, t->text, dots);
    default: return env_format(p->env, "'%.*s%s'", len, t->text, dots);
    }
}

/* `get-it`: says so when the '-' stands close to the name before it. */
static bool refuse_dash(parser *p, const token *t)
{
    if (t->kind != '-' || t->where.source != p->last.source || parse_peek(p, 1)->kind != TOKEN_WORD ||
        t->where.offset != p->last.offset + p->last.length)
        return false;
    parse_error(p, "syntax", t->where, "a name cannot have a '-' in it; write '_'");
    return true;
}

bool parse_expect(parser *p, uint16_t kind, const char *what)
{
    if (parse_accept(p, kind))
        return true;
    const token *t = parse_peek(p, 0);
    if (refuse_dash(p, t))
        return false;
    place where = t->line_start || t->kind == TOKEN_EOF ? parse_after(p) : t->where;
    parse_error(p, "syntax", where, "expected %s before %s", what, parse_show(p, t));
    return false;
}

/* ---- recovery ---- */

static bool starts_declaration(const token *t)
{
    static const uint8_t starters[] = { KW_MODULE,    KW_INTERFACE, KW_STRUCT, KW_UNION,     KW_ENUM,
                                        KW_EXCEPTION, KW_TYPEDEF,   KW_CONST,  KW_VALUETYPE, KW_ONEWAY,
                                        KW_READONLY,  KW_ATTRIBUTE, KW_VOID };
    return t->kind == TOKEN_WORD && t->line_start && t->word->keyword &&
           memchr(starters, t->word->keyword, sizeof starters);
}

void parse_recover(parser *p)
{
    uint32_t depth = 0;
    for (bool moved = false;; moved = true) {
        const token *t = parse_peek(p, 0);
        if (t->kind == TOKEN_EOF || (depth == 0 && (t->kind == '}' || (moved && starts_declaration(t)))))
            return;
        token taken = parse_take(p);
        depth += taken.kind == '{';
        if (taken.kind == '}' && --depth == 0) {
            if (!parse_at(p, ';') && !parse_peek(p, 0)->line_start)
                continue;
            parse_accept(p, ';');
            return;
        }
        if (taken.kind == ';' && depth == 0)
            return;
    }
}

void parse_skip_item(parser *p)
{
    uint32_t depth = 0;
    for (;;) {
        uint16_t kind = parse_peek(p, 0)->kind;
        if (kind == TOKEN_EOF || kind == ';' || kind == '{' || kind == '}')
            return;
        if (depth == 0 && (kind == ',' || kind == ')'))
            return;
        depth += kind == '(';
        depth -= kind == ')';
        parse_take(p);
    }
}

void parse_skip_braces(parser *p)
{
    uint32_t depth = 0;
    while (parse_at(p, '{') || (depth > 0 && !parse_at(p, TOKEN_EOF))) {
        token t = parse_take(p);
        depth += t.kind == '{';
        if (t.kind == '}' && --depth == 0)
            return;
    }
}

void parse_semicolon(parser *p, const char *after)
{
    if (parse_accept(p, ';'))
        return;
    const token *t = parse_peek(p, 0);
    parse_error(p, "syntax", parse_after(p), "expected ';' after %s%s", after,
                t->kind == '@' ? "; annotations stand before what they belong to" : "");
    if (!t->line_start && t->kind != '}')
        parse_recover(p);
}

bool parse_enter(parser *p)
{
    if (p->nesting < LIMIT_NESTING) {
        p->nesting++;
        return true;
    }
    pp_fatal(p->pp, "nesting-depth", parse_peek(p, 0)->where, "nested more than %d deep", LIMIT_NESTING);
    return false;
}

void parse_leave(parser *p)
{
    p->nesting--;
}

/* ---- names ---- */

bool parse_at_name(parser *p)
{
    const token *t = parse_peek(p, 0);
    return t->kind == TOKEN_WORD && !keyword_is_reserved((keyword)t->word->keyword);
}

/* A keyword where a name should be: is the name all that is wrong? */
static bool keyword_as_name(parser *p)
{
    uint16_t next = parse_peek(p, 1)->kind;
    return parse_at(p, TOKEN_WORD) && next < 256 && strchr(";,)[={}:(", next) != NULL;
}

ident parse_ident(parser *p, const char *what)
{
    const token *t = parse_peek(p, 0);
    if (!parse_at_name(p) && !keyword_as_name(p)) {
        place where = t->line_start || t->kind == TOKEN_EOF ? parse_after(p) : t->where;
        parse_error(p, "syntax", where, "expected %s before %s", what, parse_show(p, t));
        return (ident){ NULL, where };
    }
    token taken = parse_take(p);
    ident name = { taken.word, taken.where };
    if (taken.text[0] == '_') {
        name.word = env_word(p->env, taken.text + 1, taken.len - 1);
        if (taken.len == 1 || !(taken.text[1] >= 'A'))
            parse_error(p, "identifier-underscore", taken.where,
                        "a letter must follow the '_' that begins this name");
        else if (taken.text[1] == '_')
            parse_error(p, "identifier-underscore", taken.where,
                        "only one '_' can begin a name; it is an escape and no part of it");
    } else if (keyword_is_reserved((keyword)taken.word->keyword)) {
        parse_error(p, "keyword-as-name", taken.where, "'%s' is a keyword; write '_%s' to use it as a name",
                    taken.text, taken.text);
    } else if (keyword_is_reserved((keyword)taken.word->clash)) {
        parse_error(p, "keyword-as-name", taken.where, "'%s' collides with the keyword '%s'; write '_%s'",
                    taken.text, keyword_text((keyword)taken.word->clash), taken.text);
    }
    return name;
}

ident parse_declarator(parser *p, const ast_type *type, const char *what)
{
    if (type_is_error(type) && !parse_at_name(p) && !keyword_as_name(p))
        return (ident){ NULL, p->last };
    return parse_ident(p, what);
}

/* ---- declarations ---- */

void parse_intro(parser *p, annots *ret_intro)
{
    *ret_intro = (annots){ NULL, parse_peek(p, 0)->doc };
    if (parse_at(p, '@'))
        annot_read(p, ret_intro);
}

static void set_doc(ast_node *node, const doc *d)
{
    if (!d || d->len == 0)
        return;
    node->doc = d->lines;
    node->doc_len = d->len;
}

void parse_trailing(parser *p, ast_node *node)
{
    const doc *trailing = parse_peek(p, 0)->trailing;
    if (!node || !trailing || trailing->len == 0)
        return;
    doc all = { 0 };
    for (size_t i = 0; i < node->doc_len + trailing->len; i++) {
        all.lines = env_grow(p->env, all.lines, all.len + 1, &all.cap, sizeof *all.lines);
        all.lines[all.len++] = i < node->doc_len ? node->doc[i] : trailing->lines[i - node->doc_len];
        all.lines[all.len] = NULL;
    }
    set_doc(node, &all);
}

void ast_list_add(env *e, ast_list *list, ast_node *node)
{
    list->at = env_grow(e, list->at, list->len, &list->cap, sizeof *list->at);
    list->at[list->len++] = node;
}

static const char *dotted(parser *p, const char *scoped)
{
    char *text = env_alloc(p->env, strlen(scoped) + 1);
    size_t len = 0;
    for (const char *c = scoped; *c; c++) {
        bool colons = c[0] == ':';
        text[len++] = colons ? '.' : *c;
        c += colons;
    }
    return text;
}

ast_node *parse_node(parser *p, ast_kind kind, ident name, const annots *intro)
{
    static const ast_notes no_notes = { 0 };
    ast_node *node = ENV_NEW(p->env, ast_node);
    const ast_node *owner = p->scope->node;
    node->kind = kind;
    node->name = name.word ? name.word->text : "?";
    node->scoped = owner ? env_format(p->env, "%s::%s", owner->scoped, node->name) : node->name;
    node->wire_name = kind == AST_INTERFACE ? dotted(p, node->scoped) : node->name;
    node->parent = p->scope->node;
    node->place = name.where;
    node->include = name.where.source ? name.where.source->include : NULL;
    node->notes = &no_notes;
    if (intro)
        set_doc(node, intro->doc);
    return node;
}

ast_node *parse_define(parser *p, ast_kind kind, ident name, const annots *intro)
{
    ast_node *node = parse_node(p, kind, name, intro);
    scope_declare(p, p->scope, name, node);
    ast_list_add(p->env, p->list, node);
    return node;
}
