/* SPDX-License-Identifier: MIT */
/*
 * The truth about pairs of interfaces: what an old client and a new server do with each other's messages. Every method of
 * the old tables is called with random values; the codec of the one writes, that of the other reads, and the values are
 * compared by what they mean.
 *
 *     breaking_truth OLD.so NEW.so     each has a list `pairs` of the tables that idlgen made: see breaking.py
 *
 * A line for each pair: its name, then "to-new", "to-old" and "defaults" where something differs, or "same".
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <strophe.h>

#include <jrpc/jrpc.h>

#include "base/mem.h"
#include "codegen_fill.h"
#include "wire/envelope.h"
#include "wire/storage.h"

enum { ROUNDS = 200, VALUES_MAX = 16, SIZE_MAX_OF_VALUE = 4096 };

typedef struct pair_entry {
    const char *pair;
    const jrpc_interface *interface_;
} pair_entry;

static xmpp_ctx_t *ctx;
static fill source = { 88172645463325252U, 4 };
static const wire_limits limits = WIRE_LIMITS_DEFAULT;

/* Storage of the parameters or outs of one call. */
typedef struct values {
    const jrpc_type *types[VALUES_MAX];
    const jrpc_range *ranges[VALUES_MAX];
    const char *names[VALUES_MAX];
    void *at[VALUES_MAX];
    size_t len;
} values;

static void *zeroed(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

static void add_value(values *v, const char *name, const jrpc_type *type, const jrpc_range *range)
{
    if (v->len == VALUES_MAX)
        abort();
    v->names[v->len] = name;
    v->types[v->len] = type;
    v->ranges[v->len] = range;
    v->at[v->len++] = zeroed(type->size);
}

static values values_of(const jrpc_method *m, jrpc_direction direction)
{
    values v = { .len = 0 };
    for (size_t i = 0; i < m->param_count; i++) {
        if (m->params[i].direction & direction)
            add_value(&v, m->params[i].name, m->params[i].type, m->params[i].range);
    }
    if (direction == JRPC_OUT && m->result)
        add_value(&v, "_result", m->result, NULL);
    return v;
}

static void values_fill(values *v)
{
    for (size_t i = 0; i < v->len; i++)
        fill_value(&source, v->types[i], v->ranges[i], v->at[i]);
}

static void values_done(values *v)
{
    for (size_t i = 0; i < v->len; i++) {
        jrpc_value_clear(v->types[i], v->at[i]);
        free(v->at[i]);
    }
}

static size_t index_named(const values *v, const char *name)
{
    size_t i = 0;
    while (i < v->len && strcmp(v->names[i], name) != 0)
        i++;
    return i;
}

/* ---- do two values mean the same? w wrote, r read ---- */

static bool same(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r);

static bool is_integer(const jrpc_type *type)
{
    return type->kind >= JRPC_KIND_I8 && type->kind <= JRPC_KIND_U64;
}

/* What travels as one. */
static bool is_whole(const jrpc_type *type)
{
    return is_integer(type) || type->kind == JRPC_KIND_BITMASK ||
           (type->kind == JRPC_KIND_ENUM && type->flags & JRPC_TYPE_WIRE_INT);
}

static bool is_real(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_FLOAT || type->kind == JRPC_KIND_DOUBLE;
}

static double real_of(const jrpc_type *type, const void *at)
{
    float narrow;
    double wide;
    if (type->kind == JRPC_KIND_FLOAT) {
        memcpy(&narrow, at, sizeof narrow);
        return (double)narrow;
    }
    if (type->kind != JRPC_KIND_DOUBLE)
        return (double)storage_integer(type, at);
    memcpy(&wide, at, sizeof wide);
    return wide;
}

/* In the writer's precision. */
static bool same_real(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    double sent = real_of(wt, w), read = real_of(rt, r);
    if (is_whole(wt))
        return (int64_t)read == storage_integer(wt, w);
    if (wt->kind == JRPC_KIND_FLOAT)
        return !((float)read < (float)sent) && !((float)read > (float)sent);
    return !(read < sent) && !(read > sent);
}

/* The text of what travels as one. */
static const char *text_of(const jrpc_type *type, const void *at, char *room)
{
    const char *text = "";
    if (type->kind == JRPC_KIND_STRING)
        text = storage_pointer(at);
    else if (type->kind == JRPC_KIND_ENUM && !(type->flags & JRPC_TYPE_WIRE_INT))
        text = jrpc_enum_to_string(type, storage_integer(type, at));
    else if (type->kind == JRPC_KIND_CHAR || type->kind == JRPC_KIND_WCHAR) {
        uint32_t c = (uint32_t)storage_integer(type, at);
        if (c < 0x80)
            snprintf(room, 32, "%c", (int)c);
        else
            snprintf(room, 32, "%c%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)), 0);
        text = room;
    } else {
        snprintf(room, 32, "%lld", (long long)storage_integer(type, at));
        text = room;
    }
    return text ? text : "";
}

static bool same_text(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* A name that both have must stand for the same number; one that only one of them has is another name for it. */
static bool same_names(const jrpc_type *wt, const jrpc_type *rt, int64_t number)
{
    const jrpc_enumerator *w = enumeration_of(wt, number), *r = enumeration_of(rt, number);
    if (!w || !r || strcmp(w->name, r->name) == 0)
        return w && r;
    return !enumeration_named(wt, r->name) && !enumeration_named(rt, w->name);
}

static bool same_bits(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    int64_t sent = storage_integer(wt, w);
    bool good = sent == storage_integer(rt, r);
    for (uint32_t i = 0; i < wt->count; i++) {
        if (sent & wt->enumerators[i].value)
            good = good && same_names(wt, rt, wt->enumerators[i].value);
    }
    return good;
}

static const jrpc_field *find_field(const jrpc_type *type, const char *name, const void **base)
{
    for (uint32_t i = 0; i < type->count; i++) {
        const jrpc_field *field = &type->fields[i];
        if (field->flags & JRPC_FIELD_BASE) {
            const void *inner = storage_at(*base, field->offset);
            const jrpc_field *found = find_field(field->type, name, &inner);
            if (found) {
                *base = inner;
                return found;
            }
        } else if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

/* Of the members that both know: members that one side does not know are read over, or have their defaults. */
static bool same_structs(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    bool good = true;
    for (uint32_t i = 0; good && i < wt->count; i++) {
        const jrpc_field *field = &wt->fields[i], *other;
        const void *base = r, *sent = storage_member(field, w);
        if (field->flags & JRPC_FIELD_BASE) {
            good = same_structs(field->type, sent, rt, r);
            continue;
        }
        other = find_field(rt, field->name, &base);
        const void *read = other ? storage_member(other, base) : NULL;
        if (other && sent)
            good = read && same(field->type, sent, other->type, read);
        else if (other && (other->flags & JRPC_FIELD_OPTIONAL))
            good = !read;
    }
    return good;
}

static bool same_unions(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    const jrpc_field *sent = storage_arm(wt, storage_integer(wt->discriminator, w));
    const jrpc_field *read = storage_arm(rt, storage_integer(rt->discriminator, r));
    if (!same(wt->discriminator, w, rt->discriminator, r) || !sent != !read)
        return false;
    return !sent || (strcmp(sent->name, read->name) == 0 &&
                     same(sent->type, storage_at(w, sent->offset), read->type, storage_at(r, read->offset)));
}

static storage_list list_of(const jrpc_type *type, const void *at)
{
    if (type->kind == JRPC_KIND_ARRAY)
        return (storage_list){ (void *)(uintptr_t)at, type->bound, type->bound };
    return storage_list_get(at);
}

static bool same_lists(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    storage_list sent = list_of(wt, w), read = list_of(rt, r);
    const jrpc_type *we = wt->kind == JRPC_KIND_BYTES ? &jrpc_type_u8 : wt->element;
    const jrpc_type *re = rt->kind == JRPC_KIND_BYTES ? &jrpc_type_u8 : rt->element;
    bool good = sent.len == read.len;
    for (size_t i = 0; good && i < sent.len; i++)
        good = same(we, storage_at(sent.data, i * we->size), re, storage_at(read.data, i * re->size));
    return good;
}

/* Keys are compared as the texts that they were sent as. */
static bool same_maps(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    storage_list sent = storage_list_get(w), read = storage_list_get(r);
    const jrpc_field *wf = wt->element->fields, *rf = rt->element->fields;
    bool good = sent.len == read.len;
    for (size_t i = 0; good && i < sent.len; i++) {
        char a[32], b[32];
        const void *we = storage_at(sent.data, i * wt->element->size);
        const void *re = storage_at(read.data, i * rt->element->size);
        good = strcmp(text_of(wf[0].type, storage_at(we, wf[0].offset), a),
                      text_of(rf[0].type, storage_at(re, rf[0].offset), b)) == 0 &&
               same(wf[1].type, storage_at(we, wf[1].offset), rf[1].type, storage_at(re, rf[1].offset));
    }
    return good;
}

/* ---- a map and what else travels as a struct ---- */

static bool same_entry(const char *name, const jrpc_type *wt, const void *w, const jrpc_type *map_type, const void *map)
{
    storage_list entries = storage_list_get(map);
    const jrpc_type *entry = map_type->element;
    for (size_t i = 0; i < entries.len; i++) {
        char room[32];
        const void *at = storage_at(entries.data, i * entry->size);
        if (strcmp(text_of(entry->fields[0].type, storage_at(at, entry->fields[0].offset), room), name) == 0)
            return same(wt, w, entry->fields[1].type, storage_at(at, entry->fields[1].offset));
    }
    return false;
}

/* How many of its members were sent; SIZE_MAX: one of them is not in the map, or another value. */
static size_t members_in_map(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    size_t count = 0;
    for (uint32_t i = 0; i < wt->count; i++) {
        const jrpc_field *field = &wt->fields[i];
        const void *sent = storage_member(field, w);
        bool base = field->flags & JRPC_FIELD_BASE;
        size_t inner = base ? members_in_map(field->type, sent, rt, r) : sent ? 1 : 0;
        if (inner == SIZE_MAX || (sent && !base && !same_entry(field->name, field->type, sent, rt, r)))
            return SIZE_MAX;
        count += inner;
    }
    return count;
}

static bool struct_is_map(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    return members_in_map(wt, w, rt, r) == storage_list_get(r).len;
}

static bool union_is_map(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    const jrpc_field *arm = storage_arm(wt, storage_integer(wt->discriminator, w));
    const void *sent = arm ? storage_member(arm, w) : NULL;
    return storage_list_get(r).len == (sent ? 2U : 1U) && same_entry("_d", wt->discriminator, w, rt, r) &&
           (!sent || same_entry(arm->name, arm->type, sent, rt, r));
}

/* An entry that is no member is lost. */
static bool map_is_struct(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    storage_list entries = storage_list_get(w);
    const jrpc_field *key = &wt->element->fields[0], *value = &wt->element->fields[1];
    bool good = true;
    for (size_t i = 0; good && i < entries.len; i++) {
        char room[32];
        const void *at = storage_at(entries.data, i * wt->element->size), *base = r;
        const jrpc_field *field = find_field(rt, text_of(key->type, storage_at(at, key->offset), room), &base);
        const void *read = field ? storage_member(field, base) : NULL;
        good = read && same(value->type, storage_at(at, value->offset), field->type, read);
    }
    return good;
}

static bool is_aggregate(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_STRUCT || type->kind == JRPC_KIND_UNION || type->kind == JRPC_KIND_MAP;
}

/* Of other kinds: what a union says by its _d, nothing else says. */
static bool same_aggregates(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    if (wt->kind == JRPC_KIND_STRUCT && rt->kind == JRPC_KIND_MAP)
        return struct_is_map(wt, w, rt, r);
    if (wt->kind == JRPC_KIND_UNION && rt->kind == JRPC_KIND_MAP)
        return union_is_map(wt, w, rt, r);
    return wt->kind == JRPC_KIND_MAP && rt->kind == JRPC_KIND_STRUCT && map_is_struct(wt, w, rt, r);
}

static bool is_list(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_ARRAY || type->kind == JRPC_KIND_BYTES;
}

static bool same(const jrpc_type *wt, const void *w, const jrpc_type *rt, const void *r)
{
    char a[32], b[32];
    /* What any holds is what was sent: there is nothing in between that could change it. */
    if (rt->kind == JRPC_KIND_ANY || wt->kind == JRPC_KIND_ANY)
        return true;
    if (wt->kind == JRPC_KIND_STRUCT && rt->kind == JRPC_KIND_STRUCT)
        return same_structs(wt, w, rt, r);
    if (wt->kind == JRPC_KIND_UNION && rt->kind == JRPC_KIND_UNION)
        return same_unions(wt, w, rt, r);
    if (wt->kind == JRPC_KIND_MAP && rt->kind == JRPC_KIND_MAP)
        return same_maps(wt, w, rt, r);
    if (is_aggregate(wt) || is_aggregate(rt))
        return same_aggregates(wt, w, rt, r);
    if (is_list(wt) && is_list(rt))
        return same_lists(wt, w, rt, r);
    if (wt->kind == JRPC_KIND_BITMASK && rt->kind == JRPC_KIND_BITMASK)
        return same_bits(wt, w, rt, r);
    if (wt->kind == JRPC_KIND_ENUM && rt->kind == JRPC_KIND_ENUM && (wt->flags & rt->flags & JRPC_TYPE_WIRE_INT))
        return storage_integer(wt, w) == storage_integer(rt, r) && same_names(wt, rt, storage_integer(wt, w));
    if (wt->kind == JRPC_KIND_ENUM && rt->kind == JRPC_KIND_ENUM)
        return same_text(jrpc_enum_to_string(wt, storage_integer(wt, w)), jrpc_enum_to_string(rt, storage_integer(rt, r)));
    if (is_real(rt) && (is_real(wt) || is_whole(wt)))
        return same_real(wt, w, rt, r);
    if (is_whole(wt) && is_whole(rt))
        return storage_integer(wt, w) == storage_integer(rt, r);
    if (wt->kind == JRPC_KIND_DATETIME)
        return wt->kind == rt->kind && jrpc_value_equal(wt, w, r);
    return strcmp(text_of(wt, w, a), text_of(rt, r, b)) == 0;
}

/* ---- messages ---- */

static xmpp_stanza_t *parse(const buf *text)
{
    xmpp_stanza_t *tree = xmpp_stanza_new_from_string(ctx, text->data);
    if (!tree)
        abort();
    return tree;
}

/* By name where both have it: what is sent by place must not come as another. */
static bool params_agree(const values *sent, const values *read)
{
    bool good = true;
    for (size_t i = 0; good && i < sent->len; i++) {
        size_t k = index_named(read, sent->names[i]);
        if (k == read->len)
            k = i;
        good = same(sent->types[i], sent->at[i], read->types[k], read->at[k]);
    }
    return good;
}

/* An old client calls. */
static bool call_is_understood(const jrpc_method *was, const jrpc_method *is)
{
    AUTO(buf_done) buf text = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    wire_decoder d = WIRE_DECODER_INIT(&limits, NULL);
    values sent = values_of(was, JRPC_IN), read = values_of(is, JRPC_IN);
    envelope_call call;
    bool good = true;
    values_fill(&sent);
    if (envelope_write_call(&text, was, (const void *const *)sent.at, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK) {
        xmpp_stanza_t *query = parse(&text);
        good = envelope_read_call(query, &call, &failure) == JRPC_OK && strcmp(call.method, is->wire_name) == 0 &&
               envelope_read_params(&d, is, call.params, read.at) == JRPC_OK && params_agree(&sent, &read);
        xmpp_stanza_release(query);
    }
    values_done(&sent);
    values_done(&read);
    return good;
}

/* All that the old client expects was meant by the server. */
static bool outs_agree(const values *sent, const values *read)
{
    bool good = true;
    for (size_t i = 0; good && i < read->len; i++) {
        size_t k = index_named(sent, read->names[i]);
        good = k < sent->len && same(sent->types[k], sent->at[k], read->types[i], read->at[i]);
    }
    return good;
}

/* A new server answers. */
static bool answer_is_understood(const jrpc_method *was, const jrpc_method *is)
{
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_failure failure = WIRE_FAILURE_INIT;
    wire_decoder d = WIRE_DECODER_INIT(&limits, NULL);
    values sent = values_of(is, JRPC_OUT), read = values_of(was, JRPC_OUT);
    bool good = true;
    values_fill(&sent);
    if (envelope_write_result(&text, is, sent.at, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK) {
        xmpp_stanza_t *query = parse(&text);
        good = envelope_read_reply(query, &reply, &failure) == JRPC_OK &&
               envelope_read_result(&d, was, &reply, read.at) == JRPC_OK && outs_agree(&sent, &read);
        xmpp_stanza_release(query);
    }
    values_done(&sent);
    values_done(&read);
    return good;
}

static const jrpc_exception *exception_of(const jrpc_method *m, int32_t code, const char *name)
{
    for (size_t i = 0; i < m->exception_count; i++) {
        if (name ? strcmp(m->exceptions[i]->name, name) == 0 : m->exceptions[i]->code == code)
            return m->exceptions[i];
    }
    return NULL;
}

static bool members_are_understood(const jrpc_exception *was, const jrpc_exception *is, const envelope_reply *reply,
                                   const void *sent)
{
    wire_decoder d = WIRE_DECODER_INIT(&limits, NULL);
    void *read = zeroed(was->type->size);
    bool good = envelope_read_exception(&d, was, reply, read) == JRPC_OK;
    /* Members of another name's are not looked at: then an old client has what nobody sent. */
    bool looked_at = strcmp(was->name, is->name) == 0 || was->type->count == 0;
    good = good && looked_at && same(is->type, sent, was->type, read);
    jrpc_value_clear(was->type, read);
    free(read);
    return good;
}

/* A new server raises; an old client that does not know the exception has its code and text. */
static bool exception_is_understood(const jrpc_method *was, const jrpc_exception *is)
{
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(envelope_reply_done) envelope_reply reply = { .fault_text = NULL };
    wire_failure failure = WIRE_FAILURE_INIT;
    void *sent = zeroed(is->type->size);
    bool good = true;
    fill_value(&source, is->type, NULL, sent);
    if (envelope_write_exception(&text, is, is->name, sent, true, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK) {
        xmpp_stanza_t *query = parse(&text);
        good = envelope_read_reply(query, &reply, &failure) == JRPC_OK && reply.is_fault;
        const jrpc_exception *known = good ? exception_of(was, reply.fault_code, NULL) : NULL;
        const jrpc_exception *namesake = exception_of(was, 0, is->name);
        if (known && (known == namesake || !namesake))
            good = good && members_are_understood(known, is, &reply, sent);
        else if (namesake)
            good = false; /* taken for another one, or for none */
        xmpp_stanza_release(query);
    }
    jrpc_value_clear(is->type, sent);
    free(sent);
    return good;
}

/* ---- what T_init() sets, and what of the members that a program stores is sent ---- */

static bool same_default(const jrpc_field *a, const jrpc_field *b)
{
    _Alignas(max_align_t) static const char zero[SIZE_MAX_OF_VALUE];
    if (!(a->flags & JRPC_FIELD_OPTIONAL) && (b->flags & JRPC_FIELD_HAS))
        return false; /* nothing, for a program that knows nothing of has_x */
    if (a->type->kind != b->type->kind || a->type->size != b->type->size || a->type->size > sizeof zero ||
        ((a->flags | b->flags) & JRPC_FIELD_OPTIONAL))
        return true;
    return jrpc_value_equal(a->type, a->default_value ? a->default_value : zero, b->default_value ? b->default_value : zero);
}

static bool same_defaults(const jrpc_type *was, const jrpc_type *is)
{
    bool good = true;
    if (was->kind != JRPC_KIND_STRUCT || is->kind != JRPC_KIND_STRUCT || strcmp(was->name, is->name) != 0)
        return true;
    for (uint32_t i = 0; i < was->count; i++) {
        const void *base = NULL;
        const jrpc_field *other = was->fields[i].flags & JRPC_FIELD_BASE ? NULL : find_field(is, was->fields[i].name, &base);
        good = good && (!other || same_default(&was->fields[i], other));
    }
    return good;
}

/* ---- pairs ---- */

typedef struct truth {
    bool to_new, to_old, defaults;
} truth;

static void try_method(const jrpc_method *was, const jrpc_method *is, truth *t)
{
    for (int i = 0; i < ROUNDS; i++) {
        t->to_new |= !call_is_understood(was, is);
        t->to_old |= !answer_is_understood(was, is);
        for (size_t k = 0; k < is->exception_count; k++)
            t->to_old |= !exception_is_understood(was, is->exceptions[k]);
    }
    for (size_t i = 0; i < was->param_count && i < is->param_count; i++)
        t->defaults |= !same_defaults(was->params[i].type, is->params[i].type);
    if (was->result && is->result)
        t->defaults |= !same_defaults(was->result, is->result);
}

static const jrpc_method *find_method(const jrpc_interface *in, const char *wire_name)
{
    for (uint32_t i = 0; i < in->method_count; i++) {
        if (strcmp(in->methods[i].wire_name, wire_name) == 0)
            return &in->methods[i];
    }
    return NULL;
}

/* In the interface of that name, or in any when there is none. */
static const jrpc_method *find_server(const pair_entry *is, const pair_entry *was, const char *wire_name)
{
    const jrpc_method *anywhere = NULL;
    for (; is->pair; is++) {
        if (strcmp(is->pair, was->pair) != 0)
            continue;
        const jrpc_method *found = find_method(is->interface_, wire_name);
        if (strcmp(is->interface_->name, was->interface_->name) == 0)
            return found;
        anywhere = anywhere ? anywhere : found;
    }
    return anywhere;
}

static void try_interface(const pair_entry *was, const pair_entry *is, truth *t)
{
    for (uint32_t i = 0; i < was->interface_->method_count; i++) {
        const jrpc_method *method = &was->interface_->methods[i], *server = find_server(is, was, method->wire_name);
        if (server)
            try_method(method, server, t);
        else
            t->to_new = true; /* -32601 */
    }
}

static const pair_entry *load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const pair_entry *entries = library ? dlsym(library, "pairs") : NULL;
    if (!entries) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    return entries;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    xmpp_initialize();
    ctx = xmpp_ctx_new(NULL, NULL);
    const pair_entry *was = load(argv[1]), *is = load(argv[2]);
    while (was->pair) {
        truth t = { false, false, false };
        const char *pair = was->pair;
        for (; was->pair && strcmp(was->pair, pair) == 0; was++)
            try_interface(was, is, &t);
        printf("%s%s%s%s%s\n", pair, t.to_new ? " to-new" : "", t.to_old ? " to-old" : "", t.defaults ? " defaults" : "",
               t.to_new || t.to_old || t.defaults ? "" : " same");
    }
    xmpp_ctx_free(ctx);
    xmpp_shutdown();
    return 0;
}
