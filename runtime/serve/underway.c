/* SPDX-License-Identifier: MIT */
/* Calls that can be cancelled. */
#include "serve/underway.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "serve/incoming.h"

void underway_init(underway *u)
{
    pthread_mutex_init(&u->lock, NULL);
    u->calls = (map)MAP_INIT;
}

void underway_done(underway *u)
{
    map_done(&u->calls);
    pthread_mutex_destroy(&u->lock);
}

/*
 * The caller's server has stamped `from`: who has the same one is the caller. The key is in the call's own memory, for
 * taking it out must not fail.
 */
static bool make_key(jrpc_call *call)
{
    const char *from = call->request.from, *id = call->request.id;
    if (!from || !id)
        return false;
    size_t from_len = strlen(from) + 1, id_len = strlen(id);
    char *key = arena_alloc(&call->memory, from_len + id_len);
    if (!key)
        return false;
    memcpy(key, from, from_len);
    memcpy(key + from_len, id, id_len);
    call->underway_key = key;
    call->underway_len = from_len + id_len;
    return true;
}

void underway_add(server *s, jrpc_call *call)
{
    underway *u = &s->underway;
    if (!make_key(call))
        return;
    pthread_mutex_lock(&u->lock);
    if (map_get(&u->calls, call->underway_key, call->underway_len) ||
        !map_put(&u->calls, call->underway_key, call->underway_len, call))
        call->underway_key = NULL;
    pthread_mutex_unlock(&u->lock);
}

void underway_remove(jrpc_call *call)
{
    if (!call->underway_key)
        return;
    underway *u = &call->server->underway;
    pthread_mutex_lock(&u->lock);
    map_remove(&u->calls, call->underway_key, call->underway_len);
    pthread_mutex_unlock(&u->lock);
    call->underway_key = NULL;
}

/* The call stays where it is: its handler looks, or it is not run when its turn comes. */
static bool cancel(server *s, const char *from, const char *id)
{
    AUTO(buf_done) buf key = BUF_INIT;
    buf_append(&key, from, strlen(from) + 1);
    buf_append_str(&key, id);
    if (buf_failed(&key))
        return false;
    pthread_mutex_lock(&s->underway.lock);
    jrpc_call *call = map_get(&s->underway.calls, key.data, key.len);
    if (call)
        atomic_store(&call->cancelled, true);
    pthread_mutex_unlock(&s->underway.lock);
    return call != NULL;
}

bool underway_take_message(server *s, xmpp_stanza_t *message)
{
    xmpp_stanza_t *element = xmpp_stanza_get_child_by_name_and_ns(message, "cancel", WIRE_NS_EXTENSION);
    const char *type = xmpp_stanza_get_type(message), *from = xmpp_stanza_get_from(message);
    if (!element || (type && strcmp(type, "error") == 0))
        return element != NULL;
    const char *id = xmpp_stanza_get_attribute(element, "id");
    if (!from || !id || !cancel(s, from, id))
        server_log_call(s, JRPC_LOG_DEBUG, &(reply_address){ .id = id },
                        "%s cancels a call that is not, or no more, under way", from ? from : "nobody");
    return true;
}

bool jrpc_call_cancelled(const jrpc_call *call)
{
    return atomic_load(&call->cancelled) || call->deadline <= clock_now();
}
