/* SPDX-License-Identifier: MIT */
/* Greetings: who calls is told when this program is gone, and the other side of that. */
#include "session.h"

#include <string.h>

#include "base/mem.h"
#include "wire/writer.h"

/* ---- ours ---- */

static void write_presence(buf *out, const char *type, const char *to, const char *from)
{
    buf_append_lit(out, "<presence to='");
    writer_attribute(out, to);
    if (from && *from) { /* a component must say it */
        buf_append_lit(out, "' from='");
        writer_attribute(out, from);
    }
    if (type) {
        buf_append_lit(out, "' type='");
        buf_append_str(out, type);
    }
    buf_append_lit(out, "'/>");
}

/* "to\0from": our address as it was called, where we have several. */
static bool write_key(buf *out, const jrpc_session *session, const reply_address *request)
{
    buf_append(out, request->from, strlen(request->from) + 1);
    if (session->settings.component && request->to)
        buf_append_str(out, request->to);
    return !buf_failed(out);
}

/* Under the lock. */
static bool take_note(jrpc_session *session, const buf *key)
{
    return session->state == SESSION_ONLINE && session->greeted.len < SESSION_GREETINGS_MOST &&
           !map_get(&session->greeted, key->data, key->len) && map_put(&session->greeted, key->data, key->len, session);
}

void session_greet(jrpc_session *session, const reply_address *request)
{
    AUTO(buf_done) buf key = BUF_INIT, out = BUF_INIT;
    if (!request->from || !write_key(&key, session, request))
        return;
    pthread_mutex_lock(&session->lock);
    bool is_new = take_note(session, &key);
    pthread_mutex_unlock(&session->lock);
    if (!is_new)
        return;
    write_presence(&out, NULL, key.data, key.data + strlen(key.data) + 1);
    if (!buf_failed(&out))
        session_send(session, out.data, out.len);
}

void session_forget_greetings(jrpc_session *session)
{
    map_done(&session->greeted);
}

void session_take_leave(jrpc_session *session)
{
    if (!session->settings.component)
        return;
    AUTO(buf_done) buf out = BUF_INIT;
    size_t at = 0;
    const char *key;
    pthread_mutex_lock(&session->lock);
    while (map_next(&session->greeted, &at, &key, NULL))
        write_presence(&out, "unavailable", key, key + strlen(key) + 1);
    session_forget_greetings(session);
    pthread_mutex_unlock(&session->lock);
    if (out.len && !buf_failed(&out))
        session_send(session, out.data, out.len);
}

/* ---- theirs ---- */

/* Under the lock. */
static void end_calls(jrpc_session *session, const contact *c, chain *calls)
{
    static const char gone[] = "the peer went offline before it answered";
    static const char unknown[] = "the peer went offline before it answered; whether the call ran is not known";
    for (chain *link = calls->next, *next; link != calls; link = next) {
        next = link->next;
        outcall *call = CHAIN_OF(link, outcall, link);
        if (call->contact != c || !outcall_claim(session, call))
            continue;
        jrpc_status status = call->idempotent ? JRPC_E_UNAVAILABLE : JRPC_E_UNKNOWN_OUTCOME;
        outcall_complete(session, call, outcall_describe(call, status, call->idempotent ? gone : unknown));
    }
}

void session_end_calls(jrpc_session *session, const contact *c)
{
    end_calls(session, c, &session->written);
    end_calls(session, c, &session->keyed);
}

/* Under the lock. */
static void peer_is_gone(jrpc_session *session, const char *address)
{
    contact *c = map_get_str(&session->contacts, address);
    if (!c)
        return;
    contact_forget(c);
    if (!c->references)
        return; /* no calls */
    session_end_calls(session, c);
    contact_give_up_asking(session, c);
}

/* `from` is stamped by servers: only that program's own, or a server on the way, can say that it is gone. */
void session_take_presence(jrpc_session *session, xmpp_stanza_t *presence)
{
    const char *type = xmpp_stanza_get_type(presence), *from = xmpp_stanza_get_from(presence);
    if (!type || !from || strcmp(type, "unavailable") != 0 ||
        xmpp_stanza_get_child_by_name_and_ns(presence, "draining", WIRE_NS_EXTENSION))
        return;
    AUTO(jid_done) jid who = { NULL, NULL, NULL, NULL, NULL };
    if (jid_parse(from, &who, NULL) != JRPC_OK)
        return;
    pthread_mutex_lock(&session->lock);
    peer_is_gone(session, who.full);
    pthread_mutex_unlock(&session->lock);
}
