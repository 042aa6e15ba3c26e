/* SPDX-License-Identifier: MIT */
/* Who is there and what it can: ping (XEP-0199), software version (XEP-0092), service discovery (XEP-0030). */
#ifndef JRPC_DISCOVER_H
#define JRPC_DISCOVER_H

#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All of these ask the program (full JID) or server (domain) at an address, wait, and may be called on any thread, but not
 * from an inline handler (DEADLOCK). to NULL is the account's own server. timeout_ms 0 is the session's. Statuses as of
 * jrpc_iq_send_and_wait(), BAD_REPLY, NOT_FOUND (no such node). What they give is the caller's, in one piece.
 */

/* *ret_ns (may be NULL): nanoseconds until the answer. UNAVAILABLE: nobody is there, or knows pings; the error is the same. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_ping(jrpc_session *session, const char *to, uint32_t timeout_ms,
                                                  int64_t *ret_ns, jrpc_error *error);

typedef struct jrpc_software {
    const char *name;    /* "" when it does not say */
    const char *version; /* "" when it does not say */
    const char *os;      /* or NULL */
} jrpc_software;

JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_software_get(jrpc_session *session, const char *to, uint32_t timeout_ms,
                                                          jrpc_software **ret_software, jrpc_error *error);
JRPC_EXPORT void jrpc_software_free(jrpc_software *software);

/*
 * What this session answers to that question: by default "jabber-rpc" and its version, to everybody, and no system.
 * Copied. INVALID (characters that XML cannot carry), NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_software_set(jrpc_session *session, const jrpc_software *software,
                                                          jrpc_error *error);

typedef struct jrpc_identity {
    const char *category, *type; /* "client", "pc" */
    const char *name;            /* or NULL */
} jrpc_identity;

typedef struct jrpc_disco_info {
    size_t identity_count, feature_count; /* at most 1,000 of each are kept */
    const jrpc_identity *identities;
    const char *const *features; /* namespaces, as a rule */
} jrpc_disco_info;

/* node may be NULL. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_disco_info_get(jrpc_session *session, const char *to, const char *node,
                                                            uint32_t timeout_ms, jrpc_disco_info **ret_info,
                                                            jrpc_error *error);
JRPC_EXPORT void jrpc_disco_info_free(jrpc_disco_info *info);
JRPC_EXPORT bool jrpc_disco_info_has(const jrpc_disco_info *info, const char *feature);

typedef struct jrpc_disco_item {
    const char *jid;
    const char *node; /* or NULL */
    const char *name; /* or NULL */
} jrpc_disco_item;

typedef struct jrpc_disco_items {
    size_t count; /* at most 10,000 are kept */
    const jrpc_disco_item *items;
} jrpc_disco_items;

/* node may be NULL. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_disco_items_get(jrpc_session *session, const char *to, const char *node,
                                                             uint32_t timeout_ms, jrpc_disco_items **ret_items,
                                                             jrpc_error *error);
JRPC_EXPORT void jrpc_disco_items_free(jrpc_disco_items *items);

#ifdef __cplusplus
}
#endif
#endif
