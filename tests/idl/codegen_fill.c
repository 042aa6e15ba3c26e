/* SPDX-License-Identifier: MIT */
/* Random values of any described type, made by the descriptor alone. */
#include "codegen_fill.h"

#include <stdlib.h>
#include <string.h>

#include <xmlrpc-c/base.h>

/* xorshift64* */
uint64_t fill_random(fill *f)
{
    f->state ^= f->state >> 12;
    f->state ^= f->state << 25;
    f->state ^= f->state >> 27;
    return f->state * UINT64_C(2685821657736338717);
}

static size_t below(fill *f, size_t limit)
{
    return limit ? (size_t)(fill_random(f) % limit) : 0;
}

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void store(const jrpc_type *type, void *storage, int64_t value)
{
    switch (type->size) {
    case 1:
        memcpy(storage, &(uint8_t){ (uint8_t)value }, 1);
        break;
    case 2:
        memcpy(storage, &(uint16_t){ (uint16_t)value }, 2);
        break;
    case 4:
        memcpy(storage, &(uint32_t){ (uint32_t)value }, 4);
        break;
    default:
        memcpy(storage, &value, 8);
        break;
    }
}

static void fill_integer(fill *f, const jrpc_type *type, const jrpc_range *range, void *storage)
{
    int64_t value = (int64_t)fill_random(f);

    if (type->kind == JRPC_KIND_U64)
        value &= INT64_MAX;
    if (range) {
        uint64_t span = (uint64_t)range->max_integer - (uint64_t)range->min_integer;
        value = range->min_integer + (int64_t)below(f, span < 1000 ? (size_t)span + 1 : 1000);
    }
    store(type, storage, value);
}

static void fill_real(fill *f, const jrpc_type *type, const jrpc_range *range, void *storage)
{
    double value = ((double)below(f, 2000001) - 1000000.0) / 64.0;

    /* More digits than a float has. */
    if (type->kind == JRPC_KIND_DOUBLE)
        value += (double)below(f, 1000) / 0x1p30;
    if (range && value < range->min_double)
        value = -value;
    if (type->kind == JRPC_KIND_FLOAT)
        memcpy(storage, &(float){ (float)value }, sizeof(float));
    else
        memcpy(storage, &value, sizeof value);
}

static char *random_text(fill *f, const jrpc_type *type)
{
    static const char *const pieces[] = {
        "a", "<", "&", "]]>", " ", "\n", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "0"
    };
    char text[64] = "";
    size_t count = below(f, type->bound ? type->bound + 1 : 12);

    /* Pieces of one character each, but for "]]>", which counts three. */
    for (size_t i = 0; i < count && i < 12; i++) {
        const char *piece = pieces[below(f, sizeof pieces / sizeof pieces[0])];
        strcat(text, strcmp(piece, "]]>") == 0 && type->bound ? "x" : piece);
    }
    return must(jrpc_strdup(text));
}

static void fill_bytes(fill *f, const jrpc_type *type, jrpc_bytes *bytes)
{
    bytes->len = bytes->cap = below(f, type->bound ? type->bound + 1 : 40);
    bytes->data = bytes->len ? must(jrpc_alloc(bytes->len)) : NULL;
    for (size_t i = 0; i < bytes->len; i++)
        bytes->data[i] = (uint8_t)fill_random(f);
}

static void fill_datetime(fill *f, jrpc_datetime *t)
{
    *t = (jrpc_datetime){
        .year = (int32_t)(1900 + below(f, 200)),
        .month = (uint8_t)(1 + below(f, 12)),
        .day = (uint8_t)(1 + below(f, 28)),
        .hour = (uint8_t)below(f, 24),
        .minute = (uint8_t)below(f, 60),
        .second = (uint8_t)below(f, 60),
    };
}

static void fill_any(fill *f, xmlrpc_value **value)
{
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    if (below(f, 2))
        *value = xmlrpc_build_value(&env, "{s:i,s:(sb)}", "n", (xmlrpc_int32)below(f, 1000), "list", "text",
                                    (xmlrpc_bool)below(f, 2));
    else
        *value = xmlrpc_string_new(&env, "anything");
    if (env.fault_occurred)
        abort();
    xmlrpc_env_clean(&env);
}

static int64_t random_bits(fill *f, const jrpc_type *type)
{
    uint64_t bits = 0;

    for (uint32_t i = 0; i < type->count; i++)
        if (below(f, 2))
            bits |= (uint64_t)type->enumerators[i].value;
    /* What does not fit an <i8> cannot be sent. */
    return (int64_t)(bits & INT64_MAX);
}

static void fill_struct(fill *f, const jrpc_type *type, char *base)
{
    for (uint32_t i = 0; i < type->count; i++) {
        const jrpc_field *field = &type->fields[i];
        void *at = base + field->offset;
        bool absent = (field->flags & JRPC_FIELD_OPTIONAL) && below(f, 2);
        bool pointer = field->type->kind == JRPC_KIND_STRING || field->type->kind == JRPC_KIND_ANY;
        if (absent)
            continue;
        if (field->flags & JRPC_FIELD_HAS) {
            memcpy(base + field->has_offset, &(bool){ true }, sizeof(bool));
        } else if ((field->flags & JRPC_FIELD_OPTIONAL) && !pointer) {
            void *box = must(jrpc_alloc(field->type->size));
            memcpy(at, &box, sizeof box);
            at = box;
        }
        fill_value(f, field->type, field->range, at);
    }
}

static void fill_union(fill *f, const jrpc_type *type, char *base)
{
    const jrpc_field *arm = &type->fields[below(f, type->count)];
    int64_t label = arm->label_count ? arm->labels[below(f, arm->label_count)] : 0;

    /* A default arm without labels: an enumerator that no arm has. */
    uint32_t count = type->discriminator->count, first = (uint32_t)below(f, count);
    for (uint32_t i = 0; arm->label_count == 0 && i < count; i++) {
        label = type->discriminator->enumerators[(first + i) % count].value;
        bool used = false;
        for (uint32_t k = 0; k < type->count; k++)
            for (uint32_t l = 0; l < type->fields[k].label_count; l++)
                used |= type->fields[k].labels[l] == label;
        if (!used)
            break;
    }
    store(type->discriminator, base, label);
    fill_value(f, arm->type, arm->range, base + arm->offset);
}

typedef struct any_list {
    char *data;
    size_t len, cap;
} any_list;

static void fill_list(fill *f, const jrpc_type *type, void *storage)
{
    any_list list = { 0 };
    size_t size = type->element->size, want = below(f, type->bound && type->bound < 4 ? type->bound + 1 : 4);

    if (f->depth <= 0)
        want = 0;
    f->depth--;
    list.len = list.cap = want;
    list.data = want ? must(jrpc_alloc(want * size)) : NULL;
    for (size_t i = 0; i < want; i++) {
        bool again = true;
        while (again) {
            fill_value(f, type->element, NULL, list.data + i * size);
            again = false;
            const jrpc_type *key = type->kind == JRPC_KIND_MAP ? type->element->fields[0].type
                                                               : type->element;
            bool distinct = type->kind == JRPC_KIND_MAP || (type->flags & JRPC_TYPE_UNIQUE);
            for (size_t k = 0; distinct && k < i; k++)
                again |= jrpc_value_equal(key, list.data + k * size, list.data + i * size);
            if (again)
                jrpc_value_clear(type->element, list.data + i * size);
            /* Of a small enum there may be no other key. */
            if (again && fill_random(f) % 8 == 0) {
                list.len = i;
                want = i;
                break;
            }
        }
    }
    f->depth++;
    memcpy(storage, &list, sizeof list);
}

static void fill_array(fill *f, const jrpc_type *type, char *storage)
{
    for (uint32_t i = 0; i < type->bound; i++)
        fill_value(f, type->element, NULL, storage + (size_t)i * type->element->size);
}

void fill_value(fill *f, const jrpc_type *type, const jrpc_range *range, void *storage)
{
    memset(storage, 0, type->size);
    switch ((jrpc_kind)type->kind) {
    case JRPC_KIND_BOOL:
        memcpy(storage, &(bool){ below(f, 2) == 1 }, sizeof(bool));
        break;
    case JRPC_KIND_FLOAT:
    case JRPC_KIND_DOUBLE:
        fill_real(f, type, range, storage);
        break;
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
        store(type, storage, (int64_t)(0x21 + below(f, type->kind == JRPC_KIND_CHAR ? 0x5E : 0x500)));
        break;
    case JRPC_KIND_STRING:
        memcpy(storage, &(char *){ random_text(f, type) }, sizeof(char *));
        break;
    case JRPC_KIND_BYTES:
        fill_bytes(f, type, storage);
        break;
    case JRPC_KIND_DATETIME:
        fill_datetime(f, storage);
        break;
    case JRPC_KIND_ENUM:
        store(type, storage, type->enumerators[below(f, type->count)].value);
        break;
    case JRPC_KIND_BITMASK:
        store(type, storage, random_bits(f, type));
        break;
    case JRPC_KIND_STRUCT:
        fill_struct(f, type, storage);
        break;
    case JRPC_KIND_UNION:
        fill_union(f, type, storage);
        break;
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_MAP:
        fill_list(f, type, storage);
        break;
    case JRPC_KIND_ARRAY:
        fill_array(f, type, storage);
        break;
    case JRPC_KIND_ANY:
        fill_any(f, storage);
        break;
    default:
        fill_integer(f, type, range, storage);
        break;
    }
}
