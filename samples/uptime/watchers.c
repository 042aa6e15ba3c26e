/* SPDX-License-Identifier: MIT */
/* Who is told when the load is high, and when. */
#include "watchers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void watchers_init(watchers *w)
{
    memset(w, 0, sizeof *w);
    pthread_mutex_init(&w->lock, NULL);
}

static void clear(watcher *one)
{
    free(one->jid);
    free(one->thread);
}

void watchers_done(watchers *w)
{
    for (size_t i = 0; i < w->count; i++)
        clear(&w->list[i]);
    pthread_mutex_destroy(&w->lock);
}

/* Under the lock. */
static watcher *find(watchers *w, const char *jid)
{
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->list[i].jid, jid) == 0)
            return &w->list[i];
    return NULL;
}

static watchers_start_result put(watchers *w, const watcher *wanted)
{
    watchers_start_result result = WATCHERS_NEW;
    const char *jid = wanted->jid, *thread = wanted->thread;
    watcher made = *wanted;
    made.jid = strdup(jid);
    made.thread = thread ? strdup(thread) : NULL;
    if (!made.jid || (thread && !made.thread)) {
        clear(&made);
        return WATCHERS_NO_MEMORY;
    }
    pthread_mutex_lock(&w->lock);
    watcher *place = find(w, jid);
    if (place)
        result = WATCHERS_CHANGED;
    else if (w->count == WATCHERS_MOST)
        result = WATCHERS_FULL;
    else
        place = &w->list[w->count++];
    if (place) {
        watcher before = *place;
        *place = made;
        made = result == WATCHERS_CHANGED ? before : (watcher){ .jid = NULL };
        w->changes++;
    }
    pthread_mutex_unlock(&w->lock);
    clear(&made);
    return result;
}

watchers_start_result watchers_start(watchers *w, const char *jid, jrpc_message_type type, const char *thread,
                                     double threshold)
{
    const watcher wanted = { (char *)(uintptr_t)jid, (char *)(uintptr_t)thread, type, threshold, false, false };
    return put(w, &wanted);
}

bool watchers_stop(watchers *w, const char *jid)
{
    watcher gone = { .jid = NULL };
    pthread_mutex_lock(&w->lock);
    watcher *found = find(w, jid);
    if (found) {
        gone = *found;
        *found = w->list[--w->count];
        w->changes++;
    }
    pthread_mutex_unlock(&w->lock);
    clear(&gone);
    return found != NULL;
}

bool watchers_find(watchers *w, const char *jid, double *ret_threshold)
{
    pthread_mutex_lock(&w->lock);
    const watcher *found = find(w, jid);
    bool watches = found && !found->absent;
    if (watches)
        *ret_threshold = found->threshold;
    pthread_mutex_unlock(&w->lock);
    return watches;
}

bool watchers_restore(watchers *w, const watcher *absent)
{
    return put(w, absent) == WATCHERS_NEW;
}

bool watchers_return(watchers *w, const char *jid, watchers_tell_fn *tell, void *userdata)
{
    pthread_mutex_lock(&w->lock);
    watcher *found = find(w, jid);
    bool returns = found && found->absent;
    if (returns) {
        found->absent = false;
        tell(found, 0, userdata);
    }
    pthread_mutex_unlock(&w->lock);
    return returns;
}

void watchers_forget_absent(watchers *w)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = w->count; i-- > 0;) {
        if (!w->list[i].absent)
            continue;
        clear(&w->list[i]);
        w->list[i] = w->list[--w->count];
        w->changes++;
    }
    pthread_mutex_unlock(&w->lock);
}

size_t watchers_count(watchers *w)
{
    pthread_mutex_lock(&w->lock);
    size_t count = w->count;
    pthread_mutex_unlock(&w->lock);
    return count;
}

static bool is_due(watcher *one, double load, bool always)
{
    if (one->absent)
        return false;
    bool high = load >= one->threshold;
    bool due = high && (always || !one->was_told);
    if (high)
        one->was_told = true;
    else if (load < one->threshold * WATCHERS_REARM)
        one->was_told = false;
    return due;
}

/* Telling only queues a message: it may be done under the lock. */
void watchers_tell(watchers *w, double load, bool always, watchers_tell_fn *tell, void *userdata)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->count; i++) {
        bool was_told = w->list[i].was_told;
        if (is_due(&w->list[i], load, always))
            tell(&w->list[i], load, userdata);
        w->changes += w->list[i].was_told != was_told;
    }
    pthread_mutex_unlock(&w->lock);
}

bool watchers_is_threshold(double threshold)
{
    return threshold >= 0 && threshold <= WATCHERS_THRESHOLD_MOST; /* false for what is no number */
}

bool watchers_read_threshold(const char *text, double *ret_threshold)
{
    size_t whole = strspn(text, "0123456789"), fraction = 0;
    if (text[whole] == '.')
        fraction = 1 + strspn(text + whole + 1, "0123456789");
    if (whole == 0 || fraction == 1 || text[whole + fraction] != '\0' || whole + fraction > 12)
        return false;
    *ret_threshold = strtod(text, NULL);
    return watchers_is_threshold(*ret_threshold);
}
