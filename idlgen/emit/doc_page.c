/* SPDX-License-Identifier: MIT */
/* A page of the reference, in Markdown or HTML. */
#include "emit/doc_page.h"

#include <string.h>

#include "base/mem.h"
#include "emit/doc_comment.h"
#include "emit/text.h"

/* ---- escapes ---- */

static void html_char(buf *out, const char *text, size_t len)
{
    switch (*text) {
    case '&': buf_append_lit(out, "&amp;"); break;
    case '<': buf_append_lit(out, "&lt;"); break;
    case '>': buf_append_lit(out, "&gt;"); break;
    case '"': buf_append_lit(out, "&quot;"); break;
    default: buf_append(out, text, len); break;
    }
}

static void html_text(buf *out, const char *text)
{
    for (size_t len; *text; text += len) {
        if (text_plain_char(text, &len) || *text == '\n')
            html_char(out, text, len);
        else
            buf_append_char(out, ' ');
    }
}

/* What would begin a list or a heading at the start of a line, or mark up elsewhere. */
static bool is_markdown(const char *start, const char *at)
{
    if (strchr("\\`*_{}[]<>#|~&!$", *at))
        return true;
    if (strchr("+-=:", *at))
        return at == start;
    bool numbered = at > start && strspn(start, "0123456789") == (size_t)(at - start);
    return (*at == '.' || *at == ')') && numbered;
}

/* One line. */
static void markdown_text(buf *out, const char *text)
{
    const char *start = text + strspn(text, " \t");

    for (size_t len, at = 0; start[at]; at += len) {
        if (!text_plain_char(start + at, &len)) {
            buf_append_char(out, ' ');
            continue;
        }
        if (is_markdown(start, start + at))
            buf_append_char(out, '\\');
        buf_append(out, start + at, len);
    }
}

const char *page_text(page *p, const char *text)
{
    AUTO(buf_done) buf markup = BUF_INIT;

    if (p->html)
        html_text(&markup, text);
    else
        markdown_text(&markup, text);
    return gen_take(p->g, &markup);
}

/* Text between backticks cannot have all characters, least of all in a table. */
static bool fits_backticks(const char *text)
{
    size_t len;

    for (; *text; text += len)
        if (!text_plain_char(text, &len) || *text == '`' || *text == '|')
            return false;
    return true;
}

const char *page_code(page *p, const char *text)
{
    if (!*text)
        return "";
    if (p->html)
        return gen_join(p->g, "<code>", page_text(p, text), "</code>");
    if (fits_backticks(text) && *text != ' ')
        return gen_join(p->g, "`", text, "`");
    return page_text(p, text);
}

const char *page_strong(page *p, const char *text)
{
    const char *markup = page_text(p, text);
    return p->html ? gen_join(p->g, "<strong>", markup, "</strong>") : gen_join(p->g, "**", markup, "**");
}

const char *page_anchor(gen *g, const char *scoped)
{
    AUTO(buf_done) buf anchor = BUF_INIT;

    for (; *scoped; scoped++) {
        bool skip = scoped[0] == ':' && scoped[1] == ':';
        buf_append_char(&anchor, skip ? '.' : *scoped);
        scoped += skip;
    }
    return gen_take(g, &anchor);
}

const char *page_link(page *p, const char *anchor, const char *text)
{
    const char *code = page_code(p, text);
    return p->html ? gen_text(p->g, "<a href=\"#%s\">%s</a>", anchor, code)
                   : gen_text(p->g, "[%s](#%s)", code, anchor);
}

/* ---- the frame ---- */

static const char html_begin[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
    "<title>@title@</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #f3f5f7; --line: #d3d9df;\n"
    "  --link: #0b57a4; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --paper: #16191d; --soft: #21262c;\n"
    "  --line: #3a424b; --link: #7fb8f5; } }\n"
    "body { margin: 0 auto; max-width: 58rem; padding: 1rem 1.25rem 4rem; font: 1rem/1.5 sans-serif;\n"
    "  color: var(--ink); background: var(--paper); }\n"
    "h2 { margin-top: 3rem; border-bottom: 2px solid var(--line); }\n"
    "h3 { margin-top: 2.25rem; }\n"
    "a { color: var(--link); }\n"
    "code, pre { font: 0.875rem/1.45 monospace; }\n"
    "code { overflow-wrap: anywhere; }\n"
    "pre { padding: 0.75rem 1rem; overflow-x: auto; background: var(--soft); border: 1px solid var(--line);\n"
    "  border-radius: 4px; }\n"
    ".wide { overflow-x: auto; }\n"
    "table { border-collapse: collapse; margin: 1rem 0; }\n"
    "th, td { padding: 0.3rem 0.7rem; border: 1px solid var(--line); text-align: left;\n"
    "  vertical-align: top; }\n"
    "th { background: var(--soft); }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n";

void page_begin(page *p, const char *title)
{
    if (p->html) {
        /* Not TMPL(): the style sheet has an @ of its own. */
        const char *hole = strstr(html_begin, "@title@");
        buf_append(p->out, html_begin, (size_t)(hole - html_begin));
        buf_append_str(p->out, page_text(p, title));
        buf_append_str(p->out, hole + strlen("@title@"));
    }
    page_heading(p, 1, NULL, title);
}

void page_end(page *p)
{
    if (p->html)
        buf_append_lit(p->out, "</body>\n</html>\n");
}

/* ---- blocks ---- */

/* Blocks of Markdown have an empty line between them. */
static void separate(page *p)
{
    if (!p->html && p->out->len)
        buf_append_char(p->out, '\n');
}

void page_heading(page *p, int level, const char *anchor, const char *text)
{
    const char *markup = page_text(p, text);

    separate(p);
    if (p->html && anchor)
        buf_printf(p->out, "<h%d id=\"%s\">%s</h%d>\n", level, anchor, markup, level);
    else if (p->html)
        buf_printf(p->out, "<h%d>%s</h%d>\n", level, markup, level);
    else if (anchor)
        buf_printf(p->out, "<a id=\"%s\"></a>\n\n%.*s %s\n", anchor, level, "####", markup);
    else
        buf_printf(p->out, "%.*s %s\n", level, "####", markup);
}

void page_paragraph(page *p, const char *markup)
{
    separate(p);
    buf_printf(p->out, p->html ? "<p>%s</p>\n" : "%s\n", markup);
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

static void end_paragraph(page *p, buf *markup)
{
    if (markup->len)
        page_paragraph(p, markup->data);
    p->g->failed = p->g->failed || buf_failed(markup);
    buf_reset(markup);
}

/* In front of what no table has a row for. */
static const char *part_head(page *p, const doc_line *line)
{
    switch (line->part) {
    case DOC_PARAM: return gen_join(p->g, "Parameter ", page_code(p, line->name), ": ");
    case DOC_RAISES: return gen_join(p->g, "Raises ", page_code(p, line->name), ": ");
    case DOC_RESULT: return "Returns: ";
    default: return "";
    }
}

static void doc_lines(page *p, const ast_node *node)
{
    AUTO(buf_done) buf markup = BUF_INIT;

    doc_line line = { 0 };
    for (size_t i = 0; i < node->doc_len; i++) {
        doc_comment_line(p->g, node, i, &line);
        if (line.begins || is_blank(line.text))
            end_paragraph(p, &markup);
        if (line.part != DOC_TEXT && doc_comment_has_place(node, &line))
            continue;
        const char *head = line.begins ? part_head(p, &line) : "";
        if (*head || !is_blank(line.text))
            buf_printf(&markup, "%s%s%s", markup.len ? "\n" : "", head, page_text(p, line.text));
    }
    end_paragraph(p, &markup);
}

void page_doc(page *p, const ast_node *node)
{
    doc_lines(p, node);
    if (node->notes->unit)
        page_paragraph(p, page_text(p, gen_join(p->g, "Unit: ", node->notes->unit, ".")));
    if (node->notes->deprecated) {
        const char *why = node->notes->deprecated_text;
        const char *more = why ? gen_join(p->g, ": ", page_text(p, why), "") : "";
        page_paragraph(p, gen_join(p->g, page_strong(p, "Deprecated"), more, "."));
    }
}

const char *page_summary(page *p, const ast_node *node)
{
    doc_line line = { 0 };

    if (node->doc_len)
        doc_comment_line(p->g, node, 0, &line);
    return node->doc_len && line.part == DOC_TEXT ? page_text(p, line.text) : "";
}

/* Longer than all runs of backticks in the text. */
static const char *fence_for(gen *g, const char *text)
{
    size_t longest = 2, run = 0;
    AUTO(buf_done) buf fence = BUF_INIT;

    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        buf_append_char(&fence, '`');
    return gen_take(g, &fence);
}

void page_block(page *p, const char *language, const char *text)
{
    separate(p);
    if (p->html) {
        buf_append_lit(p->out, "<pre>");
        html_text(p->out, text);
        buf_append_lit(p->out, "</pre>\n");
        return;
    }
    const char *fence = fence_for(p->g, text);
    size_t len = strlen(text);
    buf_printf(p->out, "%s%s\n%s%s%s\n", fence, language, text, len && text[len - 1] == '\n' ? "" : "\n",
               fence);
}

void page_list_item(page *p, int depth, const char *markup)
{
    if (p->html)
        buf_printf(p->out, "<div style=\"padding-left: %drem\">%s</div>\n", depth * 2, markup);
    else
        buf_printf(p->out, "%*s- %s\n", depth * 2, "", markup);
}

/* ---- tables ---- */

static void html_row(page *p, const char *const *cells, size_t count, const char *tag)
{
    buf_append_lit(p->out, "<tr>");
    for (size_t i = 0; i < count; i++)
        buf_printf(p->out, "<%s>%s</%s>", tag, cells[i], tag);
    buf_append_lit(p->out, "</tr>\n");
}

void page_row(page *p, const char *const *cells, size_t count)
{
    if (p->html) {
        html_row(p, cells, count, "td");
        return;
    }
    buf_append_char(p->out, '|');
    for (size_t i = 0; i < count; i++)
        buf_printf(p->out, " %s%s|", cells[i], *cells[i] ? " " : "");
    buf_append_char(p->out, '\n');
}

void page_table(page *p, const char *const *headings, size_t count)
{
    separate(p);
    if (p->html) {
        buf_append_lit(p->out, "<div class=\"wide\"><table>\n");
        html_row(p, headings, count, "th");
        return;
    }
    page_row(p, headings, count);
    buf_append_char(p->out, '|');
    for (size_t i = 0; i < count; i++)
        buf_append_lit(p->out, " --- |");
    buf_append_char(p->out, '\n');
}

void page_table_end(page *p)
{
    if (p->html)
        buf_append_lit(p->out, "</table></div>\n");
}
