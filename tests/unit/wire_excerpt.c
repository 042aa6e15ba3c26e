/* SPDX-License-Identifier: MIT */
/* Stanzas for logs: as they are when they are small, bounded whatever they are. */
#include "wire_check.h"

#include <string.h>

#include "base/mem.h"
#include "wire/excerpt.h"

static void repeat(buf *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_append_str(out, text);
}

static void expect(const check_context *check, const buf *xml, const char *begins, size_t most)
{
    AUTO(buf_done) buf out = BUF_INIT;
    assert_false(buf_failed(xml));
    xmpp_stanza_t *tree = check_parse(check, xml->data);
    buf_append_lit(&out, "before ");
    excerpt_append(&out, tree);
    assert_false(buf_failed(&out));
    assert_memory_equal(out.data, "before ", 7);
    assert_memory_equal(out.data + 7, begins, strlen(begins));
    assert_true(out.len - 7 <= most);
    assert_int_equal(strlen(out.data), out.len);
    xmpp_stanza_release(tree);
}

static void small_ones_are_whole(void **state)
{
    AUTO(buf_done) buf xml = BUF_INIT;
    buf_append_lit(&xml, "<iq id='1'><query>a&amp;b<x y='&lt;'/></query> c</iq>");
    expect(*state, &xml, "<iq id='1'><query>a&amp;b<x y='&lt;'></x></query> c</iq>", 60);
}

static void large_ones_are_cut(void **state)
{
    static const struct {
        const char *head, *again, *tail;
    } table[] = {
        { "<a>", "text", "</a>" },
        { "<a>", "<b/>", "</a>" },
        { "<a>", "&amp;", "</a>" },
        { "<a x='", "text", "'/>" },
        { "<a", "b", "/>" },
    };
    /* What escaping makes of the last piece comes on top, and the ends of what is open. */
    enum { MOST = 6 * EXCERPT_MOST + 512 };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        AUTO(buf_done) buf xml = BUF_INIT;
        buf_append_str(&xml, table[i].head);
        repeat(&xml, table[i].again, 20000);
        buf_append_str(&xml, table[i].tail);
        expect(*state, &xml, "<a", MOST);
    }
}

static void deep_ones_are_cut(void **state)
{
    AUTO(buf_done) buf xml = BUF_INIT;
    repeat(&xml, "<a>", 3000);
    repeat(&xml, "</a>", 3000);
    expect(*state, &xml, "<a><a><a>", EXCERPT_MOST);
}

static void texts(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf long_text = BUF_INIT, out = BUF_INIT;
    excerpt_append_text(&out, "<a/>", 4);
    assert_string_equal(out.data, "<a/>");
    repeat(&long_text, "x", EXCERPT_MOST + 1);
    buf_reset(&out);
    excerpt_append_text(&out, long_text.data, long_text.len);
    assert_int_equal(out.len, EXCERPT_MOST + 3);
    assert_string_equal(out.data + EXCERPT_MOST, "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_are_whole),
        cmocka_unit_test(large_ones_are_cut),
        cmocka_unit_test(deep_ones_are_cut),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests_name("wire: excerpts", tests, check_setup, check_teardown);
}
