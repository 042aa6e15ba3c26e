/* SPDX-License-Identifier: MIT */
/* C values by descriptor, for people. */
#include "wire/codec.h"

#include <inttypes.h>
#include <math.h>

#include "base/mem.h"
#include "base/steering.h"
#include "base/utf8.h"

static void print(buf *out, const jrpc_type *type, const void *value);

/* In quotes; nothing in it can move the cursor or look like the end of it. */
static void print_text(buf *out, const char *text, size_t left, char quote)
{
    buf_append_char(out, quote);
    while (left) {
        uint32_t c = 0;
        size_t n = utf8_decode(text, left, &c);
        if (n == 0)
            buf_printf(out, "\\x%02X", (unsigned)(unsigned char)*text);
        else if (c == (unsigned char)quote || c == '\\')
            buf_printf(out, "\\%c", (int)c);
        else if (c == '\n')
            buf_append_lit(out, "\\n");
        else if (c == '\t')
            buf_append_lit(out, "\\t");
        else if (steering_is(c))
            buf_printf(out, "\\u{%" PRIX32 "}", c);
        else
            buf_append(out, text, n);
        n = n ? n : 1;
        text += n;
        left -= n;
    }
    buf_append_char(out, quote);
}

static void print_character(buf *out, uint32_t c)
{
    char bytes[4];
    size_t n = utf8_encode(c, bytes);
    if (n)
        print_text(out, bytes, n, '\'');
    else
        buf_printf(out, "U+%" PRIX32, c);
}

static void print_double(buf *out, double value, bool narrow)
{
    if (!isfinite(value))
        buf_append_str(out, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    else if (narrow)
        writer_float(out, (float)value);
    else
        writer_double(out, value);
}

static void print_bits(buf *out, const jrpc_type *type, uint64_t bits)
{
    const char *between = "";
    for (uint32_t i = 0; i < type->count; i++) {
        uint64_t mask = (uint64_t)type->enumerators[i].value;
        if (!mask || (bits & mask) != mask)
            continue;
        buf_printf(out, "%s%s", between, type->enumerators[i].name);
        between = "|";
        bits &= ~mask;
    }
    if (bits || !*between)
        buf_printf(out, *between ? "%s0x%" PRIx64 : "%s%" PRIu64, between, bits);
}

static void print_fields(buf *out, const jrpc_type *type, const void *base, const char **between)
{
    for (uint32_t i = 0; i < type->count; i++) {
        const jrpc_field *field = &type->fields[i];
        const void *member = storage_member(field, base);
        if (field->flags & JRPC_FIELD_BASE) {
            print_fields(out, field->type, member, between);
        } else if (member) {
            buf_printf(out, "%s%s: ", *between, field->name);
            print(out, field->type, member);
            *between = ", ";
        }
    }
}

static void print_struct(buf *out, const jrpc_type *type, const void *value)
{
    const char *between = "{ ";
    print_fields(out, type, value, &between);
    buf_append_str(out, *between == '{' ? "{}" : " }");
}

static void print_union(buf *out, const jrpc_type *type, const void *value)
{
    buf_append_lit(out, "{ _d: ");
    print(out, type->discriminator, value);
    const jrpc_field *arm = storage_arm(type, storage_integer(type->discriminator, value));
    const void *member = arm ? storage_member(arm, value) : NULL;
    if (member) {
        buf_printf(out, ", %s: ", arm->name);
        print(out, arm->type, member);
    }
    buf_append_lit(out, " }");
}

static void print_elements(buf *out, const jrpc_type *element, const void *data, size_t count)
{
    buf_append_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_append_lit(out, ", ");
        print(out, element, storage_at(data, i * element->size));
    }
    buf_append_char(out, ']');
}

static void print_map(buf *out, const jrpc_type *entry, storage_list list)
{
    const jrpc_field *key = &entry->fields[0], *value = &entry->fields[1];
    for (size_t i = 0; i < list.len; i++) {
        const void *at = storage_at(list.data, i * entry->size);
        buf_append_str(out, i ? ", " : "{ ");
        print(out, key->type, storage_at(at, key->offset));
        buf_append_lit(out, ": ");
        print(out, value->type, storage_at(at, value->offset));
    }
    buf_append_str(out, list.len ? " }" : "{}");
}

static void print_datetime(buf *out, const void *value)
{
    jrpc_datetime t;
    memcpy(&t, value, sizeof t);
    buf_printf(out, "%04ld-%02u-%02uT%02u:%02u:%02u", (long)t.year, t.month, t.day, t.hour, t.minute,
               t.second);
}

static void print_base64(buf *out, const void *data, size_t len)
{
    buf_append_lit(out, "base64'");
    writer_base64(out, data, len);
    buf_append_char(out, '\'');
}

/* Scalars. */
static void print_scalar(buf *out, const jrpc_type *type, const void *value)
{
    const char *name;
    float narrow;
    double wide;
    switch (type->kind) {
    case JRPC_KIND_BOOL:
        buf_append_str(out, storage_integer(type, value) ? "true" : "false");
        break;
    case JRPC_KIND_FLOAT:
        memcpy(&narrow, value, sizeof narrow);
        print_double(out, (double)narrow, true);
        break;
    case JRPC_KIND_DOUBLE:
        memcpy(&wide, value, sizeof wide);
        print_double(out, wide, false);
        break;
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
        print_character(out, (uint32_t)storage_integer(type, value));
        break;
    case JRPC_KIND_ENUM:
        name = jrpc_enum_to_string(type, storage_integer(type, value));
        if (name)
            buf_append_str(out, name);
        else
            buf_append_int(out, storage_integer(type, value));
        break;
    case JRPC_KIND_BITMASK:
        print_bits(out, type, (uint64_t)storage_integer(type, value));
        break;
    case JRPC_KIND_U64:
        buf_append_uint(out, (uint64_t)storage_integer(type, value));
        break;
    default:
        buf_append_int(out, storage_integer(type, value));
    }
}

static void print_string(buf *out, const char *text)
{
    print_text(out, text ? text : "", text ? strlen(text) : 0, '"');
}

static void print(buf *out, const jrpc_type *type, const void *value)
{
    storage_list list;
    switch (type->kind) {
    case JRPC_KIND_STRING:
        print_string(out, storage_pointer(value));
        break;
    case JRPC_KIND_BYTES:
        list = storage_list_get(value);
        print_base64(out, list.data, list.len);
        break;
    case JRPC_KIND_DATETIME:
        print_datetime(out, value);
        break;
    case JRPC_KIND_STRUCT:
        print_struct(out, type, value);
        break;
    case JRPC_KIND_UNION:
        print_union(out, type, value);
        break;
    case JRPC_KIND_SEQUENCE:
        list = storage_list_get(value);
        print_elements(out, type->element, list.data, list.len);
        break;
    case JRPC_KIND_ARRAY:
        print_elements(out, type->element, value, type->bound);
        break;
    case JRPC_KIND_MAP:
        print_map(out, type->element, storage_list_get(value));
        break;
    case JRPC_KIND_ANY:
        any_print(out, storage_pointer(value));
        break;
    default:
        print_scalar(out, type, value);
    }
}

void jrpc_value_print(FILE *stream, const jrpc_type *type, const void *value)
{
    AUTO(buf_done) buf out = BUF_INIT;
    print(&out, type, value);
    if (!buf_failed(&out))
        fwrite(out.data, 1, out.len, stream);
}

/* ---- any: as XML text, which says the type of everything ---- */

void any_print(buf *out, xmlrpc_value *value)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    encoder e = encoder_start(out, WIRE_DEPTH_MAX, &failure);
    if (!value) {
        buf_append_lit(out, "null");
        return;
    }
    size_t start = out->len;
    if (encoder_finish(&e, start, any_encode(&e, value)) < 0) {
        buf_printf(out, "(%s)", failure.message);
        return;
    }
    buf safe = BUF_INIT;
    print_text(&safe, out->data + start, out->len - start, '`');
    buf_truncate(out, start);
    buf_append(out, safe.data, safe.len);
    buf_done(&safe);
}
