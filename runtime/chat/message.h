/* SPDX-License-Identifier: MIT */
/* Messages: from a stanza, to a stanza. */
#ifndef CHAT_MESSAGE_H
#define CHAT_MESSAGE_H

#include <strophe.h>

#include <jrpc/chat.h>

#include "base/buf.h"

#define NS_CARBONS "urn:xmpp:carbons:2"
#define NS_FORWARD "urn:xmpp:forward:0"
#define NS_DELAY "urn:xmpp:delay"
#define NS_OLD_DELAY "jabber:x:delay"

typedef enum message_reading {
    MESSAGE_READ,
    MESSAGE_EMPTY,  /* no body: a chat state, a receipt, an invitation */
    MESSAGE_FORGED, /* a carbon that the own account's server did not send (CVE-2017-5589 and its sisters) */
    MESSAGE_NOMEM
} message_reading;

/*
 * own_bare: of this account. A stanza without `from` is the own account's (RFC 6121 section 8.1.2.1). *ret_message is to
 * be given to jrpc_message_free(); its session is not set.
 */
message_reading message_read(xmpp_stanza_t *stanza, const char *own_bare, jrpc_message **ret_message);

/* INVALID: what of it cannot be sent, and why. to: NULL for message->to. from: NULL to leave it out. */
jrpc_status message_write(buf *out, const jrpc_message *message, const char *from, jrpc_error *error);

/* INVALID when the text cannot be in XML; what names it. NULL is fine. */
jrpc_status message_check_text(const char *text, const char *what, jrpc_error *error);

/* A copy of any text that XML can carry: what it cannot is shown as \x1b. At most max bytes, then "...". Into out. */
void message_append_printable(buf *out, const char *text, size_t max);

/* Does a handler with these options want it? allowed: the session lets its sender in. */
bool message_is_wanted(const jrpc_message_options *options, const jrpc_message *message, bool allowed);

#endif
