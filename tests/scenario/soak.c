/* SPDX-License-Identifier: MIT */
/*
 * Many reconnects and many calls of all outcomes: afterwards nothing has grown: heap, descriptors, threads, tables.
 * JRPC_SOAK_RECONNECTS and JRPC_SOAK_CALLS say how many; `make soak` has the great numbers.
 */
#include "pair.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* What one run may hold more than the last by chance: buffers that were larger once, an arena's trim. */
enum { SLACK_BYTES = 256 << 10, ROUND = 1000 };

/* This one; and for each session its own and four workers, which start when there is work for them. */
enum { THREADS_MOST = 1 + 2 * 5 };

static size_t number(const char *name, size_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : otherwise;
}

/* ---- what there is ---- */

typedef struct holding {
    size_t heap, descriptors, threads, pending, contacts, books;
} holding;

static size_t count_entries(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static size_t heap_in_use(void)
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void count_line(const jrpc_call_stats *stats, void *userdata)
{
    size_t *lines = userdata;
    *lines += stats->calls > 0;
}

static holding look(pair *p)
{
    pair_wait_pending(p->a, 0);
    pair_wait_pending(p->b, 0);
    holding now = { .heap = heap_in_use() };
    now.descriptors = count_entries("/proc/self/fd");
    now.threads = count_entries("/proc/self/task");
    now.pending = p->a->pending.len + p->b->pending.len;
    now.contacts = p->a->contacts.len + p->b->contacts.len;
    jrpc_session_stats(p->a, count_line, &now.books, NULL);
    jrpc_session_stats(p->b, count_line, &now.books, NULL);
    return now;
}

static void print_holding(const char *when, const holding *h)
{
    print_message("# %s: heap %zu B, %zu descriptors, %zu threads, %zu pending, %zu contacts, %zu lines of books\n", when,
                  h->heap, h->descriptors, h->threads, h->pending, h->contacts, h->books);
}

static void expect_no_growth(const holding *before, const holding *after)
{
    print_holding("before", before);
    print_holding("after", after);
    assert_int_equal(after->descriptors, before->descriptors);
    assert_true(after->threads <= THREADS_MOST);
    assert_int_equal(after->pending, 0);
    assert_true(after->contacts <= 2); /* each knows the other, or does not need to */
    assert_int_equal(after->books, before->books);
    if (after->heap > before->heap + SLACK_BYTES)
        fail_msg("the heap has grown by %zu bytes", after->heap - before->heap);
}

/* ---- calls ---- */

static void text_call(pair *p, size_t i)
{
    char text[64], *back = NULL;
    snprintf(text, sizeof text, "text %zu <&>", i);
    assert_int_equal(pair_text(p->to_b, text, &back, NULL), JRPC_OK);
    assert_string_equal(back, text);
    jrpc_free(back);
}

static void broken_call(pair *p, size_t i)
{
    jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(pair_break(p->to_b, (int32_t)i, &error), JRPC_E_FAULT);
    const pair_broken *broken = jrpc_exception_of(&error, &pair_broken_exception);
    assert_non_null(broken);
    assert_int_equal(broken->number, i);
    jrpc_error_done(&error);
}

static void cancelled_call(pair *p)
{
    static const int32_t value = 1;
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send(p->to_b, pair_method("Add"), (const void *[]){ &value, &value }, NULL, NULL, &future, NULL),
                     JRPC_OK);
    jrpc_future_cancel(future);
    jrpc_future_free(future);
}

/* One of each in ten, the rest plain. */
static void one_call(pair *p, size_t i)
{
    int32_t sum = 0;
    switch (i % 10) {
    case 1:
        text_call(p, i);
        break;
    case 3:
        broken_call(p, i);
        break;
    case 5:
        cancelled_call(p);
        break;
    case 7:
        assert_int_equal(pair_fault(p->to_b, NULL), JRPC_E_FAULT);
        break;
    case 9:
        assert_int_equal(pair_missing(p->to_b, NULL), JRPC_E_NO_SUCH_METHOD);
        break;
    default:
        assert_int_equal(pair_add(p->to_b, (int32_t)i, 1, &sum, NULL), JRPC_OK);
        assert_int_equal(sum, i + 1);
    }
}

static void many_calls(void **state)
{
    UNUSED(state);
    size_t calls = number("JRPC_SOAK_CALLS", 20000);
    pair *p = pair_open(NULL);
    for (size_t i = 0; i < ROUND; i++)
        one_call(p, i);
    const holding before = look(p);
    for (size_t i = 0; i < calls; i++)
        one_call(p, i);
    const holding after = look(p);
    print_message("# %zu calls\n", calls);
    expect_no_growth(&before, &after);
    pair_close(p);
}

/* ---- reconnects ---- */

/* How often its stream came up. */
static atomic_size_t ups;

static void count_ups(jrpc_session *session, jrpc_state state, void *userdata)
{
    UNUSED(session);
    UNUSED(userdata);
    if (state == JRPC_STATE_ONLINE)
        atomic_fetch_add(&ups, 1);
}

/* hasty has little time: what is lost with a stream is told by nobody here, where there is no presence. */
static void one_reconnect(pair *p, jrpc_peer *hasty, size_t i)
{
    int32_t sum = 0;
    size_t seen = atomic_load(&ups);
    jrpc_future *future = NULL;
    static const int32_t value = 2;
    assert_int_equal(jrpc_send(hasty, pair_method("Add"), (const void *[]){ &value, &value }, NULL, NULL, &future, NULL),
                     JRPC_OK);
    loopback_cut(p->hub, i % 2 ? PAIR_A : PAIR_B);
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    while (atomic_load(&ups) == seen && clock_now() < until)
        sched_yield();
    jrpc_status status = jrpc_finish(future, pair_method("Add"), (void *[]){ &sum }, NULL);
    assert_true(status == JRPC_OK ? sum == 4 : status == JRPC_E_DISCONNECTED || status == JRPC_E_UNAVAILABLE ||
                                                   status == JRPC_E_TIMEOUT || status == JRPC_E_UNKNOWN_OUTCOME);
    status = pair_add(p->to_b, (int32_t)i, 1, &sum, NULL);
    assert_true(status == JRPC_OK ? sum == (int32_t)i + 1 : status == JRPC_E_UNAVAILABLE);
}

static void many_reconnects(void **state)
{
    UNUSED(state);
    enum { FIRST = 20 };
    size_t reconnects = number("JRPC_SOAK_RECONNECTS", 200);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.reconnect_ms = 1;
    options.state_changed = count_ups;
    options.call_timeout_ms = 20000;
    pair *p = pair_open(&options);
    jrpc_peer *hasty = NULL;
    assert_int_equal(jrpc_peer_new(p->a, PAIR_B, &hasty, NULL), JRPC_OK);
    jrpc_peer_set_timeout(hasty, 300);
    for (size_t i = 0; i < FIRST; i++)
        one_reconnect(p, hasty, i);
    const holding before = look(p);
    for (size_t i = 0; i < reconnects; i++)
        one_reconnect(p, hasty, i);
    const holding after = look(p);
    print_message("# %zu reconnects\n", reconnects);
    expect_no_growth(&before, &after);
    jrpc_peer_free(hasty);
    pair_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_calls),
        cmocka_unit_test(many_reconnects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
