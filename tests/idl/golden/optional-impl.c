/* The functions behind optional.idl. This file is yours: idlgen will not write over it. */
#include "optional.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status optional_store_put(jrpc_call *call, const Optional_Settings *all)
{
    (void)all;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status optional_store_get(jrpc_call *call, int32_t id, Optional_Settings *ret_result)
{
    (void)id;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Optional_Store_impl Optional_Store_implementation = {
    .put = optional_store_put,
    .get = optional_store_get,
};
