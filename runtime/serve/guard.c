/* SPDX-License-Identifier: MIT */
/* The rules that a server goes by. */
#include "serve/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"

jrpc_status guard_init(guard *g)
{
    g->acl = NULL;
    g->own = calloc(1, sizeof *g->own);
    if (!g->own)
        return JRPC_E_NOMEM;
    pthread_rwlock_init(&g->lock, NULL);
    return JRPC_OK;
}

void guard_done(guard *g)
{
    if (!g->own)
        return;
    jrpc_acl_free(g->acl);
    jrpc_acl_free(g->own);
    pthread_rwlock_destroy(&g->lock);
}

static bool fill_rule(acl_rule *rule, const char *pattern)
{
    AUTO(buf_done) buf text = BUF_INIT;
    buf_printf(&text, "allow %s *", pattern);
    rule->allow = true;
    rule->methods = calloc(1, sizeof *rule->methods);
    if (!rule->methods || !(rule->methods[0] = strdup("*")))
        return false;
    rule->method_count = 1;
    rule->text = buf_take(&text);
    return rule->text != NULL;
}

static bool add_rule(jrpc_acl *own, const acl_rule *rule)
{
    acl_rule *rules = realloc(own->rules, (own->rule_count + 1) * sizeof *rules);
    if (!rules)
        return false;
    own->rules = rules;
    rules[own->rule_count++] = *rule;
    return true;
}

jrpc_status guard_allow(guard *g, const char *pattern, jrpc_error *error)
{
    acl_rule rule = { .allow = true };
    const char *why = NULL;
    jrpc_status status = jid_pattern_parse(pattern, &rule.who, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status != JRPC_OK)
        return jrpc_error_set(error, status, "\"%s\" is not a caller's address or pattern: %s", pattern,
                              why ? why : "unreadable");
    bool done = fill_rule(&rule, pattern);
    if (done) {
        pthread_rwlock_wrlock(&g->lock);
        done = add_rule(g->own, &rule);
        pthread_rwlock_unlock(&g->lock);
    }
    if (done)
        return JRPC_OK;
    acl_rule_done(&rule);
    return error_nomem(error);
}

void guard_set_acl(guard *g, jrpc_acl *acl)
{
    pthread_rwlock_wrlock(&g->lock);
    jrpc_acl *old = g->acl;
    g->acl = acl;
    pthread_rwlock_unlock(&g->lock);
    jrpc_acl_free(old);
}

bool guard_knows(guard *g, const jid *who)
{
    if (!who || !who->domain)
        return false;
    bool decided = false, known = false;
    pthread_rwlock_rdlock(&g->lock);
    if (g->acl)
        known = acl_knows(g->acl, who, &decided);
    if (!decided)
        known = acl_knows(g->own, who, &decided);
    pthread_rwlock_unlock(&g->lock);
    return known;
}

bool guard_check(guard *g, const jid *who, const char *method, const char *tag, char ret_rule[GUARD_RULE_ROOM])
{
    const acl_rule *rule = NULL;
    pthread_rwlock_rdlock(&g->lock);
    if (who && who->domain && g->acl)
        rule = acl_find(g->acl, who, method, tag);
    if (who && who->domain && !rule)
        rule = acl_find(g->own, who, method, tag);
    bool allowed = rule && rule->allow;
    if (ret_rule)
        snprintf(ret_rule, GUARD_RULE_ROOM, "%s", rule ? rule->text : "no rule");
    pthread_rwlock_unlock(&g->lock);
    return allowed;
}
