/* SPDX-License-Identifier: MIT */
/*
 * What waits to be told to the program: a queue for each account that it comes from, so that each is told in order, and
 * none can fill up the memory or take all threads. Told by workers, or inline by the driving thread.
 */
#ifndef CHAT_MAILBOX_H
#define CHAT_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jrpc/status.h>

enum {
    MAILBOX_MESSAGES_MOST = 32, /* of one sender that wait */
    MAILBOX_NEWS_MOST = 64,     /* the same for what is no message */
    MAILBOX_BURST = 20,         /* messages at once; then one in: */
    MAILBOX_PACE_MS = 1000,
    MAILBOXES_MOST = 4096,      /* senders of whom something waits, or whose pace is watched */
    MAILBOXES_BYTES_MOST = 8 << 20
};

/* Embedded, as the first member, in what is to be told. */
typedef struct mail {
    struct mail *next;
    void (*tell)(struct mail *mail, void *userdata); /* then it is freed */
    void (*free)(struct mail *mail);
    size_t size;       /* about how many bytes it takes */
    bool is_message;   /* counts against the sender's pace */
    const char *topic; /* news: of two on one topic the older may be left out; or NULL. Its own */
} mail;

typedef struct mailboxes mailboxes;

typedef enum mail_taken {
    MAIL_TAKEN,
    MAIL_REFUSED, /* there is too much, or no memory */
    MAIL_REFUSED_FIRST /* the same, and since the last that was taken it is the first one of that sender */
} mail_taken;

/* workers: threads at most, started when needed; is_inline: none at all. userdata goes to tell(). NOMEM. */
jrpc_status mailboxes_new(unsigned workers, bool is_inline, void *userdata, mailboxes **ret_boxes);
/* Any thread. It takes the mail over; refused, it is freed. */
mail_taken mailboxes_put(mailboxes *m, const char *sender, mail *mail);
/* Driving thread: tells what waits, one of each sender, when it is to be told inline. */
void mailboxes_run_inline(mailboxes *m);
bool mailboxes_has_inline(mailboxes *m);
/* Waits for what is being told, ends the threads; the rest is not told any more. Not from tell(). Idempotent. */
void mailboxes_stop(mailboxes *m);
/* Stops first. NULL is fine. */
void mailboxes_free(mailboxes *m);

#endif
