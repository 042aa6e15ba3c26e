/* SPDX-License-Identifier: MIT */
/* C values by descriptor: memory, initial values, freeing, copying. */
#include "wire/storage.h"

#include <stdlib.h>

#include <xmlrpc-c/base.h>

#include "wire/decoder.h"

/* ---- heap ---- */

void *jrpc_alloc(size_t size)
{
    return malloc(size ? size : 1);
}

char *jrpc_strdup(const char *text)
{
    return text ? jrpc_strndup(text, strlen(text)) : NULL;
}

char *jrpc_strndup(const char *text, size_t length)
{
    size_t len = strnlen(text, length);
    char *copy = malloc(len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

void jrpc_free(void *memory)
{
    free(memory);
}

jrpc_status jrpc_seq_reserve(void *sequence, size_t element_size, size_t want)
{
    storage_list list = storage_list_get(sequence);
    if (want <= list.cap)
        return JRPC_OK;
    size_t cap = list.cap < SIZE_MAX / 4 ? list.cap + list.cap / 2 : want;
    cap = cap > want ? cap : want;
    if (cap < 4 && want <= 4)
        cap = 4;
    if (element_size && cap > SIZE_MAX / 2 / element_size)
        return JRPC_E_NOMEM;
    void *data = realloc(list.data, element_size ? cap * element_size : 1);
    if (!data)
        return JRPC_E_NOMEM;
    list.data = data;
    list.cap = cap;
    storage_list_set(sequence, list);
    return JRPC_OK;
}

jrpc_status jrpc_seq_push(void *sequence, const void *element, size_t element_size)
{
    size_t len = storage_list_get(sequence).len;
    if (len == SIZE_MAX || jrpc_seq_reserve(sequence, element_size, len + 1) < 0)
        return JRPC_E_NOMEM;
    storage_list list = storage_list_get(sequence);
    memcpy((char *)list.data + list.len * element_size, element, element_size);
    list.len++;
    storage_list_set(sequence, list);
    return JRPC_OK;
}

/* ---- parts ---- */

const void *storage_member(const jrpc_field *field, const void *base)
{
    const void *at = storage_at(base, field->offset);
    if (!(field->flags & JRPC_FIELD_OPTIONAL))
        return at;
    if (field->flags & JRPC_FIELD_HAS) {
        bool has;
        memcpy(&has, storage_at(base, field->has_offset), sizeof has);
        return has ? at : NULL;
    }
    const void *pointer = storage_pointer(at);
    return pointer && !storage_is_indirect(field) ? at : pointer;
}

#define LOAD(ctype) \
    do { \
        ctype loaded; \
        memcpy(&loaded, value, sizeof loaded); \
        return (int64_t)loaded; \
    } while (0)

static int64_t load_unsigned(size_t size, const void *value)
{
    switch (size) {
    case 1:
        LOAD(uint8_t);
    case 2:
        LOAD(uint16_t);
    case 4:
        LOAD(uint32_t);
    default:
        LOAD(uint64_t);
    }
}

int64_t storage_integer(const jrpc_type *type, const void *value)
{
    switch (type->kind) {
    case JRPC_KIND_BOOL:
        LOAD(bool);
    case JRPC_KIND_I8:
        LOAD(int8_t);
    case JRPC_KIND_I16:
        LOAD(int16_t);
    case JRPC_KIND_I32:
    case JRPC_KIND_ENUM:
        LOAD(int32_t);
    case JRPC_KIND_I64:
        LOAD(int64_t);
    case JRPC_KIND_CHAR:
        LOAD(unsigned char);
    default:
        return load_unsigned(type->size, value);
    }
}

void storage_set_integer(const jrpc_type *type, void *value, int64_t integer)
{
    uint8_t u8 = (uint8_t)integer;
    uint16_t u16 = (uint16_t)integer;
    uint32_t u32 = (uint32_t)integer;
    bool truth = integer != 0;
    if (type->kind == JRPC_KIND_BOOL)
        memcpy(value, &truth, sizeof truth);
    else if (type->size == 1)
        memcpy(value, &u8, sizeof u8);
    else if (type->size == 2)
        memcpy(value, &u16, sizeof u16);
    else if (type->size == 4)
        memcpy(value, &u32, sizeof u32);
    else
        memcpy(value, &integer, sizeof integer);
}

const jrpc_field *storage_arm(const jrpc_type *type, int64_t discriminator)
{
    const jrpc_field *otherwise = NULL;
    for (uint32_t i = 0; i < type->count; i++) {
        const jrpc_field *arm = &type->fields[i];
        for (uint32_t k = 0; k < arm->label_count; k++) {
            if (arm->labels[k] == discriminator)
                return arm;
        }
        if (arm->flags & JRPC_FIELD_DEFAULT_ARM)
            otherwise = arm;
    }
    return otherwise;
}

/* ---- freeing ---- */

/* Owns nothing in this kind of memory, so that a million of them need not be visited. */
static bool owns_nothing(const jrpc_type *type, bool heap)
{
    while (type->kind == JRPC_KIND_ARRAY)
        type = type->element;
    switch (type->kind) {
    case JRPC_KIND_STRING:
    case JRPC_KIND_BYTES:
        return !heap;
    case JRPC_KIND_ANY:
    case JRPC_KIND_STRUCT:
    case JRPC_KIND_UNION:
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_MAP:
        return false;
    default:
        return true;
    }
}

static void release(const jrpc_type *type, void *value, bool heap);

static void release_elements(const jrpc_type *element, void *data, size_t count, bool heap)
{
    if (owns_nothing(element, heap))
        return;
    for (size_t i = 0; i < count; i++)
        release(element, (char *)data + i * element->size, heap);
}

static void release_field(const jrpc_field *field, void *base, bool heap)
{
    void *at = storage_at_mutable(base, field->offset);
    if (!storage_is_indirect(field)) {
        release(field->type, at, heap);
        return;
    }
    void *pointer = storage_pointer(at);
    if (pointer)
        release(field->type, pointer, heap);
    if (heap)
        free(pointer);
}

/* heap: everything; else only the references that arena memory holds. */
static void release(const jrpc_type *type, void *value, bool heap)
{
    switch (type->kind) {
    case JRPC_KIND_STRING:
    case JRPC_KIND_BYTES: /* its first member is the pointer */
        if (heap)
            free(storage_pointer(value));
        break;
    case JRPC_KIND_ANY:
        if (storage_pointer(value))
            xmlrpc_DECREF(storage_pointer(value));
        break;
    case JRPC_KIND_STRUCT:
        for (uint32_t i = 0; i < type->count; i++)
            release_field(&type->fields[i], value, heap);
        break;
    case JRPC_KIND_UNION: {
        const jrpc_field *arm = storage_arm(type, storage_integer(type->discriminator, value));
        if (arm)
            release_field(arm, value, heap);
        break;
    }
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_MAP: {
        storage_list list = storage_list_get(value);
        release_elements(type->element, list.data, list.len, heap);
        if (heap)
            free(list.data);
        break;
    }
    case JRPC_KIND_ARRAY:
        release_elements(type->element, value, type->bound, heap);
        break;
    default:
        break;
    }
}

void jrpc_value_clear(const jrpc_type *type, void *value)
{
    if (!value)
        return;
    release(type, value, true);
    memset(value, 0, type->size);
}

void native_release(const jrpc_type *type, void *value)
{
    release(type, value, false);
    memset(value, 0, type->size);
}

void storage_drop(const wire_decoder *d, const jrpc_type *type, void *value)
{
    if (d && d->arena)
        native_release(type, value);
    else
        jrpc_value_clear(type, value);
}

void storage_free_exception(const jrpc_exception *exception, void *value)
{
    if (value)
        jrpc_value_clear(exception->type, value);
    free(value);
}

/* ---- copying ---- */

static jrpc_status copy(wire_decoder *d, const jrpc_type *type, const void *from, void *to);

static jrpc_status copy_elements(wire_decoder *d, const jrpc_type *element, const void *from, void *to,
                                 size_t count)
{
    if (owns_nothing(element, true)) {
        if (count)
            memcpy(to, from, count * element->size);
        return JRPC_OK;
    }
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; status >= 0 && i < count; i++)
        status =
            copy(d, element, storage_at(from, i * element->size), storage_at_mutable(to, i * element->size));
    return status;
}

static jrpc_status copy_field(wire_decoder *d, const jrpc_field *field, const void *from, void *to)
{
    const void *value = storage_member(field, from);
    if (!value)
        return JRPC_OK;
    void *at = storage_at_mutable(to, field->offset);
    if (field->flags & JRPC_FIELD_HAS)
        memcpy(storage_at_mutable(to, field->has_offset), &(bool){ true }, sizeof(bool));
    if (storage_is_indirect(field)) {
        void *pointer = NULL;
        jrpc_status status = decoder_alloc(d, 1, field->type->size, &pointer);
        if (status < 0)
            return status;
        storage_set_pointer(at, pointer);
        at = pointer;
    }
    return copy(d, field->type, value, at);
}

static jrpc_status copy_list(wire_decoder *d, const jrpc_type *element, const void *from, void *to)
{
    storage_list source = storage_list_get(from);
    storage_list list = { NULL, source.len, source.len };
    if (!source.len)
        return JRPC_OK;
    jrpc_status status = decoder_alloc(d, list.len, element->size, &list.data);
    if (status < 0)
        return status;
    storage_list_set(to, list);
    return copy_elements(d, element, source.data, list.data, list.len);
}

static jrpc_status copy_string(wire_decoder *d, const void *from, void *to)
{
    const char *text = storage_pointer(from);
    if (!text)
        return JRPC_OK;
    char *duplicate = NULL;
    jrpc_status status = decoder_strndup(d, text, strlen(text), &duplicate);
    if (status >= 0)
        storage_set_pointer(to, duplicate);
    return status;
}

static jrpc_status copy_union(wire_decoder *d, const jrpc_type *type, const void *from, void *to)
{
    int64_t label = storage_integer(type->discriminator, from);
    storage_set_integer(type->discriminator, to, label);
    const jrpc_field *arm = storage_arm(type, label);
    return arm ? copy_field(d, arm, from, to) : JRPC_OK;
}

/* to is zero; after a failure what is there can be released. */
static jrpc_status copy(wire_decoder *d, const jrpc_type *type, const void *from, void *to)
{
    jrpc_status status = JRPC_OK;
    switch (type->kind) {
    case JRPC_KIND_STRING:
        return copy_string(d, from, to);
    case JRPC_KIND_BYTES:
        return copy_list(d, &jrpc_type_u8, from, to);
    case JRPC_KIND_ANY:
        if (storage_pointer(from)) {
            xmlrpc_INCREF(storage_pointer(from));
            memcpy(to, from, type->size);
        }
        return JRPC_OK;
    case JRPC_KIND_STRUCT:
        for (uint32_t i = 0; status >= 0 && i < type->count; i++)
            status = copy_field(d, &type->fields[i], from, to);
        return status;
    case JRPC_KIND_UNION:
        return copy_union(d, type, from, to);
    case JRPC_KIND_SEQUENCE:
    case JRPC_KIND_MAP:
        return copy_list(d, type->element, from, to);
    case JRPC_KIND_ARRAY:
        return copy_elements(d, type->element, from, to, type->bound);
    default:
        memcpy(to, from, type->size);
        return JRPC_OK;
    }
}

jrpc_status storage_copy(wire_decoder *d, const jrpc_type *type, const void *from, void *to)
{
    memset(to, 0, type->size);
    jrpc_status status = copy(d, type, from, to);
    if (status < 0)
        storage_drop(d, type, to);
    return status;
}

jrpc_status jrpc_value_copy(const jrpc_type *type, const void *from, void *to)
{
    return storage_copy(NULL, type, from, to);
}

/* ---- initial values ---- */

static jrpc_status init(wire_decoder *d, const jrpc_type *type, void *value)
{
    jrpc_status status = JRPC_OK;
    if (type->kind == JRPC_KIND_STRUCT) {
        for (uint32_t i = 0; status >= 0 && i < type->count; i++) {
            const jrpc_field *field = &type->fields[i];
            void *at = storage_at_mutable(value, field->offset);
            if (field->flags & JRPC_FIELD_OPTIONAL)
                continue;
            status = field->default_value ? copy(d, field->type, field->default_value, at)
                                          : init(d, field->type, at);
        }
    } else if (type->kind == JRPC_KIND_ARRAY && !owns_nothing(type, true)) {
        for (size_t i = 0; status >= 0 && i < type->bound; i++)
            status = init(d, type->element, storage_at_mutable(value, i * type->element->size));
    }
    return status;
}

jrpc_status storage_init(wire_decoder *d, const jrpc_type *type, void *value)
{
    memset(value, 0, type->size);
    jrpc_status status = init(d, type, value);
    if (status < 0)
        storage_drop(d, type, value);
    return status;
}

jrpc_status jrpc_value_init(const jrpc_type *type, void *value)
{
    return storage_init(NULL, type, value);
}
