/* SPDX-License-Identifier: MIT */
/* Who is told when the load is high, and when. Any thread. */
#ifndef WATCHERS_H
#define WATCHERS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <jrpc/chat.h>

/* A watcher is told once when the load comes to its threshold, and again only after it was below nine tenths of it. */
#define WATCHERS_REARM 0.9
#define WATCHERS_THRESHOLD_MOST 10000.0

enum { WATCHERS_MOST = 64 };

typedef struct watcher {
    char *jid;    /* full, as its server stamped it */
    char *thread; /* of the conversation, or NULL */
    jrpc_message_type type;
    double threshold;
    bool was_told; /* since the load was low */
    bool absent;   /* watched before the bot was started, and was not seen since */
} watcher;

typedef struct watchers {
    pthread_mutex_t lock;
    watcher list[WATCHERS_MOST];
    size_t count;
    unsigned long changes; /* so far */
} watchers;

typedef enum watchers_start_result { WATCHERS_NEW, WATCHERS_CHANGED, WATCHERS_FULL, WATCHERS_NO_MEMORY } watchers_start_result;

void watchers_init(watchers *w);
void watchers_done(watchers *w);

/* One for each jid: the last start counts. thread may be NULL. */
watchers_start_result watchers_start(watchers *w, const char *jid, jrpc_message_type type, const char *thread,
                                     double threshold);
/* False: there was none. */
bool watchers_stop(watchers *w, const char *jid);
/* False: there is none, or an absent one. */
bool watchers_find(watchers *w, const char *jid, double *ret_threshold);
size_t watchers_count(watchers *w);

/* Calls tell for each that is to be told of this load. always: whenever it is at the threshold or above, as in 2004. */
typedef void watchers_tell_fn(const watcher *one, double load, void *userdata);
void watchers_tell(watchers *w, double load, bool always, watchers_tell_fn *tell, void *userdata);

/*
 * What a bot that was started again knows: absent ones are not told of anything until they are seen again (restore: false
 * when there are too many; copies it. return: calls tell for it; false: there is none that is absent), or are forgotten.
 */
bool watchers_restore(watchers *w, const watcher *absent);
bool watchers_return(watchers *w, const char *jid, watchers_tell_fn *tell, void *userdata);
void watchers_forget_absent(watchers *w);

/* "1.5": digits, perhaps with a fraction, up to the most; no sign, exponent, "nan" or "inf". */
bool watchers_read_threshold(const char *text, double *ret_threshold);
bool watchers_is_threshold(double threshold);

#endif
