/* SPDX-License-Identifier: MIT */
/* Keepalive. */
#include "keepalive.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

struct keepalive {
    outcall call; /* first */
    jrpc_session *session;
    bool running;
    int64_t asked_at;
};

keepalive *keepalive_new(jrpc_session *session)
{
    keepalive *k = calloc(1, sizeof *k);
    if (k)
        k->session = session;
    return k;
}

/* Any answer will do, an error as well: somebody is there. */
static jrpc_status answer_ping(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    UNUSED(call);
    UNUSED(iq);
    UNUSED(error);
    return JRPC_OK;
}

static void on_finished(outcall *call)
{
    keepalive *k = (keepalive *)call;
    k->running = false;
    /* What came meanwhile shows that it is slow, not gone: it has much to send. */
    if (call->status != JRPC_E_TIMEOUT || k->session->heard_at > k->asked_at)
        return;
    session_log(k->session, JRPC_LOG_WARNING, "the server did not answer a ping within %lu ms",
                (unsigned long)k->session->settings.keepalive_timeout_ms);
    link_abort(k->session->link);
}

int64_t keepalive_next(const jrpc_session *session)
{
    const session_settings *settings = &session->settings;
    if (session->keepalive->running || settings->keepalive_ms == JRPC_NO_KEEPALIVE || session->told != SESSION_ONLINE)
        return CLOCK_NEVER;
    int64_t silent = clock_after(session->heard_at, settings->keepalive_ms);
    /* A server that closes streams over which nothing comes is given something in time. */
    int64_t idle = session->limits.idle_ms ? clock_after(session->said_at, session->limits.idle_ms / 4 * 3) : CLOCK_NEVER;
    return idle < silent ? idle : silent;
}

/*
 * An account asks its server. A component has none that it knows by name: it asks itself, for the way there leads through
 * the server.
 */
static const char *own_name(jrpc_session *session)
{
    if (!session->settings.component)
        return NULL;
    pthread_mutex_lock(&session->lock);
    const char *name = session->name ? session->name->text : NULL;
    pthread_mutex_unlock(&session->lock);
    return name;
}

static outcall new_ping(jrpc_session *session, uint32_t timeout_ms)
{
    static char text[] = "<ping xmlns='urn:xmpp:ping'/>";
    static const buf payload = { text, sizeof text - 1, sizeof text, false };
    return (outcall){
        .to = own_name(session),
        .what = "ping",
        .gets = true,
        .payload = &payload,
        .answer = answer_ping,
        .timeout_ms = timeout_ms,
    };
}

bool keepalive_round_trip(jrpc_session *session, uint32_t timeout_ms)
{
    outcall call = new_ping(session, timeout_ms);
    jrpc_status status = outcall_run(session, &call);
    return status != JRPC_E_TIMEOUT && status != JRPC_E_DISCONNECTED && status != JRPC_E_CLOSED;
}

void keepalive_check(jrpc_session *session, int64_t now)
{
    if (keepalive_next(session) > now)
        return;
    keepalive *k = session->keepalive;
    k->call = new_ping(session, session->settings.keepalive_timeout_ms);
    k->call.finished = on_finished;
    session->heard_at = k->asked_at = now;
    k->running = outcall_start(session, &k->call) == JRPC_OK;
}
