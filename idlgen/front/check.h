/* SPDX-License-Identifier: MIT */
/* Checks that need the whole file: what was only declared, and names on the wire. */
#ifndef FRONT_CHECK_H
#define FRONT_CHECK_H

#include "front/parse.h"

void check_unit(parser *p);

#endif
