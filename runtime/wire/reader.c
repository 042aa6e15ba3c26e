/* SPDX-License-Identifier: MIT */
/* Reading XML-RPC from a stanza's tree. */
#include "wire/reader.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

bool reader_is_space(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static const char *node_text(xmpp_stanza_t *node)
{
    const char *text = xmpp_stanza_get_text_ptr(node);
    return text ? text : "";
}

jrpc_status reader_element(wire_decoder *d, const char *parent, xmpp_stanza_t *sibling,
                           xmpp_stanza_t **ret_element)
{
    for (; sibling && !xmpp_stanza_is_tag(sibling); sibling = xmpp_stanza_get_next(sibling)) {
        if (!reader_is_space(node_text(sibling)))
            return failure_set(&d->failure, JRPC_E_INVALID, "unexpected text '%.40s' in <%s>",
                               node_text(sibling), parent);
    }
    *ret_element = sibling;
    return JRPC_OK;
}

jrpc_status reader_only_child(wire_decoder *d, xmpp_stanza_t *parent, const char *name,
                              xmpp_stanza_t **ret_child)
{
    const char *parent_name = reader_name(parent);
    xmpp_stanza_t *child = NULL;
    jrpc_status status = reader_element(d, parent_name, xmpp_stanza_get_children(parent), &child);
    if (status < 0)
        return status;
    if (!child)
        return failure_set(&d->failure, JRPC_E_INVALID, "<%s> without <%s>", parent_name, name);
    if (!reader_is(child, name))
        return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <%s>", reader_name(child),
                           parent_name);
    xmpp_stanza_t *next = xmpp_stanza_get_next(child);
    if (next) {
        status = reader_element(d, parent_name, next, &next);
        if (status < 0)
            return status;
    }
    if (next)
        return failure_set(&d->failure, JRPC_E_INVALID, "a second element <%.40s> in <%s>", reader_name(next),
                           parent_name);
    *ret_child = child;
    return decoder_visit(d, 1);
}

/*
 * The parser makes one text node of adjacent text; a tree made by hand may have several. The first becomes
 * all of it, so that the text can be borrowed from the tree in every case.
 */
static jrpc_status join_texts(wire_decoder *d, xmpp_stanza_t *first)
{
    AUTO(buf_done) buf joined = BUF_INIT;
    for (xmpp_stanza_t *node = first; node; node = xmpp_stanza_get_next(node)) {
        if (!xmpp_stanza_is_text(node))
            return failure_set(&d->failure, JRPC_E_INVALID, "unexpected element <%.40s> in a text",
                               reader_name(node));
        buf_append_str(&joined, node_text(node));
    }
    if (buf_failed(&joined) || xmpp_stanza_set_text(first, joined.data) != XMPP_EOK)
        return decoder_nomem(d);
    for (xmpp_stanza_t *node = xmpp_stanza_get_next(first); node; node = xmpp_stanza_get_next(node)) {
        if (xmpp_stanza_set_text(node, "") != XMPP_EOK)
            return decoder_nomem(d);
    }
    return JRPC_OK;
}

jrpc_status reader_text(wire_decoder *d, xmpp_stanza_t *element, const char **ret_text)
{
    *ret_text = "";
    xmpp_stanza_t *node = xmpp_stanza_get_children(element);
    if (!node)
        return JRPC_OK;
    if (!xmpp_stanza_is_text(node) || xmpp_stanza_get_next(node)) {
        jrpc_status status = join_texts(d, node);
        if (status < 0)
            return status;
    }
    *ret_text = node_text(node);
    return JRPC_OK;
}

typedef struct tag_name {
    const char *name;
    reader_tag tag;
} tag_name;

/* The usual ones first. The ex: forms of other implementations lose their prefix in the XML parser. */
static const tag_name tag_names[] = {
    { "string", READER_STRING },   { "i4", READER_INT },      { "int", READER_INT },
    { "struct", READER_STRUCT },   { "array", READER_ARRAY }, { "double", READER_DOUBLE },
    { "boolean", READER_BOOLEAN }, { "i8", READER_I8 },       { "dateTime.iso8601", READER_DATETIME },
    { "base64", READER_BASE64 },   { "nil", READER_NIL },     { "Base64", READER_BASE64 },
    { "i1", READER_I1 },           { "i2", READER_I2 },       { "float", READER_DOUBLE },
};

static reader_tag tag_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(tag_names); i++) {
        if (name[0] == tag_names[i].name[0] && strcmp(name, tag_names[i].name) == 0)
            return tag_names[i].tag;
    }
    return READER_UNKNOWN;
}

/* White space around the type is for people; text without a type is kept as it is. */
static jrpc_status open_slowly(wire_decoder *d, xmpp_stanza_t *value, xmpp_stanza_t **ret_element)
{
    xmpp_stanza_t *node = xmpp_stanza_get_children(value);
    while (node && xmpp_stanza_is_text(node))
        node = xmpp_stanza_get_next(node);
    if (!node) {
        *ret_element = NULL;
        return JRPC_OK;
    }
    xmpp_stanza_t *second = NULL;
    jrpc_status status = reader_element(d, "value", xmpp_stanza_get_children(value), ret_element);
    if (status >= 0)
        status = reader_element(d, "value", xmpp_stanza_get_next(node), &second);
    if (status >= 0 && second)
        status = failure_set(&d->failure, JRPC_E_INVALID, "a second element <%.40s> in <value>",
                             reader_name(second));
    return status;
}

/* Whoever writes something into it means something else. */
static jrpc_status check_nil(wire_decoder *d, xmpp_stanza_t *nil)
{
    xmpp_stanza_t *inside = NULL;
    jrpc_status status = reader_element(d, "nil", xmpp_stanza_get_children(nil), &inside);
    return status < 0 || !inside ? status
                                 : failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <nil>", reader_name(inside));
}

jrpc_status reader_open(wire_decoder *d, xmpp_stanza_t *value, reader_value *ret_value)
{
    jrpc_status status = decoder_visit(d, 2);
    if (status < 0)
        return status;
    xmpp_stanza_t *element = xmpp_stanza_get_children(value);
    if (element && (xmpp_stanza_get_next(element) || !xmpp_stanza_is_tag(element))) {
        status = open_slowly(d, value, &element);
        if (status < 0)
            return status;
    }
    if (!element) {
        *ret_value = (reader_value){ READER_STRING, value };
        return JRPC_OK;
    }
    reader_tag tag = tag_of(reader_name(element));
    if (tag == READER_UNKNOWN)
        return failure_set(&d->failure, JRPC_E_INVALID, "unknown type <%.40s>", reader_name(element));
    *ret_value = (reader_value){ tag, element };
    return tag == READER_NIL ? check_nil(d, element) : JRPC_OK;
}

jrpc_status reader_mismatch(wire_decoder *d, const char *expected, const reader_value *value)
{
    static const char *const names[] = {
        [READER_INT] = "int",       [READER_I1] = "i1",           [READER_I2] = "i2",
        [READER_I8] = "i8",         [READER_BOOLEAN] = "boolean", [READER_DOUBLE] = "double",
        [READER_STRING] = "string", [READER_BASE64] = "base64",   [READER_DATETIME] = "dateTime.iso8601",
        [READER_ARRAY] = "array",   [READER_STRUCT] = "struct",   [READER_NIL] = "nil",
    };
    return failure_set(&d->failure, JRPC_E_INVALID, "expected %s, got %s", expected, names[value->tag]);
}

static jrpc_status count_in_data(wire_decoder *d, xmpp_stanza_t *data, size_t *count)
{
    xmpp_stanza_t *item = NULL;
    jrpc_status status = reader_element(d, "data", xmpp_stanza_get_children(data), &item);
    while (status >= 0 && item) {
        if (!reader_is(item, "value"))
            return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <data>",
                               reader_name(item));
        ++*count;
        status = reader_element(d, "data", xmpp_stanza_get_next(item), &item);
    }
    return status;
}

jrpc_status reader_count_items(wire_decoder *d, xmpp_stanza_t *array, size_t *ret_count)
{
    *ret_count = 0;
    xmpp_stanza_t *data = NULL;
    jrpc_status status = reader_element(d, "array", xmpp_stanza_get_children(array), &data);
    while (status >= 0 && data) {
        if (!reader_is(data, "data"))
            return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <array>",
                               reader_name(data));
        status = decoder_visit(d, 1);
        if (status >= 0)
            status = count_in_data(d, data, ret_count);
        if (status >= 0)
            status = reader_element(d, "array", xmpp_stanza_get_next(data), &data);
    }
    /*
     * The items' own elements count when they are opened; too many are refused before anything is allocated.
     */
    if (status >= 0 && *ret_count > d->limits->max_elements - d->elements)
        return decoder_visit(d, *ret_count);
    return status;
}

static xmpp_stanza_t *skip_text(xmpp_stanza_t *node)
{
    while (node && !xmpp_stanza_is_tag(node))
        node = xmpp_stanza_get_next(node);
    return node;
}

xmpp_stanza_t *reader_next_item(xmpp_stanza_t *array, reader_items *at)
{
    xmpp_stanza_t *item = at->item ? skip_text(xmpp_stanza_get_next(at->item)) : NULL;
    while (!item) {
        at->data = skip_text(at->data ? xmpp_stanza_get_next(at->data) : xmpp_stanza_get_children(array));
        if (!at->data)
            return NULL;
        item = skip_text(xmpp_stanza_get_children(at->data));
    }
    at->item = item;
    return item;
}

/* The order that everybody writes, without anything in between. */
static bool is_plain_member(xmpp_stanza_t *name, xmpp_stanza_t *value)
{
    return name && value && !xmpp_stanza_get_next(value) && xmpp_stanza_is_tag(name) &&
           xmpp_stanza_is_tag(value) && reader_is(name, "name") && reader_is(value, "value");
}

static jrpc_status find_member_parts(wire_decoder *d, xmpp_stanza_t *member, xmpp_stanza_t **name,
                                     xmpp_stanza_t **value)
{
    *name = *value = NULL;
    xmpp_stanza_t *part = NULL;
    jrpc_status status = reader_element(d, "member", xmpp_stanza_get_children(member), &part);
    while (status >= 0 && part) {
        xmpp_stanza_t **which = reader_is(part, "name") ? name : reader_is(part, "value") ? value : NULL;
        if (!which || *which)
            return failure_set(&d->failure, JRPC_E_INVALID, "%s <%.40s> in <member>",
                               which ? "a second" : "unexpected", reader_name(part));
        *which = part;
        status = reader_element(d, "member", xmpp_stanza_get_next(part), &part);
    }
    if (status >= 0 && (!*name || !*value))
        return failure_set(&d->failure, JRPC_E_INVALID, "<member> without <%s>", *name ? "value" : "name");
    return status;
}

jrpc_status reader_member(wire_decoder *d, xmpp_stanza_t *member, const char **ret_name,
                          xmpp_stanza_t **ret_value)
{
    if (!reader_is(member, "member"))
        return failure_set(&d->failure, JRPC_E_INVALID, "unexpected <%.40s> in <struct>",
                           reader_name(member));
    jrpc_status status = decoder_visit(d, 2);
    if (status < 0)
        return status;
    xmpp_stanza_t *name = xmpp_stanza_get_children(member);
    *ret_value = name ? xmpp_stanza_get_next(name) : NULL;
    if (!is_plain_member(name, *ret_value)) {
        status = find_member_parts(d, member, &name, ret_value);
        if (status < 0)
            return status;
    }
    return reader_text(d, name, ret_name);
}
