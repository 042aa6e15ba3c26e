/* SPDX-License-Identifier: MIT */
/* Methods that are replaced and removed while calls run: each call has one answer, and what is gone is not used. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/serve.h>
#include <jrpc/xmlrpc.h>

#include "base/clock.h"

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

/* ---- an interface whose tables can be freed ---- */

typedef struct number_impl {
    jrpc_status (*number)(jrpc_call *call, int32_t *ret_number);
    jrpc_status (*other)(jrpc_call *call);
} number_impl;

/* All that one version of a service is made of, as an unloaded module would take it away. */
typedef struct version {
    jrpc_interface interface_;
    jrpc_method methods[2];
    number_impl impl;
    int32_t number;
    char name[16];
} version;

static jrpc_status give_number(jrpc_call *call, int32_t *ret_number)
{
    const version *v = jrpc_call_userdata(call);
    *ret_number = v->number;
    return JRPC_OK;
}

static jrpc_status nothing(jrpc_call *call)
{
    UNUSED(call);
    return JRPC_OK;
}

static version *new_version(int32_t number)
{
    version *v = calloc(1, sizeof *v);
    assert_non_null(v);
    v->number = number;
    snprintf(v->name, sizeof v->name, "Number");
    v->methods[0] = (jrpc_method){ .name = "number", .wire_name = "Number", .interface_ = &v->interface_,
                                   .result = &jrpc_type_i32, .slot = 0 };
    v->methods[1] = (jrpc_method){ .name = "other", .wire_name = "Other", .interface_ = &v->interface_, .slot = 1 };
    v->interface_ = (jrpc_interface){ JRPC_DESC_ABI, 2, v->name, v->methods, NULL };
    v->impl = (number_impl){ give_number, nothing };
    return v;
}

/* Whoever still used it would be seen, by a sanitizer or by what it does. */
static void free_version(version *v)
{
    memset(v, 0xDB, sizeof *v);
    free(v);
}

static jrpc_module_service service_of(const version *v)
{
    return (jrpc_module_service){ &v->interface_, &v->impl };
}

static const jrpc_method caller_method = { .name = "number", .wire_name = "Number", .result = &jrpc_type_i32 };

static jrpc_status ask(jrpc_peer *peer, int32_t *ret_number, jrpc_error *error)
{
    return jrpc_invoke(peer, &caller_method, NULL, (void *[]){ ret_number }, error);
}

/* ---- under load ---- */

typedef struct caller {
    pair *p;
    atomic_int *least, *most; /* versions that may answer now */
    atomic_bool *stop;
    atomic_size_t *calls;
    pthread_t thread;
    atomic_bool *failed;
    char wrong[256];
} caller;

static void *call_on(void *argument)
{
    caller *c = argument;
    while (!atomic_load(c->stop) && !*c->wrong) {
        AUTO_ERROR error = JRPC_ERROR_INIT;
        int32_t number = -1, least = atomic_load(c->least);
        jrpc_status status = ask(c->p->to_b, &number, &error);
        if (status != JRPC_OK)
            snprintf(c->wrong, sizeof c->wrong, "%s", error.message);
        else if (number < least || number > atomic_load(c->most))
            snprintf(c->wrong, sizeof c->wrong, "%d, not from %d", (int)number, (int)least);
        atomic_fetch_add(c->calls, 1);
    }
    if (*c->wrong)
        atomic_store(c->failed, true);
    return NULL;
}

/* Each version answers at least once, or something is wrong with a caller. */
static void wait_for_calls(const caller *c, size_t more)
{
    size_t wanted = atomic_load(c->calls) + more;
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    while (atomic_load(c->calls) < wanted && !atomic_load(c->failed)) {
        assert_true(clock_now() < until);
        nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
    }
}

static void a_thousand_times(void **state)
{
    enum { CALLERS = 4, SWAPS = 1000 };
    pair *p = pair_open_two(NULL, *state);
    atomic_int least = 0, most = 0;
    atomic_bool stop = false, failed = false;
    atomic_size_t calls = 0;
    caller callers[CALLERS];
    version *current = new_version(0);
    jrpc_module_service service = service_of(current);
    assert_int_equal(jrpc_serve_instead(p->b, NULL, 0, &service, 1, current, NULL), JRPC_OK);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (caller){ .p = p, .least = &least, .most = &most, .stop = &stop, .calls = &calls, .failed = &failed };
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_on, &callers[i]), 0);
    }
    for (int32_t n = 1; n <= SWAPS; n++) {
        version *next = new_version(n);
        jrpc_module_service old = service_of(current);
        service = service_of(next);
        atomic_store(&most, n);
        assert_int_equal(jrpc_serve_instead(p->b, &old, 1, &service, 1, next, NULL), JRPC_OK);
        atomic_store(&least, n); /* who asks from now on is not answered by the old one */
        assert_int_equal(jrpc_unserve_wait(p->b, &current->interface_, PAIR_PATIENCE_MS, NULL), JRPC_OK);
        free_version(current);
        current = next;
        wait_for_calls(callers, CALLERS + 1);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_string_equal(callers[i].wrong, "");
    }
    assert_int_equal(jrpc_unserve_wait(p->b, &current->interface_, PAIR_PATIENCE_MS, NULL), JRPC_OK);
    free_version(current);
    pair_close(p);
}

/* ---- one by one ---- */

/* Serves Slow and Later as the pair does, but by tables of its own. */
typedef struct slow_module {
    pair *p;
    jrpc_call *kept;
} slow_module;

static jrpc_status keep_it(jrpc_call *call, int32_t *ret_number)
{
    slow_module *m = jrpc_call_userdata(call);
    UNUSED(ret_number);
    jrpc_call_defer(call);
    pthread_mutex_lock(&m->p->lock);
    m->kept = call;
    pthread_cond_broadcast(&m->p->changed);
    pthread_mutex_unlock(&m->p->lock);
    return JRPC_OK;
}

static void wait_kept(slow_module *m)
{
    pthread_mutex_lock(&m->p->lock);
    while (!m->kept)
        pthread_cond_wait(&m->p->changed, &m->p->lock);
    pthread_mutex_unlock(&m->p->lock);
}

/* A call that waits for its answer keeps the old tables; new ones are answered by the new tables. */
static void running_calls_keep_the_old(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    version *old = new_version(1), *next = new_version(2);
    slow_module slow = { p, NULL };
    old->impl.number = keep_it;
    jrpc_module_service olds = service_of(old), news = service_of(next);
    assert_int_equal(jrpc_serve(p->b, &old->interface_, &old->impl, &slow, NULL), JRPC_OK);
    jrpc_future *future = NULL;
    int32_t number = 0;
    assert_int_equal(jrpc_send(p->to_b, &caller_method, NULL, NULL, NULL, &future, NULL), JRPC_OK);
    wait_kept(&slow);
    assert_int_equal(jrpc_serve_instead(p->b, &olds, 1, &news, 1, next, &error), JRPC_OK);
    assert_int_equal(ask(p->to_b, &number, &error), JRPC_OK);
    assert_int_equal(number, 2);
    assert_int_equal(jrpc_unserve_wait(p->b, &old->interface_, 0, &error), JRPC_E_TIMEOUT);
    assert_int_equal(jrpc_unserve_wait(p->b, &old->interface_, 20, &error), JRPC_E_TIMEOUT);
    assert_string_equal(error.message, "calls still use the interface after 20 ms");
    number = 7;
    jrpc_call_reply(slow.kept, &old->methods[0], (const void *[]){ &number });
    assert_int_equal(jrpc_finish(future, &caller_method, (void *[]){ &number }, NULL), JRPC_OK);
    assert_int_equal(number, 7);
    assert_int_equal(jrpc_unserve_wait(p->b, &old->interface_, PAIR_PATIENCE_MS, &error), JRPC_OK);
    free_version(old);
    assert_int_equal(jrpc_unserve_wait(p->b, &next->interface_, PAIR_PATIENCE_MS, &error), JRPC_OK);
    assert_int_equal(ask(p->to_b, &number, &error), JRPC_E_NO_SUCH_METHOD);
    free_version(next);
    pair_close(p);
}

static void a_swap_that_fails_changes_nothing(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    version *old = new_version(1), *next = new_version(2);
    jrpc_module_service olds = service_of(old), news[2] = { service_of(next), service_of(next) };
    int32_t number = 0;
    assert_int_equal(jrpc_serve(p->b, &old->interface_, &old->impl, old, NULL), JRPC_OK);
    /* A name that is the pair's. */
    next->methods[1].wire_name = "Add";
    assert_int_equal(jrpc_serve_instead(p->b, &olds, 1, news, 1, next, &error), JRPC_E_EXISTS);
    assert_non_null(strstr(error.message, "\"Add\" is registered already, by interface Pair"));
    /* The same twice. */
    next->methods[1].wire_name = "Other";
    assert_int_equal(jrpc_serve_instead(p->b, &olds, 1, news, 2, next, &error), JRPC_E_EXISTS);
    /* Of another generation. */
    next->interface_.abi++;
    assert_int_equal(jrpc_serve_instead(p->b, &olds, 1, news, 1, next, &error), JRPC_E_INVALID);
    next->interface_.abi--;
    assert_int_equal(ask(p->to_b, &number, &error), JRPC_OK);
    assert_int_equal(number, 1);
    assert_int_equal(jrpc_unserve_wait(p->b, &next->interface_, 0, &error), JRPC_OK); /* nothing of it is there */
    /* What the new one has no more goes. */
    next->interface_.method_count = 1;
    assert_int_equal(jrpc_serve_instead(p->b, &olds, 1, news, 1, next, &error), JRPC_OK);
    assert_int_equal(ask(p->to_b, &number, &error), JRPC_OK);
    assert_int_equal(number, 2);
    const jrpc_method other = { .name = "other", .wire_name = "Other" };
    assert_int_equal(jrpc_invoke(p->to_b, &other, NULL, NULL, &error), JRPC_E_NO_SUCH_METHOD);
    assert_int_equal(jrpc_unserve_wait(p->b, &next->interface_, PAIR_PATIENCE_MS, &error), JRPC_OK);
    pair_close(p);
    free_version(old);
    free_version(next);
}

static jrpc_status say_yes(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(call);
    UNUSED(params);
    UNUSED(ret_result);
    return *(atomic_int *)userdata == 0 ? JRPC_OK : JRPC_E_INTERNAL;
}

static void values_go_as_well(void **state)
{
    UNUSED(state);
    pair *p = pair_open(NULL);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    xmlrpc_value *result = NULL;
    atomic_int *userdata = calloc(1, sizeof *userdata);
    assert_int_equal(jrpc_serve_value(p->b, "Yes", say_yes, userdata, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_call_value(p->to_b, "Yes", NULL, &result, NULL), JRPC_OK);
    xmlrpc_DECREF(result);
    assert_int_equal(jrpc_unserve_value(p->b, "Yes", PAIR_PATIENCE_MS, &error), JRPC_OK);
    free(userdata);
    assert_int_equal(jrpc_call_value(p->to_b, "Yes", NULL, &result, &error), JRPC_E_NO_SUCH_METHOD);
    assert_int_equal(jrpc_unserve_value(p->b, "Yes", 0, &error), JRPC_E_NOT_FOUND);
    assert_int_equal(jrpc_unserve_value(p->b, "Add", 0, &error), JRPC_E_NOT_FOUND); /* is of an interface */
    assert_int_equal(jrpc_unserve_value(p->b, "system.listMethods", 0, &error), JRPC_OK);
    assert_int_equal(jrpc_call_value(p->to_b, "system.listMethods", NULL, &result, &error), JRPC_E_NO_SUCH_METHOD);
    pair_close(p);
}

static jrpc_status remove_itself(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(ret_result);
    *(atomic_int *)userdata = jrpc_unserve_value(jrpc_call_session(call), "Yes", -1, NULL);
    return JRPC_OK;
}

static void not_from_a_handler(void **state)
{
    pair *p = pair_open(*state);
    atomic_int status = JRPC_OK;
    xmlrpc_value *result = NULL;
    assert_int_equal(jrpc_serve_value(p->b, "Yes", remove_itself, &status, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_call_value(p->to_b, "Yes", NULL, &result, NULL), JRPC_OK);
    assert_int_equal(status, JRPC_E_DEADLOCK);
    xmlrpc_DECREF(result);
    pair_close(p);
}

static const jrpc_session_options threads = JRPC_SESSION_OPTIONS_INIT;
static const jrpc_session_options inlined = { .size = sizeof inlined, .inline_handlers = true };

#define WITH(name, options) cmocka_unit_test_prestate(name, (void *)(uintptr_t)&(options))

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_thousand_times, threads),
        WITH(a_thousand_times, inlined),
        cmocka_unit_test(running_calls_keep_the_old),
        cmocka_unit_test(a_swap_that_fails_changes_nothing),
        cmocka_unit_test(values_go_as_well),
        WITH(not_from_a_handler, threads),
        WITH(not_from_a_handler, inlined),
    };
    return cmocka_run_group_tests_name("scenario: swap", tests, NULL, NULL);
}
