/* SPDX-License-Identifier: MIT */
/* Maps: a struct whose members' names are the keys. */
#include "wire/codec.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"

/* ---- keys ---- */

static bool is_text(const jrpc_type *key)
{
    return key->kind == JRPC_KIND_STRING || key->kind == JRPC_KIND_CHAR || key->kind == JRPC_KIND_WCHAR ||
           (key->kind == JRPC_KIND_ENUM && !(key->flags & JRPC_TYPE_WIRE_INT));
}

static jrpc_status write_key(encoder *e, const jrpc_type *key, const void *value)
{
    if (is_text(key))
        return text_write(e, key, value);
    if (key->kind == JRPC_KIND_ENUM && !enumeration_of(key, storage_integer(key, value)))
        return failure_set(e->failure, JRPC_E_INVALID, "no enumerator of %s has the value %" PRId64,
                           key->name, storage_integer(key, value));
    if (key->kind == JRPC_KIND_U64)
        buf_append_uint(e->out, (uint64_t)storage_integer(key, value));
    else
        buf_append_int(e->out, storage_integer(key, value));
    return JRPC_OK;
}

static jrpc_status read_key(wire_decoder *d, const jrpc_type *key, const char *text, void *storage)
{
    if (is_text(key))
        return text_parse(d, key, text, storage);
    jrpc_status status = number_parse(&d->failure, key, text, storage);
    if (status >= 0 && key->kind == JRPC_KIND_ENUM && !enumeration_of(key, storage_integer(key, storage)))
        status = failure_set(&d->failure, JRPC_E_INVALID, "no enumerator of %s has the value %.40s",
                             key->name, text);
    return status;
}

/* ---- equal keys ---- */

/* Keys of any type in a form that can be sorted: a string, or an integer with text NULL. */
typedef struct sortable {
    const char *text;
    int64_t number;
} sortable;

static int compare(const void *a, const void *b)
{
    const sortable *x = a, *y = b;
    if (x->text && y->text)
        return strcmp(x->text, y->text);
    return x->number < y->number ? -1 : x->number > y->number;
}

static sortable sortable_key(const jrpc_type *type, const void *entry)
{
    const jrpc_field *key = &type->element->fields[0];
    const void *at = storage_at(entry, key->offset);
    if (key->type->kind != JRPC_KIND_STRING)
        return (sortable){ NULL, storage_integer(key->type, at) };
    const char *text = storage_pointer(at);
    return (sortable){ text ? text : "", 0 };
}

/* Sorted, equal ones are neighbours: no peer can make this slow. */
static jrpc_status check_keys(const jrpc_type *type, const void *value, wire_failure *failure)
{
    storage_list list = storage_list_get(value);
    if (list.len < 2)
        return JRPC_OK;
    autofree sortable *keys = calloc(list.len, sizeof *keys);
    if (!keys)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    for (size_t i = 0; i < list.len; i++)
        keys[i] = sortable_key(type, storage_at(list.data, i * type->element->size));
    qsort(keys, list.len, sizeof *keys, compare);
    for (size_t i = 1; i < list.len; i++) {
        if (compare(&keys[i - 1], &keys[i]) != 0)
            continue;
        if (keys[i].text)
            return failure_set(failure, JRPC_E_INVALID, "duplicate key \"%.80s\"", keys[i].text);
        return failure_set(failure, JRPC_E_INVALID, "duplicate key %" PRId64, keys[i].number);
    }
    return JRPC_OK;
}

static jrpc_status check_count(wire_failure *failure, const jrpc_type *type, size_t count)
{
    if (type->bound && count > type->bound)
        return failure_set(failure, JRPC_E_INVALID, "%zu entries, at most %" PRIu32 " in %s", count,
                           type->bound, type->name);
    return JRPC_OK;
}

/* ---- encoding ---- */

static jrpc_status encode_entry(encoder *e, const jrpc_type *entry, const void *at)
{
    const jrpc_field *key = &entry->fields[0], *value = &entry->fields[1];
    writer_lit(e->out, "<member><name>");
    size_t start = e->out->len;
    jrpc_status status = write_key(e, key->type, storage_at(at, key->offset));
    if (status < 0)
        return status;
    size_t len = e->out->len - start;
    writer_lit(e->out, "</name>");
    status = codec_encode(e, value->type, value->range, storage_at(at, value->offset));
    if (status < 0 && !buf_failed(e->out)) {
        autofree char *name = strndup(e->out->data + start, len);
        failure_in_member(e->failure, name ? name : "?");
    }
    writer_lit(e->out, "</member>");
    return status;
}

jrpc_status dict_encode(encoder *e, const jrpc_type *type, const void *value)
{
    storage_list list = storage_list_get(value);
    jrpc_status status = check_count(e->failure, type, list.len);
    if (status >= 0)
        status = check_keys(type, value, e->failure);
    if (status >= 0)
        status = encoder_enter(e);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><struct>");
    for (size_t i = 0; status >= 0 && i < list.len; i++)
        status = encode_entry(e, type->element, storage_at(list.data, i * type->element->size));
    writer_lit(e->out, "</struct></value>");
    encoder_leave(e);
    return status;
}

/* ---- decoding ---- */

static jrpc_status count_members(wire_decoder *d, xmpp_stanza_t *structure, size_t *ret_count)
{
    *ret_count = 0;
    xmpp_stanza_t *element = NULL;
    jrpc_status status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &element);
    while (status >= 0 && element) {
        ++*ret_count;
        status = reader_element(d, "struct", xmpp_stanza_get_next(element), &element);
    }
    if (status >= 0 && *ret_count > d->limits->max_elements - d->elements)
        return decoder_visit(d, *ret_count);
    return status;
}

static jrpc_status decode_entry(wire_decoder *d, const jrpc_type *entry, xmpp_stanza_t *element, void *at)
{
    const jrpc_field *key = &entry->fields[0], *member = &entry->fields[1];
    const char *name;
    xmpp_stanza_t *value;
    jrpc_status status = reader_member(d, element, &name, &value);
    if (status >= 0)
        status = read_key(d, key->type, name, storage_at_mutable(at, key->offset));
    if (status < 0)
        return status;
    status = codec_decode(d, member->type, member->range, value, storage_at_mutable(at, member->offset));
    if (status < 0)
        failure_in_member(&d->failure, name);
    return status;
}

static jrpc_status decode_entries(wire_decoder *d, const jrpc_type *type, xmpp_stanza_t *structure,
                                  void *storage)
{
    storage_list list = { NULL, 0, 0 };
    jrpc_status status = count_members(d, structure, &list.len);
    if (status >= 0)
        status = check_count(&d->failure, type, list.len);
    if (status < 0 || list.len == 0)
        return status;
    list.cap = list.len;
    status = decoder_alloc(d, list.len, type->element->size, &list.data);
    if (status < 0)
        return status;
    storage_list_set(storage, list);
    xmpp_stanza_t *element = NULL;
    status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &element);
    for (size_t i = 0; status >= 0 && i < list.len; i++) {
        status =
            decode_entry(d, type->element, element, storage_at_mutable(list.data, i * type->element->size));
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(element), &element);
    }
    return status < 0 ? status : check_keys(type, storage, &d->failure);
}

jrpc_status dict_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage)
{
    if (value->tag != READER_STRUCT)
        return reader_mismatch(d, type->name, value);
    jrpc_status status = decoder_enter(d);
    if (status < 0)
        return status;
    status = decode_entries(d, type, value->element, storage);
    decoder_leave(d);
    return status;
}
