/* SPDX-License-Identifier: MIT */
/* What peers announce. */
#include "peer-features.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "session.h"
#include "wire/envelope.h"

enum { PEERS_MOST = 4096, ASK_TIMEOUT_MS = 2000 };

static const int64_t NO_IS_KEPT = 60000 * CLOCK_MS;

void features_init(features *f)
{
    pthread_mutex_init(&f->lock, NULL);
    f->peers = (map)MAP_INIT;
}

static void forget_all(features *f)
{
    size_t at = 0;
    void *value;
    while (map_next(&f->peers, &at, NULL, &value))
        free(value);
    map_done(&f->peers);
}

void features_done(features *f)
{
    forget_all(f);
    pthread_mutex_destroy(&f->lock);
}

void features_forget(features *f, const char *to)
{
    pthread_mutex_lock(&f->lock);
    free(map_remove_str(&f->peers, to));
    pthread_mutex_unlock(&f->lock);
}

/* True when the answer is known. */
static bool recall(features *f, const char *to, bool *ret_has)
{
    pthread_mutex_lock(&f->lock);
    const int64_t *refused = map_get_str(&f->peers, to);
    bool known = refused && (*refused == 0 || clock_now() - *refused < NO_IS_KEPT);
    *ret_has = known && *refused == 0;
    pthread_mutex_unlock(&f->lock);
    return known;
}

/* Without memory it is asked again the next time. Many addresses of one stranger must not fill ours. */
static void remember(features *f, const char *to, bool has)
{
    int64_t *value = malloc(sizeof *value);
    if (!value)
        return;
    *value = has ? 0 : clock_now();
    pthread_mutex_lock(&f->lock);
    if (f->peers.len >= PEERS_MOST)
        forget_all(f);
    free(map_remove_str(&f->peers, to));
    if (!map_put_str(&f->peers, to, value))
        free(value);
    pthread_mutex_unlock(&f->lock);
}

static jrpc_status answer_features(outcall *call, xmpp_stanza_t *iq, jrpc_error *error)
{
    UNUSED(error);
    bool *has = call->answer_userdata;
    xmpp_stanza_t *query = xmpp_stanza_get_child_by_name_and_ns(iq, "query", XMPP_NS_DISCO_INFO);
    xmpp_stanza_t *child = query ? xmpp_stanza_get_children(query) : NULL;
    for (; child; child = xmpp_stanza_get_next(child)) {
        const char *var = xmpp_stanza_is_tag(child) ? xmpp_stanza_get_attribute(child, "var") : NULL;
        if (var && strcmp(xmpp_stanza_get_name(child), "feature") == 0 && strcmp(var, WIRE_NS_EXTENSION) == 0)
            *has = true;
    }
    return JRPC_OK;
}

bool features_has_extension(features *f, jrpc_session *session, const char *to)
{
    bool has = false;
    if (recall(f, to, &has))
        return has;
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_append_lit(&payload, "<query xmlns='" XMPP_NS_DISCO_INFO "'/>");
    outcall call = {
        .to = to,
        .answer = answer_features,
        .answer_userdata = &has,
        .timeout_ms = ASK_TIMEOUT_MS,
    };
    if (buf_failed(&payload))
        return false;
    jrpc_status status = outcall_run(session, &call, "get", &payload);
    if (status != JRPC_E_DEADLOCK && status != JRPC_E_NOMEM)
        remember(f, to, status == JRPC_OK && has);
    return status == JRPC_OK && has;
}
