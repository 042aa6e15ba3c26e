/* SPDX-License-Identifier: MIT */
/* Unions: a struct of the discriminator, called _d, and the member that it selects. */
#include "wire/codec.h"

#include <inttypes.h>

#define DISCRIMINATOR "_d"

jrpc_status union_encode(encoder *e, const jrpc_type *type, const void *value)
{
    jrpc_status status = encoder_enter(e);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><struct>");
    status = struct_write_member(e, DISCRIMINATOR, type->discriminator, NULL, value);
    const jrpc_field *arm = storage_arm(type, storage_integer(type->discriminator, value));
    const void *member = arm ? storage_member(arm, value) : NULL;
    if (status >= 0 && member)
        status = struct_write_member(e, arm->name, arm->type, arm->range, member);
    writer_lit(e->out, "</struct></value>");
    encoder_leave(e);
    return status;
}

/* What a peer sent: both may come in any order, so they are found first and decoded then. */
typedef struct parts {
    xmpp_stanza_t *discriminator, *member;
    const char *name; /* of the member */
} parts;

static bool is_arm(const jrpc_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->count; i++) {
        if (strcmp(type->fields[i].name, name) == 0)
            return true;
    }
    return false;
}

static jrpc_status take_part(wire_decoder *d, const jrpc_type *type, xmpp_stanza_t *element, parts *p)
{
    const char *name;
    xmpp_stanza_t *value;
    jrpc_status status = reader_member(d, element, &name, &value);
    if (status < 0)
        return status;
    bool discriminator = strcmp(name, DISCRIMINATOR) == 0;
    if (!discriminator && !is_arm(type, name))
        return JRPC_OK;
    xmpp_stanza_t **which = discriminator ? &p->discriminator : &p->member;
    if (*which && (discriminator || strcmp(name, p->name) == 0))
        return failure_set(&d->failure, JRPC_E_INVALID, "duplicate member \"%.80s\"", name);
    if (*which)
        return failure_set(&d->failure, JRPC_E_INVALID, "both \"%.80s\" and \"%.80s\" in a union", p->name,
                           name);
    *which = value;
    if (!discriminator)
        p->name = name;
    return JRPC_OK;
}

static jrpc_status find_parts(wire_decoder *d, const jrpc_type *type, xmpp_stanza_t *structure, parts *p)
{
    *p = (parts){ NULL, NULL, NULL };
    xmpp_stanza_t *element = NULL;
    jrpc_status status = reader_element(d, "struct", xmpp_stanza_get_children(structure), &element);
    while (status >= 0 && element) {
        status = take_part(d, type, element, p);
        if (status >= 0)
            status = reader_element(d, "struct", xmpp_stanza_get_next(element), &element);
    }
    if (status >= 0 && !p->discriminator)
        status = failure_set(&d->failure, JRPC_E_INVALID, "missing member \"" DISCRIMINATOR "\"");
    return status;
}

static jrpc_status decode_arm(wire_decoder *d, const jrpc_field *arm, xmpp_stanza_t *value, void *storage)
{
    void *at = storage_at_mutable(storage, arm->offset);
    jrpc_status status = JRPC_OK;
    if (storage_is_indirect(arm)) {
        void *pointer = NULL;
        status = decoder_alloc(d, 1, arm->type->size, &pointer);
        if (status < 0)
            return status;
        storage_set_pointer(at, pointer);
        at = pointer;
    }
    status = codec_decode(d, arm->type, arm->range, value, at);
    if (status < 0)
        failure_in_member(&d->failure, arm->name);
    return status;
}

static jrpc_status decode_parts(wire_decoder *d, const jrpc_type *type, const parts *p, void *storage)
{
    jrpc_status status = codec_decode(d, type->discriminator, NULL, p->discriminator, storage);
    if (status < 0) {
        failure_in_member(&d->failure, DISCRIMINATOR);
        return status;
    }
    const jrpc_field *arm = storage_arm(type, storage_integer(type->discriminator, storage));
    if (p->member && (!arm || strcmp(arm->name, p->name) != 0))
        return failure_set(&d->failure, JRPC_E_INVALID,
                           "member \"%.80s\" is not the one that \"" DISCRIMINATOR "\" selects", p->name);
    if (!p->member && arm && !(arm->flags & JRPC_FIELD_OPTIONAL))
        return failure_set(&d->failure, JRPC_E_INVALID, "missing member \"%s\"", arm->name);
    return p->member ? decode_arm(d, arm, p->member, storage) : JRPC_OK;
}

jrpc_status union_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage)
{
    if (value->tag != READER_STRUCT)
        return reader_mismatch(d, type->name, value);
    jrpc_status status = decoder_enter(d);
    if (status < 0)
        return status;
    parts p;
    status = find_parts(d, type, value->element, &p);
    if (status >= 0)
        status = decode_parts(d, type, &p, storage);
    decoder_leave(d);
    return status;
}

jrpc_status jrpc_union_select(const jrpc_type *type, void *value, uint32_t arm, int64_t label)
{
    const jrpc_field *selected = storage_arm(type, label);
    if (!selected || arm >= type->count || selected != &type->fields[arm])
        return JRPC_E_INVALID;
    jrpc_value_clear(type, value);
    storage_set_integer(type->discriminator, value, label);
    return JRPC_OK;
}
