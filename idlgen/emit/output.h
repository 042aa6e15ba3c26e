/* SPDX-License-Identifier: MIT */
/* Output files: whole or not at all, and untouched when nothing changes. */
#ifndef EMIT_OUTPUT_H
#define EMIT_OUTPUT_H

#include <stdbool.h>

#include "emit/emit.h"

/* Writes the text to a file beside path and renames it. path "-" is standard output. IO, NOMEM. */
jrpc_status output_write(const char *path, const buf *text, emit_failure *ret_failure);
bool output_exists(const char *path);

#endif
