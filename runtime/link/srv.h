/* SPDX-License-Identifier: MIT */
/* SRV records of a Jabber domain (RFC 6120 section 3.2.1, XEP-0368), in the order in which to try them (RFC
 * 2782). Blocks. */
#ifndef LINK_SRV_H
#define LINK_SRV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct srv {
    uint16_t priority, weight, port;
    bool tls; /* _xmpps-client: TLS from the first byte */
    char target[256];
} srv;

enum { SRV_MAX = 16 };

typedef struct srv_list {
    srv items[SRV_MAX];
    size_t len;
} srv_list;

/*
 * False when there are none, or nobody answers within some seconds. True with an empty list when the domain
 * says that it has no such service (target "."). starttls: _xmpp-client as well as _xmpps-client.
 */
bool srv_find(const char *domain, bool starttls, srv_list *ret_list);

/* Reads the records of one answer into the list; false when it holds none. For tests and srv_find. */
bool srv_read(const unsigned char *answer, size_t len, bool tls, srv_list *list);
/* By priority, and at random by weight among equals. */
void srv_sort(srv_list *list);

#endif
