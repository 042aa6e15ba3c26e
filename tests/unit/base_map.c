/* SPDX-License-Identifier: MIT */
/* The hash map against a plain array that does the same slowly. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

static int values[4096];

static void puts_gets_removes(void **state)
{
    UNUSED(state);
    AUTO(map_done) map m = MAP_INIT;
    assert_null(map_get_str(&m, "a"));
    assert_null(map_remove_str(&m, "a"));
    assert_true(map_put_str(&m, "a", &values[1]));
    assert_true(map_put_str(&m, "b", &values[2]));
    assert_ptr_equal(map_get_str(&m, "a"), &values[1]);
    assert_true(map_put_str(&m, "a", &values[3]));
    assert_int_equal(m.len, 2);
    assert_ptr_equal(map_remove_str(&m, "a"), &values[3]);
    assert_null(map_get_str(&m, "a"));
    assert_null(map_remove_str(&m, "a"));
    assert_ptr_equal(map_get_str(&m, "b"), &values[2]);
    assert_int_equal(m.len, 1);
}

static void keys_are_bytes(void **state)
{
    UNUSED(state);
    AUTO(map_done) map m = MAP_INIT;
    assert_true(map_put(&m, "a\0b", 3, &values[1]));
    assert_true(map_put(&m, "a\0c", 3, &values[2]));
    assert_true(map_put(&m, "a", 1, &values[3]));
    assert_true(map_put(&m, "", 0, &values[4]));
    assert_ptr_equal(map_get(&m, "a\0b", 3), &values[1]);
    assert_ptr_equal(map_get(&m, "a\0c", 3), &values[2]);
    assert_ptr_equal(map_get_str(&m, "a"), &values[3]);
    assert_ptr_equal(map_get_str(&m, ""), &values[4]);
    assert_null(map_get(&m, "a\0", 2));
}

static void keys_are_copied(void **state)
{
    UNUSED(state);
    AUTO(map_done) map m = MAP_INIT;
    char key[8] = "before";
    assert_true(map_put_str(&m, key, &values[1]));
    strcpy(key, "after");
    assert_ptr_equal(map_get_str(&m, "before"), &values[1]);
    assert_null(map_get_str(&m, "after"));
}

static void iterates_each_once(void **state)
{
    UNUSED(state);
    AUTO(map_done) map m = MAP_INIT;
    bool seen[1000] = { false };
    char key[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "key %d", i);
        assert_true(map_put_str(&m, key, &values[i]));
    }
    size_t at = 0, count = 0;
    const char *name;
    void *value;
    while (map_next(&m, &at, &name, &value)) {
        ptrdiff_t i = (int *)value - values;
        snprintf(key, sizeof key, "key %d", (int)i);
        assert_string_equal(name, key);
        assert_false(seen[i]);
        seen[i] = true;
        count++;
    }
    assert_int_equal(count, 1000);
    at = 0;
    assert_true(map_next(&m, &at, NULL, NULL));
}

/* Random puts and removes, compared with an array after each step. */
static void agrees_with_an_array(void **state)
{
    UNUSED(state);
    enum { KEYS = 300, STEPS = 200000 };
    AUTO(map_done) map m = MAP_INIT;
    void *model[KEYS] = { NULL };
    unsigned random = 12345;
    size_t len = 0;
    for (int step = 0; step < STEPS; step++) {
        random = random * 1103515245U + 12345U;
        unsigned key = (random >> 8) % KEYS;
        char name[16];
        snprintf(name, sizeof name, "k%u", key);
        if (random >> 28 & 1) {
            void *value = &values[(unsigned)step % COUNT_OF(values)];
            len += model[key] == NULL;
            model[key] = value;
            assert_true(map_put_str(&m, name, value));
        } else {
            len -= model[key] != NULL;
            assert_ptr_equal(map_remove_str(&m, name), model[key]);
            model[key] = NULL;
        }
        assert_int_equal(m.len, len);
    }
    for (unsigned key = 0; key < KEYS; key++) {
        char name[16];
        snprintf(name, sizeof name, "k%u", key);
        assert_ptr_equal(map_get_str(&m, name), model[key]);
    }
}

/* Keys that come and go must not make it grow without end, nor slow: their tombstones are swept. */
static void churn_does_not_grow(void **state)
{
    UNUSED(state);
    AUTO(map_done) map m = MAP_INIT;
    char key[24];
    for (int i = 0; i < 100000; i++) {
        snprintf(key, sizeof key, "call %d", i);
        assert_true(map_put_str(&m, key, &values[1]));
        assert_ptr_equal(map_remove_str(&m, key), &values[1]);
    }
    assert_int_equal(m.len, 0);
    assert_true(m.cap <= 64);
}

static void maps_differ_in_their_seed(void **state)
{
    UNUSED(state);
    AUTO(map_done) map a = MAP_INIT;
    AUTO(map_done) map b = MAP_INIT;
    assert_true(map_put_str(&a, "x", &values[1]));
    assert_true(map_put_str(&b, "x", &values[1]));
    assert_true(a.seed != b.seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_gets_removes),   cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(keys_are_copied),     cmocka_unit_test(iterates_each_once),
        cmocka_unit_test(agrees_with_an_array), cmocka_unit_test(churn_does_not_grow),
        cmocka_unit_test(maps_differ_in_their_seed),
    };
    return cmocka_run_group_tests_name("base: map", tests, NULL, NULL);
}
