/* SPDX-License-Identifier: MIT */
/* Proxies: their URLs, and the talk with them: each answer, byte after byte, and what must stay for the server. */
#include "link/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

static void is_string(const char *got, const char *wanted)
{
    if (wanted)
        assert_string_equal(got, wanted);
    else
        assert_null(got);
}

static void reads_urls(void **state)
{
    UNUSED(state);
    static const struct {
        const char *url, *password;
        proxy wanted;
    } table[] = {
        { "socks5://proxy.example", NULL, { PROXY_SOCKS5, "proxy.example", 1080, NULL, NULL } },
        { "SOCKS5H://10.0.0.1:99/", NULL, { PROXY_SOCKS5, "10.0.0.1", 99, NULL, NULL } },
        { "http://[::1]", NULL, { PROXY_HTTP, "[::1]", 3128, NULL, NULL } },
        { "http://[::1]:8080", "given", { PROXY_HTTP, "[::1]", 8080, NULL, NULL } },
        { "http://me@proxy:8080", "given", { PROXY_HTTP, "proxy", 8080, "me", "given" } },
        { "http://me:its%20own@proxy", NULL, { PROXY_HTTP, "proxy", 3128, "me", "its own" } },
        { "http://me:own@proxy", "given", { PROXY_HTTP, "proxy", 3128, "me", "given" } },
        { "socks5://a%40b:p@ss:w%@proxy", NULL, { PROXY_SOCKS5, "proxy", 1080, "a@b", "p@ss:w%" } },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        proxy p = { .kind = PROXY_NONE };
        const proxy *wanted = &table[i].wanted;
        /* A password without a user is for nobody. */
        bool good = wanted->user || !table[i].password;
        assert_int_equal(proxy_parse(table[i].url, table[i].password, &p, NULL), good ? JRPC_OK : JRPC_E_INVALID);
        if (!good)
            continue;
        assert_int_equal(p.kind, wanted->kind);
        assert_int_equal(p.port, wanted->port);
        is_string(p.host, wanted->host);
        is_string(p.user, wanted->user);
        is_string(p.password, wanted->password);
        proxy_done(&p);
    }
}

static void refuses_other_urls(void **state)
{
    UNUSED(state);
    static const char *const wrong[] = {
        "",
        "proxy",
        "proxy:3128",
        "https://proxy",
        "socks4://proxy",
        "http://",
        "http://:80",
        "http://proxy:0",
        "http://proxy:65536",
        "http://proxy:8o",
        "http://proxy/path",
        "http://pro xy",
        "http://proxy\r\nX: y",
        "http://:secret@proxy",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        proxy p = { .kind = PROXY_NONE };
        if (proxy_parse(wrong[i], NULL, &p, &error) != JRPC_E_INVALID)
            fail_msg("accepted: %s", wrong[i]);
        assert_null(p.host);
        assert_null(strstr(error.message, "secret"));
    }
}

/* ---- the talk ---- */

typedef struct talk {
    proxy proxy;
    tunnel tunnel;
    int ours, theirs;
    jrpc_error error;
} talk;

static void begin(talk *t, const char *url, const char *host)
{
    int fds[2];
    memset(t, 0, sizeof *t);
    assert_int_equal(proxy_parse(url, NULL, &t->proxy, NULL), JRPC_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    t->ours = fds[0];
    t->theirs = fds[1];
    assert_int_equal(tunnel_start(&t->tunnel, &t->proxy, host, 5222, NULL), JRPC_OK);
    assert_true(tunnel_process(&t->tunnel, t->ours, &t->error));
    assert_false(tunnel_is_open(&t->tunnel));
}

static void end(talk *t)
{
    tunnel_done(&t->tunnel);
    proxy_done(&t->proxy);
    jrpc_error_done(&t->error);
    close(t->ours);
    if (t->theirs >= 0)
        close(t->theirs);
}

static void hears(talk *t, const char *wanted, size_t len)
{
    char got[1024];
    assert_int_equal(recv(t->theirs, got, sizeof got, 0), (ssize_t)len);
    assert_memory_equal(got, wanted, len);
}
#define HEARS(t, literal) hears(t, literal, sizeof(literal) - 1)

/* A byte at a time, as the slowest network would. False: it failed. */
static bool answers(talk *t, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(send(t->theirs, bytes + i, 1, 0), 1);
        if (!tunnel_process(&t->tunnel, t->ours, &t->error))
            return false;
        assert_true(i + 1 == len || !tunnel_is_open(&t->tunnel));
    }
    return true;
}
#define ANSWERS(t, literal) answers(t, literal, sizeof(literal) - 1)

static void http_opens(void **state)
{
    UNUSED(state);
    talk t;
    begin(&t, "http://proxy", "jabber.example");
    HEARS(&t, "CONNECT jabber.example:5222 HTTP/1.1\r\nHost: jabber.example:5222\r\n\r\n");
    assert_true(ANSWERS(&t, "HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n"));
    assert_true(tunnel_is_open(&t.tunnel));
    end(&t);
    begin(&t, "http://Aladdin:open%20sesame@proxy", "::1");
    HEARS(&t, "CONNECT [::1]:5222 HTTP/1.1\r\nHost: [::1]:5222\r\n"
              "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
    assert_true(ANSWERS(&t, "HTTP/1.1 204 no content\n\n"));
    assert_true(tunnel_is_open(&t.tunnel));
    end(&t);
}

static void socks_opens(void **state)
{
    UNUSED(state);
    talk t;
    begin(&t, "socks5://proxy", "jabber.example");
    HEARS(&t, "\5\1\0");
    assert_true(ANSWERS(&t, "\5\0"));
    HEARS(&t, "\5\1\0\3\16jabber.example\x14\x66");
    assert_true(ANSWERS(&t, "\5\0\0\1\0\0\0\0\0\0"));
    assert_true(tunnel_is_open(&t.tunnel));
    end(&t);
    begin(&t, "socks5://me:secret@proxy", "127.0.0.1");
    HEARS(&t, "\5\2\0\2");
    assert_true(ANSWERS(&t, "\5\2"));
    HEARS(&t, "\1\2me\6secret");
    assert_true(ANSWERS(&t, "\1\0"));
    HEARS(&t, "\5\1\0\1\x7f\0\0\1\x14\x66");
    assert_true(ANSWERS(&t, "\5\0\0\4" "0123456789abcdef" "\0\0"));
    assert_true(tunnel_is_open(&t.tunnel));
    end(&t);
    begin(&t, "socks5://me:secret@proxy", "::1");
    HEARS(&t, "\5\2\0\2");
    assert_true(ANSWERS(&t, "\5\0")); /* it does not ask: it does not get */
    HEARS(&t, "\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x14\x66");
    assert_true(ANSWERS(&t, "\5\0\0\3\5local\0\0"));
    assert_true(tunnel_is_open(&t.tunnel));
    end(&t);
}

/* A server that speaks first must be heard: what comes behind the answer stays in the socket. */
static void leaves_the_servers_bytes(void **state)
{
    UNUSED(state);
    static const struct {
        const char *url, *answer;
        size_t len;
    } table[] = {
        { "http://proxy", "HTTP/1.1 200 ok\r\n\r\n", 19 },
        { "socks5://proxy", "\5\0\5\0\0\3\3abc\0\0", 12 },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        talk t;
        char got[16];
        begin(&t, table[i].url, "host");
        send(t.theirs, table[i].answer, table[i].len, 0);
        send(t.theirs, "\r\n\r\nhello", 9, 0);
        assert_true(tunnel_process(&t.tunnel, t.ours, &t.error));
        assert_true(tunnel_is_open(&t.tunnel));
        assert_int_equal(recv(t.ours, got, sizeof got, 0), 9);
        assert_memory_equal(got, "\r\n\r\nhello", 9);
        end(&t);
    }
}

typedef struct refusal {
    const char *url;
    const char *answer;
    size_t len;
    jrpc_status status;
    const char *part;
} refusal;
#define ANSWER(literal) literal, sizeof(literal) - 1

static const refusal refusals[] = {
    { "http://p", ANSWER("HTTP/1.1 407 x\r\n\r\n"), JRPC_E_AUTH, "wants a user and a password" },
    { "http://a:b@p", ANSWER("HTTP/1.1 407 x\r\n\r\n"), JRPC_E_AUTH, "the user or the password is wrong" },
    { "http://p", ANSWER("HTTP/1.1 403 \x1b[2J\r\n\r\n"), JRPC_E_NO_CONNECTION, "refused: 403 ?[2J" },
    { "http://p", ANSWER("HTTP/1.1 502 Bad Gateway\r\n\r\n"), JRPC_E_NO_CONNECTION, "cannot reach it: 502 Bad Gateway" },
    { "http://p", ANSWER("HTTP/2 200 ok\r\n\r\n"), JRPC_E_NO_CONNECTION, "no HTTP proxy" },
    { "http://p", ANSWER("HTTP/1.1 2x0 ok\r\n\r\n"), JRPC_E_NO_CONNECTION, "no HTTP proxy" },
    { "http://p", ANSWER("\0\0\n\n"), JRPC_E_NO_CONNECTION, "no HTTP proxy" },
    { "http://p", ANSWER("<stream:stream>\n\n"), JRPC_E_NO_CONNECTION, "no HTTP proxy" },
    { "socks5://p", ANSWER("HT"), JRPC_E_NO_CONNECTION, "no SOCKS5 proxy" },
    { "socks5://p", ANSWER("\5\377"), JRPC_E_AUTH, "wants a user and a password" },
    { "socks5://p", ANSWER("\5\2"), JRPC_E_AUTH, "wants a user and a password" },
    { "socks5://a:b@p", ANSWER("\5\1"), JRPC_E_AUTH, "takes no user and password" },
    { "socks5://a:b@p", ANSWER("\5\2\1\1"), JRPC_E_AUTH, "the user or the password is wrong" },
    { "socks5://p", ANSWER("\5\0\5\5"), JRPC_E_NO_CONNECTION, "connection refused" },
    { "socks5://p", ANSWER("\5\0\5\377"), JRPC_E_NO_CONNECTION, "the proxy refused" },
    { "socks5://p", ANSWER("\5\0\4\0\0\1\0\0\0\0\0\0"), JRPC_E_NO_CONNECTION, "no SOCKS5 proxy" },
    { "socks5://p", ANSWER("\5\0\5\0\0\11" "x"), JRPC_E_NO_CONNECTION, "no SOCKS5 proxy" },
};

static void refusals_have_reasons(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const refusal *one = &refusals[i];
        talk t;
        begin(&t, one->url, "host");
        if (answers(&t, one->answer, one->len))
            fail_msg("answer %zu was taken for good", i);
        if (t.error.status != one->status || !strstr(t.error.message, one->part))
            fail_msg("answer %zu: %s: %s", i, jrpc_status_name(t.error.status), t.error.message);
        end(&t);
    }
}

static void an_early_end_is_noticed(void **state)
{
    UNUSED(state);
    static const refusal table[] = { { "http://p", ANSWER("HTTP/1.1 200 ok\r\n"), JRPC_OK, NULL },
                                     { "http://p", ANSWER(""), JRPC_OK, NULL },
                                     { "socks5://p", ANSWER("\5"), JRPC_OK, NULL },
                                     { "socks5://p", ANSWER("\5\0\5\0\0\3\377"), JRPC_OK, NULL } };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        talk t;
        begin(&t, table[i].url, "host");
        assert_true(answers(&t, table[i].answer, table[i].len));
        close(t.theirs);
        t.theirs = -1;
        assert_false(tunnel_process(&t.tunnel, t.ours, &t.error));
        assert_int_equal(t.error.status, JRPC_E_NO_CONNECTION);
        assert_non_null(strstr(t.error.message, "closed the connection"));
        end(&t);
    }
}

/* No proxy makes us read, or keep, more than some headers. */
static void headers_are_bounded(void **state)
{
    UNUSED(state);
    char line[1000];
    talk t;
    begin(&t, "http://p", "host");
    memset(line, 'x', sizeof line);
    assert_true(ANSWERS(&t, "HTTP/1.1 200 ok\r\nX: "));
    bool good = true;
    size_t sent = 0;
    for (; good && sent < 100 * sizeof line; sent += sizeof line) {
        assert_int_equal(send(t.theirs, line, sizeof line, 0), sizeof line);
        good = tunnel_process(&t.tunnel, t.ours, &t.error);
    }
    assert_false(good);
    assert_in_range(sent, 16000, 20000);
    assert_non_null(strstr(t.error.message, "headers do not end"));
    end(&t);
}

static void names_that_fit_no_request_are_refused(void **state)
{
    UNUSED(state);
    char longest[300];
    proxy p;
    tunnel t;
    assert_int_equal(proxy_parse("http://p", NULL, &p, NULL), JRPC_OK);
    memset(longest, 'a', sizeof longest);
    longest[256] = '\0';
    const char *const wrong[] = { longest, "a b", "a\r\nX: y", "a/b", "" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_int_equal(tunnel_start(&t, &p, wrong[i], 1, NULL), JRPC_E_INVALID);
        tunnel_done(&t);
    }
    proxy_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_urls),
        cmocka_unit_test(refuses_other_urls),
        cmocka_unit_test(http_opens),
        cmocka_unit_test(socks_opens),
        cmocka_unit_test(leaves_the_servers_bytes),
        cmocka_unit_test(refusals_have_reasons),
        cmocka_unit_test(an_early_end_is_noticed),
        cmocka_unit_test(headers_are_bounded),
        cmocka_unit_test(names_that_fit_no_request_are_refused),
    };
    return cmocka_run_group_tests_name("link: proxies", tests, NULL, NULL);
}
