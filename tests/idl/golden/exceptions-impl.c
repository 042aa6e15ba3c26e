/* The functions behind exceptions.idl. This file is yours: idlgen will not write over it. */
#include "exceptions.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status exceptions_bank_pay(jrpc_call *call, const char *to, double amount)
{
    (void)to;
    (void)amount;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status exceptions_bank_get_limit(jrpc_call *call, double *ret_result)
{
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status exceptions_bank_set_limit(jrpc_call *call, double value)
{
    (void)value;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Exceptions_Bank_impl Exceptions_Bank_implementation = {
    .pay = exceptions_bank_pay,
    .get_limit = exceptions_bank_get_limit,
    .set_limit = exceptions_bank_set_limit,
};
