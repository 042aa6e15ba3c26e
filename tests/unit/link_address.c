/* SPDX-License-Identifier: MIT */
/* Where a server is: numbers, SRV answers, their order. */
#include "link/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/lookup.h"
#include "link/srv.h"

static void numbers_are_answered_at_once(void **state)
{
    UNUSED(state);
    static const struct {
        const char *host, *numeric;
        bool loopback;
    } cases[] = {
        { "127.0.0.1", "127.0.0.1", true },
        { "127.8.9.1", "127.8.9.1", true },
        { "192.0.2.1", "192.0.2.1", false },
        { "::1", "::1", true },
        { "[::1]", "::1", true },
        { "2001:db8::5", "2001:db8::5", false },
        { "::ffff:127.0.0.1", "::ffff:127.0.0.1", true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const address_query query = { .domain = "localhost",
                                      .host = cases[i].host,
                                      .direct_tls = i % 2 == 1 };
        address_list list;
        bool done = false;
        assert_int_equal(address_find_numeric(&query, &list, &done, NULL), JRPC_OK);
        assert_true(done);
        assert_int_equal(list.len, 1);
        assert_string_equal(list.items[0].numeric, cases[i].numeric);
        assert_string_equal(list.items[0].name, cases[i].host);
        assert_int_equal(list.items[0].loopback, cases[i].loopback);
        assert_int_equal(list.items[0].port, i % 2 == 1 ? 5223 : 5222);
    }
    const address_query name = { .domain = "localhost" };
    address_list list;
    bool done = true;
    assert_int_equal(address_find_numeric(&name, &list, &done, NULL), JRPC_OK);
    assert_false(done);
}

static void localhost_is_found(void **state)
{
    UNUSED(state);
    const address_query query = { .domain = "localhost", .component = true };
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    address_list list;
    assert_int_equal(address_find(&query, &list, &error), JRPC_OK);
    assert_true(list.len > 0);
    for (size_t i = 0; i < list.len; i++) {
        assert_true(list.items[i].loopback);
        assert_int_equal(list.items[i].port, 5347);
    }
}

static void a_long_or_wrong_name_is_no_host(void **state)
{
    UNUSED(state);
    char name[600];
    memset(name, 'a', sizeof name);
    name[599] = '\0';
    const char *const bad[] = { name, "no-such-host.invalid", ".." };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const address_query query = { .domain = "localhost", .host = bad[i] };
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        address_list list;
        assert_int_equal(address_find(&query, &list, &error), JRPC_E_NO_HOST);
        assert_non_null(error.who);
        assert_non_null(error.message);
    }
}

/* An answer with these records: a header, one question, the answers with compressed names. */
typedef struct answer {
    unsigned char data[600];
    size_t len;
} answer;

static void put(answer *a, const void *data, size_t len)
{
    assert_true(a->len + len <= sizeof a->data);
    memcpy(a->data + a->len, data, len);
    a->len += len;
}

static void put16(answer *a, unsigned value)
{
    const unsigned char two[] = { (unsigned char)(value >> 8), (unsigned char)value };
    put(a, two, 2);
}

static void answer_begin(answer *a, unsigned records)
{
    a->len = 0;
    put16(a, 0x1234);
    put16(a, 0x8180);
    put16(a, 1);
    put16(a, records);
    put16(a, 0);
    put16(a, 0);
    put(a,
        "\x0c_xmpp-client\x04_tcp\x07"
        "example",
        27);
    put16(a, 33);
    put16(a, 1);
}

/* name: in wire form, its length with the final zero. */
static void answer_add(answer *a, unsigned priority, unsigned weight, unsigned port, const char *name,
                       size_t name_len)
{
    put16(a, 0xC00C);
    put16(a, 33);
    put16(a, 1);
    put16(a, 0);
    put16(a, 60);
    put16(a, (unsigned)(6 + name_len));
    put16(a, priority);
    put16(a, weight);
    put16(a, port);
    put(a, name, name_len);
}

static void answers_are_read(void **state)
{
    UNUSED(state);
    answer a;
    srv_list list = { .len = 0 };
    answer_begin(&a, 2);
    answer_add(&a, 20, 5, 5222,
               "\x01"
               "b\x07"
               "example",
               11);
    answer_add(&a, 10, 0, 443,
               "\x01"
               "a\x07"
               "example",
               11);
    assert_true(srv_read(a.data, a.len, true, &list));
    assert_int_equal(list.len, 2);
    srv_sort(&list);
    assert_string_equal(list.items[0].target, "a.example");
    assert_int_equal(list.items[0].port, 443);
    assert_true(list.items[0].tls);
    assert_string_equal(list.items[1].target, "b.example");
    assert_int_equal(list.items[1].priority, 20);
}

static void not_here_is_an_answer(void **state)
{
    UNUSED(state);
    answer a;
    srv_list list = { .len = 0 };
    answer_begin(&a, 1);
    answer_add(&a, 0, 0, 0, "", 1);
    assert_true(srv_read(a.data, a.len, false, &list));
    assert_int_equal(list.len, 0);
}

/* Cut anywhere, or with any byte changed, it is refused or read, never beyond its end. */
static void broken_answers_do_no_harm(void **state)
{
    UNUSED(state);
    answer a;
    answer_begin(&a, 20);
    for (int i = 0; i < 20; i++)
        answer_add(&a, 1, 1, 5222, "\xC0\x0C", 2);
    for (size_t len = 0; len <= a.len; len++) {
        unsigned char *exact = malloc(len + 1);
        srv_list list = { .len = 0 };
        memcpy(exact, a.data, len);
        srv_read(exact, len, false, &list);
        assert_true(list.len <= SRV_MAX);
        free(exact);
    }
    for (size_t at = 0; at < a.len; at++)
        for (unsigned value = 0; value < 256; value += 5) {
            answer changed = a;
            srv_list list = { .len = 0 };
            changed.data[at] = (unsigned char)value;
            srv_read(changed.data, changed.len, false, &list);
            assert_true(list.len <= SRV_MAX);
        }
}

static void weight_is_a_share(void **state)
{
    UNUSED(state);
    int heavy_first = 0, zero_first = 0;
    for (int round = 0; round < 2000; round++) {
        srv_list list = { .len = 4 };
        list.items[0] = (srv){ .priority = 5, .weight = 10, .port = 1 };
        list.items[1] = (srv){ .priority = 5, .weight = 90, .port = 2 };
        list.items[2] = (srv){ .priority = 5, .weight = 0, .port = 3 };
        list.items[3] = (srv){ .priority = 1, .weight = 0, .port = 4 };
        srv_sort(&list);
        assert_int_equal(list.items[0].port, 4);
        heavy_first += list.items[1].port == 2;
        zero_first += list.items[1].port == 3;
    }
    /* 90 % are expected: the odds against leaving this range are beyond 10^15. */
    assert_in_range(heavy_first, 1650, 1950);
    assert_in_range(zero_first, 0, 30);
}

static void names_become_ascii(void **state)
{
    UNUSED(state);
    autofree char *ascii = address_ascii("b\xC3\xBC"
                                         "cher.example");
    assert_string_equal(ascii, "xn--bcher-kva.example");
}

static void a_lookup_tells_when_it_is_done(void **state)
{
    UNUSED(state);
    const address_query queries[] = { { .domain = "localhost" }, { .domain = "no-such-host.invalid" } };
    const jrpc_status results[] = { JRPC_OK, JRPC_E_NO_HOST };
    for (size_t i = 0; i < 2; i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        lookup *l = NULL;
        address_list list;
        jrpc_status status = JRPC_E_INTERNAL;
        assert_int_equal(lookup_start(&queries[i], &l, NULL), JRPC_OK);
        struct pollfd p = { lookup_fd(l), POLLIN, 0 };
        assert_int_equal(poll(&p, 1, 60000), 1);
        assert_true(lookup_take(l, &list, &status, &error));
        assert_int_equal(status, results[i]);
        assert_int_equal(error.status, results[i]);
        lookup_drop(l);
    }
}

static void *nothing(void *argument)
{
    return argument;
}

static size_t count_threads(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (const struct dirent *entry; tasks && (entry = readdir(tasks));)
        count += entry->d_name[0] != '.';
    if (tasks)
        closedir(tasks);
    return count;
}

static void a_lookup_may_be_left_alone(void **state)
{
    UNUSED(state);
    const address_query query = { .domain = "no-such-host.invalid" };
    pthread_t first;
    /* A sanitizer starts a thread of its own with the first of ours. */
    assert_int_equal(pthread_create(&first, NULL, nothing, NULL), 0);
    assert_int_equal(pthread_join(first, NULL), 0);
    size_t threads = count_threads();
    lookup *l = NULL;
    assert_int_equal(lookup_start(&query, &l, NULL), JRPC_OK);
    lookup_drop(l);
    /* Its thread ends by itself. */
    const struct timespec moment = { 0, 5 * 1000000 };
    int64_t until = clock_after(clock_now(), 30000);
    while (count_threads() > threads && clock_now() < until)
        nanosleep(&moment, NULL);
    assert_true(count_threads() <= threads); /* the first may have been counted while it was going */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_answered_at_once),
        cmocka_unit_test(localhost_is_found),
        cmocka_unit_test(a_long_or_wrong_name_is_no_host),
        cmocka_unit_test(answers_are_read),
        cmocka_unit_test(not_here_is_an_answer),
        cmocka_unit_test(broken_answers_do_no_harm),
        cmocka_unit_test(weight_is_a_share),
        cmocka_unit_test(names_become_ascii),
        cmocka_unit_test(a_lookup_tells_when_it_is_done),
        cmocka_unit_test(a_lookup_may_be_left_alone),
    };
    return cmocka_run_group_tests_name("link_address", tests, NULL, NULL);
}
