/* SPDX-License-Identifier: MIT */
/* Our end of a link to a server that follows a script, and the words of such scripts. */
#ifndef TEST_LINK_END_H
#define TEST_LINK_END_H

#include <stddef.h>
#include <stdint.h>

#include <jrpc/error.h>

#include "link/link.h"
#include "link/xml.h"

#define HEADER(ns) \
    "<?xml version='1.0'?><stream:stream xmlns='" ns "' xmlns:stream='" XML_NS_STREAM \
    "' id='s1' from='x' version='1.0'>"
#define CLIENT HEADER(XML_NS_CLIENT)
#define COMPONENT HEADER(XML_NS_COMPONENT)
#define FEATURES(inside) "<stream:features>" inside "</stream:features>"
#define MECHANISMS(list) "<mechanisms xmlns='" XML_NS_SASL "'>" list "</mechanisms>"
#define MECHANISM(name) "<mechanism>" name "</mechanism>"
#define PLAIN MECHANISMS(MECHANISM("PLAIN"))
#define BIND "<bind xmlns='" XML_NS_BIND "'/>"
#define BOUND(jid) \
    "<iq type='result' id='jrpc-bind'><bind xmlns='" XML_NS_BIND "'><jid>" jid "</jid></bind></iq>"
#define BIND_ERROR(condition) \
    "<iq type='error' id='jrpc-bind'><error type='cancel'><" condition " xmlns='" XML_NS_STANZA_ERROR \
    "'/></error></iq>"
#define STREAM_ERROR(condition) \
    "<stream:error><" condition " xmlns='" XML_NS_STREAM_ERROR "'/><text xmlns='" XML_NS_STREAM_ERROR \
    "'>so it is</text></stream:error></stream:stream>"
#define STARTTLS "<starttls xmlns='" XML_NS_TLS "'/>"
#define PROCEED "<proceed xmlns='" XML_NS_TLS "'/>"
#define FAILURE(inside) "<failure xmlns='" XML_NS_SASL "'>" inside "</failure>"
#define SUCCESS "<success xmlns='" XML_NS_SASL "'/>"

typedef struct end {
    jabber_link *link;
    int ups, downs;
    size_t stanzas, text_bytes;
    char name[200];
    jrpc_error error;
} end;

extern const link_callbacks end_callbacks;

link_options component_options(uint16_t port);
link_options client_options(uint16_t port);

/* Makes and starts a link; userdata of its callbacks is e. */
void begin(end *e, const link_options *options);
/* One wait and what it brought. */
void turn(end *e, int64_t until);
/* Fail the test unless it happens within ten seconds. */
void until_up(end *e);
void until_down(end *e);
void finish(end *e);

#endif
