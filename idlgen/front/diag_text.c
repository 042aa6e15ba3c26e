/* SPDX-License-Identifier: MIT */
/* Diagnostics as text, in clang's form: place, sentence, source line, caret. */
#include "front/diag_list.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "front/source.h"
#include "front/token.h"
#include "front/macro.h"

enum { TAB_STOP = 8, LINE_MAX_SHOWN = 160, NOTES_MAX = 6, INCLUDES_MAX = 6 };

static const char *paint(const diag_style *style, const char *code)
{
    return style->color ? code : "";
}

static void print_includes(buf *out, place where)
{
    const source *s = where.source;
    int shown = 0;
    for (place from = s ? s->included_from : where; s && from.source; from = from.source->included_from) {
        place_position at = place_find(from);
        if (shown++ == INCLUDES_MAX) {
            buf_printf(out, "                and %u more\n", from.source->depth + 1);
            break;
        }
        buf_printf(out, "%s %s:%u:\n", from.source == s->included_from.source ? "In file included from" :
                   "                from", at.file, at.line);
    }
}

/* Width on a terminal of one character: 0 for combining marks, 2 for East Asian ones, roughly. */
static uint32_t width_of(uint32_t c)
{
    if ((c >= 0x300 && c <= 0x36F) || c == 0x200B || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F))
        return 0;
    if ((c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
        (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
        (c >= 0x1F300 && c <= 0x1FAFF))
        return 2;
    return 1;
}

/* Appends the character at text as a terminal may see it and returns its bytes; *column counts its width. */
static uint32_t print_char(buf *out, const char *text, uint32_t len, uint32_t *column)
{
    uint32_t c = 0;
    size_t n = utf8_decode(text, len, &c);
    if (c == '\t' && n) {
        uint32_t spaces = TAB_STOP - *column % TAB_STOP;
        for (uint32_t i = 0; i < spaces; i++)
            buf_append_char(out, ' ');
        *column += spaces;
    } else if (n == 0 || !utf8_is_xml_char(c) || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
               (c >= 0x2066 && c <= 0x2069)) {
        buf_append_lit(out, "\xEF\xBF\xBD"); /* U+FFFD: controls and broken bytes */
        *column += 1;
        n = n ? n : 1;
    } else {
        buf_append(out, text, n);
        *column += width_of(c);
    }
    return (uint32_t)n;
}

/* The line and under it ^~~~; a long line is cut to the part around the place. */
static void print_snippet(buf *out, place where, const diag_style *style)
{
    uint32_t len = 0, at = 0;
    const char *line = source_line(where, &len, &at);
    uint32_t from = at > LINE_MAX_SHOWN * 3 / 4 ? at - LINE_MAX_SHOWN / 2 : 0;
    while (from > 0 && ((unsigned char)line[from] & 0xC0) == 0x80)
        from--;
    uint32_t end = at + (where.length ? where.length : 1);
    uint32_t start_column = 0, end_column = 0, column = 0;
    buf_append_lit(out, "    ");
    if (from)
        buf_append_lit(out, "...");
    uint32_t i = from;
    while (i < len && i - from < LINE_MAX_SHOWN) {
        if (i <= at)
            start_column = column;
        i += print_char(out, line + i, len - i, &column);
        if (i <= end)
            end_column = column;
    }
    if (at >= i)
        start_column = column;
    buf_append_str(out, i < len ? "...\n    " : "\n    ");
    if (from)
        buf_append_lit(out, "   ");
    for (uint32_t c = 0; c < start_column; c++)
        buf_append_char(out, ' ');
    buf_printf(out, "%s^", paint(style, "\033[1;32m"));
    for (uint32_t c = start_column + 1; c < end_column; c++)
        buf_append_char(out, '~');
    buf_printf(out, "%s\n", paint(style, "\033[0m"));
}

static void print_sentence(buf *out, place where, const char *color, const char *kind, const char *message,
                           const char *rule, const diag_style *style)
{
    const char *bold = paint(style, "\033[1m"), *plain = paint(style, "\033[0m");
    place_position at = place_find(where);
    buf_append_str(out, bold);
    if (where.source)
        buf_printf(out, "%s:%u:%u: ", at.file, at.line, at.column);
    else
        buf_append_lit(out, "idlgen: ");
    buf_printf(out, "%s%s:%s %s%s%s", paint(style, color), kind, plain, bold, message, plain);
    if (rule)
        buf_printf(out, " [%s]", rule);
    buf_append_char(out, '\n');
    if (where.source)
        print_snippet(out, where, style);
}

static void print_macros(buf *out, place where, const diag_style *style)
{
    int shown = 0;
    for (const expansion *e = where.expansion; e && shown < NOTES_MAX; e = e->outer, shown++) {
        if (!e->spelled.source) {
            buf_printf(out, "note: expanded from macro '%s' of the command line\n", e->name);
            continue;
        }
        buf message = BUF_INIT;
        buf_printf(&message, "expanded from macro '%s'", e->name);
        print_sentence(out, e->spelled, "\033[1;36m", "note", message.data ? message.data : "", NULL, style);
        buf_done(&message);
    }
}

void diag_print_text(buf *out, const diag_entry *entry, const diag_style *style)
{
    bool is_error = entry->severity == DIAG_ERROR || (entry->severity == DIAG_WARNING && style->werror);
    const char *kind = is_error ? "error" : entry->severity == DIAG_WARNING ? "warning" : "note";
    const char *color = is_error                          ? "\033[1;31m"
                        : entry->severity == DIAG_WARNING ? "\033[1;35m"
                                                          : "\033[1;36m";
    if (entry->rule)
        print_includes(out, entry->where);
    print_sentence(out, entry->where, color, kind, entry->message, entry->rule, style);
    if (entry->rule)
        print_macros(out, entry->where, style);
}
