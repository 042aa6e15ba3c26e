/* SPDX-License-Identifier: MIT */
/* What a session serves, and to whom. */
#include <jrpc/acl.h>

#include "base/error.h"
#include "session.h"

jrpc_status jrpc_serve(jrpc_session *session, const jrpc_interface *interface_, const void *impl, void *userdata,
                       jrpc_error *error)
{
    return registry_add_interface(&session->server->registry, interface_, impl, userdata, error);
}

jrpc_status jrpc_unserve(jrpc_session *session, const jrpc_interface *interface_, jrpc_error *error)
{
    return registry_remove_interface(&session->server->registry, interface_, error);
}

jrpc_status jrpc_serve_value(jrpc_session *session, const char *method, jrpc_value_fn handler, void *userdata,
                             const char *help, jrpc_error *error)
{
    return registry_add_value(&session->server->registry, method, handler, userdata, help, error);
}

jrpc_status jrpc_serves(jrpc_session *session, const char *method, jrpc_error *error)
{
    return method ? registry_check(&session->server->registry, method, error)
                  : jrpc_error_set(error, JRPC_E_INVALID, "no method given");
}

jrpc_status jrpc_session_allow(jrpc_session *session, const char *pattern, jrpc_error *error)
{
    if (!pattern)
        return jrpc_error_set(error, JRPC_E_INVALID, "no caller given");
    return guard_allow(&session->server->guard, pattern, error);
}

jrpc_status jrpc_session_acl_load(jrpc_session *session, const char *path, jrpc_error *error)
{
    jrpc_acl *acl = NULL;
    jrpc_status status = jrpc_acl_read(path, &acl, error);
    if (status == JRPC_OK)
        guard_set_acl(&session->server->guard, acl);
    return status;
}
