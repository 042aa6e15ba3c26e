/* SPDX-License-Identifier: MIT */
/* One call that came in: decoded on the driving thread, run anywhere, answered exactly once. */
#ifndef SERVE_INCOMING_H
#define SERVE_INCOMING_H

#include "serve/server.h"

/*
 * query is the <query> of a call by an allowed caller. Decodes it and gives it to the workers (or the inline queue), or
 * answers it with the fault or error that says why not.
 */
void incoming_start(server *s, const reply_address *request, xmpp_stanza_t *query);

/* Runs the method and sends the answer; the call is gone afterwards. */
void incoming_run(worker_job *job, void *userdata);

#endif
