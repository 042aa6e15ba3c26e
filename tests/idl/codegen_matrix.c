/* SPDX-License-Identifier: MIT */
/* Generated code of golden/matrix.idl at work: every type in every position, with random values, over the switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "codegen_fill.h"
#include "link/loopback.h"
#include "session.h"

#include "golden/matrix.h"

enum { ROUNDS = 12 };

typedef struct fixture {
    loopback *hub;
    jrpc_session *server, *client;
    jrpc_peer *peer;
    fill random;
} fixture;

typedef struct _xmlrpc_value *any;
typedef char *text;

/* name of the operation give_NAME, type in C, how an in parameter of it is passed */
#define EACH(X) \
    X(boolean, bool, VALUE) X(octet, uint8_t, VALUE) X(int8, int8_t, VALUE) X(char, char, VALUE) \
    X(wchar, uint32_t, VALUE) X(short, int16_t, VALUE) X(ushort, uint16_t, VALUE) X(long, int32_t, VALUE) \
    X(ulong, uint32_t, VALUE) X(llong, int64_t, VALUE) X(ullong, uint64_t, VALUE) X(float, float, VALUE) \
    X(double, double, VALUE) X(colour, Matrix_Colour, VALUE) X(rights, Matrix_Rights, VALUE) \
    X(anything, any, VALUE) \
    X(string, text, TEXT) X(text, text, TEXT) X(wstring, text, TEXT) X(wtext, text, TEXT) \
    X(title, Matrix_Title, TEXT) \
    X(point, Matrix_Point, STORED) X(choice, Matrix_Choice, STORED) X(longs, jrpc_seq_i32, STORED) \
    X(few, jrpc_seq_string, STORED) X(points, Matrix_Point_seq, STORED) X(row, Matrix_Row, STORED) \
    X(grid, Matrix_Grid, STORED) X(digest, Matrix_Digest, STORED) X(tally, jrpc_map_string_i32, STORED) \
    X(places, Matrix_Point_map_i32, STORED) X(moment, jrpc_datetime, STORED) X(bytes, jrpc_bytes, STORED) \
    X(block, jrpc_bytes, STORED) X(list, Matrix_List, STORED) X(tree, Matrix_Tree, STORED) \
    X(members, Matrix_Members, STORED) X(elements, Matrix_Elements, STORED) \
    X(values, Matrix_Values, STORED) X(arrays, Matrix_Arrays, STORED) \
    X(optionals, Matrix_Optionals, STORED) X(arms, Matrix_Arms, STORED) X(keys, Matrix_Keys, STORED)

#define PARAM_VALUE(T) T x
#define PARAM_TEXT(T) const char *x
#define PARAM_STORED(T) const T *x
#define STORAGE_VALUE(x) &x
#define STORAGE_TEXT(x) &x
#define STORAGE_STORED(x) x
#define GIVEN_VALUE(x) x
#define GIVEN_TEXT(x) x
#define GIVEN_STORED(x) &x

/* The descriptor of what an operation is about. */
static const jrpc_type *type_of(const char *operation)
{
    for (size_t i = 0; i < Matrix_Echo_interface.method_count; i++)
        if (strcmp(Matrix_Echo_methods[i].name, operation) == 0)
            return Matrix_Echo_methods[i].params[0].type;
    fail_msg("no %s", operation);
    return NULL;
}

/* ---- handlers: z becomes what y was, y and the result what x is ---- */

static jrpc_status give(const jrpc_type *type, const void *x, void *y, void *z, void *result)
{
    memcpy(z, y, type->size);
    jrpc_status status = jrpc_value_copy(type, x, y);
    if (status != JRPC_OK) {
        memset(y, 0, type->size);
        return status;
    }
    return jrpc_value_copy(type, x, result);
}

#define HANDLER(name, T, PASSED) \
    static jrpc_status give_##name(jrpc_call *call, PARAM_##PASSED(T), T *y, T *ret_z, T *ret_result) \
    { \
        UNUSED(call); \
        return give(type_of("give_" #name), STORAGE_##PASSED(x), y, ret_z, ret_result); \
    }
EACH(HANDLER)

/* What the handler raises. */
static Matrix_Failed raised;

static jrpc_status fails(jrpc_call *call)
{
    return Matrix_Failed_raise(call, &raised);
}

#define SLOT(name, T, PASSED) .give_##name = give_##name,
static const Matrix_Echo_impl echo = { EACH(SLOT).fail = fails };

/* ---- tests ---- */

/* A value of which each container may hold others to that depth. */
static void make(fixture *f, const jrpc_type *type, void *storage)
{
    f->random.depth = 2;
    fill_value(&f->random, type, NULL, storage);
}

static void expect_equal(const jrpc_type *type, const void *a, const void *b, const char *what)
{
    if (!jrpc_value_equal(type, a, b))
        fail_msg("%s: %s differs", type->name, what);
}

#define ROUND_TRIP(name, T, PASSED) \
    static void round_trip_##name(fixture *f) \
    { \
        const jrpc_type *type = type_of("give_" #name); \
        jrpc_error error = JRPC_ERROR_INIT; \
        T x, y, before, z, result; \
        assert_int_equal(type->size, sizeof(T)); \
        make(f, type, &x); \
        make(f, type, &y); \
        assert_int_equal(jrpc_value_copy(type, &y, &before), JRPC_OK); \
        if (Matrix_Echo_give_##name(f->peer, GIVEN_##PASSED(x), &y, &z, &result, &error) != JRPC_OK) \
            fail_msg(#name ": %s (%s)", error.message, error.path ? error.path : ""); \
        expect_equal(type, &x, &y, "inout"); \
        expect_equal(type, &before, &z, "out"); \
        expect_equal(type, &x, &result, "result"); \
        jrpc_value_clear(type, &x); \
        jrpc_value_clear(type, &y); \
        jrpc_value_clear(type, &before); \
        jrpc_value_clear(type, &z); \
        jrpc_value_clear(type, &result); \
    }
EACH(ROUND_TRIP)

#define TEST(name, T, PASSED) \
    static void passes_##name(void **state) \
    { \
        for (int round = 0; round < ROUNDS; round++) \
            round_trip_##name(*state); \
    }
EACH(TEST)

/* Every arm is chosen once. */
static void every_arm_passes(void **state)
{
    fixture *f = *state;
    const jrpc_type *type = &Matrix_Arms_type;

    for (uint32_t i = 0; i < type->count; i++) {
        Matrix_Arms sent, y, z, result;
        memset(&sent, 0, sizeof sent);
        y = (Matrix_Arms){ ._d = 0 };
        f->random.depth = 2;
        sent._d = (uint8_t)type->fields[i].labels[0];
        fill_value(&f->random, type->fields[i].type, NULL, (char *)&sent + type->fields[i].offset);
        assert_int_equal(Matrix_Echo_give_arms(f->peer, &sent, &y, &z, &result, NULL), JRPC_OK);
        assert_int_equal(result._d, i);
        expect_equal(type, &sent, &result, type->fields[i].name);
        Matrix_Arms_clear(&sent);
        Matrix_Arms_clear(&y);
        Matrix_Arms_clear(&z);
        Matrix_Arms_clear(&result);
    }
}

static void exceptions_carry_all(void **state)
{
    fixture *f = *state;

    for (int round = 0; round < ROUNDS; round++) {
        jrpc_error error = JRPC_ERROR_INIT;
        make(f, &Matrix_Failed_type, &raised);
        assert_int_equal(Matrix_Echo_fail(f->peer, &error), JRPC_E_FAULT);
        const Matrix_Failed *arrived = Matrix_Failed_of(&error);
        assert_non_null(arrived);
        expect_equal(&Matrix_Failed_type, &raised, arrived, "exception");
        jrpc_error_done(&error);
        Matrix_Failed_clear(&raised);
    }
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

static int setup(void **state)
{
    static fixture f;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;

    f = (fixture){ .hub = loopback_new(), .random = { .state = UINT64_C(0x9E3779B97F4A7C15) } };
    if (!f.hub)
        return -1;
    end callee = { f.hub, "server@localhost/rpc" }, caller = { f.hub, "client@localhost/rpc" };
    if (session_open(&options, make_link, &callee, &f.server, NULL) != JRPC_OK ||
        Matrix_Echo_serve(f.server, &echo, NULL, NULL) != JRPC_OK ||
        jrpc_session_allow(f.server, "*", NULL) != JRPC_OK)
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

#define ENTRY(name, T, PASSED) cmocka_unit_test(passes_##name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(ENTRY)
        cmocka_unit_test(every_arm_passes),
        cmocka_unit_test(exceptions_carry_all),
    };

    return cmocka_run_group_tests_name("every type in every position", tests, setup, teardown);
}
