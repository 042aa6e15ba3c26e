/* SPDX-License-Identifier: MIT */
/*
 * What the tests of runtime/wire share: a libstrophe context, XML to trees, one-line encodings and decodings.
 */
#ifndef WIRE_CHECK_H
#define WIRE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <strophe.h>

#include "wire/native.h"

typedef struct check_context {
    xmpp_ctx_t *ctx;
} check_context;

/* Of a group: the state of its tests is a check_context. */
int check_setup(void **state);
int check_teardown(void **state);

/* The tree of some XML; fails the test when it is not well-formed. The caller releases it. */
xmpp_stanza_t *check_parse(const check_context *check, const char *xml);

/* The value is sent as exactly this text. */
void check_encodes(const jrpc_type *type, const void *value, const char *expected);
/* It cannot be sent, for this reason and at this place; nothing is left in the buffer. */
void check_refuses(const jrpc_type *type, const jrpc_range *range, const void *value, const char *path,
                   const char *message);
/* Reads from the heap's memory under default limits. */
void check_decodes(const check_context *check, const jrpc_type *type, const char *xml, void *ret_value);
/* It cannot be read; the storage is zero afterwards. */
void check_rejects(const check_context *check, const jrpc_type *type, const char *xml, jrpc_status status,
                   const char *path, const char *message);

#endif
