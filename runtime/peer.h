/* SPDX-License-Identifier: MIT */
/* Peers: internal side. */
#ifndef PEER_H
#define PEER_H

#include "session.h"

/* Of a peer and of the calls to it that are under way: whoever is the last frees it. */
typedef struct peer_name {
    atomic_uint references;
    const char *address; /* prepared; behind jid */
    char jid[];          /* as it was given */
} peer_name;

peer_name *peer_name_ref(peer_name *name);
/* NULL is fine. */
void peer_name_unref(peer_name *name);

struct jrpc_peer {
    jrpc_session *session;
    peer_name *name;
    atomic_uint timeout_ms;
    struct jrpc_batch *batch; /* that collects the calls to it; or NULL */
};

/* Of a call: the peer's, the method's (NULL: none), or 0 for the session's. */
uint32_t peer_timeout(const jrpc_peer *peer, const jrpc_method *method);

#endif
