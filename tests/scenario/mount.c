/* SPDX-License-Identifier: MIT */
/* Registries of xmlrpc-c's that are served: what their methods get and give, one at a time, and how they go. */
#include "pair.h"

#include <jrpc/xmlrpc.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xmlrpc-c/server.h>

#include "base/clock.h"
#include "command/chatline.h"

static void release(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}
#define AUTO_VALUE AUTO(release) xmlrpc_value *
#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error

/* ---- a registry ---- */

typedef struct old_program {
    xmlrpc_registry *registry;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    unsigned running, most; /* calls of old.slow at one time */
    bool open;              /* its gate */
    char caller[64];        /* of old.caller */
    unsigned invoked;       /* calls that the preinvoke function saw */
} old_program;

static xmlrpc_value *add(xmlrpc_env *env, xmlrpc_value *params, void *info)
{
    UNUSED(info);
    xmlrpc_int32 a = 0, b = 0;
    xmlrpc_decompose_value(env, params, "(ii)", &a, &b);
    return env->fault_occurred ? NULL : xmlrpc_int_new(env, a + b);
}

static xmlrpc_value *echo(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call)
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

static void before(xmlrpc_env *env, const char *method, xmlrpc_value *params, void *userdata)
{
    UNUSED(params);
    old_program *o = userdata;
    if (strcmp(method, "old.forbidden") == 0)
        xmlrpc_env_set_fault(env, 403, "not this one");
    pthread_mutex_lock(&o->lock);
    o->invoked++;
    pthread_mutex_unlock(&o->lock);
}

static old_program *new_program(void)
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

static void free_program(old_program *o)
{
    xmlrpc_registry_free(o->registry);
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->changed);
    free(o);
}

static void open_gate(old_program *o)
{
    pthread_mutex_lock(&o->lock);
    o->open = true;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

static void wait_running(old_program *o, unsigned count)
{
    pthread_mutex_lock(&o->lock);
    while (o->running < count)
        pthread_cond_wait(&o->changed, &o->lock);
    pthread_mutex_unlock(&o->lock);
}

/* ---- calling it ---- */

static xmlrpc_value *build(const char *format, ...)
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

/* Takes params over. */
static jrpc_status ask(jrpc_peer *peer, const char *method, xmlrpc_value *params, xmlrpc_value **ret_result,
                       jrpc_error *error)
{
    jrpc_status status = jrpc_call_value(peer, method, params, ret_result, error);
    if (params)
        xmlrpc_DECREF(params);
    return status;
}

static int ask_int(jrpc_peer *peer, const char *method, xmlrpc_value *params)
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

static void expect_fault(jrpc_peer *peer, const char *method, xmlrpc_value *params, jrpc_status status, int32_t code,
                         const char *part)
{
    AUTO_VALUE result = NULL;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(ask(peer, method, params, &result, &error), status);
    assert_int_equal(error.code, code);
    if (!strstr(error.message, part))
        fail_msg("%s: \"%s\" without \"%s\"", method, error.message, part);
}

static pair *open_mounted(old_program *o, const jrpc_session_options *of_b, const jrpc_registry_options *options)
{
    pair *p = pair_open_two(NULL, of_b);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    if (jrpc_serve_registry(p->b, o->registry, options, &error) != JRPC_OK)
        fail_msg("%s", error.message);
    return p;
}

/* ---- tests ---- */

static void its_methods_are_called(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    assert_int_equal(ask_int(p->to_b, "old.add", build("(ii)", 2, -40)), -38);
    AUTO_VALUE truth = NULL;
    assert_int_equal(ask(p->to_b, "old.caller", NULL, &truth, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_value_type(truth), XMLRPC_TYPE_BOOL);
    assert_string_equal(o->caller, PAIR_A);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* the typed ones are there too */
    assert_int_equal(sum, 3);
    pair_close(p);
    free_program(o);
}

static void faults_come_as_they_are(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    expect_fault(p->to_b, "old.fail", NULL, JRPC_E_FAULT, 77, "no <such> file & more");
    expect_fault(p->to_b, "old.own_fault", NULL, JRPC_E_FAULT, 9, "of old.own_fault");
    expect_fault(p->to_b, "old.add", build("(si)", "x", 1), JRPC_E_FAULT, XMLRPC_TYPE_ERROR, "");
    expect_fault(p->to_b, "old.spoil", NULL, JRPC_E_FAULT, -32603, "incident");
    expect_fault(p->to_b, "old.large", NULL, JRPC_E_TOO_LARGE, -32097, "limit");
    pair_close(p);
    free_program(o);
}

static void what_is_not_listed_is_not_there(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    expect_fault(p->to_b, "old.none", NULL, JRPC_E_NO_SUCH_METHOD, -32601, "old.none"); /* no default method */
    expect_fault(p->to_b, "system.shutdown", build("(s)", "x"), JRPC_E_NO_SUCH_METHOD, -32601, "system.shutdown");
    expect_fault(p->to_b, "system.methodExist", build("(s)", "x"), JRPC_E_NO_SUCH_METHOD, -32601, "methodExist");
    /* Not even by the registry's own multicall: the one there is is ours. */
    AUTO_VALUE results = NULL;
    assert_int_equal(ask(p->to_b, "system.multicall",
                         build("(({s:s,s:(s)}{s:s,s:(ii)}))", "methodName", "system.shutdown", "params", "x", "methodName",
                               "old.add", "params", 20, 22),
                         &results, NULL),
                     JRPC_OK);
    xmlrpc_env env;
    xmlrpc_int32 code = 0, sum = 0;
    const char *text = NULL;
    xmlrpc_env_init(&env);
    xmlrpc_decompose_value(&env, results, "({s:i,s:s,*}(i))", "faultCode", &code, "faultString", &text, &sum);
    assert_false(env.fault_occurred);
    assert_int_equal(code, -32601);
    assert_int_equal(sum, 42);
    free((char *)(uintptr_t)text);
    pair_close(p);
    free_program(o);
}

/* What comes back from old.echo is what went there. */
static void expect_echo(pair *p, xmlrpc_value *value, xmlrpc_type type)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    AUTO_VALUE back = NULL;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    AUTO_VALUE sent = value;
    if (ask(p->to_b, "old.echo", build("(V)", value), &back, &error) != JRPC_OK)
        fail_msg("%s", error.message);
    assert_int_equal(xmlrpc_value_type(back), type);
    xmlrpc_mem_block *a = XMLRPC_MEMBLOCK_NEW(char, &env, 0), *b = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    xmlrpc_serialize_value(&env, a, sent);
    xmlrpc_serialize_value(&env, b, back);
    assert_false(env.fault_occurred);
    assert_int_equal(XMLRPC_MEMBLOCK_SIZE(char, a), XMLRPC_MEMBLOCK_SIZE(char, b));
    assert_memory_equal(XMLRPC_MEMBLOCK_CONTENTS(char, a), XMLRPC_MEMBLOCK_CONTENTS(char, b),
                        XMLRPC_MEMBLOCK_SIZE(char, a));
    XMLRPC_MEMBLOCK_FREE(char, a);
    XMLRPC_MEMBLOCK_FREE(char, b);
}

static void values_of_all_types_pass(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    expect_echo(p, build("i", -2147483647 - 1), XMLRPC_TYPE_INT);
    expect_echo(p, build("I", (xmlrpc_int64)9007199254740993), XMLRPC_TYPE_I8);
    expect_echo(p, build("b", 1), XMLRPC_TYPE_BOOL);
    expect_echo(p, build("d", -12.5), XMLRPC_TYPE_DOUBLE);
    expect_echo(p, build("s", ""), XMLRPC_TYPE_STRING);
    expect_echo(p, build("s", "<a href='x'>&amp;]]> \" grüße\n\t €</a><!DOCTYPE x [<!ENTITY e 'e'>]>&e;"), XMLRPC_TYPE_STRING);
    expect_echo(p, build("8", "20240229T23:59:59"), XMLRPC_TYPE_DATETIME);
    expect_echo(p, build("6", "\0\001\377", (size_t)3), XMLRPC_TYPE_BASE64);
    expect_echo(p, build("n"), XMLRPC_TYPE_NIL);
    expect_echo(p, build("(i(s)())", 1, "<param>"), XMLRPC_TYPE_ARRAY);
    expect_echo(p, build("{s:i,s:{s:s}}", "a<b", 1, "", "", ""), XMLRPC_TYPE_STRUCT);
    pair_close(p);
    free_program(o);
}

static void line_ends_of_texts_are_kept(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    AUTO_VALUE text = NULL;
    assert_int_equal(ask(p->to_b, "old.lines", NULL, &text, NULL), JRPC_OK);
    xmlrpc_env env;
    const char *read = NULL;
    size_t len = 0;
    xmlrpc_env_init(&env);
    xmlrpc_read_string_lp(&env, text, &len, &read);
    assert_string_equal(read, "\r\na\rb\r\n\r\n</string>\r");
    free((char *)(uintptr_t)read);
    pair_close(p);
    free_program(o);
}

static xmlrpc_value *many_empty(unsigned count)
{
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *list = xmlrpc_array_new(&env);
    AUTO_VALUE empty = xmlrpc_string_new(&env, "");
    for (unsigned i = 0; i < count; i++)
        xmlrpc_array_append_item(&env, list, empty);
    xmlrpc_value *params = xmlrpc_build_value(&env, "(V)", list);
    xmlrpc_DECREF(list);
    assert_false(env.fault_occurred);
    return params;
}

/* In a time that does not grow with the square of their number. */
/* In a time that does not grow with the square of their number: that took 15 seconds. */
static void a_long_list_is_echoed_soon(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_stanza_bytes = 1 << 20;
    old_program *o = new_program();
    pair *p = pair_open(&options);
    assert_int_equal(jrpc_serve_registry(p->b, o->registry, NULL, NULL), JRPC_OK);
    AUTO_VALUE list = NULL;
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    assert_int_equal(ask(p->to_b, "old.echo", many_empty(8000), &list, NULL), JRPC_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    assert_in_range(to.tv_sec - from.tv_sec, 0, 12);
    pair_close(p);
    free_program(o);
}

static xmlrpc_value *nested(unsigned levels)
{
    xmlrpc_value *value = build("i", 1);
    for (unsigned i = 0; i < levels; i++) {
        xmlrpc_value *outer = build("(V)", value);
        xmlrpc_DECREF(value);
        value = outer;
    }
    return value;
}

/* What the old library would not read, or reads otherwise, is refused before it sees it, and where it is is said. */
static void what_it_cannot_read_is_refused(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    AUTO_VALUE emoji = jrpc_string_value(&env, "a😀", strlen("a😀"));
    expect_fault(p->to_b, "old.echo", build("(sV)", "<param>", emoji), JRPC_E_FAULT, -32602, "params[1]: ");
    AUTO_VALUE good = NULL;
    assert_int_equal(ask(p->to_b, "old.echo", nested(64), &good, NULL), JRPC_OK); /* 63, and the parameters' array */
    expect_fault(p->to_b, "old.echo", nested(65), JRPC_E_TOO_LARGE, 0, "nest deeper than 63 levels");
    size_t before_limit = xmlrpc_limit_get(XMLRPC_XML_SIZE_LIMIT_ID);
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, 20000);
    expect_fault(p->to_b, "old.echo", many_empty(1000), JRPC_E_TOO_LARGE, 0, "the limit of this method's library is 20000");
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, before_limit);
    AUTO_VALUE many = NULL;
    assert_int_equal(ask(p->to_b, "old.echo", many_empty(1000), &many, NULL), JRPC_OK);
    pair_close(p);
    free_program(o);
}

static void ints_are_widened_as_the_signature_says(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    AUTO_VALUE sum = NULL;
    assert_int_equal(ask(p->to_b, "old.wide", build("(ii)", 5, 6), &sum, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_value_type(sum), XMLRPC_TYPE_DOUBLE);
    AUTO_VALUE exact = NULL;
    assert_int_equal(ask(p->to_b, "old.wide", build("(Id)", (xmlrpc_int64)5, 0.5), &exact, NULL), JRPC_OK);
    expect_fault(p->to_b, "old.wide", build("(is)", 5, "6"), JRPC_E_FAULT, XMLRPC_TYPE_ERROR, "");
    pair_close(p);
    free_program(o);
}

static void it_tells_of_them(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    AUTO_VALUE list = NULL;
    AUTO_VALUE help = NULL;
    AUTO_VALUE one = NULL;
    AUTO_VALUE two = NULL;
    AUTO_VALUE none = NULL;
    xmlrpc_env env;
    const char *text = NULL, *types[3] = { NULL, NULL, NULL };
    xmlrpc_env_init(&env);
    assert_int_equal(ask(p->to_b, "system.listMethods", NULL, &list, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_array_size(&env, list), 11 + (int)pair_interface.method_count - 1 + 5); /* Missing is none */
    assert_int_equal(ask(p->to_b, "system.methodHelp", build("(s)", "old.echo"), &help, NULL), JRPC_OK);
    xmlrpc_read_string(&env, help, &text);
    assert_string_equal(text, "Says\nit <again>.");
    free((char *)(uintptr_t)text);
    assert_int_equal(ask(p->to_b, "system.methodSignature", build("(s)", "old.wide"), &one, NULL), JRPC_OK);
    xmlrpc_decompose_value(&env, one, "((sss))", &types[0], &types[1], &types[2]);
    assert_false(env.fault_occurred);
    assert_string_equal(types[1], "i8");
    for (size_t i = 0; i < COUNT_OF(types); i++)
        free((char *)(uintptr_t)types[i]);
    assert_int_equal(ask(p->to_b, "system.methodSignature", build("(s)", "old.fail"), &two, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_array_size(&env, two), 2);
    assert_int_equal(ask(p->to_b, "system.methodSignature", build("(s)", "old.echo"), &none, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_value_type(none), XMLRPC_TYPE_STRING);
    pair_close(p);
    free_program(o);
}

static void some_are_served_under_other_names(void **state)
{
    UNUSED(state);
    static const char *const names[] = { "old.add", "old.caller", NULL };
    old_program *o = new_program();
    jrpc_registry_options options = JRPC_REGISTRY_OPTIONS_INIT;
    options.prefix = "v1.";
    options.methods = names;
    xmlrpc_registry_disable_introspection(o->registry);
    pair *p = open_mounted(o, NULL, &options);
    assert_int_equal(ask_int(p->to_b, "v1.old.add", build("(ii)", 1, 1)), 2);
    expect_fault(p->to_b, "old.add", build("(ii)", 1, 1), JRPC_E_NO_SUCH_METHOD, -32601, "old.add");
    expect_fault(p->to_b, "v1.old.echo", build("(i)", 1), JRPC_E_NO_SUCH_METHOD, -32601, "old.echo");
    AUTO_VALUE signature = NULL;
    assert_int_equal(ask(p->to_b, "system.methodSignature", build("(s)", "v1.old.add"), &signature, NULL), JRPC_OK);
    assert_int_equal(xmlrpc_value_type(signature), XMLRPC_TYPE_STRING); /* it keeps that to itself */
    pair_close(p);
    free_program(o);
}

static void expect_refused(jrpc_session *session, xmlrpc_registry *source, const jrpc_registry_options *options,
                           jrpc_status status, const char *part)
{
    AUTO_ERROR error = JRPC_ERROR_INIT;
    assert_int_equal(jrpc_serve_registry(session, source, options, &error), status);
    if (!strstr(error.message, part))
        fail_msg("\"%s\" without \"%s\"", error.message, part);
}

static void all_or_nothing_is_served(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = pair_open(NULL);
    static const char *const wrong[] = { "old.add", "old.none", NULL };
    static const char *const system[] = { "system.shutdown", NULL };
    jrpc_registry_options options = JRPC_REGISTRY_OPTIONS_INIT;
    options.methods = wrong;
    expect_refused(p->b, o->registry, &options, JRPC_E_NOT_FOUND, "\"old.none\"");
    options.methods = system;
    expect_refused(p->b, o->registry, &options, JRPC_E_INVALID, "the session's own");
    expect_refused(p->b, NULL, NULL, JRPC_E_INVALID, "no registry");
    assert_int_equal(jrpc_serve_registry(p->b, o->registry, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, -1, NULL), JRPC_OK);
    expect_fault(p->to_b, "old.add", build("(ii)", 1, 1), JRPC_E_NO_SUCH_METHOD, -32601, "old.add");
    const struct xmlrpc_method_info3 taken = { "Add", echo, NULL, 0, "?", "" }, deep = { "old.deep", echo, NULL, 1 << 30, "?", "" };
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_registry_add_method3(&env, o->registry, &taken);
    expect_refused(p->b, o->registry, NULL, JRPC_E_EXISTS, "\"Add\"");
    expect_fault(p->to_b, "old.add", build("(ii)", 1, 1), JRPC_E_NO_SUCH_METHOD, -32601, "old.add");
    xmlrpc_registry_add_method3(&env, o->registry, &deep);
    expect_refused(p->b, o->registry, NULL, JRPC_E_INVALID, "bytes of stack");
    xmlrpc_registry_disable_introspection(o->registry);
    old_program *quiet = new_program();
    xmlrpc_registry_disable_introspection(quiet->registry);
    expect_refused(p->b, quiet->registry, NULL, JRPC_E_INVALID, "name them");
    assert_int_equal(jrpc_unserve_registry(p->b, quiet->registry, 0, NULL), JRPC_OK); /* there was nothing */
    pair_close(p);
    free_program(quiet);
    free_program(o);
}

static void its_preinvoke_function_is_asked(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_registry_set_preinvoke_method(&env, o->registry, before, o);
    pair *p = open_mounted(o, NULL, NULL);
    unsigned asked = o->invoked;
    assert_int_equal(asked, 1 + 2 * 11);
    assert_int_equal(ask_int(p->to_b, "old.add", build("(ii)", 1, 1)), 2);
    assert_int_equal(o->invoked, asked + 1);
    expect_fault(p->to_b, "old.forbidden", build("(i)", 1), JRPC_E_FAULT, 403, "not this one");
    pair_close(p);
    free_program(o);
}

/* ---- for people ---- */

typedef struct heard {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *text;
} heard;

static void hear(const char *text, void *userdata)
{
    heard *h = userdata;
    pthread_mutex_lock(&h->lock);
    h->text = strdup(text);
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

static void expect_line(pair *p, const char *line, const char *answer)
{
    heard h = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL };
    chatline_run(p->b->server, PAIR_A, line, hear, &h);
    pthread_mutex_lock(&h.lock);
    while (!h.text)
        pthread_cond_wait(&h.changed, &h.lock);
    pthread_mutex_unlock(&h.lock);
    if (!strstr(h.text, answer))
        fail_msg("%s: \"%s\" without \"%s\"", line, h.text, answer);
    free(h.text);
}

static void people_call_those_with_a_signature(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    expect_line(p, "old.wide 5 0.5", "5.5");
    expect_line(p, "old.wide 5", "old.wide takes 2 arguments");
    expect_line(p, "old.wide x 1", "argument 1, value1");
    expect_line(p, "help", "old.wide value1 value2");
    expect_line(p, "help old.wide", "value1: long long");
    expect_line(p, "old.caller", "true");
    expect_line(p, "old.fail", "There is no method"); /* it has two signatures */
    expect_line(p, "old.spoil", "incident");
    pair_close(p);
    free_program(o);
}

/* ---- several at once ---- */

static jrpc_future *send(jrpc_peer *peer, const char *method, xmlrpc_value *params)
{
    jrpc_future *future = NULL;
    assert_int_equal(jrpc_send_value(peer, method, params, NULL, NULL, &future, NULL), JRPC_OK);
    if (params)
        xmlrpc_DECREF(params);
    return future;
}

static jrpc_status finish(jrpc_future *future)
{
    AUTO_VALUE result = NULL;
    return jrpc_finish_value(future, &result, NULL);
}

enum { AT_ONCE = 20 };

/* More than there are workers: those that wait for their turn leave room for others, of this program and of any. */
static void one_at_a_time(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    jrpc_future *futures[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++)
        futures[i] = send(p->to_b, "old.slow", NULL);
    wait_running(o, 1);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    open_gate(o);
    for (int i = 0; i < AT_ONCE; i++)
        assert_int_equal(finish(futures[i]), JRPC_OK);
    assert_int_equal(o->most, 1);
    pair_close(p);
    free_program(o);
}

/* Whatever the session: there is one turn for each registry. */
static void one_at_a_time_over_two_sessions(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    assert_int_equal(jrpc_serve_registry(p->a, o->registry, NULL, NULL), JRPC_OK);
    jrpc_future *one = send(p->to_b, "old.slow", NULL), *two = send(p->to_a, "old.slow", NULL);
    wait_running(o, 1);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_a, 1, 2, &sum, NULL), JRPC_OK);
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK);
    open_gate(o);
    assert_int_equal(finish(one), JRPC_OK);
    assert_int_equal(finish(two), JRPC_OK);
    assert_int_equal(o->most, 1);
    pair_close(p);
    free_program(o);
}

static void several_when_they_may(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    jrpc_registry_options options = JRPC_REGISTRY_OPTIONS_INIT;
    options.parallel = true;
    pair *p = open_mounted(o, NULL, &options);
    jrpc_future *futures[3];
    for (int i = 0; i < 3; i++)
        futures[i] = send(p->to_b, "old.slow", NULL);
    wait_running(o, 3);
    open_gate(o);
    for (int i = 0; i < 3; i++)
        assert_int_equal(finish(futures[i]), JRPC_OK);
    pair_close(p);
    free_program(o);
}

/* A call whose time is over when its turn comes is not run. */
static void late_ones_are_not_run(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    int32_t sum = 0;
    assert_int_equal(pair_add(p->to_b, 1, 2, &sum, NULL), JRPC_OK); /* each knows the other now: deadlines are told */
    jrpc_future *first = send(p->to_b, "old.slow", NULL);
    wait_running(o, 1);
    jrpc_peer *hasty = NULL;
    assert_int_equal(jrpc_peer_new(p->a, PAIR_B, &hasty, NULL), JRPC_OK);
    jrpc_peer_set_timeout(hasty, 100);
    assert_int_equal(finish(send(hasty, "old.caller", NULL)), JRPC_E_TIMEOUT);
    jrpc_peer_free(hasty);
    while (server_accepted(p->b->server) < 2) /* that and the slow one */
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    nanosleep(&(struct timespec){ .tv_nsec = 150000000 }, NULL); /* its time is counted from when it came */
    open_gate(o);
    assert_int_equal(finish(first), JRPC_OK);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, -1, NULL), JRPC_OK);
    assert_string_equal(o->caller, "");
    pair_close(p);
    free_program(o);
}

static void it_is_waited_for(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    pair *p = open_mounted(o, NULL, NULL);
    jrpc_future *future = send(p->to_b, "old.slow", NULL);
    wait_running(o, 1);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, 30, NULL), JRPC_E_TIMEOUT);
    expect_fault(p->to_b, "old.add", build("(ii)", 1, 1), JRPC_E_NO_SUCH_METHOD, -32601, "old.add");
    open_gate(o);
    assert_int_equal(jrpc_unserve_registry(p->b, o->registry, -1, NULL), JRPC_OK);
    free_program(o);
    assert_int_equal(finish(future), JRPC_OK);
    pair_close(p);
}

/* In the program's own loop, without any thread. */
static void they_run_inline(void **state)
{
    UNUSED(state);
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.mode = JRPC_MODE_CALLER;
    options.small_stack = options.inline_handlers = true;
    old_program *o = new_program();
    pair *p = open_mounted(o, &options, NULL);
    jrpc_future *future = send(p->to_b, "old.add", build("(ii)", 1, 1));
    int64_t started = clock_now();
    while (!jrpc_future_is_done(future) && pair_since(started) < PAIR_PATIENCE_MS)
        jrpc_session_wait(p->b, 5, NULL);
    assert_int_equal(finish(future), JRPC_OK);
    pair_close(p);
    free_program(o);
}

static void a_session_is_opened_for_it(void **state)
{
    UNUSED(state);
    old_program *o = new_program();
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session *session = NULL;
    unsetenv("JRPC_JID");
    assert_int_equal(jrpc_open_registry(o->registry, NULL, &session, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_open_registry(o->registry, "x@localhost", &session, &error), JRPC_E_INVALID);
    assert_non_null(strstr(error.message, "JRPC_JID"));
    assert_null(session);
    free_program(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_methods_are_called),
        cmocka_unit_test(faults_come_as_they_are),
        cmocka_unit_test(what_is_not_listed_is_not_there),
        cmocka_unit_test(values_of_all_types_pass),
        cmocka_unit_test(line_ends_of_texts_are_kept),
        cmocka_unit_test(a_long_list_is_echoed_soon),
        cmocka_unit_test(what_it_cannot_read_is_refused),
        cmocka_unit_test(ints_are_widened_as_the_signature_says),
        cmocka_unit_test(it_tells_of_them),
        cmocka_unit_test(some_are_served_under_other_names),
        cmocka_unit_test(all_or_nothing_is_served),
        cmocka_unit_test(its_preinvoke_function_is_asked),
        cmocka_unit_test(people_call_those_with_a_signature),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(one_at_a_time_over_two_sessions),
        cmocka_unit_test(several_when_they_may),
        cmocka_unit_test(late_ones_are_not_run),
        cmocka_unit_test(it_is_waited_for),
        cmocka_unit_test(they_run_inline),
        cmocka_unit_test(a_session_is_opened_for_it),
    };
    return cmocka_run_group_tests_name("scenario: registries of xmlrpc-c's", tests, NULL, NULL);
}
