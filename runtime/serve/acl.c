/* SPDX-License-Identifier: MIT */
/* Access lists: what the rules say. */
#include "serve/acl.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

/* By their whole names: a program may well register a "system.reboot", which is like any other method. */
bool acl_is_system(const char *method)
{
    static const char *const names[] = { "listMethods", "methodHelp", "methodSignature", "getCapabilities", "multicall" };
    if (strncmp(method, "system.", 7) != 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(method + 7, names[i]) == 0)
            return true;
    }
    return false;
}

static bool is_member(const acl_group *group, const jid *who)
{
    for (size_t i = 0; i < group->len; i++) {
        if (jid_pattern_matches(&group->members[i], who))
            return true;
    }
    return false;
}

static bool covers_caller(const acl_rule *rule, const jid *who)
{
    return rule->group ? is_member(rule->group, who) : jid_pattern_matches(&rule->who, who);
}

static bool covers_name(const char *pattern, const char *method, const char *tag)
{
    if (*pattern == '@')
        return tag && strcmp(pattern + 1, tag) == 0;
    size_t len = strlen(pattern);
    if (pattern[len - 1] == '*')
        return strncmp(pattern, method, len - 1) == 0;
    return strcmp(pattern, method) == 0;
}

static bool covers_method(const acl_rule *rule, const char *method, const char *tag)
{
    if (rule->allow && acl_is_system(method))
        return true;
    for (size_t i = 0; i < rule->method_count; i++) {
        if (covers_name(rule->methods[i], method, tag))
            return true;
    }
    return false;
}

bool acl_rule_matches(const acl_rule *rule, const jid *who, const char *method, const char *tag)
{
    return covers_method(rule, method, tag) && covers_caller(rule, who);
}

const acl_rule *acl_find(const jrpc_acl *acl, const jid *who, const char *method, const char *tag)
{
    for (size_t i = 0; i < acl->rule_count; i++) {
        if (acl_rule_matches(&acl->rules[i], who, method, tag))
            return &acl->rules[i];
    }
    return NULL;
}

static bool is_about_everything(const acl_rule *rule)
{
    for (size_t i = 0; i < rule->method_count; i++) {
        if (strcmp(rule->methods[i], "*") == 0)
            return true;
    }
    return false;
}

bool acl_knows(const jrpc_acl *acl, const jid *who, bool *ret_decided)
{
    *ret_decided = true;
    for (size_t i = 0; i < acl->rule_count; i++) {
        const acl_rule *rule = &acl->rules[i];
        if ((rule->allow || is_about_everything(rule)) && covers_caller(rule, who))
            return rule->allow;
    }
    *ret_decided = false;
    return false;
}

jrpc_status jrpc_acl_check(const jrpc_acl *acl, const char *caller, const char *method, const char *tag,
                           bool *ret_allowed, const char **ret_rule, jrpc_error *error)
{
    AUTO(jid_done) jid who = { NULL, NULL, NULL, NULL, NULL };
    const char *why = NULL;
    if (!caller || !method)
        return jrpc_error_set(error, JRPC_E_INVALID, "no caller or no method given");
    jrpc_status status = jid_parse(caller, &who, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status != JRPC_OK)
        return jrpc_error_set(error, status, "\"%s\" is not a Jabber address: %s", caller, why ? why : "unreadable");
    const acl_rule *rule = acl_find(acl, &who, method, tag);
    *ret_allowed = rule && rule->allow;
    if (ret_rule)
        *ret_rule = rule ? rule->text : NULL;
    return JRPC_OK;
}

void acl_rule_done(acl_rule *rule)
{
    jid_pattern_done(&rule->who);
    for (size_t i = 0; i < rule->method_count; i++)
        free(rule->methods[i]);
    free(rule->methods);
    free(rule->text);
    memset(rule, 0, sizeof *rule);
}

static void free_group(acl_group *group)
{
    for (size_t i = 0; i < group->len; i++)
        jid_pattern_done(&group->members[i]);
    free(group->members);
    free(group->name);
    free(group);
}

void jrpc_acl_free(jrpc_acl *acl)
{
    if (!acl)
        return;
    for (size_t i = 0; i < acl->rule_count; i++)
        acl_rule_done(&acl->rules[i]);
    free(acl->rules);
    for (size_t i = 0; i < acl->group_count; i++)
        free_group(acl->groups[i]);
    free(acl->groups);
    free(acl);
}
