/* SPDX-License-Identifier: MIT */
/* Printer: shaped items as text. */
#ifndef FMT_PRINT_H
#define FMT_PRINT_H

#include "fmt/scan.h"

enum { FMT_WIDTH = 100, FMT_INDENT = 4 };

/* Appends to out, which fails without memory. False: it stopped, for that is more than a file may have. */
bool print_items(const fmt_items *items, buf *out);

#endif
