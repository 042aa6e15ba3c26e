/* SPDX-License-Identifier: MIT */
/* What to do about a connection that failed: the common mistakes. */
#ifndef RUNTIME_HINT_H
#define RUNTIME_HINT_H

#include <jrpc/error.h>
#include <jrpc/session.h>

/* One sentence, static, or NULL when there is nothing to say that the error does not say itself. */
const char *hint_for(const jrpc_session_options *settings, const jrpc_error *error);

#endif
