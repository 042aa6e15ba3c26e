/* SPDX-License-Identifier: MIT */
/*
 * Connection options as every program of jabber-rpc takes them, ready for yours: --jid, --password-file, --host ...
 * from the command line, JRPC_JID, JRPC_PASSWORD_FILE, JRPC_HOST ... from the environment, jid = ... from a file, in this
 * order of precedence.
 */
#ifndef JRPC_OPTIONS_H
#define JRPC_OPTIONS_H

#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct jrpc_options jrpc_options;

/* One thread at a time. NULL without memory. */
JRPC_EXPORT jrpc_options *jrpc_options_new(void);
/* Wipes a password it holds. NULL is fine. */
JRPC_EXPORT void jrpc_options_free(jrpc_options *options);

/*
 * Takes the connection options it knows ("--name value", "--name=value") out of argv, up to "--"; all else stays in
 * order, and *argc becomes smaller. INVALID: a value is missing.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_options_take(jrpc_options *options, int *argc, char **argv,
                                                          jrpc_error *error);

/*
 * Takes one setting of a configuration file: name as on the command line without the hyphens, "yes" or "no" for those
 * without value. What the command line or the environment has set stays. NOT_FOUND: no such name.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_options_set(jrpc_options *options, const char *name, const char *value,
                                                         jrpc_error *error);

/*
 * Adds the environment and checks everything; fills what jrpc_session_open() needs. The strings belong to options.
 * INVALID says which option and why. Messages of the library go to stderr, by --log-level.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_options_finish(jrpc_options *options, const char **ret_jid,
                                                            jrpc_session_options *ret_session_options,
                                                            jrpc_error *error);

/* jrpc_options_finish() and jrpc_session_open() in one. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_options_open(jrpc_options *options, jrpc_session **ret_session,
                                                          jrpc_error *error);

/*
 * All of these in one, for a session in your program's event loop: takes the connection options out of argv, adds the
 * environment, and opens with JRPC_MODE_CALLER and inline_handlers, so that no thread is started. See jrpc_session_fd(), and
 * <jrpc/gsource.h> for GLib's loop. Opening itself waits, for 30 seconds at most.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_open_loop(int *argc, char **argv, jrpc_session **ret_session,
                                                       jrpc_error *error);

/*
 * What to do about a session that could not be opened, or a call to an address that nobody can answer at: one sentence for
 * people, in terms of these options, static; NULL when there is nothing that the error does not say itself. For the common
 * mistakes: host and port, TLS and certificates, account and password, two programs at one address. options: as they were
 * when it failed; NULL is fine.
 */
JRPC_EXPORT const char *jrpc_options_hint(const jrpc_options *options, const jrpc_error *error);

/* Prints "program: what: whose: why", and where there is a hint a line "program: hint: ...". options may be NULL. */
JRPC_EXPORT void jrpc_options_report(const jrpc_options *options, FILE *stream, const jrpc_error *error);

/* The options' help text, a line each. Static. */
JRPC_EXPORT const char *jrpc_options_help(void);

#ifdef __cplusplus
}
#endif
#endif
