/* SPDX-License-Identifier: MIT */
/* The replay window: what is known when a call comes again, and what is left when it has been forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "serve/replay.h"

#define ALICE "alice@localhost/desk"

static extension key(uint64_t session, uint64_t number)
{
    return (extension){ .deadline_ms = -1, .keyed = true, .session = session, .number = number };
}

static extension key_again(const replay *r, uint64_t session, uint64_t number)
{
    extension e = key(session, number);
    memcpy(e.again, replay_epoch(r), sizeof e.again);
    return e;
}

static reply_address from(const char *caller, const char *id)
{
    return (reply_address){ .id = id, .from = caller, .to = "bob@localhost/x" };
}

static replay_found find(replay *r, const extension *e, const char *caller, const char *id, char ret_text[256])
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    reply_address request = from(caller, id);
    replay_found found = replay_find(r, e, &request, &stanza);
    snprintf(ret_text, 256, "%s", stanza.data ? stanza.data : "");
    return found;
}

static replay_entry *admit(replay *r, const extension *e, const char *caller, int64_t now)
{
    replay_entry *entry = NULL;
    reply_address request = from(caller, "1");
    assert_true(replay_admit(r, e, &request, now, &entry));
    return entry;
}

static bool refuses(replay *r, const extension *e, const char *caller, int64_t now)
{
    replay_entry *entry = NULL;
    reply_address request = from(caller, "1");
    bool admitted = replay_admit(r, e, &request, now, &entry);
    assert_true(!admitted || entry);
    if (admitted)
        replay_answer(r, entry, &request, &(buf)BUF_INIT, now, &(buf)BUF_INIT);
    return !admitted;
}

/* Answers it; true when the answer goes elsewhere, which is in ret_text. */
static bool answer(replay *r, replay_entry *entry, const char *caller, const char *content, int64_t now,
                   char ret_text[256])
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    AUTO(buf_done) buf instead = BUF_INIT;
    reply_address request = from(caller, "1");
    reply_open(&stanza, "result", &request);
    buf_append_str(&stanza, content);
    reply_close(&stanza);
    bool redirected = replay_answer(r, entry, &request, &stanza, now, &instead);
    snprintf(ret_text, 256, "%s", instead.data ? instead.data : "");
    return redirected;
}

static void run(replay *r, uint64_t session, uint64_t number, const char *caller, int64_t now)
{
    char text[256];
    extension e = key(session, number);
    assert_false(answer(r, admit(r, &e, caller, now), caller, "<x/>", now, text));
}

static replay *new_replay(size_t sessions, size_t answers, size_t bytes, int64_t keep)
{
    replay *r = replay_new(&(replay_limits){ sessions, answers, bytes, keep });
    assert_non_null(r);
    return r;
}

static replay *new_default(void)
{
    return new_replay(100, 100, 100000, 1000);
}

static void an_answered_call_gets_its_answer_again(void **state)
{
    UNUSED(state);
    replay *r = new_default();
    char text[256];
    extension e = key(7, 1);
    assert_int_equal(find(r, &e, ALICE, "1", text), REPLAY_NONE);
    replay_entry *entry = admit(r, &e, ALICE, 0);
    assert_non_null(entry);
    assert_false(answer(r, entry, ALICE, "<done/>", 0, text));
    assert_int_equal(find(r, &e, "alice@localhost/elsewhere", "2<", text), REPLAY_ANSWERED);
    assert_string_equal(text, "<iq type='result' id='2&lt;' to='alice@localhost/elsewhere' from='bob@localhost/x'>"
                              "<done/></iq>");
    replay_free(r);
}

static void a_running_call_answers_whoever_asked_last(void **state)
{
    UNUSED(state);
    replay *r = new_default();
    char text[256];
    extension e = key(7, 1);
    replay_entry *entry = admit(r, &e, ALICE, 0);
    assert_int_equal(find(r, &e, "alice@localhost/b", "2", text), REPLAY_RUNNING);
    assert_int_equal(find(r, &e, "alice@localhost/c", "3", text), REPLAY_RUNNING);
    assert_true(answer(r, entry, ALICE, "<done/>", 0, text));
    assert_string_equal(text, "<iq type='result' id='3' to='alice@localhost/c' from='bob@localhost/x'><done/></iq>");
    replay_free(r);
}

static void keys_of_others_are_others(void **state)
{
    UNUSED(state);
    replay *r = new_default();
    char text[256];
    run(r, 7, 1, ALICE, 0);
    extension e = key(7, 1), other_session = key(8, 1), other_number = key(7, 2);
    assert_int_equal(find(r, &e, "mallory@localhost/desk", "1", text), REPLAY_NONE);
    assert_int_equal(find(r, &e, "alice@localhost.evil/desk", "1", text), REPLAY_NONE);
    assert_int_equal(find(r, &e, NULL, "1", text), REPLAY_NONE);
    assert_int_equal(find(r, &other_session, ALICE, "1", text), REPLAY_NONE);
    assert_int_equal(find(r, &other_number, ALICE, "1", text), REPLAY_NONE);
    assert_int_equal(find(r, &e, "alice@localhost", "1", text), REPLAY_ANSWERED);
    replay_free(r);
}

static void another_epoch_is_refused(void **state)
{
    UNUSED(state);
    replay *r = new_default(), *other = new_default();
    extension e = key_again(other, 7, 1), known = key_again(r, 7, 1);
    assert_true(refuses(r, &e, ALICE, 0));
    assert_false(refuses(r, &known, ALICE, 0)); /* it never came here */
    replay_free(other);
    replay_free(r);
}

/* Whatever makes an answer go, the call does not run again. */
static void what_was_forgotten_is_refused(void **state)
{
    UNUSED(state);
    char text[256];
    replay *by_count = new_replay(100, 3, 100000, 1000), *by_bytes = new_replay(100, 100, 40, 1000);
    replay *by_time = new_replay(100, 100, 100000, 1000);
    replay *all[] = { by_count, by_bytes, by_time };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        for (uint64_t n = 1; n <= 10; n++)
            run(all[i], 7, n, ALICE, 0);
        run(all[i], 7, 11, ALICE, 1000);
        extension first = key_again(all[i], 7, 1), last = key(7, 11), next = key_again(all[i], 7, 12);
        assert_int_equal(find(all[i], &first, ALICE, "1", text), REPLAY_NONE);
        assert_true(refuses(all[i], &first, ALICE, 1000));
        assert_int_equal(find(all[i], &last, ALICE, "1", text), REPLAY_ANSWERED);
        assert_false(refuses(all[i], &next, ALICE, 1000));
        replay_free(all[i]);
    }
}

static void the_caller_says_what_may_go(void **state)
{
    UNUSED(state);
    replay *r = new_default();
    char text[256];
    extension running = key(7, 2);
    run(r, 7, 1, ALICE, 0);
    replay_entry *entry = admit(r, &running, ALICE, 0);
    run(r, 7, 3, ALICE, 0);
    extension e = key(7, 4);
    e.low = 4;
    replay_entry *fourth = admit(r, &e, ALICE, 0);
    for (uint64_t n = 1; n <= 3; n += 2) {
        extension old = key(7, n);
        assert_int_equal(find(r, &old, ALICE, "1", text), REPLAY_NONE);
        assert_true(refuses(r, &old, ALICE, 0));
    }
    assert_int_equal(find(r, &running, ALICE, "1", text), REPLAY_RUNNING); /* it is not run twice, given up or not */
    answer(r, entry, ALICE, "<x/>", 0, text);
    assert_int_equal(find(r, &running, ALICE, "1", text), REPLAY_NONE);
    assert_true(refuses(r, &running, ALICE, 0));
    answer(r, fourth, ALICE, "<x/>", 0, text);
    replay_free(r);
}

static void sessions_are_bounded(void **state)
{
    UNUSED(state);
    enum { MOST = 3 };
    replay *r = new_replay(MOST, 100, 100000, 1000);
    char text[256];
    for (uint64_t s = 1; s <= MOST; s++)
        run(r, s, 1, ALICE, 0);
    extension unheard = key_again(r, 99, 1);
    run(r, 50, 1, ALICE, 0); /* session 1 goes */
    extension first = key_again(r, 1, 1), second = key(2, 1);
    assert_int_equal(find(r, &first, ALICE, "1", text), REPLAY_NONE);
    assert_true(refuses(r, &first, ALICE, 0));
    assert_true(refuses(r, &unheard, ALICE, 0)); /* it might have been forgotten like that */
    assert_int_equal(find(r, &second, ALICE, "1", text), REPLAY_ANSWERED);
    extension fresh = key(99, 1);
    assert_false(refuses(r, &fresh, ALICE, 0)); /* comes for the first time, as it says */
    replay_free(r);
}

static void sessions_with_calls_under_way_stay(void **state)
{
    UNUSED(state);
    replay *r = new_replay(2, 100, 100000, 1000);
    char text[256];
    extension first = key(1, 1), second = key(2, 1), third = key(3, 1);
    replay_entry *one = admit(r, &first, ALICE, 0), *two = admit(r, &second, ALICE, 0);
    assert_null(admit(r, &third, ALICE, 0)); /* runs without being noted */
    extension again = key_again(r, 3, 1);
    assert_true(refuses(r, &again, ALICE, 0));
    assert_int_equal(find(r, &first, ALICE, "1", text), REPLAY_RUNNING);
    answer(r, one, ALICE, "<x/>", 0, text);
    answer(r, two, ALICE, "<x/>", 0, text);
    replay_free(r);
}

static void an_answer_that_cannot_be_kept_is_lost(void **state)
{
    UNUSED(state);
    replay *r = new_default();
    char text[256];
    extension e = key(7, 1);
    reply_address request = from(ALICE, "1");
    AUTO(buf_done) buf broken = BUF_INIT, instead = BUF_INIT;
    broken.failed = true;
    assert_false(replay_answer(r, admit(r, &e, ALICE, 0), &request, &broken, 0, &instead));
    assert_int_equal(find(r, &e, ALICE, "1", text), REPLAY_LOST);
    replay_free(r);
}

static void odd_callers_do_no_harm(void **state)
{
    UNUSED(state);
    replay *r = new_default();
    static char long_name[5000];
    memset(long_name, 'x', sizeof long_name - 1);
    extension e = key(7, 1);
    assert_null(admit(r, &e, long_name, 0));
    assert_null(admit(r, &e, "", 0));
    assert_null(admit(r, &e, "/x", 0));
    assert_null(admit(r, &e, NULL, 0));
    replay_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answered_call_gets_its_answer_again),
        cmocka_unit_test(a_running_call_answers_whoever_asked_last),
        cmocka_unit_test(keys_of_others_are_others),
        cmocka_unit_test(another_epoch_is_refused),
        cmocka_unit_test(what_was_forgotten_is_refused),
        cmocka_unit_test(the_caller_says_what_may_go),
        cmocka_unit_test(sessions_are_bounded),
        cmocka_unit_test(sessions_with_calls_under_way_stay),
        cmocka_unit_test(an_answer_that_cannot_be_kept_is_lost),
        cmocka_unit_test(odd_callers_do_no_harm),
    };
    return cmocka_run_group_tests_name("unit: replay window", tests, NULL, NULL);
}
