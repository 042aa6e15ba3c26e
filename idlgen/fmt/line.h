/* SPDX-License-Identifier: MIT */
/* Lines: text with indentation, and comments behind it that stand below each other. */
#ifndef FMT_LINE_H
#define FMT_LINE_H

#include "fmt/scan.h"

typedef struct line_writer {
    buf text;
    buf marks;       /* of line_mark: where comments stand behind code */
    uint32_t column; /* characters of the line so far */
    uint32_t line;
    bool begun;      /* there is a line */
    bool trailed;    /* its code ended: a comment came */
} line_writer;

void line_begin(line_writer *w, uint32_t indent);
void line_blank(line_writer *w);
void line_put(line_writer *w, const fmt_item *item, uint32_t spaces);
/* A comment behind the code of the line; apart: not below or above others. */
void line_trail(line_writer *w, const fmt_item *item, bool apart);
uint32_t line_column(const line_writer *w);
/* Appends all lines to out, which fails without memory; the writer is empty afterwards. */
void line_finish(line_writer *w, buf *out);

#endif
