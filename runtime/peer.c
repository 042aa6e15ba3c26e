/* SPDX-License-Identifier: MIT */
/* Peers. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

jrpc_status jrpc_peer_new(jrpc_session *session, const char *text, jrpc_peer **ret_peer, jrpc_error *error)
{
    if (!session || !text || !ret_peer)
        return jrpc_error_set(error, JRPC_E_INVALID, "no session, no JID, or nowhere to put the peer");
    const char *why = NULL;
    AUTO(jid_done) jid parsed = { NULL, NULL, NULL, NULL, NULL };
    jrpc_status status = jid_parse(text, &parsed, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status != JRPC_OK) {
        jrpc_error_set(error, status, "not a Jabber address: %s", why ? why : "unreadable");
        error_what(error, text);
        return status;
    }
    jrpc_peer *peer = calloc(1, sizeof *peer);
    char *copy = strdup(text), *address = strdup(parsed.full);
    if (!peer || !copy || !address) {
        free(peer);
        free(copy);
        free(address);
        return error_nomem(error);
    }
    peer->session = session;
    peer->jid = copy;
    peer->address = address;
    atomic_init(&peer->timeout_ms, 0);
    *ret_peer = peer;
    return JRPC_OK;
}

void jrpc_peer_free(jrpc_peer *peer)
{
    if (!peer)
        return;
    free(peer->jid);
    free(peer->address);
    free(peer);
}

const char *jrpc_peer_jid(const jrpc_peer *peer)
{
    return peer->jid;
}

void jrpc_peer_set_timeout(jrpc_peer *peer, uint32_t timeout_ms)
{
    atomic_store(&peer->timeout_ms, timeout_ms);
}

uint32_t peer_timeout(const jrpc_peer *peer, const jrpc_method *method)
{
    uint32_t timeout = atomic_load(&peer->timeout_ms);
    return timeout ? timeout : method ? method->timeout_ms : 0;
}
