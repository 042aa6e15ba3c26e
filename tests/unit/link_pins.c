/* SPDX-License-Identifier: MIT */
/* Pinned fingerprints. */
#include "link/pins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"

#define HALF "0123456789abcdef0123456789ABCDEF"
#define OTHER "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static void reads_lists(void **state)
{
    UNUSED(state);
    pins p;
    assert_int_equal(pins_parse(NULL, &p, NULL), JRPC_OK);
    assert_int_equal(p.len, 0);
    assert_false(pins_have(&p, HALF HALF));
    assert_int_equal(pins_parse(" \n" HALF HALF ", " OTHER "\n", &p, NULL), JRPC_OK);
    assert_int_equal(p.len, 2);
    assert_true(pins_have(&p, HALF HALF));
    assert_true(pins_have(&p, OTHER));
    assert_true(pins_have(&p, "01:23:45:67:89:AB:CD:EF:" "0123456789abcdef" HALF));
    assert_false(pins_have(&p, "0" OTHER));
    assert_false(pins_have(&p, HALF));
    assert_false(pins_have(&p, NULL));
}

static void refuses_what_is_none(void **state)
{
    UNUSED(state);
    static const char *const wrong[] = { "x", HALF, HALF HALF "0", HALF "g123456789abcdef0123456789abcdef",
                                         OTHER "," HALF, ":" };
    pins p;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        assert_int_equal(pins_parse(wrong[i], &p, &error), JRPC_E_INVALID);
        assert_non_null(strstr(error.message, "fingerprint"));
    }
}

static void is_bounded(void **state)
{
    UNUSED(state);
    char list[(PIN_CHARS + 1) * (PINS_MAX + 1) + 1] = "";
    pins p;
    for (size_t i = 0; i < PINS_MAX; i++)
        strcat(list, OTHER ",");
    assert_int_equal(pins_parse(list, &p, NULL), JRPC_OK);
    strcat(list, OTHER);
    assert_int_equal(pins_parse(list, &p, NULL), JRPC_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
