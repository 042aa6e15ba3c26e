/* SPDX-License-Identifier: MIT */
/* Random bytes of the system, good enough for secrets. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Waits until the system has entropy; cannot fail after that. */
void random_bytes(void *ret_data, size_t len);
uint64_t random_u64(void);

#endif
