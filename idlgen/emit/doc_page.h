/* SPDX-License-Identifier: MIT */
/*
 * A page of the reference, in Markdown or HTML.
 *
 * Functions that take a `text` escape it. What they return is markup of the page, for page_paragraph() and
 * table cells, which do not escape again.
 */
#ifndef EMIT_DOC_PAGE_H
#define EMIT_DOC_PAGE_H

#include "emit/gen.h"

typedef struct page {
    gen *g;
    buf *out;
    bool html;
} page;

void page_begin(page *p, const char *title);
void page_end(page *p);

/* ---- pieces ---- */

const char *page_text(page *p, const char *text);
const char *page_code(page *p, const char *text);
const char *page_strong(page *p, const char *text);
/* To a heading of this page; text is code. */
const char *page_link(page *p, const char *anchor, const char *text);
/* "M::I::op" as the name of a heading: "M.I.op". */
const char *page_anchor(gen *g, const char *scoped);

/* ---- blocks ---- */

/* level: 1 to 4. anchor may be NULL. */
void page_heading(page *p, int level, const char *anchor, const char *text);
void page_paragraph(page *p, const char *markup);
/* The doc comment and what @unit and @deprecated say. */
void page_doc(page *p, const ast_node *node);
/* Program text, as it is. */
void page_block(page *p, const char *language, const char *text);

/* An item of the table of contents, 0 or 1 deep. */
void page_list_item(page *p, int depth, const char *markup);

/* cells are markup; the row after page_table() and its headings. */
void page_table(page *p, const char *const *headings, size_t count);
void page_row(page *p, const char *const *cells, size_t count);
void page_table_end(page *p);

/* The first line of the doc comment, or "". */
const char *page_summary(page *p, const ast_node *node);

#endif
