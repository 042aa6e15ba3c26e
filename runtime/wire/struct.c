/* SPDX-License-Identifier: MIT */
/* Structs: members by name, those of base structs among them. */
#include "wire/codec.h"

#include <stdlib.h>

#include "base/mem.h"

/* ---- encoding ---- */

static void open_member(buf *out, const char *name)
{
    writer_lit(out, "<member><name>");
    writer_text(out, name, strlen(name));
    writer_lit(out, "</name>");
}

jrpc_status struct_write_member(encoder *e, const char *name, const jrpc_type *type, const jrpc_range *range,
                                const void *value)
{
    open_member(e->out, name);
    jrpc_status status = codec_encode(e, type, range, value);
    if (status < 0)
        failure_in_member(e->failure, name);
    writer_lit(e->out, "</member>");
    return status;
}

static jrpc_status encode_members(encoder *e, const jrpc_type *type, const void *base)
{
    jrpc_status status = JRPC_OK;
    for (uint32_t i = 0; status >= 0 && i < type->count; i++) {
        const jrpc_field *field = &type->fields[i];
        const void *value = storage_member(field, base);
        if (field->flags & JRPC_FIELD_BASE)
            status = encode_members(e, field->type, value);
        else if (value)
            status = struct_write_member(e, field->name, field->type, field->range, value);
    }
    return status;
}

jrpc_status struct_encode(encoder *e, const jrpc_type *type, const void *value)
{
    jrpc_status status = encoder_enter(e);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><struct>");
    status = encode_members(e, type, value);
    writer_lit(e->out, "</struct></value>");
    encoder_leave(e);
    return status;
}

/* ---- decoding ---- */

/* A member of a struct, its base's members counted first. */
typedef struct member {
    const jrpc_field *field;
    size_t base; /* offset of the (base) struct that it belongs to */
} member;

static size_t member_count(const jrpc_type *type)
{
    size_t count = 0;
    for (; type->count && (type->fields[0].flags & JRPC_FIELD_BASE); type = type->fields[0].type)
        count += type->count - 1;
    return count + type->count;
}

/* The member of this index; the base is the first field of a struct that has one. */
static member member_at(const jrpc_type *type, size_t index)
{
    member found = { NULL, 0 };
    while (type->count && (type->fields[0].flags & JRPC_FIELD_BASE)) {
        const jrpc_field *base = &type->fields[0];
        size_t inherited = member_count(base->type);
        if (index >= inherited) {
            found.field = &type->fields[1 + index - inherited];
            return found;
        }
        found.base += base->offset;
        type = base->type;
    }
    found.field = &type->fields[index];
    return found;
}

/* What is known about the struct that is being read. */
typedef struct members {
    const jrpc_type *type;
    char *storage;
    size_t count, next; /* next: the index after the last one found, for peers mostly keep the order */
    uint64_t *seen;     /* one bit each */
} members;

static bool was_seen(const members *m, size_t index)
{
    return m->seen[index / 64] >> (index % 64) & 1;
}

/* False: no such member. */
static bool find_member(members *m, const char *name, size_t *ret_index, member *ret)
{
    size_t index = m->next;
    for (size_t tries = 0; tries < m->count; tries++, index++) {
        if (index >= m->count)
            index = 0;
        *ret = member_at(m->type, index);
        if (strcmp(ret->field->name, name) == 0) {
            *ret_index = index;
            m->next = index + 1;
            return true;
        }
    }
    return false;
}

static jrpc_status is_nil(wire_decoder *d, xmpp_stanza_t *value, bool *ret_nil)
{
    size_t elements = d->elements;
    reader_value opened;
    jrpc_status status = reader_open(d, value, &opened);
    d->elements = elements; /* it will be opened again */
    *ret_nil = status >= 0 && opened.tag == READER_NIL;
    return status;
}

/* Into an optional member: nil means absent, except where nil is a value. */
static jrpc_status decode_optional(wire_decoder *d, const member *m, xmpp_stanza_t *value, char *base)
{
    const jrpc_field *field = m->field;
    void *at = base + field->offset;
    bool nil = false;
    if (field->type->kind != JRPC_KIND_ANY) {
        jrpc_status status = is_nil(d, value, &nil);
        if (status < 0 || nil)
            return status;
    }
    if (storage_is_indirect(field)) {
        void *pointer = NULL;
        jrpc_status status = decoder_alloc(d, 1, field->type->size, &pointer);
        if (status < 0)
            return status;
        storage_set_pointer(at, pointer);
        at = pointer;
    }
    if (field->flags & JRPC_FIELD_HAS)
        memcpy(base + field->has_offset, &(bool){ true }, sizeof(bool));
    return codec_decode(d, field->type, field->range, value, at);
}

static jrpc_status decode_member(wire_decoder *d, members *m, xmpp_stanza_t *element)
{
    const char *name;
    xmpp_stanza_t *value;
    jrpc_status status = reader_member(d, element, &name, &value);
    if (status < 0)
        return status;
    size_t index;
    member found;
    if (!find_member(m, name, &index, &found))
        return JRPC_OK; /* a newer peer may have more members */
    if (was_seen(m, index))
        return failure_set(&d->failure, JRPC_E_INVALID, "duplicate member \"%.80s\"", name);
    m->seen[index / 64] |= UINT64_C(1) << (index % 64);
    char *base = m->storage + found.base;
    if (found.field->flags & JRPC_FIELD_OPTIONAL)
        status = decode_optional(d, &found, value, base);
    else
        status = codec_decode(d, found.field->type, found.field->range, value, base + found.field->offset);
    if (status < 0)
        failure_in_member(&d->failure, found.field->name);
    return status;
}

/* What the peer left out: absent, or the default, or an error. */
static jrpc_status fill_missing(wire_decoder *d, const members *m)
{
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; status >= 0 && i < m->count; i++) {
        if (was_seen(m, i))
            continue;
        member missing = member_at(m->type, i);
        const jrpc_field *field = missing.field;
        if (field->flags & JRPC_FIELD_OPTIONAL)
            continue;
        if (!field->default_value)
            return failure_set(&d->failure, JRPC_E_INVALID, "missing member \"%s\"", field->name);
        status =
            storage_copy(d, field->type, field->default_value, m->storage + missing.base + field->offset);
    }
    return status;
}

static jrpc_status decode_members(wire_decoder *d, members *m, xmpp_stanza_t *structure)
{
    xmpp_stanza_t *element = NULL;
    jrpc_status status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &element);
    while (status >= 0 && element) {
        status = decode_member(d, m, element);
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(element), &element);
    }
    return status < 0 ? status : fill_missing(d, m);
}

jrpc_status struct_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage)
{
    if (value->tag != READER_STRUCT)
        return reader_mismatch(d, type->name, value);
    uint64_t few[4] = { 0, 0, 0, 0 };
    autofree uint64_t *many = NULL;
    members m = { type, storage, member_count(type), 0, few };
    if (m.count > 64 * COUNT_OF(few)) {
        many = calloc(m.count / 64 + 1, sizeof *many);
        if (!many)
            return decoder_nomem(d);
        m.seen = many;
    }
    jrpc_status status = decoder_enter(d);
    if (status < 0)
        return status;
    status = decode_members(d, &m, value->element);
    decoder_leave(d);
    return status;
}
