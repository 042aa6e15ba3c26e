/* SPDX-License-Identifier: MIT */
/* What a fuzz target gives to libFuzzer, and to the program that replays its seeds. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Aborts when the input shows a defect; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where its seeds are, below tests/; NULL-terminated. */
extern const char *const fuzz_folders[];

#endif
