/* SPDX-License-Identifier: MIT */
/* Who may call: nobody but those that a rule lets in (XEP-0009 section 5). Any thread. */
#ifndef SERVE_ALLOW_H
#define SERVE_ALLOW_H

#include <pthread.h>
#include <stdbool.h>

#include <jrpc/error.h>

#include "link/jid.h"

typedef struct allow_list {
    pthread_rwlock_t lock;
    jid_pattern *rules;
    size_t len, cap;
} allow_list;

void allow_init(allow_list *list);
void allow_done(allow_list *list);
/* INVALID: the pattern cannot be read. NOMEM. */
jrpc_status allow_add(allow_list *list, const char *pattern, jrpc_error *error);
/* caller as stamped by its server; what cannot be read as a JID is not let in. */
bool allow_check(allow_list *list, const char *caller);

#endif
