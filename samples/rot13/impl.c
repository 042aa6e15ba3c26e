/* SPDX-License-Identifier: MIT */
/* The method behind Rot13.rotate. */
#include "impl.h"

static char rotated(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char)('a' + (c - 'a' + 13) % 26);
    if (c >= 'A' && c <= 'Z')
        return (char)('A' + (c - 'A' + 13) % 26);
    return c;
}

/* The result is on the heap: the runtime frees it after the answer is sent. */
static jrpc_status rotate(jrpc_call *call, const char *text, char **ret_result)
{
    (void)call;
    *ret_result = jrpc_strdup(text);
    if (!*ret_result)
        return JRPC_E_NOMEM;
    for (char *c = *ret_result; *c; c++)
        *c = rotated(*c);
    return JRPC_OK;
}

const Rot13_impl Rot13_implementation = { .rotate = rotate };
