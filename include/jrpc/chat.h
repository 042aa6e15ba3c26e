/* SPDX-License-Identifier: MIT */
/*
 * People: messages and presence (RFC 6121), over the same session as calls.
 *
 * Functions that tell of something (handlers, watchers) run on the session's worker threads, or right after the stream was
 * read when the session has inline_handlers. What comes from one account is told in order, one thing at a time; of two
 * accounts at the same time. Whatever they are given is borrowed until they return. They may call all of this library but
 * jrpc_session_close(). They run until the session is closed or they are removed.
 */
#ifndef JRPC_CHAT_H
#define JRPC_CHAT_H

#include <jrpc/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- messages ---- */

/* RFC 6121 section 5.2.2. */
typedef enum jrpc_message_type {
    JRPC_MESSAGE_NORMAL = 0, /* one that stands for itself, as a letter does */
    JRPC_MESSAGE_CHAT,       /* of a conversation */
    JRPC_MESSAGE_GROUPCHAT,  /* of a room, XEP-0045 */
    JRPC_MESSAGE_HEADLINE,   /* nobody is to answer it */
    JRPC_MESSAGE_ERROR       /* one of ours came back; see condition */
} jrpc_message_type;

/*
 * A message, to be sent or received. To send one, fill in to, body, and what else matters:
 * jrpc_message_send(session, &(jrpc_message){ .to = "ann@localhost", .type = JRPC_MESSAGE_CHAT, .body = "Hello" }, &error)
 * Texts are UTF-8; NULL where there is none. What is marked (in) is set in received ones and not looked at in others.
 */
typedef struct jrpc_message {
    jrpc_message_type type;
    const char *to;      /* whom it is for; of a received one: our address that it was sent to */
    const char *from;    /* as stamped by the sender's server. To send: NULL, or one of a component's addresses */
    const char *id;      /* the sender's own; to send: NULL for a random one */
    const char *thread;  /* of the conversation */
    const char *subject;
    const char *body;    /* never NULL in a received one; "" in an error without */
    bool automatic;      /* a headline, or written by a program; to send: programs of this library do not answer it */
    bool delayed;        /* (in) kept by a server meanwhile (XEP-0203) ... */
    const char *stamp;   /* (in) ... since then: "2024-12-31T23:59:59Z", as it said */
    bool carbon;         /* (in) a copy from another client of this account (XEP-0280) ... */
    bool sent;           /* (in) ... of what that client has sent */
    const char *forwarded_from; /* (in) its body was forwarded (XEP-0297); this is who wrote it, as `from` claims */
    const char *condition;      /* (in) ERROR: "service-unavailable" ... */
    jrpc_session *session;      /* (in) by which it came */
} jrpc_message;

/*
 * Queues it for the stream; that says nothing about whether it will arrive. Copied. Any thread. INVALID (no JID; characters
 * that XML cannot carry: the error says where), TOO_LARGE (for the session's max_stanza_bytes), DISCONNECTED (no stream
 * now: it is not kept), BUSY (max_queue_bytes), CLOSED, NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_message_send(jrpc_session *session, const jrpc_message *message,
                                                          jrpc_error *error);

/*
 * Answers a received message: to its sender, of the same type, with the same thread and subject, marked as automatic; to a
 * message of a room in that room. An error or a carbon is not answered (INVALID). body is cut, with a note, where the
 * stanza would be too large; what XML cannot carry is shown as "\x1b". Any thread. Statuses of jrpc_message_send(); they
 * may well be left unchecked: the sender of a lost message asks again.
 */
JRPC_EXPORT jrpc_status jrpc_message_reply(const jrpc_message *message, const char *format, ...) JRPC_PRINTF(2, 3);
/* The same with another subject (NULL: the same one) and without format. */
JRPC_EXPORT jrpc_status jrpc_message_reply_with(const jrpc_message *message, const char *subject, const char *body,
                                                jrpc_error *error);

/* A copy that outlives the handler, to answer later; before its session is closed. NULL without memory. */
JRPC_EXPORT jrpc_message *jrpc_message_copy(const jrpc_message *message);
/* A copy only. NULL is fine. */
JRPC_EXPORT void jrpc_message_free(jrpc_message *message);

/* "chat"; static. */
JRPC_EXPORT const char *jrpc_message_type_name(jrpc_message_type type);

/* True: the message is done with. False: the next handler is asked. */
typedef bool (*jrpc_message_fn)(const jrpc_message *message, void *userdata);

/*
 * What reaches a handler. By default: messages with a body, of type normal or chat, that are neither delayed,
 * copied nor forwarded, from callers that jrpc_session_allow() lets in, written by people: not marked as automatic, not
 * our own, not our last answer sent back. That makes two programs that answer each other stop at once. Zero is the
 * default everywhere.
 */
typedef struct jrpc_message_options {
    size_t size;    /* of this structure: JRPC_MESSAGE_OPTIONS_INIT sets it */
    bool anyone;    /* strangers as well: whoever knows the address */
    bool automatic; /* answers of programs, headlines */
    bool delayed;   /* what was sent while we were away */
    bool errors;
    bool groupchat;
    bool carbons;   /* XEP-0280; to get them, enable them with jrpc_iq_send_and_wait() */
    bool forwarded;
} jrpc_message_options;

#ifdef __cplusplus
#define JRPC_MESSAGE_OPTIONS_INIT jrpc_message_options_default()
static inline jrpc_message_options jrpc_message_options_default(void)
{
    jrpc_message_options options;
    memset(&options, 0, sizeof options);
    options.size = sizeof options;
    return options;
}
#else
#define JRPC_MESSAGE_OPTIONS_INIT \
    { .size = sizeof(jrpc_message_options) }
#endif

/*
 * Adds a handler of messages. Several are asked in the order in which they were added, each for what its options let
 * through, until one returns true. options may be NULL. Messages to the account's address without resource arrive only
 * while this session has a presence with a priority of 0 or more: unless jrpc_presence_set() or jrpc_presence_unset() was
 * called before, the first handler shows the session as online, with priority 0.
 *
 * Of each sender at most 32 messages wait, and 20 at once, then one a second, are let through; what is more, and those of
 * more than 65,536 bytes, come back to the sender as errors (resource-constraint, policy-violation). EXISTS (the same
 * handler with the same userdata), INVALID, NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_message_handle(jrpc_session *session, jrpc_message_fn handler,
                                                            void *userdata, const jrpc_message_options *options,
                                                            jrpc_error *error);
/* Waits until it does not run any more, unless called from a handler or watcher. NOT_FOUND. */
JRPC_EXPORT jrpc_status jrpc_message_unhandle(jrpc_session *session, jrpc_message_fn handler, void *userdata,
                                              jrpc_error *error);

/* ---- presence ---- */

/* RFC 6121 section 4.7.2.1. */
typedef enum jrpc_show {
    JRPC_SHOW_ONLINE = 0,
    JRPC_SHOW_CHAT, /* glad to talk */
    JRPC_SHOW_AWAY,
    JRPC_SHOW_XA, /* away for long */
    JRPC_SHOW_DND
} jrpc_show;

/* "online", "chat", "away", "xa", "dnd"; static. */
JRPC_EXPORT const char *jrpc_show_name(jrpc_show show);

/* What somebody is at, at one place. */
typedef struct jrpc_presence {
    const char *from;   /* full JID, as stamped by its server */
    bool available;     /* false: that program has gone; the rest is then empty, but for status */
    bool lost;          /* (not available) it is we who lost our stream, and cannot see anybody */
    jrpc_show show;
    const char *status; /* for people, or NULL; at most 1,023 bytes */
    int8_t priority;
} jrpc_presence;

/*
 * Shows this program as online to the contacts of its account, from now on and after each reconnection; the servers tell
 * them at once when it ends, however it ends. Without it nobody sees the session, and no messages come to the account's
 * address without resource; with a priority below 0 those do not come either. A component has no contacts: its presence
 * goes to those that ask for it (probe) and may, and to whom it is sent with jrpc_presence_send(). Offline it is
 * remembered. status may be NULL. INVALID (characters, priority), TOO_LARGE, NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_presence_set(jrpc_session *session, jrpc_show show, const char *status,
                                                          int8_t priority, jrpc_error *error);
/* Shows it as gone, with a last word or NULL; calls can still be made and answered. */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_presence_unset(jrpc_session *session, const char *status,
                                                            jrpc_error *error);
/*
 * Directed presence (RFC 6121 section 4.6): shows this session to one address that is no contact; its server is told when
 * the session ends. available false takes that back. from of the presence is ignored, but a component's. DISCONNECTED, and
 * as jrpc_presence_set().
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_presence_send(jrpc_session *session, const char *to,
                                                           const jrpc_presence *presence, jrpc_error *error);

typedef void (*jrpc_presence_fn)(jrpc_session *session, const jrpc_presence *presence, void *userdata);

/*
 * Tells of the presence of others: of this account's other programs, of those that jrpc_session_allow() lets in, and of
 * those whose presence the account may see (known from jrpc_roster_get()), as far as servers send it: contacts' once this session has a presence, and what is sent to us directly. When our own stream is
 * lost, all are told as gone (lost). EXISTS, NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_presence_watch(jrpc_session *session, jrpc_presence_fn watcher,
                                                            void *userdata, jrpc_error *error);
/* As jrpc_message_unhandle(). */
JRPC_EXPORT jrpc_status jrpc_presence_unwatch(jrpc_session *session, jrpc_presence_fn watcher, void *userdata,
                                              jrpc_error *error);

/*
 * The presence last seen at that full JID, or of that account's program with the highest priority. Kept for at most 4,096
 * programs, of those that a watcher would be told of; available false when none is known. *ret_presence is the caller's:
 * jrpc_presence_free(). INVALID, NOMEM. Any thread.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_presence_get(jrpc_session *session, const char *jid,
                                                          jrpc_presence **ret_presence, jrpc_error *error);
JRPC_EXPORT void jrpc_presence_free(jrpc_presence *presence);

#ifdef __cplusplus
}
#endif
#endif
