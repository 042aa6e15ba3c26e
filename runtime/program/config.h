/* SPDX-License-Identifier: MIT */
/* Configuration files: "key = value" lines, # comments, blank lines. */
#ifndef PROGRAM_CONFIG_H
#define PROGRAM_CONFIG_H

#include <jrpc/error.h>

/* Takes one setting; the strings are gone when it returns. NOT_FOUND: unknown key. */
typedef jrpc_status config_fn(const char *key, const char *value, void *userdata, jrpc_error *error);

/* Reads the whole file. Errors name the file and the line. IO, INVALID. */
jrpc_status config_read(const char *path, config_fn *take, void *userdata, jrpc_error *error);

/* The exit status of a program whose session could not be opened: 2 usage or configuration, 3 connection or login. */
static inline int config_exit_status(jrpc_status status)
{
    return status == JRPC_OK ? 0 : status == JRPC_E_INVALID || status == JRPC_E_IO ? 2 : 3;
}

#endif
