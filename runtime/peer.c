/* SPDX-License-Identifier: MIT */
/* Peers. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

static peer_name *name_new(const char *text, const char *address)
{
    size_t text_room = strlen(text) + 1, address_room = strlen(address) + 1;
    peer_name *name = malloc(sizeof *name + text_room + address_room);
    if (!name)
        return NULL;
    atomic_init(&name->references, 1);
    memcpy(name->jid, text, text_room);
    memcpy(name->jid + text_room, address, address_room);
    name->address = name->jid + text_room;
    return name;
}

peer_name *peer_name_ref(peer_name *name)
{
    atomic_fetch_add_explicit(&name->references, 1, memory_order_relaxed);
    return name;
}

void peer_name_unref(peer_name *name)
{
    if (name && atomic_fetch_sub(&name->references, 1) == 1)
        free(name);
}

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
    if (!peer || !(peer->name = name_new(text, parsed.full))) {
        free(peer);
        return error_nomem(error);
    }
    peer->session = session;
    atomic_init(&peer->timeout_ms, 0);
    *ret_peer = peer;
    return JRPC_OK;
}

void jrpc_peer_free(jrpc_peer *peer)
{
    if (!peer)
        return;
    peer_name_unref(peer->name);
    free(peer);
}

const char *jrpc_peer_jid(const jrpc_peer *peer)
{
    return peer->name->jid;
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
