/* SPDX-License-Identifier: MIT */
/* The modules of a daemon. */
#include "rpc-server/host.h"

#include <stdlib.h>
#include <string.h>

jrpc_status host_load(host *h, char *const *paths, size_t count, jrpc_error *error)
{
    if (count == 0)
        return jrpc_error_set(error, JRPC_E_INVALID, "nothing to serve: --module FILE is missing");
    h->modules = calloc(count, sizeof *h->modules);
    if (!h->modules)
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; i < count && status == JRPC_OK; i++) {
        status = module_load(paths[i], &h->modules[i], error);
        h->len += status == JRPC_OK;
    }
    return status;
}

jrpc_status host_start(host *h, jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = JRPC_OK;
    for (size_t i = 0; i < h->len && status == JRPC_OK; i++)
        status = module_start(&h->modules[i], session, error);
    return status;
}

static bool make_room(host *h)
{
    module *retired = realloc(h->retired, (h->retired_len + 1) * sizeof *retired);
    if (retired)
        h->retired = retired;
    return retired != NULL;
}

/* True when it was replaced. */
static bool reload(host *h, module *m, jrpc_session *session)
{
    jrpc_error error = JRPC_ERROR_INIT;
    module old = MODULE_INIT;
    jrpc_status status = make_room(h) ? module_reload(m, session, &old, &error)
                                      : jrpc_error_set(&error, JRPC_E_NOMEM, "out of memory");
    if (status != JRPC_OK) {
        fputs("rpc-server: the old module stays: ", stderr);
        jrpc_error_print(stderr, &error);
        jrpc_error_done(&error);
    } else if (old.handle) {
        h->retired[h->retired_len++] = old;
        fprintf(stderr, "rpc-server: %s was replaced\n", m->path);
        return true;
    } else {
        fprintf(stderr, "rpc-server: %s is what it was\n", m->path);
    }
    return false;
}

bool host_reload(host *h, jrpc_session *session)
{
    bool replaced = false;
    for (size_t i = 0; i < h->len; i++)
        replaced = reload(h, &h->modules[i], session) || replaced;
    return replaced;
}

bool host_release(host *h, jrpc_session *session)
{
    size_t left = 0;
    for (size_t i = 0; i < h->retired_len; i++) {
        module old = h->retired[i];
        if (!module_release(&old, session))
            h->retired[left++] = old;
    }
    h->retired_len = left;
    return left > 0;
}

void host_done(host *h)
{
    for (size_t i = 0; i < h->retired_len; i++)
        module_unload(&h->retired[i]);
    for (size_t i = 0; i < h->len; i++)
        module_unload(&h->modules[i]);
    free(h->retired);
    free(h->modules);
}
