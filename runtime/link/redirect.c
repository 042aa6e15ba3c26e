/* SPDX-License-Identifier: MIT */
/* A server that names another host. */
#include "link/redirect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "link/dial.h"
#include "link/xml.h"

static const char condition[] = "see-other-host";
static const char white_space[] = " \t\r\n";

/* ---- what it says ---- */

static bool read_port(const char *text, size_t len, uint16_t *ret_port)
{
    unsigned long port = 0;
    if (len == 0 || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (unsigned long)(text[i] - '0');
    }
    *ret_port = (uint16_t)port;
    return port > 0 && port <= UINT16_MAX;
}

/* Letters of a name or of an address: what goes to a resolver or a proxy has no others. */
static bool is_host(const char *text, bool v6)
{
    size_t len = strlen(text);
    const char *digits = v6 ? "0123456789abcdefABCDEF:."
                            : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    return len > 0 && len < ADDRESS_NAME_MAX && strspn(text, digits) == len;
}

static bool take_host(const char *text, size_t len, bool v6, char **ret_host)
{
    autofree char *host = strndup(text, len);
    autofree char *ascii = host && !v6 ? address_ascii(host) : NULL;
    char **found = v6 ? &host : &ascii;
    if (!*found || !is_host(*found, v6))
        return false;
    *ret_host = TAKE_PTR(*found);
    return true;
}

bool redirect_parse(const char *text, char **ret_host, uint16_t *ret_port)
{
    text += strspn(text, white_space);
    size_t len = strlen(text);
    while (len && strchr(white_space, text[len - 1]))
        len--;
    *ret_port = 0;
    if (len > 0 && text[0] == '[') {
        const char *end = memchr(text, ']', len);
        size_t inside = end ? (size_t)(end - text) - 1 : 0, rest = end ? len - inside - 2 : 0;
        if (!end || (rest && (end[1] != ':' || !read_port(end + 2, rest - 1, ret_port))))
            return false;
        return take_host(text + 1, inside, true, ret_host);
    }
    const char *colon = memchr(text, ':', len);
    size_t before = colon ? (size_t)(colon - text) : len;
    if (colon && memchr(colon + 1, ':', len - before - 1))
        return take_host(text, len, true, ret_host);
    if (colon && !read_port(colon + 1, len - before - 1, ret_port))
        return false;
    return take_host(text, before, false, ret_host);
}

/* ---- what it does ---- */

static void refuse(stream *s, const char *text, const char *why)
{
    char where[STREAM_WHERE_MAX];
    stream_fail(s, JRPC_E_STREAM, stream_where(s, where), condition, "the server names another host, %.300s, %s", text, why);
}

bool redirect_take(stream *s, xmpp_stanza_t *error)
{
    char where[STREAM_WHERE_MAX];
    xmpp_stanza_t *element = xml_child(error, condition, XML_NS_STREAM_ERROR);
    if (!element || s->phase == STREAM_UP || s->phase == STREAM_CLOSING)
        return false;
    autofree char *text = xml_text(element);
    redirect_target *other = &s->other;
    if (!text) {
        stream_fail_nomem(s);
    } else if (other->host) {
        refuse(s, text, "but so did the one before it: only one redirection is followed");
    } else if (!redirect_parse(text, &other->host, &other->port)) {
        refuse(s, text, "which is no host and port");
    } else {
        stream_log(s, 1, "%s names another host: %s", stream_where(s, where), text);
        /* A place that had TLS from the first byte is left for one that has it, too. */
        other->direct_tls = s->places.items[s->place].direct_tls;
        s->todo = STREAM_REDIRECT;
    }
    return true;
}

void redirect_follow(stream *s)
{
    s->todo = STREAM_NOTHING;
    dial_drop(s);
    stream_forget_negotiation(s);
    if (dial_start(s, &s->failure) != JRPC_OK)
        s->failed = true;
}

void redirect_forget(stream *s)
{
    free(s->other.host);
    s->other = (redirect_target){ NULL, 0, false };
}
