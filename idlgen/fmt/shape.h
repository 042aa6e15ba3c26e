/* SPDX-License-Identifier: MIT */
/* Shape: where statements begin, how deep, where lines may end, and where spaces are. By the tokens alone. */
#ifndef FMT_SHAPE_H
#define FMT_SHAPE_H

#include "fmt/scan.h"

/* Fills in the second half of every item. NOMEM. */
jrpc_status shape_run(fmt_items *items);
/* Is there a space between two items on one line? in_arguments: of an annotation. */
bool space_between(const fmt_item *before, const fmt_item *item, bool unary_before, bool in_arguments, bool angle);
/* Would the two read as one token without a space? */
bool space_needed(const fmt_item *before, const fmt_item *item);

#endif
