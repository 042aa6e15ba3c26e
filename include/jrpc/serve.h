/* SPDX-License-Identifier: MIT */
/* The server's side: methods, handlers, callers, modules. */
#ifndef JRPC_SERVE_H
#define JRPC_SERVE_H

#include <stdint.h>

#include <jrpc/desc.h>
#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A call that came in, from the start of its handler to its answer. */
typedef struct jrpc_call jrpc_call;

/*
 * Registers every method of an interface. impl is its generated structure of functions, which must live as long as
 * the session; a NULL function is answered like a method that does not exist. userdata is for jrpc_call_userdata().
 * An operation that several interfaces inherit has one wire name, their base's: the interface that was registered first
 * answers it. Nothing is registered unless all is. Any thread, at any time. EXISTS (the method's name), INVALID, NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_serve(jrpc_session *session, const jrpc_interface *interface_,
                                                   const void *impl, void *userdata, jrpc_error *error);

/*
 * Is there a method of this wire name, however it was registered? NOT_FOUND names the one that may be meant; for options
 * and files that name methods. Any thread.
 */
JRPC_EXPORT jrpc_status jrpc_serves(jrpc_session *session, const char *method, jrpc_error *error);

/* Removes what jrpc_serve() registered for this interface; handlers that run are not waited for. NOT_FOUND. */
JRPC_EXPORT jrpc_status jrpc_unserve(jrpc_session *session, const jrpc_interface *interface_, jrpc_error *error);

/*
 * The same, and waits until no call uses the interface, its functions or its userdata any more, deferred calls included:
 * then they may be freed or unloaded. Until then the calls that were accepted go on with them. TIMEOUT (timeout_ms < 0: no
 * limit): it is removed, and calls still use it; it may be waited for again. JRPC_OK when nothing of it is left, also if
 * nothing ever was. Any thread; DEADLOCK from a handler.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_unserve_wait(jrpc_session *session, const jrpc_interface *interface_,
                                                          int64_t timeout_ms, jrpc_error *error);

/* An interface and its generated structure of functions. */
typedef struct jrpc_module_service {
    const jrpc_interface *interface_;
    const void *impl;
} jrpc_module_service;

/*
 * Replaces services while calls come in: in one step all methods of the old ones go, and all of the new ones come, with
 * this userdata. A call that was accepted before goes on with the old, which must live until jrpc_unserve_wait() says that
 * it is no more used; every other is the new one's. Either count may be 0. Any thread. EXISTS: a method's name is taken by
 * others than the old ones; INVALID, NOMEM; then nothing has changed.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_serve_instead(jrpc_session *session, const jrpc_module_service *olds,
                                                           size_t old_count, const jrpc_module_service *news,
                                                           size_t new_count, void *userdata, jrpc_error *error);

/*
 * Lets these callers in; nobody is by default (XEP-0009 section 5). "node@domain" any resource of one account,
 * "node@domain/resource" one program, "domain" a component or server, "*@domain" every account there, "*" everybody.
 * `*` stands for one whole part, never for a piece of it. Rules add up, and come after those of jrpc_session_acl_load()
 * in <jrpc/acl.h>, which tells methods apart. Any thread. INVALID, NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_session_allow(jrpc_session *session, const char *pattern,
                                                           jrpc_error *error);

/*
 * The first half of a good end, before jrpc_session_close(): shows the session as gone (if it was shown), answers new calls
 * with a stanza error recipient-unavailable of type wait, which is UNAVAILABLE at their callers, and waits until those that
 * were accepted have been answered, deferred ones included, the answers are written, and (for two seconds at most) nothing
 * more comes from the server. Meanwhile handlers may still make
 * calls of their own. There is no way back.
 * TIMEOUT says how many have no answer after timeout_ms (< 0: no limit); CANCELLED: jrpc_session_interrupt() was called;
 * the session's end when it ends. Any thread; DEADLOCK from a handler.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_session_drain(jrpc_session *session, int64_t timeout_ms, jrpc_error *error);

/* ---- in a handler ---- */

/* The userdata of jrpc_serve(). */
JRPC_EXPORT void *jrpc_call_userdata(const jrpc_call *call);
/* The full JID of the caller, as its server stamped it. Borrowed until the answer. */
JRPC_EXPORT const char *jrpc_call_caller(const jrpc_call *call);
/* The method's wire name. Borrowed until the answer. */
JRPC_EXPORT const char *jrpc_call_method(const jrpc_call *call);
/* The session it came by, for calls of one's own. */
JRPC_EXPORT jrpc_session *jrpc_call_session(const jrpc_call *call);
/* Memory that is freed after the answer; NULL without memory. */
JRPC_EXPORT void *jrpc_call_alloc(jrpc_call *call, size_t size);

/*
 * Milliseconds that its caller goes on waiting; 0: it has given up; -1: no limit is known, for the caller did not say. A
 * call whose time is over before its turn comes is not run at all. Any thread, until the answer.
 */
JRPC_EXPORT int64_t jrpc_call_time_left(const jrpc_call *call);
/*
 * Does nobody wait for the answer any more? The caller has cancelled the call, or its time is over. A handler that takes
 * long should look now and then, and may return whatever it likes when it is so. Any thread, until the answer.
 */
JRPC_EXPORT bool jrpc_call_cancelled(const jrpc_call *call);
/*
 * Calls that the handler makes on its own thread end with the caller's time at the latest. After this they have deadlines of
 * their own alone: for work that is to go on in any case.
 */
JRPC_EXPORT void jrpc_call_detach(jrpc_call *call);
/* The caller's W3C traceparent, for logs; "" when it sent none. Borrowed until the answer. See jrpc_trace_set(). */
JRPC_EXPORT const char *jrpc_call_traceparent(const jrpc_call *call);

/*
 * Ends the call with a fault of one's own; code should be above 0 (-32768 to -32000 are reserved). The text goes to the
 * caller. Returns what the handler must return: `return jrpc_call_fault(call, 7, "no such file: %s", name);`
 */
JRPC_EXPORT jrpc_status jrpc_call_fault(jrpc_call *call, int32_t code, const char *format, ...) JRPC_PRINTF(3, 4);

/*
 * Lets the handler return JRPC_OK without an answer: it is given later, from any thread, by the generated M_I_op_reply()
 * or by jrpc_call_fail(), exactly once, before the session is closed. in parameters live until then; outs are left as
 * they are.
 */
JRPC_EXPORT void jrpc_call_defer(jrpc_call *call);
/*
 * Ends a deferred call with what a handler could have returned instead: JRPC_E_FAULT after jrpc_call_fault() or a
 * generated raise(). The call is gone afterwards.
 */
JRPC_EXPORT void jrpc_call_fail(jrpc_call *call, jrpc_status status);

/* ---- modules: shared objects that rpc-server loads ---- */

#define JRPC_MODULE_ABI 1

/* A module exports exactly one symbol: const jrpc_module jrpc_module_v1. */
typedef struct jrpc_module {
    uint32_t abi;  /* JRPC_MODULE_ABI */
    uint32_t size; /* sizeof(jrpc_module) */
    const char *name;
    const jrpc_module_service *services;
    size_t service_count;
    /* Before the services are registered; *ret_userdata goes to every handler. NULL: nothing to do. */
    jrpc_status (*init)(jrpc_session *session, void **ret_userdata, jrpc_error *error);
    /* After the last handler returned. NULL: nothing to do. */
    void (*done)(void *userdata);
} jrpc_module;

#ifdef __cplusplus
}
#endif
#endif
