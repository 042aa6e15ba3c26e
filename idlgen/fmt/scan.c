/* SPDX-License-Identifier: MIT */
/* Scanner. */
#include "fmt/scan.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "front/diag_list.h"
#include "front/keyword.h"
#include "front/lex.h"
#include "front/source.h"

/* An open #if: where its group begins. */
typedef struct group {
    size_t first;   /* index of the item behind the directive */
    uint32_t start; /* offset behind the directive's line */
    bool spoilt;    /* not IDL */
    struct group *outer;
} group;

typedef struct fmt_scanner {
    env env;
    diag diag;
    sources sources;
    lexer lexer;
    fmt_item *items;
    size_t len, cap;
    uint32_t end;   /* offset behind the last item */
    group *groups, *spare;
    uint32_t line_start, column_at, column; /* the column found last, to count from */
} fmt_scanner;

enum { MEMORY_MAX = 1 << 30, TAB = 8 };

/* ---- items ---- */

static uint32_t width_of(const char *text, size_t len)
{
    uint32_t width = 0;
    for (size_t at = 0; at < len; width++) {
        uint32_t c;
        size_t n = utf8_decode(text + at, len - at, &c);
        at += n ? n : 1;
    }
    return width;
}

/* Offsets only grow: each byte is looked at once. */
static uint32_t column_of(fmt_scanner *s, uint32_t offset)
{
    for (; s->column_at < offset; s->column_at++) {
        char c = s->lexer.text[s->column_at];
        if (c == '\n')
            s->column = 0;
        else if (c == '\t')
            s->column += TAB - s->column % TAB;
        else if (((unsigned char)c & 0xC0) != 0x80)
            s->column++;
    }
    return s->column;
}

/* Bytes of the backslash and line end at text; 0: there is none. */
static uint32_t splice_at(const char *text, uint32_t at, uint32_t end)
{
    if (text[at] != '\\' || at + 1 >= end)
        return 0;
    if (text[at + 1] == '\n')
        return 2;
    return text[at + 1] == '\r' && at + 2 < end && text[at + 2] == '\n' ? 3 : 0;
}

/* A token without the backslashes that continue lines. */
static const char *unspliced(fmt_scanner *s, const char *text, uint32_t *len)
{
    if (!memchr(text, '\n', *len))
        return text;
    char *clean = env_alloc(&s->env, *len + 1);
    uint32_t used = 0;
    for (uint32_t i = 0; i < *len;) {
        uint32_t splice = splice_at(text, i, *len);
        if (splice == 0)
            clean[used++] = text[i];
        i += splice ? splice : 1;
    }
    *len = used;
    return clean;
}

/* Anything else without the carriage returns before line ends. */
static const char *unix_lines(fmt_scanner *s, const char *text, uint32_t *len)
{
    if (!memchr(text, '\n', *len) || !memchr(text, '\r', *len))
        return text;
    char *clean = env_alloc(&s->env, *len + 1);
    uint32_t used = 0;
    for (uint32_t i = 0; i < *len; i++) {
        if (text[i] != '\r' || i + 1 == *len || text[i + 1] != '\n')
            clean[used++] = text[i];
    }
    *len = used;
    return clean;
}

static fmt_item *add(fmt_scanner *s, fmt_kind kind, uint32_t start, uint32_t end, uint32_t newlines)
{
    s->items = env_grow(&s->env, s->items, s->len, &s->cap, sizeof *s->items);
    fmt_item *item = &s->items[s->len++];
    const char *text = s->lexer.text + start;
    *item = (fmt_item){ .kind = kind, .text = text, .len = end - start, .offset = start, .newlines = newlines };
    item->column = column_of(s, start);
    item->text = kind == FMT_TOKEN ? unspliced(s, text, &item->len) : unix_lines(s, text, &item->len);
    item->multiline = memchr(item->text, '\n', item->len) != NULL;
    item->width = width_of(item->text, item->len);
    s->end = end;
    return item;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == 0x1A;
}

static uint32_t trimmed(const char *text, uint32_t start, uint32_t end)
{
    while (end > start && is_space(text[end - 1]))
        end--;
    return end;
}

/* A comment or directive up to the end of its line, trimmed; one blank keeps a backslash from continuing it. */
static void add_rest(fmt_scanner *s, fmt_kind kind, uint32_t start, uint32_t end, uint32_t newlines)
{
    const char *text = s->lexer.text;
    uint32_t cut = trimmed(text, start, end);
    fmt_item *item = add(s, kind, start, cut, newlines);
    if (cut < end && text[cut - 1] == '\\') {
        char *longer = env_alloc(&s->env, item->len + 1);
        memcpy(longer, item->text, item->len);
        longer[item->len++] = ' ';
        item->text = longer;
    }
}

static uint32_t comment_end(const char *text, uint32_t at, uint32_t end)
{
    bool block = text[at + 1] == '*';
    for (at += 2; at < end;) {
        if (block && text[at] == '*' && at + 1 < end && text[at + 1] == '/')
            return at + 2;
        if (!block && text[at] == '\n')
            return at;
        uint32_t splice = block ? 0 : splice_at(text, at, end);
        at += splice ? splice : 1;
    }
    return end;
}

/* The comments between two items; the number of line ends behind the last of them. */
static uint32_t add_comments(fmt_scanner *s, uint32_t from, uint32_t end)
{
    const char *text = s->lexer.text;
    uint32_t newlines = 0;
    for (uint32_t at = from; at < end;) {
        bool comment = text[at] == '/' && at + 1 < end && (text[at + 1] == '/' || text[at + 1] == '*');
        if (comment) {
            bool block = text[at + 1] == '*';
            uint32_t stop = comment_end(text, at, end);
            if (block)
                add(s, FMT_BLOCK_COMMENT, at, stop, newlines);
            else
                add_rest(s, FMT_LINE_COMMENT, at, stop, newlines);
            newlines = 0;
            at = stop;
        } else {
            uint32_t splice = splice_at(text, at, end);
            newlines += text[at] == '\n';
            at += splice ? splice : 1;
        }
    }
    return newlines;
}

/* ---- directives ---- */

static void open_group(fmt_scanner *s, bool spoilt)
{
    group *g = s->spare;
    if (g)
        s->spare = g->outer;
    else
        g = ENV_NEW(&s->env, group);
    *g = (group){ s->len, s->end, spoilt, s->groups };
    s->groups = g;
}

/* A group that cannot be IDL becomes one item; line is where the directive that ends it begins. */
static void close_group(fmt_scanner *s, uint32_t line)
{
    group *g = s->groups;
    if (!g)
        return;
    const char *text = s->lexer.text;
    if (g->spoilt) {
        uint32_t start = g->start, end = line;
        while (start < end && text[start] != '\n')
            start++;
        start += start < end;
        while (end > start && (text[end - 1] == '\n' || is_space(text[end - 1])))
            end--;
        s->len = g->first;
        if (end > start)
            add(s, FMT_VERBATIM, start, end, 1);
    }
    s->groups = g->outer;
    g->outer = s->spare;
    s->spare = g;
}

static bool name_is(const token *name, const char *text)
{
    return name->kind == TOKEN_WORD && strcmp(name->text, text) == 0;
}

/* `#if 0`: tokens of the line up to where they tell. */
static bool is_never(const token *name, const token *value, const token *after)
{
    return name_is(name, "if") && value->kind == TOKEN_NUMBER && value->len == 1 && value->text[0] == '0' &&
           after->kind == TOKEN_END_LINE;
}

static uint32_t line_before(const char *text, uint32_t offset)
{
    while (offset > 0 && text[offset - 1] != '\n')
        offset--;
    return offset;
}

/* From a # on: the whole line, and those it is continued on. */
static void add_directive(fmt_scanner *s, const token *sharp, uint32_t newlines)
{
    lexer *l = &s->lexer;
    token name, value, after, last;
    l->in_directive = true;
    lex_next(l, &name);
    value = after = last = name;
    for (int i = 0; last.kind != TOKEN_END_LINE; i++) {
        lex_next(l, &last);
        if (i == 0)
            value = last;
        if (i == 1)
            after = last;
    }
    l->in_directive = false;
    bool is_if = name_is(&name, "if") || name_is(&name, "ifdef") || name_is(&name, "ifndef");
    bool is_end = name_is(&name, "endif");
    bool is_else = name.kind == TOKEN_WORD && strncmp(name.text, "el", 2) == 0;
    if (is_end || is_else) {
        uint32_t line = line_before(l->text, sharp->where.offset);
        close_group(s, s->end > line ? sharp->where.offset : line);
    }
    add_rest(s, FMT_DIRECTIVE, sharp->where.offset, l->at, s->len && !newlines ? 1 : newlines);
    s->end = l->at;
    if (is_if || is_else)
        open_group(s, is_never(&name, &value, &after));
}

/* ---- the text ---- */

static void add_token(fmt_scanner *s, const token *t, uint32_t newlines)
{
    fmt_item *item = add(s, FMT_TOKEN, t->where.offset, t->where.offset + t->where.length, newlines);
    item->token = t->kind;
    item->keyword = t->kind == TOKEN_WORD ? t->word->keyword : 0;
    if (t->defect || t->kind == '#') {
        for (group *g = s->groups; g; g = g->outer)
            g->spoilt = true;
    }
}

static void scan(fmt_scanner *s)
{
    lexer *l = &s->lexer;
    for (;;) {
        token t;
        lex_next(l, &t);
        uint32_t newlines = add_comments(s, s->end, t.where.offset);
        if (t.kind == TOKEN_EOF) {
            add(s, FMT_END, l->len, l->len, newlines ? newlines : 1);
            return;
        }
        if (t.kind == '#' && t.line_start)
            add_directive(s, &t, newlines);
        else
            add_token(s, &t, newlines);
    }
}

static fmt_scanner *new_scanner(void)
{
    fmt_scanner *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    diag_init(&s->diag, 1);
    diag_mute(&s->diag);
    s->env = (env){ .memory = ARENA_INIT(MEMORY_MAX), .words = MAP_INIT, .diag = &s->diag };
    s->sources = (sources){ .env = &s->env, .no_files = true };
    return s;
}

jrpc_status scan_text(const char *text, size_t len, fmt_items *ret_items)
{
    jmp_buf escape;
    *ret_items = (fmt_items){ 0 };
    if (len > LIMIT_FILE)
        return JRPC_E_TOO_LARGE;
    fmt_scanner *s = new_scanner();
    if (!s)
        return JRPC_E_NOMEM;
    ret_items->owner = s;
    s->env.escape = &escape;
    if (setjmp(escape) != 0) {
        scan_done(ret_items);
        return JRPC_E_NOMEM;
    }
    lex_init(&s->lexer, &s->env, source_new(&s->sources, source_add(&s->sources, "", text, len), (place){ 0 }, NULL));
    s->lexer.skipping = true; /* comments are items here, and mistakes are the front end's to report */
    scan(s);
    ret_items->at = s->items;
    ret_items->len = s->len;
    return JRPC_OK;
}

void scan_done(fmt_items *items)
{
    fmt_scanner *s = items->owner;
    if (!s)
        return;
    map_done(&s->env.words);
    arena_done(&s->env.memory);
    diag_done(&s->diag);
    free(s);
    *items = (fmt_items){ 0 };
}

const char *scan_source(const fmt_items *items, uint32_t *ret_len)
{
    *ret_len = items->owner->lexer.len;
    return items->owner->lexer.text;
}
