/* SPDX-License-Identifier: MIT */
/* Input of subcommands that need a file's text besides its tree. */
#ifndef IDLGEN_INPUT_H
#define IDLGEN_INPUT_H

#include "args.h"
#include "base/buf.h"

/* Appends the file ("-": standard input), never leaving text->data NULL. DONE, or TROUBLE after a message that names it. */
int input_read(const args *a, const char *path, const char *name, buf *text);
/* A front that has the text under a name, to be read next. NULL without memory; front_status() tells of other failures. */
front *input_front(const args *a, const char *name, const buf *text);

#endif
