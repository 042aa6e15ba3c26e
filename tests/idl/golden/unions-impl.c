/* The functions behind unions.idl. This file is yours: idlgen will not write over it. */
#include "unions.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status unions_board_draw(jrpc_call *call, const Unions_Figure *f, Unions_Number *n,
        Unions_Answer *ret_a, Unions_Figure *ret_result)
{
    (void)f;
    (void)n;
    (void)ret_a;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status unions_board_spell(jrpc_call *call, const Unions_Letter *l, const Unions_Huge *h,
        Unions_Letter *ret_result)
{
    (void)l;
    (void)h;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Unions_Board_impl Unions_Board_implementation = {
    .draw = unions_board_draw,
    .spell = unions_board_spell,
};
