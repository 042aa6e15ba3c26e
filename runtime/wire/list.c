/* SPDX-License-Identifier: MIT */
/* Sequences and arrays. */
#include "wire/codec.h"

#include <inttypes.h>

#include "base/map.h"
#include "base/mem.h"

/* ---- equal elements ---- */

enum { FEW = 16 };

static jrpc_status found_twice(wire_failure *failure, const jrpc_type *type, size_t index)
{
    failure_set(failure, JRPC_E_INVALID, "equals an earlier element of a %s without equal elements",
                type->name);
    failure_in_element(failure, index);
    return JRPC_E_INVALID;
}

/* Many elements: by what they look like on the wire, in a hash map. */
static jrpc_status check_unique_texts(const jrpc_type *type, storage_list list, wire_failure *failure)
{
    AUTO(map_done) map texts = MAP_INIT;
    AUTO(buf_done) buf text = BUF_INIT;
    for (size_t i = 0; i < list.len; i++) {
        buf_reset(&text);
        const void *element = storage_at(list.data, i * type->element->size);
        jrpc_status status = native_encode(&text, type->element, NULL, element, WIRE_DEPTH_MAX, failure);
        if (status < 0) {
            failure_in_element(failure, i);
            return status;
        }
        if (map_get(&texts, text.data, text.len))
            return found_twice(failure, type, i);
        if (!map_put(&texts, text.data, text.len, list.data))
            return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    }
    return JRPC_OK;
}

jrpc_status list_check_unique(const jrpc_type *type, const void *value, wire_failure *failure)
{
    storage_list list = storage_list_get(value);
    if (list.len > FEW)
        return check_unique_texts(type, list, failure);
    size_t size = type->element->size;
    for (size_t i = 1; i < list.len; i++) {
        for (size_t k = 0; k < i; k++) {
            if (jrpc_value_equal(type->element, storage_at(list.data, i * size),
                                 storage_at(list.data, k * size)))
                return found_twice(failure, type, i);
        }
    }
    return JRPC_OK;
}

/* ---- encoding ---- */

static jrpc_status check_count(wire_failure *failure, const jrpc_type *type, size_t count)
{
    if (type->kind == JRPC_KIND_ARRAY && count != type->bound)
        return failure_set(failure, JRPC_E_INVALID, "expected %" PRIu32 " elements for %s, got %zu",
                           type->bound, type->name, count);
    if (type->bound && count > type->bound)
        return failure_set(failure, JRPC_E_INVALID, "%zu elements, at most %" PRIu32 " in %s", count,
                           type->bound, type->name);
    return JRPC_OK;
}

static jrpc_status encode_elements(encoder *e, const jrpc_type *element, const void *data, size_t count)
{
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; status >= 0 && i < count; i++) {
        status = codec_encode(e, element, NULL, storage_at(data, i * element->size));
        if (status < 0)
            failure_in_element(e->failure, i);
    }
    return status;
}

jrpc_status list_encode(encoder *e, const jrpc_type *type, const void *value)
{
    storage_list list = { NULL, type->bound, type->bound };
    if (type->kind == JRPC_KIND_SEQUENCE)
        list = storage_list_get(value);
    jrpc_status status = check_count(e->failure, type, list.len);
    if (status >= 0 && (type->flags & JRPC_TYPE_UNIQUE))
        status = list_check_unique(type, value, e->failure);
    if (status >= 0)
        status = encoder_enter(e);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><array><data>");
    status = encode_elements(e, type->element, type->kind == JRPC_KIND_ARRAY ? value : list.data, list.len);
    writer_lit(e->out, "</data></array></value>");
    encoder_leave(e);
    return status;
}

/* ---- decoding ---- */

static jrpc_status decode_elements(wire_decoder *d, const jrpc_type *element, xmpp_stanza_t *array,
                                   void *data, size_t count)
{
    reader_items items = { NULL, NULL };
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; status >= 0 && i < count; i++) {
        xmpp_stanza_t *item = reader_next_item(array, &items);
        status = codec_decode(d, element, NULL, item, storage_at_mutable(data, i * element->size));
        if (status < 0)
            failure_in_element(&d->failure, i);
    }
    return status;
}

/*
 * The storage's data: in place for an array, allocated for a sequence and all zero, so that it can be dropped
 * any time.
 */
static jrpc_status make_room(wire_decoder *d, const jrpc_type *type, size_t count, void *storage,
                             void **ret_data)
{
    jrpc_status status = check_count(&d->failure, type, count);
    if (status < 0)
        return status;
    *ret_data = storage;
    if (type->kind == JRPC_KIND_ARRAY)
        return JRPC_OK;
    storage_list list = { NULL, count, count };
    if (count)
        status = decoder_alloc(d, count, type->element->size, &list.data);
    if (status < 0)
        return status;
    storage_list_set(storage, list);
    *ret_data = list.data;
    return JRPC_OK;
}

jrpc_status list_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage)
{
    if (value->tag != READER_ARRAY)
        return reader_mismatch(d, type->name, value);
    jrpc_status status = decoder_enter(d);
    if (status < 0)
        return status;
    size_t count = 0;
    void *data = NULL;
    status = reader_count_items(d, value->element, &count);
    if (status >= 0)
        status = make_room(d, type, count, storage, &data);
    if (status >= 0)
        status = decode_elements(d, type->element, value->element, data, count);
    if (status >= 0 && (type->flags & JRPC_TYPE_UNIQUE))
        status = list_check_unique(type, storage, &d->failure);
    decoder_leave(d);
    return status;
}
