/* SPDX-License-Identifier: MIT */
/* One file for each family of kinds, encoding and decoding side by side; native.c chooses. */
#ifndef WIRE_CODEC_H
#define WIRE_CODEC_H

#include <xmlrpc-c/base.h>

#include "wire/native.h"
#include "wire/reader.h"
#include "wire/storage.h"
#include "wire/writer.h"

/* State of encoding one value. */
typedef struct encoder {
    buf *out;
    unsigned depth, max_depth;
    wire_failure *failure;
    bool wide; /* an xmlrpc_value of type i8 is written as <i8> whatever its number */
} encoder;

jrpc_status encoder_enter(encoder *e);
static inline void encoder_leave(encoder *e)
{
    e->depth--;
}

/* After writing: cuts the buffer back to start if status or the buffer says that it failed. */
jrpc_status encoder_finish(encoder *e, size_t start, jrpc_status status);
encoder encoder_start(buf *out, unsigned max_depth, wire_failure *failure);

/* Any kind: appends <value>...</value>; a failure leaves the buffer as far as it came. */
jrpc_status codec_encode(encoder *e, const jrpc_type *type, const jrpc_range *range, const void *value);
/* Any kind, into zeroed storage; after a failure what is there can be dropped by storage_drop(). */
jrpc_status codec_decode(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                         xmpp_stanza_t *value, void *storage);

/* BOOL, integers, FLOAT, DOUBLE, BITMASK */
jrpc_status number_encode(encoder *e, const jrpc_type *type, const jrpc_range *range, const void *value);
jrpc_status number_decode(wire_decoder *d, const jrpc_type *type, const jrpc_range *range,
                          const reader_value *value, void *storage);
/* The text of an integer type as a key of a map: decimal, booleans 0 and 1. */
jrpc_status number_parse(wire_failure *failure, const jrpc_type *type, const char *text, void *storage);
/* Appends <value> with <i4> if it fits, else <i8>. */
void number_write_integer(buf *out, int64_t value);
/* With <i8> always. */
void number_write_wide(buf *out, int64_t value);
jrpc_status number_write_double(encoder *e, double value);
void number_write_boolean(buf *out, bool value);
/* The text of <i4>, <i1>, <i2>, <i8>: checked against the element's own range. */
jrpc_status number_read_integer(wire_decoder *d, const reader_value *value, int64_t *ret_value);
jrpc_status number_read_double(wire_decoder *d, const reader_value *value, double *ret_value);
jrpc_status number_read_boolean(wire_decoder *d, const reader_value *value, bool *ret_value);

/* STRING, CHAR, WCHAR, ENUM */
jrpc_status text_encode(encoder *e, const jrpc_type *type, const void *value);
jrpc_status text_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage);
/* The text itself, escaped, or read: keys of maps. */
jrpc_status text_write(encoder *e, const jrpc_type *type, const void *value);
jrpc_status text_parse(wire_decoder *d, const jrpc_type *type, const char *text, void *storage);
jrpc_status text_write_string(encoder *e, const char *text, size_t len);

/* BYTES, and ARRAY of octets */
jrpc_status bytes_encode(encoder *e, const jrpc_type *type, const void *value);
jrpc_status bytes_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage);
void bytes_write(buf *out, const void *data, size_t len);
/* The number of bytes that a base64 text stands for; INVALID when it is not one. */
jrpc_status bytes_measure(wire_decoder *d, const char *text, size_t *ret_len);
/* Only after bytes_measure() accepted it; to has room for that many. */
void bytes_read(const char *text, uint8_t *to);

/* DATETIME */
jrpc_status datetime_encode(encoder *e, const jrpc_datetime *value, unsigned microsecond);
jrpc_status datetime_decode(wire_decoder *d, const reader_value *value, jrpc_datetime *ret_value,
                            unsigned *ret_microsecond);

/* STRUCT */
jrpc_status struct_encode(encoder *e, const jrpc_type *type, const void *value);
jrpc_status struct_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage);
/* <member><name>name</name>, the value, </member> */
jrpc_status struct_write_member(encoder *e, const char *name, const jrpc_type *type, const jrpc_range *range,
                                const void *value);

/* UNION */
jrpc_status union_encode(encoder *e, const jrpc_type *type, const void *value);
jrpc_status union_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage);

/* SEQUENCE, ARRAY of anything but octets */
jrpc_status list_encode(encoder *e, const jrpc_type *type, const void *value);
jrpc_status list_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage);
/* @unique: INVALID names the later of two equal elements. */
jrpc_status list_check_unique(const jrpc_type *type, const void *value, wire_failure *failure);

/* MAP */
jrpc_status dict_encode(encoder *e, const jrpc_type *type, const void *value);
jrpc_status dict_decode(wire_decoder *d, const jrpc_type *type, const reader_value *value, void *storage);

/* METHOD: its name, escaped; in parameters, each in a <param> unless batched; an answer's one value; a fault's struct */
jrpc_status name_encode(encoder *e, const char *method);
jrpc_status value_params_encode(encoder *e, xmlrpc_value *params, bool batched);
jrpc_status params_encode(encoder *e, const jrpc_method *method, const void *const *in, bool batched);
jrpc_status result_encode(encoder *e, const jrpc_method *method, void *const *out_values);
void fault_encode(buf *out, int32_t code, const char *text);

/* ANY */
jrpc_status any_encode(encoder *e, xmlrpc_value *value);
jrpc_status any_decode(wire_decoder *d, const reader_value *value, xmlrpc_value **ret_value);
bool any_equal(xmlrpc_value *a, xmlrpc_value *b);
/* For people. */
void any_print(buf *out, xmlrpc_value *value);

#endif
