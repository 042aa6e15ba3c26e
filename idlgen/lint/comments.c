/* SPDX-License-Identifier: MIT */
/* Comments that begin with "idl-lint:". */
#include <string.h>

#include "lint/linter.h"

static const char mark[] = "idl-lint:";
enum { ALLOWS_MAX = 10000 };

/* A piece of a comment's text. */
typedef struct piece {
    const fmt_item *item;
    size_t at, len;
} piece;

static bool is_comment(const fmt_item *item)
{
    return item->kind == FMT_LINE_COMMENT || item->kind == FMT_BLOCK_COMMENT;
}

static place place_of(linter *l, const piece *p)
{
    return front_place(l->front, p->item->offset + p->at, p->len);
}

/* ---- what an allow() is for ---- */

static void line_around(const linter *l, uint32_t offset, lint_allow *ret_allow)
{
    uint32_t start = offset, end = offset;
    while (start > 0 && l->text[start - 1] != '\n')
        start--;
    while (end < l->len && l->text[end] != '\n')
        end++;
    ret_allow->start = start;
    ret_allow->end = end;
}

/* From an item that begins a declaration to what comes behind it. */
static uint32_t declaration_end(const linter *l, size_t from)
{
    const fmt_item *first = &l->items.at[from], *item = first + 1;
    while (item->kind != FMT_END &&
           (!item->start || item->level > first->level || (item->level == first->level && item->token == '}') ||
            item->kind == FMT_DIRECTIVE))
        item++;
    return item->offset;
}

static void find_range(const linter *l, size_t comment, lint_allow *ret_allow)
{
    const fmt_item *item = &l->items.at[comment];
    bool behind = comment > 0 && item->newlines == 0, before = item[1].newlines == 0;
    if (behind || before) {
        line_around(l, item->offset, ret_allow);
        return;
    }
    size_t next = comment + 1;
    while (is_comment(&l->items.at[next]))
        next++;
    const fmt_item *declaration = &l->items.at[next];
    line_around(l, declaration->offset, ret_allow);
    ret_allow->start = declaration->offset;
    if (declaration->start && declaration->kind == FMT_TOKEN && declaration->token != '}')
        ret_allow->end = declaration_end(l, next);
}

/* ---- allow(), enable(), disable() ---- */

static void add_allow(linter *l, size_t comment, const piece *id, lint_rule rule)
{
    if (l->allow_count == ALLOWS_MAX) {
        lint_report(l, LINT_ALLOW_UNKNOWN, place_of(l, id), "a file may have %d of these", ALLOWS_MAX);
        return;
    }
    lint_allow *bigger = lint_grow(l, l->allows, l->allow_count, &l->allow_cap, sizeof *bigger);
    if (!bigger)
        return;
    l->allows = bigger;
    lint_allow *allow = &l->allows[l->allow_count++];
    *allow = (lint_allow){ .rule = rule, .where = place_of(l, id) };
    find_range(l, comment, allow);
}

static void apply(linter *l, size_t comment, const piece *verb, const piece *id, bool at_top)
{
    const char *text = id->item->text;
    const char *bad;
    size_t bad_len;
    bool is_allow = verb->len == 5, is_all = id->len == 3 && memcmp(text + id->at, "all", 3) == 0;
    lint_rule rule = lint_rule_find(text + id->at, id->len);
    if (rule == LINT_RULE_COUNT && (is_allow || !is_all))
        lint_report(l, LINT_ALLOW_UNKNOWN, place_of(l, id), "there is no rule '%.*s'; idlgen lint --rules lists them",
                    (int)id->len, text + id->at);
    else if (is_allow)
        add_allow(l, comment, id, rule);
    else if (at_top)
        lint_set_change(&l->set, text + id->at, id->len, verb->len == 6, &bad, &bad_len);
    else
        lint_report(l, LINT_ALLOW_UNKNOWN, place_of(l, verb),
                    "'%.*s' stands before the first declaration, for it holds for the whole file", (int)verb->len,
                    text + verb->at);
}

static bool is_separator(char c)
{
    return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip(const fmt_item *item, size_t at)
{
    while (at < item->len && is_separator(item->text[at]))
        at++;
    return at;
}

static size_t word_end(const fmt_item *item, size_t at)
{
    while (at < item->len && ((item->text[at] >= 'a' && item->text[at] <= 'z') || item->text[at] == '-'))
        at++;
    return at;
}

/* "verb(id, id)": what is behind it; 0 when it is none. */
static size_t read_call(linter *l, size_t comment, size_t at, bool at_top)
{
    const fmt_item *item = &l->items.at[comment];
    piece verb = { item, at, word_end(item, at) - at };
    bool known = (verb.len == 5 && memcmp(item->text + at, "allow", 5) == 0) ||
                 (verb.len == 6 && memcmp(item->text + at, "enable", 6) == 0) ||
                 (verb.len == 7 && memcmp(item->text + at, "disable", 7) == 0);
    at += verb.len;
    const char *close = known && at < item->len ? memchr(item->text + at, ')', item->len - at) : NULL;
    if (!close || item->text[at] != '(')
        return 0;
    size_t end = (size_t)(close - item->text);
    for (at = skip(item, at + 1); at < end; at = skip(item, at)) {
        piece id = { item, at, 0 };
        while (at < end && !is_separator(item->text[at]))
            at++;
        id.len = at - id.at;
        apply(l, comment, &verb, &id, at_top);
    }
    return end + 1;
}

static void read_comment(linter *l, size_t comment, bool at_top)
{
    const fmt_item *item = &l->items.at[comment];
    const char *found = memmem(item->text, item->len, mark, sizeof mark - 1);
    if (!found)
        return;
    piece whole = { item, (size_t)(found - item->text), sizeof mark - 1 };
    size_t at = whole.at + whole.len, next = at;
    bool any = false;
    while ((next = read_call(l, comment, skip(item, at), at_top)) != 0) {
        any = true;
        at = next;
    }
    if (!any)
        lint_report(l, LINT_ALLOW_UNKNOWN, place_of(l, &whole),
                    "allow(RULE), enable(RULE) or disable(RULE) is expected behind 'idl-lint:'");
}

void lint_comments_read(linter *l)
{
    bool at_top = true;
    for (size_t i = 0; i < l->items.len && !l->failed; i++) {
        const fmt_item *item = &l->items.at[i];
        at_top &= item->kind != FMT_TOKEN;
        if (is_comment(item))
            read_comment(l, i, at_top);
    }
}

void lint_comments_finish(linter *l)
{
    for (size_t i = 0; i < l->allow_count; i++) {
        const lint_allow *a = &l->allows[i];
        if (!a->used && l->set.on[a->rule])
            lint_report(l, LINT_ALLOW_UNUSED, a->where, "nothing here is against '%s'", lint_rule_id(a->rule));
    }
}
