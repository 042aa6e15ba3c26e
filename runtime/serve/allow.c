/* SPDX-License-Identifier: MIT */
/* The list of callers that are let in. */
#include "serve/allow.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"

void allow_init(allow_list *list)
{
    pthread_rwlock_init(&list->lock, NULL);
    list->rules = NULL;
    list->len = list->cap = 0;
}

void allow_done(allow_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        jid_pattern_done(&list->rules[i]);
    free(list->rules);
    pthread_rwlock_destroy(&list->lock);
}

static bool make_room(allow_list *list)
{
    if (list->len < list->cap)
        return true;
    size_t cap = list->cap ? list->cap * 2 : 8;
    jid_pattern *rules = realloc(list->rules, cap * sizeof *rules);
    if (!rules)
        return false;
    list->rules = rules;
    list->cap = cap;
    return true;
}

jrpc_status allow_add(allow_list *list, const char *pattern, jrpc_error *error)
{
    jid_pattern rule;
    const char *why = NULL;
    jrpc_status status = jid_pattern_parse(pattern, &rule, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status != JRPC_OK)
        return jrpc_error_set(error, status, "\"%s\" is not a caller's address or pattern: %s", pattern,
                              why ? why : "unreadable");
    pthread_rwlock_wrlock(&list->lock);
    bool room = make_room(list);
    if (room)
        list->rules[list->len++] = rule;
    pthread_rwlock_unlock(&list->lock);
    if (room)
        return JRPC_OK;
    jid_pattern_done(&rule);
    return error_nomem(error);
}

bool allow_check(allow_list *list, const char *caller)
{
    AUTO(jid_done) jid who = { NULL, NULL, NULL, NULL, NULL };
    if (!caller || jid_parse(caller, &who, NULL) != JRPC_OK)
        return false;
    bool allowed = false;
    pthread_rwlock_rdlock(&list->lock);
    for (size_t i = 0; i < list->len && !allowed; i++)
        allowed = jid_pattern_matches(&list->rules[i], &who);
    pthread_rwlock_unlock(&list->lock);
    return allowed;
}
