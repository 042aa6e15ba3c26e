/* SPDX-License-Identifier: MIT */
/* Doc comments. */
#include "front/comment.h"

#include <string.h>

#include "base/utf8.h"

/* What stands in the text but not in UTF-8 is read as Latin-1, as old files have it. */
static const char *clean_text(env *e, const char *text, size_t len)
{
    char *out = env_alloc(e, len * 2 + 1);
    size_t used = 0;
    for (size_t at = 0; at < len;) {
        uint32_t c = 0;
        size_t n = utf8_decode(text + at, len - at, &c);
        if (n == 0) {
            unsigned char byte = (unsigned char)text[at];
            c = byte < 0xA0 ? '?' : byte;
            n = 1;
        } else if (!utf8_is_xml_char(c) || c == 0x7F || c == '\r') {
            c = ' ';
        }
        at += n;
        used += utf8_encode(c, out + used);
    }
    return out;
}

static void add_line(env *e, doc *d, const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        len--;
    if (len == 0 && d->len == 0)
        return;
    d->lines = env_grow(e, d->lines, d->len + 1, &d->cap, sizeof *d->lines);
    d->lines[d->len++] = clean_text(e, text, len);
    d->lines[d->len] = NULL;
}

/* " * text" of a block comment: the star and one blank after it go. */
static void add_block_line(env *e, doc *d, const char *text, size_t len, bool first)
{
    size_t at = 0;
    while (at < len && (text[at] == ' ' || text[at] == '\t'))
        at++;
    if (!first && at < len && text[at] == '*') {
        at++;
        if (at < len && text[at] == ' ')
            at++;
    } else if (first && at > 1) {
        at = 1;
    }
    if (first && at == 0 && len > 0 && text[0] == ' ')
        at = 1;
    add_line(e, d, text + at, len - at);
}

static void add_block(env *e, doc *d, const char *text, size_t len)
{
    bool first = true;
    for (size_t at = 0; at <= len;) {
        const char *end = at < len ? memchr(text + at, '\n', len - at) : NULL;
        size_t line_len = end ? (size_t)(end - text) - at : len - at;
        add_block_line(e, d, text + at, line_len, first);
        first = false;
        at += line_len + 1;
    }
}

/* The doc to add to: the one before when this comment goes on right below it, else a new one. */
static doc *open_doc(lexer *l, doc **list, uint32_t start, uint32_t end)
{
    uint32_t line = source_real_line(l->source, start);
    if (!*list || line > (*list)->last_line + 1)
        *list = ENV_NEW(l->env, doc);
    (*list)->last_line = source_real_line(l->source, end ? end - 1 : 0);
    return *list;
}

void comment_add(lexer *l, uint32_t start, uint32_t end)
{
    const char *text = l->text + start;
    uint32_t len = end - start;
    bool block = text[1] == '*';
    uint32_t close = block ? 2 : 0;
    if (len < 3 + close || (text[2] != '!' && text[2] != text[1]))
        return;
    /* A row of slashes or stars is decoration. */
    if (len > 3 + close && text[3] == text[1])
        return;
    uint32_t skip = 3;
    bool is_trailing = len > 3 && text[3] == '<';
    skip += is_trailing;
    if (len < skip + close)
        return;
    doc *d = open_doc(l, is_trailing ? &l->trailing : &l->docs, start, end);
    text += skip;
    len -= skip + close;
    if (block) {
        add_block(l->env, d, text, len);
        while (d->len && d->lines[d->len - 1][0] == '\0')
            d->lines[--d->len] = NULL;
    } else {
        bool blank = len > 0 && text[0] == ' ';
        add_line(l->env, d, text + blank, len - blank);
    }
}
