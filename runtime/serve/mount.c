/* SPDX-License-Identifier: MIT */
/* Registries of xmlrpc-c's whose methods are served. */
#include "serve/mount.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <xmlrpc-c/server.h>

#include "base/error.h"
#include "base/mem.h"
#include "serve/answer.h"
#include "serve/incoming.h"
#include "wire/envelope.h"
#include "wire/fault.h"

static void release(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}
#define AUTO_VALUE AUTO(release) xmlrpc_value *
#define AUTO_ENV AUTO(xmlrpc_env_clean) xmlrpc_env

static void fault_done(mounted_fault *fault)
{
    free(fault->text);
}

/* ---- a call ---- */

/* xmlrpc-c counts the innermost value as a level too. */
static unsigned depth_limit(unsigned ours)
{
    size_t theirs = xmlrpc_limit_get(XMLRPC_NESTING_LIMIT_ID);
    theirs -= theirs > 0;
    return theirs < ours ? (unsigned)theirs : ours;
}

/* xmlrpc-c refuses a whole text for one character that it does not know: it is said here which parameter has it. */
static jrpc_status check_characters(const buf *text, wire_failure *failure)
{
    size_t param = 0, i = 0;
    while (i < text->len && (unsigned char)text->data[i] < 0xF0) {
        param += text->data[i] == '<' && strncmp(text->data + i, "<param>", strlen("<param>")) == 0;
        i++;
    }
    if (i == text->len)
        return JRPC_OK;
    failure_set(failure, JRPC_E_INVALID, "a character beyond U+FFFF, which this method's library cannot read");
    failure_in_element(failure, param - 1);
    failure_in(failure, "params");
    return JRPC_E_INVALID;
}

static jrpc_status write_call(const mounted *m, xmlrpc_value *params, unsigned max_depth, buf *text,
                              wire_failure *failure)
{
    jrpc_status status = envelope_write_bare_call(text, m->name, params, depth_limit(max_depth), failure);
    size_t limit = xmlrpc_limit_get(XMLRPC_XML_SIZE_LIMIT_ID);
    if (status == JRPC_OK && text->len > limit)
        status = failure_set(failure, JRPC_E_TOO_LARGE, "a call of %zu bytes, the limit of this method's library is %zu",
                             text->len, limit);
    return status == JRPC_OK ? check_characters(text, failure) : status;
}

jrpc_status mount_accept(jrpc_call *call, wire_failure *failure)
{
    AUTO(buf_done) buf text = BUF_INIT;
    const mounted *m = call->method->mounted;
    AUTO_VALUE wide = mounted_widen(m, call->params);
    if (!wide)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    jrpc_status status = write_call(m, wide, call->server->options.limits.max_depth, &text, failure);
    if (status != JRPC_OK)
        return status;
    call->text = arena_strndup(&call->memory, text.data, text.len);
    call->text_len = text.len;
    xmlrpc_DECREF(call->params);
    call->params = NULL;
    return call->text ? JRPC_OK : failure_set(failure, JRPC_E_NOMEM, "out of memory");
}

/* What the method returned cannot be used. */
static jrpc_status fail(jrpc_call *call, const wire_failure *failure)
{
    if (failure->status == JRPC_E_NOMEM)
        return JRPC_E_NOMEM;
    if (failure->status == JRPC_E_TOO_LARGE)
        return jrpc_call_fault(call, FAULT_RESULT_TOO_LARGE, "the result is too large: %s", failure->message);
    char text[ANSWER_INCIDENT_ROOM];
    answer_bad_result(call, failure, text);
    return jrpc_call_fault(call, FAULT_INTERNAL, "%s", text);
}

static jrpc_status run(jrpc_call *call, xmlrpc_value **ret_result)
{
    AUTO(fault_done) mounted_fault fault = { 0, NULL };
    wire_failure failure;
    failure_init(&failure);
    const mounted_limits limits = { call->server->options.limits, server_max_stanza(call->server) };
    jrpc_status status = mounted_call(call->method->mounted->source, call->text, call->text_len, call, &limits, ret_result,
                                      &fault, &failure);
    if (status == JRPC_E_FAULT)
        return call->faulted ? JRPC_E_FAULT : jrpc_call_fault(call, fault.code, "%s", fault.text ? fault.text : "");
    return status == JRPC_OK ? JRPC_OK : fail(call, &failure);
}

/* It may have waited for its turn for long. */
static jrpc_status handle(jrpc_call *call, xmlrpc_value *params, xmlrpc_value **ret_result, void *userdata)
{
    UNUSED(params);
    UNUSED(userdata);
    const mounted *m = call->method->mounted;
    mounted_enter(m);
    jrpc_status status;
    if (atomic_load(&call->cancelled))
        status = jrpc_call_fault(call, FAULT_CANCELLED, "not run: cancelled by its caller");
    else if (jrpc_call_cancelled(call))
        status = jrpc_call_fault(call, FAULT_DEADLINE, "not run: its deadline passed before it was its turn");
    else
        status = run(call, ret_result);
    mounted_leave(m);
    return status;
}

/* ---- what the registry says of its methods ---- */

/* Of its answers: the names of all methods, a help. */
enum { ANSWER_MOST = 4 * 1024 * 1024 };

typedef struct asking {
    struct xmlrpc_registry *source;
    mounted_limits limits;
    jrpc_error *error;
} asking;

/* Its own introspection; argument is a method's name, or NULL. */
static jrpc_status ask(const asking *a, const char *question, const char *argument, xmlrpc_value **ret_answer)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(fault_done) mounted_fault fault = { 0, NULL };
    wire_failure failure;
    failure_init(&failure);
    AUTO_VALUE params = argument ? xmlrpc_build_value(&env, "(s)", argument) : xmlrpc_array_new(&env);
    if (env.fault_occurred)
        return jrpc_error_set(a->error, JRPC_E_INVALID, "%.80s: %s", argument ? argument : "", env.fault_string);
    jrpc_status status = envelope_write_bare_call(&text, question, params, a->limits.values.max_depth, &failure);
    if (status == JRPC_OK)
        status = mounted_call(a->source, text.data, text.len, NULL, &a->limits, ret_answer, &fault, &failure);
    if (status == JRPC_OK)
        return JRPC_OK;
    if (status == JRPC_E_FAULT && fault.code == XMLRPC_INTROSPECTION_DISABLED_ERROR)
        return jrpc_error_set(a->error, JRPC_E_INVALID,
                              "the registry does not say which methods it has (its introspection is disabled): name them");
    return jrpc_error_set(a->error, status, "the registry's %s failed: %s", question,
                          status == JRPC_E_FAULT ? fault.text : failure.message);
}

/* Does it have that method? It says so even when introspection is disabled. */
static jrpc_status check_exists(const asking *a, const char *name)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO_VALUE answer = NULL;
    xmlrpc_bool exists = 0;
    jrpc_status status = ask(a, "system.methodExist", name, &answer);
    if (status != JRPC_OK)
        return status;
    xmlrpc_read_bool(&env, answer, &exists);
    return exists ? JRPC_OK : jrpc_error_set(a->error, JRPC_E_NOT_FOUND, "the registry has no method \"%s\"", name);
}

/* Without introspection nothing is known of it. */
static bool is_silent(const jrpc_error *error)
{
    return error->status == JRPC_E_INVALID;
}

static jrpc_status learn_signatures(const asking *a, mounted *m)
{
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    const asking quietly = { a->source, a->limits, &why };
    jrpc_status status = ask(&quietly, "system.methodSignature", m->name, &m->signatures);
    if (status == JRPC_OK)
        return JRPC_OK;
    if (!is_silent(&why)) {
        jrpc_error_move(a->error, &why);
        return status;
    }
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    m->signatures = xmlrpc_string_new(&env, "undef");
    return env.fault_occurred ? error_nomem(a->error) : JRPC_OK;
}

static jrpc_status learn_help(const asking *a, const char *name, char **ret_help)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO_VALUE answer = NULL;
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    const asking quietly = { a->source, a->limits, &why };
    jrpc_status status = ask(&quietly, "system.methodHelp", name, &answer);
    if (status != JRPC_OK) {
        if (is_silent(&why))
            return JRPC_OK;
        jrpc_error_move(a->error, &why);
        return status;
    }
    const char *text = NULL;
    xmlrpc_read_string(&env, answer, &text);
    *ret_help = (char *)(uintptr_t)text;
    return env.fault_occurred ? jrpc_error_set(a->error, JRPC_E_INVALID, "the help of \"%s\" is no text", name) : JRPC_OK;
}

/* ---- mounting ---- */

typedef struct mounting {
    asking asking;
    const jrpc_registry_options *options;
    tenancy *tenancy;
    registry_method **methods;
    size_t count;
} mounting;

static void mounting_done(mounting *m)
{
    for (size_t i = 0; i < m->count; i++)
        registry_method_unref(m->methods[i]);
    free(m->methods);
    tenancy_leave(m->tenancy);
}

static bool is_system(const char *name)
{
    return strncmp(name, "system.", strlen("system.")) == 0;
}

static jrpc_status add_method(mounting *all, const char *name)
{
    jrpc_error *error = all->asking.error;
    AUTO(buf_done) buf known_as = BUF_INIT;
    buf_append_str(&known_as, all->options->prefix ? all->options->prefix : "");
    buf_append_str(&known_as, name);
    registry_method *m = buf_failed(&known_as) ? NULL : registry_method_new(known_as.data, all->tenancy, NULL);
    if (!m)
        return error_nomem(error);
    all->methods[all->count++] = m;
    m->value_handler = handle;
    m->mounted = mounted_new(all->asking.source, name, all->options->parallel);
    if (!m->mounted)
        return error_nomem(error);
    jrpc_status status = learn_signatures(&all->asking, m->mounted);
    if (status == JRPC_OK)
        status = learn_help(&all->asking, name, &m->help);
    if (status == JRPC_OK)
        m->mounted->described = described_new(m->name, m->help, m->mounted->signatures);
    return status;
}

static jrpc_status add_named(mounting *all)
{
    const char *const *names = all->options->methods;
    size_t count = 0;
    while (names[count])
        count++;
    all->methods = calloc(count + 1, sizeof all->methods[0]);
    jrpc_status status = all->methods ? JRPC_OK : error_nomem(all->asking.error);
    for (size_t i = 0; i < count && status == JRPC_OK; i++) {
        if (is_system(names[i]))
            return jrpc_error_set(all->asking.error, JRPC_E_INVALID, "%s is the session's own", names[i]);
        status = check_exists(&all->asking, names[i]);
        if (status == JRPC_OK)
            status = add_method(all, names[i]);
    }
    return status;
}

static jrpc_status add_listed(mounting *all)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO_VALUE list = NULL;
    jrpc_status status = ask(&all->asking, "system.listMethods", NULL, &list);
    if (status != JRPC_OK)
        return status;
    int count = xmlrpc_array_size(&env, list);
    all->methods = calloc((size_t)count + 1, sizeof all->methods[0]);
    status = all->methods ? JRPC_OK : error_nomem(all->asking.error);
    for (int i = 0; i < count && status == JRPC_OK; i++) {
        AUTO_VALUE item = NULL;
        const char *read = NULL;
        xmlrpc_array_read_item(&env, list, (unsigned)i, &item);
        if (!env.fault_occurred)
            xmlrpc_read_string(&env, item, &read);
        autofree char *name = (char *)(uintptr_t)read;
        if (env.fault_occurred)
            return jrpc_error_set(all->asking.error, JRPC_E_INVALID, "the registry's list: %s", env.fault_string);
        if (!is_system(name))
            status = add_method(all, name);
    }
    return status;
}

/* A thread must have room for the methods, and for us around them. */
static jrpc_status check_stack(struct xmlrpc_registry *source, jrpc_error *error)
{
    enum { OURS = 256 * 1024 };
    size_t wanted = xmlrpc_registry_max_stackSize(source), room = 0;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_getstacksize(&attributes, &room);
    pthread_attr_destroy(&attributes);
    if (room == 0 || (room > OURS && wanted <= room - OURS))
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_INVALID, "a method needs %zu bytes of stack, and threads have %zu (ulimit -s)",
                          wanted, room);
}

jrpc_status mount_registry(server *s, struct xmlrpc_registry *source, const jrpc_registry_options *options,
                           jrpc_error *error)
{
    jrpc_error scratch = JRPC_ERROR_INIT;
    jrpc_error *into = error ? error : &scratch;
    AUTO(mounting_done) mounting all = { .asking = { source, { s->options.limits, ANSWER_MOST }, into },
                                         .options = options,
                                         .tenancy = tenancy_new(&s->registry.tenancies, source) };
    jrpc_status status = all.tenancy ? check_stack(source, into) : error_nomem(into);
    if (status == JRPC_OK)
        status = all.options->methods ? add_named(&all) : add_listed(&all);
    if (status == JRPC_OK)
        status = registry_add_mounted(&s->registry, all.methods, all.count, into);
    if (status == JRPC_OK)
        all.count = 0;
    jrpc_error_done(&scratch);
    return status;
}
