/* SPDX-License-Identifier: MIT */
/*
 * What people type or choose, as values of described types, checked by all that the type says. Any thread.
 *
 * Texts: numbers and booleans (true, false, yes, no, 1, 0) as such, enumerators by name, bits by their names with |
 * or blanks between (or a number), DateTime as 2024-12-31T23:59:59, sequence<octet> as base64. All else is JSON:
 * structs are objects (members that are optional or have a default may be left out), unions objects with "_d" and the
 * member that it selects, sequences and arrays arrays, maps objects. Inside of JSON, enumerators, bits, dates and
 * base64 are strings.
 */
#ifndef COMMAND_VALUE_H
#define COMMAND_VALUE_H

#include <jansson.h>

#include <jrpc/desc.h>

#include "base/buf.h"
#include "wire/failure.h"

/* Overwrites storage, which is the heap's and zero after a failure. INVALID, TOO_LARGE, NOMEM. */
jrpc_status value_read(const jrpc_type *type, const jrpc_range *range, const char *text, void *storage,
                       wire_failure *failure);
/* A sequence or array whose elements value_is_simple(), each from a text of its own. */
jrpc_status value_read_items(const jrpc_type *type, const char *const *texts, size_t count, void *storage,
                             wire_failure *failure);

/* Is it written as one text, without JSON? */
bool value_is_simple(const jrpc_type *type);
/* Is it a sequence or array of such? (Octets are one text, of base64.) */
bool value_is_list(const jrpc_type *type);

/* "long, 1 to 100", "Colour: RED, GREEN or BLUE", "string, at most 5 characters" */
void value_describe(buf *out, const jrpc_type *type, const jrpc_range *range);

/* ---- between value.c and value-json.c ---- */

/* State of writing one value as XML-RPC, which checks and reads it then. */
typedef struct value_writer {
    buf *out;
    wire_failure *failure;
    unsigned depth;
} value_writer;

/* <value>...</value> of a type that value_is_simple(), or of an integer that is sent as text. */
jrpc_status value_write_text(value_writer *w, const jrpc_type *type, const char *text);
/* The same of any type. */
jrpc_status value_write_json(value_writer *w, const jrpc_type *type, const json_t *json);

#endif
