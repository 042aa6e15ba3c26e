/* SPDX-License-Identifier: MIT */
/* What a call came to, for people. Any thread; the outcome is borrowed. */
#ifndef COMMAND_RESULT_H
#define COMMAND_RESULT_H

#include "base/buf.h"
#include "serve/outcome.h"

/*
 * As text: a single value alone, several as "name: value" lines, "Done." for none; a fault with its code, its
 * exception's members as JSON; an error by its text. Of values at most most bytes; what XML cannot carry is left in.
 */
void result_write_text(buf *out, const call_outcome *outcome, size_t most);

/*
 * A result as data form (XEP-0004): one field for each value; a single sequence of structs as a table. Nothing when
 * there is no value. False: it would be larger than most bytes, and is not complete.
 */
bool result_write_form(buf *out, const call_outcome *outcome, const char *title, size_t most);

#endif
