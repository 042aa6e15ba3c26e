/* SPDX-License-Identifier: MIT */
/* Octets: base64 on the wire. */
#include "wire/codec.h"

#include <inttypes.h>

/* ---- encoding ---- */

void bytes_write(buf *out, const void *data, size_t len)
{
    writer_lit(out, "<value><base64>");
    writer_base64(out, data, len);
    writer_lit(out, "</base64></value>");
}

static jrpc_status check_count(wire_failure *failure, const jrpc_type *type, size_t count)
{
    if (type->kind == JRPC_KIND_ARRAY && count != type->bound)
        return failure_set(failure, JRPC_E_INVALID, "expected %" PRIu32 " bytes for %s, got %zu", type->bound,
                           type->name, count);
    if (type->bound && count > type->bound)
        return failure_set(failure, JRPC_E_INVALID, "%zu bytes, at most %" PRIu32 " in %s", count,
                           type->bound, type->name);
    return JRPC_OK;
}

jrpc_status bytes_encode(encoder *e, const jrpc_type *type, const void *value)
{
    if (type->kind == JRPC_KIND_ARRAY) {
        bytes_write(e->out, value, type->bound);
        return JRPC_OK;
    }
    storage_list list = storage_list_get(value);
    jrpc_status status = check_count(e->failure, type, list.len);
    if (status >= 0)
        bytes_write(e->out, list.data, list.len);
    return status;
}

/* ---- decoding ---- */

enum { NOT_BASE64 = 64, BASE64_SPACE = 65, BASE64_PAD = 66 };

static unsigned digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 52;
    switch (c) {
    case '+':
        return 62;
    case '/':
        return 63;
    case '=':
        return BASE64_PAD;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return BASE64_SPACE;
    default:
        return NOT_BASE64;
    }
}

/*
 * White space anywhere is fine (xmpp4r ends with a line feed); padding must be there; no bits may be left
 * over.
 */
jrpc_status bytes_measure(wire_decoder *d, const char *text, size_t *ret_len)
{
    size_t digits = 0, pads = 0;
    unsigned last = 0;
    for (const char *at = text; *at; at++) {
        unsigned digit = digit_of(*at);
        if (digit == BASE64_SPACE)
            continue;
        if (digit == NOT_BASE64 || (pads && digit != BASE64_PAD))
            return failure_set(&d->failure, JRPC_E_INVALID,
                               "bad base64: unexpected byte 0x%02X at offset %zu",
                               (unsigned)(unsigned char)*at, (size_t)(at - text));
        if (digit == BASE64_PAD) {
            pads++;
        } else {
            digits++;
            last = digit;
        }
    }
    if ((digits + pads) % 4 || pads > 2)
        return failure_set(&d->failure, JRPC_E_INVALID, "bad base64: %zu digits and %zu '='", digits, pads);
    if (last & (pads == 2 ? 15U : pads == 1 ? 3U : 0U))
        return failure_set(&d->failure, JRPC_E_INVALID, "bad base64: bits left over at the end");
    *ret_len = (digits + pads) / 4 * 3 - pads;
    return JRPC_OK;
}

void bytes_read(const char *text, uint8_t *to)
{
    uint32_t bits = 0;
    unsigned have = 0;
    for (; *text; text++) {
        unsigned digit = digit_of(*text);
        if (digit > 63)
            continue;
        bits = bits << 6 | digit;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *to++ = (uint8_t)(bits >> have);
        }
    }
}

/* Room for count bytes; *ret_data is where they go, NULL when there are none. */
static jrpc_status make_room(wire_decoder *d, const jrpc_type *type, size_t count, void *storage,
                             uint8_t **ret_data)
{
    jrpc_status status = check_count(&d->failure, type, count);
    if (status < 0)
        return status;
    *ret_data = storage;
    if (type->kind == JRPC_KIND_ARRAY)
        return JRPC_OK;
    storage_list list = { NULL, count, count };
    if (count)
        status = decoder_alloc(d, count, 1, &list.data);
    if (status < 0)
        return status;
    storage_list_set(storage, list);
    *ret_data = list.data;
    return JRPC_OK;
}

/* An array of integers says the same. */
static jrpc_status decode_array(wire_decoder *d, const jrpc_type *type, const reader_value *value,
                                void *storage)
{
    size_t count = 0;
    uint8_t *data = NULL;
    jrpc_status status = reader_count_items(d, value->element, &count);
    if (status >= 0)
        status = make_room(d, type, count, storage, &data);
    reader_items items = { NULL, NULL };
    for (size_t i = 0; status >= 0 && i < count; i++) {
        status = codec_decode(d, &jrpc_type_u8, NULL, reader_next_item(value->element, &items), data + i);
        if (status < 0)
            failure_in_element(&d->failure, i);
    }
    return status;
}

jrpc_status bytes_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage)
{
    if (value->tag == READER_ARRAY)
        return decode_array(d, type, value, storage);
    if (value->tag != READER_BASE64)
        return reader_mismatch(d, type->name, value);
    const char *text;
    size_t count = 0;
    uint8_t *data = NULL;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status >= 0)
        status = bytes_measure(d, text, &count);
    if (status >= 0)
        status = make_room(d, type, count, storage, &data);
    if (status >= 0 && count)
        bytes_read(text, data);
    return status;
}
