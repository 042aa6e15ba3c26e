/* SPDX-License-Identifier: MIT */
/* Another version of the sample's module, which rotates by 26 places; twice as strong, they say. */
#include <string.h>

#include "rot13.h"

static jrpc_status rotate(jrpc_call *call, const char *text, char **ret_result)
{
    (void)call;
    *ret_result = jrpc_strdup(text);
    return *ret_result ? JRPC_OK : JRPC_E_NOMEM;
}

const Rot13_impl Rot13_implementation = { .rotate = rotate };
