/* SPDX-License-Identifier: MIT */
/* What people are told of methods. Any thread. */
#ifndef COMMAND_USAGE_H
#define COMMAND_USAGE_H

#include "base/buf.h"
#include "link/jid.h"
#include "serve/server.h"

/* "Calc.divide numerator denominator" */
void usage_write_call(buf *out, const jrpc_method *method);
/* That, what it does, its parameters, results and exceptions, each with its type and help; over several lines. */
void usage_write_method(buf *out, const jrpc_method *method);
/* A line for each method that this caller may call, of at most most bytes in all; then how to go on. */
void usage_write_list(buf *out, server *s, const jid *who, size_t most);
/* The name of a method that this caller may call which he may have meant: heap, or NULL. */
char *usage_nearest(server *s, const jid *who, const char *name);

#endif
