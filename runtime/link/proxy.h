/* SPDX-License-Identifier: MIT */
/*
 * Through a proxy: HTTP CONNECT (RFC 9110 section 9.3.6) and SOCKS5 (RFC 1928, 1929). The proxy looks the server's name up.
 *
 * libstrophe knows no proxies, but does not touch a connected socket before it is told to: so it connects to the proxy, we
 * talk with that over the same socket, and then the stream begins. No relay, no second connection, no thread.
 */
#ifndef LINK_PROXY_H
#define LINK_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include <jrpc/error.h>

#include "base/buf.h"

typedef enum proxy_kind { PROXY_NONE, PROXY_HTTP, PROXY_SOCKS5 } proxy_kind;

typedef struct proxy {
    proxy_kind kind;
    char *host;
    uint16_t port;
    char *user, *password; /* or NULL */
} proxy;

/*
 * "socks5://[user[:password]@]host[:port]" or "http://...": ports 1080 and 3128 unless given; IPv6 in brackets; user and
 * password may be percent-encoded. password: goes before that of the URL; NULL is fine. INVALID never shows a password.
 */
jrpc_status proxy_parse(const char *url, const char *password, proxy *ret_proxy, jrpc_error *error);
void proxy_done(proxy *p);

typedef enum tunnel_step {
    TUNNEL_GREETING, /* SOCKS5: the choice of a method */
    TUNNEL_LOGIN,    /* SOCKS5: the answer to user and password */
    TUNNEL_REPLY,    /* the last answer */
    TUNNEL_OPEN
} tunnel_step;

/* One attempt to get through. */
typedef struct tunnel {
    const proxy *proxy;
    const char *host; /* of the server; borrowed */
    uint16_t port;
    tunnel_step step;
    buf out;    /* not yet sent */
    size_t sent;
    buf in; /* of the answer that is awaited */
} tunnel;

/* Nothing is sent yet. NOMEM; INVALID: names that the protocol cannot carry. */
jrpc_status tunnel_start(tunnel *t, const proxy *p, const char *host, uint16_t port, jrpc_error *error);
/*
 * Does what can be done without waiting on fd, a connected socket that does not block, and takes no byte that comes after
 * the proxy's answer. False: error says why, in words that go after the proxy's name. AUTH: user or password are wrong or
 * missing; NO_CONNECTION: refused, unreachable, gone, or no proxy at all; NOMEM. True: see tunnel_is_open().
 */
bool tunnel_process(tunnel *t, int fd, jrpc_error *error);
static inline bool tunnel_is_open(const tunnel *t)
{
    return t->step == TUNNEL_OPEN;
}
/* What to poll(2) for. */
short tunnel_events(const tunnel *t);
/* Wipes what was sent. */
void tunnel_done(tunnel *t);

#endif
