/* SPDX-License-Identifier: MIT */
/*
 * Scanner: the text of one file as a list of items that leaves nothing out: tokens as the front end's lexer sees
 * them, comments, whole directives. Macros are not expanded, and all groups of an #if are read; a group that
 * cannot be IDL (`#if 0`, open quotes, strange characters) is one item.
 */
#ifndef FMT_SCAN_H
#define FMT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jrpc/status.h>

#include "base/buf.h"

typedef enum fmt_kind {
    FMT_TOKEN = 0,
    FMT_LINE_COMMENT,
    FMT_BLOCK_COMMENT,
    FMT_DIRECTIVE,
    FMT_VERBATIM, /* what stands between two directives, whole lines */
    FMT_END
} fmt_kind;

/* Where a line may end before an item, and why. */
typedef enum fmt_break {
    FMT_NONE = 0,
    FMT_ANNOT,  /* an annotation of the statement ends here */
    FMT_LABEL,  /* a case label ends here */
    FMT_RAISES, /* raises and the like begin here */
    FMT_PARAM,  /* a parameter begins here */
    FMT_FILL    /* anywhere else that reads well */
} fmt_break;

/* How a comment stands in its line. */
typedef enum fmt_stand {
    FMT_INLINE = 0, /* something follows */
    FMT_OWN,        /* alone on its lines */
    FMT_TRAILING,   /* behind something, nothing follows */
    FMT_CONTINUED   /* alone, below a trailing one and in the same column */
} fmt_stand;

typedef struct fmt_item {
    fmt_kind kind;
    uint16_t token;    /* enum token_kind */
    uint8_t keyword;   /* enum keyword, of a word */
    const char *text;  /* without what a backslash at a line's end continues; not NUL-terminated */
    uint32_t len, width; /* bytes; characters */
    uint32_t offset;   /* in the text */
    uint32_t column;   /* in the text, from 0, tabs expanded */
    uint32_t newlines; /* between the item before and this one */
    bool multiline;

    /* ---- what shape_run() finds ---- */
    bool start;  /* begins a line: a statement, a label's line, a comment between statements */
    bool space;  /* a space before it when on the line of the item before */
    bool nested; /* inside of parentheses of the statement */
    uint8_t brk; /* fmt_break */
    uint8_t stand; /* fmt_stand */
    uint32_t level; /* of the braces around, when start */
    uint32_t match; /* of '{' whose body fits on a line: the index of its '}'; else 0 */
} fmt_item;

typedef struct fmt_items {
    struct fmt_scanner *owner;
    fmt_item *at; /* the last one is FMT_END */
    size_t len;
} fmt_items;

/* text must live as long as the items. NOMEM, TOO_LARGE. */
jrpc_status scan_text(const char *text, size_t len, fmt_items *ret_items);
void scan_done(fmt_items *items);
/* The text that offsets count in: without byte order mark; NUL-terminated. */
const char *scan_source(const fmt_items *items, uint32_t *ret_len);

#endif
