/* SPDX-License-Identifier: MIT */
/* Calling C functions from tables with libffi: natural C parameters, prepared once, at registration. */
#ifndef SERVE_INVOKE_H
#define SERVE_INVOKE_H

#include <jrpc/desc.h>

#include "base/arena.h"

typedef void (*invoke_fn)(void);
typedef struct invoke_plan invoke_plan;

/* Fits any method of desc.h; INVALID says in ret_why (static) what is wrong with the table. NOMEM. */
jrpc_status invoke_prepare(const jrpc_method *method, invoke_plan **ret_plan, const char **ret_why);
void invoke_plan_free(invoke_plan *plan);

/* Where one call's values are: storage of each parameter in order, then of the result unless void. */
typedef struct invoke_frame {
    void **storage;
    size_t count;
} invoke_frame;

/* Room for all values, all zero, in the arena. NOMEM when the arena's budget is spent too. */
jrpc_status invoke_frame_new(const jrpc_method *method, arena *memory, invoke_frame *ret_frame);

/* The storage pointers of the in and inout parameters, or of the out and inout ones and the result; counts are the array's lengths. */
size_t invoke_frame_ins(const jrpc_method *method, const invoke_frame *frame, void **ret_pointers);
size_t invoke_frame_outs(const jrpc_method *method, const invoke_frame *frame, void **ret_pointers);
/* Frees what the values point to. */
void invoke_frame_clear(const jrpc_method *method, const invoke_frame *frame);

/* Calls the function. DIRECT functions have no status: OK. */
jrpc_status invoke_call(const invoke_plan *plan, const jrpc_method *method, invoke_fn function, struct jrpc_call *call,
                        const invoke_frame *frame);

#endif
