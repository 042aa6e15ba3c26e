/* SPDX-License-Identifier: MIT */
/* Contacts. */
#include "contact.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "session.h"
#include "wire/envelope.h"

enum {
    CONTACTS_MOST = 4096,
    ASK_TIMEOUT_MS = 10000,
    UNDERSTAND_MOST_MS = 2000,
    HOLD_MOST_MS = 1000, /* and a quarter of the call's deadline */
    HOLD_PART = 4
};

/* Nobody there: that is so for a moment only, but it may as well be a program that does not answer such questions. */
enum { NO_IS_KEPT_MS = 60000, NOBODY_IS_KEPT_MS = 2000 };

/* Calls that may have run wait for its return: it is asked that often, give or take, as long as one of them has time left. */
enum { RETURN_IS_ASKED_MS = 400 };

/*
 * Watching: only programs that have answered the same question before, so that an error means that they are gone and not that
 * they do not understand; and twice, so that a server that was out of reach for a moment is none.
 */
enum { WATCH_MS = 5000, WATCH_MOST_MS = 60000, MISS_MS = 2000, MISSES_MOST = 2, WATCH_STEP_MS = 1000 };

/* ---- the table ---- */

static void free_contact(contact *c)
{
    free(c->question);
    free(c->jid);
    free(c);
}

/* Many addresses must not fill the memory: those that nobody uses can be asked again. */
static void drop_unused(jrpc_session *session)
{
    size_t at = 0;
    const char *key;
    void *value;
    while (map_next(&session->contacts, &at, &key, &value)) {
        contact *c = value;
        if (c->references)
            continue;
        map_remove_str(&session->contacts, c->jid);
        free_contact(c);
    }
}

static contact *new_contact(jrpc_session *session, const char *address)
{
    if (session->contacts.len >= CONTACTS_MOST)
        drop_unused(session);
    contact *c = calloc(1, sizeof *c);
    char *copy = strdup(address);
    if (!c || !copy || !map_put_str(&session->contacts, address, c)) {
        free(c);
        free(copy);
        return NULL;
    }
    c->jid = copy;
    c->watch_ms = WATCH_MS;
    chain_init(&c->held);
    chain_init(&c->holding);
    return c;
}

contact *contact_take(jrpc_session *session, const char *address)
{
    contact *c = map_get_str(&session->contacts, address);
    if (!c)
        c = new_contact(session, address);
    if (c)
        c->references++;
    return c;
}

void contact_release(contact *c)
{
    c->references--;
}

void contact_free_all(jrpc_session *session)
{
    size_t at = 0;
    void *value;
    while (map_next(&session->contacts, &at, NULL, &value))
        free_contact(value);
    map_done(&session->contacts);
}

void contact_forget(contact *c)
{
    c->knowledge = CONTACT_UNKNOWN;
    *c->epoch = '\0';
}

void contact_forget_all(jrpc_session *session)
{
    size_t at = 0;
    void *value;
    while (map_next(&session->contacts, &at, NULL, &value)) {
        contact *c = value;
        if (c->knowledge == CONTACT_EXTENDED)
            contact_forget(c);
    }
}

/* ---- asking ---- */

typedef struct contact_question {
    outcall call; /* first */
    jrpc_session *session;
    contact *contact;
    bool extended, watches;
    char epoch[EXTENSION_EPOCH_ROOM];
} contact_question;

static const char *text_of(xmpp_stanza_t *element)
{
    xmpp_stanza_t *node = element ? xmpp_stanza_get_children(element) : NULL;
    return node ? xmpp_stanza_get_text_ptr(node) : NULL;
}

/* The value of a field of a data form (XEP-0004), or NULL. Borrowed. */
static const char *field_of(xmpp_stanza_t *form, const char *name)
{
    for (xmpp_stanza_t *field = xmpp_stanza_get_children(form); field; field = xmpp_stanza_get_next(field)) {
        const char *var = xmpp_stanza_is_tag(field) ? xmpp_stanza_get_attribute(field, "var") : NULL;
        if (var && strcmp(var, name) == 0)
            return text_of(xmpp_stanza_get_child_by_name(field, "value"));
    }
    return NULL;
}

/* Service discovery extensions (XEP-0128): the epoch of its replay window is in a form of our namespace. */
static void read_form(xmpp_stanza_t *form, contact_question *question)
{
    const char *ns = xmpp_stanza_get_ns(form);
    if (!ns || strcmp(ns, "jabber:x:data") != 0)
        return;
    const char *type = field_of(form, "FORM_TYPE");
    const char *epoch = field_of(form, "epoch");
    if (type && strcmp(type, WIRE_NS_EXTENSION) == 0 && extension_is_epoch(epoch))
        memcpy(question->epoch, epoch, sizeof question->epoch);
}

static jrpc_status read_answer(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    UNUSED(error);
    contact_question *question = (contact_question *)call;
    xmpp_stanza_t *query = xmpp_stanza_get_child_by_name_and_ns(iq, "query", XMPP_NS_DISCO_INFO);
    xmpp_stanza_t *child = query ? xmpp_stanza_get_children(query) : NULL;
    for (; child; child = xmpp_stanza_get_next(child)) {
        const char *name = xmpp_stanza_is_tag(child) ? xmpp_stanza_get_name(child) : NULL;
        const char *var = name ? xmpp_stanza_get_attribute(child, "var") : NULL;
        if (var && strcmp(name, "feature") == 0 && strcmp(var, WIRE_NS_EXTENSION) == 0)
            question->extended = true;
        else if (name && strcmp(name, "x") == 0)
            read_form(child, question);
    }
    return JRPC_OK;
}

/* Under the lock. */
static void learn(contact *c, const contact_question *question)
{
    jrpc_status status = question->call.status;
    if (status == JRPC_E_DISCONNECTED || status == JRPC_E_CANCELLED)
        return; /* nothing was learnt */
    bool extended = status == JRPC_OK && question->extended;
    c->knowledge = extended ? CONTACT_EXTENDED : CONTACT_PLAIN;
    c->is_away = status == JRPC_E_UNAVAILABLE || status == JRPC_E_TIMEOUT;
    c->heard_at = clock_now();
    c->plain_until = clock_after(clock_now(), status == JRPC_E_UNAVAILABLE ? NOBODY_IS_KEPT_MS : NO_IS_KEPT_MS);
    memcpy(c->epoch, extended ? question->epoch : "", extended ? sizeof c->epoch : 1);
}

/* Under the lock. One that was restarted answers as well: whether it has a call from before or after that cannot be known. */
static void learn_watched(jrpc_session *session, contact *c, const contact_question *question)
{
    jrpc_status status = question->call.status;
    c->heard_at = clock_now();
    if (status == JRPC_OK) {
        c->misses = 0;
        c->watch_ms = c->watch_ms < WATCH_MOST_MS / 2 ? 2 * c->watch_ms : WATCH_MOST_MS;
        learn(c, question);
    } else if (c->knowledge != CONTACT_EXTENDED) {
        return; /* forgotten meanwhile: it is asked anew, with the calls that wait for that */
    } else if (status == JRPC_E_UNAVAILABLE && ++c->misses < MISSES_MOST) {
        c->watch_ms = MISS_MS;
    } else if (status == JRPC_E_UNAVAILABLE) {
        learn(c, question);
        session_end_calls(session, c);
    }
}

static void let_go(jrpc_session *session, contact *c)
{
    chain_remove(&c->holding);
    outcall_let_go(session, c);
}

static void on_answered(outcall *call)
{
    contact_question *question = (contact_question *)call;
    jrpc_session *session = question->session;
    contact *c = question->contact;
    pthread_mutex_lock(&session->lock);
    if (question->watches)
        learn_watched(session, c, question);
    else
        learn(c, question);
    c->question = NULL;
    c->impatient = false;
    contact_release(c); /* the held calls have references of their own */
    let_go(session, c);
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->lock);
    free(question);
}

static void ask(jrpc_session *session, contact *c)
{
    static char text[] = "<query xmlns='" XMPP_NS_DISCO_INFO "'/>";
    static const buf payload = { text, sizeof text - 1, sizeof text, false };
    contact_question *question = calloc(1, sizeof *question);
    if (!question)
        return;
    question->session = session;
    question->contact = c;
    question->call = (outcall){
        .to = c->jid,
        .gets = true,
        .payload = &payload,
        .answer = read_answer,
        .timeout_ms = ASK_TIMEOUT_MS,
        .finished = on_answered,
    };
    if (outcall_begin(session, &question->call) != JRPC_OK) {
        free(question);
        return;
    }
    c->question = question;
    c->references++;
}

void contact_give_up_asking(jrpc_session *session, contact *c)
{
    outcall *call = c->question ? &c->question->call : NULL;
    if (call && outcall_claim(session, call))
        outcall_complete(session, call, JRPC_E_UNAVAILABLE); /* on_answered() does the rest */
}

/* ---- holding ---- */

static void hold(jrpc_session *session, contact *c, const outcall *call, int64_t now)
{
    int64_t most = call->timeout_ms / HOLD_PART;
    int64_t until = clock_after(now, most < HOLD_MOST_MS ? most : HOLD_MOST_MS);
    bool first = chain_is_empty(&c->holding);
    if (first)
        chain_add_last(&session->holding, &c->holding);
    if (first || until < c->hold_until)
        c->hold_until = until;
}

/*
 * After a break both come back, in any order. Only that program can tell whether it has run the call, so it is waited for.
 */
static bool waits_for_return(const contact *c, const outcall *call)
{
    return c->knowledge == CONTACT_PLAIN && c->is_away && call->was_sent && !call->idempotent && *call->epoch;
}

static void hold_for_return(jrpc_session *session, contact *c, int64_t now)
{
    if (!chain_is_empty(&c->holding))
        return; /* asked again when its time is over */
    chain_add_last(&session->holding, &c->holding);
    c->hold_until = clock_after(now, RETURN_IS_ASKED_MS / 2 + (int64_t)(random_u64() % RETURN_IS_ASKED_MS));
    c->plain_until = c->hold_until;
}

bool contact_must_hold(jrpc_session *session, contact *c, const outcall *call, int64_t now)
{
    bool is_known = c->knowledge != CONTACT_UNKNOWN;
    if (waits_for_return(c, call) && !c->question && now < c->plain_until) {
        hold_for_return(session, c, now);
        return true;
    }
    if (c->knowledge == CONTACT_EXTENDED || (is_known && now < c->plain_until))
        return false;
    if (!c->question)
        ask(session, c);
    if (!c->question)
        return false;
    /* What may have run already goes again only to one that is known to be able to tell. */
    if (call->was_sent)
        return true;
    /* One that was no program of ours a minute ago is asked again while calls go on as before. */
    if (is_known || c->impatient)
        return false;
    hold(session, c, call, now);
    return true;
}

/* ---- watching ---- */

void contact_note_heard(contact *c, int64_t now)
{
    c->heard_at = now;
    c->watch_ms = WATCH_MS;
    c->misses = 0;
}

void contact_note_sent(contact *c, int64_t now)
{
    if (c->references == 1)
        contact_note_heard(c, now);
}

static void watch(jrpc_session *session, contact *c, int64_t now)
{
    if (!c->references || c->knowledge != CONTACT_EXTENDED || c->question || now < clock_after(c->heard_at, c->watch_ms))
        return;
    ask(session, c);
    if (c->question)
        c->question->watches = true;
}

static void watch_all(jrpc_session *session, int64_t now)
{
    size_t at = 0;
    void *value;
    session->watch_at = clock_after(now, WATCH_STEP_MS);
    while (map_next(&session->contacts, &at, NULL, &value))
        watch(session, value, now);
}

/* ---- the time ---- */

int64_t contact_next(const jrpc_session *session)
{
    bool watches = session->calls && session->state == SESSION_ONLINE;
    int64_t next = watches ? session->watch_at : CLOCK_NEVER;
    for (const chain *link = session->holding.next; link != &session->holding; link = link->next) {
        const contact *c = CHAIN_OF(link, contact, holding);
        if (c->hold_until < next)
            next = c->hold_until;
    }
    return next;
}

void contact_check(jrpc_session *session, int64_t now)
{
    if (session->calls && session->state == SESSION_ONLINE && now >= session->watch_at)
        watch_all(session, now);
    for (chain *link = session->holding.next, *next; link != &session->holding; link = next) {
        next = link->next;
        contact *c = CHAIN_OF(link, contact, holding);
        if (c->hold_until > now)
            continue;
        c->impatient = c->question != NULL;
        let_go(session, c);
    }
}

/* ---- asking, and waiting for the answer ---- */

static bool is_not_asked(void *userdata)
{
    return ((contact *)userdata)->question == NULL;
}

static bool understands(jrpc_session *session, contact *c)
{
    bool is_fresh = c->knowledge == CONTACT_PLAIN && clock_now() < c->plain_until;
    if (c->knowledge != CONTACT_EXTENDED && !is_fresh && !c->question)
        ask(session, c);
    if (c->question && c->knowledge != CONTACT_EXTENDED)
        session_lead_until(session, is_not_asked, c, clock_after(clock_now(), UNDERSTAND_MOST_MS), -1);
    return c->knowledge == CONTACT_EXTENDED;
}

bool contact_understands(jrpc_session *session, const char *text)
{
    AUTO(jid_done) jid address = { NULL, NULL, NULL, NULL, NULL };
    if (session_is_driver(session) || jid_parse(text, &address, NULL) != JRPC_OK)
        return false;
    worker_wait_begin();
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    contact *c = contact_take(session, address.full);
    bool understood = c && understands(session, c);
    if (c)
        contact_release(c);
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    worker_wait_end();
    return understood;
}
