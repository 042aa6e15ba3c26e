/* SPDX-License-Identifier: MIT */
/* Words of a line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "text/words.h"

/* expected: the words with their forms, each "b:text", "q:text" or "j:text", with | between. */
static void check(const char *line, const char *expected)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    words w;
    if (words_split(line, &w, &error) != JRPC_OK)
        fail_msg("%s: %s", line, error.message);
    AUTO(buf_done) buf found = BUF_INIT;
    for (size_t i = 0; i < w.len; i++)
        buf_printf(&found, "%s%c:%s", i ? "|" : "", "bqj"[w.list[i].form], w.list[i].text);
    assert_string_equal(found.data ? found.data : "", expected);
    words_done(&w);
}

static void refuses(const char *line, const char *why)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    words w;
    assert_int_equal(words_split(line, &w, &error), JRPC_E_INVALID);
    assert_string_equal(error.message, why);
    words_done(&w);
}

static void blanks_divide(void **state)
{
    UNUSED(state);
    check("", "");
    check(" \t\r\n ", "");
    check("help", "b:help");
    check("  add  1\t-2\n", "b:add|b:1|b:-2");
    check("it's 5\" wide", "b:it's|b:5\"|b:wide");
    check("echo; touch /tmp/x", "b:echo;|b:touch|b:/tmp/x");
    check("$(reboot)", "b:$(reboot)");
}

static void quotes_hold_together(void **state)
{
    UNUSED(state);
    check("Rot13 \"There was a young lady of Nantes\"", "b:Rot13|q:There was a young lady of Nantes");
    check("x \"\" ''", "b:x|q:|q:");
    check("\"a\\\"b\\\\c\\n\\t\\/\"", "q:a\"b\\c\n\t/");
    check("\"\\u00e9\\ud83d\\ude00\"", "q:\xC3\xA9\xF0\x9F\x98\x80");
    check("\"two\nlines\tand a tab\"", "q:two\nlines\tand a tab");
    check("'as \\n it \"stands\"'", "q:as \\n it \"stands\"");
    check("\xE2\x80\x9Cof a telephone\xE2\x80\x9D \xE2\x80\x9Eund so\xE2\x80\x9C \xC2\xAB""ainsi\xC2\xBB",
          "q:of a telephone|q:und so|q:ainsi");
    check("\"12\" 12", "q:12|b:12");
}

static void brackets_hold_together(void **state)
{
    UNUSED(state);
    check("path [{\"x\": 1, \"y\": 2}, {}] 3", "b:path|j:[{\"x\": 1, \"y\": 2}, {}]|b:3");
    check("{\"a\": \"] } \\\" [\"}", "j:{\"a\": \"] } \\\" [\"}");
    check("[\n1,\n2\n]", "j:[\n1,\n2\n]");
    check("a[1]", "b:a[1]");
}

static void mistakes_have_a_place(void **state)
{
    UNUSED(state);
    refuses("say \"hello", "the quotes are not closed, at character 6: hello");
    refuses("say 'hello", "the quotes are not closed, at character 6: hello");
    refuses("f \"a\\", "the quotes are not closed, at character 4: a\\");
    refuses("f [1, 2", "a bracket is not closed, at character 3: [1, 2");
    refuses("f [\"1, 2]", "quotes in brackets are not closed, at character 3: [\"1, 2]");
    refuses("f \"a\"b", "a blank is missing, at character 6: b");
    refuses("f []]", "a blank is missing, at character 5: ]");
    refuses("f \"C:\\path\"", "invalid escape near '\"C:\\p', at character 4: C:\\path\"");
    refuses("f \"\\u0000\"", "\\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"', at character 4: \\u0000\"");
    refuses("f \"\xFF\"", "unable to decode byte 0xff near '\"', at character 4: \xFF\"");
}

static void number_is_bounded(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf line = BUF_INIT;
    for (int i = 0; i < WORDS_MOST; i++)
        buf_append_lit(&line, "w ");
    words w;
    assert_int_equal(words_split(line.data, &w, NULL), JRPC_OK);
    assert_int_equal(w.len, WORDS_MOST);
    words_done(&w);
    buf_append_lit(&line, "w");
    refuses(line.data, "more than 64 words: put text with blanks in quotes");
}

static void what_is_long_is_read(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf line = BUF_INIT;
    buf_append_char(&line, '"');
    for (int i = 0; i < 50000; i++)
        buf_append_lit(&line, "\\\"");
    buf_append_char(&line, '"');
    words w;
    assert_int_equal(words_split(line.data, &w, NULL), JRPC_OK);
    assert_int_equal(w.len, 1);
    assert_int_equal(strlen(w.list[0].text), 50000);
    words_done(&w);
    buf_reset(&line);
    for (int i = 0; i < 100000; i++)
        buf_append_char(&line, '[');
    assert_int_equal(words_split(line.data, &w, NULL), JRPC_E_INVALID);
    words_done(&w);
}

static void as_json(const char *line, const char *expected)
{
    words w;
    assert_int_equal(words_split(line, &w, NULL), JRPC_OK);
    assert_int_equal(w.len, 1);
    json_t *json = NULL;
    assert_int_equal(words_to_json(&w.list[0], &json, NULL), JRPC_OK);
    autofree char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
    assert_string_equal(text, expected);
    json_decref(json);
    words_done(&w);
}

static void words_without_types_are_json(void **state)
{
    UNUSED(state);
    as_json("12", "12");
    as_json("-1.5", "-1.5");
    as_json("\"12\"", "\"12\"");
    as_json("'true'", "\"true\"");
    as_json("true", "true");
    as_json("hello", "\"hello\"");
    as_json("[1, \"two\"]", "[1,\"two\"]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_divide),
        cmocka_unit_test(quotes_hold_together),
        cmocka_unit_test(brackets_hold_together),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(number_is_bounded),
        cmocka_unit_test(what_is_long_is_read),
        cmocka_unit_test(words_without_types_are_json),
    };
    return cmocka_run_group_tests_name("text: words", tests, NULL, NULL);
}
