/* SPDX-License-Identifier: MIT */
/* A server that names another host: followed once, by the same rules. */
#include "link/redirect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link_end.h"
#include "link_server.h"

#define SEE_OTHER_HOST(host) \
    "<stream:error><see-other-host xmlns='" XML_NS_STREAM_ERROR "'>" host "</see-other-host></stream:error></stream:stream>"

static void names_of_hosts(void **state)
{
    UNUSED(state);
    static const struct {
        const char *text, *host;
        uint16_t port;
    } cases[] = {
        { "example.org", "example.org", 0 },
        { " example.org:5222\n", "example.org", 5222 },
        { "xn--mnchen-3ya.example:1", "xn--mnchen-3ya.example", 1 },
        { "m\xc3\xbcnchen.example:65535", "xn--mnchen-3ya.example", 65535 },
        { "192.0.2.1:5222", "192.0.2.1", 5222 },
        { "[2001:db8::1]:5222", "2001:db8::1", 5222 },
        { "[2001:db8::1]", "2001:db8::1", 0 },
        { "2001:db8::1", "2001:db8::1", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        autofree char *host = NULL;
        uint16_t port = 7;
        assert_true(redirect_parse(cases[i].text, &host, &port));
        assert_string_equal(host, cases[i].host);
        assert_int_equal(port, cases[i].port);
    }
}

static void names_of_no_hosts(void **state)
{
    UNUSED(state);
    static const char *const cases[] = {
        "", " ", ":", ":5222", "example.org:", "example.org:0", "example.org:65536", "example.org:-1",
        "example.org:52 22", "example.org:x", "[::1", "[::1]5222", "[::1]:", "[::1]:0", "[]", "[]:1", "[example.org]",
        "a b", "user@example.org", "https://example.org", "example.org/x", "a\r\nb", "::1%lo", "1:2:x",
        "example.org\tx",
    };
    char *host = NULL;
    uint16_t port = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (redirect_parse(cases[i], &host, &port))
            fail_msg("\"%s\" is taken for %s port %u", cases[i], host, (unsigned)port);
    char *large = malloc(100001);
    memset(large, 'a', 100000);
    large[100000] = '\0';
    assert_false(redirect_parse(large, &host, &port));
    assert_null(host);
    free(large);
}

/* A server that does nothing but name another place; the texts live until the next one. */
static link_server *pointer_to(const char *host, unsigned port)
{
    static char text[1000];
    static step script[3];
    char digits[8] = "";
    if (port)
        snprintf(digits, sizeof digits, ":%u", port);
    snprintf(text, sizeof text, "%s" SEE_OTHER_HOST("%s%s"), CLIENT, host, digits);
    script[0] = (step){ "to=\"localhost\"", text, STEP_CLOSE, 0 };
    return link_server_start(script);
}

static const step good[] = {
    { "to=\"localhost\"", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
    { "</auth>", SUCCESS, STEP_ON, 0 },
    { "to=\"localhost\"", CLIENT FEATURES(BIND), STEP_ON, 0 },
    { "<resource>rpc</resource>", BOUND("peer-a@localhost/rpc"), STEP_ON, 0 },
    { NULL, NULL, STEP_ON, 0 },
};

static void comes_up_by(link_server *other, const char *host)
{
    link_server *first = pointer_to(host, link_server_port(other));
    end e;
    link_options options = client_options(link_server_port(first));
    options.insecure_plaintext = true;
    begin(&e, &options);
    until_up(&e);
    finish(&e);
    assert_int_equal(link_server_stop(first, NULL), 1);
    assert_int_equal(link_server_stop(other, NULL), 4);
}

static void the_other_host_is_found(void **state)
{
    UNUSED(state);
    comes_up_by(link_server_start(good), "127.0.0.1");
    comes_up_by(link_server_start(good), "localhost");
    comes_up_by(link_server_start(good), "[::ffff:127.0.0.1]");
}

static void the_other_host_is_found_v6(void **state)
{
    UNUSED(state);
    link_server *server = link_server_start_v6(good);
    if (!server)
        skip();
    comes_up_by(server, "[::1]");
}

/* What the link ends with when the first server sends this text. */
static void fails_at(const char *host, unsigned port, bool insecure, jrpc_status status, const char *words)
{
    link_server *first = pointer_to(host, port);
    end e;
    link_options options = client_options(link_server_port(first));
    options.insecure_plaintext = insecure;
    begin(&e, &options);
    until_down(&e);
    if (e.error.status != status || !strstr(e.error.message, words))
        fail_msg("%s: %s", jrpc_status_name(e.error.status), e.error.message);
    assert_non_null(e.error.who);
    assert_int_equal(e.ups, 0);
    finish(&e);
    link_server_stop(first, NULL);
}

static void a_second_one_is_not_followed(void **state)
{
    UNUSED(state);
    static const step second[] = { { "to=", CLIENT SEE_OTHER_HOST("127.0.0.1:1"), STEP_CLOSE, 0 },
                                   { NULL, NULL, STEP_ON, 0 } };
    link_server *server = link_server_start(second);
    fails_at("127.0.0.1", link_server_port(server), false, JRPC_E_STREAM, "only one redirection is followed");
    assert_int_equal(link_server_stop(server, NULL), 1);
}

static void no_host_at_all(void **state)
{
    UNUSED(state);
    fails_at("", 0, false, JRPC_E_STREAM, "no host and port");
    fails_at("127.0.0.1/", 5222, false, JRPC_E_STREAM, "127.0.0.1/:5222, which is no host and port");
    fails_at("no-such-host.invalid", 5222, false, JRPC_E_NO_HOST, "no such host");
}

/* What is not allowed to begin with is not allowed by a detour. */
static void the_rules_stay(void **state)
{
    UNUSED(state);
    static const step bare[] = { { "to=", CLIENT FEATURES(PLAIN), STEP_ON, 0 }, { NULL, NULL, STEP_ON, 0 } };
    size_t bytes = 0;
    link_server *server = link_server_start(bare);
    fails_at("127.0.0.1", link_server_port(server), false, JRPC_E_NO_TLS, "no TLS");
    assert_int_equal(link_server_stop(server, &bytes), 1);
    assert_in_range(bytes, 1, 400); /* the header, and nothing after it */
    fails_at("192.0.2.7", 5222, true, JRPC_E_INVALID, "192.0.2.7 is none");
}

/* The next try asks the first host again: the other one may be gone for good. */
static void each_try_begins_anew(void **state)
{
    UNUSED(state);
    static char text[1000];
    link_server *other = link_server_start(good);
    unsigned port = link_server_port(other);
    snprintf(text, sizeof text, "%s" SEE_OTHER_HOST("127.0.0.1:%u"), CLIENT, port);
    const step script[] = { { "to=", CLIENT SEE_OTHER_HOST("127.0.0.1:1"), STEP_ACCEPT, 0 },
                            { "to=", text, STEP_CLOSE, 0 },
                            { NULL, NULL, STEP_ON, 0 } };
    link_server *first = link_server_start(script);
    end e;
    link_options options = client_options(link_server_port(first));
    options.insecure_plaintext = true;
    begin(&e, &options);
    until_down(&e);
    assert_int_equal(e.error.status, JRPC_E_NO_CONNECTION);
    assert_string_equal(e.error.who, "127.0.0.1:1");
    e.downs = 0;
    assert_int_equal(link_start(e.link, NULL), JRPC_OK);
    until_up(&e);
    finish(&e);
    assert_int_equal(link_server_stop(first, NULL), 2);
    assert_int_equal(link_server_stop(other, NULL), 4);
}

/* On a stream that is up it is its end; whoever comes back asks anew. */
static void too_late(void **state)
{
    UNUSED(state);
    static const step script[] = {
        { "to=\"localhost\"", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
        { "</auth>", SUCCESS, STEP_ON, 0 },
        { "to=\"localhost\"", CLIENT FEATURES(BIND), STEP_ON, 0 },
        { "<resource>rpc</resource>", BOUND("peer-a@localhost/rpc") SEE_OTHER_HOST("127.0.0.1:1"), STEP_CLOSE, 0 },
        { NULL, NULL, STEP_ON, 0 },
    };
    link_server *server = link_server_start(script);
    end e;
    link_options options = client_options(link_server_port(server));
    options.insecure_plaintext = true;
    begin(&e, &options);
    until_down(&e);
    assert_int_equal(e.ups, 1);
    assert_int_equal(e.error.status, JRPC_E_STREAM);
    assert_string_equal(e.error.condition, "see-other-host");
    finish(&e);
    link_server_stop(server, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_hosts),
        cmocka_unit_test(names_of_no_hosts),
        cmocka_unit_test(the_other_host_is_found),
        cmocka_unit_test(the_other_host_is_found_v6),
        cmocka_unit_test(a_second_one_is_not_followed),
        cmocka_unit_test(no_host_at_all),
        cmocka_unit_test(the_rules_stay),
        cmocka_unit_test(each_try_begins_anew),
        cmocka_unit_test(too_late),
    };
    return cmocka_run_group_tests_name("link_redirect", tests, NULL, NULL);
}
