/* SPDX-License-Identifier: MIT */
/* Contacts. */
#include "chat/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/ask.h"
#include "chat/message.h"
#include "link/jid.h"
#include "link/xml.h"

static const char *const names[] = { "none", "to", "from", "both" };

const char *jrpc_subscription_name(jrpc_subscription subscription)
{
    return (size_t)subscription < COUNT_OF(names) ? names[subscription] : names[0];
}

/* ---- reading ---- */

typedef struct owned_roster {
    jrpc_roster roster; /* first */
    arena memory;
} owned_roster;

void jrpc_roster_free(jrpc_roster *roster)
{
    if (!roster)
        return;
    arena_done(&((owned_roster *)roster)->memory);
    free(roster);
}

static size_t count_children(xmpp_stanza_t *element, const char *name, size_t most)
{
    size_t count = 0;
    xmpp_stanza_t *child = xmpp_stanza_get_children(element);
    for (; child && count < most; child = xmpp_stanza_get_next(child))
        count += xml_is(child, name, NS_ROSTER);
    return count;
}

static bool read_groups(arena *memory, xmpp_stanza_t *item, jrpc_contact *one)
{
    size_t count = count_children(item, "group", ROSTER_MOST);
    const char **groups = arena_zalloc(memory, count * sizeof *groups);
    one->groups = groups;
    if (!groups)
        return false;
    xmpp_stanza_t *child = xmpp_stanza_get_children(item);
    for (; child && one->group_count < count; child = xmpp_stanza_get_next(child))
        if (xml_is(child, "group", NS_ROSTER) && !ask_keep_text(memory, child, &groups[one->group_count++]))
            return false;
    return true;
}

static bool read_contact(arena *memory, xmpp_stanza_t *item, jrpc_contact *one)
{
    const char *subscription = xmpp_stanza_get_attribute(item, "subscription");
    const char *asked = xmpp_stanza_get_attribute(item, "ask");
    for (size_t i = 0; subscription && i < COUNT_OF(names); i++)
        if (strcmp(subscription, names[i]) == 0)
            one->subscription = (jrpc_subscription)i;
    one->removed = subscription && strcmp(subscription, "remove") == 0;
    one->asked = asked && strcmp(asked, "subscribe") == 0;
    return ask_keep_attribute(memory, item, "jid", &one->jid) &&
           ask_keep_attribute(memory, item, "name", &one->name) && read_groups(memory, item, one);
}

/* One without an address is none. */
static bool read_contacts(owned_roster *made, xmpp_stanza_t *query)
{
    size_t most = count_children(query, "item", ROSTER_MOST);
    jrpc_contact *contacts = arena_zalloc(&made->memory, most * sizeof *contacts);
    made->roster.contacts = contacts;
    if (!contacts)
        return false;
    xmpp_stanza_t *child = xmpp_stanza_get_children(query);
    for (; child && made->roster.count < most; child = xmpp_stanza_get_next(child)) {
        if (!xml_is(child, "item", NS_ROSTER) || !xmpp_stanza_get_attribute(child, "jid"))
            continue;
        if (!read_contact(&made->memory, child, &contacts[made->roster.count++]))
            return false;
    }
    return true;
}

jrpc_roster *roster_read(xmpp_stanza_t *query)
{
    owned_roster *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->memory.budget = ASK_BYTES_MOST;
    if (read_contacts(made, query))
        return &made->roster;
    jrpc_roster_free(&made->roster);
    return NULL;
}

/* ---- writing ---- */

static jrpc_status check_contact(const jrpc_contact *one, jrpc_error *error)
{
    jrpc_status status = message_check_text(one->name, "name", error);
    for (size_t i = 0; i < one->group_count && status == JRPC_OK; i++)
        status = one->groups[i] ? message_check_text(one->groups[i], "groups", error)
                                    : jrpc_error_set(error, JRPC_E_INVALID, "groups[%zu] is NULL", i);
    return status;
}

jrpc_status roster_write_item(buf *out, const jrpc_contact *one, bool removal, jrpc_error *error)
{
    const char *why = NULL;
    AUTO(jid_done) jid who = { 0 };
    if (!one->jid || jid_parse(one->jid, &who, &why) != JRPC_OK)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\" is not a Jabber address: %s",
                              one->jid ? one->jid : "", why ? why : "it is empty");
    jrpc_status status = check_contact(one, error);
    if (status != JRPC_OK)
        return status;
    buf_append_lit(out, "<item jid='");
    xml_append(out, who.bare);
    if (one->name) {
        buf_append_lit(out, "' name='");
        xml_append(out, one->name);
    }
    buf_append_str(out, removal ? "' subscription='remove'>" : "'>");
    for (size_t i = 0; i < one->group_count; i++) {
        buf_append_lit(out, "<group>");
        xml_append(out, one->groups[i]);
        buf_append_lit(out, "</group>");
    }
    buf_append_lit(out, "</item>");
    return buf_failed(out) ? error_nomem(error) : JRPC_OK;
}

/* ---- whose presence we may see ---- */

void roster_seen_init(roster_seen *s)
{
    pthread_mutex_init(&s->lock, NULL);
    s->jids = (map)MAP_INIT;
}

void roster_seen_done(roster_seen *s)
{
    map_done(&s->jids);
    pthread_mutex_destroy(&s->lock);
}

/* Under the lock. */
static void note(roster_seen *s, const jrpc_contact *one)
{
    static char is_there;
    AUTO(jid_done) jid who = { 0 };
    if (jid_parse(one->jid, &who, NULL) != JRPC_OK)
        return;
    bool seen = !one->removed && (one->subscription == JRPC_SUBSCRIPTION_TO ||
                                      one->subscription == JRPC_SUBSCRIPTION_BOTH);
    if (!seen)
        map_remove_str(&s->jids, who.bare);
    else if (s->jids.len < ROSTER_MOST)
        map_put_str(&s->jids, who.bare, &is_there);
}

void roster_seen_note(roster_seen *s, const jrpc_roster *contacts, bool whole)
{
    pthread_mutex_lock(&s->lock);
    if (whole) {
        map_done(&s->jids);
        s->jids = (map)MAP_INIT;
    }
    for (size_t i = 0; i < contacts->count; i++)
        note(s, &contacts->contacts[i]);
    pthread_mutex_unlock(&s->lock);
}

bool roster_seen_has(roster_seen *s, const char *bare)
{
    pthread_mutex_lock(&s->lock);
    bool has = map_get_str(&s->jids, bare) != NULL;
    pthread_mutex_unlock(&s->lock);
    return has;
}
