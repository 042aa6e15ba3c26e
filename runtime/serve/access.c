/* SPDX-License-Identifier: MIT */
/* May this caller call this method? */
#include "serve/access.h"

#include "base/mem.h"

void access_read_caller(const char *caller, jid *ret_who)
{
    *ret_who = (jid){ 0 };
    if (caller && jid_parse(caller, ret_who, NULL) != JRPC_OK)
        *ret_who = (jid){ 0 };
}

bool access_admits(server *s, const jid *who, const reply_address *request)
{
    bool admitted = guard_knows(&s->guard, who);
    if (!admitted)
        server_log_call(s, JRPC_LOG_INFO, request, "a call by %s was refused: no rule allows this caller",
                        request->from ? request->from : "nobody");
    return admitted;
}

static bool check(server *s, const jid *who, const char *name, const registry_method *method, char *ret_rule)
{
    return guard_check(&s->guard, who, name, method && method->method ? method->method->acl : NULL, ret_rule);
}

bool access_allows(server *s, const jid *who, const char *name, const registry_method *method,
                   const reply_address *request)
{
    if (!s->options.audit && check(s, who, name, method, NULL))
        return true;
    char rule[GUARD_RULE_ROOM];
    bool allowed = check(s, who, name, method, rule);
    server_log_call(s, JRPC_LOG_INFO, request, "audit: %s calls %.255s: %s by %s", who->full ? who->full : "nobody", name,
                    allowed ? "allowed" : "refused", rule);
    return allowed;
}

bool access_shows(server *s, const jid *who, const char *name)
{
    registry_method *method = registry_find(&s->registry, name);
    bool shown = method && check(s, who, name, method, NULL);
    registry_method_unref(method);
    return shown;
}
