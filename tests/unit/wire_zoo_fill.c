/* SPDX-License-Identifier: MIT */
/* Random values of any described type. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "wire/storage.h"
#include "wire_zoo.h"

#include <xmlrpc-c/base.h>

/* xorshift64*: the same everywhere for the same seed. */
static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

static uint32_t below(uint64_t *seed, uint32_t limit)
{
    return (uint32_t)((next(seed) >> 32) * limit >> 32);
}

static void *need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static uint32_t random_character(uint64_t *seed, bool ascii)
{
    static const uint32_t odd[] = { '&',    '<',    '>',    '\'',    '"',     '\r',    '\n',
                                    '\t',   ' ',    ']',    0x7F,    0x80,    0xE9,    0x20AC,
                                    0xFFFD, 0xD7FF, 0xE000, 0x10000, 0x1F600, 0x10FFFF };
    uint32_t c;
    do {
        c = below(seed, 3) ? 0x20 + below(seed, 0x5F) : odd[below(seed, COUNT_OF(odd))];
    } while (ascii && c > 0x7F);
    return c;
}

static char *random_text(uint64_t *seed, uint32_t chars)
{
    char *text = need(malloc(4 * (size_t)chars + 1)), *at = text;
    for (uint32_t i = 0; i < chars; i++)
        at += utf8_encode(random_character(seed, false), at);
    *at = '\0';
    return text;
}

static double random_double(uint64_t *seed, const jrpc_range *range)
{
    if (range)
        return range->min_double +
               (range->max_double - range->min_double) * (double)below(seed, 1000001) / 1e6;
    double value = 0;
    switch (below(seed, 4)) {
    case 0:
        return (double)(int32_t)next(seed);
    case 1:
        return (double)(int32_t)next(seed) / 100;
    case 2:
        return (double)below(seed, 2) * -0.0;
    default:
        do {
            uint64_t bits = next(seed);
            memcpy(&value, &bits, sizeof value);
        } while (!isfinite(value));
        return value;
    }
}

static void fill_float(void *value, uint64_t *seed)
{
    float narrow = 0;
    do {
        uint32_t bits = (uint32_t)(next(seed) >> 32);
        memcpy(&narrow, &bits, sizeof narrow);
    } while (!isfinite(narrow));
    memcpy(value, &narrow, sizeof narrow);
}

static int64_t random_integer(const jrpc_type *type, const jrpc_range *range, uint64_t *seed)
{
    if (range)
        return range->min_integer + below(seed, (uint32_t)(range->max_integer - range->min_integer + 1));
    int64_t value = (int64_t)next(seed);
    if (below(seed, 2))
        value >>= 8 * below(seed, 8);
    if (type->kind == JRPC_KIND_U64 && !(type->flags & JRPC_TYPE_WIRE_STRING) && value < 0)
        value = ~value;
    return value;
}

static void fill_datetime(void *value, uint64_t *seed)
{
    jrpc_datetime t = { .year = (int32_t)below(seed, 10000),
                        .month = (uint8_t)(1 + below(seed, 12)),
                        .day = (uint8_t)(1 + below(seed, 28)),
                        .hour = (uint8_t)below(seed, 24),
                        .minute = (uint8_t)below(seed, 60),
                        .second = (uint8_t)below(seed, 61) };
    memcpy(value, &t, sizeof t);
}

static void fill_bits(const jrpc_type *type, void *value, uint64_t *seed)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < type->count; i++)
        bits |= below(seed, 2) ? (uint64_t)type->enumerators[i].value : 0;
    storage_set_integer(type, value, (int64_t)bits);
}

/* Elements must differ where that is asked for, keys always: a number in front of the text sees to it. */
static void make_different(const jrpc_type *type, void *value, size_t index)
{
    if (type->kind == JRPC_KIND_STRING) {
        char text[48];
        snprintf(text, sizeof text, "%zu <&> key", index);
        free(storage_pointer(value));
        storage_set_pointer(value, need(jrpc_strdup(text)));
    } else if (type->kind == JRPC_KIND_ENUM) {
        storage_set_integer(type, value, type->enumerators[index % type->count].value);
    } else {
        storage_set_integer(type, value, (int64_t)index);
    }
}

static uint32_t random_count(const jrpc_type *type, unsigned depth, uint64_t *seed)
{
    uint32_t most = depth > 6 ? 0 : type->bound ? type->bound : below(seed, 20) ? 4 : 40;
    if (type->kind == JRPC_KIND_MAP && most > 2)
        most = 2; /* as many keys as a map of booleans has */
    return below(seed, most + 1);
}

static void fill_list(const jrpc_type *type, void *value, unsigned depth, uint64_t *seed)
{
    uint32_t count = random_count(type, depth, seed);
    storage_list list = { NULL, count, count };
    if (count)
        list.data = need(calloc(count, type->element->size));
    storage_list_set(value, list);
    for (uint32_t i = 0; i < count; i++) {
        void *element = storage_at_mutable(list.data, i * (size_t)type->element->size);
        zoo_fill(type->element, NULL, element, depth + 1, seed);
        if (type->flags & JRPC_TYPE_UNIQUE)
            make_different(type->element, element, i);
        if (type->kind == JRPC_KIND_MAP)
            make_different(type->element->fields[0].type, element, i);
    }
}

static void fill_bytes(const jrpc_type *type, void *value, uint64_t *seed)
{
    jrpc_bytes bytes = { NULL, below(seed, (type->bound ? type->bound : 50) + 1), 0 };
    bytes.cap = bytes.len;
    if (bytes.len)
        bytes.data = need(malloc(bytes.len));
    for (size_t i = 0; i < bytes.len; i++)
        bytes.data[i] = (uint8_t)next(seed);
    memcpy(value, &bytes, sizeof bytes);
}

static xmlrpc_value *random_any(unsigned depth, uint64_t *seed)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *value = NULL;
    switch (below(seed, depth > 6 ? 5 : 7)) {
    case 0:
        value = xmlrpc_int_new(&env, (int)next(seed));
        break;
    case 1:
        value = xmlrpc_bool_new(&env, (int)below(seed, 2));
        break;
    case 2:
        value = xmlrpc_double_new(&env, random_double(seed, NULL));
        break;
    case 3:
        value = xmlrpc_nil_new(&env);
        break;
    case 4:
        value = xmlrpc_string_new(&env, "any <text> & more");
        break;
    case 5:
        value = xmlrpc_array_new(&env);
        for (uint32_t i = below(seed, 4); i > 0; i--) {
            xmlrpc_value *item = random_any(depth + 1, seed);
            xmlrpc_array_append_item(&env, value, item);
            xmlrpc_DECREF(item);
        }
        break;
    default:
        value = xmlrpc_struct_new(&env);
        for (uint32_t i = below(seed, 4); i > 0; i--) {
            char name[16];
            snprintf(name, sizeof name, "m<%u>", (unsigned)i);
            xmlrpc_value *item = random_any(depth + 1, seed);
            xmlrpc_struct_set_value(&env, value, name, item);
            xmlrpc_DECREF(item);
        }
    }
    xmlrpc_env_clean(&env);
    return need(value);
}

static void fill_field(const jrpc_field *field, void *base, unsigned depth, uint64_t *seed)
{
    void *at = storage_at_mutable(base, field->offset);
    if (field->flags & JRPC_FIELD_OPTIONAL) {
        if (depth > 6 || below(seed, 2))
            return;
        if (field->flags & JRPC_FIELD_HAS)
            memcpy(storage_at_mutable(base, field->has_offset), &(bool){ true }, sizeof(bool));
        if (storage_is_indirect(field)) {
            void *pointer = need(calloc(1, field->type->size));
            storage_set_pointer(at, pointer);
            at = pointer;
        }
    }
    zoo_fill(field->type, field->range, at, depth + 1, seed);
}

static void fill_union(const jrpc_type *type, void *value, unsigned depth, uint64_t *seed)
{
    const jrpc_type *by = type->discriminator;
    if (by->kind == JRPC_KIND_ENUM)
        zoo_fill(by, NULL, value, depth, seed);
    else
        storage_set_integer(by, value, below(seed, 5));
    const jrpc_field *arm = storage_arm(type, storage_integer(by, value));
    if (arm)
        fill_field(arm, value, depth, seed);
}

static void fill_scalar(const jrpc_type *type, const jrpc_range *range, void *value, uint64_t *seed)
{
    double wide;
    switch (type->kind) {
    case JRPC_KIND_FLOAT:
        fill_float(value, seed);
        break;
    case JRPC_KIND_DOUBLE:
        wide = random_double(seed, range);
        memcpy(value, &wide, sizeof wide);
        break;
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
        storage_set_integer(type, value, random_character(seed, type->kind == JRPC_KIND_CHAR));
        break;
    case JRPC_KIND_DATETIME:
        fill_datetime(value, seed);
        break;
    case JRPC_KIND_ENUM:
        storage_set_integer(type, value, type->enumerators[below(seed, type->count)].value);
        break;
    case JRPC_KIND_BITMASK:
        fill_bits(type, value, seed);
        break;
    default:
        storage_set_integer(type, value, random_integer(type, range, seed));
    }
}

void zoo_fill(const jrpc_type *type, const jrpc_range *range, void *value, unsigned depth, uint64_t *seed)
{
    switch (type->kind) {
    case JRPC_KIND_STRING:
        storage_set_pointer(value, random_text(seed, below(seed, (type->bound ? type->bound : 40) + 1)));
        break;
    case JRPC_KIND_BYTES:
        fill_bytes(type, value, seed);
        break;
    case JRPC_KIND_STRUCT:
        for (uint32_t i = 0; i < type->count; i++)
            fill_field(&type->fields[i], value, depth, seed);
        break;
    case JRPC_KIND_UNION:
        fill_union(type, value, depth, seed);
        break;
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_MAP:
        fill_list(type, value, depth, seed);
        break;
    case JRPC_KIND_ARRAY:
        for (uint32_t i = 0; i < type->bound; i++)
            zoo_fill(type->element, NULL, storage_at_mutable(value, i * (size_t)type->element->size),
                     depth + 1, seed);
        break;
    case JRPC_KIND_ANY:
        storage_set_pointer(value, random_any(depth, seed));
        break;
    default:
        fill_scalar(type, range, value, seed);
    }
}
