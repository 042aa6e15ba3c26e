/* SPDX-License-Identifier: MIT */
/*
 * Access lists: who may call what. Nobody may call anything unless a rule allows it (XEP-0009 section 5).
 *
 * A file has one rule or group a line; # begins a comment; words are separated by blanks, and one with a blank in it is
 * put in double quotes:
 *
 *     group admins = frank@example.org *@ops.example.org     # used as @admins, also in later groups
 *     deny  mallory@example.org *
 *     allow @admins *
 *     allow *@example.org Calc.* Rot13                       # a name, or all that begin so
 *     allow gateway.example.org @read                        # all methods that the IDL marks @acl("read")
 *
 * The first rule that matches caller and method decides. Callers: "node@domain" any resource of one account,
 * "node@domain/resource" one program, "domain" a component or server, "*@domain" every account there, "*" everybody; `*`
 * stands for one whole part, never for a piece of it, and parts are compared prepared (stringprep). An allow rule for
 * whatever method lets its callers use the methods by which a server tells of itself (system.listMethods, methodHelp,
 * methodSignature, getCapabilities) and system.multicall: they show only what the caller may call, and each call of a
 * multicall is checked by itself. A rule is looked for from the top at each call: put what is called most first.
 */
#ifndef JRPC_ACL_H
#define JRPC_ACL_H

#include <stdbool.h>

#include <jrpc/error.h>
#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An access list; it never changes once it is read. */
typedef struct jrpc_acl jrpc_acl;

/* Reads a file. INVALID names file and line; IO, NOMEM. Any thread. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_acl_read(const char *path, jrpc_acl **ret_acl, jrpc_error *error);
/* NULL is fine. */
JRPC_EXPORT void jrpc_acl_free(jrpc_acl *acl);

/*
 * What the list says of a call of method by the program at caller. tag: of the method's @acl annotation, or NULL.
 * *ret_rule (may be NULL) is the rule that decides, as "FILE:LINE: text" borrowed from the list, or NULL when none
 * matches: that is no. INVALID: caller is no address. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_acl_check(const jrpc_acl *acl, const char *caller, const char *method,
                                                       const char *tag, bool *ret_allowed, const char **ret_rule,
                                                       jrpc_error *error);

/*
 * Reads a file and goes by its rules from then on, in place of those of the file before; when it cannot be read, nothing
 * changes. What jrpc_session_allow() has let in is asked after the file's rules. Calls that run are not stopped.
 * Any thread. INVALID, IO, NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_session_acl_load(jrpc_session *session, const char *path,
                                                              jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
