/* SPDX-License-Identifier: MIT */
/* Peers: internal side. */
#ifndef PEER_H
#define PEER_H

#include "session.h"

struct jrpc_peer {
    jrpc_session *session;
    char *jid;     /* as it was given */
    char *address; /* prepared */
    atomic_uint timeout_ms;
    struct jrpc_batch *batch; /* that collects the calls to it; or NULL */
};

/* Of a call: the peer's, the method's (NULL: none), or 0 for the session's. */
uint32_t peer_timeout(const jrpc_peer *peer, const jrpc_method *method);

#endif
