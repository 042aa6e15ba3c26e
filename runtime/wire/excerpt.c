/* SPDX-License-Identifier: MIT */
/* Stanzas for logs. */
#include "wire/excerpt.h"

#include <string.h>

#include "wire/writer.h"

enum { LEVELS_MOST = 80, ATTRIBUTES_MOST = 16 }; /* values nest 64 levels */

static const char cut[] = "...";

typedef struct excerpt {
    buf *out;
    size_t end; /* of out: nothing more from there on */
} excerpt;

static bool is_full(const excerpt *e)
{
    return buf_failed(e->out) || e->out->len >= e->end;
}

/* What is far too long is not even escaped as a whole. */
static void append(excerpt *e, const char *text)
{
    if (is_full(e))
        return;
    size_t room = e->end - e->out->len;
    char part[EXCERPT_MOST + 1];
    size_t len = strnlen(text, room);
    memcpy(part, text, len);
    part[len] = '\0';
    writer_safe_text(e->out, part);
}

static void append_attributes(excerpt *e, xmpp_stanza_t *element)
{
    const char *pairs[2 * ATTRIBUTES_MOST];
    int count = xmpp_stanza_get_attributes(element, pairs, 2 * ATTRIBUTES_MOST);
    for (int i = 0; i + 1 < count && !is_full(e); i += 2) {
        buf_append_char(e->out, ' ');
        append(e, pairs[i]);
        buf_append_lit(e->out, "='");
        append(e, pairs[i + 1]);
        buf_append_char(e->out, '\'');
    }
}

static void append_node(excerpt *e, xmpp_stanza_t *node, unsigned level)
{
    if (xmpp_stanza_is_text(node)) {
        append(e, xmpp_stanza_get_text_ptr(node));
        return;
    }
    const char *name = xmpp_stanza_get_name(node);
    buf_append_char(e->out, '<');
    append(e, name ? name : "");
    append_attributes(e, node);
    buf_append_char(e->out, '>');
    if (level >= LEVELS_MOST)
        buf_append_lit(e->out, "...");
    for (xmpp_stanza_t *child = level < LEVELS_MOST ? xmpp_stanza_get_children(node) : NULL; child && !is_full(e);
         child = xmpp_stanza_get_next(child))
        append_node(e, child, level + 1);
    buf_append_lit(e->out, "</");
    append(e, name ? name : "");
    buf_append_char(e->out, '>');
}

void excerpt_append(buf *out, xmpp_stanza_t *element)
{
    excerpt e = { out, out->len + EXCERPT_MOST };
    append_node(&e, element, 0);
    if (is_full(&e))
        buf_append(out, cut, sizeof cut - 1);
}

void excerpt_append_text(buf *out, const char *text, size_t len)
{
    size_t shown = len < EXCERPT_MOST ? len : EXCERPT_MOST;
    buf_append(out, text, shown);
    if (shown < len)
        buf_append(out, cut, sizeof cut - 1);
}
