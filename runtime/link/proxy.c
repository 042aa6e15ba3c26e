/* SPDX-License-Identifier: MIT */
/* Which proxy: its URL. */
#include "link/proxy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"

static const struct {
    const char *scheme;
    proxy_kind kind;
    uint16_t port;
} schemes[] = {
    { "socks5://", PROXY_SOCKS5, 1080 },
    { "socks5h://", PROXY_SOCKS5, 1080 }, /* curl's name for "the proxy looks names up", which we always let it do */
    { "http://", PROXY_HTTP, 3128 },
};

void proxy_done(proxy *p)
{
    free(p->host);
    free(p->user);
    secret_free(p->password);
    *p = (proxy){ .kind = PROXY_NONE };
}

static jrpc_status invalid(const char *why, jrpc_error *error)
{
    return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID,
                     "the proxy's URL: %s: expected socks5://[user@]host[:port] or http://[user@]host[:port]", why);
}

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* False without memory; an escape that is none stays as it is, one of NUL too. */
static bool decode(const char *text, size_t len, char **ret_text)
{
    char *out = malloc(len + 1);
    size_t n = 0;
    if (!out)
        return false;
    for (size_t i = 0; i < len; i++) {
        bool escape = text[i] == '%' && i + 2 < len && isxdigit((unsigned char)text[i + 1]) &&
                      isxdigit((unsigned char)text[i + 2]);
        int value = escape ? hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]) : 0;
        out[n++] = value ? (char)value : text[i];
        i += value ? 2 : 0;
    }
    out[n] = '\0';
    *ret_text = out;
    return true;
}

static bool read_user(const char *text, size_t len, proxy *p)
{
    const char *colon = memchr(text, ':', len);
    size_t user = colon ? (size_t)(colon - text) : len;
    if (user && !decode(text, user, &p->user))
        return false;
    return !colon || decode(colon + 1, len - user - 1, &p->password);
}

/* What an address or a request line may hold: nothing that would end them. */
static bool is_host(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr(".-_:%[]", text[i]))
            return false;
    return len > 0 && len < 256;
}

static bool read_port(const char *text, uint16_t *ret_port)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || port == 0 || port > 65535)
        return false;
    *ret_port = (uint16_t)port;
    return true;
}

static jrpc_status read_place(const char *text, proxy *p, jrpc_error *error)
{
    size_t all = strcspn(text, "/");
    if (text[all] && text[all + 1])
        return invalid("there is more after the host", error);
    autofree char *place = strndup(text, all);
    if (!place)
        return error_nomem(error);
    char *bracket = *place == '[' ? strchr(place, ']') : NULL;
    char *colon = strchr(bracket ? bracket : place, ':');
    if (colon) {
        *colon = '\0';
        if (!read_port(colon + 1, &p->port))
            return invalid("the port is no number from 1 to 65535", error);
    }
    if (!is_host(place, strlen(place)))
        return invalid("there is no valid host in it", error);
    p->host = TAKE_PTR(place);
    return JRPC_OK;
}

static jrpc_status read_url(const char *url, proxy *p, jrpc_error *error)
{
    const char *rest = NULL;
    for (size_t i = 0; i < COUNT_OF(schemes) && !rest; i++)
        if (strncasecmp(url, schemes[i].scheme, strlen(schemes[i].scheme)) == 0) {
            rest = url + strlen(schemes[i].scheme);
            p->kind = schemes[i].kind;
            p->port = schemes[i].port;
        }
    if (!rest)
        return invalid("no such kind of proxy", error);
    const char *at = strrchr(rest, '@');
    if (at && !read_user(rest, (size_t)(at - rest), p))
        return error_nomem(error);
    return read_place(at ? at + 1 : rest, p, error);
}

jrpc_status proxy_parse(const char *url, const char *password, proxy *ret_proxy, jrpc_error *error)
{
    AUTO(proxy_done) proxy p = { .kind = PROXY_NONE };
    jrpc_status status = read_url(url, &p, error);
    if (status != JRPC_OK)
        return status;
    if (password) {
        secret_free(p.password);
        p.password = strdup(password);
        if (!p.password)
            return error_nomem(error);
    }
    if (p.password && !p.user)
        return invalid("a password without a user", error);
    if (p.kind == PROXY_SOCKS5 && p.user && (strlen(p.user) > 255 || (p.password && strlen(p.password) > 255)))
        return invalid("SOCKS5 has room for 255 bytes of user and of password", error);
    *ret_proxy = p;
    p = (proxy){ .kind = PROXY_NONE };
    return JRPC_OK;
}
