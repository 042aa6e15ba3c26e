/* The functions behind point.idl. This file is yours: idlgen will not write over it. */
#include "point.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status shared_origin_zero(jrpc_call *call, Shared_Point *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Shared_Origin_impl Shared_Origin_implementation = {
    .zero = shared_origin_zero,
};
