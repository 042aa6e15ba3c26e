/* SPDX-License-Identifier: MIT */
/* Messages: from a stanza, to a stanza. */
#include "chat/message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/utf8.h"
#include "link/jid.h"
#include "link/xml.h"
#include "wire/envelope.h"
#include "wire/writer.h"

/* What jrpc_message_free() frees. */
typedef struct owned_message {
    jrpc_message message; /* first */
    arena memory;
} owned_message;

static const char *const type_names[] = { "normal", "chat", "groupchat", "headline", "error" };

const char *jrpc_message_type_name(jrpc_message_type type)
{
    return (size_t)type < COUNT_OF(type_names) ? type_names[type] : "normal";
}

/* RFC 6121 section 5.2.2: what is not known counts as normal. */
static jrpc_message_type type_of(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(type_names); i++)
        if (strcmp(name, type_names[i]) == 0)
            return (jrpc_message_type)i;
    return JRPC_MESSAGE_NORMAL;
}

/* ---- life ---- */

static owned_message *new_message(void)
{
    return calloc(1, sizeof(owned_message));
}

void jrpc_message_free(jrpc_message *message)
{
    if (!message)
        return;
    owned_message *owned = (owned_message *)message;
    arena_done(&owned->memory);
    free(owned);
}

/* Keeps *text in the message's own memory. */
static bool keep(owned_message *owned, const char **text)
{
    if (!*text)
        return true;
    *text = arena_strdup(&owned->memory, *text);
    return *text != NULL;
}

static bool keep_all(owned_message *owned)
{
    jrpc_message *m = &owned->message;
    return keep(owned, &m->to) && keep(owned, &m->from) && keep(owned, &m->id) && keep(owned, &m->thread) &&
           keep(owned, &m->subject) && keep(owned, &m->body) && keep(owned, &m->stamp) &&
           keep(owned, &m->forwarded_from) && keep(owned, &m->condition);
}

jrpc_message *jrpc_message_copy(const jrpc_message *message)
{
    owned_message *owned = new_message();
    if (!owned)
        return NULL;
    owned->message = *message;
    if (keep_all(owned))
        return &owned->message;
    jrpc_message_free(&owned->message);
    return NULL;
}

/* ---- reading ---- */

/* Of the same namespace as the message itself, whatever that is: an account's or a component's stream. */
static bool is_part(xmpp_stanza_t *message, xmpp_stanza_t *child, const char *name)
{
    const char *its_name = xmpp_stanza_is_tag(child) ? xmpp_stanza_get_name(child) : NULL;
    const char *ns = xmpp_stanza_get_ns(child), *outer = xmpp_stanza_get_ns(message);
    return its_name && strcmp(its_name, name) == 0 && (!ns || !outer || strcmp(ns, outer) == 0);
}

static bool has_language(xmpp_stanza_t *element)
{
    return xmpp_stanza_get_attribute(element, "xml:lang") || xmpp_stanza_get_attribute(element, "lang");
}

/* RFC 6121 section 5.2.3: of several in other languages, the one without a language, or else the first. */
static xmpp_stanza_t *find_part(xmpp_stanza_t *message, const char *name)
{
    xmpp_stanza_t *first = NULL;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(message); child; child = xmpp_stanza_get_next(child)) {
        if (!is_part(message, child, name))
            continue;
        if (!has_language(child))
            return child;
        first = first ? first : child;
    }
    return first;
}

/* False without memory. */
static bool read_part(owned_message *owned, xmpp_stanza_t *message, const char *name, const char **ret_text)
{
    xmpp_stanza_t *part = find_part(message, name);
    if (!part)
        return true;
    autofree char *text = xml_text(part);
    *ret_text = text ? arena_strdup(&owned->memory, text) : NULL;
    return *ret_text != NULL;
}

static bool read_attributes(owned_message *owned, xmpp_stanza_t *stanza, const char *own_bare)
{
    jrpc_message *m = &owned->message;
    m->type = type_of(xmpp_stanza_get_type(stanza));
    m->to = xmpp_stanza_get_to(stanza);
    m->from = xmpp_stanza_get_from(stanza);
    if (!m->from)
        m->from = own_bare;
    m->id = xmpp_stanza_get_id(stanza);
    return keep(owned, &m->to) && keep(owned, &m->from) && keep(owned, &m->id);
}

/* XEP-0203, and what it replaced. */
static bool read_delay(owned_message *owned, xmpp_stanza_t *stanza)
{
    jrpc_message *m = &owned->message;
    xmpp_stanza_t *delay = xml_child(stanza, "delay", NS_DELAY);
    if (!delay)
        delay = xml_child(stanza, "x", NS_OLD_DELAY);
    if (!delay)
        return true;
    m->delayed = true;
    m->stamp = xmpp_stanza_get_attribute(delay, "stamp");
    return keep(owned, &m->stamp);
}

static bool read_condition(owned_message *owned, xmpp_stanza_t *stanza)
{
    jrpc_message *m = &owned->message;
    xmpp_stanza_t *error = xmpp_stanza_get_child_by_name(stanza, "error");
    const char *condition = error ? xml_condition(error, XML_NS_STANZA_ERROR, NULL) : NULL;
    m->condition = condition ? condition : "undefined-condition";
    return keep(owned, &m->condition);
}

/* The stanza inside <forwarded/>, or NULL. */
static xmpp_stanza_t *forwarded_message(xmpp_stanza_t *outer)
{
    xmpp_stanza_t *forwarded = xml_child(outer, "forwarded", NS_FORWARD);
    return forwarded ? xmpp_stanza_get_child_by_name(forwarded, "message") : NULL;
}

static xmpp_stanza_t *find_carbon(xmpp_stanza_t *stanza, bool *ret_sent)
{
    xmpp_stanza_t *received = xml_child(stanza, "received", NS_CARBONS);
    xmpp_stanza_t *sent = received ? NULL : xml_child(stanza, "sent", NS_CARBONS);
    *ret_sent = sent != NULL;
    return received ? received : sent;
}

/* XEP-0280 section 11: only the account's own server makes copies; from anybody else they are forged. */
static message_reading unwrap_carbon(jrpc_message *m, xmpp_stanza_t **stanza, const char *own_bare)
{
    xmpp_stanza_t *carbon = find_carbon(*stanza, &m->sent);
    if (!carbon)
        return MESSAGE_READ;
    const char *from = xmpp_stanza_get_from(*stanza);
    if (from && !jid_same(from, own_bare))
        return MESSAGE_FORGED;
    *stanza = forwarded_message(carbon);
    m->carbon = true;
    return *stanza ? MESSAGE_READ : MESSAGE_EMPTY;
}

static message_reading read_content(owned_message *owned, xmpp_stanza_t *stanza)
{
    jrpc_message *m = &owned->message;
    xmpp_stanza_t *written = forwarded_message(stanza);
    m->forwarded_from = written ? xmpp_stanza_get_from(written) : NULL;
    if (written && !m->forwarded_from)
        m->forwarded_from = "";
    bool fine = keep(owned, &m->forwarded_from) && read_part(owned, written ? written : stanza, "body", &m->body) &&
                read_part(owned, written ? written : stanza, "subject", &m->subject) &&
                read_part(owned, stanza, "thread", &m->thread) && read_delay(owned, stanza);
    if (!fine)
        return MESSAGE_NOMEM;
    /* RFC 6121 section 5.2.2: a headline is an alert, and nobody is to answer it. */
    m->automatic = m->type == JRPC_MESSAGE_HEADLINE || xml_child(stanza, "automatic", WIRE_NS_EXTENSION) != NULL;
    if (m->type == JRPC_MESSAGE_ERROR) {
        if (!m->body)
            m->body = "";
        return read_condition(owned, stanza) ? MESSAGE_READ : MESSAGE_NOMEM;
    }
    return m->body ? MESSAGE_READ : MESSAGE_EMPTY;
}

message_reading message_read(xmpp_stanza_t *stanza, const char *own_bare, jrpc_message **ret_message)
{
    owned_message *owned = new_message();
    if (!owned)
        return MESSAGE_NOMEM;
    message_reading reading = unwrap_carbon(&owned->message, &stanza, own_bare);
    if (reading == MESSAGE_READ && !read_attributes(owned, stanza, own_bare))
        reading = MESSAGE_NOMEM;
    if (reading == MESSAGE_READ)
        reading = read_content(owned, stanza);
    if (reading == MESSAGE_READ)
        *ret_message = &owned->message;
    else
        jrpc_message_free(&owned->message);
    return reading;
}

bool message_is_wanted(const jrpc_message_options *options, const jrpc_message *m, bool allowed)
{
    if (!allowed && !options->anyone)
        return false;
    if (m->type == JRPC_MESSAGE_ERROR)
        return options->errors;
    return (options->automatic || !m->automatic) && (options->delayed || !m->delayed) &&
           (options->groupchat || m->type != JRPC_MESSAGE_GROUPCHAT) && (options->carbons || !m->carbon) &&
           (options->forwarded || !m->forwarded_from);
}

/* ---- writing ---- */

jrpc_status message_check_text(const char *text, const char *what, jrpc_error *error)
{
    size_t bad = 0, len = text ? strlen(text) : 0;
    uint32_t c = 0;
    if (!text || utf8_is_xml_text(text, len, NULL, &bad))
        return JRPC_OK;
    if (utf8_decode(text + bad, len - bad, &c) == 0)
        jrpc_error_set(error, JRPC_E_INVALID, "the byte 0x%02X at offset %zu is not UTF-8",
                       (unsigned)(unsigned char)text[bad], bad);
    else
        jrpc_error_set(error, JRPC_E_INVALID, "the character U+%04" PRIX32 " at offset %zu cannot be in XML", c, bad);
    error_path(error, what);
    return JRPC_E_INVALID;
}

static jrpc_status check(const jrpc_message *m, const char *from, jrpc_error *error)
{
    const struct {
        const char *name, *text;
    } texts[] = { { "id", m->id }, { "from", from }, { "thread", m->thread }, { "subject", m->subject }, { "body", m->body } };
    const char *why = NULL;
    AUTO(jid_done) jid to = { 0 };
    if (!m->to)
        return jrpc_error_set(error, JRPC_E_INVALID, "the message is for nobody: it has no \"to\"");
    if (jid_parse(m->to, &to, &why) != JRPC_OK)
        return jrpc_error_set(error, JRPC_E_INVALID, "\"%s\" is not a Jabber address: %s", m->to, why);
    if ((size_t)m->type >= COUNT_OF(type_names) || m->type == JRPC_MESSAGE_ERROR)
        return jrpc_error_set(error, JRPC_E_INVALID, "a message of type %d cannot be sent", (int)m->type);
    if (!m->body && !m->subject)
        return jrpc_error_set(error, JRPC_E_INVALID, "the message has neither body nor subject");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        jrpc_status status = message_check_text(texts[i].text, texts[i].name, error);
        if (status != JRPC_OK)
            return status;
    }
    return JRPC_OK;
}

static void append_element(buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    buf_append_char(out, '<');
    buf_append_str(out, name);
    buf_append_char(out, '>');
    writer_text(out, text, strlen(text));
    buf_append_lit(out, "</");
    buf_append_str(out, name);
    buf_append_char(out, '>');
}

jrpc_status message_write(buf *out, const jrpc_message *m, const char *from, jrpc_error *error)
{
    jrpc_status status = check(m, from, error);
    if (status != JRPC_OK)
        return status;
    char id[24];
    snprintf(id, sizeof id, "m%016" PRIx64, random_u64());
    buf_append_lit(out, "<message");
    writer_named(out, "type", jrpc_message_type_name(m->type));
    writer_named(out, "id", m->id ? m->id : id);
    writer_named(out, "to", m->to);
    writer_named(out, "from", from);
    buf_append_char(out, '>');
    append_element(out, "subject", m->subject);
    append_element(out, "body", m->body);
    append_element(out, "thread", m->thread);
    if (m->automatic)
        buf_append_lit(out, "<automatic xmlns='" WIRE_NS_EXTENSION "'/>");
    buf_append_lit(out, "</message>");
    return buf_failed(out) ? error_nomem(error) : JRPC_OK;
}

void message_append_printable(buf *out, const char *text, size_t max)
{
    size_t len = strlen(text), start = out->len;
    for (size_t at = 0; at < len;) {
        uint32_t c = 0;
        size_t n = utf8_decode(text + at, len - at, &c);
        bool plain = n && utf8_is_xml_char(c);
        if (out->len - start + (plain ? n : 4) > max) {
            buf_append_lit(out, "...");
            return;
        }
        if (plain)
            buf_append(out, text + at, n);
        else
            buf_printf(out, "\\x%02x", (unsigned)(unsigned char)text[at]);
        at += plain ? n : 1;
    }
}
