/* SPDX-License-Identifier: MIT */
/* Registries of xmlrpc-c's that are served: what their methods get and give, and what is told of them. */
#include "old-program.h"

#include <stdlib.h>

#include "command/chatline.h"

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
    };
    return cmocka_run_group_tests_name("scenario: registries of xmlrpc-c's", tests, NULL, NULL);
}
