/* SPDX-License-Identifier: MIT */
/*
 * Two sessions, peer-a and peer-b@localhost/rpc, over one switch in this process, each serving the same
 * interface to everybody on localhost. Their links can be kept from coming up, and what goes between them can
 * be watched and forged.
 */
#ifndef PAIR_H
#define PAIR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include <jrpc/desc.h>

#include "base/mem.h"
#include "link/loopback.h"
#include "session.h"

#define PAIR_A "peer-a@localhost/rpc"
#define PAIR_B "peer-b@localhost/rpc"

enum { PAIR_PATIENCE_MS = 30000 };

typedef struct pair {
    loopback *hub;
    jrpc_session *a, *b;
    jrpc_peer *to_b; /* b as seen from a */
    jrpc_peer *to_a;
    atomic_int fence; /* JRPC_OK, or the status that a link's start fails with */
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    unsigned waiting;  /* handlers of Slow that wait */
    bool gate_is_open; /* lets them go on */
    jrpc_status nested[2]; /* how the calls of TwoCalls ended */
    jrpc_call *later[16];  /* those of Later, not yet answered */
    unsigned later_count;
    int64_t noted; /* sum of what Note was given */
} pair;

/* Options are for both, NULL for the defaults. Any failure fails the test. */
pair *pair_open(const jrpc_session_options *options);
pair *pair_open_two(const jrpc_session_options *of_a, const jrpc_session_options *of_b);
/* Closes what is open still. */
void pair_close(pair *p);
/* jrpc_session_close() of one, and frees the peers seen from it. */
void pair_close_a(pair *p);
void pair_close_b(pair *p);

/* Another session on the same switch. */
jrpc_status pair_session(pair *p, const char *address, const jrpc_session_options *options,
                         jrpc_session **ret_session, jrpc_error *error);

/* a takes b for a program that knows XEP-0009 alone: what it sends b is not sent again after a cut. */
void pair_take_b_for_plain(pair *p);

/* ---- the service ---- */

typedef struct pair_broken {
    int32_t number;
    char *text;
} pair_broken;

extern const jrpc_exception pair_broken_exception;
extern const jrpc_interface pair_interface;

jrpc_status pair_add(jrpc_peer *peer, int32_t a, int32_t b, int32_t *ret_sum, jrpc_error *error);
jrpc_status pair_text(jrpc_peer *peer, const char *text, char **ret_text, jrpc_error *error);
/* Waits at the gate. */
jrpc_status pair_slow(jrpc_peer *peer, jrpc_error *error);
/* Raises pair_broken_exception, with members. */
jrpc_status pair_break(jrpc_peer *peer, int32_t number, jrpc_error *error);
/* Answers with fault 7. */
jrpc_status pair_fault(jrpc_peer *peer, jrpc_error *error);
/* A text of that length. */
jrpc_status pair_large(jrpc_peer *peer, int32_t size, char **ret_text, jrpc_error *error);
/* Calls its caller back, that many levels; the sum of the levels comes back. */
jrpc_status pair_nest(jrpc_peer *peer, int32_t levels, int32_t *ret_sum, jrpc_error *error);
/* An inline handler that calls its caller: the status of that call. */
jrpc_status pair_inline(jrpc_peer *peer, int32_t *ret_status, jrpc_error *error);
/* Its handler makes two calls of Slow to its caller, one after the other; how they ended is in nested. */
jrpc_status pair_two_calls(jrpc_peer *peer, jrpc_error *error);
/* Its answer is deferred: the call is in later[]. Below zero: answered before the handler returns. */
jrpc_status pair_later(jrpc_peer *peer, int32_t number, int32_t *ret_double, jrpc_error *error);
/* Answers such a call. */
void pair_answer_later(jrpc_call *call, int32_t value);
/* One-way: adds to noted. */
jrpc_status pair_note(jrpc_peer *peer, int32_t number, jrpc_error *error);
/* A method that nobody serves. */
jrpc_status pair_missing(jrpc_peer *peer, jrpc_error *error);

/* By its wire name, for jrpc_send() and jrpc_finish(). */
const jrpc_method *pair_method(const char *name);

/* ---- waiting ---- */

void pair_wait_later(pair *p, unsigned count);
void pair_wait_noted(pair *p, int64_t sum);

void pair_wait_waiting(pair *p, unsigned count);
void pair_open_gate(pair *p);
void pair_wait_pending(jrpc_session *session, size_t count);
/* All that was queued has been given to the link. */
void pair_wait_flushed(jrpc_session *session);
/* So many attempts to come back were made, in vain. */
void pair_wait_attempts(jrpc_session *session, unsigned count);
void pair_wait_state(jrpc_session *session, session_state state);
void pair_wait_stray(jrpc_session *session, uint64_t count);
/* Milliseconds since. */
int64_t pair_since(int64_t started);

/* ---- what goes over the switch ---- */

/* The id of a stanza as it was written; false if there is none or it does not fit. */
bool pair_id(const char *stanza, char *ret_id, size_t room);
bool pair_is_request(const char *stanza);
/* Puts a stanza in the inbox of a session; format has the stanza. */
void pair_inject(pair *p, const char *to, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* An answer to that id from that address, with this content of <methodResponse>. */
void pair_inject_answer(pair *p, const char *from, const char *id, const char *content);

#endif
