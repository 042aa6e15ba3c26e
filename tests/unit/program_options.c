/* SPDX-License-Identifier: MIT */
/* Connection options: where they come from, which goes first, what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/options.h>

#include "base/mem.h"

static const char *const variables[] = {
    "JRPC_JID",       "JRPC_PASSWORD_FILE", "JRPC_HOST",        "JRPC_PORT",    "JRPC_CA_FILE",
    "JRPC_CA_PATH",   "JRPC_DIRECT_TLS",    "JRPC_COMPONENT",   "JRPC_SECRET_FILE", "JRPC_TIMEOUT",
    "JRPC_LOG_LEVEL", "JRPC_INSECURE_PLAINTEXT", "JRPC_ALLOW_PLAIN", "JRPC_PASSWORD",
    "JRPC_KEEPALIVE", "JRPC_PROXY",              "JRPC_PROXY_PASSWORD",     "JRPC_PROXY_PASSWORD_FILE",
};

/* Each test begins with an empty environment and new options. */
typedef struct fixture {
    jrpc_options *options;
    const char *jid;
    jrpc_session_options out;
    jrpc_error error;
} fixture;

static int begin(void **state)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        unsetenv(variables[i]);
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->options = jrpc_options_new();
    assert_non_null(f->options);
    *state = f;
    return 0;
}

static int end(void **state)
{
    fixture *f = *state;
    jrpc_options_free(f->options);
    jrpc_error_done(&f->error);
    free(f);
    return 0;
}

static jrpc_status take(fixture *f, char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    return jrpc_options_take(f->options, &argc, argv, &f->error);
}

#define TAKE(f, ...) take((f), (char *[]){ (char[]){ "program" }, __VA_ARGS__, NULL })
#define ARG(text) ((char[]){ text })

static jrpc_status finish(fixture *f)
{
    return jrpc_options_finish(f->options, &f->jid, &f->out, &f->error);
}

static void set(fixture *f, const char *name, const char *value)
{
    assert_int_equal(jrpc_options_set(f->options, name, value, &f->error), JRPC_OK);
}

/* Finishing fails, and the message tells what to mend. */
static void refuses(fixture *f, const char *part)
{
    assert_int_equal(finish(f), JRPC_E_INVALID);
    assert_non_null(f->error.message);
    if (!strstr(f->error.message, part))
        fail_msg("\"%s\" is not in \"%s\"", part, f->error.message);
}

static void identity(fixture *f)
{
    set(f, "jid", "peer-a@localhost/rpc");
    set(f, "password-file", "/some/where");
}

static void takes_its_own_and_leaves_the_rest(void **state)
{
    fixture *f = *state;
    char *argv[] = { ARG("prog"), ARG("--verbose"), ARG("--jid"), ARG("a@b/c"),
                     ARG("call"), ARG("--port=99"), ARG("-x"),    ARG("--direct-tls"),
                     ARG("--"),   ARG("--host"),    ARG("kept"),  NULL };
    int argc = 11;
    assert_int_equal(jrpc_options_take(f->options, &argc, argv, &f->error), JRPC_OK);
    static const char *const expected[] = { "prog", "--verbose", "call", "-x", "--", "--host", "kept" };
    assert_int_equal(argc, COUNT_OF(expected));
    for (int i = 0; i < argc; i++)
        assert_string_equal(argv[i], expected[i]);
    assert_null(argv[argc]);
    set(f, "password-file", "x");
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->jid, "a@b/c");
    assert_int_equal(f->out.port, 99);
    assert_true(f->out.direct_tls);
    assert_null(f->out.host);
}

static void the_program_name_is_no_option(void **state)
{
    fixture *f = *state;
    char *argv[] = { ARG("--jid=x@y/z"), NULL };
    int argc = 1;
    assert_int_equal(jrpc_options_take(f->options, &argc, argv, &f->error), JRPC_OK);
    assert_int_equal(argc, 1);
    refuses(f, "no account given");
}

static void a_missing_value_is_named(void **state)
{
    fixture *f = *state;
    assert_int_equal(TAKE(f, ARG("--host")), JRPC_E_INVALID);
    assert_string_equal(f->error.message, "--host: its value is missing");
}

static void command_line_before_environment_before_file(void **state)
{
    fixture *f = *state;
    setenv("JRPC_HOST", "env", 1);
    setenv("JRPC_PORT", "2", 1);
    assert_int_equal(TAKE(f, ARG("--host"), ARG("line")), JRPC_OK);
    identity(f);
    set(f, "host", "file");
    set(f, "port", "3");
    set(f, "timeout", "7");
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.host, "line");
    assert_int_equal(f->out.port, 2);
    assert_int_equal(f->out.call_timeout_ms, 7000);
    assert_int_equal(f->out.connect_timeout_ms, 7000);
}

static void the_first_line_of_a_file_counts(void **state)
{
    fixture *f = *state;
    identity(f);
    set(f, "host", "one");
    set(f, "host", "two");
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.host, "one");
}

static void an_empty_variable_is_none(void **state)
{
    fixture *f = *state;
    setenv("JRPC_HOST", "", 1);
    setenv("JRPC_DIRECT_TLS", "", 1);
    identity(f);
    set(f, "host", "file");
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.host, "file");
    assert_false(f->out.direct_tls);
}

static void unknown_names_are_refused(void **state)
{
    fixture *f = *state;
    assert_int_equal(jrpc_options_set(f->options, "jids", "x", &f->error), JRPC_E_NOT_FOUND);
    assert_int_equal(jrpc_options_set(f->options, "", "x", &f->error), JRPC_E_NOT_FOUND);
    assert_int_equal(jrpc_options_set(f->options, "password", "x", &f->error), JRPC_E_NOT_FOUND);
    char *argv[] = { ARG("prog"), ARG("--password"), ARG("secret"), NULL };
    int argc = 3;
    assert_int_equal(jrpc_options_take(f->options, &argc, argv, &f->error), JRPC_OK);
    assert_int_equal(argc, 3); /* no such option: it stays for the program to complain about */
}

static void passwords_come_from_file_or_environment(void **state)
{
    fixture *f = *state;
    set(f, "jid", "a@b/c");
    refuses(f, "no password given for a@b/c: --password-file");
    setenv("JRPC_PASSWORD", "secret", 1);
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.password, "secret");
    assert_null(f->out.password_file);
    assert_int_equal(TAKE(f, ARG("--password-file=/p")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.password_file, "/p");
    assert_null(f->out.password);
}

/* Command lines and configuration files are there for others to see. */
static void a_proxys_password_is_no_option(void **state)
{
    fixture *f = *state;
    identity(f);
    assert_int_equal(TAKE(f, ARG("--proxy=http://me:secret@proxy")), JRPC_E_INVALID);
    assert_non_null(strstr(f->error.message, "--proxy-password-file"));
    assert_null(strstr(f->error.message, "secret"));
    assert_int_equal(jrpc_options_set(f->options, "proxy", "me:secret@proxy", &f->error), JRPC_E_INVALID);
    assert_int_equal(TAKE(f, ARG("--proxy=http://me@[::1]:8080"), ARG("--proxy-password-file"), ARG("/p")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.proxy, "http://me@[::1]:8080");
    assert_string_equal(f->out.proxy_password_file, "/p");
    assert_null(f->out.proxy_password);
}

static void the_environment_may_know_a_proxys_password(void **state)
{
    fixture *f = *state;
    identity(f);
    setenv("JRPC_PROXY", "http://me:secret@proxy", 1);
    setenv("JRPC_PROXY_PASSWORD", "other", 1);
    set(f, "proxy-password-file", "/p");
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->out.proxy, "http://me:secret@proxy");
    assert_string_equal(f->out.proxy_password, "other");
    assert_null(f->out.proxy_password_file);
}

static void a_component_has_a_secret(void **state)
{
    fixture *f = *state;
    assert_int_equal(TAKE(f, ARG("--component=rpc.localhost")), JRPC_OK);
    refuses(f, "--secret-file");
    set(f, "secret-file", "/s");
    assert_int_equal(finish(f), JRPC_OK);
    assert_true(f->out.component);
    assert_string_equal(f->jid, "rpc.localhost");
    assert_string_equal(f->out.password_file, "/s");
}

static void one_identity_only(void **state)
{
    fixture *f = *state;
    assert_int_equal(TAKE(f, ARG("--component=rpc.localhost"), ARG("--jid=a@b/c")), JRPC_OK);
    refuses(f, "exclude each other");
}

static void the_environments_identity_gives_way(void **state)
{
    fixture *f = *state;
    setenv("JRPC_JID", "a@b/c", 1);
    setenv("JRPC_SECRET_FILE", "/s", 1);
    assert_int_equal(TAKE(f, ARG("--component=rpc.localhost")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_string_equal(f->jid, "rpc.localhost");
}

static void ports_are_checked(void **state)
{
    fixture *f = *state;
    static const char *const bad[] = { "",   "0",  "65536", "-1",   "+1",
                                       " 1", "1 ", "5222x", "0x10", "99999999999999999999" };
    identity(f);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char argument[64] = "--port=";
        strcat(argument, bad[i]);
        assert_int_equal(TAKE(f, argument), JRPC_OK);
        refuses(f, "expected a number from 1 to 65535");
    }
    assert_int_equal(TAKE(f, ARG("--port=65535")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_int_equal(f->out.port, 65535);
}

static void times_have_units(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *text;
        uint32_t ms;
    } good[] = { { "5", 5000 },    { "5s", 5000 }, { "500ms", 500 },
                 { "2m", 120000 }, { "1ms", 1 },   { "4294966s", 4294966000 } };
    static const char *const bad[] = {
        "", "0", "0s", "-5", "5h", "5 s", "s", "1.5s", "5S", "4294967s", "99999999999999999999"
    };
    identity(f);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        char argument[64] = "--timeout=";
        strcat(argument, good[i].text);
        assert_int_equal(TAKE(f, argument), JRPC_OK);
        assert_int_equal(finish(f), JRPC_OK);
        assert_int_equal(f->out.call_timeout_ms, good[i].ms);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char argument[64] = "--timeout=";
        strcat(argument, bad[i]);
        assert_int_equal(TAKE(f, argument), JRPC_OK);
        refuses(f, "expected a time");
    }
}

static void a_keepalive_has_two_parts(void **state)
{
    fixture *f = *state;
    identity(f);
    assert_int_equal(TAKE(f, ARG("--keepalive=2s")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_int_equal(f->out.keepalive_ms, 1500);
    assert_int_equal(f->out.keepalive_timeout_ms, 500);
    assert_int_equal(TAKE(f, ARG("--keepalive=never")), JRPC_OK);
    refuses(f, "--keepalive never");
}

static void flags_say_yes_or_no(void **state)
{
    fixture *f = *state;
    identity(f);
    setenv("JRPC_ALLOW_PLAIN", "TRUE", 1);
    set(f, "direct-tls", "no");
    assert_int_equal(finish(f), JRPC_OK);
    assert_true(f->out.allow_plain);
    assert_false(f->out.direct_tls);
    assert_int_equal(TAKE(f, ARG("--direct-tls=maybe")), JRPC_OK);
    refuses(f, "expected yes or no");
}

static void log_levels_have_names(void **state)
{
    fixture *f = *state;
    identity(f);
    assert_int_equal(finish(f), JRPC_OK);
    assert_int_equal(f->out.log_level, JRPC_LOG_WARNING);
    assert_non_null(f->out.log);
    assert_int_equal(TAKE(f, ARG("--log-level=debug")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_int_equal(f->out.log_level, JRPC_LOG_DEBUG);
    assert_false(f->out.log_payloads);
    assert_int_equal(TAKE(f, ARG("--log-level=info"), ARG("--log-payloads")), JRPC_OK);
    assert_int_equal(finish(f), JRPC_OK);
    assert_true(f->out.log_payloads);
    assert_int_equal(f->out.log_level, JRPC_LOG_DEBUG);
    assert_int_equal(TAKE(f, ARG("--log-level=loud")), JRPC_OK);
    refuses(f, "--log-level loud: expected debug");
}

static void the_help_names_every_option(void **state)
{
    UNUSED(state);
    static const char *const names[] = { "--jid",        "--password-file", "--host",
                                         "--port",       "--ca-file",       "--ca-path",
                                         "--direct-tls", "--component",     "--secret-file",
                                         "--timeout",    "--allow-plain",   "--insecure-plaintext",
                                         "--log-level",  "--log-payloads",  "--keepalive", "--proxy",         "--proxy-password-file" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_non_null(strstr(jrpc_options_help(), names[i]));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- hints ---- */

static const char *hint(const fixture *f, jrpc_status status, const char *message)
{
    const jrpc_error error = { .status = status, .domain = JRPC_ERROR_TRANSPORT, .message = message, .who = "h:5222" };
    return jrpc_options_hint(f->options, &error);
}

/* With these options; fails without the words. */
static void hints(fixture *f, jrpc_status status, const char *message, const char *words)
{
    assert_int_equal(jrpc_options_finish(f->options, &f->jid, &f->out, &f->error), JRPC_OK);
    const char *said = hint(f, status, message);
    if (!said || !strstr(said, words) || strchr(said, '\n') || said[strlen(said) - 1] == '.')
        fail_msg("%s: %s", jrpc_status_name(status), said ? said : "nothing");
}

/* The password is looked at when it may be wrong, and only then. */
static const char *const refusals[][2] = {
    { "invalid-mechanism", "offers itself" },
    { "mechanism-too-weak", "offers itself" },
    { "encryption-required", "TLS first" },
    { "account-disabled", "switched off" },
    { "credentials-expired", "new password" },
    { "temporary-auth-failure", "try again later" },
    { "not-authorized", "--password-file" },
};

static void an_account_is_helped(void **state)
{
    fixture *f = *state;
    setenv("JRPC_PASSWORD", "secret", 1);
    assert_int_equal(TAKE(f, "--jid", "a@b/c"), JRPC_OK);
    hints(f, JRPC_E_NO_HOST, "", "name it with --host");
    hints(f, JRPC_E_NO_CONNECTION, "", "5222");
    hints(f, JRPC_E_CERT_UNTRUSTED, "", "--ca-file");
    hints(f, JRPC_E_CERT_WRONG_HOST, "", "domain of --jid");
    hints(f, JRPC_E_NO_TLS, "", "switch TLS on");
    hints(f, JRPC_E_AUTH, "", "--password-file");
    hints(f, JRPC_E_NO_MECHANISM, "(PLAIN would hand it the password)", "--allow-plain");
    hints(f, JRPC_E_STREAM, "or wants TLS from the first byte", "--direct-tls");
    hints(f, JRPC_E_CONFLICT, "", "RESOURCE");
    assert_null(hint(f, JRPC_E_TLS, ""));
    assert_null(hint(f, JRPC_E_TIMEOUT, ""));
    assert_null(hint(f, JRPC_E_STREAM, NULL));
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const jrpc_error error = { .status = JRPC_E_AUTH, .domain = JRPC_ERROR_TRANSPORT, .condition = refusals[i][0] };
        const char *said = jrpc_options_hint(f->options, &error);
        assert_non_null(said);
        assert_non_null(strstr(said, refusals[i][1]));
        assert_true(!strstr(said, "--password-file") == (i < COUNT_OF(refusals) - 1));
    }
    /* Somebody who hides SCRAM would like that. */
    assert_null(hint(f, JRPC_E_NO_MECHANISM, "only weaker ways to log in than before (PLAIN)"));
}

static void other_options_have_other_hints(void **state)
{
    fixture *f = *state;
    setenv("JRPC_PASSWORD", "secret", 1);
    assert_int_equal(TAKE(f, "--jid", "a@b/c", "--host", "h", "--direct-tls", "--pin", "00", "--insecure-plaintext"), JRPC_OK);
    hints(f, JRPC_E_NO_HOST, "", "check the name in --host");
    hints(f, JRPC_E_NO_CONNECTION, "", "5223");
    hints(f, JRPC_E_TLS, "", "leave out --direct-tls");
    hints(f, JRPC_E_CERT_UNTRUSTED, "", "--pin");
    hints(f, JRPC_E_NO_MECHANISM, "PLAIN would", "leave out --insecure-plaintext");
    hints(f, JRPC_E_INVALID, "", "leave out --insecure-plaintext");
    assert_int_equal(TAKE(f, "--proxy", "http://p"), JRPC_OK);
    hints(f, JRPC_E_NO_HOST, "", "--proxy");
    hints(f, JRPC_E_NO_CONNECTION, "cannot connect to the proxy at p", "--proxy");
    hints(f, JRPC_E_AUTH, "the proxy refuses the user", "--proxy-password-file");
}

static void a_component_is_helped(void **state)
{
    fixture *f = *state;
    setenv("JRPC_PASSWORD", "secret", 1);
    assert_int_equal(TAKE(f, "--component", "c.localhost"), JRPC_OK);
    hints(f, JRPC_E_NO_CONNECTION, "", "5347");
    hints(f, JRPC_E_AUTH, "", "--secret-file");
    hints(f, JRPC_E_CONFLICT, "", "one program at a time");
    const jrpc_error unknown = { .status = JRPC_E_STREAM, .domain = JRPC_ERROR_TRANSPORT, .condition = "host-unknown" };
    assert_non_null(strstr(jrpc_options_hint(f->options, &unknown), "--component"));
}

static void what_needs_no_hint(void **state)
{
    fixture *f = *state;
    const jrpc_error local = { .status = JRPC_E_INVALID, .domain = JRPC_ERROR_LOCAL },
                     fault = { .status = JRPC_E_FAULT, .domain = JRPC_ERROR_FAULT },
                     bare = { .status = JRPC_E_UNAVAILABLE, .domain = JRPC_ERROR_TRANSPORT, .who = "a@b" },
                     full = { .status = JRPC_E_UNAVAILABLE, .domain = JRPC_ERROR_TRANSPORT, .who = "a@b/c" },
                     none = JRPC_ERROR_INIT;
    assert_null(jrpc_options_hint(f->options, &local));
    assert_null(jrpc_options_hint(f->options, &fault));
    assert_null(jrpc_options_hint(f->options, &full));
    assert_null(jrpc_options_hint(f->options, &none));
    assert_non_null(strstr(jrpc_options_hint(NULL, &bare), "RESOURCE"));
}

static void a_report_is_two_lines_at_most(void **state)
{
    fixture *f = *state;
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    const jrpc_error bare = { .status = JRPC_E_UNAVAILABLE, .domain = JRPC_ERROR_TRANSPORT, .who = "a@b", .message = "no" },
                     local = { .status = JRPC_E_CLOSED, .domain = JRPC_ERROR_LOCAL, .message = "over" };
    jrpc_options_report(f->options, stream, &bare);
    jrpc_options_report(NULL, stream, &local);
    fclose(stream);
    assert_non_null(strstr(text, "program_options: a@b: UNAVAILABLE: no\n"));
    assert_non_null(strstr(text, "\nprogram_options: hint: programs are called at their full address"));
    const char *end = "RESOURCE\nprogram_options: CLOSED: over\n";
    assert_string_equal(text + len - strlen(end), end);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_its_own_and_leaves_the_rest),
        TEST(the_program_name_is_no_option),
        TEST(a_missing_value_is_named),
        TEST(command_line_before_environment_before_file),
        TEST(the_first_line_of_a_file_counts),
        TEST(an_empty_variable_is_none),
        TEST(unknown_names_are_refused),
        TEST(passwords_come_from_file_or_environment),
        TEST(a_proxys_password_is_no_option),
        TEST(the_environment_may_know_a_proxys_password),
        TEST(a_component_has_a_secret),
        TEST(one_identity_only),
        TEST(the_environments_identity_gives_way),
        TEST(ports_are_checked),
        TEST(times_have_units),
        TEST(a_keepalive_has_two_parts),
        TEST(flags_say_yes_or_no),
        TEST(log_levels_have_names),
        TEST(the_help_names_every_option),
        TEST(an_account_is_helped),
        TEST(other_options_have_other_hints),
        TEST(a_component_is_helped),
        TEST(what_needs_no_hint),
        TEST(a_report_is_two_lines_at_most),
    };
    return cmocka_run_group_tests_name("program: connection options", tests, NULL, NULL);
}
