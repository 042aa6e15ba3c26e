/* SPDX-License-Identifier: MIT */
/* samples/uptime: whom the load is told to, and when; numbers that people type. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "watchers.h"

static void numbers_are_read_strictly(void **state)
{
    UNUSED(state);
    static const struct {
        const char *text;
        double value;
    } good[] = { { "1.0", 1 }, { "0", 0 }, { "12", 12 }, { "0.25", 0.25 }, { "10000", 10000 }, { "007", 7 } };
    static const char *const bad[] = { "", "nan", "-1", "+1", "1e999", "1e2", "inf", "0x10", "1,5", "1.", ".5", "1 2",
                                       "10000.1", "99999999999999999999999", "1.5;reboot", "$(reboot)", "1.0000000000000" };
    double value = -1;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(watchers_read_threshold(good[i].text, &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (watchers_read_threshold(bad[i], &value))
            fail_msg("\"%s\" was read as %g", bad[i], value);
    assert_false(watchers_is_threshold((double)NAN));
    assert_false(watchers_is_threshold((double)INFINITY));
    assert_false(watchers_is_threshold(-0.1));
}

static void note(const watcher *one, double load, void *userdata)
{
    char *line = userdata;
    UNUSED(load);
    strcat(line, one->jid);
}

static const char *told(watchers *w, double load, bool always)
{
    static char line[512];
    line[0] = '\0';
    watchers_tell(w, load, always, note, line);
    return line;
}

static void each_is_told_once_until_the_load_was_low(void **state)
{
    UNUSED(state);
    watchers w;
    watchers_init(&w);
    assert_int_equal(watchers_start(&w, "a", JRPC_MESSAGE_CHAT, NULL, 1.0), WATCHERS_NEW);
    assert_int_equal(watchers_start(&w, "b", JRPC_MESSAGE_CHAT, "t", 2.0), WATCHERS_NEW);
    assert_string_equal(told(&w, 0.5, false), "");
    assert_string_equal(told(&w, 1.0, false), "a"); /* at the threshold */
    assert_string_equal(told(&w, 2.5, false), "b");
    assert_string_equal(told(&w, 0.95, false), ""); /* not low enough */
    assert_string_equal(told(&w, 1.1, false), "");
    assert_string_equal(told(&w, 0.89, false), "");
    assert_string_equal(told(&w, 1.1, false), "a");
    assert_string_equal(told(&w, 1.1, true), "a"); /* as in 2004 */
    assert_string_equal(told(&w, 3, true), "ab");
    assert_int_equal(watchers_start(&w, "a", JRPC_MESSAGE_CHAT, NULL, 5), WATCHERS_CHANGED);
    assert_string_equal(told(&w, 5, false), "a"); /* another threshold is a new beginning */
    assert_true(watchers_stop(&w, "a"));
    assert_false(watchers_stop(&w, "a"));
    assert_string_equal(told(&w, 9, true), "b");
    watchers_done(&w);
}

static void there_is_no_room_for_all(void **state)
{
    UNUSED(state);
    watchers w;
    double threshold = 0;
    watchers_init(&w);
    char name[16];
    for (int i = 0; i < WATCHERS_MOST; i++) {
        snprintf(name, sizeof name, "%d", i);
        assert_int_equal(watchers_start(&w, name, JRPC_MESSAGE_CHAT, "t", i), WATCHERS_NEW);
    }
    assert_int_equal(watchers_start(&w, "x", JRPC_MESSAGE_CHAT, NULL, 1), WATCHERS_FULL);
    assert_false(watchers_find(&w, "x", &threshold));
    assert_true(watchers_find(&w, "7", &threshold));
    assert_true(threshold == 7);
    assert_true(watchers_stop(&w, "7"));
    assert_int_equal(watchers_count(&w), WATCHERS_MOST - 1);
    assert_int_equal(watchers_start(&w, "x", JRPC_MESSAGE_CHAT, NULL, 1), WATCHERS_NEW);
    watchers_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(each_is_told_once_until_the_load_was_low),
        cmocka_unit_test(there_is_no_room_for_all),
    };
    return cmocka_run_group_tests_name("samples/uptime: watchers", tests, NULL, NULL);
}
