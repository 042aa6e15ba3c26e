/* SPDX-License-Identifier: MIT */
/* Printer: which lines there are. */
#include "fmt/print.h"

#include "fmt/line.h"
#include "front/env.h"
#include "front/keyword.h"

typedef struct printer {
    const fmt_item *at;
    line_writer w;
} printer;

enum { AT_ANNOTATIONS = 1 << FMT_ANNOT | 1 << FMT_LABEL, AT_RAISES = 1 << FMT_RAISES, AT_PARAMS = 1 << FMT_PARAM };

static bool is_comment(const fmt_item *item)
{
    return item->kind == FMT_LINE_COMMENT || item->kind == FMT_BLOCK_COMMENT;
}

static bool is_trailing(const fmt_item *item)
{
    return item->stand == FMT_TRAILING || item->stand == FMT_CONTINUED;
}

static bool is_whole_lines(const fmt_item *item)
{
    return item->kind == FMT_DIRECTIVE || item->kind == FMT_VERBATIM;
}

/* Whatever fits: a line ends before this item. */
static bool must_break(const fmt_item *item)
{
    const fmt_item *before = item - 1;
    if (is_whole_lines(item) || is_whole_lines(before) || before->kind == FMT_LINE_COMMENT)
        return true;
    if (item->stand == FMT_OWN || item->stand == FMT_CONTINUED)
        return true;
    return is_comment(before) && before->stand != FMT_INLINE && (item->newlines > 0 || before->multiline);
}

static uint32_t space_before(const fmt_item *item)
{
    if (item->start) /* in a body on one line */
        return item->token != '}' || item[-1].token != '{';
    return item->space;
}

/* Where the comments behind the items begin. */
static size_t code_end(const printer *p, size_t from, size_t to)
{
    while (to > from + 1 && is_trailing(&p->at[to - 1]))
        to--;
    return to;
}

/* Can the items stand on one line that begins in this column? */
static bool fits(const printer *p, size_t from, size_t to, uint32_t column)
{
    size_t end = code_end(p, from, to);
    uint32_t width = column;
    for (size_t i = from; i < end; i++) {
        const fmt_item *item = &p->at[i];
        if (item->multiline || (i > from && must_break(item)))
            return false;
        width += (i > from ? space_before(item) : 0) + item->width;
        if (width > FMT_WIDTH)
            return false;
    }
    return true;
}

/* The width up to where a line may end next, this item with it. */
static uint32_t width_ahead(const printer *p, size_t from, size_t to)
{
    uint32_t width = 0;
    for (size_t i = from; i < to && width <= FMT_WIDTH; i++) {
        const fmt_item *item = &p->at[i];
        if (i > from && (item->brk != FMT_NONE || is_trailing(item) || must_break(item)))
            break;
        width += space_before(item) + item->width;
    }
    return width;
}

static uint32_t indent_of(const fmt_item *item, uint32_t base, unsigned modes)
{
    if (item->token == ')')
        return base;
    switch (item->brk) {
    case FMT_ANNOT: return base;
    case FMT_LABEL:
    case FMT_RAISES:
    case FMT_PARAM: return base + FMT_INDENT;
    default: return base + (modes ? 2 * FMT_INDENT : FMT_INDENT);
    }
}

/* Items with a line end at the breaks of these modes, where one must be, and where the next item would be too much. */
static void print_range(printer *p, size_t from, size_t to, uint32_t base, unsigned modes)
{
    line_writer *w = &p->w;
    for (size_t i = from; i < to; i++) {
        const fmt_item *item = &p->at[i];
        if (i == from) {
            line_put(w, item, 0);
            continue;
        }
        if (is_trailing(item) && !is_whole_lines(item - 1)) {
            line_trail(w, item, p->at[from].token == '}' || item[-1].token == '{');
            continue;
        }
        bool full = item->brk != FMT_NONE && line_column(w) + width_ahead(p, i, to) > FMT_WIDTH;
        if (must_break(item) || full || (modes >> item->brk & 1)) {
            line_begin(w, is_whole_lines(item) ? 0 : indent_of(item, base, modes));
            line_put(w, item, 0);
        } else {
            line_put(w, item, space_before(item));
        }
    }
}

static bool has_break(const printer *p, size_t from, size_t to, unsigned modes)
{
    for (size_t i = from + 1; i < to; i++) {
        if (modes >> p->at[i].brk & 1)
            return true;
    }
    return false;
}

/* Do the pieces between the breaks of a mode fit, each on its line? */
static bool pieces_fit(const printer *p, size_t from, size_t to, uint32_t base, unsigned modes)
{
    size_t start = from;
    for (size_t i = from + 1; i <= to; i++) {
        if (i < to && !(modes >> p->at[i].brk & 1))
            continue;
        if (!fits(p, start, i, start == from ? base : base + FMT_INDENT))
            return false;
        start = i;
    }
    return true;
}

static void print_declaration(printer *p, size_t from, size_t to, uint32_t base)
{
    unsigned modes = 0;
    if (!fits(p, from, to, base) && has_break(p, from, to, AT_RAISES | AT_PARAMS))
        modes = AT_RAISES | (pieces_fit(p, from, to, base, AT_RAISES) ? 0U : AT_PARAMS);
    print_range(p, from, to, base, modes);
}

/* Of a line that begins behind an annotation or a label: what labels select stands further in than they do. */
static uint32_t indent_behind(const fmt_item *item, uint32_t base, uint32_t indent)
{
    bool is_label = item->keyword == KW_CASE || item->keyword == KW_DEFAULT;
    return item->brk != FMT_LABEL ? indent : base + (is_label ? 0 : FMT_INDENT);
}

/* A statement or a part of it, annotations and labels on lines of their own where it does not fit otherwise. */
static void print_segment(printer *p, size_t from, size_t to, uint32_t base)
{
    bool split = !fits(p, from, to, base) && has_break(p, from, code_end(p, from, to), AT_ANNOTATIONS);
    uint32_t indent = base;
    size_t start = from;
    for (size_t i = from + 1; split && i < to; i++) {
        const fmt_item *item = &p->at[i];
        if (!(AT_ANNOTATIONS >> item->brk & 1))
            continue;
        print_declaration(p, start, i, indent);
        indent = indent_behind(item, base, indent);
        line_begin(&p->w, indent);
        start = i;
    }
    print_declaration(p, start, to, indent);
}

/* Did the author end a line here, behind an annotation or a label? */
static bool is_kept(const fmt_item *item)
{
    return (AT_ANNOTATIONS >> item->brk & 1) && (item->newlines > 0 || must_break(item));
}

static size_t next_start(const printer *p, size_t i)
{
    do
        i++;
    while (!p->at[i].start && p->at[i].kind != FMT_END);
    return i;
}

/* The end of the line: behind the body that begins at the end of it, when that is written on one line and fits. */
static size_t with_body(const printer *p, size_t from, size_t to, uint32_t base)
{
    size_t close = p->at[to - 1].match;
    if (!close)
        return to;
    size_t longer = next_start(p, close);
    bool empty = close == to;
    return empty || fits(p, from, longer, base) ? longer : to;
}

/* From an item that begins a line; what comes next. */
static size_t print_statement(printer *p, size_t from)
{
    uint32_t base = p->at[from].level * FMT_INDENT, indent = base;
    size_t to = next_start(p, from), start = from;
    for (size_t i = from + 1; i < to; i++) {
        if (!is_kept(&p->at[i]))
            continue;
        print_segment(p, start, i, indent);
        indent = indent_behind(&p->at[i], base, indent);
        line_begin(&p->w, indent);
        start = i;
    }
    to = with_body(p, start, to, indent);
    print_segment(p, start, to, indent);
    return to;
}

static bool keeps_blank_line(const printer *p, size_t i)
{
    const fmt_item *item = &p->at[i];
    if (i == 0 || item->newlines < 2 || item->token == '}')
        return false;
    size_t before = i - 1;
    while (before > 0 && is_trailing(&p->at[before]))
        before--;
    return p->at[before].token != '{';
}

bool print_items(const fmt_items *items, buf *out)
{
    printer p = { .at = items->at };
    for (size_t i = 0; p.at[i].kind != FMT_END && p.w.text.len <= LIMIT_FILE;) {
        if (keeps_blank_line(&p, i))
            line_blank(&p.w);
        line_begin(&p.w, p.at[i].level * FMT_INDENT);
        i = print_statement(&p, i);
    }
    line_finish(&p.w, out);
    return out->len <= LIMIT_FILE;
}
