/* SPDX-License-Identifier: MIT */
/* Generated types at work: every type goes to the wire and back, and every kind of function is used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>

#include "base/mem.h"
#include "codegen_fill.h"
#include "wire/native.h"

#include "golden/basic.h"
#include "golden/constants.h"
#include "golden/containers.h"
#include "golden/docs.h"
#include "golden/enums.h"
#include "golden/exceptions.h"
#include "golden/includes.h"
#include "golden/interfaces.h"
#include "golden/keywords.h"
#include "golden/matrix.h"
#include "golden/names.h"
#include "golden/optional.h"
#include "golden/samples/calc.h"
#include "golden/samples/rot13.h"
#include "golden/structs.h"
#include "golden/unions.h"
#include "golden/verbatim.h"

enum { ROUNDS = 25 };

static const jrpc_interface *const interfaces[] = {
    &Basic_Echo_interface,
    &Structs_Store_interface,
    &Optional_Store_interface,
    &Enums_Painter_interface,
    &Unions_Board_interface,
    &Containers_Depot_interface,
    &Matrix_Echo_interface,
    &Exceptions_Bank_interface,
    &Shared_Plane_interface,
    &Interfaces_Both_interface,
    &Interfaces_Renamed_interface,
    &class_operator_interface,
    &Top_interface,
    &acme_interface,
    &Docs_Speaker_interface,
    &Calc_Calculator_interface,
    &Rot13_interface,
};

static xmpp_ctx_t *context;

/* ---- one value ---- */

static void check_print(const jrpc_type *type, const void *value)
{
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);

    assert_non_null(stream);
    jrpc_value_print(stream, type, value);
    assert_int_equal(fclose(stream), 0);
    assert_true(len > 0 || type->kind == JRPC_KIND_CHAR);
    free(text);
}

static void check_copy(const jrpc_type *type, const void *value)
{
    autofree void *copy = malloc(type->size);

    assert_non_null(copy);
    assert_int_equal(jrpc_value_copy(type, value, copy), JRPC_OK);
    assert_true(jrpc_value_equal(type, value, copy));
    jrpc_value_clear(type, copy);
}

static void check_wire(const jrpc_type *type, const jrpc_range *range, const void *value)
{
    static const wire_limits limits = WIRE_LIMITS_DEFAULT;
    AUTO(buf_done) buf text = BUF_INIT;
    autofree void *back = malloc(type->size);
    wire_decoder decoder = WIRE_DECODER_INIT(&limits, NULL);
    wire_failure failure = WIRE_FAILURE_INIT;

    assert_non_null(back);
    if (native_encode(&text, type, range, value, WIRE_DEPTH_DEFAULT, &failure) != JRPC_OK)
        fail_msg("%s: encoding: %s: %s", type->name, failure.path, failure.message);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(context, text.data);
    assert_non_null(stanza);
    if (native_decode(&decoder, type, range, stanza, back) != JRPC_OK)
        fail_msg("%s: decoding: %s: %s: %s", type->name, decoder.failure.path, decoder.failure.message,
                 text.data);
    if (!jrpc_value_equal(type, value, back))
        fail_msg("%s: another value came back: %s", type->name, text.data);
    jrpc_value_clear(type, back);
    xmpp_stanza_release(stanza);
}

static void check_type(fill *f, const jrpc_type *type, const jrpc_range *range)
{
    autofree void *value = malloc(type->size);

    assert_non_null(value);
    for (int round = 0; round < ROUNDS; round++) {
        f->depth = 4;
        fill_value(f, type, range, value);
        assert_true(jrpc_value_equal(type, value, value));
        check_print(type, value);
        check_copy(type, value);
        check_wire(type, range, value);
        jrpc_value_clear(type, value);
    }
    assert_int_equal(jrpc_value_init(type, value), JRPC_OK);
    check_copy(type, value);
    jrpc_value_clear(type, value);
}

static void check_method(fill *f, const jrpc_method *method)
{
    for (unsigned i = 0; i < method->param_count; i++)
        check_type(f, method->params[i].type, method->params[i].range);
    if (method->result)
        check_type(f, method->result, NULL);
    for (unsigned i = 0; i < method->exception_count; i++)
        check_type(f, method->exceptions[i]->type, NULL);
}

static void every_type_round_trips(void **state)
{
    fill f = { .state = UINT64_C(0x9E3779B97F4A7C15) };

    UNUSED(state);
    for (size_t i = 0; i < COUNT_OF(interfaces); i++) {
        assert_int_equal(interfaces[i]->abi, JRPC_DESC_ABI);
        for (unsigned k = 0; k < interfaces[i]->method_count; k++) {
            const jrpc_method *method = &interfaces[i]->methods[k];
            assert_ptr_equal(method->interface_, interfaces[i]);
            assert_int_equal(method->slot, k);
            check_method(&f, method);
        }
    }
}

/* ---- the functions of the headers ---- */

static void structs_have_their_verbs(void **state)
{
    Structs_Image image, copy;

    UNUSED(state);
    assert_int_equal(Structs_Image_init(&image), JRPC_OK);
    image.title = jrpc_strdup("sea");
    image.matrix[1][2] = 0.5;
    Structs_Pixel pixel = { .base = { .x = 3, .y = 4 }, .colour = { 1, 2, 3 } };
    assert_int_equal(Structs_Pixel_seq_reserve(&image.pixels, 8), JRPC_OK);
    assert_int_equal(Structs_Pixel_seq_push(&image.pixels, pixel), JRPC_OK);
    assert_int_equal(Structs_Image_copy(&image, &copy), JRPC_OK);
    assert_true(Structs_Image_equal(&image, &copy));
    copy.pixels.data[0].base.y = 5;
    assert_false(Structs_Image_equal(&image, &copy));
    Structs_Image_clear(&image);
    Structs_Image_clear(&copy);
    assert_null(image.title);
}

static void recursive_structs_nest(void **state)
{
    Structs_Node root = { 0 }, child = { 0 };

    UNUSED(state);
    child.label = jrpc_strdup("child");
    assert_int_equal(Structs_Nodes_push(&root.children, child), JRPC_OK);
    Structs_Node named = { .label = jrpc_strdup("named") };
    assert_int_equal(Structs_Node_map_string_put(&root.by_name, "n", named), JRPC_OK);
    assert_string_equal(Structs_Node_map_string_get(&root.by_name, "n")->label, "named");
    check_wire(&Structs_Node_type, NULL, &root);
    Structs_Node_clear(&root);
}

static void optional_members_have_setters(void **state)
{
    Optional_Settings s;

    UNUSED(state);
    assert_int_equal(Optional_Settings_init(&s), JRPC_OK);
    assert_int_equal(s.retries, 5);
    assert_string_equal(s.mode, "none");
    assert_int_equal(s.urgency, Optional_Level_HIGH);
    assert_true(s.ratio > 0.49 && s.ratio < 0.51);
    assert_true(s.active);
    assert_false(s.has_count);
    assert_null(s.area);
    s.volume = 1;
    Optional_Settings_set_count(&s, 12);
    assert_true(s.has_count && s.count == 12);
    assert_int_equal(Optional_Settings_set_area(&s, (Optional_Size){ 3, 4 }), JRPC_OK);
    assert_int_equal(Optional_Settings_set_area(&s, (Optional_Size){ 5, 6 }), JRPC_OK);
    assert_int_equal(s.area->width, 5);
    jrpc_seq_i32 numbers = { 0 };
    assert_int_equal(jrpc_seq_i32_push(&numbers, 9), JRPC_OK);
    assert_int_equal(Optional_Settings_set_numbers(&s, numbers), JRPC_OK);
    check_wire(&Optional_Settings_type, NULL, &s);
    Optional_Settings_clear(&s);
}

static void unions_switch_arms(void **state)
{
    Unions_Figure figure = { 0 };
    Unions_Number number = { 0 };
    int32_t triple[3] = { 7, 8, 9 };

    UNUSED(state);
    assert_int_equal(Unions_Figure_set_description(&figure, Unions_Shape_BLOB, jrpc_strdup("a blob")), JRPC_OK);
    /* A label of another arm: refused, and the value is as it was. */
    assert_int_equal(Unions_Figure_set_description(&figure, Unions_Shape_CIRCLE, NULL), JRPC_E_INVALID);
    assert_int_equal(figure._d, Unions_Shape_BLOB);
    assert_string_equal(figure._u.description, "a blob");
    check_wire(&Unions_Figure_type, NULL, &figure);
    Unions_Figure_set_radius(&figure, 2.5);
    assert_int_equal(figure._d, Unions_Shape_CIRCLE);
    check_wire(&Unions_Figure_type, NULL, &figure);
    Unions_Figure_clear(&figure);
    assert_int_equal(Unions_Number_set_small(&number, -1, 5), JRPC_OK);
    assert_int_equal(Unions_Number_set_small(&number, 2, 6), JRPC_E_INVALID);
    assert_int_equal(number._u.small, 5);
    assert_int_equal(number._d, -1);
    Unions_Number_set_text(&number, jrpc_strdup("text"));
    Unions_Number_set_triple(&number, triple);
    assert_int_equal(number._u.triple[2], 9);
    check_wire(&Unions_Number_type, NULL, &number);
    Unions_Number_clear(&number);
}

static void enums_have_names(void **state)
{
    Enums_Colour colour = Enums_Colour_RED;
    Enums_Word word = Enums_Word_NOT_;

    UNUSED(state);
    assert_string_equal(Enums_Colour_to_string(Enums_Colour_BLUE), "BLUE");
    assert_true(Enums_Colour_from_string("GREEN", &colour));
    assert_int_equal(colour, Enums_Colour_GREEN);
    assert_false(Enums_Colour_from_string("MAUVE", &colour));
    assert_int_equal(colour, Enums_Colour_GREEN);
    assert_int_equal((int)Enums_Error_FATAL, -1);
    assert_string_equal(Enums_Error_to_string(Enums_Error_FATAL), "FATAL");
    assert_string_equal(Enums_Word_to_string(word), "not");
    assert_int_equal(Enums_Rights_CAN_RUN, 32);
    assert_int_equal(sizeof(Enums_Small), 1);
    assert_int_equal(sizeof(Enums_Big), 8);
}

static void maps_put_and_get(void **state)
{
    jrpc_map_string_i32 counts = { 0 };
    Containers_Labels labels = { 0 };
    Containers_Index index = { 0 };

    UNUSED(state);
    assert_null(jrpc_map_string_i32_get(&counts, "a"));
    assert_int_equal(jrpc_map_string_i32_put(&counts, "a", 1), JRPC_OK);
    assert_int_equal(jrpc_map_string_i32_put(&counts, "b", 2), JRPC_OK);
    assert_int_equal(jrpc_map_string_i32_put(&counts, "a", 3), JRPC_OK);
    assert_int_equal(counts.len, 2);
    assert_int_equal(*jrpc_map_string_i32_get(&counts, "a"), 3);
    jrpc_map_string_i32_clear(&counts);

    assert_int_equal(Containers_Labels_put(&labels, 5, jrpc_strdup("five")), JRPC_OK);
    assert_int_equal(Containers_Labels_put(&labels, 5, jrpc_strdup("FIVE")), JRPC_OK);
    assert_string_equal(*Containers_Labels_get(&labels, 5), "FIVE");
    Containers_Labels_clear(&labels);

    Containers_Item item = { .title = jrpc_strdup("n"), .digits = jrpc_strdup("c") };
    assert_int_equal(Containers_Index_put(&index, "k", item), JRPC_OK);
    assert_string_equal(Containers_Index_get(&index, "k")->digits, "c");
    Containers_Index_clear(&index);
}

static void constants_have_their_values(void **state)
{
    UNUSED(state);
    assert_true(Constants_YES);
    assert_int_equal(Constants_AN_OCTET, 255);
    assert_int_equal(Constants_TINY, INT8_MIN);
    assert_int_equal(Constants_A_LONG, INT32_MIN);
    assert_true(Constants_LONGLONG == INT64_MIN);
    assert_true(Constants_ULONGLONG == UINT64_MAX);
    assert_int_equal(Constants_SUM, 22);
    assert_true(Constants_A_FLOAT == 0.1F);
    assert_true(Constants_A_DOUBLE == -1.0e-7);
    assert_int_equal(Constants_LETTER, '\'');
    assert_int_equal(Constants_EURO, 0x20AC);
    const char nul = Constants_NUL, last = Constants_LAST_BYTE; /* char has a sign here and none there */
    assert_int_equal(nul, 0);
    assert_int_equal((unsigned char)last, 0xFF);
    assert_int_equal(Constants_VERTICAL_TAB, '\v');
    assert_int_equal(Constants_WIDE_NUL, 0);
    assert_string_equal(Constants_TEXT,
                        "say \"yes\"?"
                        "?/\n\ttab \x01");
    assert_string_equal(Constants_WIDE, "gr\xc3\xbcn");
    assert_int_equal(Constants_THERE, Constants_Side_RIGHT);
    assert_int_equal(Calc_MAX_STEPS, 100);
}

static void exceptions_are_described(void **state)
{
    jrpc_error error = JRPC_ERROR_INIT;

    UNUSED(state);
    assert_null(Exceptions_TooLittle_of(&error));
    assert_string_equal(Exceptions_TooLittle_exception.name, "Exceptions::TooLittle");
    assert_int_equal(Exceptions_TooLittle_exception.code, 1001);
    assert_int_equal(Exceptions_Closed_exception.code, 77);
    assert_ptr_equal(Exceptions_Bank_methods[0].exceptions[2], &Exceptions_Bank_Locked_exception);
    assert_string_equal(Exceptions_TooLittle_exception.help, "There is not enough.");
}

static void methods_are_described(void **state)
{
    const jrpc_method *sum = &Interfaces_Both_methods[6];

    UNUSED(state);
    assert_string_equal(Rot13_methods[0].wire_name, "Rot13");
    assert_string_equal(sum->name, "sum");
    assert_string_equal(sum->wire_name, "Interfaces.Both.sum");
    assert_int_equal(sum->flags, JRPC_METHOD_IDEMPOTENT);
    assert_int_equal(sum->timeout_ms, 2500);
    assert_string_equal(sum->acl, "admin");
    assert_int_equal(Interfaces_Both_methods[8].flags, JRPC_METHOD_ONEWAY);
    assert_string_equal(Interfaces_Both_methods[0].wire_name, "Interfaces.Base.ping");
    assert_string_equal(Interfaces_Both_methods[1].wire_name, "Interfaces.Base._get_version");
    assert_string_equal(Interfaces_Renamed_methods[0].wire_name, "short.op");
    assert_string_equal(Interfaces_Renamed_methods[1].wire_name, "bare");
    assert_int_equal(offsetof(Interfaces_Both_impl, sum), 6 * sizeof(void (*)(void)));
}

static int setup(void **state)
{
    UNUSED(state);
    xmpp_initialize();
    context = xmpp_ctx_new(NULL, NULL);
    return context ? 0 : -1;
}

static int teardown(void **state)
{
    UNUSED(state);
    xmpp_ctx_free(context);
    xmpp_shutdown();
    return 0;
}

/* A member of the author's own, by @verbatim: zero at first, kept by the caller, and no part of the wire. */
static void verbatim_members_stay_at_home(void **state)
{
    Verbatim_Point point = { .z = 5 };

    UNUSED(state);
    assert_int_equal(Verbatim_Point_init(&point), JRPC_OK);
    assert_int_equal(point.z, 0);
    point.z = 7;
    check_wire(&Verbatim_Point_type, NULL, &point);
    assert_int_equal(Verbatim_Point_type.count, 2);
    assert_int_equal(VERBATIM_POINTS(2), 2 * sizeof(Verbatim_Point));
    assert_int_equal(VERBATIM_LAST, Verbatim_Kind_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_round_trips),   cmocka_unit_test(structs_have_their_verbs),
        cmocka_unit_test(recursive_structs_nest),   cmocka_unit_test(optional_members_have_setters),
        cmocka_unit_test(unions_switch_arms),       cmocka_unit_test(enums_have_names),
        cmocka_unit_test(maps_put_and_get),         cmocka_unit_test(constants_have_their_values),
        cmocka_unit_test(exceptions_are_described), cmocka_unit_test(methods_are_described),
        cmocka_unit_test(verbatim_members_stay_at_home),
    };

    return cmocka_run_group_tests_name("generated values", tests, setup, teardown);
}
