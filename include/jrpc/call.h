/* SPDX-License-Identifier: MIT */
/* The caller's side: peers. The calls themselves are the generated stubs. */
#ifndef JRPC_CALL_H
#define JRPC_CALL_H

#include <stdint.h>

#include <jrpc/error.h>
#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Somebody who answers calls: a full JID (or a component's) as seen from one session. Any thread may use it. */
typedef struct jrpc_peer jrpc_peer;

/* jid is the full JID of the program that serves, "node@domain/resource", or a component's domain. INVALID, NOMEM. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_peer_new(jrpc_session *session, const char *jid, jrpc_peer **ret_peer,
                                                      jrpc_error *error);

/* Not while a call to it is under way; before its session is closed. NULL is fine. */
JRPC_EXPORT void jrpc_peer_free(jrpc_peer *peer);

/* As it was given. Borrowed. */
JRPC_EXPORT const char *jrpc_peer_jid(const jrpc_peer *peer);

/* Deadline of the calls that follow, in milliseconds; 0: the session's. JRPC_NO_TIMEOUT waits for ever. */
JRPC_EXPORT void jrpc_peer_set_timeout(jrpc_peer *peer, uint32_t timeout_ms);
#define JRPC_NO_TIMEOUT UINT32_MAX

/*
 * The trace (W3C Trace Context: "00-" trace id "-" span id "-" flags) that the calls of this thread are part of from now on;
 * NULL: none. Each of them carries it with a span id of its own to peers that announce our extension. Handlers start with
 * that of their call; a thread that goes on with a deferred one sets it from jrpc_call_traceparent(). INVALID.
 */
JRPC_EXPORT jrpc_status jrpc_trace_set(const char *traceparent, jrpc_error *error);

/*
 * A call under way that nobody waits for yet: what the generated M_I_op_send() gives and M_I_op_finish() takes. Any
 * thread, one at a time; before its session is closed.
 */
typedef struct jrpc_future jrpc_future;

/*
 * Called once, when the call has ended in whatever way, on the session's own thread: it must not block; M_I_op_finish()
 * returns at once there, and further calls may be sent. It gets the future to finish or free.
 */
typedef void (*jrpc_future_fn)(jrpc_future *future, void *userdata);

/* Has it ended? */
JRPC_EXPORT bool jrpc_future_is_done(const jrpc_future *future);
/*
 * Ends it with CANCELLED unless it has ended already. A peer that announces our extension is told, and does not run it if
 * it is not its turn yet; a handler that runs may look (jrpc_call_cancelled()). Whether it ran is not known.
 */
JRPC_EXPORT void jrpc_future_cancel(jrpc_future *future);
/* Gives it up without looking at its outcome; cancels it if need be. NULL is fine. */
JRPC_EXPORT void jrpc_future_free(jrpc_future *future);

/*
 * Waits until one of them has ended; *ret_index is which. All count must be calls without callback. timeout_ms < 0: no
 * limit of its own, each call has its deadline. TIMEOUT; DEADLOCK on a session's own thread; INVALID for none.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_wait_any(jrpc_future *const *futures, size_t count, int64_t timeout_ms,
                                                      size_t *ret_index, jrpc_error *error);
/* Waits until all of them have ended. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_wait_all(jrpc_future *const *futures, size_t count, int64_t timeout_ms,
                                                      jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
