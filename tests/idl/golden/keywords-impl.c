/* The functions behind keywords.idl. This file is yours: idlgen will not write over it. */
#include "keywords.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status class_operator_virtual_(jrpc_call *call, int32_t public_, int32_t *ret_private,
        char **friend_)
{
    (void)public_;
    (void)ret_private;
    (void)friend_;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status class_operator_for_(jrpc_call *call, int32_t peer_, int32_t call_, int32_t error_,
        int32_t *ret_result_, int32_t out_, int32_t *ret_result)
{
    (void)peer_;
    (void)call_;
    (void)error_;
    (void)ret_result_;
    (void)out_;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status class_operator_get_static_impl(jrpc_call *call, int32_t *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status class_operator_set_static_impl(jrpc_call *call, int32_t value)
{
    (void)value;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const class_operator_impl class_operator_implementation = {
    .virtual_ = class_operator_virtual_,
    .for_ = class_operator_for_,
    .get_static = class_operator_get_static_impl,
    .set_static = class_operator_set_static_impl,
};
