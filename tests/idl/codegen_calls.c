/* SPDX-License-Identifier: MIT */
/* Generated stubs call generated skeletons over the in-process switch: every way a parameter can pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <xmlrpc-c/base.h>

#include "base/mem.h"
#include "codegen_fill.h"
#include "link/loopback.h"
#include "session.h"

#include "golden/basic.h"
#include "golden/enums.h"
#include "golden/exceptions.h"
#include "golden/interfaces.h"
#include "golden/jrpc-system.h"
#include "golden/keywords.h"
#include "golden/structs.h"
#include "golden/unions.h"

enum { ROUNDS = 20 };

typedef struct fixture {
    loopback *hub;
    jrpc_session *server, *client;
    jrpc_peer *peer;
    fill random;
} fixture;

/* ---- handlers: z becomes what y was, y and the result what x is ---- */

#define SCALAR(name, T) \
    static jrpc_status name(jrpc_call *call, T x, T *y, T *ret_z, T *ret_result) \
    { \
        UNUSED(call); \
        *ret_z = *y; \
        *y = x; \
        *ret_result = x; \
        return JRPC_OK; \
    }
SCALAR(a_boolean, bool)
SCALAR(an_octet, uint8_t)
SCALAR(an_int8, int8_t)
SCALAR(a_short, int16_t)
SCALAR(an_unsigned_short, uint16_t)
SCALAR(a_long, int32_t)
SCALAR(an_unsigned_long, uint32_t)
SCALAR(a_long_long, int64_t)
SCALAR(a_big, uint64_t)
SCALAR(a_float, float)
SCALAR(a_double, double)
SCALAR(a_char, char)
SCALAR(a_wchar, uint32_t)

static jrpc_status a_string(jrpc_call *call, const char *x, char **y, char **ret_z, char **ret_result)
{
    UNUSED(call);
    *ret_z = *y;
    *y = jrpc_strdup(x);
    *ret_result = jrpc_strdup(x);
    return JRPC_OK;
}

#define OWNING(name, T, descriptor) \
    static jrpc_status name(jrpc_call *call, const T *x, T *y, T *ret_z, T *ret_result) \
    { \
        UNUSED(call); \
        *ret_z = *y; \
        jrpc_status status = jrpc_value_copy(&descriptor, x, y); \
        return status == JRPC_OK ? jrpc_value_copy(&descriptor, x, ret_result) : status; \
    }
OWNING(some_bytes, jrpc_bytes, jrpc_type_bytes)
OWNING(some_longs, jrpc_seq_i32, jrpc_type_seq_i32)
OWNING(a_moment, jrpc_datetime, jrpc_type_datetime)

static jrpc_status anything(jrpc_call *call, xmlrpc_value *x, xmlrpc_value **y, xmlrpc_value **ret_z,
                            xmlrpc_value **ret_result)
{
    UNUSED(call);
    *ret_z = *y;
    xmlrpc_INCREF(x);
    xmlrpc_INCREF(x);
    *y = x;
    *ret_result = x;
    return JRPC_OK;
}

static atomic_int nothings;

static jrpc_status nothing(jrpc_call *call)
{
    UNUSED(call);
    atomic_fetch_add(&nothings, 1);
    return JRPC_OK;
}

static const Basic_Echo_impl echo = {
    .a_boolean = a_boolean,
    .an_octet = an_octet,
    .an_int8 = an_int8,
    .a_short = a_short,
    .an_unsigned_short = an_unsigned_short,
    .a_long = a_long,
    .an_unsigned_long = an_unsigned_long,
    .a_long_long = a_long_long,
    .a_big = a_big,
    .a_float = a_float,
    .a_double = a_double,
    .a_char = a_char,
    .a_wchar = a_wchar,
    .a_string = a_string,
    .a_short_string = a_string,
    .a_wstring = a_string,
    .some_bytes = some_bytes,
    .some_longs = some_longs,
    .a_moment = a_moment,
    .anything = anything,
    .nothing = nothing,
};

/* ---- other handlers ---- */

static jrpc_status grow(jrpc_call *call, const Structs_Node *root, Structs_Sheet *sheet,
                        Structs_Image *ret_image, Structs_Node *ret_result)
{
    xmlrpc_env env;

    UNUSED(call);
    xmlrpc_env_init(&env);
    ret_image->extra = xmlrpc_int_new(&env, 7);
    xmlrpc_env_clean(&env);
    sheet->first.e[2] = 77;
    ret_image->title = jrpc_strdup(root->label);
    ret_image->frame[3].x = 5;
    return Structs_Node_copy(root, ret_result);
}

static jrpc_status row(jrpc_call *call, const Structs_Row *r, const Structs_Table *t, Structs_Row *ret_result)
{
    UNUSED(call);
    for (int i = 0; i < 3; i++)
        ret_result->e[i] = r->e[i] + t->e[1].e[i];
    return JRPC_OK;
}

/* No function: `same` is a method that does not exist. */
static const Structs_Store_impl store = { .grow = grow, .add = row };

static jrpc_status mix(jrpc_call *call, Enums_Colour a, Enums_Level *b, Enums_Rights *ret_c,
                       Enums_Colour *ret_result)
{
    if (a == Enums_Colour_GREEN) {
        jrpc_call_defer(call);
        Enums_Painter_mix_reply(call, Enums_Level_ON, Enums_Rights_CAN_WRITE, Enums_Colour_GREEN);
        return JRPC_OK;
    }
    *b = *b == Enums_Level_OFF ? Enums_Level_ON : Enums_Level_OFF;
    *ret_c = Enums_Rights_CAN_READ | Enums_Rights_CAN_RUN;
    *ret_result = a == Enums_Colour_RED ? Enums_Colour_BLUE : Enums_Colour_RED;
    return JRPC_OK;
}

static const Enums_Painter_impl painter = { .mix = mix };

static jrpc_status draw(jrpc_call *call, const Unions_Figure *f, Unions_Number *n, Unions_Answer *ret_a,
                        Unions_Figure *ret_result)
{
    UNUSED(call);
    Unions_Number_set_text(n, jrpc_strdup("changed"));
    Unions_Answer_set_error(ret_a, jrpc_strdup("no"));
    return Unions_Figure_copy(f, ret_result);
}

static const Unions_Board_impl board = { .draw = draw };

static jrpc_status pay(jrpc_call *call, const char *to, double amount)
{
    char *advice[] = { (char[]){ "save" }, (char[]){ "earn" } };

    if (strcmp(to, "locked") == 0)
        return Exceptions_Bank_Locked_raise(call, &(Exceptions_Bank_Locked){ .by = (char[]){ "the bank" } });
    if (strcmp(to, "closed") == 0)
        return Exceptions_Closed_raise(call, &(Exceptions_Closed){ 0 });
    if (amount > 100)
        return Exceptions_TooLittle_raise(call, &(Exceptions_TooLittle){ amount - 100, { advice, 2, 2 } });
    return JRPC_OK;
}

static double limit = 100;

static jrpc_status get_limit(jrpc_call *call, double *ret_result)
{
    UNUSED(call);
    *ret_result = limit;
    return JRPC_OK;
}

static jrpc_status set_limit(jrpc_call *call, double value)
{
    UNUSED(call);
    limit = value;
    return JRPC_OK;
}

static const Exceptions_Bank_impl bank = { .pay = pay, .get_limit = get_limit, .set_limit = set_limit };

/* The calls that wait for their answer. */
static jrpc_call *_Atomic deferred;
static atomic_bool defers;

static jrpc_status ping(jrpc_call *call, char **ret_result)
{
    if (atomic_load(&defers)) {
        jrpc_call_defer(call);
        atomic_store(&deferred, call);
        return JRPC_OK;
    }
    *ret_result = jrpc_strdup(jrpc_call_method(call));
    return JRPC_OK;
}

static jrpc_status sum(jrpc_call *call, int32_t *ret_result)
{
    *ret_result = *(int *)jrpc_call_userdata(call);
    return JRPC_OK;
}

static atomic_int notes;

static jrpc_status note(jrpc_call *call, const char *text)
{
    UNUSED(call);
    atomic_fetch_add(&notes, (int)strlen(text));
    return JRPC_OK;
}

static const Interfaces_Both_impl both = { .ping = ping, .sum = sum, .note = note };

static jrpc_status for_(jrpc_call *call, int32_t peer_, int32_t call_, int32_t error_, int32_t *ret_result_,
                        int32_t out_, int32_t *ret_result)
{
    UNUSED(call);
    *ret_result_ = peer_ * 100 + call_ * 10 + error_;
    *ret_result = out_;
    return JRPC_OK;
}

static const class_operator_impl operators = { .for_ = for_ };

/* ---- tests ---- */

#define CALL_SCALAR(name, T, descriptor) \
    do { \
        T x, y, before, z, result; \
        fill_value(&f->random, &descriptor, NULL, &x); \
        fill_value(&f->random, &descriptor, NULL, &y); \
        before = y; \
        assert_int_equal(Basic_Echo_##name(f->peer, x, &y, &z, &result, NULL), JRPC_OK); \
        assert_true(jrpc_value_equal(&descriptor, &x, &y)); \
        assert_true(jrpc_value_equal(&descriptor, &before, &z)); \
        assert_true(jrpc_value_equal(&descriptor, &x, &result)); \
    } while (0)

static void scalars_pass(void **state)
{
    fixture *f = *state;

    for (int round = 0; round < ROUNDS; round++) {
        CALL_SCALAR(a_boolean, bool, jrpc_type_bool);
        CALL_SCALAR(an_octet, uint8_t, jrpc_type_u8);
        CALL_SCALAR(an_int8, int8_t, jrpc_type_i8);
        CALL_SCALAR(a_short, int16_t, jrpc_type_i16);
        CALL_SCALAR(an_unsigned_short, uint16_t, jrpc_type_u16);
        CALL_SCALAR(a_long, int32_t, jrpc_type_i32);
        CALL_SCALAR(an_unsigned_long, uint32_t, jrpc_type_u32);
        CALL_SCALAR(a_long_long, int64_t, jrpc_type_i64);
        CALL_SCALAR(a_big, uint64_t, jrpc_type_u64);
        CALL_SCALAR(a_float, float, jrpc_type_float);
        CALL_SCALAR(a_double, double, jrpc_type_double);
        CALL_SCALAR(a_char, char, jrpc_type_char);
        CALL_SCALAR(a_wchar, uint32_t, jrpc_type_wchar);
    }
}

#define CALL_OWNING(name, T, descriptor, x_as_passed) \
    do { \
        T x; \
        T y; \
        T before; \
        T z; \
        T result; \
        f->random.depth = 3; \
        fill_value(&f->random, &descriptor, NULL, &x); \
        fill_value(&f->random, &descriptor, NULL, &y); \
        assert_int_equal(jrpc_value_copy(&descriptor, &y, &before), JRPC_OK); \
        assert_int_equal(Basic_Echo_##name(f->peer, x_as_passed, &y, &z, &result, NULL), JRPC_OK); \
        assert_true(jrpc_value_equal(&descriptor, &x, &y)); \
        assert_true(jrpc_value_equal(&descriptor, &before, &z)); \
        assert_true(jrpc_value_equal(&descriptor, &x, &result)); \
        jrpc_value_clear(&descriptor, &x); \
        jrpc_value_clear(&descriptor, &y); \
        jrpc_value_clear(&descriptor, &before); \
        jrpc_value_clear(&descriptor, &z); \
        jrpc_value_clear(&descriptor, &result); \
    } while (0)

static void owning_values_pass(void **state)
{
    fixture *f = *state;

    for (int round = 0; round < ROUNDS; round++) {
        CALL_OWNING(a_string, char *, jrpc_type_string, x);
        CALL_OWNING(a_wstring, char *, jrpc_type_string, x);
        CALL_OWNING(some_bytes, jrpc_bytes, jrpc_type_bytes, &x);
        CALL_OWNING(some_longs, jrpc_seq_i32, jrpc_type_seq_i32, &x);
        CALL_OWNING(a_moment, jrpc_datetime, jrpc_type_datetime, &x);
        CALL_OWNING(anything, xmlrpc_value *, jrpc_type_any, x);
    }
    int before = atomic_load(&nothings);
    assert_int_equal(Basic_Echo_nothing(f->peer, NULL), JRPC_OK);
    assert_int_equal(atomic_load(&nothings), before + 1);
}

static void bounds_are_checked_before_sending(void **state)
{
    fixture *f = *state;
    jrpc_error error = JRPC_ERROR_INIT;
    char *y = NULL, *z = NULL, *result = NULL;

    assert_int_equal(Basic_Echo_a_short_string(f->peer, "123456789", &y, &z, &result, &error),
                     JRPC_E_INVALID);
    assert_int_equal(error.domain, JRPC_ERROR_LOCAL);
    assert_string_equal(error.path, "params[0]");
    assert_null(z);
    assert_null(result);
    jrpc_error_done(&error);
}

static void structs_pass(void **state)
{
    fixture *f = *state;

    for (int round = 0; round < ROUNDS; round++) {
        Structs_Node root, back;
        Structs_Sheet sheet = { .first = { { 1, 2, 3 } } };
        Structs_Image image;
        f->random.depth = 3;
        fill_value(&f->random, &Structs_Node_type, NULL, &root);
        assert_int_equal(Structs_Store_grow(f->peer, &root, &sheet, &image, &back, NULL), JRPC_OK);
        assert_true(Structs_Node_equal(&root, &back));
        assert_int_equal(sheet.first.e[1], 2);
        assert_int_equal(sheet.first.e[2], 77);
        assert_string_equal(image.title, root.label);
        assert_int_equal(image.frame[3].x, 5);
        Structs_Node_clear(&root);
        Structs_Node_clear(&back);
        Structs_Sheet_clear(&sheet);
        Structs_Image_clear(&image);
    }
    Structs_Row r = { { 1, 2, 3 } }, total;
    Structs_Table t = { { { { 0, 0, 0 } }, { { 10, 20, 30 } } } };
    assert_int_equal(Structs_Store_add(f->peer, &r, &t, &total, NULL), JRPC_OK);
    assert_int_equal(total.e[2], 33);
}

static void a_missing_function_is_no_method(void **state)
{
    fixture *f = *state;
    Structs_Empty empty = { 0 }, back;

    assert_int_equal(Structs_Store_same(f->peer, &empty, &back, NULL), JRPC_E_NO_SUCH_METHOD);
}

static void enums_and_unions_pass(void **state)
{
    fixture *f = *state;
    Enums_Level level = Enums_Level_OFF;
    Enums_Rights rights;
    Enums_Colour colour;
    Unions_Figure figure = { 0 }, back;
    Unions_Number number = { 0 };
    Unions_Answer answer;

    assert_int_equal(Enums_Painter_mix(f->peer, Enums_Colour_RED, &level, &rights, &colour, NULL), JRPC_OK);
    assert_int_equal(level, Enums_Level_ON);
    assert_int_equal(rights, 33);
    assert_int_equal(colour, Enums_Colour_BLUE);

    Unions_Figure_set_radius(&figure, 1.5);
    assert_int_equal(Unions_Number_set_small(&number, 1, 5), JRPC_OK);
    assert_int_equal(Unions_Board_draw(f->peer, &figure, &number, &answer, &back, NULL), JRPC_OK);
    assert_true(Unions_Figure_equal(&figure, &back));
    assert_string_equal(number._u.text, "changed");
    assert_false(answer._d);
    assert_string_equal(answer._u.error, "no");
    Unions_Figure_clear(&back);
    Unions_Number_clear(&number);
    Unions_Answer_clear(&answer);
}

static void exceptions_arrive_typed(void **state)
{
    fixture *f = *state;
    jrpc_error error = JRPC_ERROR_INIT;

    assert_int_equal(Exceptions_Bank_pay(f->peer, "x", 10, &error), JRPC_OK);
    assert_int_equal(Exceptions_Bank_pay(f->peer, "x", 130, &error), JRPC_E_FAULT);
    assert_int_equal(error.domain, JRPC_ERROR_APP);
    const Exceptions_TooLittle *little = Exceptions_TooLittle_of(&error);
    assert_non_null(little);
    assert_null(Exceptions_Closed_of(&error));
    assert_true(little->missing == 30);
    assert_int_equal(little->advice.len, 2);
    assert_string_equal(little->advice.data[1], "earn");
    assert_int_equal(Exceptions_Bank_pay(f->peer, "closed", 1, &error), JRPC_E_FAULT);
    assert_non_null(Exceptions_Closed_of(&error));
    assert_int_equal(error.code, 77);
    assert_int_equal(Exceptions_Bank_pay(f->peer, "locked", 1, &error), JRPC_E_FAULT);
    assert_string_equal(Exceptions_Bank_Locked_of(&error)->by, "the bank");
    jrpc_error_done(&error);
}

static void attributes_are_read_and_written(void **state)
{
    fixture *f = *state;
    double value = 0;

    assert_int_equal(Exceptions_Bank_set_limit(f->peer, 250.5, NULL), JRPC_OK);
    assert_int_equal(Exceptions_Bank_get_limit(f->peer, &value, NULL), JRPC_OK);
    assert_true(value > 250.4 && value < 250.6);
}

static void derived_interfaces_answer_for_their_bases(void **state)
{
    fixture *f = *state;
    char *text = NULL;
    int32_t number = 0;

    assert_int_equal(Interfaces_Base_ping(f->peer, &text, NULL), JRPC_OK);
    assert_string_equal(text, "Interfaces.Base.ping");
    free(text);
    assert_int_equal(Interfaces_Both_ping(f->peer, &text, NULL), JRPC_OK);
    free(text);
    assert_int_equal(Interfaces_Both_sum(f->peer, &number, NULL), JRPC_OK);
    assert_int_equal(number, 4711);
    assert_int_equal(Interfaces_Both_note(f->peer, "12345", NULL), JRPC_OK);
    /* Nobody waits for the answer of a oneway call, but one worker runs after the other. */
    for (int i = 0; i < 1000 && atomic_load(&notes) == 0; i++)
        assert_int_equal(Interfaces_Both_sum(f->peer, &number, NULL), JRPC_OK);
    assert_int_equal(atomic_load(&notes), 5);
}

static void keywords_are_names(void **state)
{
    fixture *f = *state;
    int32_t out = 0, result = 0;

    assert_int_equal(class_operator_for(f->peer, 1, 2, 3, &out, 9, &result, NULL), JRPC_OK);
    assert_int_equal(out, 123);
    assert_int_equal(result, 9);
}

static void calls_are_sent_and_finished(void **state)
{
    fixture *f = *state;
    enum { COUNT = 10 };
    jrpc_future *futures[COUNT];

    for (int32_t i = 0; i < COUNT; i++)
        assert_int_equal(Basic_Echo_a_long_send(f->peer, i, 100 + i, NULL, NULL, &futures[i], NULL), JRPC_OK);
    assert_int_equal(jrpc_wait_all(futures, COUNT, 30000, NULL), JRPC_OK);
    for (int32_t i = 0; i < COUNT; i++) {
        int32_t y = 0, z = 0, result = 0;
        assert_int_equal(Basic_Echo_a_long_finish(futures[i], &y, &z, &result, NULL), JRPC_OK);
        assert_int_equal(y, i);
        assert_int_equal(z, 100 + i);
        assert_int_equal(result, i);
    }
}

static void strings_are_sent_and_finished(void **state)
{
    fixture *f = *state;
    jrpc_future *future = NULL;
    char *y = jrpc_strdup("old"), *z = NULL, *result = NULL;

    assert_int_equal(Basic_Echo_a_string_send(f->peer, "x", y, NULL, NULL, &future, NULL), JRPC_OK);
    assert_int_equal(Basic_Echo_a_string_finish(future, &y, &z, &result, NULL), JRPC_OK);
    assert_string_equal(y, "x");
    assert_string_equal(z, "old");
    assert_string_equal(result, "x");
    free(y);
    free(z);
    free(result);
}

static void sum_arrived(jrpc_future *future, void *userdata)
{
    int32_t result = 0;

    if (Interfaces_Both_sum_finish(future, &result, NULL) == JRPC_OK)
        atomic_store((atomic_int *)userdata, result);
}

static void callbacks_get_the_future(void **state)
{
    fixture *f = *state;
    atomic_int result = 0;
    char *text = NULL;

    assert_int_equal(Interfaces_Both_sum_send(f->peer, sum_arrived, &result, NULL, NULL), JRPC_OK);
    /* Answers come in turn, or at least some time while others do. */
    for (int i = 0; i < 10000 && atomic_load(&result) == 0; i++) {
        assert_int_equal(Interfaces_Both_ping(f->peer, &text, NULL), JRPC_OK);
        free(text);
    }
    assert_int_equal(atomic_load(&result), 4711);
}

static void deferred_calls_are_answered_later(void **state)
{
    fixture *f = *state;
    jrpc_future *future = NULL;
    char *text = NULL;
    int32_t sum_result = 0;

    atomic_store(&defers, true);
    assert_int_equal(Interfaces_Both_ping_send(f->peer, NULL, NULL, &future, NULL), JRPC_OK);
    while (!atomic_load(&deferred))
        assert_int_equal(Interfaces_Both_sum(f->peer, &sum_result, NULL), JRPC_OK);
    atomic_store(&defers, false);
    assert_false(jrpc_future_is_done(future));
    Interfaces_Both_ping_reply(atomic_load(&deferred), "pong");
    assert_int_equal(Interfaces_Both_ping_finish(future, &text, NULL), JRPC_OK);
    assert_string_equal(text, "pong");
    free(text);

    Enums_Level level = Enums_Level_OFF;
    Enums_Rights rights = 0;
    Enums_Colour colour = Enums_Colour_RED;
    assert_int_equal(Enums_Painter_mix(f->peer, Enums_Colour_GREEN, &level, &rights, &colour, NULL), JRPC_OK);
    assert_int_equal(level, Enums_Level_ON);
    assert_int_equal(rights, Enums_Rights_CAN_WRITE);
    assert_int_equal(colour, Enums_Colour_GREEN);
}

/* ---- the two sessions ---- */

typedef struct end {
    loopback *hub;
    const char *jid;
} end;

static jrpc_status make_link(const link_callbacks *callbacks, void *callbacks_userdata, void *userdata,
                             jabber_link **ret_link, jrpc_error *error)
{
    end *e = userdata;
    return loopback_link_new(e->hub, e->jid, callbacks, callbacks_userdata, ret_link, error);
}

static int answer = 4711;

static bool serve(jrpc_session *session)
{
    return Basic_Echo_serve(session, &echo, NULL, NULL) == JRPC_OK &&
           Structs_Store_serve(session, &store, NULL, NULL) == JRPC_OK &&
           Enums_Painter_serve(session, &painter, NULL, NULL) == JRPC_OK &&
           Unions_Board_serve(session, &board, NULL, NULL) == JRPC_OK &&
           Exceptions_Bank_serve(session, &bank, NULL, NULL) == JRPC_OK &&
           Interfaces_Both_serve(session, &both, &answer, NULL) == JRPC_OK &&
           class_operator_serve(session, &operators, NULL, NULL) == JRPC_OK &&
           jrpc_session_allow(session, "*", NULL) == JRPC_OK;
}

static int setup(void **state)
{
    static fixture f;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;

    f = (fixture){ .hub = loopback_new(), .random = { .state = UINT64_C(0x2545F4914F6CDD1D) } };
    if (!f.hub)
        return -1;
    end callee = { f.hub, "server@localhost/rpc" }, caller = { f.hub, "client@localhost/rpc" };
    if (session_open(&options, make_link, &callee, &f.server, NULL) != JRPC_OK || !serve(f.server))
        return -1;
    if (session_open(&options, make_link, &caller, &f.client, NULL) != JRPC_OK)
        return -1;
    *state = &f;
    return jrpc_peer_new(f.client, "server@localhost/rpc", &f.peer, NULL) == JRPC_OK ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;

    jrpc_peer_free(f->peer);
    jrpc_session_close(f->client);
    jrpc_session_close(f->server);
    loopback_free(f->hub);
    return 0;
}

/* The stubs of <jrpc.idl>, against what the library serves itself. */
static void servers_tell_of_themselves(void **state)
{
    fixture *f = *state;
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_seq_string names = { 0 };
    char *help = NULL;
    xmlrpc_value *signature = NULL;
    bool found = false;

    assert_int_equal(jrpc_System_listMethods(f->peer, &names, NULL), JRPC_OK);
    for (size_t i = 0; i < names.len; i++)
        found |= strcmp(names.data[i], "Exceptions.Bank.pay") == 0;
    assert_true(found);
    jrpc_seq_string_clear(&names);
    assert_int_equal(jrpc_System_methodHelp(f->peer, "Interfaces.Base.ping", &help, NULL), JRPC_OK);
    assert_string_equal(help, "Is anybody there?");
    jrpc_free(help);
    assert_int_equal(jrpc_System_methodSignature(f->peer, "Exceptions.Bank.pay", &signature, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_value_type(signature), XMLRPC_TYPE_ARRAY);
    xmlrpc_DECREF(signature);
    assert_int_equal(jrpc_System_methodHelp(f->peer, "no.such", &help, &error), JRPC_E_NO_SUCH_METHOD);
    assert_null(help);
    jrpc_error_done(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_pass),
        cmocka_unit_test(owning_values_pass),
        cmocka_unit_test(bounds_are_checked_before_sending),
        cmocka_unit_test(structs_pass),
        cmocka_unit_test(a_missing_function_is_no_method),
        cmocka_unit_test(enums_and_unions_pass),
        cmocka_unit_test(exceptions_arrive_typed),
        cmocka_unit_test(attributes_are_read_and_written),
        cmocka_unit_test(derived_interfaces_answer_for_their_bases),
        cmocka_unit_test(keywords_are_names),
        cmocka_unit_test(calls_are_sent_and_finished),
        cmocka_unit_test(strings_are_sent_and_finished),
        cmocka_unit_test(callbacks_get_the_future),
        cmocka_unit_test(deferred_calls_are_answered_later),
        cmocka_unit_test(servers_tell_of_themselves),
    };

    return cmocka_run_group_tests_name("generated calls", tests, setup, teardown);
}
