/* SPDX-License-Identifier: MIT */
/* Contacts: whom an account knows, and who may see whose presence (RFC 6121 sections 2 and 3). */
#ifndef JRPC_ROSTER_H
#define JRPC_ROSTER_H

#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RFC 6121 section 2.1.2.5: who sees whose presence. */
typedef enum jrpc_subscription {
    JRPC_SUBSCRIPTION_NONE = 0,
    JRPC_SUBSCRIPTION_TO,   /* we see theirs */
    JRPC_SUBSCRIPTION_FROM, /* they see ours */
    JRPC_SUBSCRIPTION_BOTH
} jrpc_subscription;

/* "none", "to", "from", "both"; static. */
JRPC_EXPORT const char *jrpc_subscription_name(jrpc_subscription subscription);

typedef struct jrpc_contact {
    const char *jid;  /* without resource, as a rule */
    const char *name; /* that the account's owner gave it, or NULL */
    jrpc_subscription subscription;
    bool asked;   /* we have asked for their presence; no answer yet */
    bool removed; /* told by a watcher: it is no contact any more */
    const char *const *groups;
    size_t group_count;
} jrpc_contact;

/* In one piece of memory: jrpc_roster_free(). */
typedef struct jrpc_roster {
    size_t count;
    const jrpc_contact *contacts;
} jrpc_roster;

/*
 * Asks the server for the account's contacts, at most 10,000 of them, and waits. From then on the presence of those whose
 * we may see is told as well (jrpc_presence_watch()). Statuses as of any call; INVALID for a component, which has none;
 * BAD_REPLY. Any thread, DEADLOCK from an inline handler.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_roster_get(jrpc_session *session, jrpc_roster **ret_roster,
                                                        jrpc_error *error);
JRPC_EXPORT void jrpc_roster_free(jrpc_roster *roster);

/*
 * Adds a contact, or changes its name and groups; only jid is needed. Says nothing about subscriptions. And removes one,
 * which ends subscriptions in both directions. They wait for the server's answer, as jrpc_roster_get().
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_roster_put(jrpc_session *session, const jrpc_contact *contact,
                                                        jrpc_error *error);
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_roster_remove(jrpc_session *session, const char *jid, jrpc_error *error);

typedef void (*jrpc_roster_fn)(jrpc_session *session, const jrpc_contact *contact, void *userdata);

/*
 * Tells of each change of a contact that the server reports (roster push). From anybody else they are refused (RFC 6121
 * section 2.1.6). It reports once the roster was asked for. EXISTS, NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_roster_watch(jrpc_session *session, jrpc_roster_fn watcher, void *userdata,
                                                          jrpc_error *error);
JRPC_EXPORT jrpc_status jrpc_roster_unwatch(jrpc_session *session, jrpc_roster_fn watcher, void *userdata,
                                            jrpc_error *error);

/* Queues a request to see somebody's presence, or takes it back. Statuses of jrpc_message_send(). Any thread. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_subscribe(jrpc_session *session, const char *jid, jrpc_error *error);
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_unsubscribe(jrpc_session *session, const char *jid, jrpc_error *error);
/* Answers a request to see ours, at any time: false also takes back what was granted. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_subscription_answer(jrpc_session *session, const char *jid, bool accept,
                                                                 jrpc_error *error);

/* What to do when somebody asks to see our presence. */
typedef enum jrpc_subscription_policy {
    JRPC_SUBSCRIPTION_LEAVE = 0, /* nothing: another client of the account may answer */
    JRPC_SUBSCRIPTION_ALLOWED,   /* accept those that jrpc_session_allow() lets in, and ask to see theirs; refuse others */
    JRPC_SUBSCRIPTION_REFUSE,    /* refuse all */
    JRPC_SUBSCRIPTION_ASK        /* ask the function */
} jrpc_subscription_policy;

/*
 * Somebody asks to see our presence; text is what they say about it, or NULL. It answers with jrpc_subscription_answer(),
 * now or later, or not at all.
 */
typedef void (*jrpc_subscription_fn)(jrpc_session *session, const char *from, const char *text, void *userdata);

/* ask may be NULL unless the policy is ASK. Any thread. INVALID. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_subscription_set_policy(jrpc_session *session,
                                                                     jrpc_subscription_policy policy,
                                                                     jrpc_subscription_fn ask, void *userdata,
                                                                     jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
