/* SPDX-License-Identifier: MIT */
/*
 * JSON <-> XML-RPC values. What JSON lacks: {"$base64": "..."} is base64, {"$dateTime": "20241231T23:59:59"} a dateTime.
 * Integers beyond 32 bits are sent as <i8>; null as <nil/>.
 */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include <jansson.h>
#include <xmlrpc-c/base.h>

#include <jrpc/error.h>

/* A new reference. INVALID says where and why. */
jrpc_status json_to_value(const json_t *json, xmlrpc_value **ret_value, jrpc_error *error);
/* A new reference. */
jrpc_status json_from_value(xmlrpc_value *value, json_t **ret_json, jrpc_error *error);
/*
 * As text, to free(): reals with as few digits as read back the same, and what would drive a terminal (base/steering.h) as
 * \uXXXX. flags are jansson's for writing. NULL: no memory.
 */
char *json_to_text(const json_t *json, size_t flags);
/*
 * One argument of a command line: JSON, or, when it is none and does not look as if it were meant to be, plain text:
 * 12 and "12" differ, hello and "hello" do not. INVALID names the place of a mistake.
 */
jrpc_status json_parse_argument(const char *text, json_t **ret_json, jrpc_error *error);

#endif
