/* SPDX-License-Identifier: MIT */
/* Pieces of C text. */
#include "emit/text.h"

#include "base/mem.h"
#include "base/utf8.h"

/* C compilers need not take a literal above 4,095 bytes. */
enum { HELP_MAX = 4000 };

const char *text_join(gen *g, const char *type, const char *name)
{
    size_t len = strlen(type);

    return gen_join(g, type, len && type[len - 1] == '*' ? "" : " ", name);
}

/* Characters that change the direction of text could make code read differently from what it is. */
static bool changes_direction(uint32_t c)
{
    return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

enum { LONGEST_CHAR = 4 }; /* bytes, in UTF-8 */

bool text_plain_char(const char *text, size_t *ret_len)
{
    uint32_t c = 0;

    *ret_len = utf8_decode(text, strnlen(text, LONGEST_CHAR), &c);
    if (*ret_len == 0) {
        *ret_len = 1;
        return false;
    }
    return c >= 0x20 && c != 0x7F && !changes_direction(c);
}

static void comment_line(buf *out, const char *line)
{
    char before = 0;

    for (size_t len; *line; line += len) {
        if (!text_plain_char(line, &len)) {
            buf_append_char(out, ' ');
            before = ' ';
            continue;
        }
        /* Neither an end nor another start of a comment, and no trigraph for a backslash that joins lines. */
        if ((before == '*' && *line == '/') || (before == '/' && *line == '*') ||
            (before == '?' && *line == '?' && strcmp(line + 1, "/") == 0))
            buf_append_char(out, ' ');
        buf_append(out, line, len);
        before = *line;
    }
}

/* On one line with what stands around it. */
static bool doc_on_one_line(buf *out, const char *indent, const ast_node *node, const char *more)
{
    const char *line = node->doc_len ? node->doc[0] : "";
    size_t len = strlen(indent) + strlen(line) + (more ? strlen(more) + 1 : 0) + strlen("/**  */");

    if (node->doc_len > 1 || len > GEN_COLUMNS)
        return false;
    buf_printf(out, "%s/** ", indent);
    comment_line(out, line);
    if (more) {
        buf_append_str(out, *line ? " " : "");
        comment_line(out, more);
    }
    buf_append_lit(out, " */\n");
    return true;
}

/* A sentence has room behind the last one. */
static bool doc_continues(const char *indent, const ast_node *node, const char *more)
{
    const char *last = node->doc_len ? node->doc[node->doc_len - 1] : "";
    size_t len = strlen(last);

    return len && strchr(".!?", last[len - 1]) &&
           strlen(indent) + strlen(" * ") + len + 1 + strlen(more) <= GEN_COLUMNS;
}

void text_doc_more(buf *out, const char *indent, const ast_node *node, const char *more)
{
    bool continues = more && doc_continues(indent, node, more);
    size_t count = node->doc_len + (more && !continues ? 1 : 0);

    if (count == 0 || doc_on_one_line(out, indent, node, more))
        return;
    buf_printf(out, "%s/**\n", indent);
    for (size_t i = 0; i < count; i++) {
        const char *line = i < node->doc_len ? node->doc[i] : more;
        buf_printf(out, "%s *%s", indent, *line ? " " : "");
        comment_line(out, line);
        if (continues && i + 1 == count) {
            buf_append_char(out, ' ');
            comment_line(out, more);
        }
        buf_append_char(out, '\n');
    }
    buf_printf(out, "%s */\n", indent);
}

/* What annotations say to a reader. */
static void annotations(buf *line, const ast_notes *notes)
{
    if (notes->unit)
        buf_printf(line, "Unit: %s.", notes->unit);
    if (notes->deprecated)
        buf_printf(line, "%sDeprecated%s%s.", line->len ? " " : "", notes->deprecated_text ? ": " : "",
                   notes->deprecated_text ? notes->deprecated_text : "");
}

void text_doc(buf *out, const char *indent, const ast_node *node)
{
    AUTO(buf_done) buf line = BUF_INIT;

    annotations(&line, node->notes);
    if (buf_failed(&line))
        out->failed = true;
    text_doc_more(out, indent, node, line.len ? line.data : NULL);
}

/* One line or the whole of a literal's content. */
static void string_content(buf *out, const char *text)
{
    char before = 0;

    for (size_t len; *text; text += len) {
        bool plain = text_plain_char(text, &len);
        if (*text == '\n')
            buf_append_lit(out, "\\n");
        else if (*text == '\t')
            buf_append_lit(out, "\\t");
        else if (!plain)
            for (size_t i = 0; i < len; i++)
                buf_printf(out, "\\%03o", (unsigned)(unsigned char)text[i]);
        else {
            /* No trigraphs. */
            if (*text == '"' || *text == '\\' || (*text == '?' && before == '?'))
                buf_append_char(out, '\\');
            buf_append(out, text, len);
        }
        before = *text;
    }
}

void text_string(buf *out, const char *text)
{
    buf_append_char(out, '"');
    string_content(out, text);
    buf_append_char(out, '"');
}

const char *text_quoted(gen *g, const char *text)
{
    buf literal = BUF_INIT;

    text_string(&literal, text);
    return gen_take(g, &literal);
}

/* How many lines of the doc comment a help text can have. */
static size_t help_lines(const ast_node *node)
{
    size_t lines = 0;

    for (size_t sum = 0; lines < node->doc_len; lines++) {
        sum += strlen(node->doc[lines]) + 1;
        if (sum > HELP_MAX)
            break;
    }
    return lines;
}

/* All in one literal where it fits the line, else one a line. */
static void help_literals(buf *out, size_t column, const ast_node *node)
{
    size_t count = help_lines(node), sum = column;

    for (size_t i = 0; i < count; i++)
        sum += strlen(node->doc[i]) + 4;
    for (size_t i = 0; i < count; i++) {
        if (i && sum > GEN_COLUMNS)
            buf_printf(out, "\"\n%*s", (int)column, "");
        if (i == 0 || sum > GEN_COLUMNS)
            buf_append_char(out, '"');
        string_content(out, node->doc[i]);
        buf_append_str(out, i + 1 < count ? "\\n" : "\"");
    }
}

void text_help(buf *out, const char *indent, const ast_node *node)
{
    if (help_lines(node) == 0)
        return;
    buf_printf(out, "%s.help = ", indent);
    help_literals(out, strlen(indent) + strlen(".help = "), node);
    buf_append_lit(out, ",\n");
}

void text_help_inline(buf *out, size_t indent, const ast_node *node)
{
    if (help_lines(node) == 0)
        return;
    buf_printf(out, ",\n%*s.help = ", (int)indent, "");
    help_literals(out, indent + strlen(".help = "), node);
}

void text_signature(buf *out, const char *head, const char *const *params, size_t count, const char *tail)
{
    const char *newline = strrchr(head, '\n');
    const char *line = newline ? newline + 1 : head;
    size_t column = strlen(line), indent = strspn(line, " ") + 8;

    buf_append_str(out, head);
    for (size_t i = 0; i < count; i++) {
        /* With a comma, or what of the tail is on this line. */
        size_t len = strlen(params[i]) + (i + 1 < count ? 1 : strcspn(tail, "\n"));
        if (i && column + 1 + len > GEN_COLUMNS) {
            buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (i) {
            buf_append_char(out, ' ');
            column++;
        }
        buf_append_str(out, params[i]);
        buf_append_str(out, i + 1 < count ? "," : "");
        column += len;
    }
    buf_append_str(out, tail);
}

/* Room stays behind an item for the end of all. */
static bool flow_fits(const text_flow *flow, const char *item)
{
    return flow->column && !strchr(item, '\n') &&
           flow->column + strlen(", ") + strlen(item) + strlen(") },") <= GEN_COLUMNS;
}

void text_flow_add(text_flow *flow, const char *item)
{
    bool fits = flow_fits(flow, item);
    const char *newline = strrchr(item, '\n');

    if (fits)
        buf_append_lit(flow->out, ", ");
    else if (flow->column)
        buf_printf(flow->out, ",\n%*s", (int)flow->indent, "");
    buf_append_str(flow->out, item);
    flow->column = newline ? GEN_COLUMNS : (fits ? flow->column + 2 : flow->indent) + strlen(item);
}
