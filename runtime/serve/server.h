/* SPDX-License-Identifier: MIT */
/*
 * Server: answers the IQs that come in. Method calls go through the allow list, the registry and the worker pool to
 * their functions; disco and ping are answered here. It knows no connection: answers go out through `send`.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <strophe.h>

#include <jrpc/serve.h>
#include <jrpc/xmlrpc.h>

#include "serve/guard.h"
#include "serve/inline.h"
#include "serve/oversize.h"
#include "serve/quota.h"
#include "serve/registry.h"
#include "serve/replay.h"
#include "serve/reply.h"
#include "serve/underway.h"
#include "serve/worker.h"
#include "wire/native.h"

struct ledger_entry;

typedef struct server_options {
    jrpc_session *session; /* for jrpc_call_session(); never looked into */
    unsigned workers;
    size_t max_queued, max_queued_bytes; /* bytes 0: no limit */
    jrpc_limit caller_limit, domain_limit;
    size_t limit_entries; /* callers, and domains, that are told apart; 0: QUOTA_ENTRIES_MOST */
    bool inline_handlers;
    bool log_payloads; /* at level DEBUG, also what calls and answers hold */
    bool audit; /* calls that are let in are logged at level INFO too, not only those that are not */
    size_t max_stanza; /* at first: see server_set_max_stanza() */
    wire_limits limits;
    /* Any thread: hands a whole stanza to the stream. False: it is lost (logged by the sender). */
    bool (*send)(void *userdata, const char *data, size_t len);
    /* Any thread: does the program at that JID announce our extension? May wait for a moment, on a worker. */
    bool (*understands_extension)(void *userdata, const char *jid);
    /* Driving thread: a call has come that carries our extension, from somebody whom we let in. */
    void (*greet)(void *userdata, const reply_address *request);
    /* Any thread: the driving thread is to come round. */
    void (*wake)(void *userdata);
    /* Any thread. */
    void (*log)(void *userdata, jrpc_log_level level, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
    /* Any thread: a call was answered, or refused. May be NULL. */
    void (*note)(void *userdata, const struct ledger_entry *entry);
    /* Any thread: the server drains, and the last call has ended. May be NULL. */
    void (*drained)(void *userdata);
    void *userdata;
} server_options;

/* What a server answers besides calls, disco and ping: another folder's. */
typedef struct server_extra {
    /* Driving thread. True: it is answered, or will be. child: the IQ's only one. */
    bool (*take)(struct server_extra *self, const reply_address *request, const char *type, xmpp_stanza_t *child);
    /* When no call runs any more. */
    void (*free)(struct server_extra *self);
    const char *feature; /* one more for disco#info */
} server_extra;

typedef struct server {
    server_options options;
    _Atomic(server_extra *) extra; /* or NULL */
    registry registry;
    guard guard;
    quota quota;
    worker_pool *pool;
    inline_queue inline_queue; /* calls that wait to run inline, right after the driving thread's pass */
    atomic_size_t accepted; /* calls that were let in and have not ended */
    atomic_size_t max_stanza;
    atomic_bool draining; /* no new calls are accepted */
    atomic_size_t turned_away; /* since then */
    atomic_bool stopping; /* the entries of a multicall that have not begun do not begin any more */
    replay *replay;
    underway underway;
    oversize oversize;
    atomic_ullong expired; /* calls that were not run, for their deadlines had passed */
    jrpc_call *deferred; /* calls whose handlers have returned without an answer; under deferral.c's lock, as is: */
    unsigned answering;  /* threads that answer such a call right now */
} server;

jrpc_status server_new(const server_options *options, server **ret_server, jrpc_error *error);
/* After server_stop(). NULL is fine. */
void server_free(server *s);

/* Takes it over, once and for all; false: there is one already. Any thread. */
bool server_extend(server *s, server_extra *extra);

/* Driving thread: answers an IQ of type get or set, now or later. */
void server_handle_iq(server *s, xmpp_stanza_t *iq);
/* Driving thread, with no callback of the link on the stack: runs the handlers that are to run inline. */
void server_run_inline(server *s);
/* Any thread: is there something to run inline? */
bool server_has_inline(const server *s);
/* No new calls are accepted from now on; those that were go on, and how many they are is told. Any thread. */
void server_drain(server *s);
size_t server_accepted(const server *s);
/* The same, and waits until the handlers have returned; who has no answer then is told that the server goes. Not from a handler. */
void server_stop(server *s);
/* A call has ended: accepted counts it no more. While the server is there. */
void server_leave(server *s);
/* May a new call come in now? Says why not. */
bool server_accepts(server *s, const reply_address *request);

/* May this sender talk to the program at all? Any thread. See access.h for calls. */
bool server_knows(server *s, const char *sender);
/* Writes down how a call ended. Any thread. */
void server_note(server *s, const reply_address *request, jrpc_status status, int32_t code);
/* How large an answer may be, from now on. Any thread. */
void server_set_max_stanza(server *s, size_t max_stanza);
static inline size_t server_max_stanza(const server *s)
{
    return atomic_load_explicit(&s->max_stanza, memory_order_relaxed);
}
/* The stream is back: whose answer was lost because it was too large is told so. Driving thread. */
void server_answer_oversized(server *s);
/* Sends an answer; logs when it cannot. Any thread. */
void server_send(server *s, const reply_address *request, const buf *stanza);
/* A line that concerns a call: its id and its trace go with it. Any thread. */
void server_log_call(server *s, jrpc_log_level level, const reply_address *request, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
