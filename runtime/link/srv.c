/* SPDX-License-Identifier: MIT */
/* SRV records of a Jabber domain. */
#include "link/srv.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"

/* A name server that does not answer must not eat the time of the login: A and AAAA are still to be asked
 * for. */
enum { RETRANSMIT_S = 1, RETRIES = 2, ANSWER_MAX = 8192 };

static bool read_record(const ns_msg *message, int i, bool tls, srv_list *list)
{
    ns_rr rr;
    if (ns_parserr((ns_msg *)(uintptr_t)message, ns_s_an, i, &rr) != 0 || ns_rr_type(rr) != ns_t_srv ||
        ns_rr_rdlen(rr) < 7)
        return false;
    if (list->len == SRV_MAX)
        return true;
    const unsigned char *data = ns_rr_rdata(rr);
    srv *record = &list->items[list->len];
    record->priority = (uint16_t)ns_get16(data);
    record->weight = (uint16_t)ns_get16(data + 2);
    record->port = (uint16_t)ns_get16(data + 4);
    record->tls = tls;
    if (ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data + 6, record->target,
                           sizeof record->target) < 0)
        return false;
    /* A target of "." says: not here. It counts as a record, but is no place to try. */
    bool none = record->target[0] == '\0' || strcmp(record->target, ".") == 0;
    list->len += !none && record->port != 0;
    return true;
}

bool srv_read(const unsigned char *answer, size_t len, bool tls, srv_list *list)
{
    ns_msg message;
    bool any = false;
    if (ns_initparse(answer, (int)len, &message) != 0)
        return false;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); i++)
        any |= read_record(&message, i, tls, list);
    return any;
}

/* RFC 2782: among equals a record is taken with a chance in proportion to its weight; weight 0 gets a small
 * one. */
static size_t pick(const srv_list *list, size_t from)
{
    size_t end = from;
    uint64_t sum = 0;
    for (; end < list->len && list->items[end].priority == list->items[from].priority; end++)
        sum += list->items[end].weight * UINT64_C(100) + 1;
    uint64_t at = random_u64() % sum;
    for (size_t i = from; i < end; i++) {
        uint64_t share = list->items[i].weight * UINT64_C(100) + 1;
        if (at < share)
            return i;
        at -= share;
    }
    return from;
}

static void swap(srv_list *list, size_t a, size_t b)
{
    srv kept = list->items[a];
    list->items[a] = list->items[b];
    list->items[b] = kept;
}

void srv_sort(srv_list *list)
{
    for (size_t i = 1; i < list->len; i++)
        for (size_t k = i; k > 0 && list->items[k].priority < list->items[k - 1].priority; k--)
            swap(list, k, k - 1);
    for (size_t i = 0; i < list->len; i++)
        swap(list, i, pick(list, i));
}

/* False when nobody answered at all. */
static bool ask(struct __res_state *state, const char *service, const char *domain, bool tls, srv_list *list,
                bool *any)
{
    unsigned char answer[ANSWER_MAX];
    char name[NS_MAXDNAME];
    int n = snprintf(name, sizeof name, "%s._tcp.%s", service, domain);
    if (n < 0 || (size_t)n >= sizeof name)
        return true;
    int len = res_nquery(state, name, ns_c_in, ns_t_srv, answer, sizeof answer);
    if (len < 0)
        return state->res_h_errno != TRY_AGAIN;
    *any |= srv_read(answer, (size_t)len < sizeof answer ? (size_t)len : sizeof answer, tls, list);
    return true;
}

bool srv_find(const char *domain, bool starttls, srv_list *ret_list)
{
    struct __res_state state;
    bool any = false;
    ret_list->len = 0;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0)
        return false;
    state.retrans = RETRANSMIT_S;
    state.retry = RETRIES;
    bool alive = !starttls || ask(&state, "_xmpp-client", domain, false, ret_list, &any);
    if (alive)
        ask(&state, "_xmpps-client", domain, true, ret_list, &any);
    res_nclose(&state);
    srv_sort(ret_list);
    return any;
}
