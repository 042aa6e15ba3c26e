/* SPDX-License-Identifier: MIT */
/* Calls and methods without IDL, on xmlrpc-c's values. The only header here that needs xmlrpc-c's. */
#ifndef JRPC_XMLRPC_H
#define JRPC_XMLRPC_H

#include <xmlrpc-c/base.h>

#include <jrpc/call.h>
#include <jrpc/serve.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Calls any method. params is an array value: xmlrpc_build_value(&env, "(si)", "text", 5); NULL means no parameters.
 * It is borrowed. The result is a new reference: xmlrpc_DECREF it. A peer that answers without a value (void) gives nil.
 * Statuses as of a generated stub. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_call_value(jrpc_peer *peer, const char *method, xmlrpc_value *params,
                                                        xmlrpc_value **ret_result, jrpc_error *error);

/*
 * The same without waiting, as the generated M_I_op_send() and M_I_op_finish() do it by table: params is borrowed until
 * jrpc_send_value() returns. Either callback or ret_future may be NULL; see jrpc_future_fn. The future is for
 * jrpc_finish_value() or jrpc_future_free(), and for jrpc_wait_any() and jrpc_wait_all() together with others.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_send_value(jrpc_peer *peer, const char *method, xmlrpc_value *params,
                                                        jrpc_future_fn callback, void *userdata, jrpc_future **ret_future,
                                                        jrpc_error *error);
/* Waits for the end of the call and frees the future. *ret_result is a new reference, NULL unless JRPC_OK. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_finish_value(jrpc_future *future, xmlrpc_value **ret_result, jrpc_error *error);

/*
 * A string value of UTF-8 text: xmlrpc-c's own constructors, and xmlrpc_build_value()'s "s", refuse all characters beyond
 * U+FFFD, emoji for one. NULL and a fault in env as theirs. Any thread.
 */
JRPC_EXPORT xmlrpc_value *jrpc_string_value(xmlrpc_env *env, const char *text, size_t len);

/*
 * A handler without IDL: params is an array, borrowed until it returns; *ret_result a reference that the runtime takes.
 * It answers with a fault by returning jrpc_call_fault().
 */
typedef jrpc_status (*jrpc_value_fn)(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata);

/* Registers one such method under its wire name. help may be NULL. EXISTS, INVALID, NOMEM. Any thread. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_serve_value(jrpc_session *session, const char *method,
                                                         jrpc_value_fn handler, void *userdata, const char *help,
                                                         jrpc_error *error);

/*
 * Removes such a method and waits until no call uses its function or userdata any more; as jrpc_unserve_wait(). A method of
 * system. too, for those who want it hidden. NOT_FOUND.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_unserve_value(jrpc_session *session, const char *method, int64_t timeout_ms,
                                                           jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
