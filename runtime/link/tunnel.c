/* SPDX-License-Identifier: MIT */
/* One attempt to get through a proxy. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/mem.h"
#include "link/proxy.h"

enum { HEADERS_MOST = 16384, NAME_MOST = 255 };
enum { SOCKS_VERSION = 5, SOCKS_NO_LOGIN = 0, SOCKS_PASSWORD = 2, SOCKS_LOGIN_VERSION = 1, SOCKS_CONNECT = 1 };
enum { SOCKS_IPV4 = 1, SOCKS_NAME = 3, SOCKS_IPV6 = 4 };

static bool fail(jrpc_error *error, jrpc_status status, const char *why)
{
    error_set(error, JRPC_ERROR_TRANSPORT, status, "%s", why);
    return false;
}

void tunnel_done(tunnel *t)
{
    if (t->out.data)
        explicit_bzero(t->out.data, t->out.cap);
    buf_done(&t->out);
    buf_done(&t->in);
}

/* ---- HTTP ---- */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void append_base64(buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        unsigned n = (unsigned)(unsigned char)text[i] << 16;
        n |= i + 1 < len ? (unsigned)(unsigned char)text[i + 1] << 8 : 0U;
        n |= i + 2 < len ? (unsigned char)text[i + 2] : 0U;
        buf_append_char(out, base64[n >> 18]);
        buf_append_char(out, base64[n >> 12 & 63]);
        buf_append_char(out, i + 1 < len ? base64[n >> 6 & 63] : '=');
        buf_append_char(out, i + 2 < len ? base64[n & 63] : '=');
    }
}

static void ask_http(tunnel *t)
{
    bool bare = strchr(t->host, ':') && t->host[0] != '[';
    char where[NAME_MOST + 16];
    snprintf(where, sizeof where, bare ? "[%s]:%u" : "%s:%u", t->host, (unsigned)t->port);
    buf_printf(&t->out, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", where, where);
    if (t->proxy->user) {
        AUTO(buf_done) buf both = BUF_INIT;
        buf_printf(&both, "%s:%s", t->proxy->user, t->proxy->password ? t->proxy->password : "");
        buf_append_lit(&t->out, "Proxy-Authorization: Basic ");
        append_base64(&t->out, both.data ? both.data : "", both.len);
        buf_append_lit(&t->out, "\r\n");
        if (both.data)
            explicit_bzero(both.data, both.cap);
    }
    buf_append_lit(&t->out, "\r\n");
    t->step = TUNNEL_REPLY;
}

/* "HTTP/1.1 403 Forbidden": the number, or 0. text: what a person may read of it. */
static int read_status(const char *line, char *text, size_t room)
{
    int code = 0, at = 0;
    if (sscanf(line, "HTTP/1.%*1[01] %3d%n", &code, &at) != 1 || at == 0 || code < 100)
        return 0;
    size_t len = strcspn(line + at, "\r\n");
    snprintf(text, room, "%d%.*s", code, (int)(len < room ? len : room - 1), line + at);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 32 || *c == 127)
            *c = '?';
    return code;
}

static bool judge_http(tunnel *t, jrpc_error *error)
{
    char text[100] = "", why[200];
    int code = read_status(t->in.data, text, sizeof text);
    if (code / 100 == 2) {
        t->step = TUNNEL_OPEN;
        return true;
    }
    if (code == 407 && !t->proxy->user)
        return fail(error, JRPC_E_AUTH, "authentication with the proxy failed: it wants a user and a password");
    if (code == 407)
        return fail(error, JRPC_E_AUTH, "authentication with the proxy failed: the user or the password is wrong");
    if (code == 0)
        return fail(error, JRPC_E_NO_CONNECTION, "what answers there is no HTTP proxy");
    snprintf(why, sizeof why, code >= 500 ? "the proxy cannot reach it: %s" : "the proxy refused: %s", text);
    return fail(error, JRPC_E_NO_CONNECTION, why);
}

/* ---- SOCKS5 ---- */

static void greet_socks(tunnel *t)
{
    const char plain[] = { SOCKS_VERSION, 1, SOCKS_NO_LOGIN };
    const char both[] = { SOCKS_VERSION, 2, SOCKS_NO_LOGIN, SOCKS_PASSWORD };
    if (t->proxy->user)
        buf_append(&t->out, both, sizeof both);
    else
        buf_append(&t->out, plain, sizeof plain);
    t->step = TUNNEL_GREETING;
}

static void append_short(buf *out, const char *text)
{
    buf_append_char(out, (char)strlen(text));
    buf_append_str(out, text);
}

static void login_socks(tunnel *t)
{
    buf_append_char(&t->out, SOCKS_LOGIN_VERSION);
    append_short(&t->out, t->proxy->user);
    append_short(&t->out, t->proxy->password ? t->proxy->password : "");
    t->step = TUNNEL_LOGIN;
}

static void ask_socks(tunnel *t)
{
    const char head[] = { SOCKS_VERSION, SOCKS_CONNECT, 0 };
    const char port[] = { (char)(t->port >> 8), (char)(t->port & 255) };
    struct in_addr ipv4;
    struct in6_addr ipv6;
    buf_append(&t->out, head, sizeof head);
    if (inet_pton(AF_INET, t->host, &ipv4) == 1) {
        buf_append_char(&t->out, SOCKS_IPV4);
        buf_append(&t->out, &ipv4, sizeof ipv4);
    } else if (inet_pton(AF_INET6, t->host, &ipv6) == 1) {
        buf_append_char(&t->out, SOCKS_IPV6);
        buf_append(&t->out, &ipv6, sizeof ipv6);
    } else {
        buf_append_char(&t->out, SOCKS_NAME);
        append_short(&t->out, t->host);
    }
    buf_append(&t->out, port, sizeof port);
    t->step = TUNNEL_REPLY;
}

static bool judge_greeting(tunnel *t, jrpc_error *error)
{
    if (t->in.data[0] != SOCKS_VERSION)
        return fail(error, JRPC_E_NO_CONNECTION, "what answers there is no SOCKS5 proxy");
    int method = (unsigned char)t->in.data[1];
    if (method == SOCKS_PASSWORD && t->proxy->user)
        login_socks(t);
    else if (method == SOCKS_NO_LOGIN)
        ask_socks(t);
    else if (!t->proxy->user)
        return fail(error, JRPC_E_AUTH, "authentication with the proxy failed: it wants a user and a password");
    else
        return fail(error, JRPC_E_AUTH, "authentication with the proxy failed: it takes no user and password");
    return true;
}

static bool judge_login(tunnel *t, jrpc_error *error)
{
    if (t->in.data[1] != 0)
        return fail(error, JRPC_E_AUTH, "authentication with the proxy failed: the user or the password is wrong");
    ask_socks(t);
    return true;
}

static bool judge_socks(tunnel *t, jrpc_error *error)
{
    static const char *const texts[] = {
        [1] = "the proxy cannot reach it: general failure",
        [2] = "the proxy refused: its rules do not allow it",
        [3] = "the proxy cannot reach it: network unreachable",
        [4] = "the proxy cannot reach it: host unreachable",
        [5] = "the proxy cannot reach it: connection refused",
        [6] = "the proxy cannot reach it: TTL expired",
        [7] = "the proxy refused: it does not do this command",
        [8] = "the proxy refused: it does not do this kind of address",
    };
    size_t code = (unsigned char)t->in.data[1];
    if (t->in.data[0] != SOCKS_VERSION || (code == 0 && t->in.len == 4))
        return fail(error, JRPC_E_NO_CONNECTION, "what answers there is no SOCKS5 proxy");
    if (code)
        return fail(error, JRPC_E_NO_CONNECTION, code < COUNT_OF(texts) ? texts[code] : "the proxy refused");
    t->step = TUNNEL_OPEN;
    return true;
}

/* ---- both ---- */

/* Bytes that are surely still to come of the answer; 0: it is all here. */
static size_t missing(const tunnel *t)
{
    const unsigned char *in = (const unsigned char *)t->in.data;
    size_t have = t->in.len, all = 2;
    if (t->proxy->kind == PROXY_HTTP) {
        bool end = have >= 4 && memcmp(in + have - 4, "\r\n\r\n", 4) == 0;
        return end || (have >= 2 && memcmp(in + have - 2, "\n\n", 2) == 0) ? 0 : 1;
    }
    if (t->step == TUNNEL_REPLY) {
        all = 5; /* up to the first byte of the address, a name's length */
        if (have >= 2 && (in[1] != 0 || in[0] != SOCKS_VERSION))
            all = 2; /* refused: some proxies leave the rest out */
        else if (have >= 4 && in[3] != SOCKS_IPV4 && in[3] != SOCKS_IPV6 && in[3] != SOCKS_NAME)
            all = 4;
        else if (have >= 5)
            all = in[3] == SOCKS_IPV4 ? 10 : in[3] == SOCKS_IPV6 ? 22 : 7U + in[4];
    }
    return have < all ? all - have : 0;
}

static bool judge(tunnel *t, jrpc_error *error)
{
    bool good = false;
    if (t->proxy->kind == PROXY_HTTP)
        good = judge_http(t, error);
    else if (t->step == TUNNEL_GREETING)
        good = judge_greeting(t, error);
    else if (t->step == TUNNEL_LOGIN)
        good = judge_login(t, error);
    else
        good = judge_socks(t, error);
    buf_reset(&t->in);
    if (good && buf_failed(&t->out)) {
        error_nomem(error);
        return false;
    }
    return good;
}

/* False: not all could be sent, or it failed: *ret_failed. */
static bool send_rest(tunnel *t, int fd, bool *ret_failed, jrpc_error *error)
{
    while (t->sent < t->out.len) {
        ssize_t n = send(fd, t->out.data + t->sent, t->out.len - t->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            *ret_failed = errno != EAGAIN && errno != EWOULDBLOCK;
            if (*ret_failed)
                fail(error, JRPC_E_NO_CONNECTION, "the proxy closed the connection");
            return false;
        }
        t->sent += (size_t)n;
    }
    if (t->out.data)
        explicit_bzero(t->out.data, t->out.cap);
    buf_reset(&t->out);
    t->sent = 0;
    return true;
}

/* How many of the len bytes belong to an HTTP answer: up to the empty line, as far as that is here. */
static size_t count_headers(const buf *in, const char *data, size_t len)
{
    char last = in->len ? in->data[in->len - 1] : '\0';
    char before = in->len > 1 ? in->data[in->len - 2] : '\0';
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '\n' && (last == '\n' || (last == '\r' && before == '\n')))
            return i + 1;
        before = last;
        last = data[i];
    }
    return len;
}

/* Takes what belongs to the answer, and not a byte more: those are the server's. */
static ssize_t take(tunnel *t, int fd)
{
    char data[1024];
    size_t want = missing(t);
    if (t->proxy->kind == PROXY_HTTP) {
        ssize_t n = recv(fd, data, sizeof data, MSG_PEEK);
        if (n <= 0)
            return n;
        want = count_headers(&t->in, data, (size_t)n);
    }
    ssize_t n = recv(fd, data, want < sizeof data ? want : sizeof data, 0);
    if (n > 0)
        buf_append(&t->in, data, (size_t)n);
    return n;
}

/* Whoever speaks something else is not waited for. */
static bool may_be_answer(const tunnel *t)
{
    static const char begin[] = "HTTP/1.";
    size_t len = t->in.len < sizeof begin - 1 ? t->in.len : sizeof begin - 1;
    return t->proxy->kind != PROXY_HTTP || memcmp(t->in.data, begin, len) == 0;
}

/* The same for reading. */
static bool read_answer(tunnel *t, int fd, bool *ret_failed, jrpc_error *error)
{
    *ret_failed = true;
    while (missing(t)) {
        ssize_t n = take(t, fd);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            *ret_failed = false;
            return false;
        }
        if (n <= 0)
            return fail(error, JRPC_E_NO_CONNECTION, "the proxy closed the connection");
        if (buf_failed(&t->in)) {
            error_nomem(error);
            return false;
        }
        if (!may_be_answer(t))
            return fail(error, JRPC_E_NO_CONNECTION, "what answers there is no HTTP proxy");
        if (t->in.len > HEADERS_MOST)
            return fail(error, JRPC_E_NO_CONNECTION, "what answers there is no HTTP proxy: its headers do not end");
    }
    return true;
}

bool tunnel_process(tunnel *t, int fd, jrpc_error *error)
{
    bool failed = false;
    while (t->step != TUNNEL_OPEN) {
        if (!send_rest(t, fd, &failed, error) || !read_answer(t, fd, &failed, error))
            return !failed;
        if (!judge(t, error))
            return false;
    }
    return true;
}

short tunnel_events(const tunnel *t)
{
    return t->out.len ? POLLOUT : POLLIN;
}

jrpc_status tunnel_start(tunnel *t, const proxy *p, const char *host, uint16_t port, jrpc_error *error)
{
    *t = (tunnel){ .proxy = p, .host = host, .port = port, .out = BUF_INIT, .in = BUF_INIT };
    if (!*host || strlen(host) > NAME_MOST || strpbrk(host, " \t\r\n/"))
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "a proxy cannot be asked for the host %.255s", host);
    if (p->kind == PROXY_HTTP)
        ask_http(t);
    else
        greet_socks(t);
    return buf_failed(&t->out) ? error_nomem(error) : JRPC_OK;
}
