/* SPDX-License-Identifier: MIT */
/* The method behind Rot13.rotate, for programs that serve it. */
#ifndef IMPL_H
#define IMPL_H

#include "rot13.h"

extern const Rot13_impl Rot13_implementation;

#endif
