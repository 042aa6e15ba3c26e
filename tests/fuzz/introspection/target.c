/* SPDX-License-Identifier: MIT */
/* Fuzz target: what a server says of its methods. Whatever it is, the .idl that is made of it has no mistake. */
#include <stdlib.h>
#include <string.h>

#include "introspection/convert.h"

#include "../fuzz.h"

const char *const fuzz_folders[] = { "fuzz/introspection/seeds", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mistakes[] = "these methods cannot be described";
    buf out = BUF_INIT, why = BUF_INIT;
    jrpc_status status = convert_introspection((const char *)data, size, "made.idl", "Methods", &out, &why);
    if (status != JRPC_OK &&
        (status != JRPC_E_INVALID || !why.len || strncmp(why.data, mistakes, sizeof mistakes - 1) == 0))
        abort();
    buf_done(&out);
    buf_done(&why);
    return 0;
}
