/* SPDX-License-Identifier: MIT */
/* Interfaces in the registry: all of their methods come, go, or take the place of others, in one step. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "serve/registry.h"

/* What becomes of one that is to be registered. */
typedef enum placement { UNPLACED, ADDED, REPLACES } placement;

typedef struct newcomer {
    registry_method *m; /* NULL: there was no place for it, or it has been taken over */
    placement placement;
} newcomer;

typedef struct newcomers {
    newcomer *items;
    size_t len;
} newcomers;

static void newcomers_done(newcomers *n)
{
    for (size_t i = 0; i < n->len; i++)
        registry_method_unref(n->items[i].m);
    free(n->items);
}

/* ---- making them ---- */

/* The table says that all function pointers have one representation, as POSIX does. */
static invoke_fn function_of(const jrpc_method *method, const void *impl)
{
    invoke_fn function;
    memcpy(&function, (const char *)impl + method->slot * sizeof function, sizeof function);
    return function;
}

static jrpc_status check_service(const jrpc_module_service *service, jrpc_error *error)
{
    const jrpc_interface *interface_ = service->interface_;
    if (!interface_ || !service->impl)
        return jrpc_error_set(error, JRPC_E_INVALID, "no interface or no implementation given");
    if (interface_->abi != JRPC_DESC_ABI)
        return jrpc_error_set(error, JRPC_E_INVALID,
                              "%s was generated for table layout %u, this library reads %u: run idlgen again",
                              interface_->name, (unsigned)interface_->abi, (unsigned)JRPC_DESC_ABI);
    return JRPC_OK;
}

static jrpc_status make_method(const jrpc_method *method, invoke_fn function, tenancy *t, void *userdata,
                               registry_method **ret_method, jrpc_error *error)
{
    registry_method *m = registry_method_new(method->wire_name, t, userdata);
    if (!m)
        return error_nomem(error);
    m->method = method;
    m->function = function;
    const char *why = NULL;
    jrpc_status status = invoke_prepare(method, &m->plan, &why);
    if (status == JRPC_OK) {
        *ret_method = m;
        return JRPC_OK;
    }
    registry_method_unref(m);
    return status == JRPC_E_NOMEM ? error_nomem(error)
                                  : jrpc_error_set(error, status, "%s: %s", method->wire_name, why);
}

/* A method without function is not implemented: as if it did not exist. */
static jrpc_status make_service(registry *r, const jrpc_module_service *service, void *userdata, newcomers *n,
                                jrpc_error *error)
{
    tenancy *t = tenancy_new(&r->tenancies, service->interface_);
    jrpc_status status = t ? JRPC_OK : error_nomem(error);
    for (size_t i = 0; i < service->interface_->method_count && status == JRPC_OK; i++) {
        const jrpc_method *method = &service->interface_->methods[i];
        invoke_fn function = function_of(method, service->impl);
        if (!function)
            continue;
        status = make_method(method, function, t, userdata, &n->items[n->len].m, error);
        n->len += status == JRPC_OK;
    }
    tenancy_leave(t);
    return status;
}

static jrpc_status make_all(registry *r, const registry_services *news, void *userdata, newcomers *n, jrpc_error *error)
{
    size_t most = 0;
    for (size_t i = 0; i < news->count; i++) {
        jrpc_status status = check_service(&news->services[i], error);
        if (status != JRPC_OK)
            return status;
        most += news->services[i].interface_->method_count;
    }
    n->items = calloc(most + 1, sizeof *n->items);
    jrpc_status status = n->items ? JRPC_OK : error_nomem(error);
    for (size_t i = 0; i < news->count && status == JRPC_OK; i++)
        status = make_service(r, &news->services[i], userdata, n, error);
    return status;
}

/* ---- placing them: all under the registry's lock ---- */

static bool is_of(const registry_method *m, const jrpc_interface *interface_)
{
    for (size_t i = 0; m->method && i < interface_->method_count; i++) {
        if (m->method == &interface_->methods[i])
            return true;
    }
    return false;
}

static bool is_of_any(const registry_method *m, const registry_services *services)
{
    for (size_t i = 0; i < services->count; i++) {
        if (is_of(m, services->services[i].interface_))
            return true;
    }
    return false;
}

/* One operation of a base that two interfaces inherit: it has one name on the wire, and whoever was first answers. */
static bool is_shared(const registry_method *there, const jrpc_method *method)
{
    return there->method && there->method->interface_ != method->interface_ &&
           (there->method->flags | method->flags) & JRPC_METHOD_INHERITED &&
           strcmp(there->method->name, method->name) == 0;
}

static jrpc_status give_way(const registry_method *there, const registry_method *m, jrpc_error *error)
{
    if (is_shared(there, m->method))
        return JRPC_OK;
    const jrpc_interface *of = there->method ? there->method->interface_ : NULL;
    return jrpc_error_set(error, JRPC_E_EXISTS, "a method named \"%s\" is registered already%s%s", m->name,
                          of ? ", by interface " : "", of ? of->name : "");
}

static jrpc_status place(registry *r, newcomer *one, const registry_services *olds, jrpc_error *error)
{
    registry_method *there = map_get_str(&r->methods, one->m->name);
    if (!there) {
        if (!map_put_str(&r->methods, one->m->name, one->m))
            return error_nomem(error);
        one->placement = ADDED;
        return JRPC_OK;
    }
    if (!is_of_any(there, olds))
        return give_way(there, one->m, error);
    if (there->successor)
        return give_way(there->successor, one->m, error);
    there->successor = one->m;
    one->placement = REPLACES;
    return JRPC_OK;
}

/* As if nothing had been placed. */
static void undo(registry *r, newcomers *n)
{
    for (size_t i = 0; i < n->len; i++) {
        if (n->items[i].placement == ADDED) {
            map_remove_str(&r->methods, n->items[i].m->name);
        } else if (n->items[i].placement == REPLACES) {
            registry_method *there = map_get_str(&r->methods, n->items[i].m->name);
            there->successor = NULL;
        }
    }
}

/* Those that go are freed without the lock: a list of them. */
static void say_goodbye(registry_method *m, registry_method **gone)
{
    m->successor = *gone;
    *gone = m;
}

/* Nothing here can fail: a name that is there takes another value without memory. */
static void settle(registry *r, newcomers *n, registry_method **gone)
{
    for (size_t i = 0; i < n->len; i++) {
        newcomer *one = &n->items[i];
        if (one->placement == UNPLACED)
            continue;
        if (one->placement == REPLACES) {
            say_goodbye(map_get_str(&r->methods, one->m->name), gone);
            map_put_str(&r->methods, one->m->name, one->m);
        }
        one->m = NULL;
    }
}

static void remove_all(registry *r, const jrpc_interface *interface_, registry_method **gone)
{
    for (size_t i = 0; i < interface_->method_count; i++) {
        registry_method *m = map_get_str(&r->methods, interface_->methods[i].wire_name);
        if (m && m->method == &interface_->methods[i])
            say_goodbye(map_remove_str(&r->methods, m->name), gone);
    }
}

static size_t unref_all(registry_method *gone)
{
    size_t count = 0;
    while (gone) {
        registry_method *next = gone->successor;
        gone->successor = NULL;
        registry_method_unref(gone);
        gone = next;
        count++;
    }
    return count;
}

jrpc_status registry_swap(registry *r, const registry_services *olds, const registry_services *news, void *userdata,
                          jrpc_error *error)
{
    AUTO(newcomers_done) newcomers n = { NULL, 0 };
    registry_method *gone = NULL;
    jrpc_status status = make_all(r, news, userdata, &n, error);
    if (status != JRPC_OK)
        return status;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < n.len && status == JRPC_OK; i++)
        status = place(r, &n.items[i], olds, error);
    if (status == JRPC_OK) {
        settle(r, &n, &gone);
        for (size_t i = 0; i < olds->count; i++)
            remove_all(r, olds->services[i].interface_, &gone);
    } else {
        undo(r, &n);
    }
    pthread_mutex_unlock(&r->lock);
    unref_all(gone);
    return status;
}

jrpc_status registry_add_interface(registry *r, const jrpc_interface *interface_, const void *impl, void *userdata,
                                   jrpc_error *error)
{
    const jrpc_module_service service = { interface_, impl };
    return registry_swap(r, &(registry_services){ NULL, 0 }, &(registry_services){ &service, 1 }, userdata, error);
}

jrpc_status registry_remove_interface(registry *r, const jrpc_interface *interface_, jrpc_error *error)
{
    registry_method *gone = NULL;
    pthread_mutex_lock(&r->lock);
    remove_all(r, interface_, &gone);
    pthread_mutex_unlock(&r->lock);
    return unref_all(gone) ? JRPC_OK
                           : jrpc_error_set(error, JRPC_E_NOT_FOUND, "no method of %s is registered", interface_->name);
}
