/* SPDX-License-Identifier: MIT */
/* Registries of xmlrpc-c's that a session serves. */
#include <stdlib.h>
#include <string.h>

#include <jrpc/options.h>
#include <jrpc/xmlrpc.h>

#include "base/error.h"
#include "base/mem.h"
#include "serve/mount.h"
#include "session.h"

jrpc_status jrpc_serve_registry(jrpc_session *session, struct xmlrpc_registry *source,
                                const jrpc_registry_options *options, jrpc_error *error)
{
    if (!source)
        return jrpc_error_set(error, JRPC_E_INVALID, "no registry given");
    jrpc_registry_options own = JRPC_REGISTRY_OPTIONS_INIT;
    if (options && options->size) /* an older program's structure is shorter */
        memcpy(&own, options, options->size < sizeof own ? options->size : sizeof own);
    return mount_registry(session->server, source, &own, error);
}

static jrpc_status allow_all(jrpc_session *session, const char *callers, jrpc_error *error)
{
    autofree char *copy = strdup(callers);
    if (!copy)
        return error_nomem(error);
    char *rest = NULL;
    jrpc_status status = JRPC_OK;
    size_t count = 0;
    for (char *one = strtok_r(copy, " \t\n", &rest); one && status == JRPC_OK; one = strtok_r(NULL, " \t\n", &rest)) {
        status = jrpc_session_allow(session, one, error);
        count++;
    }
    return count ? status : jrpc_error_set(error, JRPC_E_INVALID, "no callers given: nobody could call the registry");
}

static jrpc_status open_session(jrpc_session **ret_session, jrpc_error *error)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_status status = options ? jrpc_options_open(options, ret_session, error) : error_nomem(error);
    jrpc_options_free(options);
    return status;
}

/* The methods before the callers: whoever is let in finds everything there. */
jrpc_status jrpc_open_registry(struct xmlrpc_registry *source, const char *callers, jrpc_session **ret_session,
                               jrpc_error *error)
{
    if (!callers)
        return jrpc_error_set(error, JRPC_E_INVALID, "no callers given: nobody could call the registry");
    jrpc_session *session = NULL;
    jrpc_status status = open_session(&session, error);
    if (status == JRPC_OK)
        status = jrpc_serve_registry(session, source, NULL, error);
    if (status == JRPC_OK)
        status = allow_all(session, callers, error);
    if (status != JRPC_OK)
        jrpc_session_close(session);
    else if (ret_session)
        *ret_session = session;
    return status;
}
