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

#ifdef __cplusplus
}
#endif
#endif
