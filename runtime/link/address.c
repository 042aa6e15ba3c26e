/* SPDX-License-Identifier: MIT */
/* Where a Jabber server is. */
#include "link/address.h"

#include <arpa/inet.h>
#include <idn-free.h>
#include <idna.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/mem.h"
#include "link/srv.h"

char *address_ascii(const char *domain)
{
    char *ascii = NULL;
    if (idna_to_ascii_8z(domain, &ascii, 0) != IDNA_SUCCESS)
        return NULL;
    char *copy = strdup(ascii); /* libidn's memory need not be free()'s */
    idn_free(ascii);
    return copy;
}

uint16_t address_port(const address_query *query)
{
    if (query->port)
        return query->port;
    return query->component ? 5347 : query->direct_tls ? 5223 : 5222;
}

static bool is_loopback(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        return (ntohl(in.sin_addr.s_addr) >> 24) == 127;
    }
    if (sa->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 in6;
    memcpy(&in6, sa, sizeof in6);
    return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr) && in6.sin6_addr.s6_addr[12] == 127);
}

static void append(address_list *list, const char *name, uint16_t port, bool direct_tls,
                   const struct addrinfo *info)
{
    address *a = &list->items[list->len];
    if (list->len == ADDRESS_MAX || strlen(name) >= sizeof a->name)
        return;
    if (getnameinfo(info->ai_addr, info->ai_addrlen, a->numeric, sizeof a->numeric, NULL, 0,
                    NI_NUMERICHOST) != 0)
        return;
    strcpy(a->name, name);
    a->port = port;
    a->direct_tls = direct_tls;
    a->loopback = is_loopback(info->ai_addr);
    list->len++;
}

void address_strip_brackets(char *name)
{
    size_t len = strlen(name);
    if (len > 2 && name[0] == '[' && name[len - 1] == ']') {
        memmove(name, name + 1, len - 2);
        name[len - 2] = '\0';
    }
}

/* Appends every address of a host; the return value is getaddrinfo's. */
static int resolve(const char *host, uint16_t port, bool direct_tls, int flags, address_list *list)
{
    char name[ADDRESS_NAME_MAX], service[8];
    if (strlen(host) >= sizeof name)
        return EAI_NONAME;
    strcpy(name, host);
    address_strip_brackets(name);
    snprintf(service, sizeof service, "%u", (unsigned)port);
    struct addrinfo hints = { .ai_flags = flags | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
    struct addrinfo *all = NULL;
    int rc = getaddrinfo(name, service, &hints, &all);
    if (rc != 0)
        return rc;
    for (const struct addrinfo *info = all; info; info = info->ai_next)
        append(list, host, port, direct_tls, info);
    freeaddrinfo(all);
    return 0;
}

static jrpc_status no_host(const char *host, uint16_t port, int rc, jrpc_error *error)
{
    if (rc == EAI_MEMORY)
        return error_nomem(error);
    error_set(error, JRPC_ERROR_TRANSPORT, JRPC_E_NO_HOST, "no such host: %s",
              rc ? gai_strerror(rc) : "it has no usable address");
    char who[ADDRESS_NAME_MAX + 8];
    snprintf(who, sizeof who, "%.255s:%u", host, (unsigned)port);
    error_who(error, who);
    return JRPC_E_NO_HOST;
}

jrpc_status address_find_numeric(const address_query *query, address_list *ret_list, bool *ret_done,
                                 jrpc_error *error)
{
    const char *host = query->host ? query->host : query->domain;
    ret_list->len = 0;
    int rc = resolve(host, address_port(query), query->direct_tls, AI_NUMERICHOST, ret_list);
    *ret_done = rc == 0;
    if (rc == EAI_MEMORY)
        return error_nomem(error);
    if (rc == 0 && ret_list->len == 0)
        return no_host(host, address_port(query), 0, error);
    return JRPC_OK;
}

/* Every target that has an address; the error is the last target's. */
static jrpc_status find_by_srv(const srv_list *records, address_list *ret_list, jrpc_error *error)
{
    const srv *last = NULL;
    int rc = 0;
    for (size_t i = 0; i < records->len; i++) {
        const srv *record = &records->items[i];
        int one = resolve(record->target, record->port, record->tls, 0, ret_list);
        rc = one ? one : rc;
        last = record;
    }
    return ret_list->len ? JRPC_OK : no_host(last->target, last->port, rc, error);
}

/* Names that never leave this machine (RFC 6761). */
static bool is_local_name(const char *domain)
{
    size_t len = strlen(domain);
    return strcmp(domain, "localhost") == 0 || (len > 10 && strcmp(domain + len - 10, ".localhost") == 0);
}

bool address_is_local(const char *host)
{
    address_list list = { .len = 0 };
    if (is_local_name(host))
        return true;
    return resolve(host, 1, false, AI_NUMERICHOST, &list) == 0 && list.len && list.items[0].loopback;
}

jrpc_status address_find(const address_query *query, address_list *ret_list, jrpc_error *error)
{
    const char *asked = query->host ? query->host : query->domain;
    autofree char *host = address_ascii(asked);
    uint16_t port = address_port(query);
    ret_list->len = 0;
    if (!host)
        return no_host(asked, port, EAI_NONAME, error);
    if (!query->host && !query->port && !query->component && !is_local_name(host)) {
        srv_list records;
        if (srv_find(host, !query->direct_tls, &records)) {
            if (records.len == 0) {
                error_set(error, JRPC_ERROR_TRANSPORT, JRPC_E_NO_HOST,
                          "the domain's SRV record says that it has no "
                          "Jabber server");
                error_who(error, query->domain);
                return JRPC_E_NO_HOST;
            }
            return find_by_srv(&records, ret_list, error);
        }
    }
    int rc = resolve(host, port, query->direct_tls, 0, ret_list);
    return rc || ret_list->len == 0 ? no_host(asked, port, rc, error) : JRPC_OK;
}
