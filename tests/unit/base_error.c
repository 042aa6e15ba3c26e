/* SPDX-License-Identifier: MIT */
/* Errors and statuses: ownership, replacement, the one line that people read. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/desc.h>

#include "base/error.h"
#include "base/mem.h"

static void statuses_have_names_and_sentences(void **state)
{
    UNUSED(state);
    static const jrpc_status all[] = {
#define NUMBER(name, number, text) JRPC_E_##name,
        JRPC_STATUS_MAP(NUMBER)
#undef NUMBER
    };
    assert_string_equal(jrpc_status_name(JRPC_OK), "OK");
    assert_string_equal(jrpc_status_name(JRPC_E_NO_SUCH_METHOD), "NO_SUCH_METHOD");
    assert_string_equal(jrpc_status_name((jrpc_status)-12345), "UNKNOWN");
    assert_string_equal(jrpc_status_text((jrpc_status)7), "unknown status");
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_true(all[i] < 0);
        const char *text = jrpc_status_text(all[i]);
        assert_true(strlen(text) > 5);
        assert_int_not_equal(text[strlen(text) - 1], '.');
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(all[i], all[k]);
            assert_string_not_equal(jrpc_status_name(all[i]), jrpc_status_name(all[k]));
        }
    }
}

static void done_accepts_anything(void **state)
{
    UNUSED(state);
    jrpc_error_done(NULL);
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_error_done(&error);
    jrpc_error_set(&error, JRPC_E_INVALID, "wrong %d", 5);
    jrpc_error_done(&error);
    jrpc_error_done(&error);
    assert_int_equal(error.status, JRPC_OK);
    assert_null(error.message);
}

static void set_replaces_what_was_there(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(error_set(&error, JRPC_ERROR_FAULT, JRPC_E_FAULT, "first"), JRPC_E_FAULT);
    error_who(&error, "peer-b@localhost/rpc");
    error_what(&error, "Rot13");
    error_path(&error, "params[0]");
    error_condition(&error, "forbidden");
    error_code(&error, 7);
    assert_int_equal(jrpc_error_set(&error, JRPC_E_TIMEOUT, "second %s", "text"), JRPC_E_TIMEOUT);
    assert_int_equal(error.status, JRPC_E_TIMEOUT);
    assert_int_equal(error.domain, JRPC_ERROR_LOCAL);
    assert_string_equal(error.message, "second text");
    assert_null(error.who);
    assert_null(error.what);
    assert_null(error.path);
    assert_null(error.condition);
    assert_int_equal(error.code, 0);
}

static void arguments_may_be_its_own_parts(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_error_set(&error, JRPC_E_IO, "inner");
    error_who(&error, "somebody");
    jrpc_error_set(&error, JRPC_E_IO, "outer: %s (%s)", error.message, error.who);
    assert_string_equal(error.message, "outer: inner (somebody)");
    error_who(&error, "x");
    error_who(&error, error.who);
    assert_string_equal(error.who, "x");
    error_who(&error, NULL);
    assert_null(error.who);
}

static void null_error_is_fine(void **state)
{
    UNUSED(state);
    assert_int_equal(jrpc_error_set(NULL, JRPC_E_BUSY, "%s", "x"), JRPC_E_BUSY);
    assert_int_equal(error_set(NULL, JRPC_ERROR_APP, JRPC_E_FAULT, "x"), JRPC_E_FAULT);
    assert_int_equal(error_nomem(NULL), JRPC_E_NOMEM);
    error_who(NULL, "x");
    error_what(NULL, "x");
    error_path(NULL, "x");
    error_condition(NULL, "x");
    error_code(NULL, 1);
}

static void nomem_needs_no_memory(void **state)
{
    UNUSED(state);
    jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(error_nomem(&error), JRPC_E_NOMEM);
    assert_ptr_equal(error.message, jrpc_status_text(JRPC_E_NOMEM));
    jrpc_error copy = JRPC_ERROR_INIT;
    jrpc_error_move(&copy, &error);
    jrpc_error_done(&copy); /* must not free the static text */
    jrpc_error_set(&error, JRPC_E_IO, "after");
    assert_string_equal(error.message, "after");
    jrpc_error_done(&error);
}

static void move_empties_the_source(void **state)
{
    UNUSED(state);
    jrpc_error from = JRPC_ERROR_INIT, to = JRPC_ERROR_INIT;
    jrpc_error_set(&to, JRPC_E_IO, "old");
    jrpc_error_set(&from, JRPC_E_BUSY, "new");
    jrpc_error_move(&to, &from);
    assert_string_equal(to.message, "new");
    assert_int_equal(from.status, JRPC_OK);
    assert_null(from.message);
    jrpc_error_move(&to, &to);
    assert_string_equal(to.message, "new");
    jrpc_error_move(NULL, &to);
    assert_null(to.message);
}

static int freed;

static void free_value(const struct jrpc_exception *exception, void *value)
{
    assert_string_equal(exception->name, "NoMoney");
    freed++;
    free(value);
}

static void exceptions_are_owned(void **state)
{
    UNUSED(state);
    static const jrpc_exception no_money = { .name = "NoMoney", .code = 7 };
    freed = 0;
    jrpc_error error = JRPC_ERROR_INIT;
    error_set(&error, JRPC_ERROR_APP, JRPC_E_FAULT, "NoMoney");
    error_exception_take(&error, &no_money, calloc(1, 8), free_value);
    jrpc_error moved = JRPC_ERROR_INIT;
    jrpc_error_move(&moved, &error);
    jrpc_error_done(&error);
    assert_int_equal(freed, 0);
    assert_ptr_equal(moved.exception, &no_money);
    jrpc_error_set(&moved, JRPC_E_IO, "another");
    assert_int_equal(freed, 1);
    assert_null(moved.exception);
    assert_null(moved.value);
    jrpc_error_done(&moved);
    error_exception_take(NULL, &no_money, calloc(1, 8), free_value);
    assert_int_equal(freed, 2);
}

static void check_line(const jrpc_error *error, const char *expected)
{
    autofree char *line = jrpc_error_to_string(error);
    assert_string_equal(line, expected);
}

static void says_what_whose_why(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    check_line(&error, "no error");
    error_set(&error, JRPC_ERROR_FAULT, JRPC_E_NO_SUCH_METHOD, "no such method: Rot14");
    error_code(&error, -32601);
    error_who(&error, "peer-b@localhost/rpc");
    error_what(&error, "Rot14");
    check_line(&error, "Rot14: peer-b@localhost/rpc: NO_SUCH_METHOD: fault -32601: no such method: Rot14");
    jrpc_error_set(&error, JRPC_E_INVALID, "2147483648 is out of range for long");
    error_path(&error, "params[1].items[3].n");
    check_line(&error, "INVALID: params[1].items[3].n: 2147483648 is out of range for long");
    error_set(&error, JRPC_ERROR_TRANSPORT, JRPC_E_UNAVAILABLE, "nobody there");
    error_condition(&error, "service-unavailable");
    check_line(&error, "UNAVAILABLE: nobody there (service-unavailable)");
    error_set(&error, JRPC_ERROR_TRANSPORT, JRPC_E_UNAVAILABLE, "service-unavailable: gone");
    error_condition(&error, "service-unavailable");
    check_line(&error, "UNAVAILABLE: service-unavailable: gone");
}

static void peers_cannot_forge_lines(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    error_set(&error, JRPC_ERROR_FAULT, JRPC_E_FAULT, "%s", "a\nb\x1B[31m\x7F\xC2\x85\xE2\x80\xAE\xFF end");
    error_who(&error, "evil@x/\r\n");
    autofree char *line = jrpc_error_to_string(&error);
    assert_string_equal(line, "evil@x/\\u{D}\\u{A}: FAULT: fault 0: "
                              "a\\u{A}b\\u{1B}[31m\\u{7F}\\u{85}\\u{202E}\\xFF end");
}

static void prints_one_line(void **state)
{
    UNUSED(state);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_error_set(&error, JRPC_E_IO, "disk\nfull");
    autofree char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    assert_non_null(stream);
    jrpc_error_print(stream, &error);
    fclose(stream);
    assert_string_equal(text, "IO: disk\\u{A}full\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_names_and_sentences),
        cmocka_unit_test(done_accepts_anything),
        cmocka_unit_test(set_replaces_what_was_there),
        cmocka_unit_test(arguments_may_be_its_own_parts),
        cmocka_unit_test(null_error_is_fine),
        cmocka_unit_test(nomem_needs_no_memory),
        cmocka_unit_test(move_empties_the_source),
        cmocka_unit_test(exceptions_are_owned),
        cmocka_unit_test(says_what_whose_why),
        cmocka_unit_test(peers_cannot_forge_lines),
        cmocka_unit_test(prints_one_line),
    };
    return cmocka_run_group_tests_name("base: errors", tests, NULL, NULL);
}
