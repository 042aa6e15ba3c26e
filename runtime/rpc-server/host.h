/* SPDX-License-Identifier: MIT */
/* The modules of a daemon: loaded, replaced while it runs, unloaded when nothing uses them any more. */
#ifndef RPC_SERVER_HOST_H
#define RPC_SERVER_HOST_H

#include "rpc-server/module.h"

typedef struct host {
    module *modules;
    size_t len;
    module *retired; /* replaced, and perhaps in use by calls still */
    size_t retired_len;
} host;

/* Loads them; not yet served. */
jrpc_status host_load(host *h, char *const *paths, size_t count, jrpc_error *error);
jrpc_status host_start(host *h, jrpc_session *session, jrpc_error *error);
/* Those whose files have changed take their own old place; says on stderr what came of each. True: one was replaced. */
bool host_reload(host *h, jrpc_session *session);
/* Unloads what was replaced and is not used any more. True: some is left. */
bool host_release(host *h, jrpc_session *session);
/* After the session is closed. */
void host_done(host *h);

#endif
