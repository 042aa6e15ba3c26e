/* SPDX-License-Identifier: MIT */
/* Who is there and what it can: see <jrpc/discover.h>. */
#include <jrpc/discover.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "chat/ask.h"
#include "chat/message.h"
#include "chat/software.h"
#include "link/xml.h"

#define NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"

enum { PARTS_MOST = 1000, ITEMS_MOST = 10000 };

/* ---- ping ---- */

jrpc_status jrpc_ping(jrpc_session *session, const char *to, uint32_t timeout_ms, int64_t *ret_ns, jrpc_error *error)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_append_lit(&payload, "<ping xmlns='urn:xmpp:ping'/>");
    const ask question = { to, true, "ping", timeout_ms, ask_read_nothing, NULL };
    int64_t started = clock_now();
    jrpc_status status = ask_run(session, &question, &payload, error);
    if (status == JRPC_OK && ret_ns)
        *ret_ns = clock_now() - started;
    return status;
}

/* ---- version ---- */

typedef struct owned_software {
    jrpc_software software; /* first */
    arena memory;
} owned_software;

void jrpc_software_free(jrpc_software *software)
{
    if (!software)
        return;
    arena_done(&((owned_software *)software)->memory);
    free(software);
}

static jrpc_status read_software(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    xmpp_stanza_t *query = xml_child(iq, "query", NS_VERSION);
    if (!query)
        return ask_bad_reply(call, error, "the answer holds no " NS_VERSION " query");
    owned_software *made = calloc(1, sizeof *made);
    if (!made)
        return error_nomem(error);
    jrpc_software *s = &made->software;
    if (!ask_keep_text(&made->memory, xml_child(query, "name", NS_VERSION), &s->name) ||
        !ask_keep_text(&made->memory, xml_child(query, "version", NS_VERSION), &s->version) ||
        !ask_keep_text(&made->memory, xml_child(query, "os", NS_VERSION), &s->os)) {
        jrpc_software_free(s);
        return error_nomem(error);
    }
    s->name = s->name ? s->name : "";
    s->version = s->version ? s->version : "";
    *(jrpc_software **)call->answer_userdata = s;
    return JRPC_OK;
}

jrpc_status jrpc_software_get(jrpc_session *session, const char *to, uint32_t timeout_ms,
                              jrpc_software **ret_software, jrpc_error *error)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_append_lit(&payload, "<query xmlns='" NS_VERSION "'/>");
    const ask question = { to, true, "version", timeout_ms, read_software, ret_software };
    return ask_run(session, &question, &payload, error);
}

/* ---- service discovery ---- */

/* How many children have that name, up to the limit. */
static size_t count_children(xmpp_stanza_t *query, const char *name, size_t most)
{
    size_t count = 0;
    const char *ns = xmpp_stanza_get_ns(query);
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(query); child && count < most; child = xmpp_stanza_get_next(child))
        count += xml_is(child, name, ns);
    return count;
}

typedef struct owned_info {
    jrpc_disco_info info; /* first */
    arena memory;
} owned_info;

void jrpc_disco_info_free(jrpc_disco_info *info)
{
    if (!info)
        return;
    arena_done(&((owned_info *)info)->memory);
    free(info);
}

bool jrpc_disco_info_has(const jrpc_disco_info *info, const char *feature)
{
    for (size_t i = 0; i < info->feature_count; i++)
        if (strcmp(info->features[i], feature) == 0)
            return true;
    return false;
}

/* An attribute that must be there is "" when it is not. */
static bool keep_required(arena *memory, xmpp_stanza_t *element, const char *name, const char **ret_text)
{
    bool fine = ask_keep_attribute(memory, element, name, ret_text);
    if (!*ret_text)
        *ret_text = "";
    return fine;
}

static bool keep_identity(arena *memory, xmpp_stanza_t *element, jrpc_identity *one)
{
    return keep_required(memory, element, "category", &one->category) &&
           keep_required(memory, element, "type", &one->type) &&
           ask_keep_attribute(memory, element, "name", &one->name);
}

static bool fill_info(owned_info *made, xmpp_stanza_t *query)
{
    size_t identities = count_children(query, "identity", PARTS_MOST);
    size_t features = count_children(query, "feature", PARTS_MOST);
    jrpc_identity *identity = arena_zalloc(&made->memory, identities * sizeof *identity);
    const char **feature = arena_zalloc(&made->memory, features * sizeof *feature);
    jrpc_disco_info *info = &made->info;
    info->identities = identity;
    info->features = feature;
    if (!identity || !feature)
        return false;
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(query); child; child = xmpp_stanza_get_next(child)) {
        if (xml_is(child, "identity", XMPP_NS_DISCO_INFO) && info->identity_count < identities) {
            if (!keep_identity(&made->memory, child, &identity[info->identity_count++]))
                return false;
        } else if (xml_is(child, "feature", XMPP_NS_DISCO_INFO) && info->feature_count < features) {
            if (!keep_required(&made->memory, child, "var", &feature[info->feature_count++]))
                return false;
        }
    }
    return true;
}

static jrpc_status read_info(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    xmpp_stanza_t *query = xml_child(iq, "query", XMPP_NS_DISCO_INFO);
    if (!query)
        return ask_bad_reply(call, error, "the answer holds no " XMPP_NS_DISCO_INFO " query");
    owned_info *made = calloc(1, sizeof *made);
    if (!made)
        return error_nomem(error);
    made->memory.budget = ASK_BYTES_MOST;
    if (!fill_info(made, query)) {
        jrpc_disco_info_free(&made->info);
        return error_nomem(error);
    }
    *(jrpc_disco_info **)call->answer_userdata = &made->info;
    return JRPC_OK;
}

static jrpc_status ask_disco(jrpc_session *session, const char *ns, const char *node, ask *question, jrpc_error *error)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    jrpc_status status = message_check_text(node, "node", error);
    if (status != JRPC_OK)
        return status;
    ask_open_query(&payload, ns, node);
    buf_append_lit(&payload, "</query>");
    question->gets = true;
    question->what = "service discovery";
    return ask_run(session, question, &payload, error);
}

jrpc_status jrpc_disco_info_get(jrpc_session *session, const char *to, const char *node, uint32_t timeout_ms,
                                jrpc_disco_info **ret_info, jrpc_error *error)
{
    ask question = { .to = to, .timeout_ms = timeout_ms, .read = read_info, .result = ret_info };
    return ask_disco(session, XMPP_NS_DISCO_INFO, node, &question, error);
}

typedef struct owned_items {
    jrpc_disco_items items; /* first */
    arena memory;
} owned_items;

void jrpc_disco_items_free(jrpc_disco_items *items)
{
    if (!items)
        return;
    arena_done(&((owned_items *)items)->memory);
    free(items);
}

static bool fill_items(owned_items *made, xmpp_stanza_t *query)
{
    size_t count = count_children(query, "item", ITEMS_MOST);
    jrpc_disco_item *item = arena_zalloc(&made->memory, count * sizeof *item);
    if (!item)
        return false;
    made->items.items = item;
    xmpp_stanza_t *child = xmpp_stanza_get_children(query);
    for (; child && made->items.count < count; child = xmpp_stanza_get_next(child)) {
        if (!xml_is(child, "item", NS_DISCO_ITEMS))
            continue;
        jrpc_disco_item *one = &item[made->items.count++];
        if (!keep_required(&made->memory, child, "jid", &one->jid) ||
            !ask_keep_attribute(&made->memory, child, "node", &one->node) ||
            !ask_keep_attribute(&made->memory, child, "name", &one->name))
            return false;
    }
    return true;
}

static jrpc_status read_items(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    xmpp_stanza_t *query = xml_child(iq, "query", NS_DISCO_ITEMS);
    if (!query)
        return ask_bad_reply(call, error, "the answer holds no " NS_DISCO_ITEMS " query");
    owned_items *made = calloc(1, sizeof *made);
    if (!made)
        return error_nomem(error);
    made->memory.budget = ASK_BYTES_MOST;
    if (!fill_items(made, query)) {
        jrpc_disco_items_free(&made->items);
        return error_nomem(error);
    }
    *(jrpc_disco_items **)call->answer_userdata = &made->items;
    return JRPC_OK;
}

jrpc_status jrpc_disco_items_get(jrpc_session *session, const char *to, const char *node, uint32_t timeout_ms,
                                 jrpc_disco_items **ret_items, jrpc_error *error)
{
    ask question = { .to = to, .timeout_ms = timeout_ms, .read = read_items, .result = ret_items };
    return ask_disco(session, NS_DISCO_ITEMS, node, &question, error);
}
