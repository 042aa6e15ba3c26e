/* SPDX-License-Identifier: MIT */
/* Booleans, integers, floating point numbers, bitmasks. */
#include "wire/codec.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "base/mem.h"
#include "wire/decimal.h"

/* Half way between FLT_MAX and the next power of two. */
#define FLOAT_BEYOND 0x1.ffffffp127

/* An integer of any type: 64 bits are too few for both ends. */
typedef struct integer {
    bool negative;
    uint64_t size; /* without sign */
} integer;

static integer integer_of(int64_t value)
{
    return (integer){ value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value };
}

static bool fits(integer i, int64_t least, uint64_t most)
{
    if (i.negative)
        return least < 0 && i.size <= 0 - (uint64_t)least;
    return i.size <= most;
}

static bool fits_type(const jrpc_type *type, integer i)
{
    switch (type->kind) {
    case JRPC_KIND_I8:
        return fits(i, INT8_MIN, INT8_MAX);
    case JRPC_KIND_I16:
        return fits(i, INT16_MIN, INT16_MAX);
    case JRPC_KIND_I32:
        return fits(i, INT32_MIN, INT32_MAX);
    case JRPC_KIND_I64:
        return fits(i, INT64_MIN, INT64_MAX);
    case JRPC_KIND_BOOL:
        return fits(i, 0, 1);
    default:
        return fits(i, 0, type->size >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * type->size) - 1);
    }
}

static jrpc_status out_of_range(wire_failure *failure, integer i, const char *where)
{
    return failure_set(failure, JRPC_E_INVALID, "%s%" PRIu64 " is out of range for %s", i.negative ? "-" : "",
                       i.size, where);
}

/* The bits of a bitmask that no enumerator has. */
static jrpc_status check_bits(wire_failure *failure, const jrpc_type *type, uint64_t bits)
{
    uint64_t known = 0;
    for (uint32_t i = 0; i < type->count; i++)
        known |= (uint64_t)type->enumerators[i].value;
    if (bits & ~known)
        return failure_set(failure, JRPC_E_INVALID, "%s has no bit 0x%" PRIx64, type->name, bits & ~known);
    return JRPC_OK;
}

/*
 * What the IDL says about the value, beyond its type. The range's largest integer is no limit for larger
 * types.
 */
static jrpc_status check_integer(wire_failure *failure, const jrpc_type *type, const jrpc_range *range,
                                 integer i)
{
    if (type->kind == JRPC_KIND_BITMASK)
        return check_bits(failure, type, i.size);
    if (!range)
        return JRPC_OK;
    uint64_t most = range->max_integer == INT64_MAX ? UINT64_MAX : (uint64_t)range->max_integer;
    bool below = range->min_integer >= 0 ? i.negative || i.size < (uint64_t)range->min_integer
                                         : !fits(i, range->min_integer, UINT64_MAX);
    bool above = range->max_integer >= 0 ? !i.negative && i.size > most
                                         : !i.negative || i.size < 0 - (uint64_t)range->max_integer;
    if (below || above)
        return failure_set(failure, JRPC_E_INVALID, "%s%" PRIu64 " is not within %" PRId64 " and %" PRId64,
                           i.negative ? "-" : "", i.size, range->min_integer, range->max_integer);
    return JRPC_OK;
}

static jrpc_status check_double(wire_failure *failure, const jrpc_range *range, double value)
{
    if (range && (value < range->min_double || value > range->max_double))
        return failure_set(failure, JRPC_E_INVALID, "%g is not within %g and %g", value, range->min_double,
                           range->max_double);
    return JRPC_OK;
}

/* ---- encoding ---- */

void number_write_integer(buf *out, int64_t value)
{
    if (value < INT32_MIN || value > INT32_MAX) {
        number_write_wide(out, value);
        return;
    }
    char *at = writer_room(out, 64);
    if (!at)
        return;
    at = writer_put_integer(writer_put(at, "<value><i4>"), value);
    writer_end(out, writer_put(at, "</i4></value>"));
}

void number_write_wide(buf *out, int64_t value)
{
    char *at = writer_room(out, 64);
    if (!at)
        return;
    at = writer_put_integer(writer_put(at, "<value><i8>"), value);
    writer_end(out, writer_put(at, "</i8></value>"));
}

static void write_as_string(buf *out, integer i)
{
    char *at = writer_room(out, 64);
    if (!at)
        return;
    at = writer_put(at, "<value><string>");
    if (i.negative)
        *at++ = '-';
    at = writer_put_unsigned(at, i.size);
    writer_end(out, writer_put(at, "</string></value>"));
}

void number_write_boolean(buf *out, bool value)
{
    if (value)
        writer_lit(out, "<value><boolean>1</boolean></value>");
    else
        writer_lit(out, "<value><boolean>0</boolean></value>");
}

static jrpc_status check_finite(wire_failure *failure, double value)
{
    if (!isfinite(value))
        return failure_set(failure, JRPC_E_INVALID, "%s cannot be sent",
                           isnan(value) ? "NaN" : "an infinity");
    return JRPC_OK;
}

jrpc_status number_write_double(encoder *e, double value)
{
    jrpc_status status = check_finite(e->failure, value);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><double>");
    writer_double(e->out, value);
    writer_lit(e->out, "</double></value>");
    return JRPC_OK;
}

static jrpc_status encode_float(encoder *e, const jrpc_range *range, float value)
{
    jrpc_status status = check_finite(e->failure, (double)value);
    if (status >= 0)
        status = check_double(e->failure, range, (double)value);
    if (status < 0)
        return status;
    writer_lit(e->out, "<value><double>");
    writer_float(e->out, value);
    writer_lit(e->out, "</double></value>");
    return JRPC_OK;
}

static integer load_integer(const jrpc_type *type, const void *value)
{
    int64_t i = storage_integer(type, value);
    bool is_unsigned = type->kind == JRPC_KIND_U64 || type->kind == JRPC_KIND_BITMASK;
    return is_unsigned ? (integer){ false, (uint64_t)i } : integer_of(i);
}

static jrpc_status encode_integer(encoder *e, const jrpc_type *type, const jrpc_range *range,
                                  const void *value)
{
    integer i = load_integer(type, value);
    if (range || type->kind == JRPC_KIND_BITMASK) {
        jrpc_status status = check_integer(e->failure, type, range, i);
        if (status < 0)
            return status;
    }
    if (type->flags & JRPC_TYPE_WIRE_STRING)
        write_as_string(e->out, i);
    else if (!i.negative && i.size > INT64_MAX)
        return out_of_range(e->failure, i,
                            "a 64-bit integer on the wire: @wire(\"string\") sends it as text");
    else
        number_write_integer(e->out, storage_integer(type, value));
    return JRPC_OK;
}

jrpc_status number_encode(encoder *e, const jrpc_type *type, const jrpc_range *range, const void *value)
{
    if (type->kind == JRPC_KIND_BOOL) {
        number_write_boolean(e->out, storage_integer(type, value) != 0);
        return JRPC_OK;
    }
    if (type->kind == JRPC_KIND_FLOAT) {
        float narrow;
        memcpy(&narrow, value, sizeof narrow);
        return encode_float(e, range, narrow);
    }
    if (type->kind == JRPC_KIND_DOUBLE) {
        double wide;
        memcpy(&wide, value, sizeof wide);
        jrpc_status status = range ? check_double(e->failure, range, wide) : JRPC_OK;
        return status < 0 ? status : number_write_double(e, wide);
    }
    return encode_integer(e, type, range, value);
}

/* ---- decoding ---- */

typedef enum parse_result { PARSE_OK, PARSE_BAD, PARSE_TOO_LARGE } parse_result;

static parse_result parse_integer(const char *text, integer *ret)
{
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (!*text)
        return PARSE_BAD;
    uint64_t size = 0;
    bool large = false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return PARSE_BAD;
        uint64_t digit = (uint64_t)(*text - '0');
        if (size > (UINT64_MAX - digit) / 10)
            large = true;
        size = size * 10 + digit;
    }
    *ret = (integer){ negative && size, size };
    return large ? PARSE_TOO_LARGE : PARSE_OK;
}

static jrpc_status read_integer(wire_failure *failure, const char *text, const char *type, integer *ret)
{
    switch (parse_integer(text, ret)) {
    case PARSE_OK:
        return JRPC_OK;
    case PARSE_TOO_LARGE:
        return failure_set(failure, JRPC_E_INVALID, "%.40s is out of range for %s", text, type);
    default:
        return failure_set(failure, JRPC_E_INVALID, "'%.40s' is not an integer", text);
    }
}

/* The range that the element's own name promises. */
static jrpc_status check_element(wire_failure *failure, reader_tag tag, integer i)
{
    switch (tag) {
    case READER_I1:
        return fits(i, INT8_MIN, INT8_MAX) ? JRPC_OK : out_of_range(failure, i, "<i1>");
    case READER_I2:
        return fits(i, INT16_MIN, INT16_MAX) ? JRPC_OK : out_of_range(failure, i, "<i2>");
    case READER_INT:
        return fits(i, INT32_MIN, INT32_MAX) ? JRPC_OK : out_of_range(failure, i, "<i4>");
    default:
        return fits(i, INT64_MIN, INT64_MAX) ? JRPC_OK : out_of_range(failure, i, "<i8>");
    }
}

static bool is_integer(reader_tag tag)
{
    return tag == READER_INT || tag == READER_I8 || tag == READER_I1 || tag == READER_I2;
}

jrpc_status number_read_integer(wire_decoder *d, const reader_value *value, int64_t *ret_value)
{
    const char *text;
    integer i;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status >= 0)
        status = read_integer(&d->failure, text, "an integer", &i);
    if (status >= 0)
        status = check_element(&d->failure, value->tag, i);
    if (status >= 0)
        *ret_value = (int64_t)(i.negative ? 0 - i.size : i.size);
    return status;
}

jrpc_status number_read_double(wire_decoder *d, const reader_value *value, double *ret_value)
{
    const char *text;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status < 0)
        return status;
    if (!decimal_parse(text, ret_value))
        return failure_set(&d->failure, JRPC_E_INVALID, "'%.40s' is not a number", text);
    if (!isfinite(*ret_value))
        return failure_set(&d->failure, JRPC_E_INVALID, "%.40s is out of range for double", text);
    return JRPC_OK;
}

jrpc_status number_read_boolean(wire_decoder *d, const reader_value *value, bool *ret_value)
{
    const char *text;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status < 0)
        return status;
    if ((text[0] != '0' && text[0] != '1') || text[1])
        return failure_set(&d->failure, JRPC_E_INVALID, "'%.40s' is not a boolean: 0 or 1", text);
    *ret_value = text[0] == '1';
    return JRPC_OK;
}

static void store_integer(const jrpc_type *type, integer i, void *storage)
{
    storage_set_integer(type, storage, (int64_t)(i.negative ? 0 - i.size : i.size));
}

static jrpc_status decode_integer(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                                  const reader_value *value, void *storage)
{
    bool as_string = (type->flags & JRPC_TYPE_WIRE_STRING) && value->tag == READER_STRING;
    if (!as_string && !is_integer(value->tag))
        return reader_mismatch(d, type->name, value);
    const char *text;
    integer i;
    jrpc_status status = reader_text(d, value->element, &text);
    if (status >= 0)
        status = read_integer(&d->failure, text, type->name, &i);
    if (status < 0)
        return status;
    if (!fits_type(type, i))
        return out_of_range(&d->failure, i, type->name);
    if (!as_string)
        status = check_element(&d->failure, value->tag, i);
    if (status >= 0)
        status = check_integer(&d->failure, type, range, i);
    if (status >= 0)
        store_integer(type, i, storage);
    return status;
}

/* strophe.js writes large numbers as <i4>1e+300</i4>: every number is good for a floating point member. */
static jrpc_status decode_double(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                                 const reader_value *value, void *storage)
{
    if (value->tag != READER_DOUBLE && !is_integer(value->tag))
        return reader_mismatch(d, type->name, value);
    double wide;
    jrpc_status status = number_read_double(d, value, &wide);
    if (status >= 0)
        status = check_double(&d->failure, range, wide);
    if (status < 0)
        return status;
    if (type->kind == JRPC_KIND_DOUBLE) {
        memcpy(storage, &wide, sizeof wide);
        return JRPC_OK;
    }
    /* What rounds to the largest float is one: the shortest text of FLT_MAX is a little above it. */
    if (fabs(wide) >= FLOAT_BEYOND)
        return failure_set(&d->failure, JRPC_E_INVALID, "%g is out of range for float", wide);
    float narrow = (float)wide;
    memcpy(storage, &narrow, sizeof narrow);
    return JRPC_OK;
}

jrpc_status number_decode(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                          const reader_value *value, void *storage)
{
    if (type->kind == JRPC_KIND_FLOAT || type->kind == JRPC_KIND_DOUBLE)
        return decode_double(d, type, range, value, storage);
    if (type->kind != JRPC_KIND_BOOL)
        return decode_integer(d, type, range, value, storage);
    if (value->tag != READER_BOOLEAN)
        return reader_mismatch(d, type->name, value);
    bool truth;
    jrpc_status status = number_read_boolean(d, value, &truth);
    if (status >= 0)
        memcpy(storage, &truth, sizeof truth);
    return status;
}

jrpc_status number_parse(wire_failure *failure, const jrpc_type *type, const char *text, void *storage)
{
    integer i;
    jrpc_status status = read_integer(failure, text, type->name, &i);
    if (status >= 0 && !fits_type(type, i))
        status = out_of_range(failure, i, type->name);
    if (status >= 0)
        store_integer(type, i, storage);
    return status;
}
