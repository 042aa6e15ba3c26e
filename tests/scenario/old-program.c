/* SPDX-License-Identifier: MIT */
#include "old-program.h"

#include <stdlib.h>

void release_value(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}

/* ---- a registry ---- */

static xmlrpc_value *add(xmlrpc_env *env, xmlrpc_value *params, void *info)
{
    UNUSED(info);
    xmlrpc_int32 a = 0, b = 0;
    xmlrpc_decompose_value(env, params, "(ii)", &a, &b);
    return env->fault_occurred ? NULL : xmlrpc_int_new(env, a + b);
}

xmlrpc_value *echo(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(info);
    UNUSED(call);
    xmlrpc_value *value = NULL;
    xmlrpc_array_read_item(env, params, 0, &value);
    return value;
}

static xmlrpc_value *wide(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(info);
    UNUSED(call);
    xmlrpc_int64 n = 0;
    double d = 0;
    xmlrpc_decompose_value(env, params, "(Id)", &n, &d);
    return env->fault_occurred ? NULL : xmlrpc_double_new(env, (double)n + d);
}

static xmlrpc_value *say_no(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    UNUSED(info);
    UNUSED(call);
    xmlrpc_env_set_fault(env, 77, "no <such> file & more");
    return NULL;
}

static xmlrpc_value *spoil(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    UNUSED(info);
    UNUSED(call);
    return xmlrpc_string_new(env, "a\001b");
}

static xmlrpc_value *large(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    UNUSED(info);
    UNUSED(call);
    size_t len = 1000000; /* more than xmlrpc-c itself would read, and than a stanza can have */
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, 'x', len);
    xmlrpc_value *value = xmlrpc_string_new_lp(env, len, text);
    free(text);
    return value;
}

static xmlrpc_value *lines(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    UNUSED(info);
    UNUSED(call);
    return xmlrpc_string_new_cr(env, "\r\na\rb\r\n\r\n</string>\r");
}

static xmlrpc_value *slow(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    UNUSED(call);
    old_program *o = info;
    pthread_mutex_lock(&o->lock);
    o->running++;
    o->most = o->running > o->most ? o->running : o->most;
    pthread_cond_broadcast(&o->changed);
    while (!o->open)
        pthread_cond_wait(&o->changed, &o->lock);
    o->running--;
    pthread_mutex_unlock(&o->lock);
    return xmlrpc_nil_new(env);
}

static xmlrpc_value *caller(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    old_program *o = info;
    pthread_mutex_lock(&o->lock);
    snprintf(o->caller, sizeof o->caller, "%s", jrpc_call_caller(call));
    pthread_mutex_unlock(&o->lock);
    return xmlrpc_bool_new(env, 1);
}

static xmlrpc_value *own_fault(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
{
    UNUSED(params);
    UNUSED(info);
    jrpc_call_fault(call, 9, "of %s", jrpc_call_method(call));
    xmlrpc_env_set_fault(env, 1, "not this one");
    return NULL;
}

static xmlrpc_value *any_other(xmlrpc_env *env, const char *call, const char *name, xmlrpc_value *params, void *info)
{
    UNUSED(call);
    UNUSED(name);
    UNUSED(params);
    UNUSED(info);
    return xmlrpc_int_new(env, 666);
}

static void shut_down(xmlrpc_env *env, void *context, const char *comment, void *call)
{
    UNUSED(env);
    UNUSED(context);
    UNUSED(comment);
    UNUSED(call);
    abort();
}

void before(xmlrpc_env *env, const char *method, xmlrpc_value *params, void *userdata)
{
    UNUSED(params);
    old_program *o = userdata;
    if (strcmp(method, "old.forbidden") == 0)
        xmlrpc_env_set_fault(env, 403, "not this one");
    pthread_mutex_lock(&o->lock);
    o->invoked++;
    pthread_mutex_unlock(&o->lock);
}

old_program *new_program(void)
{
    old_program *o = calloc(1, sizeof *o);
    xmlrpc_env env;
    assert_non_null(o);
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->changed, NULL);
    xmlrpc_env_init(&env);
    o->registry = xmlrpc_registry_new(&env);
    const struct xmlrpc_method_info3 methods[] = {
        { "old.echo", echo, NULL, 0, "?", "Says\nit <again>." },
        { "old.wide", wide, NULL, 0, "d:Id", NULL },
        { "old.fail", say_no, NULL, 0, "i:,i:s", "" },
        { "old.spoil", spoil, NULL, 0, "s:", "" },
        { "old.large", large, NULL, 0, "s:", "" },
        { "old.lines", lines, NULL, 0, "s:", "" },
        { "old.slow", slow, o, 0, "n:", "" },
        { "old.caller", caller, o, 0, "b:", "" },
        { "old.own_fault", own_fault, NULL, 0, "b:", "" },
        { "old.forbidden", echo, NULL, 0, "b:", "" },
    };
    xmlrpc_registry_add_method(&env, o->registry, NULL, "old.add", add, NULL); /* as 1.0 had it */
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        xmlrpc_registry_add_method3(&env, o->registry, &methods[i]);
    xmlrpc_registry_set_default_method(&env, o->registry, any_other, NULL);
    xmlrpc_registry_set_shutdown(o->registry, shut_down, NULL);
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
    return o;
}

void free_program(old_program *o)
{
    xmlrpc_registry_free(o->registry);
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->changed);
    free(o);
}

void open_gate(old_program *o)
{
    pthread_mutex_lock(&o->lock);
    o->open = true;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

void wait_running(old_program *o, unsigned count)
{
    pthread_mutex_lock(&o->lock);
    while (o->running < count)
        pthread_cond_wait(&o->changed, &o->lock);
    pthread_mutex_unlock(&o->lock);
}

/* ---- calling it ---- */

xmlrpc_value *build(const char *format, ...)
{
    xmlrpc_env env;
    xmlrpc_value *value = NULL;
    const char *rest = NULL;
    va_list ap;
    xmlrpc_env_init(&env);
    va_start(ap, format);
    xmlrpc_build_value_va(&env, format, ap, &value, &rest);
    va_end(ap);
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
    return value;
}

jrpc_status ask(jrpc_peer *peer, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result, jrpc_error *error)
{
    jrpc_status status = jrpc_call_value(peer, method, params, ret_result, error);
    if (params)
        xmlrpc_DECREF(params);
    return status;
}

int ask_int(jrpc_peer *peer, const char *method, xmlrpc_value *params)
{
    AUTO_VALUE result = NULL;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    if (ask(peer, method, params, &result, &error) != JRPC_OK)
        fail_msg("%s: %s", method, error.message);
    xmlrpc_env env;
    int number = -1;
    xmlrpc_env_init(&env);
    xmlrpc_read_int(&env, result, &number);
    assert_false(env.fault_occurred);
    return number;
}

void expect_fault(jrpc_peer *peer, const char *method, xmlrpc_value *params, jrpc_status status, int32_t code,
                  const char *part)
{
    AUTO_VALUE result = NULL;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(ask(peer, method, params, &result, &error), status);
    assert_int_equal(error.code, code);
    if (!strstr(error.message, part))
        fail_msg("%s: \"%s\" without \"%s\"", method, error.message, part);
}

pair *open_mounted(old_program *o, const jrpc_session_options *of_b, const jrpc_registry_options *options)
{
    pair *p = pair_open_two(NULL, of_b);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    if (jrpc_serve_registry(p->b, o->registry, options, &error) != JRPC_OK)
        fail_msg("%s", error.message);
    return p;
}
