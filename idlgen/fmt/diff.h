/* SPDX-License-Identifier: MIT */
/* The difference of two texts, as `diff -u` shows it. */
#ifndef FMT_DIFF_H
#define FMT_DIFF_H

#include "base/buf.h"

/* Appends nothing when they are equal. Linear in time; lines that are far from where they were count as new ones. */
void diff_unified(const char *name, const char *old_text, size_t old_len, const buf *new_text, buf *out);

#endif
