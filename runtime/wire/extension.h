/* SPDX-License-Identifier: MIT */
/*
 * <call xmlns='urn:x-jabber-rpc:0'/>: what a call carries beside XEP-0009, as the last child of its <query>. Sent only to
 * those who announce the namespace; doc/PROTOCOL has every attribute and rule.
 */
#ifndef WIRE_EXTENSION_H
#define WIRE_EXTENSION_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "base/buf.h"

#define WIRE_NS_EXTENSION "urn:x-jabber-rpc:0"

enum {
    EXTENSION_EPOCH_LEN = 16,
    EXTENSION_EPOCH_ROOM = EXTENSION_EPOCH_LEN + 1,
    EXTENSION_TRACE_ROOM = 2 + 1 + 32 + 1 + 16 + 1 + 2 + 1
};

/* W3C Trace Context, traceparent of version 00. An id of zeros: there is none. */
typedef struct extension_trace {
    uint64_t id[2], span;
    uint8_t flags;
} extension_trace;

typedef struct extension {
    int64_t deadline_ms; /* what is left of it; < 0: none */
    bool keyed;          /* the three that follow count */
    uint64_t session, number;
    uint64_t low; /* below this number the caller asks for nothing again */
    char again[EXTENSION_EPOCH_ROOM]; /* sent again: the epoch that the callee had at first. "": for the first time */
    extension_trace trace;
} extension;

#define EXTENSION_INIT { .deadline_ms = -1 }

/* A new epoch: of a callee's start. */
void extension_new_epoch(char ret_epoch[EXTENSION_EPOCH_ROOM]);
bool extension_is_epoch(const char *text);

void extension_write(buf *out, const extension *e);

/* In an unavailable presence: the program still answers the calls that it has. */
#define EXTENSION_DRAINING "<draining xmlns='" WIRE_NS_EXTENSION "'/>"

typedef enum extension_found { EXTENSION_NONE, EXTENSION_GOOD, EXTENSION_BAD } extension_found;

/*
 * Looks for it in a <query>. BAD: a deadline or key that cannot be read, or two elements; *ret_why is a static sentence.
 * A traceparent that cannot be read counts as none (W3C Trace Context, section 3.3).
 */
extension_found extension_read(xmpp_stanza_t *query, extension *ret_extension, const char **ret_why);

/* ---- traceparent ---- */

bool extension_trace_is_set(const extension_trace *trace);
/* False: not of version 00's form, or all zero. Later versions are read as 00 as far as that goes (section 3.2.4). */
bool extension_trace_parse(const char *text, extension_trace *ret_trace);
void extension_trace_format(const extension_trace *trace, char ret_text[EXTENSION_TRACE_ROOM]);
/* The same trace, another span. */
void extension_trace_step(extension_trace *trace);

#endif
