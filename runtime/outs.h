/* SPDX-License-Identifier: MIT */
/* Storage of a method's out and inout parameters and result, between the arrival of an answer and the caller's own. */
#ifndef OUTS_H
#define OUTS_H

#include <jrpc/desc.h>

typedef struct outs {
    const jrpc_method *method;
    void **storage; /* in order: out and inout parameters, then the result unless void; the values are behind it */
} outs;

/* In memory of the caller's, which is aligned for anything, zero, and has outs_room() bytes. */
size_t outs_room(const jrpc_method *method);
void outs_init(outs *o, const jrpc_method *method, void *memory);
/* Frees what has not been moved from such outs. */
void outs_clear(outs *o);

/* On the heap. All zero. NOMEM. */
jrpc_status outs_new(const jrpc_method *method, outs *ret_outs);
/* Moves the values to the caller's; what inout parameters held there is freed first. */
void outs_move(outs *o, void *const *to);
/* Frees what has not been moved. */
void outs_done(outs *o);

bool outs_has_inout(const jrpc_method *method);
/* Makes the caller's outs zero, but leaves inout parameters as they are. */
void outs_zero(const jrpc_method *method, void *const *to);

#endif
