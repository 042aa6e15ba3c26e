/* SPDX-License-Identifier: MIT */
/* Where a Jabber server is: SRV records, names and numbers. Blocks; see link/lookup.h for a thread that
 * waits. */
#ifndef LINK_ADDRESS_H
#define LINK_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jrpc/error.h>

enum { ADDRESS_NAME_MAX = 256, ADDRESS_NUMERIC_MAX = 64, ADDRESS_MAX = 32 };

/* One place to try. */
typedef struct address {
    char name[ADDRESS_NAME_MAX];       /* as asked for: a host name or a number */
    char numeric[ADDRESS_NUMERIC_MAX]; /* IPv4 or IPv6, perhaps with a scope */
    uint16_t port;
    bool direct_tls; /* TLS from the first byte */
    bool loopback;
} address;

typedef struct address_list {
    address items[ADDRESS_MAX];
    size_t len;
} address_list;

typedef struct address_query {
    const char *domain; /* of the JID, prepared */
    const char *host;   /* NULL: SRV, then the domain */
    uint16_t port;      /* 0: the default */
    bool direct_tls, component;
} address_query;

/* All places in the order in which to try them. NO_HOST, NOMEM. */
jrpc_status address_find(const address_query *query, address_list *ret_list, jrpc_error *error);
/* The same, if it can be answered without asking anybody (a number); *ret_done says so. */
jrpc_status address_find_numeric(const address_query *query, address_list *ret_list, bool *ret_done,
                                 jrpc_error *error);

/* The port in the query, or the usual one. */
uint16_t address_port(const address_query *query);
/* "localhost", or a number that stands for this machine. Asks nobody. */
bool address_is_local(const char *host);
/* "[::1]" is how an IPv6 address stands in a JID and in a URL. */
void address_strip_brackets(char *host);

/* The domain as DNS and certificates have it (punycode), in a heap string, or NULL. */
char *address_ascii(const char *domain);

#endif
