/* SPDX-License-Identifier: MIT */
/* Presence. */
#include "chat/presence.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "chat/message.h"
#include "link/jid.h"
#include "link/xml.h"
#include "wire/writer.h"

static const char *const show_names[] = { "online", "chat", "away", "xa", "dnd" };

const char *jrpc_show_name(jrpc_show show)
{
    return (size_t)show < COUNT_OF(show_names) ? show_names[show] : show_names[0];
}

/* ---- reading ---- */

presence_kind presence_kind_of(xmpp_stanza_t *stanza)
{
    const char *type = xmpp_stanza_get_type(stanza);
    if (!type || strcmp(type, "unavailable") == 0)
        return PRESENCE_STATE;
    if (strcmp(type, "subscribe") == 0)
        return PRESENCE_SUBSCRIBE;
    return strcmp(type, "probe") == 0 ? PRESENCE_PROBE : PRESENCE_OTHER;
}

/* In one piece: the structure, then its texts. */
static jrpc_presence *new_presence(const jrpc_presence *from)
{
    size_t jid_len = strlen(from->from), status_len = from->status ? strlen(from->status) : 0;
    jrpc_presence *made = malloc(sizeof *made + jid_len + 1 + status_len + 1);
    if (!made)
        return NULL;
    *made = *from;
    char *texts = (char *)(made + 1);
    made->from = strcpy(texts, from->from);
    if (from->status)
        made->status = strcpy(texts + jid_len + 1, from->status);
    return made;
}

jrpc_presence *presence_copy(const jrpc_presence *presence)
{
    return new_presence(presence);
}

jrpc_presence *presence_new_gone(const char *from, bool lost)
{
    return new_presence(&(jrpc_presence){ .from = from, .lost = lost });
}

void jrpc_presence_free(jrpc_presence *presence)
{
    free(presence);
}

static char *child_text(xmpp_stanza_t *stanza, const char *name)
{
    xmpp_stanza_t *child = xmpp_stanza_get_child_by_name(stanza, name);
    return child ? xml_text(child) : NULL;
}

static jrpc_show read_show(const char *text)
{
    for (size_t i = 1; text && i < COUNT_OF(show_names); i++)
        if (strcmp(text, show_names[i]) == 0)
            return (jrpc_show)i;
    return JRPC_SHOW_ONLINE;
}

/* RFC 6121 section 4.7.2.3: -128 to 127; anything else counts as the default. */
static int8_t read_priority(const char *text)
{
    char *end = NULL;
    long number = text ? strtol(text, &end, 10) : 0;
    bool fine = text && end != text && *end == '\0' && number >= INT8_MIN && number <= INT8_MAX;
    return fine ? (int8_t)number : 0;
}

/* Cut between two characters. */
static void cut(char *text, size_t most)
{
    size_t len = text ? strlen(text) : 0;
    if (len <= most)
        return;
    len = most;
    while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    text[len] = '\0';
}

jrpc_presence *presence_read(xmpp_stanza_t *stanza, const char *from)
{
    autofree char *status = child_text(stanza, "status");
    cut(status, PRESENCE_STATUS_MOST);
    jrpc_presence read = { .from = from, .available = !xmpp_stanza_get_type(stanza), .status = status };
    if (read.available) {
        autofree char *show = child_text(stanza, "show");
        autofree char *priority = child_text(stanza, "priority");
        read.show = read_show(show);
        read.priority = read_priority(priority);
    }
    return new_presence(&read);
}

/* ---- writing ---- */

static void append_frame(buf *out, const char *type, const char *to, const char *from)
{
    const char *const names[] = { "type", "to", "from" }, *const values[] = { type, to, from };
    buf_append_lit(out, "<presence");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!values[i])
            continue;
        buf_printf(out, " %s='", names[i]);
        writer_attribute(out, values[i]);
        buf_append_char(out, '\'');
    }
    buf_append_char(out, '>');
}

jrpc_status presence_write(buf *out, const jrpc_presence *p, const char *to, const char *from, const char *extra,
                           jrpc_error *error)
{
    jrpc_status status = message_check_text(p->status, "status", error);
    if (status != JRPC_OK)
        return status;
    if ((size_t)p->show >= COUNT_OF(show_names))
        return jrpc_error_set(error, JRPC_E_INVALID, "there is no show with the number %d", (int)p->show);
    append_frame(out, p->available ? NULL : "unavailable", to, from);
    if (p->available && p->show != JRPC_SHOW_ONLINE)
        buf_printf(out, "<show>%s</show>", show_names[p->show]);
    if (p->status) {
        buf_append_lit(out, "<status>");
        writer_text(out, p->status, strlen(p->status));
        buf_append_lit(out, "</status>");
    }
    if (p->available && p->priority)
        buf_printf(out, "<priority>%d</priority>", (int)p->priority);
    if (extra)
        buf_append_str(out, extra);
    buf_append_lit(out, "</presence>");
    return buf_failed(out) ? error_nomem(error) : JRPC_OK;
}

jrpc_status presence_write_subscription(buf *out, const char *type, const char *to, const char *from,
                                        jrpc_error *error)
{
    const char *why = NULL;
    AUTO(jid_done) jid who = { 0 };
    if (!to || jid_parse(to, &who, &why) != JRPC_OK)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\" is not a Jabber address: %s", to ? to : "",
                              why ? why : "it is empty");
    append_frame(out, type, who.bare, from);
    buf_append_lit(out, "</presence>");
    return buf_failed(out) ? error_nomem(error) : JRPC_OK;
}

/* ---- what is known of others ---- */

void presence_table_init(presence_table *t)
{
    pthread_mutex_init(&t->lock, NULL);
    t->by_jid = (map)MAP_INIT;
}

void presence_table_done(presence_table *t)
{
    jrpc_presence *left;
    while ((left = presence_table_take_any(t)))
        jrpc_presence_free(left);
    map_done(&t->by_jid);
    pthread_mutex_destroy(&t->lock);
}

void presence_table_note(presence_table *t, const jrpc_presence *presence)
{
    jrpc_presence *kept = presence->available ? new_presence(presence) : NULL;
    pthread_mutex_lock(&t->lock);
    jrpc_presence_free(map_remove_str(&t->by_jid, presence->from));
    if (kept && t->by_jid.len < PRESENCES_MOST && map_put_str(&t->by_jid, kept->from, kept))
        kept = NULL;
    pthread_mutex_unlock(&t->lock);
    jrpc_presence_free(kept);
}

/* Is it a program of the account "node@domain", or the domain itself? */
static bool is_of(const char *full, const char *bare)
{
    size_t len = strlen(bare);
    return strncmp(full, bare, len) == 0 && (full[len] == '/' || full[len] == '\0');
}

/* Under the lock. */
static const jrpc_presence *find_best(const presence_table *t, const char *bare)
{
    const jrpc_presence *best = NULL;
    size_t at = 0;
    void *value;
    while (map_next(&t->by_jid, &at, NULL, &value)) {
        const jrpc_presence *p = value;
        if (is_of(p->from, bare) && (!best || p->priority > best->priority))
            best = p;
    }
    return best;
}

jrpc_status presence_table_get(presence_table *t, const char *text, jrpc_presence **ret_presence, jrpc_error *error)
{
    const char *why = NULL;
    AUTO(jid_done) jid who = { 0 };
    if (!text || jid_parse(text, &who, &why) != JRPC_OK)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\" is not a Jabber address: %s", text ? text : "",
                              why ? why : "it is empty");
    pthread_mutex_lock(&t->lock);
    const jrpc_presence *found = map_get_str(&t->by_jid, who.full);
    if (!found && !who.resource)
        found = find_best(t, who.bare);
    jrpc_presence *copy = found ? presence_copy(found) : presence_new_gone(who.full, false);
    pthread_mutex_unlock(&t->lock);
    if (!copy)
        return error_nomem(error);
    *ret_presence = copy;
    return JRPC_OK;
}

jrpc_presence *presence_table_take_any(presence_table *t)
{
    size_t at = 0;
    const char *key;
    void *value = NULL;
    pthread_mutex_lock(&t->lock);
    if (map_next(&t->by_jid, &at, &key, &value))
        value = map_remove_str(&t->by_jid, key);
    pthread_mutex_unlock(&t->lock);
    return value;
}
