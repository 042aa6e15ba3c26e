/* SPDX-License-Identifier: MIT */
/*
 * Several calls in one request: system.multicall, which peers of this library have, and many others. A batch has a peer of
 * its own that collects: a call made to it returns JRPC_OK at once, and is sent with all others by jrpc_batch_run().
 *
 *     jrpc_peer *all = jrpc_batch_peer(batch);
 *     if (Calc_add(all, 2, 3, &sum, &error) == JRPC_OK && Rot13_rotate(all, "text", &text, &error) == JRPC_OK &&
 *         jrpc_batch_run(batch, &error) == JRPC_OK)
 *         ... jrpc_batch_outcome(batch, 0)->status is of Calc_add: JRPC_OK, and sum is there, or why it is not ...
 *
 * The peer runs them one after the other, in their order, and one that fails does not keep the others from being run.
 */
#ifndef JRPC_BATCH_H
#define JRPC_BATCH_H

#include <jrpc/call.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One thread at a time. */
typedef struct jrpc_batch jrpc_batch;

/* For calls to that peer, which is not needed afterwards. NOMEM. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_batch_new(jrpc_peer *peer, jrpc_batch **ret_batch, jrpc_error *error);

/* Before the session is closed. What the calls have brought is the caller's, and stays. NULL is fine. */
JRPC_EXPORT void jrpc_batch_free(jrpc_batch *batch);

/*
 * The peer that collects, for the generated blocking stubs and jrpc_call_value(); it belongs to the batch. Where a call's
 * outs and result go must stay until jrpc_batch_run() has returned; until then they are zero, and in parameters are not
 * needed after the stub has returned. Besides what is wrong with a call's values the stub may say TOO_LARGE: there is no
 * room for it in the stanza; it is not part of the batch, which is as it was. _send() is refused with INVALID. Its timeout
 * (jrpc_peer_set_timeout()) is that of the whole batch; at first it is the peer's.
 */
JRPC_EXPORT jrpc_peer *jrpc_batch_peer(jrpc_batch *batch);

/* How many calls it holds. */
JRPC_EXPORT size_t jrpc_batch_count(const jrpc_batch *batch);

/*
 * Sends them and waits for the answer; once. JRPC_OK: each call has an outcome of its own. Else it is the outcome of all:
 * NO_SUCH_METHOD when the peer does not know batches, TOO_LARGE when it takes fewer calls at once, BAD_REPLY, and the
 * statuses of any call. Without calls nothing is sent.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_batch_run(jrpc_batch *batch, jrpc_error *error);

/*
 * What came of the call with this index, in the order of the calls, from 0: its status is JRPC_OK, or the error says why
 * not; exceptions that the IDL declares are in it too, without their members. Borrowed from the batch. An index beyond the
 * last, or a batch that has not been run, is INVALID.
 */
JRPC_EXPORT const jrpc_error *jrpc_batch_outcome(const jrpc_batch *batch, size_t index);

#ifdef __cplusplus
}
#endif
#endif
