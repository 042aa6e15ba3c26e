/* SPDX-License-Identifier: MIT */
/* JSON in, .idl out, with names in C that are all different. */
#ifndef INTROSPECTION_CONVERT_H
#define INTROSPECTION_CONVERT_H

#include "front/diag.h"
#include "introspection/methods.h"

/*
 * name: of the .idl to be, for it is in names of C too. interface: of the methods without a dot in their names.
 * INVALID: it is no such JSON, or what is made of it has mistakes; why says which. NOMEM. out is whole only
 * after OK.
 */
jrpc_status convert_introspection(const char *text, size_t len, const char *name, const char *interface,
                                  buf *out, buf *why);

#endif
