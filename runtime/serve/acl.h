/* SPDX-License-Identifier: MIT */
/* Access lists: rules, and what they say. See <jrpc/acl.h>. A list never changes once it is complete: any thread. */
#ifndef SERVE_ACL_H
#define SERVE_ACL_H

#include <stdbool.h>
#include <stddef.h>

#include <jrpc/acl.h>

#include "link/jid.h"

/* Rules, groups' members and methods of one list, all together. */
enum { ACL_PARTS_MOST = 65536 };

typedef struct acl_group {
    char *name;
    jid_pattern *members;
    size_t len;
} acl_group;

typedef struct acl_rule {
    bool allow;
    const acl_group *group; /* who; or NULL: */
    jid_pattern who;
    char **methods; /* names, "prefix*", "@tag" */
    size_t method_count;
    char *text; /* "FILE:LINE: as it was written" */
} acl_rule;

struct jrpc_acl {
    acl_rule *rules;
    size_t rule_count;
    acl_group **groups;
    size_t group_count;
    size_t parts; /* of ACL_PARTS_MOST */
};

/* What a server tells of itself; whoever may call anything may ask. */
bool acl_is_system(const char *method);

bool acl_rule_matches(const acl_rule *rule, const jid *who, const char *method, const char *tag);
/* The first rule that matches, or NULL. */
const acl_rule *acl_find(const jrpc_acl *acl, const jid *who, const char *method, const char *tag);
/* May this caller call anything at all? False when a rule that denies everything comes before any that allows. */
bool acl_knows(const jrpc_acl *acl, const jid *who, bool *ret_decided);

void acl_rule_done(acl_rule *rule);

#endif
