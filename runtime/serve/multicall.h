/* SPDX-License-Identifier: MIT */
/*
 * system.multicall: several calls in one request, each as if it had come alone: it passes the same checks, runs where its
 * method runs, and may be answered later. They run one after the other; what came of each is told in their order.
 */
#ifndef SERVE_MULTICALL_H
#define SERVE_MULTICALL_H

#include "serve/incoming.h"

/*
 * The whole call's decode: all entries are decoded on the driving thread, for the stanza goes no further. An entry that
 * cannot be had becomes a fault in its place. INVALID: no array at all; TOO_LARGE: more entries than the answer has room
 * for faults.
 */
jrpc_status multicall_decode(jrpc_call *call, wire_decoder *d, xmpp_stanza_t *params);
/* Its handler: defers the answer, and starts the first entry. */
jrpc_status multicall_run(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata);
/* The array of all results, once all have ended. */
const buf *multicall_results(const multicall *m);
/* Entries that were not started are gone without a word. NULL is fine. The memory is the call's. */
void multicall_done(multicall *m);

#endif
