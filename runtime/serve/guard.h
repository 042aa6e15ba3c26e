/* SPDX-License-Identifier: MIT */
/*
 * Guard: the rules that a server goes by at the moment. Those of its access list, which may be replaced at any time, then
 * the callers that the program let in by itself. Nobody else is let in. Any thread.
 */
#ifndef SERVE_GUARD_H
#define SERVE_GUARD_H

#include <pthread.h>
#include <stdbool.h>

#include "serve/acl.h"

typedef struct guard {
    pthread_rwlock_t lock;
    jrpc_acl *acl;  /* or NULL */
    jrpc_acl *own;  /* rules for everything */
} guard;

enum { GUARD_RULE_ROOM = 256 };

/* NOMEM. */
jrpc_status guard_init(guard *g);
void guard_done(guard *g);
/* INVALID: the pattern cannot be read. NOMEM. */
jrpc_status guard_allow(guard *g, const char *pattern, jrpc_error *error);
/* Takes the list over. */
void guard_set_acl(guard *g, jrpc_acl *acl);
/* May this caller call anything at all? who NULL, or without a domain: no. */
bool guard_knows(guard *g, const jid *who);
/* ret_rule (may be NULL) is the text of the rule that decides, cut at its room. */
bool guard_check(guard *g, const jid *who, const char *method, const char *tag, char ret_rule[GUARD_RULE_ROOM]);

#endif
