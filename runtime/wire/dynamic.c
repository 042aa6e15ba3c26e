/* SPDX-License-Identifier: MIT */
/* xmlrpc_value <-> XML-RPC values: the whole of one value. */
#include "wire/dynamic.h"

#include "wire/codec.h"

jrpc_status dynamic_encode(buf *out, xmlrpc_value *value, unsigned max_depth, wire_failure *failure)
{
    encoder e = encoder_start(out, max_depth, failure);
    if (buf_failed(out))
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    size_t start = out->len;
    return encoder_finish(&e, start, any_encode(&e, value));
}

jrpc_status dynamic_decode(wire_decoder *d, xmpp_stanza_t *value, xmlrpc_value **ret_value)
{
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    return status < 0 ? status : any_decode(d, &opened, ret_value);
}
