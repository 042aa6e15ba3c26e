/* SPDX-License-Identifier: MIT */
/* Calling C functions by table: every kind in every direction, both conventions, many parameters. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "base/mem.h"
#include "serve/invoke.h"

/* ---- types that a compiler of IDL would write ---- */

typedef enum colour { RED, GREEN = 5, BLUE = -3 } colour;

static const jrpc_enumerator colours[] = { { "RED", RED }, { "GREEN", GREEN }, { "BLUE", BLUE } };
static const jrpc_type colour_type = {
    .kind = JRPC_KIND_ENUM, .size = sizeof(colour), .count = 3, .name = "Colour", .enumerators = colours
};

#define MASK_TYPE(bits) \
    static const jrpc_type mask##bits##_type = { .kind = JRPC_KIND_BITMASK, \
                                                 .size = (bits) / 8, \
                                                 .name = "Mask" #bits }
MASK_TYPE(8);
MASK_TYPE(16);
MASK_TYPE(32);
MASK_TYPE(64);

typedef struct point {
    double x;
    char *label;
} point;

static const jrpc_field point_fields[] = {
    { .name = "x", .type = &jrpc_type_double, .offset = offsetof(point, x) },
    { .name = "label", .type = &jrpc_type_string, .offset = offsetof(point, label) },
};
static const jrpc_type point_type = {
    .kind = JRPC_KIND_STRUCT, .size = sizeof(point), .count = 2, .name = "Point", .fields = point_fields
};

typedef struct choice {
    int32_t _d;
    union {
        int32_t number;
        double real;
    } _u;
} choice;

static const int64_t label_1[] = { 1 }, label_2[] = { 2 };
static const jrpc_field choice_arms[] = {
    { .name = "number",
      .type = &jrpc_type_i32,
      .offset = offsetof(choice, _u),
      .label_count = 1,
      .labels = label_1 },
    { .name = "real",
      .type = &jrpc_type_double,
      .offset = offsetof(choice, _u),
      .label_count = 1,
      .labels = label_2 },
};
static const jrpc_type choice_type = { .kind = JRPC_KIND_UNION,
                                       .size = sizeof(choice),
                                       .count = 2,
                                       .name = "Choice",
                                       .discriminator = &jrpc_type_i32,
                                       .fields = choice_arms };

static const jrpc_type triple_type = { .kind = JRPC_KIND_ARRAY, .size = 3 * sizeof(int32_t), .bound = 3,
                                       .name = "long[3]", .element = &jrpc_type_i32 };

typedef struct entry {
    char *key;
    int32_t value;
} entry;

typedef struct table {
    entry *data;
    size_t len, cap;
} table;

static const jrpc_field entry_fields[] = {
    { .name = "key", .type = &jrpc_type_string, .offset = offsetof(entry, key) },
    { .name = "value", .type = &jrpc_type_i32, .offset = offsetof(entry, value) },
};
static const jrpc_type entry_type = {
    .kind = JRPC_KIND_STRUCT, .size = sizeof(entry), .count = 2, .name = "entry", .fields = entry_fields
};
static const jrpc_type table_type = {
    .kind = JRPC_KIND_MAP, .size = sizeof(table), .name = "map<string,long>", .element = &entry_type
};

/* ---- the machinery of one call ---- */

/* What a handler gets as its call; it is never looked into here. */
static struct jrpc_call *const some_call = (struct jrpc_call *)(uintptr_t)0x1234;

typedef struct running {
    jrpc_method method;
    invoke_plan *plan;
    arena memory;
    invoke_frame frame;
} running;

static void prepare(running *r, const jrpc_param *params, size_t count, const jrpc_type *result,
                    jrpc_convention convention)
{
    *r = (running){ .method = { .name = "m",
                                .wire_name = "m",
                                .params = params,
                                .param_count = (uint16_t)count,
                                .result = result,
                                .convention = (uint16_t)convention } };
    const char *why = NULL;
    assert_int_equal(invoke_prepare(&r->method, &r->plan, &why), JRPC_OK);
    assert_null(why);
    assert_int_equal(invoke_frame_new(&r->method, &r->memory, &r->frame), JRPC_OK);
    assert_int_equal(r->frame.count, count + (result != NULL));
}

static void finish(running *r)
{
    invoke_frame_clear(&r->method, &r->frame);
    arena_done(&r->memory);
    invoke_plan_free(r->plan);
}

static jrpc_status run(running *r, invoke_fn function)
{
    return invoke_call(r->plan, &r->method, function, some_call, &r->frame);
}

#define PUT(r, i, type, value) (*(type *)(r)->frame.storage[i] = (value))
#define GET(r, i, type) (*(type *)(r)->frame.storage[i])
#define IN(t) { .name = "p", .type = &(t), .direction = JRPC_IN }
#define OUT(t) { .name = "p", .type = &(t), .direction = JRPC_OUT }
#define INOUT(t) { .name = "p", .type = &(t), .direction = JRPC_INOUT }

/* ---- in: twenty scalars, more than there are registers ---- */

static bool scalars_seen;

static jrpc_status see_scalars(struct jrpc_call *call, bool b, int8_t i8, uint8_t u8, int16_t i16,
                               uint16_t u16, int32_t i32, uint32_t u32, int64_t i64, uint64_t u64, float f,
                               double d, char c, uint32_t wide, colour e, uint8_t m8, uint16_t m16,
                               uint32_t m32, uint64_t m64, const char *text, xmlrpc_value *any)
{
    assert_ptr_equal(call, some_call);
    assert_true(b);
    assert_int_equal(i8, -128);
    assert_int_equal(u8, 255);
    assert_int_equal(i16, -32768);
    assert_int_equal(u16, 65535);
    assert_true(i32 == INT32_MIN);
    assert_true(u32 == UINT32_MAX);
    assert_true(i64 == INT64_MIN);
    assert_true(u64 == UINT64_MAX);
    assert_true(f > 1.49F && f < 1.51F);
    assert_true(d > -2.51 && d < -2.49);
    assert_int_equal(c, 'x');
    assert_int_equal(wide, 0x1F600);
    assert_int_equal(e, BLUE);
    assert_int_equal(m8, 0x81);
    assert_int_equal(m16, 0x8001);
    assert_true(m32 == 0x80000001U);
    assert_true(m64 == 0x8000000000000001U);
    assert_string_equal(text, "text");
    assert_int_equal(xmlrpc_value_type(any), XMLRPC_TYPE_NIL);
    scalars_seen = true;
    return JRPC_E_BUSY;
}

static const jrpc_param twenty[] = {
    IN(jrpc_type_bool),  IN(jrpc_type_i8),    IN(jrpc_type_u8),   IN(jrpc_type_i16),    IN(jrpc_type_u16),
    IN(jrpc_type_i32),   IN(jrpc_type_u32),   IN(jrpc_type_i64),  IN(jrpc_type_u64),    IN(jrpc_type_float),
    IN(jrpc_type_double), IN(jrpc_type_char), IN(jrpc_type_wchar), IN(colour_type),     IN(mask8_type),
    IN(mask16_type),     IN(mask32_type),     IN(mask64_type),    IN(jrpc_type_string), IN(jrpc_type_any),
};

static void put_scalars(running *r)
{
    PUT(r, 0, bool, true);
    PUT(r, 1, int8_t, -128);
    PUT(r, 2, uint8_t, 255);
    PUT(r, 3, int16_t, -32768);
    PUT(r, 4, uint16_t, 65535);
    PUT(r, 5, int32_t, INT32_MIN);
    PUT(r, 6, uint32_t, UINT32_MAX);
    PUT(r, 7, int64_t, INT64_MIN);
    PUT(r, 8, uint64_t, UINT64_MAX);
    PUT(r, 9, float, 1.5F);
    PUT(r, 10, double, -2.5);
    PUT(r, 11, char, 'x');
    PUT(r, 12, uint32_t, 0x1F600);
    PUT(r, 13, colour, BLUE);
    PUT(r, 14, uint8_t, 0x81);
    PUT(r, 15, uint16_t, 0x8001);
    PUT(r, 16, uint32_t, 0x80000001U);
    PUT(r, 17, uint64_t, 0x8000000000000001U);
    PUT(r, 18, char *, strdup("text"));
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    PUT(r, 19, xmlrpc_value *, xmlrpc_nil_new(&env));
    xmlrpc_env_clean(&env);
}

static void scalars_come_in_by_value(void **state)
{
    UNUSED(state);
    running r;
    prepare(&r, twenty, COUNT_OF(twenty), NULL, JRPC_CALL_HANDLER);
    put_scalars(&r);
    scalars_seen = false;
    assert_int_equal(run(&r, (invoke_fn)see_scalars), JRPC_E_BUSY);
    assert_true(scalars_seen);
    finish(&r);
}

/* ---- in: what is passed by pointer ---- */

static jrpc_status see_aggregates(struct jrpc_call *call, const jrpc_bytes *bytes, const jrpc_datetime *when,
                                  const point *p, const choice *c, const jrpc_seq_i32 *list,
                                  const int32_t *triple, const table *map, int32_t *ret_result)
{
    assert_ptr_equal(call, some_call);
    assert_int_equal(bytes->len, 2);
    assert_int_equal(when->year, 2024);
    assert_string_equal(p->label, "label");
    assert_true(c->_u.real > 2.4 && c->_u.real < 2.6);
    assert_int_equal(list->data[1], 22);
    assert_int_equal(triple[2], 3);
    assert_string_equal(map->data[0].key, "key");
    *ret_result = 77;
    return JRPC_OK;
}

static void aggregates_come_in_by_pointer(void **state)
{
    UNUSED(state);
    static const jrpc_param params[] = {
        IN(jrpc_type_bytes), IN(jrpc_type_datetime), IN(point_type), IN(choice_type), IN(jrpc_type_seq_i32),
        IN(triple_type),     IN(table_type),
    };
    running r;
    prepare(&r, params, COUNT_OF(params), &jrpc_type_i32, JRPC_CALL_HANDLER);
    jrpc_bytes *bytes = r.frame.storage[0];
    bytes->data = malloc(2);
    bytes->len = bytes->cap = 2;
    PUT(&r, 1, jrpc_datetime, ((jrpc_datetime){ .year = 2024, .month = 1, .day = 1 }));
    PUT(&r, 2, point, ((point){ 1.0, strdup("label") }));
    PUT(&r, 3, choice, ((choice){ ._d = 2, ._u.real = 2.5 }));
    assert_int_equal(jrpc_seq_i32_push(r.frame.storage[4], 11), JRPC_OK);
    assert_int_equal(jrpc_seq_i32_push(r.frame.storage[4], 22), JRPC_OK);
    memcpy(r.frame.storage[5], (int32_t[]){ 1, 2, 3 }, 3 * sizeof(int32_t));
    entry e = { strdup("key"), 5 };
    assert_int_equal(jrpc_seq_push(r.frame.storage[6], &e, sizeof e), JRPC_OK);
    assert_int_equal(run(&r, (invoke_fn)see_aggregates), JRPC_OK);
    assert_int_equal(GET(&r, 7, int32_t), 77);
    finish(&r);
}

/* ---- out, inout and the result ---- */

static jrpc_status give(struct jrpc_call *call, int32_t in, char **ret_text, point *ret_point,
                        int16_t *inout_number, char **inout_text, jrpc_seq_string *inout_list,
                        bool *ret_result)
{
    UNUSED(call);
    assert_int_equal(in, 5);
    assert_null(*ret_text);
    assert_null(ret_point->label);
    *ret_text = strdup("out");
    ret_point->label = strdup("of a point");
    *inout_number = (int16_t)(*inout_number + 1);
    (*inout_text)[0] = 'X';
    assert_int_equal(jrpc_seq_string_push(inout_list, strdup("pushed")), JRPC_OK);
    *ret_result = true;
    return JRPC_OK;
}

static void outs_are_pointers_to_storage(void **state)
{
    UNUSED(state);
    static const jrpc_param params[] = {
        IN(jrpc_type_i32),    OUT(jrpc_type_string), OUT(point_type),
        INOUT(jrpc_type_i16), INOUT(jrpc_type_string), INOUT(jrpc_type_seq_string),
    };
    running r;
    prepare(&r, params, COUNT_OF(params), &jrpc_type_bool, JRPC_CALL_HANDLER);
    void *ins[COUNT_OF(params)], *outs[COUNT_OF(params) + 1];
    assert_int_equal(invoke_frame_ins(&r.method, &r.frame, ins), 4);
    assert_int_equal(invoke_frame_outs(&r.method, &r.frame, outs), 6);
    assert_ptr_equal(ins[0], r.frame.storage[0]);
    assert_ptr_equal(ins[1], r.frame.storage[3]);
    assert_ptr_equal(outs[0], r.frame.storage[1]);
    assert_ptr_equal(outs[2], r.frame.storage[3]);
    assert_ptr_equal(outs[5], r.frame.storage[6]);
    PUT(&r, 0, int32_t, 5);
    PUT(&r, 3, int16_t, 41);
    PUT(&r, 4, char *, strdup("in"));
    assert_int_equal(run(&r, (invoke_fn)give), JRPC_OK);
    assert_string_equal(GET(&r, 1, char *), "out");
    assert_string_equal(GET(&r, 2, point).label, "of a point");
    assert_int_equal(GET(&r, 3, int16_t), 42);
    assert_string_equal(GET(&r, 4, char *), "Xn");
    assert_string_equal(GET(&r, 5, jrpc_seq_string).data[0], "pushed");
    assert_true(GET(&r, 6, bool));
    finish(&r);
}

static jrpc_status no_arguments(struct jrpc_call *call)
{
    assert_ptr_equal(call, some_call);
    return JRPC_E_NOT_FOUND;
}

static void a_status_alone_comes_back(void **state)
{
    UNUSED(state);
    running r;
    prepare(&r, NULL, 0, NULL, JRPC_CALL_HANDLER);
    assert_int_equal(run(&r, (invoke_fn)no_arguments), JRPC_E_NOT_FOUND);
    finish(&r);
}

/* ---- plain C functions: results of every scalar kind ---- */

#define DIRECT_MAP(XX) \
    XX(bool, bool, jrpc_type_bool, true) \
    XX(i8, int8_t, jrpc_type_i8, -5) \
    XX(u8, uint8_t, jrpc_type_u8, 250) \
    XX(i16, int16_t, jrpc_type_i16, -300) \
    XX(u16, uint16_t, jrpc_type_u16, 65000) \
    XX(i32, int32_t, jrpc_type_i32, -70000) \
    XX(u32, uint32_t, jrpc_type_u32, 4000000000U) \
    XX(i64, int64_t, jrpc_type_i64, INT64_MIN + 1) \
    XX(u64, uint64_t, jrpc_type_u64, UINT64_MAX - 1) \
    XX(float, float, jrpc_type_float, 0.25F) \
    XX(double, double, jrpc_type_double, -0.125) \
    XX(char, char, jrpc_type_char, '~') \
    XX(wchar, uint32_t, jrpc_type_wchar, 0x10FFFF) \
    XX(enum, colour, colour_type, BLUE) \
    XX(mask8, uint8_t, mask8_type, 0xA5) \
    XX(mask16, uint16_t, mask16_type, 0xA5A5) \
    XX(mask32, uint32_t, mask32_type, 0xA5A5A5A5U) \
    XX(mask64, uint64_t, mask64_type, 0xA5A5A5A5A5A5A5A5U)

#define DIRECT_FUNCTION(name, ctype, type, value) \
    static ctype direct_##name(ctype a, int32_t b) \
    { \
        assert_int_equal(b, 9); \
        return a; \
    }
DIRECT_MAP(DIRECT_FUNCTION)

/* Neighbours of the result must not be touched: the storage is exactly as large as the type. */
#define DIRECT_CHECK(name, ctype, type, value) \
    { \
        static const jrpc_param params[] = { IN(type), IN(jrpc_type_i32) }; \
        running r; \
        prepare(&r, params, 2, &(type), JRPC_CALL_DIRECT); \
        void *exact = malloc(sizeof(ctype)); \
        assert_non_null(exact); \
        void *of_arena = r.frame.storage[2]; \
        r.frame.storage[2] = exact; \
        PUT(&r, 0, ctype, value); \
        PUT(&r, 1, int32_t, 9); \
        assert_int_equal(run(&r, (invoke_fn)direct_##name), JRPC_OK); \
        assert_memory_equal(exact, &(ctype){ value }, sizeof(ctype)); \
        r.frame.storage[2] = of_arena; \
        free(exact); \
        finish(&r); \
    }

static void plain_functions_return_every_scalar(void **state)
{
    UNUSED(state);
    DIRECT_MAP(DIRECT_CHECK)
}

static char *direct_text(const char *text, point *ret_point)
{
    ret_point->x = 4;
    char *copy = malloc(strlen(text) + 2);
    assert_non_null(copy);
    sprintf(copy, "%s!", text);
    return copy;
}

static void plain_functions_return_text(void **state)
{
    UNUSED(state);
    static const jrpc_param params[] = { IN(jrpc_type_string), OUT(point_type) };
    running r;
    prepare(&r, params, 2, &jrpc_type_string, JRPC_CALL_DIRECT);
    PUT(&r, 0, char *, strdup("hey"));
    assert_int_equal(run(&r, (invoke_fn)direct_text), JRPC_OK);
    assert_string_equal(GET(&r, 2, char *), "hey!");
    assert_true(GET(&r, 1, point).x > 3);
    finish(&r);
}

static int direct_calls;

static void direct_void(void)
{
    direct_calls++;
}

static void plain_functions_may_be_void(void **state)
{
    UNUSED(state);
    running r;
    prepare(&r, NULL, 0, NULL, JRPC_CALL_DIRECT);
    direct_calls = 0;
    assert_int_equal(run(&r, (invoke_fn)direct_void), JRPC_OK);
    assert_int_equal(direct_calls, 1);
    finish(&r);
}

/* ---- tables that are refused ---- */

static void refuse(const jrpc_method *method, const char *expected)
{
    invoke_plan *plan = NULL;
    const char *why = NULL;
    assert_int_equal(invoke_prepare(method, &plan, &why), JRPC_E_INVALID);
    assert_string_equal(why, expected);
    assert_null(plan);
}

static void bad_tables_are_refused(void **state)
{
    UNUSED(state);
    static const jrpc_type unknown = { .kind = 99, .size = 4, .name = "?" };
    static const jrpc_type odd = { .kind = JRPC_KIND_BITMASK, .size = 3, .name = "odd" };
    static const jrpc_param bad[] = { IN(unknown) }, bad_size[] = { IN(odd) };
    refuse(&(jrpc_method){ .params = bad, .param_count = 1 }, "a parameter has an unknown type");
    refuse(&(jrpc_method){ .params = bad_size, .param_count = 1 }, "a parameter has an unknown type");
    refuse(&(jrpc_method){ .result = &point_type, .convention = JRPC_CALL_DIRECT },
           "a plain function can return scalars and strings only");
    refuse(&(jrpc_method){ .params = twenty, .param_count = 255 }, "too many parameters");
}

static void the_budget_bounds_a_frame(void **state)
{
    UNUSED(state);
    static const jrpc_type large = { .kind = JRPC_KIND_ARRAY,
                                     .size = 1 << 20,
                                     .bound = 1 << 20,
                                     .name = "octet[]",
                                     .element = &jrpc_type_u8 };
    static const jrpc_param params[] = { IN(large), IN(large) };
    const jrpc_method method = { .params = params, .param_count = 2 };
    AUTO(arena_done) arena memory = ARENA_INIT(3 << 19);
    invoke_frame frame = { NULL, 0 };
    assert_int_equal(invoke_frame_new(&method, &memory, &frame), JRPC_E_NOMEM);
    assert_int_equal(frame.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_come_in_by_value),
        cmocka_unit_test(aggregates_come_in_by_pointer),
        cmocka_unit_test(outs_are_pointers_to_storage),
        cmocka_unit_test(a_status_alone_comes_back),
        cmocka_unit_test(plain_functions_return_every_scalar),
        cmocka_unit_test(plain_functions_return_text),
        cmocka_unit_test(plain_functions_may_be_void),
        cmocka_unit_test(bad_tables_are_refused),
        cmocka_unit_test(the_budget_bounds_a_frame),
    };
    return cmocka_run_group_tests_name("serve: invoke", tests, NULL, NULL);
}
