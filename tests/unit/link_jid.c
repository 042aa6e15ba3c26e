/* SPDX-License-Identifier: MIT */
/* Jabber addresses: parts, preparation, comparison, patterns. */
#include "link/jid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

typedef struct good {
    const char *text, *full, *node, *domain, *resource;
} good;

static const good good_cases[] = {
    { "peer-a@localhost/rpc", "peer-a@localhost/rpc", "peer-a", "localhost", "rpc" },
    { "PEER-B@LOCALHOST/Rpc", "peer-b@localhost/Rpc", "peer-b", "localhost", "Rpc" },
    { "localhost", "localhost", NULL, "localhost", NULL },
    { "Calc.Example.COM/x", "calc.example.com/x", NULL, "calc.example.com", "x" },
    { "a@b.example./r", "a@b.example/r", "a", "b.example", "r" },
    { "a@b/c@d/e", "a@b/c@d/e", "a", "b", "c@d/e" },
    { "a@b/ spaces and 'quotes' <too>", "a@b/ spaces and 'quotes' <too>", "a", "b",
      " spaces and 'quotes' <too>" },
    { "STRASSE@b", "strasse@b", "strasse", "b", NULL },
    { "Stra\xC3\x9F"
      "e@b",
      "strasse@b", "strasse", "b", NULL },
    { "\xC3\x84rger@B\xC3\x9C"
      "CHER.example",
      "\xC3\xA4rger@b\xC3\xBC"
      "cher.example",
      "\xC3\xA4rger",
      "b\xC3\xBC"
      "cher.example",
      NULL },
    { "a@b/\xEF\xBC\xA1", "a@b/A", "a", "b", "A" }, /* a full-width A, by compatibility */
    { "a@[::1]/r", "a@[::1]/r", "a", "[::1]", "r" },
    { "a@127.0.0.1", "a@127.0.0.1", "a", "127.0.0.1", NULL },
};

static void same_or_null(const char *got, const char *want)
{
    if (want)
        assert_string_equal(got, want);
    else
        assert_null(got);
}

static void good_ones_are_cut_and_prepared(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < COUNT_OF(good_cases); i++) {
        const good *c = &good_cases[i];
        jid j;
        const char *why = NULL;
        assert_int_equal(jid_parse(c->text, &j, &why), JRPC_OK);
        assert_string_equal(j.full, c->full);
        same_or_null(j.node, c->node);
        same_or_null(j.domain, c->domain);
        same_or_null(j.resource, c->resource);
        size_t bare = c->resource ? strlen(c->full) - strlen(c->resource) - 1 : strlen(c->full);
        assert_int_equal(strlen(j.bare), bare);
        assert_memory_equal(j.bare, c->full, bare);
        jid_done(&j);
        assert_null(j.full);
    }
}

static const char *const bad_cases[] = {
    "",
    "@",
    "/",
    "a@",
    "@b",
    "a@/r",
    "a@b/",
    "/r",
    "a b@c",
    "a\"b@c",
    "a&b@c",
    "a'b@c",
    "a:b@c",
    "a<b@c",
    "a>b@c",
    "a@b@c",
    "a@b c",
    "a@b<c",
    "a@b'c",
    "a@b\"c",
    "a@b&c",
    "a@b\nc",
    "a@b/\x01",
    "a@b/\x7F",
    "\xFF@b",
    "a@\xC3",
    "a@b/\xED\xA0\x80",
    "a@.b",
    "a@b..c",
    "a@..",
    "\xC2\xA0@b",
    "a@b/\xC2\x80",
    "a\xE2\x81\xA5@b/\xEF\xBF\xBE",
    "\xC2\xAD@b",       /* a soft hyphen: mapped to nothing */
    "a@b\xEF\xBC\x8Fx", /* a full-width slash becomes a slash */
    "a\xEF\xBC\xA0@b",  /* a full-width @ */
};

static void bad_ones_are_refused_with_a_reason(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < COUNT_OF(bad_cases); i++) {
        jid j;
        const char *why = NULL;
        if (jid_parse(bad_cases[i], &j, &why) != JRPC_E_INVALID)
            fail_msg("accepted: %s", bad_cases[i]);
        assert_non_null(why);
        assert_null(j.full);
        assert_null(j.domain);
    }
}

/* node, domain and resource of these lengths. */
static char *long_jid(size_t node, size_t domain, size_t resource)
{
    char *text = malloc(node + domain + resource + 3), *p = text;
    memset(p, 'n', node);
    p += node;
    *p++ = '@';
    memset(p, 'd', domain);
    p += domain;
    *p++ = '/';
    memset(p, 'r', resource);
    p[resource] = '\0';
    return text;
}

static jrpc_status parse_long(size_t node, size_t domain, size_t resource)
{
    autofree char *text = long_jid(node, domain, resource);
    AUTO(jid_done) jid j = { 0 };
    return jid_parse(text, &j, NULL);
}

static void parts_have_1023_bytes(void **state)
{
    UNUSED(state);
    assert_int_equal(parse_long(1023, 1023, 1023), JRPC_OK);
    assert_int_equal(parse_long(1024, 10, 10), JRPC_E_INVALID);
    assert_int_equal(parse_long(10, 1024, 10), JRPC_E_INVALID);
    assert_int_equal(parse_long(10, 10, 1024), JRPC_E_INVALID);
    assert_int_equal(parse_long(10, 10, 100000), JRPC_E_INVALID);
}

static void a_part_that_grows_too_long_is_refused(void **state)
{
    UNUSED(state);
    char text[1100] = "";
    /* U+FB03, three bytes, becomes "ffi"; U+FDFA, three bytes, becomes 18 characters in 33 bytes */
    for (size_t i = 0; i < 300; i++)
        strcat(text, "\xEF\xB7\xBA");
    strcat(text, "@b");
    jid j;
    assert_int_equal(jid_parse(text, &j, NULL), JRPC_E_INVALID);
}

static void the_same_address_in_other_letters(void **state)
{
    UNUSED(state);
    assert_true(jid_same("peer-b@localhost/rpc", "peer-b@localhost/rpc"));
    assert_true(jid_same("PEER-B@LOCALHOST/rpc", "peer-b@localhost/rpc"));
    assert_false(jid_same("peer-b@localhost/RPC", "peer-b@localhost/rpc"));
    assert_false(jid_same("peer-b@localhost", "peer-b@localhost/rpc"));
    assert_false(jid_same("peer-b@localhost/rpc", "peer-b@localhost/rpc2"));
    assert_false(jid_same("a b@c", "A B@c"));
}

typedef struct rule {
    const char *pattern, *caller;
    bool matches;
} rule;

static const rule rules[] = {
    { "peer-a@localhost", "peer-a@localhost/rpc", true },
    { "peer-a@localhost", "peer-a@localhost", true },
    { "PEER-A@localhost", "peer-a@LOCALHOST/x", true },
    { "peer-a@localhost", "peer-b@localhost/rpc", false },
    { "peer-a@localhost", "peer-a@localhost.evil/rpc", false },
    { "peer-a@localhost", "evil@x/peer-a@localhost", false },
    { "peer-a@localhost", "localhost/peer-a@localhost", false },
    { "peer-a@localhost/rpc", "peer-a@localhost/rpc", true },
    { "peer-a@localhost/rpc", "peer-a@localhost/other", false },
    { "peer-a@localhost/rpc", "peer-a@localhost", false },
    { "peer-a@localhost/*", "peer-a@localhost", false },
    { "peer-a@localhost/*", "peer-a@localhost/any", true },
    { "localhost", "localhost", true },
    { "localhost", "localhost/x", true },
    { "localhost", "peer-a@localhost", false },
    { "*@localhost", "peer-a@localhost/rpc", true },
    { "*@localhost", "localhost", false },
    { "*@localhost", "peer-a@other/localhost", false },
    { "*@*", "a@b/c", true },
    { "*@*", "b", false },
    { "a@*", "a@anywhere/r", true },
    { "a@*", "b@anywhere/r", false },
    { "*", "a@b/c", true },
    { "*", "b", true },
};

static void rules_match_part_by_part(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        AUTO(jid_pattern_done) jid_pattern p = { 0 };
        AUTO(jid_done) jid caller = { 0 };
        assert_int_equal(jid_pattern_parse(rules[i].pattern, &p, NULL), JRPC_OK);
        assert_int_equal(jid_parse(rules[i].caller, &caller, NULL), JRPC_OK);
        if (jid_pattern_matches(&p, &caller) != rules[i].matches)
            fail_msg("%s against %s", rules[i].pattern, rules[i].caller);
    }
}

static void a_star_is_a_whole_part(void **state)
{
    UNUSED(state);
    static const char *const bad[] = { "peer-*@localhost", "a@*.example", "a@b/r*", "", "a@", "**" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        jid_pattern p;
        const char *why = NULL;
        assert_int_equal(jid_pattern_parse(bad[i], &p, &why), JRPC_E_INVALID);
        assert_non_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_are_cut_and_prepared),
        cmocka_unit_test(bad_ones_are_refused_with_a_reason),
        cmocka_unit_test(parts_have_1023_bytes),
        cmocka_unit_test(a_part_that_grows_too_long_is_refused),
        cmocka_unit_test(the_same_address_in_other_letters),
        cmocka_unit_test(rules_match_part_by_part),
        cmocka_unit_test(a_star_is_a_whole_part),
    };
    return cmocka_run_group_tests_name("link_jid", tests, NULL, NULL);
}
