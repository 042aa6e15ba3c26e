/* The functions behind containers.idl. This file is yours: idlgen will not write over it. */
#include "containers.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status containers_depot_swap(jrpc_call *call, const Containers_Everything *all,
        Containers_Everything *ret_result)
{
    (void)all;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status containers_depot_list(jrpc_call *call, const Containers_Item_seq *few,
        const jrpc_seq_string *codes, Containers_Item_seq *ret_result)
{
    (void)few;
    (void)codes;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status containers_depot_env(jrpc_call *call, const jrpc_map_string_string *e,
        jrpc_map_string_string *ret_result)
{
    (void)e;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Containers_Depot_impl Containers_Depot_implementation = {
    .swap = containers_depot_swap,
    .list = containers_depot_list,
    .env = containers_depot_env,
};
