/* SPDX-License-Identifier: MIT */
/* system.listMethods, methodSignature, methodHelp, getCapabilities (XML-RPC introspection), and multicall. */
#ifndef SERVE_SYSTEM_H
#define SERVE_SYSTEM_H

#include <jrpc/error.h>

struct server;

/* Registers them; userdata of the handlers is the server. NOMEM. */
jrpc_status system_register(struct server *s, jrpc_error *error);

#endif
