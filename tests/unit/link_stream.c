/* SPDX-License-Identifier: MIT */
/* A stream against a server that follows a script: each way to come up, each way to fail. */
#include "link/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link_end.h"
#include "link_server.h"

/* SHA-1 of the stream's id and "secret". */
#define HANDSHAKE "<handshake>3d1121b21f6287dc58010ebe9a95fa84ee2483d4</handshake>"

/* Starts, goes down before it is up: this status, this in its message. */
static void fails_with(const step *script, bool component, bool insecure, jrpc_status status,
                       const char *part)
{
    link_server *server = link_server_start(script);
    end e;
    link_options options = (component ? component_options : client_options)(link_server_port(server));
    options.insecure_plaintext = insecure;
    begin(&e, &options);
    until_down(&e);
    if (e.error.status != status || !strstr(e.error.message, part))
        fail_msg("%s: %s", jrpc_status_name(e.error.status), e.error.message);
    assert_non_null(e.error.who);
    assert_int_equal(e.ups, 0);
    finish(&e);
    link_server_stop(server, NULL);
}

/* ---- coming up ---- */

static void a_component_comes_up(void **state)
{
    UNUSED(state);
    static const step script[] = {
        { "to=\"calc.localhost\"", COMPONENT, STEP_ON, 0 },
        { HANDSHAKE, "<!-- none --><?of these?><handshake/><iq type='get' id='1' from='a@b/c' to='calc.localhost'/>",
          STEP_ON, 0 },
        { "<iq type='result' id='1'/>", NULL, STEP_ON, 0 },
        { "</stream:stream>", "</stream:stream>", STEP_CLOSE, 0 },
        { NULL, NULL, STEP_ON, 0 },
    };
    link_server *server = link_server_start(script);
    end e;
    link_options options = component_options(link_server_port(server));
    begin(&e, &options);
    until_up(&e);
    assert_string_equal(e.name, "calc.localhost");
    int64_t until = clock_after(clock_now(), 5000);
    while (e.stanzas == 0 && clock_now() < until)
        turn(&e, until);
    assert_int_equal(e.stanzas, 1);
    assert_true(link_send(e.link, "<iq type='result' id='1'/>", 26));
    link_close(e.link);
    assert_false(link_send(e.link, "<iq/>", 5));
    until_down(&e);
    assert_int_equal(e.error.status, JRPC_E_CLOSED);
    assert_int_equal(link_server_stop(server, NULL), 4);
    finish(&e);
}

/* XEP-0138: who took that offer would wait for the answer, and expand whatever comes. */
#define COMPRESSION "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"

static const step client_script[] = {
    { "to=\"localhost\"", CLIENT FEATURES(COMPRESSION PLAIN), STEP_ON, 0 },
    { "mechanism='PLAIN'>AHBlZXItYQBzZWNyZXQ=</auth>", SUCCESS, STEP_ON, 0 },
    { "<stream:stream", CLIENT FEATURES(COMPRESSION BIND "<session xmlns='" XML_NS_SESSION "'/>"), STEP_ON, 0 },
    { "<resource>rpc</resource>", BOUND("Peer-A@localhost/rpc"), STEP_ON, 0 },
    { "<session ", "<iq type='result' id='jrpc-session'/>", STEP_ON, 0 },
    { "ready", STREAM_ERROR("conflict"), STEP_ACCEPT, 0 },
    { "to=\"localhost\"", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
    { "</auth>", SUCCESS, STEP_ON, 0 },
    { "<stream:stream", CLIENT FEATURES(BIND "<session xmlns='" XML_NS_SESSION "'><optional/></session>"),
      STEP_ON, 0 },
    { "<resource>rpc</resource>", BOUND("peer-a@localhost/rpc"), STEP_ON, 0 },
    { NULL, NULL, STEP_ON, 0 },
};

static void a_client_comes_up_and_again(void **state)
{
    UNUSED(state);
    link_server *server = link_server_start(client_script);
    end e;
    link_options options = client_options(link_server_port(server));
    options.insecure_plaintext = true;
    begin(&e, &options);
    until_up(&e);
    assert_string_equal(e.name, "peer-a@localhost/rpc");
    assert_true(link_send(e.link, "<message>ready</message>", 24));
    until_down(&e);
    assert_int_equal(e.error.status, JRPC_E_CONFLICT);
    assert_string_equal(e.error.condition, "conflict");
    e.ups = e.downs = 0;
    assert_int_equal(link_start(e.link, NULL), JRPC_OK);
    assert_int_equal(link_start(e.link, NULL), JRPC_E_EXISTS);
    until_up(&e);
    finish(&e);
    assert_int_equal(link_server_stop(server, NULL), 10);
}

/* Of two addresses of localhost the server listens on one. */
static void the_next_address_is_tried(void **state)
{
    UNUSED(state);
    link_server *server = link_server_start(client_script);
    end e;
    link_options options = client_options(link_server_port(server));
    options.insecure_plaintext = true;
    options.host = "localhost";
    begin(&e, &options);
    until_up(&e);
    finish(&e);
    link_server_stop(server, NULL);
}

/* ---- much data ---- */

#define DIGITS "0123456789"

static const step flood_script[] = {
    { "to=\"calc.localhost\"", COMPONENT, STEP_ON, 0 },
    { HANDSHAKE, "<handshake/>", STEP_ON, 0 },
    { "go", "<message><body/>" DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS DIGITS "</message>", STEP_ON,
      40000 },
    { "the end", "<message>over</message>", STEP_ON, 0 },
    { NULL, NULL, STEP_ON, 0 },
};

static void much_comes_in(void **state)
{
    UNUSED(state);
    link_server *server = link_server_start(flood_script);
    end e;
    link_options options = component_options(link_server_port(server));
    begin(&e, &options);
    until_up(&e);
    int64_t until = clock_after(clock_now(), 30000);
    assert_true(link_send(e.link, "<message>go</message>", 21));
    while (e.stanzas < 40000 && !e.downs && clock_now() < until)
        turn(&e, until);
    assert_int_equal(e.stanzas, 40000);
    assert_int_equal(e.text_bytes, 40000 * 70);
    finish(&e);
    link_server_stop(server, NULL);
}

static void much_goes_out(void **state)
{
    UNUSED(state);
    enum { PIECE = 100000, PIECES = 100 };
    link_server *server = link_server_start(flood_script);
    end e;
    size_t received = 0, sent = 0;
    link_options options = component_options(link_server_port(server));
    begin(&e, &options);
    until_up(&e);
    int64_t until = clock_after(clock_now(), 30000);
    char *piece = malloc(PIECE + 1);
    memset(piece, ' ', PIECE);
    assert_true(link_send(e.link, "<message>go</message>", 21));
    for (size_t i = 0; i < PIECES; i++, sent += PIECE) {
        assert_true(link_send(e.link, piece, PIECE));
        link_process(e.link, clock_now());
    }
    assert_true(link_queued(e.link) <= sent + 100000);
    assert_true(link_send(e.link, "<message>the end</message>", 26));
    while (e.stanzas < 40001 && !e.downs && clock_now() < until)
        turn(&e, until);
    assert_int_equal(e.stanzas, 40001);
    assert_int_equal(link_queued(e.link), 0);
    finish(&e);
    free(piece);
    assert_int_equal(link_server_stop(server, &received), 4);
    assert_true(received >= sent);
}

/* ---- the end ---- */

static void a_lost_connection(const step *script)
{
    link_server *server = link_server_start(script);
    end e;
    link_options options = component_options(link_server_port(server));
    begin(&e, &options);
    until_up(&e);
    link_send(e.link, "<message>go</message>", 21);
    int64_t until = clock_after(clock_now(), 10000);
    while (!e.downs && clock_now() < until) {
        /* Written to a connection that the other side has reset: it must not end the process. */
        link_send(e.link, "<message/>", 10);
        turn(&e, until);
    }
    assert_int_equal(e.downs, 1);
    assert_int_equal(e.error.status, JRPC_E_DISCONNECTED);
    assert_int_equal(link_queued(e.link), 0);
    finish(&e);
    link_server_stop(server, NULL);
}

static void the_server_goes_away(void **state)
{
    UNUSED(state);
    static const step closes[] = { { "to=", COMPONENT, STEP_ON, 0 },
                                   { HANDSHAKE, "<handshake/>", STEP_ON, 0 },
                                   { "go", NULL, STEP_CLOSE, 0 },
                                   { NULL, NULL, STEP_ON, 0 } };
    static const step resets[] = { { "to=", COMPONENT, STEP_ON, 0 },
                                   { HANDSHAKE, "<handshake/>", STEP_ON, 0 },
                                   { "go", NULL, STEP_RESET, 0 },
                                   { NULL, NULL, STEP_ON, 0 } };
    static const step says_goodbye[] = { { "to=", COMPONENT, STEP_ON, 0 },
                                         { HANDSHAKE, "<handshake/>", STEP_ON, 0 },
                                         { "go", "</stream:stream>", STEP_CLOSE, 0 },
                                         { NULL, NULL, STEP_ON, 0 } };
    a_lost_connection(closes);
    a_lost_connection(resets);
    a_lost_connection(says_goodbye);
}

static void a_server_that_does_not_say_goodbye(void **state)
{
    UNUSED(state);
    static const step script[] = { { "to=", COMPONENT, STEP_ON, 0 },
                                   { HANDSHAKE, "<handshake/>", STEP_ON, 0 },
                                   { "</stream:stream>", NULL, STEP_ON, 0 },
                                   { NULL, NULL, STEP_ON, 0 } };
    link_server *server = link_server_start(script);
    end e;
    link_options options = component_options(link_server_port(server));
    begin(&e, &options);
    until_up(&e);
    int64_t began = clock_now();
    link_close(e.link);
    until_down(&e);
    assert_int_equal(e.error.status, JRPC_E_CLOSED);
    assert_true(clock_now() - began < 5000 * CLOCK_MS);
    finish(&e);
    assert_int_equal(link_server_stop(server, NULL), 3);
}

/* ---- failing ---- */

typedef struct failure {
    bool component, insecure;
    jrpc_status status;
    const char *part; /* of the message */
    step script[6];
} failure;

static const failure tls_failures[] = {
    { false, false, JRPC_E_NO_TLS, "offers no TLS", { { "to=", CLIENT FEATURES(PLAIN), STEP_ON, 0 } } },
    { false,
      false,
      JRPC_E_TLS,
      "refused to start TLS",
      { { "to=", CLIENT FEATURES(STARTTLS), STEP_ON, 0 },
        { "starttls", "<failure xmlns='" XML_NS_TLS "'/></stream:stream>", STEP_CLOSE, 0 } } },
    { false,
      false,
      JRPC_E_TLS,
      "handshake failed",
      { { "to=", CLIENT FEATURES(STARTTLS), STEP_ON, 0 },
        { "starttls", PROCEED, STEP_ON, 0 },
        { "\x16", "no TLS at all\r\n", STEP_CLOSE, 0 } } },
    /* Slipped in before TLS. */
    { false,
      false,
      JRPC_E_STREAM,
      "<message/>",
      { { "to=", CLIENT FEATURES(STARTTLS), STEP_ON, 0 },
        { "starttls", PROCEED "<message/>", STEP_ON, 0 } } },
};

static const failure login_failures[] = {
    { false,
      true,
      JRPC_E_NO_MECHANISM,
      "X-TOKEN, DIGEST-MD5",
      { { "to=", CLIENT FEATURES(MECHANISMS(MECHANISM("X-TOKEN") MECHANISM("DIGEST-MD5"))), STEP_ON, 0 } } },
    { false, true, JRPC_E_NO_MECHANISM, "none", { { "to=", CLIENT FEATURES(STARTTLS), STEP_ON, 0 } } },
    { false,
      true,
      JRPC_E_AUTH,
      "account or the password is wrong",
      { { "to=", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
        { "</auth>", FAILURE("<not-authorized/>"), STEP_ON, 0 } } },
    { false,
      true,
      JRPC_E_AUTH,
      "account-disabled: call us",
      { { "to=", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
        { "</auth>", FAILURE("<account-disabled/><text>call us</text>"), STEP_ON, 0 } } },
    { false,
      true,
      JRPC_E_AUTH,
      "without proof",
      { { "to=", CLIENT FEATURES(MECHANISMS(MECHANISM("SCRAM-SHA-1"))), STEP_ON, 0 },
        { "</auth>", SUCCESS, STEP_ON, 0 } } },
    { true,
      false,
      JRPC_E_AUTH,
      "its name or its secret is wrong",
      { { "to=", COMPONENT, STEP_ON, 0 }, { "handshake", STREAM_ERROR("not-authorized"), STEP_CLOSE, 0 } } },
};

static const failure bind_failures[] = {
    { false,
      true,
      JRPC_E_CONFLICT,
      "refused the address",
      { { "to=", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
        { "</auth>", SUCCESS, STEP_ON, 0 },
        { "<stream:stream", CLIENT FEATURES(BIND), STEP_ON, 0 },
        { "jrpc-bind", BIND_ERROR("conflict"), STEP_ON, 0 } } },
    { false,
      true,
      JRPC_E_STREAM,
      "no valid address",
      { { "to=", CLIENT FEATURES(PLAIN), STEP_ON, 0 },
        { "</auth>", SUCCESS, STEP_ON, 0 },
        { "<stream:stream", CLIENT FEATURES(BIND), STEP_ON, 0 },
        { "jrpc-bind", BOUND("@"), STEP_ON, 0 } } },
};

/* 13 levels of ten: 10^13 characters, if it were expanded. */
#define TEN(name) "&" name ";&" name ";&" name ";&" name ";&" name ";&" name ";&" name ";&" name ";&" name ";&" name ";"
#define BOMB \
    "<!DOCTYPE s [<!ENTITY a 'x'><!ENTITY b '" TEN("a") "'><!ENTITY c '" TEN("b") "'><!ENTITY d '" TEN("c") "'>" \
    "<!ENTITY e '" TEN("d") "'><!ENTITY f '" TEN("e") "'><!ENTITY g '" TEN("f") "'><!ENTITY h '" TEN("g") "'>" \
    "<!ENTITY i '" TEN("h") "'><!ENTITY j '" TEN("i") "'><!ENTITY k '" TEN("j") "'><!ENTITY l '" TEN("k") "'>" \
    "<!ENTITY m '" TEN("l") "'><!ENTITY n '" TEN("m") "'>]>"

static const failure stream_failures[] = {
    { true,
      false,
      JRPC_E_STREAM,
      "does not speak XMPP",
      { { "to=", BOMB "<stream:stream xmlns:stream='" XML_NS_STREAM "' id='&n;'>", STEP_ON, 0 } } },
    { true,
      false,
      JRPC_E_STREAM,
      "does not speak XMPP",
      { { "to=", COMPONENT, STEP_ON, 0 }, { "handshake", BOMB, STEP_ON, 0 } } },
    { true,
      false,
      JRPC_E_STREAM,
      "does not speak XMPP",
      { { "to=", COMPONENT, STEP_ON, 0 }, { "handshake", "<a>&n;</a>", STEP_ON, 0 } } },
    { false,
      false,
      JRPC_E_STREAM,
      "host-unknown: so it is",
      { { "to=", CLIENT STREAM_ERROR("host-unknown"), STEP_CLOSE, 0 } } },
    { false,
      false,
      JRPC_E_STREAM,
      "does not speak XMPP",
      { { NULL, "SSH-2.0-OpenSSH_9.2\r\n", STEP_ON, 0 } } },
    { false, false, JRPC_E_STREAM, "closed the connection", { { "to=", NULL, STEP_CLOSE, 0 } } },
    { false, false, JRPC_E_STREAM, "closed the connection", { { "to=", "<html>", STEP_ON, 0 } } },
    { true,
      false,
      JRPC_E_STREAM,
      "<message/>",
      { { "to=", COMPONENT, STEP_ON, 0 }, { "handshake", "<message/>", STEP_ON, 0 } } },
    { true,
      false,
      JRPC_E_STREAM,
      "no id",
      { { "to=", "<stream:stream xmlns:stream='" XML_NS_STREAM "'>", STEP_ON, 0 } } },
};

static void run_failures(const failure *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fails_with(cases[i].script, cases[i].component, cases[i].insecure, cases[i].status, cases[i].part);
}

static void failures_of_tls(void **state)
{
    UNUSED(state);
    run_failures(tls_failures, COUNT_OF(tls_failures));
}

static void failures_of_the_login(void **state)
{
    UNUSED(state);
    run_failures(login_failures, COUNT_OF(login_failures));
}

static void failures_of_binding(void **state)
{
    UNUSED(state);
    run_failures(bind_failures, COUNT_OF(bind_failures));
}

static void failures_of_the_stream(void **state)
{
    UNUSED(state);
    run_failures(stream_failures, COUNT_OF(stream_failures));
}

static void a_silent_server(void **state)
{
    UNUSED(state);
    static const step silent[] = { { NULL, NULL, STEP_ON, 0 } };
    static const step silent_in_tls[] = { { "to=", CLIENT FEATURES(STARTTLS), STEP_ON, 0 },
                                          { "starttls", PROCEED, STEP_ON, 0 },
                                          { NULL, NULL, STEP_ON, 0 } };
    const step *const scripts[] = { silent, silent_in_tls };
    for (size_t i = 0; i < 2; i++) {
        link_server *server = link_server_start(scripts[i]);
        end e;
        link_options options = client_options(link_server_port(server));
        options.timeout_ms = 300;
        int64_t began = clock_now();
        begin(&e, &options);
        until_down(&e);
        assert_int_equal(e.error.status, JRPC_E_TIMEOUT);
        assert_true(clock_now() - began >= 300 * CLOCK_MS);
        assert_true(clock_now() - began < 3000 * CLOCK_MS);
        finish(&e);
        link_server_stop(server, NULL);
    }
}

static void *abort_it(void *argument)
{
    const struct timespec soon = { 0, 100 * 1000000 };
    nanosleep(&soon, NULL);
    link_abort(argument);
    return NULL;
}

static void aborted_from_another_thread(void **state)
{
    UNUSED(state);
    static const step silent_in_tls[] = { { "to=", CLIENT FEATURES(STARTTLS), STEP_ON, 0 },
                                          { "starttls", PROCEED, STEP_ON, 0 },
                                          { NULL, NULL, STEP_ON, 0 } };
    link_server *server = link_server_start(silent_in_tls);
    end e;
    pthread_t thread;
    link_options options = client_options(link_server_port(server));
    begin(&e, &options);
    assert_int_equal(pthread_create(&thread, NULL, abort_it, e.link), 0);
    until_down(&e);
    pthread_join(thread, NULL);
    assert_int_equal(e.error.status, JRPC_E_CLOSED);
    finish(&e);
    link_server_stop(server, NULL);
}

static void a_closed_port(void **state)
{
    UNUSED(state);
    static const step script[] = { { NULL, NULL, STEP_ON, 0 } };
    link_server *server = link_server_start(script);
    uint16_t port = link_server_port(server);
    link_server_stop(server, NULL);
    static const char *const hosts[] = { "127.0.0.1", "localhost" };
    for (size_t i = 0; i < 2; i++) {
        end e;
        link_options options = client_options(port);
        options.host = hosts[i];
        begin(&e, &options);
        until_down(&e);
        assert_int_equal(e.error.status, JRPC_E_NO_CONNECTION);
        assert_non_null(strstr(e.error.message, "Connection refused"));
        assert_memory_equal(e.error.who, hosts[i], strlen(hosts[i]));
        finish(&e);
    }
}

static void no_such_host(void **state)
{
    UNUSED(state);
    end e;
    link_options options = client_options(0);
    options.host = "no-such-host.invalid";
    begin(&e, &options);
    until_down(&e);
    assert_int_equal(e.error.status, JRPC_E_NO_HOST);
    assert_string_equal(e.error.who, "no-such-host.invalid:5222");
    finish(&e);
}

static void nothing_goes_out_in_the_clear(void **state)
{
    UNUSED(state);
    link_options options[] = { component_options(5347), client_options(5222) };
    options[1].insecure_plaintext = true;
    for (size_t i = 0; i < 2; i++) {
        end e;
        options[i].host = "192.0.2.7";
        begin(&e, &options[i]);
        until_down(&e);
        assert_int_equal(e.error.status, JRPC_E_INVALID);
        assert_non_null(strstr(e.error.message, "192.0.2.7"));
        finish(&e);
    }
}

static void bad_options(void **state)
{
    UNUSED(state);
    const link_options bad[] = {
        { .jid = "localhost", .password = "x" },
        { .jid = "a b@localhost", .password = "x" },
        { .jid = "a@calc.localhost", .password = "x", .component = true },
        { .jid = "calc.localhost/x", .password = "x", .component = true },
        { .jid = "a@b", .password = "x", .ca_file = "/nowhere/ca.pem" },
        { .jid = "a@b", .password = "x", .ca_path = "/nowhere" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        jabber_link *l = NULL;
        assert_int_equal(link_new_stream(&bad[i], &end_callbacks, NULL, &l, &error), JRPC_E_INVALID);
        assert_null(l);
        assert_non_null(error.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_component_comes_up),
        cmocka_unit_test(a_client_comes_up_and_again),
        cmocka_unit_test(the_next_address_is_tried),
        cmocka_unit_test(much_comes_in),
        cmocka_unit_test(much_goes_out),
        cmocka_unit_test(the_server_goes_away),
        cmocka_unit_test(a_server_that_does_not_say_goodbye),
        cmocka_unit_test(failures_of_tls),
        cmocka_unit_test(failures_of_the_login),
        cmocka_unit_test(failures_of_binding),
        cmocka_unit_test(failures_of_the_stream),
        cmocka_unit_test(a_silent_server),
        cmocka_unit_test(aborted_from_another_thread),
        cmocka_unit_test(a_closed_port),
        cmocka_unit_test(no_such_host),
        cmocka_unit_test(nothing_goes_out_in_the_clear),
        cmocka_unit_test(bad_options),
    };
    return cmocka_run_group_tests_name("link_stream", tests, NULL, NULL);
}
