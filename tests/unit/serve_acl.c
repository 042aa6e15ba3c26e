/* SPDX-License-Identifier: MIT */
/* Access lists: their files, what they say, and what a server tells whom. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/guard.h"
#include "serve/incoming.h"
#include "serve_fixture.h"

/* ---- files ---- */

static char path[64];

static void write_list(const char *data, size_t len)
{
    strcpy(path, "/tmp/jrpc-acl.XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    close(fd);
}

static jrpc_acl *read_list(const char *text)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_acl *acl = NULL;
    write_list(text, strlen(text));
    if (jrpc_acl_read(path, &acl, &error) != JRPC_OK)
        fail_msg("%s: %s", text, error.message);
    unlink(path);
    return acl;
}

static void expect_wrong_bytes(const char *text, size_t len, const char *why)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_acl *acl = NULL;
    write_list(text, len);
    jrpc_status status = jrpc_acl_read(path, &acl, &error);
    unlink(path);
    assert_null(acl);
    assert_int_equal(status, JRPC_E_INVALID);
    AUTO(buf_done) buf expected = BUF_INIT;
    buf_printf(&expected, "%s:%s", path, why);
    assert_string_equal(error.message, expected.data);
}

/* why: the line's number, then what is wrong with it. */
static void expect_wrong(const char *text, const char *why)
{
    expect_wrong_bytes(text, strlen(text), why);
}

static void errors_name_the_line(void **state)
{
    UNUSED(state);
    expect_wrong("alow a@b x\n", "1: \"alow\": expected allow, deny or group");
    expect_wrong("# fine\n\nallow a@b\n", "3: expected: allow CALLER METHOD...");
    expect_wrong("allow a@b *\ndeny", "2: expected: deny CALLER METHOD...");
    expect_wrong("allow peer-*@b *", "1: \"peer-*@b\" is not a caller's address or pattern: * stands for a whole part, "
                                     "not for some of its characters");
    expect_wrong("allow @friends *", "1: there is no group \"friends\" before this line");
    expect_wrong("group friends = @friends", "1: there is no group \"friends\" before this line");
    expect_wrong("group friends = @others a@b", "1: there is no group \"others\" before this line");
    expect_wrong("group a = a@b\ngroup a = c@d", "2: there is a group \"a\" already");
    expect_wrong("group a a@b", "1: expected: group NAME = CALLER...");
    expect_wrong("group a = x@\n", "1: \"x@\" is not a caller's address or pattern: a part is empty");
    expect_wrong("allow a@b *.x", "1: \"*.x\": * stands at the end of a method's name only, for all that begin so");
    expect_wrong("allow a@b @rea*", "1: \"@rea*\": * stands at the end of a method's name only, for all that begin so");
    expect_wrong("allow a@b @", "1: @ needs the name of a tag, as in the IDL's @acl(\"tag\")");
    expect_wrong("allow a@b x, y", "1: \"x,\": names are separated by blanks, not by commas");
    expect_wrong("allow \"a@b/c d *", "1: a quotation mark is missing");
    expect_wrong("allow \"a@b/c d\"* x", "1: a blank is missing after the closing quotation mark");
    expect_wrong("allow \"\" x", "1: an empty word");
    expect_wrong("allow a@b x\xff", "1: not text in UTF-8");
    expect_wrong_bytes("allow a@b x\0y\n", 14, "1: not text in UTF-8");
}

static void what_is_no_file_says_so(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_acl *acl = NULL;
    assert_int_equal(jrpc_acl_read("/nowhere/list.acl", &acl, &error), JRPC_E_IO);
    assert_string_equal(error.message, "/nowhere/list.acl: No such file or directory");
    assert_int_equal(jrpc_acl_read("/tmp", &acl, &error), JRPC_E_IO);
    assert_non_null(strstr(error.message, "/tmp: Is a directory"));
    assert_int_equal(jrpc_acl_read(NULL, &acl, &error), JRPC_E_INVALID);
    assert_null(acl);
}

/* Groups of groups grow by doubling: 64 lines could ask for more than there is memory. */
static void size_is_bounded(void **state)
{
    UNUSED(state);
    AUTO(buf_done) buf text = BUF_INIT;
    buf_append_lit(&text, "group g0 = a@b c@d\n");
    for (int i = 1; i < 64; i++)
        buf_printf(&text, "group g%d = @g%d @g%d\n", i, i - 1, i - 1);
    expect_wrong(text.data, "16: more than 65536 callers and methods in one list");
    buf_reset(&text);
    buf_append_lit(&text, "allow a@b");
    for (int i = 0; i < 1100; i++)
        buf_append_lit(&text, " m");
    expect_wrong(text.data, "1: more than 1024 words in a line");
    buf_reset(&text);
    buf_append_lit(&text, "#");
    for (int i = 0; i < 70000; i++)
        buf_append_char(&text, '.');
    expect_wrong(text.data, "1: a line of more than 65536 bytes");
}

/* ---- what they say ---- */

static const char example[] = "group admins = frank@example.org *@ops.example.org\r\n"
                              "group staff = @admins \"kim@example.org/my desk\"  # and later more\n"
                              "deny  mallory@example.org *\n"
                              "deny *@example.org system.getCapabilities\n"
                              "allow @admins *\n"
                              "\n"
                              "   # indented\n"
                              "allow @staff Door.open\n"
                              "allow *@example.org Calc.* Rot13\n"
                              "allow gateway.example.org @read\n"
                              "deny * Rot13\n"
                              "allow guest@*/phone Rot13 Hello";

static void expect_decision(const jrpc_acl *acl, const char *caller, const char *method, const char *tag,
                            bool allowed, const char *rule)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    bool got = !allowed;
    const char *text = NULL;
    assert_int_equal(jrpc_acl_check(acl, caller, method, tag, &got, &text, &error), JRPC_OK);
    const char *line = text ? strstr(text, path) : NULL;
    if (got != allowed || (rule ? !line || strcmp(line + strlen(path), rule) != 0 : text != NULL))
        fail_msg("%s %s: %s by %s", caller, method, got ? "allowed" : "refused", text ? text : "no rule");
}

static void the_first_rule_that_matches_decides(void **state)
{
    UNUSED(state);
    jrpc_acl *acl = read_list(example);
    static const struct {
        const char *caller, *method, *tag;
        bool allowed;
        const char *rule;
    } cases[] = {
        { "mallory@example.org/x", "Rot13", NULL, false, ":3: deny  mallory@example.org *" },
        { "mallory@example.org", "system.listMethods", NULL, false, ":3: deny  mallory@example.org *" },
        { "Frank@Example.ORG/x", "Anything", NULL, true, ":5: allow @admins *" },
        { "a@ops.example.org/x", "Anything", NULL, true, ":5: allow @admins *" },
        { "a@ops.example.org/x", "system.getCapabilities", NULL, true, ":5: allow @admins *" },
        { "frank@example.org/x", "system.getCapabilities", NULL, false, ":4: deny *@example.org system.getCapabilities" },
        { "kim@example.org/my desk", "Door.open", NULL, true, ":8: allow @staff Door.open" },
        { "kim@example.org/desk", "Door.open", NULL, false, NULL },
        { "kim@example.org/desk", "Calc.add", NULL, true, ":9: allow *@example.org Calc.* Rot13" },
        { "kim@example.org/desk", "Calc", NULL, false, NULL },
        { "kim@example.org/desk", "Calculator", NULL, false, NULL },
        { "kim@example.org/desk", "Rot13", NULL, true, ":9: allow *@example.org Calc.* Rot13" },
        { "kim@example.org/desk", "Rot13.x", NULL, false, NULL },
        { "gateway.example.org", "Stock.count", "read", true, ":10: allow gateway.example.org @read" },
        { "gateway.example.org", "Stock.count", "write", false, NULL },
        { "gateway.example.org", "Stock.count", NULL, false, NULL },
        { "gateway.example.org", "@read", NULL, false, NULL },
        { "a@gateway.example.org", "Stock.count", "read", false, NULL },
        { "guest@a.b/phone", "Rot13", NULL, false, ":11: deny * Rot13" },
        { "guest@a.b/phone", "Hello", NULL, true, ":12: allow guest@*/phone Rot13 Hello" },
        { "guest@a.b/desk", "Hello", NULL, false, NULL },
        /* Whoever may call something may ask what; a program's own method of such a name is like any other. */
        { "guest@a.b/phone", "system.listMethods", NULL, true, ":12: allow guest@*/phone Rot13 Hello" },
        { "guest@a.b/phone", "system.reboot", NULL, false, NULL },
        { "guest@a.b/phone", "system.shutdown", NULL, false, NULL },
        { "nobody@a.b/x", "system.listMethods", NULL, false, NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect_decision(acl, cases[i].caller, cases[i].method, cases[i].tag, cases[i].allowed, cases[i].rule);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    bool allowed;
    assert_int_equal(jrpc_acl_check(acl, "a@@b", "m", NULL, &allowed, NULL, &error), JRPC_E_INVALID);
    assert_non_null(strstr(error.message, "\"a@@b\" is not a Jabber address"));
    assert_int_equal(jrpc_acl_check(acl, NULL, "m", NULL, &allowed, NULL, &error), JRPC_E_INVALID);
    jrpc_acl_free(acl);
    jrpc_acl_free(NULL);
}

/* ---- the rules of a server ---- */

static bool lets_in(guard *g, const char *caller)
{
    AUTO(jid_done) jid who;
    access_read_caller(caller, &who);
    bool known = guard_knows(g, &who);
    assert_int_equal(guard_check(g, &who, "Anything", NULL, NULL), known);
    return known;
}

static void nobody_is_allowed_by_default(void **state)
{
    UNUSED(state);
    AUTO(guard_done) guard g;
    assert_int_equal(guard_init(&g), JRPC_OK);
    assert_false(lets_in(&g, "a@b/c"));
    assert_false(lets_in(&g, NULL));
    guard_set_acl(&g, read_list("# nothing but a comment"));
    assert_false(lets_in(&g, "a@b/c"));
}

static void callers_add_up(void **state)
{
    UNUSED(state);
    AUTO(guard_done) guard g;
    assert_int_equal(guard_init(&g), JRPC_OK);
    assert_int_equal(guard_allow(&g, "peer-a@localhost", NULL), JRPC_OK);
    assert_int_equal(guard_allow(&g, "peer-b@localhost/rpc", NULL), JRPC_OK);
    assert_int_equal(guard_allow(&g, "*@friends.example", NULL), JRPC_OK);
    assert_int_equal(guard_allow(&g, "gateway.localhost", NULL), JRPC_OK);
    static const struct {
        const char *caller;
        bool allowed;
    } cases[] = {
        { "peer-a@localhost/x", true },
        { "PEER-A@Localhost/x", true },
        { "peer-a@localhost", true },
        { "peer-b@localhost/rpc", true },
        { "peer-b@localhost/RPC", false }, /* resources are by case */
        { "peer-b@localhost/rpc2", false },
        { "peer-b@localhost", false },
        { "peer-c@localhost/rpc", false },
        { "anybody@friends.example/x", true },
        { "friends.example", false },
        { "anybody@friends.example.evil/x", false },
        { "gateway.localhost", true },
        { "sub.gateway.localhost", false },
        { "evil@gateway.localhost/x", false },
        { "evil@x/peer-a@localhost", false }, /* the rule's text in the resource */
        { "peer-a@localhost.evil/x", false },
        { "peer-a%localhost@evil/x", false },
        { "", false },
        { "@localhost/x", false },
        { "a@b@c/x", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (lets_in(&g, cases[i].caller) != cases[i].allowed)
            fail_msg("%s", cases[i].caller);
    }
}

static void everybody_means_everybody(void **state)
{
    UNUSED(state);
    AUTO(guard_done) guard g;
    assert_int_equal(guard_init(&g), JRPC_OK);
    assert_int_equal(guard_allow(&g, "*", NULL), JRPC_OK);
    assert_true(lets_in(&g, "a@b/c"));
    assert_true(lets_in(&g, "component.example"));
    assert_false(lets_in(&g, NULL));
    assert_false(lets_in(&g, "@"));
    /* The list's rules come first. */
    guard_set_acl(&g, read_list("deny a@b *"));
    assert_false(lets_in(&g, "a@b/c"));
    assert_true(lets_in(&g, "b@b/c"));
    guard_set_acl(&g, NULL);
    assert_true(lets_in(&g, "a@b/c"));
}

static void patterns_are_checked(void **state)
{
    UNUSED(state);
    AUTO(guard_done) guard g;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(guard_init(&g), JRPC_OK);
    static const char *const bad[] = { "", "@", "a@", "@b", "peer-*@localhost", "a@b/", "*a@b", "a@*.example" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (guard_allow(&g, bad[i], &error) != JRPC_E_INVALID)
            fail_msg("%s", bad[i]);
        assert_non_null(strstr(error.message, bad[i]));
    }
    assert_int_equal(g.own->rule_count, 0);
}

/* ---- what a server tells whom ---- */

static serve_fixture *serve_by(const char *list)
{
    const server_options options = { .workers = 2, .max_queued = 16, .audit = true, .max_stanza = 65536,
                                     .limits = WIRE_LIMITS_DEFAULT };
    serve_fixture *f = serve_new(&options);
    guard_set_acl(&f->server->guard, read_list(list));
    return f;
}

static void who_may_call_one_method_learns_nothing_of_others(void **state)
{
    UNUSED(state);
    serve_fixture *f = serve_by("allow peer-a@localhost Add @read\ndeny * *");
    serve_call(f, "1", "Add", "<param><value><int>2</int></value></param><param><value><int>3</int></value></param>");
    serve_expect_reply(f, "1", "<params><param><value><i4>5</i4></value></param></params>");
    serve_call(f, "2", "Nothing", "");
    serve_expect_reply(f, "2", "<params><param><value><boolean>1</boolean></value></param></params>");
    serve_call(f, "3", "Rot13", "<param><value>text</value></param>");
    serve_expect_error(f, "3", "auth", "forbidden");
    serve_call(f, "4", "NoSuchMethod", "");
    serve_expect_error(f, "4", "auth", "forbidden");
    serve_call(f, "5", "Rot13", "<param><value><int>no number</int></value></param>");
    serve_expect_error(f, "5", "auth", "forbidden");
    assert_true(serve_logged(f, "audit: peer-a@localhost/x calls Add: allowed by /tmp/"));
    assert_true(serve_logged(f, "audit: peer-a@localhost/x calls Rot13: refused by /tmp/"));
    assert_true(serve_logged(f, ":2: deny * *"));
    serve_free(f);
}

static void introspection_shows_what_may_be_called(void **state)
{
    UNUSED(state);
    serve_fixture *f = serve_by("allow peer-a@localhost/x Add @read system.listMethods\ndeny * *");
    serve_call(f, "1", "system.listMethods", "");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, "<string>Add</string>"));
    assert_non_null(strstr(answer, "<string>Nothing</string>"));
    assert_non_null(strstr(answer, "<string>system.methodHelp</string>"));
    assert_null(strstr(answer, "Rot13"));
    assert_null(strstr(answer, "Divide"));
    serve_call(f, "2", "system.methodHelp", "<param><value>Rot13</value></param>");
    serve_expect_fault(f, "2", -32601, "no such method: Rot13");
    serve_call(f, "3", "system.methodSignature", "<param><value>Rot13</value></param>");
    serve_expect_fault(f, "3", -32601, "no such method: Rot13");
    serve_call(f, "4", "system.methodHelp", "<param><value>NoSuchMethod</value></param>");
    serve_expect_fault(f, "4", -32601, "no such method: NoSuchMethod");
    serve_free(f);
}

static void note_error(const call_outcome *outcome, void *userdata)
{
    strcpy(userdata, outcome->kind == OUTCOME_ERROR ? outcome->condition : "let in");
}

/* A call that is no IQ is asked the same. */
static void all_ways_in_are_guarded(void **state)
{
    UNUSED(state);
    serve_fixture *f = serve_by("allow peer-a@localhost Who\ndeny * *");
    char told[64] = "";
    incoming_local local = { .caller = "peer-a@localhost/x", .method = "Who", .finish = note_error, .userdata = told };
    incoming_start_local(f->server, &local);
    server_run_inline(f->server);
    assert_string_equal(told, "let in");
    local.method = "Nothing";
    incoming_start_local(f->server, &local);
    assert_string_equal(told, "forbidden");
    *told = '\0';
    local.method = "NoSuchMethod";
    incoming_start_local(f->server, &local);
    assert_string_equal(told, "forbidden");
    serve_expect_nothing(f);
    serve_free(f);
}

/* Nor does a multicall lead around it (WordPress's lesson): each entry is asked for by itself. */
static void entries_of_a_multicall_are_guarded(void **state)
{
    UNUSED(state);
    serve_fixture *f = serve_by("allow peer-a@localhost Nothing\ndeny * *");
#define ENTRY(name) \
    "<value><struct><member><name>methodName</name><value>" name "</value></member>" \
    "<member><name>params</name><value><array><data/></array></value></member></struct></value>"
    serve_call(f, "1", "system.multicall",
               "<param><value><array><data>" ENTRY("Rot13") ENTRY("Nothing") ENTRY("NoSuchMethod") "</data></array></value></param>");
    autofree char *answer = serve_answer(f);
    const char *done = strstr(answer, "<boolean>1</boolean>");
    assert_non_null(done);
    const char *first = strstr(answer, "forbidden");
    assert_non_null(first);
    assert_true(first < done);
    assert_non_null(strstr(done, "forbidden"));
    assert_null(strstr(answer, "no such method"));
    serve_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(what_is_no_file_says_so),
        cmocka_unit_test(size_is_bounded),
        cmocka_unit_test(the_first_rule_that_matches_decides),
        cmocka_unit_test(nobody_is_allowed_by_default),
        cmocka_unit_test(callers_add_up),
        cmocka_unit_test(everybody_means_everybody),
        cmocka_unit_test(patterns_are_checked),
        cmocka_unit_test(who_may_call_one_method_learns_nothing_of_others),
        cmocka_unit_test(introspection_shows_what_may_be_called),
        cmocka_unit_test(all_ways_in_are_guarded),
        cmocka_unit_test(entries_of_a_multicall_are_guarded),
    };
    return cmocka_run_group_tests_name("serve: access", tests, NULL, NULL);
}
