/* The functions behind enums.idl. This file is yours: idlgen will not write over it. */
#include "enums.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status enums_painter_mix(jrpc_call *call, Enums_Colour a, Enums_Level *b, Enums_Rights *ret_c,
        Enums_Colour *ret_result)
{
    (void)a;
    (void)b;
    (void)ret_c;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status enums_painter_allow(jrpc_call *call, Enums_Small s, Enums_Big b, Enums_Rights *ret_result)
{
    (void)s;
    (void)b;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Enums_Painter_impl Enums_Painter_implementation = {
    .mix = enums_painter_mix,
    .allow = enums_painter_allow,
};
