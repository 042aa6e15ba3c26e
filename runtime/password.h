/* SPDX-License-Identifier: MIT */
/* Passwords: from a file, the program or a callback; never from a command line. */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <jrpc/session.h>

/*
 * The password of account by options, in a new heap string: secret_free() it. NULL when none is given and a client's
 * certificate takes its place. INVALID when none is given; IO when the file cannot be read, others than its owner may read
 * it, or its first line is empty.
 */
jrpc_status password_get(const jrpc_session_options *options, const char *account, char **ret_password,
                         jrpc_error *error);

/* The proxy's, NULL when there is none apart from its URL. IO as above. */
jrpc_status proxy_password_get(const jrpc_session_options *options, char **ret_password, jrpc_error *error);

#endif
