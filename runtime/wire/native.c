/* SPDX-License-Identifier: MIT */
/* C values <-> XML-RPC values, by descriptor: chooses by kind. */
#include "wire/native.h"

#include "wire/codec.h"

jrpc_status encoder_enter(encoder *e)
{
    if (e->depth >= e->max_depth)
        return failure_set(e->failure, JRPC_E_TOO_LARGE, "values nest deeper than %u levels", e->max_depth);
    e->depth++;
    return JRPC_OK;
}

encoder encoder_start(buf *out, unsigned max_depth, wire_failure *failure)
{
    return (encoder){ out, 0, max_depth < WIRE_DEPTH_MAX ? max_depth : WIRE_DEPTH_MAX, failure, false };
}

jrpc_status encoder_finish(encoder *e, size_t start, jrpc_status status)
{
    if (status >= 0 && buf_failed(e->out))
        status = failure_set(e->failure, JRPC_E_NOMEM, "out of memory");
    if (status >= 0)
        return status;
    e->out->failed = false; /* what was there before is whole */
    buf_truncate(e->out, start);
    return status;
}

static bool is_octets(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_BYTES ||
           (type->kind == JRPC_KIND_ARRAY && type->element->kind == JRPC_KIND_U8);
}

static jrpc_status encode_datetime(encoder *e, const void *value)
{
    jrpc_datetime moment;
    memcpy(&moment, value, sizeof moment);
    return datetime_encode(e, &moment, 0);
}

jrpc_status codec_encode(encoder *e, const jrpc_type *type, const jrpc_range *range, const void *value)
{
    switch (type->kind) {
    case JRPC_KIND_STRING:
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
    case JRPC_KIND_ENUM:
        return text_encode(e, type, value);
    case JRPC_KIND_BYTES:
        return bytes_encode(e, type, value);
    case JRPC_KIND_DATETIME:
        return encode_datetime(e, value);
    case JRPC_KIND_STRUCT:
        return struct_encode(e, type, value);
    case JRPC_KIND_UNION:
        return union_encode(e, type, value);
    case JRPC_KIND_SEQUENCE:
        return list_encode(e, type, value);
    case JRPC_KIND_ARRAY:
        return is_octets(type) ? bytes_encode(e, type, value) : list_encode(e, type, value);
    case JRPC_KIND_MAP:
        return dict_encode(e, type, value);
    case JRPC_KIND_ANY:
        return any_encode(e, storage_pointer(value));
    default:
        return number_encode(e, type, range, value);
    }
}

static jrpc_status decode_datetime(wire_decoder *d, const reader_value *value, void *storage)
{
    jrpc_datetime moment;
    unsigned microsecond;
    jrpc_status status = datetime_decode(d, value, &moment, &microsecond);
    if (status >= 0)
        memcpy(storage, &moment, sizeof moment);
    return status;
}

static jrpc_status decode_any(wire_decoder *d, const reader_value *value, void *storage)
{
    xmlrpc_value *any = NULL;
    jrpc_status status = any_decode(d, value, &any);
    if (status >= 0)
        storage_set_pointer(storage, any);
    return status;
}

static jrpc_status decode_opened(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                                 const reader_value *value, void *storage)
{
    switch (type->kind) {
    case JRPC_KIND_STRING:
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
    case JRPC_KIND_ENUM:
        return text_decode(d, type, value, storage);
    case JRPC_KIND_BYTES:
        return bytes_decode(d, type, value, storage);
    case JRPC_KIND_DATETIME:
        return decode_datetime(d, value, storage);
    case JRPC_KIND_STRUCT:
        return struct_decode(d, type, value, storage);
    case JRPC_KIND_UNION:
        return union_decode(d, type, value, storage);
    case JRPC_KIND_SEQUENCE:
        return list_decode(d, type, value, storage);
    case JRPC_KIND_ARRAY:
        return is_octets(type) ? bytes_decode(d, type, value, storage) : list_decode(d, type, value, storage);
    case JRPC_KIND_MAP:
        return dict_decode(d, type, value, storage);
    case JRPC_KIND_ANY:
        return decode_any(d, value, storage);
    default:
        return number_decode(d, type, range, value, storage);
    }
}

jrpc_status codec_decode(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                         xmpp_stanza_t *value, void *storage)
{
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    return status < 0 ? status : decode_opened(d, type, range, &opened, storage);
}

jrpc_status native_encode(buf *out, const jrpc_type *type, const jrpc_range *range, const void *value,
                          unsigned max_depth, wire_failure *failure)
{
    encoder e = encoder_start(out, max_depth, failure);
    if (buf_failed(out))
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    size_t start = out->len;
    jrpc_status status = codec_encode(&e, type, range, value);
    return encoder_finish(&e, start, status);
}

jrpc_status native_decode(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                          xmpp_stanza_t *value, void *storage)
{
    memset(storage, 0, type->size);
    jrpc_status status = codec_decode(d, type, range, value, storage);
    if (status < 0)
        storage_drop(d, type, storage);
    return status;
}
