/* SPDX-License-Identifier: MIT */
/* Strings, characters, enumerations. */
#include "wire/codec.h"

#include <inttypes.h>

#include "base/utf8.h"

/* ---- encoding ---- */

static jrpc_status not_xml(wire_failure *failure, const char *text, size_t len, size_t bad)
{
    uint32_t c = 0;
    if (utf8_decode(text + bad, len - bad, &c) == 0)
        return failure_set(failure, JRPC_E_INVALID, "the byte 0x%02X at offset %zu is not UTF-8",
                           (unsigned)(unsigned char)text[bad], bad);
    return failure_set(failure, JRPC_E_INVALID,
                       "the character U+%04" PRIX32 " at offset %zu cannot be in XML", c, bad);
}

static jrpc_status check_length(wire_failure *failure, const jrpc_type *type, size_t chars)
{
    if (type->bound && chars > type->bound)
        return failure_set(failure, JRPC_E_INVALID, "%zu characters, at most %" PRIu32 " in %s", chars,
                           type->bound, type->name);
    return JRPC_OK;
}

/* Checked and escaped, without tags. */
static jrpc_status write_checked(encoder *e, const char *text, size_t len, size_t *ret_chars)
{
    size_t bad = 0;
    if (!writer_checked_text(e->out, text, len, ret_chars, &bad))
        return not_xml(e->failure, text, len, bad);
    return JRPC_OK;
}

static jrpc_status write_character(encoder *e, const jrpc_type *type, uint32_t c)
{
    char bytes[4];
    size_t len = utf8_is_xml_char(c) ? utf8_encode(c, bytes) : 0;
    if (len == 0 || (type->kind == JRPC_KIND_CHAR && c >= 0x80))
        return failure_set(e->failure, JRPC_E_INVALID, "the character U+%04" PRIX32 " cannot be sent as %s",
                           c, type->name);
    writer_text(e->out, bytes, len);
    return JRPC_OK;
}

static jrpc_status no_such_value(wire_failure *failure, const jrpc_type *type, int64_t value)
{
    return failure_set(failure, JRPC_E_INVALID, "no enumerator of %s has the value %" PRId64, type->name,
                       value);
}

static jrpc_status write_enumerator(encoder *e, const jrpc_type *type, const void *value)
{
    const jrpc_enumerator *found = enumeration_of(type, storage_integer(type, value));
    if (!found)
        return no_such_value(e->failure, type, storage_integer(type, value));
    writer_text(e->out, found->name, strlen(found->name));
    return JRPC_OK;
}

jrpc_status text_write(encoder *e, const jrpc_type *type, const void *value)
{
    if (type->kind == JRPC_KIND_ENUM)
        return write_enumerator(e, type, value);
    if (type->kind != JRPC_KIND_STRING)
        return write_character(e, type, (uint32_t)storage_integer(type, value));
    const char *text = storage_pointer(value);
    size_t chars = 0;
    jrpc_status status = text ? write_checked(e, text, strlen(text), &chars) : JRPC_OK;
    return status < 0 ? status : check_length(e->failure, type, chars);
}

jrpc_status text_write_string(encoder *e, const char *text, size_t len)
{
    writer_lit(e->out, "<value><string>");
    jrpc_status status = write_checked(e, text, len, NULL);
    writer_lit(e->out, "</string></value>");
    return status;
}

jrpc_status text_encode(encoder *e, const jrpc_type *type, const void *value)
{
    if (type->kind == JRPC_KIND_ENUM && (type->flags & JRPC_TYPE_WIRE_INT)) {
        int64_t number = storage_integer(type, value);
        if (!enumeration_of(type, number))
            return no_such_value(e->failure, type, number);
        number_write_integer(e->out, number);
        return JRPC_OK;
    }
    writer_lit(e->out, "<value><string>");
    jrpc_status status = text_write(e, type, value);
    writer_lit(e->out, "</string></value>");
    return status;
}

/* ---- decoding ---- */

static jrpc_status parse_string(wire_decoder *d, const jrpc_type *type, const char *text, void *storage)
{
    size_t len = strlen(text), chars = 0, bad = 0;
    if (!writer_check_text(text, len, &chars, &bad))
        return not_xml(&d->failure, text, len, bad);
    jrpc_status status = check_length(&d->failure, type, chars);
    if (status < 0)
        return status;
    char *copy = NULL;
    status = decoder_strndup(d, text, len, &copy);
    if (status >= 0)
        storage_set_pointer(storage, copy);
    return status;
}

static jrpc_status parse_character(wire_decoder *d, const jrpc_type *type, const char *text, void *storage)
{
    uint32_t c = 0;
    size_t len = strlen(text);
    size_t n = len ? utf8_decode(text, len, &c) : 0;
    if (n == 0 || n != len)
        return failure_set(&d->failure, JRPC_E_INVALID, "expected one character for %s, got '%.40s'",
                           type->name, text);
    if (!utf8_is_xml_char(c) || (type->kind == JRPC_KIND_CHAR && c >= 0x80))
        return failure_set(&d->failure, JRPC_E_INVALID,
                           "the character U+%04" PRIX32 " is out of range for %s", c, type->name);
    storage_set_integer(type, storage, c);
    return JRPC_OK;
}

static jrpc_status parse_enumerator(wire_decoder *d, const jrpc_type *type, const char *text, void *storage)
{
    const jrpc_enumerator *found = enumeration_named(type, text);
    if (!found)
        return failure_set(&d->failure, JRPC_E_INVALID, "no enumerator of %s is named '%.80s'", type->name,
                           text);
    storage_set_integer(type, storage, found->value);
    return JRPC_OK;
}

jrpc_status text_parse(wire_decoder *d, const jrpc_type *type, const char *text, void *storage)
{
    switch (type->kind) {
    case JRPC_KIND_STRING:
        return parse_string(d, type, text, storage);
    case JRPC_KIND_ENUM:
        return parse_enumerator(d, type, text, storage);
    default:
        return parse_character(d, type, text, storage);
    }
}

static jrpc_status decode_enum_number(wire_decoder *d, const jrpc_type *type, const reader_value *value,
                                      void *storage)
{
    int64_t number;
    jrpc_status status = number_read_integer(d, value, &number);
    if (status < 0)
        return status;
    if (!enumeration_of(type, number))
        return no_such_value(&d->failure, type, number);
    storage_set_integer(type, storage, number);
    return JRPC_OK;
}

jrpc_status text_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage)
{
    bool number = type->kind == JRPC_KIND_ENUM && (type->flags & JRPC_TYPE_WIRE_INT);
    if (number && value->tag != READER_STRING) {
        bool fits = value->tag == READER_INT || value->tag == READER_I8 || value->tag == READER_I1 ||
                    value->tag == READER_I2;
        return fits ? decode_enum_number(d, type, value, storage) : reader_mismatch(d, type->name, value);
    }
    if (value->tag != READER_STRING)
        return reader_mismatch(d, type->name, value);
    const char *text;
    jrpc_status status = reader_text(d, value->element, &text);
    return status < 0 ? status : text_parse(d, type, text, storage);
}
