/* SPDX-License-Identifier: MIT */
/* JSON: writing strings. */
#ifndef FRONT_JSON_H
#define FRONT_JSON_H

#include "base/buf.h"

/* Quoted and escaped; bytes that are not UTF-8 become U+FFFD. NULL is null. */
void json_string(buf *out, const char *text);

#endif
