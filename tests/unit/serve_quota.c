/* SPDX-License-Identifier: MIT */
/* How often callers, domains and methods may be called: with a clock of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "serve/access.h"
#include "serve/quota.h"

static quota q;
static int64_t now;
static quota_refusal refusal;

static void begin_with(const char *caller, const char *domain, size_t most)
{
    jrpc_limit limits[2] = { { 0 }, { 0 } };
    assert_int_equal(jrpc_limit_parse(caller, &limits[0], NULL), JRPC_OK);
    assert_int_equal(jrpc_limit_parse(domain, &limits[1], NULL), JRPC_OK);
    assert_int_equal(quota_init(&q, &limits[0], &limits[1], most), JRPC_OK);
    now = 7000 * CLOCK_MS;
    memset(&refusal, 0, sizeof refusal);
}

static bool take(const char *caller, const char *method, quota_use *use)
{
    AUTO(jid_done) jid who;
    access_read_caller(caller, &who);
    assert_non_null(who.domain);
    return quota_take(&q, &who, method, now, use, &refusal);
}

/* A call that ends at once. */
static bool call(const char *caller, const char *method)
{
    quota_use use;
    bool taken = take(caller, method, &use);
    if (taken)
        quota_drop(&q, &use);
    return taken;
}

/* How many calls in a row are let in. */
static unsigned calls(const char *caller, const char *method, unsigned most)
{
    unsigned let_in = 0;
    while (let_in < most && call(caller, method))
        let_in++;
    return let_in;
}

static void pass(int64_t ms)
{
    now += ms * CLOCK_MS;
}

/* ---- limits as texts ---- */

static void limits_are_read(void **state)
{
    UNUSED(state);
    static const struct {
        const char *text;
        jrpc_limit limit;
    } good[] = {
        { "100/s", { 100, 1000, 0, 0 } },
        { "30/m,burst=5", { 30, 60000, 5, 0 } },
        { "2/h", { 2, 3600000, 0, 0 } },
        { "1/d,at-once=3,burst=4294967295", { 1, 86400000, UINT32_MAX, 3 } },
        { "at-once=4", { 0, 0, 0, 4 } },
        { "none", { 0, 0, 0, 0 } },
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        jrpc_limit limit = { 9, 9, 9, 9 };
        if (jrpc_limit_parse(good[i].text, &limit, NULL) != JRPC_OK ||
            memcmp(&limit, &good[i].limit, sizeof limit) != 0)
            fail_msg("%s", good[i].text);
    }
    static const char *const bad[] = { "", "100", "0/s", "/s", "100/w", "100/s,", ",100/s", "100/s 5", "-1/s", "1.5/s",
                                       "100/s,100/m", "burst=", "burst=5", "at-once=0", "at-once=1,at-once=2",
                                       "4294967296/s", "99999999999999999999/s", "none,1/s", "1/s,none" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        jrpc_limit limit = { 9, 9, 9, 9 };
        if (jrpc_limit_parse(bad[i], &limit, &error) != JRPC_E_INVALID || limit.calls != 9)
            fail_msg("%s", bad[i]);
        AUTO(buf_done) buf quoted = BUF_INIT;
        buf_printf(&quoted, "\"%s\": ", bad[i]);
        assert_memory_equal(error.message, quoted.data, quoted.len);
    }
}

/* ---- buckets ---- */

static void without_limits_all_are_let_in(void **state)
{
    UNUSED(state);
    begin_with("none", "none", 8);
    assert_int_equal(calls("a@x/1", "M", 100000), 100000);
    quota_done(&q);
}

static void a_bucket_empties_and_fills(void **state)
{
    UNUSED(state);
    begin_with("10/s,burst=5", "none", 8);
    assert_int_equal(calls("a@x/1", "M", 100), 5);
    assert_string_equal(refusal.text, "the limit is 10 calls a second for a@x: try again in 100 ms");
    pass(99);
    assert_false(call("a@x/1", "M"));
    assert_string_equal(refusal.text, "the limit is 10 calls a second for a@x: try again in 1 ms");
    pass(1);
    assert_int_equal(calls("a@x/1", "M", 100), 1);
    pass(250);
    assert_int_equal(calls("a@x/1", "M", 100), 2);
    pass(50); /* what was left of the 250 is not lost */
    assert_int_equal(calls("a@x/1", "M", 100), 1);
    pass(3600 * 1000); /* it does not run over */
    assert_int_equal(calls("a@x/1", "M", 100), 5);
    quota_done(&q);
}

static void over_time_the_rate_holds(void **state)
{
    UNUSED(state);
    begin_with("300/m,burst=1", "none", 8);
    unsigned let_in = 0;
    for (int i = 0; i < 100000; i++) { /* tries every 7 ms for 700 s */
        let_in += call("a@x/1", "M");
        pass(7);
    }
    assert_in_range(let_in, 3400, 3501); /* a try comes up to 7 ms late */
    quota_done(&q);
}

static void extreme_limits_do_not_overflow(void **state)
{
    UNUSED(state);
    begin_with("1/d,burst=4294967295", "4294967295/s,burst=4294967295", 8);
    assert_int_equal(calls("a@x/1", "M", 1000), 1000);
    quota_done(&q);
}

static void accounts_are_told_apart_resources_are_not(void **state)
{
    UNUSED(state);
    begin_with("3/s", "none", 8);
    assert_int_equal(calls("a@x/1", "M", 100), 3);
    assert_false(call("a@x/2", "M"));
    assert_false(call("A@X", "N"));
    assert_int_equal(calls("b@x/1", "M", 100), 3);
    assert_int_equal(calls("component.x", "M", 100), 3);
    quota_done(&q);
}

/* Who owns a server makes accounts as he likes: they have a bucket in common. */
static void a_domain_has_one_bucket(void **state)
{
    UNUSED(state);
    begin_with("3/s", "10/s", 1000);
    unsigned let_in = 0;
    for (int i = 0; i < 50; i++) {
        char caller[32];
        snprintf(caller, sizeof caller, "u%d@evil.example/x", i);
        let_in += calls(caller, "M", 100);
    }
    assert_int_equal(let_in, 10);
    assert_string_equal(refusal.text,
                        "the limit is 10 calls a second for all accounts of evil.example: try again in 100 ms");
    assert_int_equal(calls("a@good.example/x", "M", 100), 3);
    assert_int_equal(q.callers.entries.len, 5); /* 3 + 3 + 3 + 1, and the good one: refused ones take no room */
    quota_done(&q);
}

static void a_method_has_one_bucket(void **state)
{
    UNUSED(state);
    jrpc_limit limit = { 2, 60000, 0, 0 };
    begin_with("none", "none", 8);
    assert_int_equal(quota_limit_method(&q, "Slow", &limit, NULL), JRPC_OK);
    assert_true(call("a@x/1", "Slow"));
    assert_true(call("b@y/1", "Slow"));
    assert_false(call("c@z/1", "Slow"));
    assert_string_equal(refusal.text, "the limit is 2 calls a minute for calls of Slow: try again in 30 s");
    assert_true(call("c@z/1", "Fast"));
    pass(30000);
    assert_true(call("c@z/1", "Slow"));
    limit = (jrpc_limit){ 0 };
    assert_int_equal(quota_limit_method(&q, "Slow", &limit, NULL), JRPC_OK);
    assert_int_equal(calls("c@z/1", "Slow", 100), 100);
    limit.period_ms = UINT32_MAX;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(quota_limit_method(&q, "Slow", &limit, &error), JRPC_E_INVALID);
    assert_string_equal(error.message, "Slow: a period is one day at most");
    quota_done(&q);
}

/* A call that one limit refuses takes nothing out of the other buckets. */
static void a_refused_call_costs_nothing(void **state)
{
    UNUSED(state);
    jrpc_limit limit = { 1, 0, 0, 0 };
    begin_with("4/s", "4/s", 8);
    assert_int_equal(quota_limit_method(&q, "Slow", &limit, NULL), JRPC_OK);
    assert_int_equal(calls("a@x/1", "Slow", 100), 1);
    for (int i = 0; i < 100; i++)
        assert_false(call("a@x/1", "Slow"));
    assert_int_equal(calls("a@x/1", "Fast", 100), 3);
    quota_done(&q);
}

/* ---- at once ---- */

static void no_more_than_so_many_at_once(void **state)
{
    UNUSED(state);
    jrpc_limit one = { 0, 0, 0, 1 };
    begin_with("at-once=2", "at-once=3", 8);
    assert_int_equal(quota_limit_method(&q, "Slow", &one, NULL), JRPC_OK);
    quota_use uses[6];
    assert_true(take("a@x/1", "M", &uses[0]) && quota_begin(&q, &uses[0], true, now, &refusal));
    assert_true(take("a@x/2", "Slow", &uses[1]) && quota_begin(&q, &uses[1], true, now, &refusal));
    assert_true(take("a@x/3", "M", &uses[2]) && !quota_begin(&q, &uses[2], true, now, &refusal));
    assert_string_equal(refusal.text, "the limit is 2 calls at once for a@x");
    assert_true(take("b@x/1", "Slow", &uses[3]) && !quota_begin(&q, &uses[3], true, now, &refusal));
    assert_string_equal(refusal.text, "the limit is 1 call at once for calls of Slow");
    /* A part of a call that counts already: for its method alone. */
    assert_true(take("a@x/1", "M", &uses[4]) && quota_begin(&q, &uses[4], false, now, &refusal));
    quota_drop(&q, &uses[4]);
    assert_true(take("a@x/1", "Slow", &uses[4]) && !quota_begin(&q, &uses[4], false, now, &refusal));
    quota_drop(&q, &uses[4]);
    quota_drop(&q, &uses[3]);
    assert_true(take("b@x/1", "M", &uses[3]) && quota_begin(&q, &uses[3], true, now, &refusal));
    assert_true(take("c@x/1", "M", &uses[5]) && !quota_begin(&q, &uses[5], true, now, &refusal));
    assert_string_equal(refusal.text, "the limit is 3 calls at once for all accounts of x");
    quota_drop(&q, &uses[1]);
    quota_drop(&q, &uses[1]); /* twice is fine */
    assert_true(quota_begin(&q, &uses[2], true, now, &refusal));
    for (size_t i = 0; i < COUNT_OF(uses); i++)
        quota_drop(&q, &uses[i]);
    assert_true(take("c@x/1", "Slow", &uses[0]) && quota_begin(&q, &uses[0], true, now, &refusal));
    quota_drop(&q, &uses[0]);
    quota_done(&q);
}

static void the_log_is_not_flooded(void **state)
{
    UNUSED(state);
    begin_with("1/s", "none", 8);
    unsigned lines = 0;
    for (int i = 0; i < 10 * 60 * 10; i++) { /* ten minutes */
        if (!call("a@x/1", "M"))
            lines += refusal.first;
        pass(100);
    }
    assert_int_equal(lines, 10);
    quota_done(&q);
}

/* ---- memory ---- */

/* Nobody gets a fresh bucket by being forgotten. */
static void only_full_buckets_are_forgotten(void **state)
{
    UNUSED(state);
    begin_with("2/s", "none", 3);
    char caller[32];
    for (int i = 0; i < 3; i++) {
        snprintf(caller, sizeof caller, "u%d@x/1", i);
        assert_int_equal(calls(caller, "M", 100), 2);
    }
    assert_int_equal(q.callers.entries.len, 3);
    /* No room: newcomers share one bucket. */
    assert_true(call("new1@x/1", "M"));
    assert_true(call("new2@x/1", "M"));
    assert_false(call("new3@x/1", "M"));
    assert_string_equal(refusal.text,
                        "the limit is 2 calls a second for all of the many callers: try again in 500 ms");
    assert_int_equal(q.callers.entries.len, 3);
    assert_false(call("u0@x/1", "M"));
    pass(1000);
    assert_int_equal(calls("new3@x/1", "M", 100), 2); /* u0, the oldest, is forgotten */
    assert_int_equal(calls("u1@x/1", "M", 100), 2);
    assert_int_equal(calls("u2@x/1", "M", 100), 2);
    assert_int_equal(q.callers.entries.len, 3);
    quota_done(&q);
}

static void what_is_in_progress_is_not_forgotten(void **state)
{
    UNUSED(state);
    begin_with("at-once=1", "none", 2);
    quota_use a, b, c, d;
    assert_true(take("a@x/1", "M", &a) && quota_begin(&q, &a, true, now, &refusal));
    assert_true(take("b@x/1", "M", &b) && quota_begin(&q, &b, true, now, &refusal));
    assert_true(take("c@x/1", "M", &c) && quota_begin(&q, &c, true, now, &refusal));
    assert_true(take("d@x/1", "M", &d) && !quota_begin(&q, &d, true, now, &refusal));
    assert_string_equal(refusal.text, "the limit is 1 call at once for all of the many callers");
    quota_drop(&q, &d);
    quota_drop(&q, &b);
    assert_true(take("d@x/1", "M", &d) && quota_begin(&q, &d, true, now, &refusal));
    assert_true(take("a@x/2", "M", &b) && !quota_begin(&q, &b, true, now, &refusal));
    assert_string_equal(refusal.text, "the limit is 1 call at once for a@x");
    quota_drop(&q, &a);
    quota_drop(&q, &b);
    quota_drop(&q, &c);
    quota_drop(&q, &d);
    quota_done(&q);
}

static void a_million_callers_take_no_more_room(void **state)
{
    UNUSED(state);
    begin_with("5/s", "1000/s", 64);
    char caller[64];
    for (int i = 0; i < 1000000; i++) {
        snprintf(caller, sizeof caller, "u%d@d%d.example/x", i, i % 1000);
        call(caller, "M");
        if (i % 100 == 0)
            pass(1);
    }
    assert_int_equal(q.callers.entries.len, 64);
    assert_int_equal(q.domains.entries.len, 64);
    quota_done(&q);
}

static void names_are_cut_between_characters(void **state)
{
    UNUSED(state);
    begin_with("1/d", "none", 8);
    char caller[300] = "";
    for (int i = 0; i < 60; i++)
        strcat(caller, "\xc3\xa9");
    strcat(caller, "x@y/z");
    assert_true(call(caller, "M"));
    assert_false(call(caller, "M"));
    assert_true(utf8_is_xml_text(refusal.text, strlen(refusal.text), NULL, NULL));
    assert_true(call("a@\xc3\xa9.\xc3\xa9\xc3\xa9/z", "M"));
    assert_false(call("a@\xc3\xa9.\xc3\xa9\xc3\xa9/z", "M"));
    assert_non_null(strstr(refusal.text, " for a@\xc3\xa9.\xc3\xa9\xc3\xa9: try"));
    quota_done(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_read),
        cmocka_unit_test(without_limits_all_are_let_in),
        cmocka_unit_test(a_bucket_empties_and_fills),
        cmocka_unit_test(over_time_the_rate_holds),
        cmocka_unit_test(extreme_limits_do_not_overflow),
        cmocka_unit_test(accounts_are_told_apart_resources_are_not),
        cmocka_unit_test(a_domain_has_one_bucket),
        cmocka_unit_test(a_method_has_one_bucket),
        cmocka_unit_test(a_refused_call_costs_nothing),
        cmocka_unit_test(no_more_than_so_many_at_once),
        cmocka_unit_test(the_log_is_not_flooded),
        cmocka_unit_test(only_full_buckets_are_forgotten),
        cmocka_unit_test(what_is_in_progress_is_not_forgotten),
        cmocka_unit_test(a_million_callers_take_no_more_room),
        cmocka_unit_test(names_are_cut_between_characters),
    };
    return cmocka_run_group_tests_name("serve: quota", tests, NULL, NULL);
}
