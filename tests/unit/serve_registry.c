/* SPDX-License-Identifier: MIT */
/* The registry of methods. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "serve/registry.h"

/* ---- registry ---- */

typedef struct service_impl {
    jrpc_status (*first)(jrpc_call *call);
    jrpc_status (*second)(jrpc_call *call, int32_t number);
    jrpc_status (*third)(jrpc_call *call);
} service_impl;

static jrpc_status first(jrpc_call *call)
{
    UNUSED(call);
    return JRPC_OK;
}

static jrpc_status second(jrpc_call *call, int32_t number)
{
    UNUSED(call);
    UNUSED(number);
    return JRPC_OK;
}

static const jrpc_interface service;
static const jrpc_param second_params[] = {
    { .name = "number", .type = &jrpc_type_i32, .direction = JRPC_IN }
};
static const jrpc_method service_methods[] = {
    { .name = "first", .wire_name = "Service.first", .interface_ = &service, .slot = 0 },
    { .name = "second", .wire_name = "Service.second", .interface_ = &service, .params = second_params,
      .param_count = 1, .slot = 1, .help = "The second." },
    { .name = "third", .wire_name = "Service.third", .interface_ = &service, .slot = 2 },
};
static const jrpc_interface service = { JRPC_DESC_ABI, 3, "Service", service_methods, NULL };
static const service_impl whole = { first, second, first };

static jrpc_status value_handler(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result,
                                 void *userdata)
{
    UNUSED(call);
    UNUSED(params);
    UNUSED(ret_result);
    UNUSED(userdata);
    return JRPC_OK;
}

static void check_names(registry *r, const char *expected)
{
    jrpc_seq_string names;
    assert_int_equal(registry_list(r, &names), JRPC_OK);
    char text[512] = "";
    for (size_t i = 0; i < names.len; i++) {
        strcat(text, i ? " " : "");
        strcat(text, names.data[i]);
    }
    assert_string_equal(text, expected);
    jrpc_value_clear(&jrpc_type_seq_string, &names);
}

static void interfaces_come_and_go(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    registry_init(&r);
    int userdata;
    check_names(&r, "");
    assert_int_equal(registry_add_interface(&r, &service, &whole, &userdata, NULL), JRPC_OK);
    check_names(&r, "Service.first Service.second Service.third");
    registry_method *m = registry_find(&r, "Service.second");
    assert_non_null(m);
    assert_ptr_equal(m->method, &service_methods[1]);
    assert_ptr_equal(m->userdata, &userdata);
    assert_true(m->function == (invoke_fn)second);
    assert_int_equal(registry_remove_interface(&r, &service, NULL), JRPC_OK);
    check_names(&r, "");
    assert_null(registry_find(&r, "Service.second"));
    assert_string_equal(m->name, "Service.second"); /* held by its reference */
    registry_method_unref(m);
    registry_method_unref(NULL);
}

static void names_match_exactly(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    registry_init(&r);
    assert_int_equal(registry_add_interface(&r, &service, &whole, NULL, NULL), JRPC_OK);
    static const char *const wrong[] = {
        "",      "service.first",  "Service.first ", " Service.first", "Service",
        "first", "Service.first.", "Service.firs",   "Service.first\n"
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_null(registry_find(&r, wrong[i]));
}

/* Who mistypes a name in an option is told the one that is meant: by its letters, or by its last part. */
static void names_that_do_not_exist_have_neighbours(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    registry_init(&r);
    assert_int_equal(registry_add_interface(&r, &service, &whole, NULL, NULL), JRPC_OK);
    assert_int_equal(registry_check(&r, "Service.third", NULL), JRPC_OK);
    static const char *const all[][2] = {
        { "Service.frist", "there is no method Service.frist; did you mean Service.first?" },
        { "second", "there is no method second; did you mean Service.second?" },
        { "Nothing.alike", "there is no method Nothing.alike" },
        { "", "there is no method " },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        assert_int_equal(registry_check(&r, all[i][0], &error), JRPC_E_NOT_FOUND);
        assert_string_equal(error.message, all[i][1]);
    }
}

static void what_is_not_implemented_does_not_exist(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    registry_init(&r);
    const service_impl part = { first, NULL, NULL };
    assert_int_equal(registry_add_interface(&r, &service, &part, NULL, NULL), JRPC_OK);
    check_names(&r, "Service.first");
    assert_int_equal(registry_remove_interface(&r, &service, NULL), JRPC_OK);
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(registry_remove_interface(&r, &service, &error), JRPC_E_NOT_FOUND);
    assert_string_equal(error.message, "no method of Service is registered");
}

static void all_or_nothing(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    registry_init(&r);
    assert_int_equal(registry_add_value(&r, "Service.third", value_handler, NULL, NULL, NULL), JRPC_OK);
    assert_int_equal(registry_add_interface(&r, &service, &whole, NULL, &error), JRPC_E_EXISTS);
    assert_non_null(strstr(error.message, "\"Service.third\""));
    check_names(&r, "Service.third");
    /* The other's registration is not taken away either. */
    assert_int_equal(registry_remove_interface(&r, &service, NULL), JRPC_E_NOT_FOUND);
    check_names(&r, "Service.third");
    assert_int_equal(registry_add_interface(&r, &service, &whole, NULL, NULL), JRPC_E_EXISTS);
}

static void bad_tables_undo_what_was_added(void **state)
{
    UNUSED(state);
    static const jrpc_type unknown = { .kind = 99, .size = 4, .name = "?" };
    static const jrpc_param bad[] = { { .name = "p", .type = &unknown, .direction = JRPC_IN } };
    const jrpc_method methods[] = {
        { .name = "a", .wire_name = "a", .slot = 0 },
        { .name = "b", .wire_name = "b", .slot = 1, .params = bad, .param_count = 1 },
    };
    const jrpc_interface broken = { JRPC_DESC_ABI, 2, "Broken", methods, NULL };
    AUTO(registry_done) registry r;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    registry_init(&r);
    assert_int_equal(registry_add_interface(&r, &broken, &whole, NULL, &error), JRPC_E_INVALID);
    assert_string_equal(error.message, "b: a parameter has an unknown type");
    check_names(&r, "");
    const jrpc_method twins[] = { { .name = "a", .wire_name = "a" }, { .name = "b", .wire_name = "a" } };
    const jrpc_interface doubled = { JRPC_DESC_ABI, 2, "Doubled", twins, NULL };
    assert_int_equal(registry_add_interface(&r, &doubled, &whole, NULL, &error), JRPC_E_EXISTS);
    check_names(&r, "");
    const jrpc_interface old = { JRPC_DESC_ABI + 1, 2, "Old", twins, NULL };
    assert_int_equal(registry_add_interface(&r, &old, &whole, NULL, &error), JRPC_E_INVALID);
    assert_non_null(strstr(error.message, "run idlgen again"));
    assert_int_equal(registry_add_interface(&r, NULL, &whole, NULL, &error), JRPC_E_INVALID);
    assert_int_equal(registry_add_interface(&r, &service, NULL, NULL, &error), JRPC_E_INVALID);
}

/* What two interfaces inherit from one base has one name: the first answers, and removing the second leaves it. */
static void shared_bases_are_answered_by_the_first(void **state)
{
    UNUSED(state);
    jrpc_interface first = { JRPC_DESC_ABI, 1, "First", NULL, NULL };
    jrpc_interface second = { JRPC_DESC_ABI, 2, "Second", NULL, NULL };
    const jrpc_method inherited = { .name = "a", .wire_name = "Base.a", .interface_ = &first, .flags = JRPC_METHOD_INHERITED };
    const jrpc_method both[] = {
        { .name = "a", .wire_name = "Base.a", .interface_ = &second, .flags = JRPC_METHOD_INHERITED },
        { .name = "b", .wire_name = "Second.b", .interface_ = &second, .slot = 1 },
    };
    first.methods = &inherited;
    second.methods = both;
    AUTO(registry_done) registry r;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    registry_init(&r);
    assert_int_equal(registry_add_interface(&r, &first, &whole, NULL, &error), JRPC_OK);
    assert_int_equal(registry_add_interface(&r, &second, &whole, NULL, &error), JRPC_OK);
    registry_method *m = registry_find(&r, "Base.a");
    assert_ptr_equal(m->method, &inherited);
    registry_method_unref(m);
    assert_int_equal(registry_remove_interface(&r, &second, &error), JRPC_OK);
    m = registry_find(&r, "Base.a");
    assert_non_null(m);
    registry_method_unref(m);
    assert_null(registry_find(&r, "Second.b"));
    /* The same twice is a mistake all the same. */
    assert_int_equal(registry_add_interface(&r, &first, &whole, NULL, &error), JRPC_E_EXISTS);
}

static void values_need_a_name_and_a_function(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    registry_init(&r);
    char long_name[300];
    memset(long_name, 'x', sizeof long_name);
    long_name[256] = '\0';
    assert_int_equal(registry_add_value(&r, NULL, value_handler, NULL, NULL, NULL), JRPC_E_INVALID);
    assert_int_equal(registry_add_value(&r, "", value_handler, NULL, NULL, NULL), JRPC_E_INVALID);
    assert_int_equal(registry_add_value(&r, long_name, value_handler, NULL, NULL, NULL), JRPC_E_INVALID);
    assert_int_equal(registry_add_value(&r, "a\x01", value_handler, NULL, NULL, NULL), JRPC_E_INVALID);
    assert_int_equal(registry_add_value(&r, "\xFF", value_handler, NULL, NULL, NULL), JRPC_E_INVALID);
    assert_int_equal(registry_add_value(&r, "a", NULL, NULL, NULL, NULL), JRPC_E_INVALID);
    long_name[255] = '\0';
    assert_int_equal(registry_add_value(&r, long_name, value_handler, NULL, "help", NULL), JRPC_OK);
    assert_int_equal(registry_add_value(&r, long_name, value_handler, NULL, NULL, NULL), JRPC_E_EXISTS);
    registry_method *m = registry_find(&r, long_name);
    assert_string_equal(m->help, "help");
    registry_method_unref(m);
}

typedef struct swapper {
    registry *r;
    atomic_bool stop;
} swapper;

static void *swap(void *argument)
{
    swapper *s = argument;
    while (!atomic_load(&s->stop)) {
        assert_int_equal(registry_add_interface(s->r, &service, &whole, NULL, NULL), JRPC_OK);
        assert_int_equal(registry_remove_interface(s->r, &service, NULL), JRPC_OK);
    }
    return NULL;
}

static void methods_are_swapped_while_found(void **state)
{
    UNUSED(state);
    AUTO(registry_done) registry r;
    registry_init(&r);
    swapper s = { .r = &r };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, swap, &s), 0);
    unsigned found = 0;
    for (int i = 0; i < 200000 && found < 2000; i++) {
        registry_method *m = registry_find(&r, "Service.second");
        if (!m)
            continue;
        assert_string_equal(m->name, "Service.second");
        assert_non_null(m->plan);
        registry_method_unref(m);
        found++;
    }
    atomic_store(&s.stop, true);
    pthread_join(thread, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interfaces_come_and_go),
        cmocka_unit_test(names_match_exactly),
        cmocka_unit_test(names_that_do_not_exist_have_neighbours),
        cmocka_unit_test(what_is_not_implemented_does_not_exist),
        cmocka_unit_test(all_or_nothing),
        cmocka_unit_test(bad_tables_undo_what_was_added),
        cmocka_unit_test(shared_bases_are_answered_by_the_first),
        cmocka_unit_test(values_need_a_name_and_a_function),
        cmocka_unit_test(methods_are_swapped_while_found),
    };
    return cmocka_run_group_tests_name("serve: registry", tests, NULL, NULL);
}
