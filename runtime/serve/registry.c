/* SPDX-License-Identifier: MIT */
/* Registry of named methods. */
#include "serve/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { NAME_MAX_BYTES = 255 };

void registry_init(registry *r)
{
    pthread_mutex_init(&r->lock, NULL);
    r->methods = (map)MAP_INIT;
}

void registry_method_unref(registry_method *m)
{
    if (!m || atomic_fetch_sub(&m->references, 1) != 1)
        return;
    invoke_plan_free(m->plan);
    free(m->name);
    free(m->help);
    free(m);
}

void registry_done(registry *r)
{
    size_t at = 0;
    void *value;
    while (map_next(&r->methods, &at, NULL, &value))
        registry_method_unref(value);
    map_done(&r->methods);
    pthread_mutex_destroy(&r->lock);
}

static registry_method *new_method(const char *name, void *userdata)
{
    registry_method *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    atomic_init(&m->references, 1);
    m->userdata = userdata;
    m->name = strdup(name);
    if (!m->name) {
        free(m);
        return NULL;
    }
    return m;
}

static void drop(registry *r, const char *name)
{
    registry_method_unref(map_remove_str(&r->methods, name));
}

/* Under the lock. Takes m over when it succeeds. */
static jrpc_status add(registry *r, registry_method *m, jrpc_error *error)
{
    if (map_get_str(&r->methods, m->name))
        return jrpc_error_set(error, JRPC_E_EXISTS, "a method named \"%s\" is registered already", m->name);
    if (!map_put_str(&r->methods, m->name, m))
        return error_nomem(error);
    return JRPC_OK;
}

static invoke_fn function_of(const jrpc_method *method, const void *impl)
{
    invoke_fn function;
    memcpy(&function, (const char *)impl + method->slot * sizeof function, sizeof function);
    return function;
}

/* One operation of a base that two interfaces inherit: it has one name on the wire, and whoever was first answers. */
static bool is_shared(const registry_method *there, const jrpc_method *method)
{
    return there->method && there->method->interface_ != method->interface_ &&
           (there->method->flags | method->flags) & JRPC_METHOD_INHERITED &&
           strcmp(there->method->name, method->name) == 0;
}

/* The table says that all function pointers have one representation, as POSIX does. */
static jrpc_status add_typed(registry *r, const jrpc_method *method, const void *impl, void *userdata,
                             jrpc_error *error)
{
    invoke_fn function = function_of(method, impl);
    const registry_method *there = map_get_str(&r->methods, method->wire_name);
    if (!function || (there && is_shared(there, method)))
        return JRPC_OK; /* not implemented: as if it did not exist; or there already */
    registry_method *m = new_method(method->wire_name, userdata);
    if (!m)
        return error_nomem(error);
    m->method = method;
    m->function = function;
    const char *why = NULL;
    jrpc_status status = invoke_prepare(method, &m->plan, &why);
    if (status == JRPC_OK)
        status = add(r, m, error);
    else if (status == JRPC_E_NOMEM)
        error_nomem(error);
    else
        jrpc_error_set(error, status, "%s: %s", method->wire_name, why);
    if (status != JRPC_OK)
        registry_method_unref(m);
    return status;
}

static void remove_first(registry *r, const jrpc_interface *interface_, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        registry_method *m = map_get_str(&r->methods, interface_->methods[i].wire_name);
        if (m && m->method == &interface_->methods[i])
            drop(r, m->name);
    }
}

/* Before the first is added: undoing may then remove all of the interface without touching an earlier registration. */
static jrpc_status check_free(const registry *r, const jrpc_interface *interface_, jrpc_error *error)
{
    for (size_t i = 0; i < interface_->method_count; i++) {
        const jrpc_method *method = &interface_->methods[i];
        const registry_method *there = map_get_str(&r->methods, method->wire_name);
        if (there && !is_shared(there, method))
            return jrpc_error_set(error, JRPC_E_EXISTS, "a method named \"%s\" is registered already%s%s",
                                  method->wire_name, there->method ? ", by interface " : "",
                                  there->method ? there->method->interface_->name : "");
    }
    return JRPC_OK;
}

jrpc_status registry_add_interface(registry *r, const jrpc_interface *interface_, const void *impl, void *userdata,
                                   jrpc_error *error)
{
    if (!interface_ || !impl)
        return jrpc_error_set(error, JRPC_E_INVALID, "no interface or no implementation given");
    if (interface_->abi != JRPC_DESC_ABI)
        return jrpc_error_set(error, JRPC_E_INVALID,
                              "%s was generated for table layout %u, this library reads %u: run idlgen again",
                              interface_->name, (unsigned)interface_->abi, (unsigned)JRPC_DESC_ABI);
    pthread_mutex_lock(&r->lock);
    jrpc_status status = check_free(r, interface_, error);
    for (size_t i = 0; i < interface_->method_count && status == JRPC_OK; i++) {
        status = add_typed(r, &interface_->methods[i], impl, userdata, error);
        if (status != JRPC_OK)
            remove_first(r, interface_, i);
    }
    pthread_mutex_unlock(&r->lock);
    return status;
}

static jrpc_status check_name(const char *name, jrpc_error *error)
{
    if (!name || !*name)
        return jrpc_error_set(error, JRPC_E_INVALID, "a method needs a name");
    size_t len = strlen(name);
    if (len > NAME_MAX_BYTES || !utf8_is_xml_text(name, len, NULL, NULL))
        return jrpc_error_set(error, JRPC_E_INVALID, "a method's name is text of at most %d bytes", NAME_MAX_BYTES);
    return JRPC_OK;
}

jrpc_status registry_add_value(registry *r, const char *name, jrpc_value_fn handler, void *userdata, const char *help,
                               jrpc_error *error)
{
    jrpc_status status = check_name(name, error);
    if (status != JRPC_OK)
        return status;
    if (!handler)
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: no function given", name);
    registry_method *m = new_method(name, userdata);
    if (!m)
        return error_nomem(error);
    m->value_handler = handler;
    m->help = help ? strdup(help) : NULL;
    if (help && !m->help) {
        status = error_nomem(error);
    } else {
        pthread_mutex_lock(&r->lock);
        status = add(r, m, error);
        pthread_mutex_unlock(&r->lock);
    }
    if (status != JRPC_OK)
        registry_method_unref(m);
    return status;
}

jrpc_status registry_remove_interface(registry *r, const jrpc_interface *interface_, jrpc_error *error)
{
    pthread_mutex_lock(&r->lock);
    size_t before = r->methods.len;
    remove_first(r, interface_, interface_->method_count);
    bool found = r->methods.len != before;
    pthread_mutex_unlock(&r->lock);
    return found ? JRPC_OK
                 : jrpc_error_set(error, JRPC_E_NOT_FOUND, "no method of %s is registered", interface_->name);
}

registry_method *registry_find(registry *r, const char *name)
{
    pthread_mutex_lock(&r->lock);
    registry_method *m = map_get_str(&r->methods, name);
    if (m)
        atomic_fetch_add(&m->references, 1);
    pthread_mutex_unlock(&r->lock);
    return m;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

jrpc_status registry_list(registry *r, jrpc_seq_string *ret_names)
{
    jrpc_seq_string names = { NULL, 0, 0 };
    pthread_mutex_lock(&r->lock);
    jrpc_status status = jrpc_seq_string_reserve(&names, r->methods.len);
    size_t at = 0;
    const char *key;
    while (status == JRPC_OK && map_next(&r->methods, &at, &key, NULL)) {
        char *copy = strdup(key);
        status = copy ? jrpc_seq_string_push(&names, copy) : JRPC_E_NOMEM;
    }
    pthread_mutex_unlock(&r->lock);
    if (status != JRPC_OK) {
        jrpc_value_clear(&jrpc_type_seq_string, &names);
        return status;
    }
    if (names.len)
        qsort(names.data, names.len, sizeof names.data[0], by_name);
    *ret_names = names;
    return JRPC_OK;
}
