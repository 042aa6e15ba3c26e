/* SPDX-License-Identifier: MIT */
/* The methods of a program that was there before. */
#ifndef METHODS_H
#define METHODS_H

#include <xmlrpc-c/base.h>
#include <xmlrpc-c/server.h>

/* All ten of them in a new registry; NULL and a fault in env. */
xmlrpc_registry *methods_registry(xmlrpc_env *env);
/* A socket on a port of this machine that hears no other; port 0: any. -1 with errno. */
int methods_listen(const char *port);

#endif
