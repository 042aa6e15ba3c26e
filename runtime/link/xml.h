/* SPDX-License-Identifier: MIT */
/* The little XML that a link writes and cuts itself. */
#ifndef LINK_XML_H
#define LINK_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

#include "base/buf.h"

#define XML_NS_CLIENT "jabber:client"
#define XML_NS_COMPONENT "jabber:component:accept"
#define XML_NS_STREAM "http://etherx.jabber.org/streams"
#define XML_NS_STREAM_ERROR "urn:ietf:params:xml:ns:xmpp-streams"
#define XML_NS_STANZA_ERROR "urn:ietf:params:xml:ns:xmpp-stanzas"
#define XML_NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define XML_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define XML_NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"
#define XML_NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"
#define XML_NS_LIMITS "urn:xmpp:stream-limits:0"
#define XML_NS_REGISTER_FEATURE "http://jabber.org/features/iq-register"

/* Text or attribute value, in either kind of quotes. */
void xml_append(buf *b, const char *text);
/* A literal with its length known at compile time is buf_append_lit(). */

/*
 * The length of the first element of text, white space before it included; 0 when it is not complete or not
 * an element. *ret_head is the length up to the end of its start tag, *ret_empty says that it ends there.
 * Tags are counted, not named: a parser still has to look.
 */
size_t xml_first_element(const char *text, size_t len, size_t *ret_head, bool *ret_empty);

/* Does the element have this name and namespace? */
bool xml_is(xmpp_stanza_t *element, const char *name, const char *ns);
/* Its first child of that name and namespace, or NULL. */
xmpp_stanza_t *xml_child(xmpp_stanza_t *element, const char *name, const char *ns);
/*
 * What an <error/> or <failure/> says: the name of the first child in namespace ns (not <text/>), borrowed,
 * or NULL; *ret_text (may be NULL) is the content of its <text/>, heap, or NULL.
 */
const char *xml_condition(xmpp_stanza_t *element, const char *ns, char **ret_text);
/* The text directly inside an element, in a heap string ("" when there is none); NULL without memory. */
char *xml_text(xmpp_stanza_t *element);

#endif
