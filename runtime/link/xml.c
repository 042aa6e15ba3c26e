/* SPDX-License-Identifier: MIT */
/* The little XML that a link writes and cuts itself. */
#include "link/xml.h"

#include <string.h>

#include "base/mem.h"

void xml_append(buf *b, const char *text)
{
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '&':
            buf_append_lit(b, "&amp;");
            break;
        case '<':
            buf_append_lit(b, "&lt;");
            break;
        case '>':
            buf_append_lit(b, "&gt;");
            break;
        case '\'':
            buf_append_lit(b, "&apos;");
            break;
        case '"':
            buf_append_lit(b, "&quot;");
            break;
        default:
            buf_append_char(b, *p);
        }
    }
}

/* The offset after the tag that begins at text[at], or 0; quoted values may hold a '>'. */
static size_t skip_tag(const char *text, size_t at, size_t len)
{
    char quote = 0;
    for (; at < len; at++) {
        if (quote)
            quote = text[at] == quote ? 0 : quote;
        else if (text[at] == '"' || text[at] == '\'')
            quote = text[at];
        else if (text[at] == '>')
            return at + 1;
    }
    return 0;
}

size_t xml_first_element(const char *text, size_t len, size_t *ret_head, bool *ret_empty)
{
    size_t at = 0, depth = 0;
    bool started = false;
    while (at < len) {
        if (text[at] != '<') {
            if (!started && !strchr(" \t\r\n", text[at]))
                return 0;
            at++;
            continue;
        }
        size_t end = skip_tag(text, at, len);
        /* Comments, processing instructions and CDATA are forbidden or useless in a stream: none of ours has
         * them. */
        if (end == 0 || text[at + 1] == '!' || text[at + 1] == '?')
            return 0;
        bool closing = text[at + 1] == '/', empty = text[end - 2] == '/';
        if (!started) {
            if (closing)
                return 0;
            *ret_head = end;
            *ret_empty = empty;
            started = true;
        }
        if (closing)
            depth--;
        else if (!empty)
            depth++;
        at = end;
        if (depth == 0)
            return at;
    }
    return 0;
}

bool xml_is(xmpp_stanza_t *element, const char *name, const char *ns)
{
    const char *its_name = xmpp_stanza_get_name(element), *its_ns = xmpp_stanza_get_ns(element);
    return its_name && its_ns && strcmp(its_name, name) == 0 && strcmp(its_ns, ns) == 0;
}

xmpp_stanza_t *xml_child(xmpp_stanza_t *element, const char *name, const char *ns)
{
    xmpp_stanza_t *child = xmpp_stanza_get_children(element);
    while (child && !xml_is(child, name, ns))
        child = xmpp_stanza_get_next(child);
    return child;
}

const char *xml_condition(xmpp_stanza_t *element, const char *ns, char **ret_text)
{
    const char *condition = NULL;
    if (ret_text)
        *ret_text = NULL;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(element); child;
         child = xmpp_stanza_get_next(child)) {
        const char *name = xmpp_stanza_get_name(child), *its_ns = xmpp_stanza_get_ns(child);
        if (!name || !its_ns || strcmp(its_ns, ns) != 0)
            continue;
        if (strcmp(name, "text") != 0)
            condition = condition ? condition : name;
        else if (ret_text && !*ret_text)
            *ret_text = xml_text(child);
    }
    return condition;
}

char *xml_text(xmpp_stanza_t *element)
{
    AUTO(buf_done) buf b = BUF_INIT;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(element); child; child = xmpp_stanza_get_next(child))
        if (xmpp_stanza_is_text(child))
            buf_append_str(&b, xmpp_stanza_get_text_ptr(child));
    return buf_take(&b);
}
