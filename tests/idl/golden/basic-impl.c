/* The functions behind basic.idl. This file is yours: idlgen will not write over it. */
#include "basic.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status basic_echo_a_boolean(jrpc_call *call, bool x, bool *y, bool *ret_z, bool *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_an_octet(jrpc_call *call, uint8_t x, uint8_t *y, uint8_t *ret_z,
        uint8_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_an_int8(jrpc_call *call, int8_t x, int8_t *y, int8_t *ret_z, int8_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_short(jrpc_call *call, int16_t x, int16_t *y, int16_t *ret_z,
        int16_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_an_unsigned_short(jrpc_call *call, uint16_t x, uint16_t *y, uint16_t *ret_z,
        uint16_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_long(jrpc_call *call, int32_t x, int32_t *y, int32_t *ret_z,
        int32_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_an_unsigned_long(jrpc_call *call, uint32_t x, uint32_t *y, uint32_t *ret_z,
        uint32_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_long_long(jrpc_call *call, int64_t x, int64_t *y, int64_t *ret_z,
        int64_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_big(jrpc_call *call, uint64_t x, uint64_t *y, uint64_t *ret_z,
        uint64_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_float(jrpc_call *call, float x, float *y, float *ret_z, float *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_double(jrpc_call *call, double x, double *y, double *ret_z,
        double *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_char(jrpc_call *call, char x, char *y, char *ret_z, char *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_wchar(jrpc_call *call, uint32_t x, uint32_t *y, uint32_t *ret_z,
        uint32_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_string(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_short_string(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_wstring(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_some_bytes(jrpc_call *call, const jrpc_bytes *x, jrpc_bytes *y,
        jrpc_bytes *ret_z, jrpc_bytes *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_some_longs(jrpc_call *call, const jrpc_seq_i32 *x, jrpc_seq_i32 *y,
        jrpc_seq_i32 *ret_z, jrpc_seq_i32 *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_a_moment(jrpc_call *call, const jrpc_datetime *x, jrpc_datetime *y,
        jrpc_datetime *ret_z, jrpc_datetime *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_anything(jrpc_call *call, struct _xmlrpc_value *x, struct _xmlrpc_value **y,
        struct _xmlrpc_value **ret_z, struct _xmlrpc_value **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status basic_echo_nothing(jrpc_call *call)
{
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Basic_Echo_impl Basic_Echo_implementation = {
    .a_boolean = basic_echo_a_boolean,
    .an_octet = basic_echo_an_octet,
    .an_int8 = basic_echo_an_int8,
    .a_short = basic_echo_a_short,
    .an_unsigned_short = basic_echo_an_unsigned_short,
    .a_long = basic_echo_a_long,
    .an_unsigned_long = basic_echo_an_unsigned_long,
    .a_long_long = basic_echo_a_long_long,
    .a_big = basic_echo_a_big,
    .a_float = basic_echo_a_float,
    .a_double = basic_echo_a_double,
    .a_char = basic_echo_a_char,
    .a_wchar = basic_echo_a_wchar,
    .a_string = basic_echo_a_string,
    .a_short_string = basic_echo_a_short_string,
    .a_wstring = basic_echo_a_wstring,
    .some_bytes = basic_echo_some_bytes,
    .some_longs = basic_echo_some_longs,
    .a_moment = basic_echo_a_moment,
    .anything = basic_echo_anything,
    .nothing = basic_echo_nothing,
};
