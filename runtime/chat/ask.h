/* SPDX-License-Identifier: MIT */
/* Questions that are no method calls: an IQ whose answer is read into one piece of memory. */
#ifndef CHAT_ASK_H
#define CHAT_ASK_H

#include "base/arena.h"
#include "base/buf.h"
#include "session.h"

/* The most that an answer may take once it is read. */
enum { ASK_BYTES_MOST = 8 << 20 };

typedef struct ask {
    const char *to;   /* NULL: the own account's server */
    bool gets;        /* an IQ of type get; else set */
    const char *what; /* for the error: "the contacts" */
    uint32_t timeout_ms;
    outcall_answer_fn *read; /* driving thread; call->answer_userdata is result */
    void *result;
} ask;

/* Sends the payload (of which anything may have failed) and waits. Statuses as of any call. */
jrpc_status ask_run(jrpc_session *session, const ask *question, const buf *payload, jrpc_error *error);

/* For what has an answer without content. */
jrpc_status ask_read_nothing(outcall *call, xmpp_stanza_t *iq, jrpc_error *error);
/* An answer that makes no sense. */
jrpc_status ask_bad_reply(outcall *call, jrpc_error *error, const char *why);

/* Text or attribute of an answer in the memory of what is made of it. false: no memory. A missing one is NULL. */
bool ask_keep_attribute(arena *memory, xmpp_stanza_t *element, const char *name, const char **ret_text);
bool ask_keep_text(arena *memory, xmpp_stanza_t *element, const char **ret_text);

/* <query xmlns='ns' node='node'> ; node may be NULL. */
void ask_open_query(buf *out, const char *ns, const char *node);

#endif
