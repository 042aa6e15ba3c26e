/* SPDX-License-Identifier: MIT */
/* Modules. */
#include "rpc-server/module.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* A name without slash would be searched for in the system's folders: the file that was named is meant. */
static char *to_path(const char *text)
{
    if (strchr(text, '/'))
        return strdup(text);
    char *path = malloc(strlen(text) + 3);
    if (path) {
        strcpy(path, "./");
        strcat(path, text);
    }
    return path;
}

static jrpc_status check(const module *m, jrpc_error *error)
{
    const jrpc_module *entry = m->entry;
    if (entry->abi != JRPC_MODULE_ABI || entry->size < sizeof(jrpc_module))
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: built for module interface %u, this program has %u", m->path,
                              (unsigned)entry->abi, (unsigned)JRPC_MODULE_ABI);
    if (!entry->name || (entry->service_count && !entry->services))
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: jrpc_module_v1 names no services", m->path);
    return JRPC_OK;
}

jrpc_status module_load(const char *path, module *ret_module, jrpc_error *error)
{
    module m = { .path = to_path(path) };
    if (!m.path)
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    jrpc_status status;
    m.handle = dlopen(m.path, RTLD_NOW | RTLD_LOCAL);
    if (!m.handle) {
        status = jrpc_error_set(error, JRPC_E_INVALID, "%s", dlerror());
    } else if (!(m.entry = dlsym(m.handle, "jrpc_module_v1"))) {
        status = jrpc_error_set(error, JRPC_E_INVALID, "%s: no module: it exports no jrpc_module_v1 (idlgen --module)",
                                m.path);
    } else {
        status = check(&m, error);
    }
    if (status != JRPC_OK) {
        module_unload(&m);
        return status;
    }
    *ret_module = m;
    return JRPC_OK;
}

jrpc_status module_start(module *m, jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = m->entry->init ? m->entry->init(session, &m->userdata, error) : JRPC_OK;
    if (status != JRPC_OK)
        return status;
    m->initialised = true;
    for (size_t i = 0; i < m->entry->service_count && status == JRPC_OK; i++) {
        const jrpc_module_service *service = &m->entry->services[i];
        jrpc_error why = JRPC_ERROR_INIT;
        status = jrpc_serve(session, service->interface_, service->impl, m->userdata, &why);
        if (status != JRPC_OK)
            jrpc_error_set(error, status, "%s: interface %s: %s", m->path, service->interface_->name, why.message);
        jrpc_error_done(&why);
    }
    return status;
}

void module_unload(module *m)
{
    if (m->initialised && m->entry->done)
        m->entry->done(m->userdata);
    if (m->handle)
        dlclose(m->handle);
    free(m->path);
    *m = (module){ .path = NULL };
}
