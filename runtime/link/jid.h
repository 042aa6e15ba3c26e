/* SPDX-License-Identifier: MIT */
/* Jabber addresses (RFC 6122): parts, preparation (stringprep), comparison, patterns. */
#ifndef LINK_JID_H
#define LINK_JID_H

#include <stdbool.h>

#include <jrpc/status.h>

/* One heap string cut in parts: prepared (nodeprep, nameprep, resourceprep). Domain is never NULL or empty.
 */
typedef struct jid {
    char *full; /* node@domain/resource, as far as there */
    char *bare; /* node@domain, or the domain alone */
    char *node; /* or NULL */
    char *domain;
    char *resource; /* or NULL */
} jid;

/* INVALID: *ret_why (may be NULL) is a static sentence. NOMEM. On failure *ret_jid is empty. At most 3071
 * bytes are read. */
jrpc_status jid_parse(const char *text, jid *ret_jid, const char **ret_why);
void jid_done(jid *j);

/* Are these two the same address once prepared? False when one is no JID. Equal bytes are found without
 * preparing. */
bool jid_same(const char *a, const char *b);

/*
 * Does a caller match a rule? Parts are matched apart, never as one glob: "node@domain" any resource of that
 * account (and the bare JID), "node@domain/resource" one program, "domain" that domain itself with or without
 * resource, "*@domain" every account there, "*" everybody, "*@*"/"node@*" any domain. "*" stands for a whole
 * part.
 */
typedef struct jid_pattern {
    jid parts; /* prepared; a part that is "*" stays "*" */
    bool everybody;
} jid_pattern;
jrpc_status jid_pattern_parse(const char *text, jid_pattern *ret_pattern, const char **ret_why);
void jid_pattern_done(jid_pattern *pattern);
bool jid_pattern_matches(const jid_pattern *pattern, const jid *caller);

#endif
