/* SPDX-License-Identifier: MIT */
/*
 * A batch: many calls in one, and what came of each. It is a call of system.multicall (an extension of XML-RPC that most
 * libraries know) with an array of { methodName, params }; its result is an array that has, in the same order, an array of
 * the one result or the struct of a fault.
 */
#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include "wire/envelope.h"

#define BATCH_METHOD "system.multicall"

/* ---- writing calls ---- */

/* Append one entry each, or nothing when they fail; as envelope_write_call() and envelope_write_value_call() do. */
jrpc_status batch_write_call(buf *out, const jrpc_method *method, const void *const *in, unsigned max_depth,
                             wire_failure *failure);
jrpc_status batch_write_value_call(buf *out, const char *method, xmlrpc_value *params, unsigned max_depth,
                                   wire_failure *failure);
/* The whole <query> of entries that were written before. */
void batch_write_request(buf *out, const buf *entries);

/* ---- reading calls ---- */

/* params: <params> of the call, or NULL. INVALID: not one array. The entries are not looked at yet. */
jrpc_status batch_open(wire_decoder *d, xmpp_stanza_t *params, xmpp_stanza_t **ret_array, size_t *ret_count);
/* entry: its <value>. What is found is borrowed from the stanza. INVALID: no struct, no name, params that are no array. */
jrpc_status batch_read_entry(wire_decoder *d, xmpp_stanza_t *entry, envelope_call *ret_call);

/* ---- writing results: one whole <value>...</value> ---- */

#define BATCH_OPEN "<value><array><data>"
#define BATCH_CLOSE "</data></array></value>"

/* Results, or nothing when they fail: "result.x" is then the path. max_depth counts from the outermost array. */
jrpc_status batch_write_result(buf *out, const jrpc_method *method, void *const *out_values, unsigned max_depth,
                               wire_failure *failure);
jrpc_status batch_write_value(buf *out, xmlrpc_value *value, unsigned max_depth, wire_failure *failure);
void batch_write_fault(buf *out, int32_t code, const char *text);
/* The most that a fault needs whose text has at most that many bytes, none of them escaped. */
enum { BATCH_FAULT_TEXT = 56, BATCH_FAULT_ROOM = 240 };

/* ---- reading results ---- */

/* INVALID: the result is no array. */
jrpc_status batch_open_results(wire_decoder *d, const envelope_reply *reply, xmpp_stanza_t **ret_array, size_t *ret_count);
/* result: its <value>. What is found is as envelope_read_reply() has it; envelope_reply_done() in any case. */
jrpc_status batch_read_result(wire_decoder *d, xmpp_stanza_t *result, envelope_reply *ret_reply);

#endif
