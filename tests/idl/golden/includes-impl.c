/* The functions behind includes.idl. This file is yours: idlgen will not write over it. */
#include "includes.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status shared_plane_zero(jrpc_call *call, Shared_Point *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status shared_plane_connect(jrpc_call *call, const Shared_Points *ends,
        const Shared_Line_seq *others, Shared_Line *ret_result)
{
    (void)ends;
    (void)others;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Shared_Plane_impl Shared_Plane_implementation = {
    .zero = shared_plane_zero,
    .connect = shared_plane_connect,
};
