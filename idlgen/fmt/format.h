/* SPDX-License-Identifier: MIT */
/*
 * The canonical layout of IDL.
 *
 *     if (format_text(text, len, &out) == JRPC_OK && format_is_same(text, len, &out, &same) == JRPC_OK && same) ...
 */
#ifndef FMT_FORMAT_H
#define FMT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include <jrpc/status.h>

#include "base/buf.h"
#include "front/front.h"

/* Appends text in the canonical layout. It should be IDL; what is not is kept, in some layout. NOMEM, TOO_LARGE. */
jrpc_status format_text(const char *text, size_t len, buf *out);

/* Are the tokens, comments and preprocessor lines of both the same, in the same order? NOMEM, TOO_LARGE. */
jrpc_status format_is_same(const char *text, size_t len, const buf *formatted, bool *ret_same);

/* Do two readings have the same tree and the same diagnostics, but for places? NOMEM. */
jrpc_status format_same_tree(front *a, front *b, bool *ret_same);

#endif
