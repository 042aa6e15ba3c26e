/* SPDX-License-Identifier: MIT */
/* libstrophe's process-wide state. */
#include "link/library.h"

#include <pthread.h>
#include <strophe.h>

/*
 * libstrophe 0.12 gives expat the allocator of the first context that ever made a parser, and keeps a pointer
 * to that context for good: when it is freed, every parser of the process that came from it allocates through
 * freed memory. This context takes that place and is never freed; nor is xmpp_shutdown() ever called, for
 * other links may be alive.
 */
static xmpp_ctx_t *anchor_ctx;
static xmpp_conn_t *anchor_conn;

static void init(void)
{
    xmpp_initialize();
    anchor_ctx = xmpp_ctx_new(NULL, NULL);
    anchor_conn = anchor_ctx ? xmpp_conn_new(anchor_ctx) : NULL;
}

bool library_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init);
    return anchor_conn != NULL;
}
