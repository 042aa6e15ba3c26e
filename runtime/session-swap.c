/* SPDX-License-Identifier: MIT */
/* Methods that come and go while calls run. */
#include <jrpc/xmlrpc.h>

#include "base/clock.h"
#include "base/error.h"
#include "session.h"

jrpc_status jrpc_serve_instead(jrpc_session *session, const jrpc_module_service *olds, size_t old_count,
                               const jrpc_module_service *news, size_t new_count, void *userdata, jrpc_error *error)
{
    return registry_swap(&session->server->registry, &(registry_services){ olds, old_count },
                         &(registry_services){ news, new_count }, userdata, error);
}

/* ---- waiting ---- */

typedef struct gone_wait {
    tenancies *tenancies;
    const void *key;
} gone_wait;

static bool is_gone(void *userdata)
{
    const gone_wait *wait = userdata;
    return tenancy_wait(wait->tenancies, wait->key, 0);
}

/* CALLER mode: handlers may be waiting to run inline, or for answers. They tell nobody here: looked at every moment. */
static bool drive_until_gone(jrpc_session *session, const void *key, int64_t until)
{
    gone_wait wait = { &session->server->registry.tenancies, key };
    bool gone = is_gone(&wait);
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    while (!gone && clock_now() < until && session->state != SESSION_ENDED) {
        int64_t moment = clock_after(clock_now(), 10);
        gone = session_lead_until(session, is_gone, &wait, moment < until ? moment : until, -1);
    }
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    return gone || tenancy_wait(wait.tenancies, key, until);
}

static jrpc_status wait_until_gone(jrpc_session *session, const void *key, const char *what, int64_t timeout_ms,
                                   jrpc_error *error)
{
    int64_t until = timeout_ms < 0 ? CLOCK_NEVER : clock_after(clock_now(), timeout_ms);
    bool gone = session->settings.mode == JRPC_MODE_CALLER
                    ? drive_until_gone(session, key, until)
                    : tenancy_wait(&session->server->registry.tenancies, key, until);
    if (gone)
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_TIMEOUT, "calls still use %s after %lld ms", what, (long long)timeout_ms);
}

/* A handler would wait for itself. */
static jrpc_status check_thread(jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = session_check_caller(session, error);
    if (status == JRPC_OK && worker_is_of(session->server->pool))
        status = jrpc_error_set(error, JRPC_E_DEADLOCK, "called from a handler, which would wait for itself");
    return status;
}

jrpc_status jrpc_unserve_wait(jrpc_session *session, const jrpc_interface *interface_, int64_t timeout_ms,
                              jrpc_error *error)
{
    jrpc_status status = check_thread(session, error);
    if (status != JRPC_OK)
        return status;
    registry_remove_interface(&session->server->registry, interface_, NULL);
    /* Its name may be gone with it. */
    return wait_until_gone(session, interface_, "the interface", timeout_ms, error);
}

jrpc_status jrpc_unserve_registry(jrpc_session *session, struct xmlrpc_registry *source, int64_t timeout_ms,
                                  jrpc_error *error)
{
    jrpc_status status = check_thread(session, error);
    if (status != JRPC_OK)
        return status;
    registry_remove_mounted(&session->server->registry, source);
    return wait_until_gone(session, source, "the registry", timeout_ms, error);
}

jrpc_status jrpc_unserve_value(jrpc_session *session, const char *method, int64_t timeout_ms, jrpc_error *error)
{
    const void *key = NULL;
    jrpc_status status = check_thread(session, error);
    if (status == JRPC_OK)
        status = registry_remove_value(&session->server->registry, method, &key, error);
    return status == JRPC_OK ? wait_until_gone(session, key, method, timeout_ms, error) : status;
}
