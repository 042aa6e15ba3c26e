/* SPDX-License-Identifier: MIT */
/* Files that programs read: configuration and passwords. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret-file.h"
#include "password.h"
#include "program/config.h"

static char path[64];

static void write_file(const char *data, size_t len, mode_t mode)
{
    strcpy(path, "/tmp/jrpc-files.XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

/* ---- configuration ---- */

static jrpc_status remember(const char *key, const char *value, void *userdata, jrpc_error *error)
{
    if (strcmp(key, "refused") == 0)
        return jrpc_error_set(error, JRPC_E_NOT_FOUND, "no such setting: %s", key);
    buf_printf(userdata, "[%s|%s]", key, value);
    return JRPC_OK;
}

static jrpc_status read_text(const char *text, char **ret_seen, jrpc_error *error)
{
    AUTO(buf_done) buf seen = BUF_INIT;
    write_file(text, strlen(text), 0644);
    jrpc_status status = config_read(path, remember, &seen, error);
    unlink(path);
    *ret_seen = buf_take(&seen);
    assert_non_null(*ret_seen);
    return status;
}

static void reads_settings(void **state)
{
    UNUSED(state);
    static const struct {
        const char *text, *seen;
    } cases[] = {
        { "", "" },
        { "\n\n  \n\t\n", "" },
        { "# only = a comment\n", "" },
        { "jid = a@b/c\n", "[jid|a@b/c]" },
        { "  jid\t=\ta@b/c with space \r\nport=5\n", "[jid|a@b/c with space][port|5]" },
        { "no-end = of line", "[no-end|of line]" },
        { "empty =\n", "[empty|]" },
        { "value = a = b # c\n", "[value|a = b # c]" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        autofree char *seen = NULL;
        assert_int_equal(read_text(cases[i].text, &seen, NULL), JRPC_OK);
        assert_string_equal(seen, cases[i].seen);
    }
}

static void names_file_and_line(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    autofree char *seen = NULL;
    assert_int_equal(read_text("a = 1\n\nnonsense\nb = 2\n", &seen, &error), JRPC_E_INVALID);
    assert_string_equal(seen, "[a|1]");
    char expected[128];
    snprintf(expected, sizeof expected, "%s:3: expected key = value", path);
    assert_string_equal(error.message, expected);
    autofree char *again = NULL;
    assert_int_equal(read_text("refused = 1\n", &again, &error), JRPC_E_INVALID);
    snprintf(expected, sizeof expected, "%s:1: no such setting: refused", path);
    assert_string_equal(error.message, expected);
}

static void a_missing_file_is_an_error(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(config_read("/nonexistent/x.conf", remember, NULL, &error), JRPC_E_IO);
    assert_string_equal(error.message, "/nonexistent/x.conf: No such file or directory");
    assert_int_equal(config_read("/", remember, NULL, &error), JRPC_E_IO);
}

/* ---- passwords ---- */

static jrpc_status password_of_file(const char *data, size_t len, mode_t mode, char **ret_password,
                                    jrpc_error *error)
{
    write_file(data, len, mode);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.password_file = path;
    options.password = "not this one";
    jrpc_status status = password_get(&options, "a@b", ret_password, error);
    unlink(path);
    return status;
}

static void reads_the_first_line(void **state)
{
    UNUSED(state);
    static const struct {
        const char *data, *password;
    } cases[] = {
        { "secret", "secret" },           { "secret\n", "secret" },
        { "secret\r\n", "secret" },       { "secret\nsecond\n", "secret" },
        { " with spaces ", " with spaces " }, { "p\xC3\xA4ss", "p\xC3\xA4ss" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *password = NULL;
        assert_int_equal(password_of_file(cases[i].data, strlen(cases[i].data), 0600, &password, NULL),
                         JRPC_OK);
        assert_string_equal(password, cases[i].password);
        secret_free(password);
    }
    secret_free(NULL);
}

static void refuses_what_is_no_password(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    char *password = NULL;
    assert_int_equal(password_of_file("", 0, 0600, &password, &error), JRPC_E_IO);
    assert_non_null(strstr(error.message, "its first line is empty"));
    assert_int_equal(password_of_file("\nsecret\n", 8, 0600, &password, &error), JRPC_E_IO);
    assert_int_equal(password_of_file("\0secret", 7, 0600, &password, &error), JRPC_E_IO);
    char long_line[2000];
    memset(long_line, 'x', sizeof long_line);
    assert_int_equal(password_of_file(long_line, sizeof long_line, 0600, &password, &error), JRPC_E_IO);
    assert_non_null(strstr(error.message, "longer than 1023 bytes"));
    assert_int_equal(password_of_file(long_line, 1024, 0600, &password, &error), JRPC_E_IO);
    assert_null(password);
    assert_int_equal(password_of_file(long_line, 1023, 0600, &password, &error), JRPC_OK);
    assert_int_equal(strlen(password), 1023);
    secret_free(password);
}

static void refuses_a_file_that_others_may_read(void **state)
{
    UNUSED(state);
    static const mode_t modes[] = { 0644, 0640, 0604, 0610, 0601, 0666 };
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        char *password = NULL;
        assert_int_equal(password_of_file("secret", 6, modes[i], &password, &error), JRPC_E_IO);
        assert_non_null(strstr(error.message, "others may read it"));
        assert_non_null(strstr(error.message, "chmod 600"));
        assert_null(password);
    }
}

static void a_missing_password_file_is_an_error(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    char *password = NULL;
    options.password_file = "/nonexistent/password";
    assert_int_equal(password_get(&options, "a@b", &password, &error), JRPC_E_IO);
    assert_string_equal(error.message, "password file /nonexistent/password: No such file or directory");
    options.password_file = "/";
    assert_int_equal(password_get(&options, "a@b", &password, &error), JRPC_E_IO);
    assert_null(password);
}

static jrpc_status give(const char *account, char **ret_password, void *userdata)
{
    assert_string_equal(account, "a@b");
    *ret_password = strdup("given");
    return *(jrpc_status *)userdata;
}

static void asks_the_program(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    char *password = NULL;
    assert_int_equal(password_get(&options, "a@b", &password, &error), JRPC_E_INVALID);
    assert_string_equal(error.message, "no password given for a@b");
    jrpc_status answer = JRPC_OK;
    options.password_callback = give;
    options.password_userdata = &answer;
    assert_int_equal(password_get(&options, "a@b", &password, &error), JRPC_OK);
    assert_string_equal(password, "given");
    secret_free(password);
    password = NULL;
    answer = JRPC_E_CANCELLED; /* what it gave all the same is freed */
    assert_int_equal(password_get(&options, "a@b", &password, &error), JRPC_E_CANCELLED);
    assert_null(password);
    options.password = "direct";
    assert_int_equal(password_get(&options, "a@b", &password, &error), JRPC_OK);
    assert_string_equal(password, "direct");
    secret_free(password);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_settings),
        cmocka_unit_test(names_file_and_line),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(reads_the_first_line),
        cmocka_unit_test(refuses_what_is_no_password),
        cmocka_unit_test(refuses_a_file_that_others_may_read),
        cmocka_unit_test(a_missing_password_file_is_an_error),
        cmocka_unit_test(asks_the_program),
    };
    return cmocka_run_group_tests_name("program: files", tests, NULL, NULL);
}
