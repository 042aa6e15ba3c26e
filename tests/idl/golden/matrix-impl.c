/* The functions behind matrix.idl. This file is yours: idlgen will not write over it. */
#include "matrix.h"

/*
 * What a handler is given lives until it returns. What it gives back through ret_... is on the heap
 * (jrpc_strdup(), T_push()...), and is freed for it after it was sent.
 */

static jrpc_status matrix_echo_give_boolean(jrpc_call *call, bool x, bool *y, bool *ret_z, bool *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_octet(jrpc_call *call, uint8_t x, uint8_t *y, uint8_t *ret_z,
        uint8_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_int8(jrpc_call *call, int8_t x, int8_t *y, int8_t *ret_z,
        int8_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_char(jrpc_call *call, char x, char *y, char *ret_z, char *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_wchar(jrpc_call *call, uint32_t x, uint32_t *y, uint32_t *ret_z,
        uint32_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_short(jrpc_call *call, int16_t x, int16_t *y, int16_t *ret_z,
        int16_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_ushort(jrpc_call *call, uint16_t x, uint16_t *y, uint16_t *ret_z,
        uint16_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_long(jrpc_call *call, int32_t x, int32_t *y, int32_t *ret_z,
        int32_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_ulong(jrpc_call *call, uint32_t x, uint32_t *y, uint32_t *ret_z,
        uint32_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_llong(jrpc_call *call, int64_t x, int64_t *y, int64_t *ret_z,
        int64_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_ullong(jrpc_call *call, uint64_t x, uint64_t *y, uint64_t *ret_z,
        uint64_t *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_float(jrpc_call *call, float x, float *y, float *ret_z, float *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_double(jrpc_call *call, double x, double *y, double *ret_z,
        double *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_string(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_text(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_wstring(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_wtext(jrpc_call *call, const char *x, char **y, char **ret_z,
        char **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_colour(jrpc_call *call, Matrix_Colour x, Matrix_Colour *y,
        Matrix_Colour *ret_z, Matrix_Colour *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_rights(jrpc_call *call, Matrix_Rights x, Matrix_Rights *y,
        Matrix_Rights *ret_z, Matrix_Rights *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_point(jrpc_call *call, const Matrix_Point *x, Matrix_Point *y,
        Matrix_Point *ret_z, Matrix_Point *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_choice(jrpc_call *call, const Matrix_Choice *x, Matrix_Choice *y,
        Matrix_Choice *ret_z, Matrix_Choice *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_longs(jrpc_call *call, const jrpc_seq_i32 *x, jrpc_seq_i32 *y,
        jrpc_seq_i32 *ret_z, jrpc_seq_i32 *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_few(jrpc_call *call, const jrpc_seq_string *x, jrpc_seq_string *y,
        jrpc_seq_string *ret_z, jrpc_seq_string *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_points(jrpc_call *call, const Matrix_Point_seq *x, Matrix_Point_seq *y,
        Matrix_Point_seq *ret_z, Matrix_Point_seq *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_row(jrpc_call *call, const Matrix_Row *x, Matrix_Row *y,
        Matrix_Row *ret_z, Matrix_Row *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_grid(jrpc_call *call, const Matrix_Grid *x, Matrix_Grid *y,
        Matrix_Grid *ret_z, Matrix_Grid *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_digest(jrpc_call *call, const Matrix_Digest *x, Matrix_Digest *y,
        Matrix_Digest *ret_z, Matrix_Digest *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_tally(jrpc_call *call, const jrpc_map_string_i32 *x,
        jrpc_map_string_i32 *y, jrpc_map_string_i32 *ret_z, jrpc_map_string_i32 *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_places(jrpc_call *call, const Matrix_Point_map_i32 *x,
        Matrix_Point_map_i32 *y, Matrix_Point_map_i32 *ret_z, Matrix_Point_map_i32 *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_anything(jrpc_call *call, struct _xmlrpc_value *x,
        struct _xmlrpc_value **y, struct _xmlrpc_value **ret_z, struct _xmlrpc_value **ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_moment(jrpc_call *call, const jrpc_datetime *x, jrpc_datetime *y,
        jrpc_datetime *ret_z, jrpc_datetime *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_bytes(jrpc_call *call, const jrpc_bytes *x, jrpc_bytes *y,
        jrpc_bytes *ret_z, jrpc_bytes *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_block(jrpc_call *call, const jrpc_bytes *x, jrpc_bytes *y,
        jrpc_bytes *ret_z, jrpc_bytes *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_title(jrpc_call *call, const char *x, Matrix_Title *y,
        Matrix_Title *ret_z, Matrix_Title *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_list(jrpc_call *call, const Matrix_List *x, Matrix_List *y,
        Matrix_List *ret_z, Matrix_List *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_tree(jrpc_call *call, const Matrix_Tree *x, Matrix_Tree *y,
        Matrix_Tree *ret_z, Matrix_Tree *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_members(jrpc_call *call, const Matrix_Members *x, Matrix_Members *y,
        Matrix_Members *ret_z, Matrix_Members *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_elements(jrpc_call *call, const Matrix_Elements *x, Matrix_Elements *y,
        Matrix_Elements *ret_z, Matrix_Elements *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_values(jrpc_call *call, const Matrix_Values *x, Matrix_Values *y,
        Matrix_Values *ret_z, Matrix_Values *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_arrays(jrpc_call *call, const Matrix_Arrays *x, Matrix_Arrays *y,
        Matrix_Arrays *ret_z, Matrix_Arrays *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_optionals(jrpc_call *call, const Matrix_Optionals *x, Matrix_Optionals *y,
        Matrix_Optionals *ret_z, Matrix_Optionals *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_arms(jrpc_call *call, const Matrix_Arms *x, Matrix_Arms *y,
        Matrix_Arms *ret_z, Matrix_Arms *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_give_keys(jrpc_call *call, const Matrix_Keys *x, Matrix_Keys *y,
        Matrix_Keys *ret_z, Matrix_Keys *ret_result)
{
    (void)x;
    (void)y;
    (void)ret_z;
    (void)ret_result;
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

static jrpc_status matrix_echo_fail(jrpc_call *call)
{
    return jrpc_call_fault(call, 1, "%s is not implemented yet", jrpc_call_method(call));
}

const Matrix_Echo_impl Matrix_Echo_implementation = {
    .give_boolean = matrix_echo_give_boolean,
    .give_octet = matrix_echo_give_octet,
    .give_int8 = matrix_echo_give_int8,
    .give_char = matrix_echo_give_char,
    .give_wchar = matrix_echo_give_wchar,
    .give_short = matrix_echo_give_short,
    .give_ushort = matrix_echo_give_ushort,
    .give_long = matrix_echo_give_long,
    .give_ulong = matrix_echo_give_ulong,
    .give_llong = matrix_echo_give_llong,
    .give_ullong = matrix_echo_give_ullong,
    .give_float = matrix_echo_give_float,
    .give_double = matrix_echo_give_double,
    .give_string = matrix_echo_give_string,
    .give_text = matrix_echo_give_text,
    .give_wstring = matrix_echo_give_wstring,
    .give_wtext = matrix_echo_give_wtext,
    .give_colour = matrix_echo_give_colour,
    .give_rights = matrix_echo_give_rights,
    .give_point = matrix_echo_give_point,
    .give_choice = matrix_echo_give_choice,
    .give_longs = matrix_echo_give_longs,
    .give_few = matrix_echo_give_few,
    .give_points = matrix_echo_give_points,
    .give_row = matrix_echo_give_row,
    .give_grid = matrix_echo_give_grid,
    .give_digest = matrix_echo_give_digest,
    .give_tally = matrix_echo_give_tally,
    .give_places = matrix_echo_give_places,
    .give_anything = matrix_echo_give_anything,
    .give_moment = matrix_echo_give_moment,
    .give_bytes = matrix_echo_give_bytes,
    .give_block = matrix_echo_give_block,
    .give_title = matrix_echo_give_title,
    .give_list = matrix_echo_give_list,
    .give_tree = matrix_echo_give_tree,
    .give_members = matrix_echo_give_members,
    .give_elements = matrix_echo_give_elements,
    .give_values = matrix_echo_give_values,
    .give_arrays = matrix_echo_give_arrays,
    .give_optionals = matrix_echo_give_optionals,
    .give_arms = matrix_echo_give_arms,
    .give_keys = matrix_echo_give_keys,
    .fail = matrix_echo_fail,
};
