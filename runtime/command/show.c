/* SPDX-License-Identifier: MIT */
/* Values for people. */
#include "command/show.h"

#include <inttypes.h>
#include <math.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "command/value.h"
#include "text/json.h"
#include "wire/storage.h"
#include "wire/writer.h"

/* State of showing one value. */
typedef struct shower {
    buf *out;
    size_t end; /* length of out from which on nothing is looked at any more */
    unsigned depth;
    bool lines;
} shower;

enum { DEPTH_MOST = 64 };

static void show(shower *s, const jrpc_type *type, const void *value);

static bool is_full(const shower *s)
{
    return buf_failed(s->out) || s->out->len > s->end;
}

void show_cut(buf *out, size_t start, size_t most)
{
    if (buf_failed(out) || out->len - start <= most)
        return;
    size_t at = start + most;
    while (at > start && ((unsigned char)out->data[at] & 0xC0) == 0x80)
        at--;
    buf_truncate(out, at);
    buf_append_lit(out, " ... (cut here)");
}

/* ---- texts ---- */

static void show_text(shower *s, const char *text, size_t left)
{
    buf_append_char(s->out, '"');
    while (left && !is_full(s)) {
        uint32_t c = 0;
        size_t n = utf8_decode(text, left, &c);
        if (n == 0)
            buf_append_lit(s->out, "\\ufffd");
        else if (c == '"' || c == '\\')
            buf_printf(s->out, "\\%c", (int)c);
        else if (c == '\n')
            buf_append_lit(s->out, "\\n");
        else if (c == '\t')
            buf_append_lit(s->out, "\\t");
        else if (!utf8_is_xml_char(c) || c < 0x20 || (c >= 0x7F && c < 0xA0))
            buf_printf(s->out, "\\u%04" PRIx32, c);
        else
            buf_append(s->out, text, n);
        n = n ? n : 1;
        text += n;
        left -= n;
    }
    buf_append_char(s->out, '"');
}

static void append_string(buf *out, const void *value)
{
    const char *text = storage_pointer(value);
    buf_append_str(out, text ? text : "");
}

static void append_bits(buf *out, const jrpc_type *type, uint64_t bits)
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
        buf_printf(out, "%s%" PRIu64, between, bits);
}

static void append_real(buf *out, double value, bool narrow)
{
    if (!isfinite(value))
        buf_append_lit(out, "null"); /* it cannot be sent to a program either */
    else if (narrow)
        writer_float(out, (float)value);
    else
        writer_double(out, value);
}

static void append_enumerator(buf *out, const jrpc_type *type, int64_t value)
{
    const char *name = jrpc_enum_to_string(type, value);
    if (name)
        buf_append_str(out, name);
    else
        buf_append_int(out, value);
}

static void append_octets(buf *out, const jrpc_type *type, const void *value)
{
    storage_list list = type->kind == JRPC_KIND_BYTES ? storage_list_get(value)
                                                      : (storage_list){ (void *)(uintptr_t)value, type->bound, 0 };
    writer_base64(out, list.data, list.len);
}

static void append_datetime(buf *out, const void *value)
{
    jrpc_datetime t;
    memcpy(&t, value, sizeof t);
    buf_printf(out, "%04ld-%02u-%02uT%02u:%02u:%02u", (long)t.year, t.month, t.day, t.hour, t.minute, t.second);
}

static void append_character(buf *out, uint32_t c)
{
    char bytes[4];
    if (c)
        buf_append(out, bytes, utf8_encode(c, bytes));
}

/* A type that value_is_simple(), without quotes. */
static void append_simple(buf *out, const jrpc_type *type, const void *value)
{
    float narrow;
    double wide;
    switch (type->kind) {
    case JRPC_KIND_BOOL:
        buf_append_str(out, storage_integer(type, value) ? "true" : "false");
        break;
    case JRPC_KIND_FLOAT:
        memcpy(&narrow, value, sizeof narrow);
        append_real(out, (double)narrow, true);
        break;
    case JRPC_KIND_DOUBLE:
        memcpy(&wide, value, sizeof wide);
        append_real(out, wide, false);
        break;
    case JRPC_KIND_CHAR:
    case JRPC_KIND_WCHAR:
        append_character(out, (uint32_t)storage_integer(type, value));
        break;
    case JRPC_KIND_STRING:
        append_string(out, value);
        break;
    case JRPC_KIND_BYTES:
    case JRPC_KIND_ARRAY:
        append_octets(out, type, value);
        break;
    case JRPC_KIND_DATETIME:
        append_datetime(out, value);
        break;
    case JRPC_KIND_ENUM:
        append_enumerator(out, type, storage_integer(type, value));
        break;
    case JRPC_KIND_BITMASK:
        append_bits(out, type, (uint64_t)storage_integer(type, value));
        break;
    case JRPC_KIND_U64:
        buf_append_uint(out, (uint64_t)storage_integer(type, value));
        break;
    default:
        buf_append_int(out, storage_integer(type, value));
    }
}

/* ---- structures ---- */

static void new_line(shower *s, bool first)
{
    if (!first)
        buf_append_char(s->out, ',');
    if (s->lines)
        buf_printf(s->out, "\n%*s", (int)s->depth * 2, "");
    else if (!first)
        buf_append_char(s->out, ' ');
}

static void open_structure(shower *s, char bracket)
{
    buf_append_char(s->out, bracket);
    s->depth++;
}

static void close_structure(shower *s, char bracket, bool empty)
{
    s->depth--;
    if (s->lines && !empty)
        buf_printf(s->out, "\n%*s", (int)s->depth * 2, "");
    buf_append_char(s->out, bracket);
}

static void show_member(shower *s, const char *name, size_t name_len, const jrpc_type *type, const void *value,
                        bool *first)
{
    new_line(s, *first);
    show_text(s, name, name_len);
    buf_append_lit(s->out, ": ");
    show(s, type, value);
    *first = false;
}

static void show_fields(shower *s, const jrpc_type *type, const void *base, bool *first)
{
    for (uint32_t i = 0; i < type->count && !is_full(s); i++) {
        const jrpc_field *field = &type->fields[i];
        const void *member = storage_member(field, base);
        if (field->flags & JRPC_FIELD_BASE)
            show_fields(s, field->type, member, first);
        else if (member)
            show_member(s, field->name, strlen(field->name), field->type, member, first);
    }
}

static void show_struct(shower *s, const jrpc_type *type, const void *value)
{
    bool first = true;
    open_structure(s, '{');
    show_fields(s, type, value, &first);
    close_structure(s, '}', first);
}

static void show_union(shower *s, const jrpc_type *type, const void *value)
{
    bool first = true;
    open_structure(s, '{');
    show_member(s, "_d", 2, type->discriminator, value, &first);
    const jrpc_field *arm = storage_arm(type, storage_integer(type->discriminator, value));
    const void *member = arm ? storage_member(arm, value) : NULL;
    if (member)
        show_member(s, arm->name, strlen(arm->name), arm->type, member, &first);
    close_structure(s, '}', false);
}

static void show_items(shower *s, const jrpc_type *element, const void *data, size_t count)
{
    bool lines = s->lines;
    s->lines = lines && !value_is_simple(element);
    open_structure(s, '[');
    for (size_t i = 0; i < count && !is_full(s); i++) {
        new_line(s, i == 0);
        show(s, element, storage_at(data, i * element->size));
    }
    close_structure(s, ']', count == 0);
    s->lines = lines;
}

/* Keys are text on the wire as well: of booleans 0 and 1, of enumerators that are sent as numbers their value. */
static void show_map(shower *s, const jrpc_type *entry, storage_list list)
{
    const jrpc_field *key = &entry->fields[0], *value = &entry->fields[1];
    bool as_number = key->type->kind == JRPC_KIND_BOOL || key->type->flags & JRPC_TYPE_WIRE_INT;
    bool first = true;
    open_structure(s, '{');
    for (size_t i = 0; i < list.len && !is_full(s); i++) {
        const void *at = storage_at(list.data, i * entry->size);
        AUTO(buf_done) buf name = BUF_INIT;
        if (as_number)
            buf_append_int(&name, storage_integer(key->type, storage_at(at, key->offset)));
        else
            append_simple(&name, key->type, storage_at(at, key->offset));
        if (buf_failed(&name))
            s->out->failed = true;
        else
            show_member(s, name.data ? name.data : "", name.len, value->type, storage_at(at, value->offset), &first);
    }
    close_structure(s, '}', first);
}

static void show_any(shower *s, void *value)
{
    json_t *json = NULL;
    jrpc_status status = value ? json_from_value(value, &json, NULL) : JRPC_OK;
    if (!json) {
        if (status == JRPC_E_NOMEM)
            s->out->failed = true;
        buf_append_lit(s->out, "null");
        return;
    }
    char *text = json_to_text(json, s->lines ? JSON_INDENT(2) : 0);
    if (text)
        buf_append_str(s->out, text);
    else
        s->out->failed = true;
    free(text);
    json_decref(json);
}

/* ---- any type ---- */

static bool is_bare_in_json(const jrpc_type *type)
{
    return type->kind <= JRPC_KIND_DOUBLE && !(type->flags & JRPC_TYPE_WIRE_STRING);
}

static void show_simple(shower *s, const jrpc_type *type, const void *value)
{
    if (is_bare_in_json(type)) {
        append_simple(s->out, type, value);
    } else {
        AUTO(buf_done) buf text = BUF_INIT;
        append_simple(&text, type, value);
        if (buf_failed(&text))
            s->out->failed = true;
        else
            show_text(s, text.data ? text.data : "", text.len);
    }
}

static void show(shower *s, const jrpc_type *type, const void *value)
{
    if (value_is_simple(type)) {
        show_simple(s, type, value);
    } else if (s->depth >= DEPTH_MOST) {
        buf_append_lit(s->out, "null");
    } else if (type->kind == JRPC_KIND_STRUCT) {
        show_struct(s, type, value);
    } else if (type->kind == JRPC_KIND_UNION) {
        show_union(s, type, value);
    } else if (type->kind == JRPC_KIND_SEQUENCE) {
        storage_list list = storage_list_get(value);
        show_items(s, type->element, list.data, list.len);
    } else if (type->kind == JRPC_KIND_ARRAY) {
        show_items(s, type->element, value, type->bound);
    } else if (type->kind == JRPC_KIND_MAP) {
        show_map(s, type->element, storage_list_get(value));
    } else {
        show_any(s, storage_pointer(value));
    }
}

void show_json(buf *out, const jrpc_type *type, const void *value, bool lines, size_t most)
{
    size_t start = out->len;
    shower s = { out, start + most, 0, lines };
    show(&s, type, value);
    show_cut(out, start, most);
}

void show_value(buf *out, const jrpc_type *type, const void *value, bool lines, size_t most)
{
    size_t start = out->len;
    if (!value_is_simple(type)) {
        show_json(out, type, value, lines, most);
        return;
    }
    append_simple(out, type, value);
    show_cut(out, start, most);
}
