/* SPDX-License-Identifier: MIT */
/* The extension element of calls: written and read back, and read from those who mean no good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "link/library.h"
#include "wire/extension.h"

#define NS "urn:x-jabber-rpc:0"
#define EPOCH "0123456789abcdef"
#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static int set_up(void **state)
{
    assert_true(library_init());
    *state = xmpp_ctx_new(NULL, NULL);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    xmpp_ctx_free(*state);
    return 0;
}

static extension_found read_text(void *ctx, const char *content, extension *ret_extension)
{
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "<query xmlns='jabber:iq:rpc'><methodCall/>%s</query>", content);
    xmpp_stanza_t *query = xmpp_stanza_new_from_string(ctx, text.data);
    if (!query)
        fail_msg("not XML: %s", text.data);
    const char *why = NULL;
    extension_found found = extension_read(query, ret_extension, &why);
    assert_true((found == EXTENSION_BAD) == (why != NULL));
    xmpp_stanza_release(query);
    return found;
}

static void it_survives_the_wire(void **state)
{
    static const extension all[] = {
        EXTENSION_INIT,
        { .deadline_ms = 0 },
        { .deadline_ms = INT64_MAX, .trace = { { 1, 2 }, 3, 255 } },
        { .deadline_ms = 30000, .keyed = true, .session = UINT64_MAX, .number = INT64_MAX, .low = 5 },
        { .deadline_ms = -1, .keyed = true, .session = 0, .number = 1, .low = 1, .again = EPOCH },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        AUTO(buf_done) buf text = BUF_INIT;
        extension back;
        extension_write(&text, &all[i]);
        assert_int_equal(read_text(*state, text.data, &back), EXTENSION_GOOD);
        assert_int_equal(back.deadline_ms, all[i].deadline_ms);
        assert_int_equal(back.keyed, all[i].keyed);
        assert_true(back.session == all[i].session && back.number == all[i].number && back.low == all[i].low);
        assert_string_equal(back.again, all[i].again);
        assert_memory_equal(&back.trace.id, &all[i].trace.id, sizeof back.trace.id);
        assert_int_equal(back.trace.flags, all[i].trace.flags);
    }
}

static void what_is_not_ours_is_ignored(void **state)
{
    static const char *const others[] = {
        "",
        "<call/>", /* in jabber:iq:rpc */
        "<call xmlns='urn:x-jabber-rpc:1' deadline='x'/>",
        "<other xmlns='" NS "' deadline='x'/>",
        "<methodTimeout>5</methodTimeout>",
        "<x xmlns='urn:x'><call xmlns='" NS "' deadline='x'/></x>",
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        extension e;
        assert_int_equal(read_text(*state, others[i], &e), EXTENSION_NONE);
        assert_false(e.keyed);
        assert_int_equal(e.deadline_ms, -1);
    }
}

#define CALL(ATTRIBUTES) "<call xmlns='" NS "' " ATTRIBUTES "/>"
#define SESSION "session='00000000000000aa' "

static void what_cannot_be_read_is_refused(void **state)
{
    static const char *const bad[] = {
        CALL("") CALL(""),
        CALL("deadline=''"),
        CALL("deadline='-1'"),
        CALL("deadline='+1'"),
        CALL("deadline=' 1'"),
        CALL("deadline='1e3'"),
        CALL("deadline='0x10'"),
        CALL("deadline='9223372036854775808'"),
        CALL("deadline='99999999999999999999999999999999999999'"),
        CALL("n='1'"),
        CALL(SESSION),
        CALL(SESSION "n='0'"),
        CALL(SESSION "n='-1'"),
        CALL(SESSION "n='9223372036854775808'"),
        CALL(SESSION "n='5' low='6'"),
        CALL(SESSION "n='5' low='x'"),
        CALL(SESSION "n='5' again=''"),
        CALL(SESSION "n='5' again='0123456789abcdeF'"),
        CALL(SESSION "n='5' again='0123456789abcdef0'"),
        CALL("session='aa' n='1'"),
        CALL("session='00000000000000AA' n='1'"),
        CALL("session='00000000000000aa0' n='1'"),
        CALL("session='' n='1'"),
        CALL("again='" EPOCH "'"),
        CALL("low='1'"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        extension e;
        if (read_text(*state, bad[i], &e) != EXTENSION_BAD)
            fail_msg("read: %s", bad[i]);
    }
}

static void a_bad_trace_counts_as_none(void **state)
{
    static const char *const bad[] = {
        CALL("traceparent=''"),
        CALL("traceparent='00-x'"),
        CALL("traceparent='ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'"),
        CALL("traceparent='00-00000000000000000000000000000000-b7ad6b7169203331-01'"),
        CALL("traceparent='00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01'"),
        CALL("traceparent='00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'"),
        CALL("traceparent='" TRACE "-more'"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        extension e;
        assert_int_equal(read_text(*state, bad[i], &e), EXTENSION_GOOD);
        assert_false(extension_trace_is_set(&e.trace));
    }
    extension_trace trace;
    char text[EXTENSION_TRACE_ROOM];
    assert_true(extension_trace_parse(TRACE, &trace));
    extension_trace_format(&trace, text);
    assert_string_equal(text, TRACE);
    assert_true(extension_trace_parse("cc" "-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-new", &trace));
    uint64_t span = trace.span;
    extension_trace_step(&trace);
    assert_true(trace.span != span && trace.span != 0);
}

static void epochs_are_their_own(void **state)
{
    UNUSED(state);
    char one[EXTENSION_EPOCH_ROOM], two[EXTENSION_EPOCH_ROOM];
    extension_new_epoch(one);
    extension_new_epoch(two);
    assert_true(extension_is_epoch(one) && extension_is_epoch(two));
    assert_string_not_equal(one, two);
    assert_false(extension_is_epoch(NULL));
    assert_false(extension_is_epoch(""));
    assert_false(extension_is_epoch("0123456789abcde"));
    assert_false(extension_is_epoch("0123456789abcdeg"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_survives_the_wire),
        cmocka_unit_test(what_is_not_ours_is_ignored),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_bad_trace_counts_as_none),
        cmocka_unit_test(epochs_are_their_own),
    };
    return cmocka_run_group_tests_name("unit: extension", tests, set_up, tear_down);
}
