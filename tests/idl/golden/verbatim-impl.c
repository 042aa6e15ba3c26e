/* The functions behind verbatim.idl. This file is yours: idlgen will not write over it. */
#include "verbatim.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status verbatim_board_draw(jrpc_call *call, const Verbatim_Point *p)
{
    (void)p;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status verbatim_board_get_size(jrpc_call *call, int32_t *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status verbatim_board_set_size(jrpc_call *call, int32_t value)
{
    (void)value;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Verbatim_Board_impl Verbatim_Board_implementation = {
    .draw = verbatim_board_draw,
    .get_size = verbatim_board_get_size,
    .set_size = verbatim_board_set_size,
};
