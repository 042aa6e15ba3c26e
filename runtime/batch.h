/* SPDX-License-Identifier: MIT */
/* Batches: internal side. */
#ifndef BATCH_H
#define BATCH_H

#include <jrpc/batch.h>
#include <jrpc/desc.h>
#include <jrpc/xmlrpc.h>

/* What jrpc_invoke() and jrpc_call_value() do with a batch's peer. out: the pointers are copied. */
jrpc_status batch_collect(jrpc_batch *batch, const jrpc_method *method, const void *const *in, void *const *out,
                          jrpc_error *error);
jrpc_status batch_collect_value(jrpc_batch *batch, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result,
                                jrpc_error *error);

#endif
