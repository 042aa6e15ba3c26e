/* SPDX-License-Identifier: MIT */
/* The session's contacts: asked for, changed, watched; and who may see our presence. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/ask.h"
#include "chat/chat.h"
#include "link/jid.h"
#include "link/xml.h"
#include "session.h"

/* ---- the roster ---- */

static jrpc_status read_roster(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    xmpp_stanza_t *query = xml_child(iq, "query", NS_ROSTER);
    if (!query)
        return ask_bad_reply(call, error, "the answer holds no " NS_ROSTER " query");
    jrpc_roster *made = roster_read(query);
    if (!made)
        return error_nomem(error);
    *(jrpc_roster **)call->answer_userdata = made;
    return JRPC_OK;
}

jrpc_status jrpc_roster_get(jrpc_session *session, jrpc_roster **ret_roster, jrpc_error *error)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_append_lit(&payload, "<query xmlns='" NS_ROSTER "'/>");
    jrpc_roster *made = NULL;
    const ask question = { .gets = true, .what = "the contacts", .read = read_roster, .result = &made };
    jrpc_status status = ask_run(session, &question, &payload, error);
    if (status != JRPC_OK)
        return status;
    roster_seen_note(&session->chat->seen, made, true);
    *ret_roster = made;
    return JRPC_OK;
}

static jrpc_status change(jrpc_session *session, const jrpc_contact *one, bool removal, jrpc_error *error)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    ask_open_query(&payload, NS_ROSTER, NULL);
    jrpc_status status = roster_write_item(&payload, one, removal, error);
    if (status != JRPC_OK)
        return status;
    buf_append_lit(&payload, "</query>");
    const ask question = { .what = "the contacts", .read = ask_read_nothing };
    return ask_run(session, &question, &payload, error);
}

jrpc_status jrpc_roster_put(jrpc_session *session, const jrpc_contact *one, jrpc_error *error)
{
    return change(session, one, false, error);
}

jrpc_status jrpc_roster_remove(jrpc_session *session, const char *address, jrpc_error *error)
{
    return change(session, &(jrpc_contact){ .jid = address }, true, error);
}

/* ---- pushes ---- */

typedef struct roster_mail {
    mail mail; /* first */
    jrpc_roster *changed;
} roster_mail;

static void tell_change(mail *told, void *userdata)
{
    chat *c = userdata;
    const jrpc_roster *changed = ((roster_mail *)told)->changed;
    for (listener *at = NULL; (at = listeners_next(&c->roster_watchers, at));)
        for (size_t i = 0; i < changed->count; i++)
            ((jrpc_roster_fn)at->function)(c->session, &changed->contacts[i], at->userdata);
}

static void free_change(mail *done)
{
    jrpc_roster_free(((roster_mail *)done)->changed);
    free(done);
}

/* changed becomes the mailbox's. */
static void queue_change(chat *c, jrpc_roster *changed)
{
    roster_mail *made = listeners_is_empty(&c->roster_watchers) ? NULL : calloc(1, sizeof *made);
    if (!made) {
        jrpc_roster_free(changed);
        return;
    }
    made->mail = (mail){ .tell = tell_change,
                         .free = free_change,
                         .size = sizeof *made + 256,
                         .topic = changed->count ? changed->contacts[0].jid : NULL };
    made->changed = changed;
    mailboxes_put(c->boxes, c->session->own.bare, &made->mail);
}

bool chat_take_push(chat *c, xmpp_stanza_t *iq, xmpp_stanza_t *query)
{
    const char *from = xmpp_stanza_get_from(iq), *own = c->session->own.bare;
    if (c->session->settings.component || !own || (from && !jid_same(from, own)))
        return false;
    jrpc_roster *changed = roster_read(query);
    if (!changed)
        return false;
    roster_seen_note(&c->seen, changed, false);
    queue_change(c, changed);
    return true;
}

jrpc_status jrpc_roster_watch(jrpc_session *session, jrpc_roster_fn watcher, void *userdata, jrpc_error *error)
{
    return listeners_add(&session->chat->roster_watchers, (listener_fn *)watcher, userdata, NULL, "watcher", error);
}

jrpc_status jrpc_roster_unwatch(jrpc_session *session, jrpc_roster_fn watcher, void *userdata, jrpc_error *error)
{
    return listeners_remove(&session->chat->roster_watchers, (listener_fn *)watcher, userdata, "watcher", error);
}

/* ---- who may see our presence ---- */

static jrpc_status send_subscription(chat *c, const char *type, const char *to, jrpc_error *error)
{
    AUTO(buf_done) buf out = BUF_INIT;
    jrpc_status status = session_check_process(c->session, error);
    if (status == JRPC_OK)
        status = presence_write_subscription(&out, type, to, chat_from(c, NULL), error);
    return status == JRPC_OK ? chat_send(c, &out, error) : status;
}

jrpc_status jrpc_subscribe(jrpc_session *session, const char *address, jrpc_error *error)
{
    return send_subscription(session->chat, "subscribe", address, error);
}

jrpc_status jrpc_unsubscribe(jrpc_session *session, const char *address, jrpc_error *error)
{
    return send_subscription(session->chat, "unsubscribe", address, error);
}

jrpc_status jrpc_subscription_answer(jrpc_session *session, const char *address, bool accept, jrpc_error *error)
{
    return send_subscription(session->chat, accept ? "subscribed" : "unsubscribed", address, error);
}

jrpc_status jrpc_subscription_set_policy(jrpc_session *session, jrpc_subscription_policy policy,
                                         jrpc_subscription_fn function, void *userdata, jrpc_error *error)
{
    if ((unsigned)policy > JRPC_SUBSCRIPTION_ASK || (policy == JRPC_SUBSCRIPTION_ASK && !function))
        return jrpc_error_set(error, JRPC_E_INVALID, "there is no such policy, or no function to ask");
    chat *c = session->chat;
    pthread_mutex_lock(&c->lock);
    c->subscriptions = (chat_subscriptions){ policy, function, userdata };
    pthread_mutex_unlock(&c->lock);
    return JRPC_OK;
}

typedef struct request_mail {
    mail mail; /* first */
    chat_subscriptions asked;
    char *text; /* what they say about it, or NULL */
    char from[];
} request_mail;

static void tell_request(mail *told, void *userdata)
{
    const request_mail *m = (request_mail *)told;
    m->asked.function(((chat *)userdata)->session, m->from, m->text, m->asked.userdata);
}

static void free_request(mail *done)
{
    free(((request_mail *)done)->text);
    free(done);
}

static void queue_request(chat *c, xmpp_stanza_t *stanza, const char *bare, const chat_subscriptions *asked)
{
    request_mail *made = calloc(1, sizeof *made + strlen(bare) + 1);
    if (!made)
        return;
    xmpp_stanza_t *status = xmpp_stanza_get_child_by_name(stanza, "status");
    made->text = status ? xml_text(status) : NULL;
    strcpy(made->from, bare);
    made->asked = *asked;
    made->mail = (mail){ .tell = tell_request,
                         .free = free_request,
                         .size = sizeof *made + (made->text ? strlen(made->text) : 0),
                         .topic = made->from };
    mailboxes_put(c->boxes, bare, &made->mail);
}

static void answer_request(chat *c, const char *bare, bool accept)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = send_subscription(c, accept ? "subscribed" : "unsubscribed", bare, &error);
    if (status == JRPC_OK && accept && !roster_seen_has(&c->seen, bare))
        status = send_subscription(c, "subscribe", bare, &error);
    session_log(c->session, JRPC_LOG_INFO, "%s asks to see this account's presence: %s%s", bare,
                accept ? "accepted" : "refused", status == JRPC_OK ? "" : ", but the answer was not sent");
}

void chat_take_request(chat *c, xmpp_stanza_t *stanza, const char *bare)
{
    pthread_mutex_lock(&c->lock);
    const chat_subscriptions asked = c->subscriptions;
    pthread_mutex_unlock(&c->lock);
    if (asked.policy == JRPC_SUBSCRIPTION_ASK)
        queue_request(c, stanza, bare, &asked);
    else if (asked.policy == JRPC_SUBSCRIPTION_ALLOWED)
        answer_request(c, bare, server_knows(c->session->server, bare));
    else if (asked.policy == JRPC_SUBSCRIPTION_REFUSE)
        answer_request(c, bare, false);
}
