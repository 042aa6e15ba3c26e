/* SPDX-License-Identifier: MIT */
/* What calls look like on the wire: examples in XML. */
#ifndef EMIT_DOC_WIRE_H
#define EMIT_DOC_WIRE_H

#include "emit/method.h"

/* "i4", "string", "array of i4": the XML-RPC type of an IDL type. */
const char *doc_wire_type(gen *g, const ast_type *type);

/* Whole documents, with example values. */
const char *doc_wire_call(gen *g, const method *m);
const char *doc_wire_response(gen *g, const method *m);
const char *doc_wire_fault(gen *g, const ast_node *exception);

#endif
