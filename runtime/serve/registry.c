/* SPDX-License-Identifier: MIT */
/* Registry of named methods. */
#include "serve/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "serve/mount.h"

enum { NAME_MAX_BYTES = 255 };

void registry_init(registry *r)
{
    pthread_mutex_init(&r->lock, NULL);
    r->methods = (map)MAP_INIT;
    r->tenancies = (tenancies){ NULL };
}

void registry_method_unref(registry_method *m)
{
    if (!m || atomic_fetch_sub(&m->references, 1) != 1)
        return;
    invoke_plan_free(m->plan);
    free(m->name);
    free(m->help);
    mounted_free(m->mounted);
    tenancy_leave(m->tenancy);
    free(m);
}

void registry_done(registry *r)
{
    size_t at = 0;
    void *value;
    while (map_next(&r->methods, &at, NULL, &value))
        registry_method_unref(value);
    map_done(&r->methods);
    tenancies_done(&r->tenancies);
    pthread_mutex_destroy(&r->lock);
}

registry_method *registry_method_new(const char *name, tenancy *t, void *userdata)
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
    m->tenancy = t;
    if (t)
        tenancy_use(t);
    return m;
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
    registry_method *m = registry_method_new(name, NULL, userdata);
    if (!m)
        return error_nomem(error);
    m->tenancy = tenancy_new(&r->tenancies, m);
    m->value_handler = handler;
    m->help = help ? strdup(help) : NULL;
    if ((help && !m->help) || !m->tenancy) {
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

jrpc_status registry_remove_value(registry *r, const char *name, const void **ret_key, jrpc_error *error)
{
    pthread_mutex_lock(&r->lock);
    registry_method *m = name ? map_get_str(&r->methods, name) : NULL;
    if (m && !m->method && !m->mounted)
        map_remove_str(&r->methods, name);
    else
        m = NULL;
    pthread_mutex_unlock(&r->lock);
    if (!m)
        return jrpc_error_set(error, JRPC_E_NOT_FOUND, "no method named \"%s\" is registered by itself", name ? name : "");
    *ret_key = m;
    registry_method_unref(m);
    return JRPC_OK;
}

/* ---- mounted registries ---- */

const jrpc_method *registry_described(const registry_method *m)
{
    return m->method || !m->mounted ? m->method : described_method(m->mounted->described);
}

jrpc_status registry_add_mounted(registry *r, registry_method *const *methods, size_t count, jrpc_error *error)
{
    jrpc_status status = JRPC_OK;
    size_t added = 0;
    for (size_t i = 0; i < count && status == JRPC_OK; i++)
        status = check_name(methods[i]->name, error);
    pthread_mutex_lock(&r->lock);
    while (status == JRPC_OK && added < count) {
        status = add(r, methods[added], error);
        added += status == JRPC_OK;
    }
    while (status != JRPC_OK && added)
        map_remove_str(&r->methods, methods[--added]->name);
    pthread_mutex_unlock(&r->lock);
    return status;
}

void registry_remove_mounted(registry *r, const struct xmlrpc_registry *from)
{
    registry_method *gone = NULL;
    size_t at = 0;
    void *value;
    pthread_mutex_lock(&r->lock);
    while (map_next(&r->methods, &at, NULL, &value)) {
        registry_method *m = value;
        if (!m->mounted || mounted_registry(m->mounted) != from)
            continue;
        m->successor = gone;
        gone = m;
    }
    for (registry_method *m = gone; m; m = m->successor)
        map_remove_str(&r->methods, m->name);
    pthread_mutex_unlock(&r->lock);
    while (gone) {
        registry_method *next = gone->successor;
        registry_method_unref(gone);
        gone = next;
    }
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

jrpc_status registry_check(registry *r, const char *name, jrpc_error *error)
{
    const char *candidate = NULL, *same_part = NULL;
    suggestion near;
    suggest_init(&near, name);
    pthread_mutex_lock(&r->lock);
    bool found = map_get_str(&r->methods, name) != NULL;
    for (size_t at = 0; !found && map_next(&r->methods, &at, &candidate, NULL);) {
        suggest_try(&near, candidate);
        if (suggest_same_part(name, candidate))
            same_part = candidate;
    }
    const char *best = near.best ? near.best : same_part;
    jrpc_status status = found ? JRPC_OK
                               : jrpc_error_set(error, JRPC_E_NOT_FOUND, "there is no method %.80s%s%s%s", name,
                                                best ? "; did you mean " : "", best ? best : "", best ? "?" : "");
    pthread_mutex_unlock(&r->lock);
    return status;
}
