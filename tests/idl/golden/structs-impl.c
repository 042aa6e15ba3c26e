/* The functions behind structs.idl. This file is yours: idlgen will not write over it. */
#include "structs.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status structs_store_grow(jrpc_call *call, const Structs_Node *root, Structs_Sheet *paper,
        Structs_Image *ret_picture, Structs_Node *ret_result)
{
    (void)root;
    (void)paper;
    (void)ret_picture;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status structs_store_add(jrpc_call *call, const Structs_Row *r, const Structs_Table *t,
        Structs_Row *ret_result)
{
    (void)r;
    (void)t;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status structs_store_same(jrpc_call *call, const Structs_Empty *e, Structs_Empty *ret_result)
{
    (void)e;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Structs_Store_impl Structs_Store_implementation = {
    .grow = structs_store_grow,
    .add = structs_store_add,
    .same = structs_store_same,
};
