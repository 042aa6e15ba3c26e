/* SPDX-License-Identifier: MIT */
/* Texts as values: they are written as the XML-RPC that says the same, and wire/ reads that with all its checks. */
#include "command/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "link/library.h"
#include "text/json.h"
#include "wire/storage.h"
#include "wire/writer.h"

static bool is_integer(const jrpc_type *type)
{
    return type->kind >= JRPC_KIND_I8 && type->kind <= JRPC_KIND_U64;
}

static bool is_octets(const jrpc_type *type)
{
    return type->kind == JRPC_KIND_BYTES || (type->kind == JRPC_KIND_ARRAY && type->element->kind == JRPC_KIND_U8);
}

bool value_is_simple(const jrpc_type *type)
{
    return type->kind <= JRPC_KIND_BITMASK || is_octets(type);
}

bool value_is_list(const jrpc_type *type)
{
    return (type->kind == JRPC_KIND_SEQUENCE || type->kind == JRPC_KIND_ARRAY) && !is_octets(type) &&
           value_is_simple(type->element);
}

/* ---- description ---- */

static void describe_names(buf *out, const jrpc_type *type)
{
    const char *last = type->kind == JRPC_KIND_ENUM ? " or " : " and ";
    for (uint32_t i = 0; i < type->count; i++)
        buf_printf(out, "%s%s", i == 0 ? ": " : i + 1 == type->count ? last : ", ", type->enumerators[i].name);
}

static void describe_range(buf *out, const jrpc_type *type, const jrpc_range *range)
{
    bool is_real = type->kind == JRPC_KIND_FLOAT || type->kind == JRPC_KIND_DOUBLE;
    bool below = is_real ? range->min_double > -1e300 : range->min_integer > INT64_MIN;
    bool above = is_real ? range->max_double < 1e300 : range->max_integer < INT64_MAX;
    if (below)
        buf_append_str(out, above ? ", " : ", at least ");
    if (below && is_real)
        writer_double(out, range->min_double);
    else if (below)
        buf_append_int(out, range->min_integer);
    if (above)
        buf_append_str(out, below ? " to " : ", at most ");
    if (above && is_real)
        writer_double(out, range->max_double);
    else if (above)
        buf_append_int(out, range->max_integer);
}

void value_describe(buf *out, const jrpc_type *type, const jrpc_range *range)
{
    if (type->kind == JRPC_KIND_DATETIME)
        buf_append_lit(out, "date and time, like 2024-12-31T23:59:59");
    else
        buf_append_str(out, type->name);
    if (type->kind == JRPC_KIND_ENUM || type->kind == JRPC_KIND_BITMASK)
        describe_names(out, type);
    if (range && (is_integer(type) || type->kind == JRPC_KIND_FLOAT || type->kind == JRPC_KIND_DOUBLE))
        describe_range(out, type, range);
    if (type->bound && type->kind != JRPC_KIND_ARRAY)
        buf_printf(out, ", at most %" PRIu32 " %s", type->bound, type->kind == JRPC_KIND_STRING  ? "characters"
                                                                 : type->kind == JRPC_KIND_BYTES ? "bytes"
                                                                                                 : "elements");
    if (type->flags & JRPC_TYPE_UNIQUE)
        buf_append_lit(out, ", all different");
}

/* ---- writing ---- */

static void open_value(buf *out, const char *tag)
{
    buf_printf(out, "<value><%s>", tag);
}

static void close_value(buf *out, const char *tag)
{
    buf_printf(out, "</%s></value>", tag);
}

static jrpc_status write_tagged(value_writer *w, const char *tag, const char *text)
{
    size_t bad = 0;
    open_value(w->out, tag);
    if (!writer_checked_text(w->out, text, strlen(text), NULL, &bad))
        return failure_set(w->failure, JRPC_E_INVALID, "the byte 0x%02X at offset %zu cannot be in a text",
                           (unsigned)(unsigned char)text[bad], bad);
    close_value(w->out, tag);
    return JRPC_OK;
}

static jrpc_status write_boolean(value_writer *w, const char *text)
{
    static const char *const words[][2] = { { "false", "0" }, { "true", "1" }, { "no", "0" }, { "yes", "1" },
                                            { "0", "0" },     { "1", "1" },    { "off", "0" }, { "on", "1" } };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcasecmp(text, words[i][0]) == 0)
            return write_tagged(w, "boolean", words[i][1]);
    }
    return failure_set(w->failure, JRPC_E_INVALID, "'%.40s' is not true or false", text);
}

static jrpc_status write_enumerator(value_writer *w, const jrpc_type *type, const char *text)
{
    if (enumeration_named(type, text))
        return write_tagged(w, "string", text);
    AUTO(buf_done) buf names = BUF_INIT;
    value_describe(&names, type, NULL);
    return failure_set(w->failure, JRPC_E_INVALID, "'%.40s' is no %s", text,
                       buf_failed(&names) ? "value" : names.data);
}

static jrpc_status write_bits(value_writer *w, const jrpc_type *type, const char *text)
{
    if (*text >= '0' && *text <= '9')
        return write_tagged(w, "i8", text);
    uint64_t bits = 0;
    for (;;) {
        text += strspn(text, " |,\t\r\n");
        size_t len = strcspn(text, " |,\t\r\n");
        if (!len)
            break;
        autofree char *name = strndup(text, len);
        if (!name)
            return failure_set(w->failure, JRPC_E_NOMEM, "out of memory");
        const jrpc_enumerator *bit = enumeration_named(type, name);
        AUTO(buf_done) buf names = BUF_INIT;
        value_describe(&names, type, NULL);
        if (!bit)
            return failure_set(w->failure, JRPC_E_INVALID, "'%.40s' is no bit of %s", name,
                               buf_failed(&names) ? type->name : names.data);
        bits |= (uint64_t)bit->value;
        text += len;
    }
    open_value(w->out, "i8");
    buf_append_int(w->out, (int64_t)bits);
    close_value(w->out, "i8");
    return JRPC_OK;
}

static const char *trimmed(const char *text, char *room, size_t size)
{
    text += strspn(text, " \t\r\n");
    size_t len = strlen(text);
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    if (!text[len] || len >= size)
        return text;
    memcpy(room, text, len);
    room[len] = '\0';
    return room;
}

static jrpc_status write_number(value_writer *w, const jrpc_type *type, const char *text)
{
    char room[64];
    text = trimmed(text, room, sizeof room);
    if (!*text)
        return failure_set(w->failure, JRPC_E_INVALID, "expected a number, %s", type->name);
    const char *tag = !is_integer(type) ? "double" : type->flags & JRPC_TYPE_WIRE_STRING ? "string" : "i8";
    return write_tagged(w, tag, text);
}

jrpc_status value_write_text(value_writer *w, const jrpc_type *type, const char *text)
{
    char room[64];
    if (is_integer(type))
        return write_number(w, type, text);
    switch (type->kind) {
    case JRPC_KIND_FLOAT:
    case JRPC_KIND_DOUBLE:
        return write_number(w, type, text);
    case JRPC_KIND_BOOL:
        return write_boolean(w, trimmed(text, room, sizeof room));
    case JRPC_KIND_ENUM:
        return write_enumerator(w, type, trimmed(text, room, sizeof room));
    case JRPC_KIND_BITMASK:
        return write_bits(w, type, text);
    case JRPC_KIND_DATETIME:
        return write_tagged(w, "dateTime.iso8601", trimmed(text, room, sizeof room));
    case JRPC_KIND_BYTES:
    case JRPC_KIND_ARRAY:
        return write_tagged(w, "base64", text);
    default:
        return write_tagged(w, "string", text);
    }
}

/* ---- reading what was written ---- */

static jrpc_status read_back(const jrpc_type *type, const jrpc_range *range, const buf *text, void *storage,
                             wire_failure *failure)
{
    static const wire_limits limits = WIRE_LIMITS_DEFAULT;
    xmpp_ctx_t *ctx = !buf_failed(text) && library_init() ? xmpp_ctx_new(NULL, NULL) : NULL;
    xmpp_stanza_t *value = ctx ? xmpp_stanza_new_from_string(ctx, text->data) : NULL;
    wire_decoder d;
    wire_decoder_init(&d, &limits, NULL);
    jrpc_status status = value ? native_decode(&d, type, range, value, storage)
                               : failure_set(&d.failure, JRPC_E_NOMEM, "out of memory");
    if (status != JRPC_OK)
        *failure = d.failure;
    if (value)
        xmpp_stanza_release(value);
    if (ctx)
        xmpp_ctx_free(ctx);
    return status;
}

static jrpc_status write_any_text(value_writer *w, const jrpc_type *type, const char *text)
{
    if (value_is_simple(type))
        return value_write_text(w, type, text);
    json_t *json = NULL;
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    if (json_parse_argument(text, &json, &why) != JRPC_OK)
        return failure_set(w->failure, JRPC_E_INVALID, "%s", why.message);
    jrpc_status status = json_is_string(json) && type->kind != JRPC_KIND_ANY
                             ? failure_set(w->failure, JRPC_E_INVALID, "expected %s as JSON, got '%.40s'", type->name,
                                           json_string_value(json))
                             : value_write_json(w, type, json);
    json_decref(json);
    return status;
}

jrpc_status value_read(const jrpc_type *type, const jrpc_range *range, const char *text, void *storage,
                       wire_failure *failure)
{
    AUTO(buf_done) buf out = BUF_INIT;
    value_writer w = { &out, failure, 0 };
    memset(storage, 0, type->size);
    jrpc_status status = write_any_text(&w, type, text);
    return status == JRPC_OK ? read_back(type, range, &out, storage, failure) : status;
}

jrpc_status value_read_items(const jrpc_type *type, const char *const *texts, size_t count, void *storage,
                             wire_failure *failure)
{
    AUTO(buf_done) buf out = BUF_INIT;
    value_writer w = { &out, failure, 0 };
    memset(storage, 0, type->size);
    buf_append_lit(&out, "<value><array><data>");
    for (size_t i = 0; i < count; i++) {
        jrpc_status status = value_write_text(&w, type->element, texts[i]);
        if (status != JRPC_OK) {
            failure_in_element(failure, i);
            return status;
        }
    }
    buf_append_lit(&out, "</data></array></value>");
    return read_back(type, NULL, &out, storage, failure);
}
