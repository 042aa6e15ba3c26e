/* SPDX-License-Identifier: MIT */
/*
 * Contacts: what a session knows of the programs that it calls. Whether one understands our extension (WIRE_NS_EXTENSION)
 * is asked by service discovery (XEP-0030) before the first call leaves; that call and those after it are held meanwhile,
 * for a moment at most. All under the session's lock, unless it says otherwise.
 */
#ifndef CONTACT_H
#define CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/chain.h"
#include "base/map.h"
#include "wire/extension.h"

struct jrpc_session;
struct outcall;

typedef enum contact_knowledge {
    CONTACT_UNKNOWN,
    CONTACT_PLAIN,   /* a foreign program, or nobody: XEP-0009 and nothing else */
    CONTACT_EXTENDED /* announces our namespace */
} contact_knowledge;

typedef struct contact {
    char *jid; /* prepared */
    unsigned references;
    contact_knowledge knowledge;
    int64_t plain_until; /* PLAIN: then it is asked again */
    bool is_away;        /* PLAIN: nobody was there */
    struct contact_question *question; /* disco under way */
    chain held;          /* calls that wait for its answer */
    chain holding;       /* in the session's list of contacts that hold calls for a moment */
    int64_t hold_until;  /* then those that have not been sent before leave without the extension; or it is asked again */
    bool impatient;      /* that has happened: until the answer is there, others do not wait either */
    /* EXTENDED: */
    char epoch[EXTENSION_EPOCH_ROOM]; /* "": it keeps no replay window */
    int64_t heard_at;  /* an answer came from it, or the first call that it owes one was sent */
    uint32_t watch_ms; /* it is asked whether it is still there after that much silence */
    unsigned misses;   /* times in a row that nobody was there */
} contact;

/* The contact of a prepared JID with one more reference; NULL without memory. */
contact *contact_take(struct jrpc_session *session, const char *address);
void contact_release(contact *c);
void contact_free_all(struct jrpc_session *session);

/* Must this call wait for what the contact will say? Asks when that is not known. */
bool contact_must_hold(struct jrpc_session *session, contact *c, const struct outcall *call, int64_t now);
/* The latest time for contact_check(), or CLOCK_NEVER. */
int64_t contact_next(const struct jrpc_session *session);
/* Lets go what has been held for long enough. */
void contact_check(struct jrpc_session *session, int64_t now);

/*
 * Does the program at that JID announce our extension? Waits for what it says of itself, for a moment at most; not on the
 * driving thread, where false is all that is known. Not under the lock.
 */
bool contact_understands(struct jrpc_session *session, const char *jid);

/*
 * It is owed answers of this contact: a call is on its way, or an answer has come. Those of a component that dies are told by
 * nobody; so who is silent for some seconds is asked whether he is still there: see contact.c.
 */
void contact_note_sent(contact *c, int64_t now);
void contact_note_heard(contact *c, int64_t now);

/* Its program is away: another one may come back under its address. */
void contact_forget(contact *c);
/* It is gone: there will be no answer to what it was asked. What it held goes on. */
void contact_give_up_asking(struct jrpc_session *session, contact *c);
/* The stream is new: whoever was there may have changed meanwhile. Held calls must have been taken out. */
void contact_forget_all(struct jrpc_session *session);

#endif
