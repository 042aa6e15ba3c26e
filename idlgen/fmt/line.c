/* SPDX-License-Identifier: MIT */
/* Lines. */
#include "fmt/line.h"

enum { TAB = 8, ALIGNED_MAX = 60 /* code wider than this has its comment right behind it */ };

typedef struct line_mark {
    size_t at;       /* in the text: blanks belong here */
    uint32_t column; /* characters before it */
    uint32_t line;
    bool continued;  /* stands below the one before, with nothing else on its line */
    bool apart;      /* not below others */
} line_mark;

static void put_spaces(buf *out, uint32_t count)
{
    while (count--)
        buf_append_char(out, ' ');
}

static void end_line(line_writer *w)
{
    buf_append_char(&w->text, '\n');
    w->line++;
    w->column = 0;
    w->trailed = false;
}

void line_begin(line_writer *w, uint32_t indent)
{
    if (w->begun)
        end_line(w);
    w->begun = true;
    put_spaces(&w->text, indent);
    w->column = indent;
}

void line_blank(line_writer *w)
{
    if (w->begun)
        end_line(w);
}

uint32_t line_column(const line_writer *w)
{
    return w->column;
}

/* ---- comments of several lines ---- */

/* The blanks at the start of a line, tabs expanded. */
static uint32_t leading(const char *text, size_t len, uint32_t *ret_column)
{
    uint32_t at = 0;
    for (*ret_column = 0; at < len && (text[at] == ' ' || text[at] == '\t'); at++)
        *ret_column += text[at] == '\t' ? TAB - *ret_column % TAB : 1;
    return at;
}

static size_t line_length(const char *text, const char *end)
{
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    return newline ? (size_t)(newline - text) : (size_t)(end - text);
}

/* Do all lines but the first begin with a star? */
static bool is_starred(const char *text, const char *end)
{
    for (text += line_length(text, end); text < end; text += line_length(text, end)) {
        uint32_t column;
        text++;
        uint32_t skip = leading(text, line_length(text, end), &column);
        if (text + skip >= end || text[skip] != '*')
            return false;
    }
    return true;
}

static size_t without_blanks(const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        len--;
    return len;
}

/* Moved as a whole, stars put below each other. */
static void put_block(line_writer *w, const fmt_item *item)
{
    const char *text = item->text, *end = text + item->len;
    bool starred = is_starred(text, end);
    uint32_t start = w->column;
    for (bool first = true; text < end; first = false) {
        size_t len = line_length(text, end), kept = without_blanks(text, len);
        uint32_t column = 0, skip = first ? 0 : leading(text, kept, &column);
        uint32_t indent = starred ? start + 1 : column + start > item->column ? column + start - item->column : 0;
        if (!first)
            end_line(w);
        if (!first && skip < kept)
            put_spaces(&w->text, indent);
        buf_append(&w->text, text + skip, kept - skip);
        w->column = indent + (uint32_t)(kept - skip);
        text += len + (text + len < end);
    }
}

static void put_text(line_writer *w, const fmt_item *item)
{
    if (item->kind == FMT_BLOCK_COMMENT && item->multiline) {
        put_block(w, item);
        return;
    }
    buf_append(&w->text, item->text, item->len);
    for (uint32_t i = 0; item->multiline && i < item->len; i++)
        w->line += item->text[i] == '\n';
    w->column += item->width;
}

void line_put(line_writer *w, const fmt_item *item, uint32_t spaces)
{
    put_spaces(&w->text, spaces);
    w->column += spaces;
    put_text(w, item);
}

/* ---- comments behind code ---- */

void line_trail(line_writer *w, const fmt_item *item, bool apart)
{
    bool continued = item->stand == FMT_CONTINUED;
    if (continued)
        line_begin(w, 0);
    if (!w->trailed || continued) {
        apart = apart || item->multiline || w->column > ALIGNED_MAX;
        line_mark mark = { w->text.len, w->column, w->line, continued, apart };
        buf_append(&w->marks, &mark, sizeof mark);
        w->column++;
    } else {
        put_spaces(&w->text, 1);
        w->column++;
    }
    put_text(w, item);
    w->trailed = true;
}

/* The marks of lines below each other, from first; *ret_column is where their comments begin. */
static size_t group_end(const line_mark *marks, size_t first, size_t count, uint32_t *ret_column)
{
    uint32_t column = marks[first].column;
    size_t end = first + 1;
    for (; end < count && marks[end].line == marks[end - 1].line + 1; end++) {
        if (!marks[end].continued && (marks[end].apart || marks[first].apart))
            break;
        if (marks[end].column > column)
            column = marks[end].column;
    }
    *ret_column = column + 1;
    return end;
}

void line_finish(line_writer *w, buf *out)
{
    const line_mark *marks = (const line_mark *)(const void *)w->marks.data;
    size_t count = w->marks.len / sizeof *marks, done = 0;
    if (w->begun)
        end_line(w);
    for (size_t first = 0, end; first < count && !w->marks.failed && !w->text.failed; first = end) {
        uint32_t column = 0;
        end = group_end(marks, first, count, &column);
        for (size_t i = first; i < end; i++) {
            buf_append(out, w->text.data + done, marks[i].at - done);
            put_spaces(out, column - marks[i].column);
            done = marks[i].at;
        }
    }
    if (w->text.len && !w->text.failed)
        buf_append(out, w->text.data + done, w->text.len - done);
    out->failed |= w->text.failed || w->marks.failed;
    buf_done(&w->text);
    buf_done(&w->marks);
}
