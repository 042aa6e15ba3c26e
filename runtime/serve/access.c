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

bool access_admits(server *s, const jid *who, const char *caller)
{
    bool admitted = guard_knows(&s->guard, who);
    if (!admitted)
        s->options.log(s->options.userdata, JRPC_LOG_INFO, "a call by %s was refused: no rule allows this caller",
                       caller ? caller : "nobody");
    return admitted;
}

static bool check(server *s, const jid *who, const char *name, const registry_method *method, char *ret_rule)
{
    return guard_check(&s->guard, who, name, method && method->method ? method->method->acl : NULL, ret_rule);
}

bool access_allows(server *s, const jid *who, const char *name, const registry_method *method)
{
    if (!s->options.audit && check(s, who, name, method, NULL))
        return true;
    char rule[GUARD_RULE_ROOM];
    bool allowed = check(s, who, name, method, rule);
    s->options.log(s->options.userdata, JRPC_LOG_INFO, "audit: %s calls %.255s: %s by %s",
                   who->full ? who->full : "nobody", name, allowed ? "allowed" : "refused", rule);
    return allowed;
}

bool access_shows(server *s, const jid *who, const char *name)
{
    registry_method *method = registry_find(&s->registry, name);
    bool shown = method && check(s, who, name, method, NULL);
    registry_method_unref(method);
    return shown;
}
