/* SPDX-License-Identifier: MIT */
/* What this session says it runs (XEP-0092). Any thread. */
#ifndef CHAT_SOFTWARE_H
#define CHAT_SOFTWARE_H

#include <pthread.h>
#include <strophe.h>

#include <jrpc/discover.h>

#include "base/buf.h"

#define NS_VERSION "jabber:iq:version"

typedef struct software_said {
    pthread_mutex_t lock;
    char *name, *version, *os; /* NULL: the default */
} software_said;

void software_init(software_said *s);
void software_done(software_said *s);
/* INVALID, NOMEM. */
jrpc_status software_say(software_said *s, const jrpc_software *software, jrpc_error *error);
/* The <query/> of the answer. */
void software_write(software_said *s, buf *out);

#endif
