/* SPDX-License-Identifier: MIT */
/* Reading XML-RPC from a stanza's tree: elements, texts, the type of a <value>. */
#ifndef WIRE_READER_H
#define WIRE_READER_H

#include <stdbool.h>
#include <strophe.h>

#include "wire/decoder.h"

typedef enum reader_tag {
    READER_UNKNOWN = 0,
    READER_INT, /* <int>, <i4> */
    READER_I1,
    READER_I2,
    READER_I8,
    READER_BOOLEAN,
    READER_DOUBLE,
    READER_STRING, /* <string>, or text without any type */
    READER_BASE64,
    READER_DATETIME,
    READER_ARRAY,
    READER_STRUCT,
    READER_NIL
} reader_tag;

/* An opened <value>. */
typedef struct reader_value {
    reader_tag tag;
    xmpp_stanza_t
        *element; /* that holds the text or the members: <i4>, <struct>, or the <value> itself without type */
} reader_value;

/* The element's name; never NULL. */
static inline const char *reader_name(xmpp_stanza_t *element)
{
    const char *name = xmpp_stanza_get_name(element);
    return name ? name : "";
}

/* Names are short and mostly differ in the first letter: no call is quicker than strcmp(3). */
static inline bool reader_is(xmpp_stanza_t *element, const char *name)
{
    const char *own = reader_name(element);
    while (*name && *own == *name) {
        own++;
        name++;
    }
    return *own == *name;
}

/*
 * The first of a list of siblings that is an element; *ret_element is NULL when there is none. Text between
 * elements must be white space. INVALID: what was found instead, in the element called parent.
 */
jrpc_status reader_element(wire_decoder *d, const char *parent, xmpp_stanza_t *sibling,
                           xmpp_stanza_t **ret_element);

/* The only element child called name; INVALID when it is missing or there is another. */
jrpc_status reader_only_child(wire_decoder *d, xmpp_stanza_t *parent, const char *name,
                              xmpp_stanza_t **ret_child);

/* The text of an element without element children; "" when empty. Borrowed from the tree. */
jrpc_status reader_text(wire_decoder *d, xmpp_stanza_t *element, const char **ret_text);

/* What is in a <value>: its type, looked up by the element's name. */
jrpc_status reader_open(wire_decoder *d, xmpp_stanza_t *value, reader_value *ret_value);

/* "expected long, got string" */
jrpc_status reader_mismatch(wire_decoder *d, const char *expected, const reader_value *value);

/*
 * The <value>s of an array, over all its <data>: Net::Jabber writes one <data> for each. *ret_count is how
 * many.
 */
jrpc_status reader_count_items(wire_decoder *d, xmpp_stanza_t *array, size_t *ret_count);

/* Where one is in an array; all NULL at first. */
typedef struct reader_items {
    xmpp_stanza_t *data, *item;
} reader_items;

/* The next <value>, NULL after the last. Only after reader_count_items() found the array well-formed. */
xmpp_stanza_t *reader_next_item(xmpp_stanza_t *array, reader_items *at);

/* A <member>: its name (borrowed) and its <value>, in any order. */
jrpc_status reader_member(wire_decoder *d, xmpp_stanza_t *member, const char **ret_name,
                          xmpp_stanza_t **ret_value);

bool reader_is_space(const char *text);

#endif
