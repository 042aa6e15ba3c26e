/* SPDX-License-Identifier: MIT */
/* Values for people: as texts that value_read() reads back, or cut to a length. Any thread. */
#ifndef COMMAND_SHOW_H
#define COMMAND_SHOW_H

#include <jrpc/desc.h>

#include "base/buf.h"

/*
 * As a person would type it: text bare, without quotes; what value_is_simple() as its text; the rest as JSON, over
 * several lines with `lines`. What would be longer than most bytes is cut, and a note says so. What cannot be in XML
 * is left in: see writer_safe_text().
 */
void show_value(buf *out, const jrpc_type *type, const void *value, bool lines, size_t most);
/* Always as JSON. */
void show_json(buf *out, const jrpc_type *type, const void *value, bool lines, size_t most);
/* Cuts what was appended since start to most bytes, between two characters, with the note. */
void show_cut(buf *out, size_t start, size_t most);

#endif
