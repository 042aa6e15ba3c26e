/* SPDX-License-Identifier: MIT */
/* Accounts: to make one, give it another password, remove it (XEP-0077, in-band registration). */
#ifndef JRPC_ACCOUNT_H
#define JRPC_ACCOUNT_H

#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a server may want to know besides name and password, by XEP-0077's names: "email", "name", "url" ... */
typedef struct jrpc_account_field {
    const char *name;
    const char *value;
} jrpc_account_field;

/*
 * Makes the account of jid (a resource in it does not matter), with the password that the options give. This
 * takes a stream of its own that is not logged in, opened by the same options as a session: host, proxy, trust,
 * times. The password leaves inside verified TLS only (insecure_plaintext as for sessions), is wiped from this
 * library's buffers once it is sent, and never logged. fields may be NULL; those that the server does not ask
 * for are not sent. Any thread.
 *
 * Statuses as of jrpc_session_open(), and
 *   EXISTS       there is such an account already (conflict)
 *   INVALID      the server wants more fields: the message names them; or it does not accept what it was given,
 *                such as a short password (not-acceptable): then error->condition is not NULL
 *   REFUSED      this server, or this name, is not for us (not-allowed, forbidden)
 *   BUSY         not now: it makes only so many accounts in a time
 *   UNAVAILABLE  the server makes no accounts in this way; where it wants a form of its own, a riddle (CAPTCHA)
 *                or a web page, the message has its instructions and their address
 *   DISCONNECTED, TIMEOUT  when the request was sent, the account may have been made: log in to know
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_account_register(const char *jid,
                                                              const jrpc_session_options *options,
                                                              const jrpc_account_field *fields,
                                                              size_t field_count, jrpc_error *error);

/*
 * Gives the session's account another password: the one that new_password gives by password_file, password or
 * password_callback; everything else in it is ignored. The session uses it when it logs in again. Some servers
 * end the account's other sessions. INVALID (a component; with a condition: the server does not accept it),
 * REFUSED, UNAVAILABLE (it lets nobody change passwords), DISCONNECTED, TIMEOUT (nobody knows which password
 * holds), IO (file), NOMEM. Any thread; DEADLOCK from an inline handler.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_account_set_password(jrpc_session *session,
                                                                  const jrpc_session_options *new_password,
                                                                  jrpc_error *error);

/*
 * Removes the session's account with all that the server keeps for it, for good. The server ends its sessions,
 * this one as well; close it. Statuses as of jrpc_account_set_password().
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_account_remove(jrpc_session *session, jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
