/* SPDX-License-Identifier: MIT */
/* xmlrpc_value <-> XML-RPC values: IDL's any, and calls without IDL. */
#ifndef WIRE_DYNAMIC_H
#define WIRE_DYNAMIC_H

#include <xmlrpc-c/base.h>

#include "wire/native.h"

/* Appends <value>...</value>; integers as <i4> when they fit, else <i8>. NULL is an error. */
jrpc_status dynamic_encode(buf *out, xmlrpc_value *value, unsigned max_depth, wire_failure *failure);

/* Reads any <value>; *ret_value is a new reference. */
jrpc_status dynamic_decode(wire_decoder *d, xmpp_stanza_t *value, xmlrpc_value **ret_value);

#endif
