/* The functions behind rot13.idl. This file is yours: idlgen will not write over it. */
#include "rot13.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

/** Rotates ASCII letters by 13 places, and leaves all other characters alone. Twice gives the text back. */
static jrpc_status rot13_rotate(jrpc_call *call, const char *text, char **ret_result)
{
    (void)text;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Rot13_impl Rot13_implementation = {
    .rotate = rot13_rotate,
};
