/* SPDX-License-Identifier: MIT */
/*
 * Dialogs: what XEP-0050 calls sessions of commands, from the form that is sent out to its end. Bounded in number and
 * time, in all and of each account. Any thread.
 */
#ifndef COMMAND_DIALOG_H
#define COMMAND_DIALOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"

enum {
    DIALOGS_MOST = 256,
    DIALOGS_OF_ONE_MOST = 8, /* of one account: its oldest idle one makes room */
    DIALOG_LIFE_MS = 600000, /* from its last stage */
    DIALOG_ID_ROOM = 33
};

typedef struct dialogs {
    pthread_mutex_t lock;
    map open; /* id -> dialog */
    int64_t life_ms;
} dialogs;

typedef enum dialog_state {
    DIALOG_UNKNOWN, /* never was, is over, or is somebody else's */
    DIALOG_EXPIRED,
    DIALOG_FORM, /* the form is out */
    DIALOG_BUSY  /* the method runs */
} dialog_state;

void dialogs_init(dialogs *d);
void dialogs_done(dialogs *d);

/* caller: full JID, bare: of the same, both prepared. False: there are too many, or there is no memory. */
bool dialogs_open(dialogs *d, const char *caller, const char *bare, const char *node, char ret_id[DIALOG_ID_ROOM]);
/* What is about this one; from DIALOG_FORM it becomes DIALOG_BUSY, if run, or lives on for its whole time. */
dialog_state dialogs_enter(dialogs *d, const char *id, const char *caller, const char *node, bool run);
/* It waits for the form again. */
void dialogs_back(dialogs *d, const char *id);
/* It is over. */
void dialogs_close(dialogs *d, const char *id);

#endif
