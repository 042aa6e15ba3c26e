/* SPDX-License-Identifier: MIT */
/* Random values of any described type, made by the descriptor alone. */
#ifndef IDL_CODEGEN_FILL_H
#define IDL_CODEGEN_FILL_H

#include <jrpc/jrpc.h>

typedef struct fill {
    uint64_t state; /* any number but 0 */
    int depth;      /* of containers that may still be filled */
} fill;

uint64_t fill_random(fill *f);
/* Fills uninitialised storage with a legal value; ends the program without memory. */
void fill_value(fill *f, const jrpc_type *type, const jrpc_range *range, void *storage);

#endif
