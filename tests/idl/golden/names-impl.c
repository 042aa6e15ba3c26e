/* The functions behind names.idl. This file is yours: idlgen will not write over it. */
#include "names.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status top_rotate(jrpc_call *call, const char *text, char **ret_result)
{
    (void)text;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Top_impl Top_implementation = {
    .rotate = top_rotate,
};

static jrpc_status acme_run_impl(jrpc_call *call, const acme_thing *t, int32_t amount)
{
    (void)t;
    (void)amount;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const acme_impl acme_implementation = {
    .run = acme_run_impl,
};
