/* SPDX-License-Identifier: MIT */
/* Calls and methods without IDL, on xmlrpc-c's values and registries. The only header here that needs xmlrpc-c's. */
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
 * The typed exception that a call by value ended with, if the peer has said which: its name, such as "Bank::NoMoney", and
 * its members as a struct. Both are borrowed and belong to the error. False: none; nothing is set then. Calls through stubs
 * have error->exception and error->value in place of this. ret_name and ret_members may be NULL.
 */
JRPC_EXPORT bool jrpc_error_exception(const jrpc_error *error, const char **ret_name, xmlrpc_value **ret_members);

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

/* ---- registries of xmlrpc-c's ---- */

struct xmlrpc_registry; /* xmlrpc-c/server.h */

typedef struct jrpc_registry_options {
    size_t size; /* of this structure: JRPC_REGISTRY_OPTIONS_INIT sets it */
    const char *prefix; /* before each name here, as in "old."; NULL: none */
    const char *const *methods; /* the names of those to serve, and NULL behind the last; NULL: all that it lists */
    bool parallel; /* its methods may be called by several threads at once */
} jrpc_registry_options;

#define JRPC_REGISTRY_OPTIONS_INIT { sizeof(jrpc_registry_options), NULL, NULL, false }

/*
 * Serves the methods that are in an xmlrpc_registry by now, none or all of them. They are called as all others are: the
 * access list, limits, workers and deadlines hold for them, and what the registry says of them is told to who asks. Its own
 * system. methods are never served (the session has its own; system.shutdown least of all), nor is its default method.
 *
 * A method gets its parameters as xmlrpc-c reads them from a text that the library has written: doubles of 15 digits, no
 * character beyond U+FFFF, nothing larger nor deeper than xmlrpc_limit_set() allows. An int is widened where the one
 * signature for so many parameters has i8 or double. Its call info is the jrpc_call: jrpc_call_caller() and the other
 * functions for handlers take it, but for jrpc_call_defer(); methods that expect an Abyss session there cannot be served.
 * A fault goes to the caller as it is, code and text.
 *
 * Methods of one registry run one at a time, whatever the number of sessions, unless parallel; calls of it by others, as an
 * HTTP server, are not counted. One that calls itself over Jabber waits in vain until the deadline. With a preinvoke
 * function, that is asked too, once for each question about a method here.
 *
 * The registry stays the program's. It must stay as it is until jrpc_unserve_registry() says that it is no more used, or the
 * session is closed. options may be NULL. Any thread. EXISTS: a name is taken; NOT_FOUND: it has no such method; INVALID:
 * introspection is disabled and no names are given, or a method wants more stack than threads have; FAULT: what its
 * introspection answered; NOMEM. Then nothing is served.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_serve_registry(jrpc_session *session, struct xmlrpc_registry *registry,
                                                            const jrpc_registry_options *options, jrpc_error *error);

/*
 * Removes all methods of the registry and waits until no call uses it any more; then it may be freed. As
 * jrpc_unserve_wait(): TIMEOUT, DEADLOCK; JRPC_OK when nothing of it is left, also if nothing ever was.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_unserve_registry(jrpc_session *session, struct xmlrpc_registry *registry,
                                                              int64_t timeout_ms, jrpc_error *error);

/*
 * For a program that has a registry already, and goes on with what it did: opens a session by the settings of the
 * environment (JRPC_JID, JRPC_PASSWORD_FILE, JRPC_HOST... as jrpc_options_open() does), serves the registry on threads of the
 * session's own, and lets these callers in: patterns of jrpc_session_allow(), separated by blanks. *ret_session is to be
 * closed before the registry is freed; with NULL it stays until the program ends. INVALID (NULL or no callers), all that
 * opening and serving give.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_open_registry(struct xmlrpc_registry *registry, const char *callers,
                                                           jrpc_session **ret_session, jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
