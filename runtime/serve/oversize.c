/* SPDX-License-Identifier: MIT */
/* Large answers. */
#include "serve/oversize.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

void oversize_init(oversize *o)
{
    memset(o, 0, sizeof *o);
    pthread_mutex_init(&o->lock, NULL);
}

void oversize_answer_done(oversize_answer *answer)
{
    free(answer->id);
    free(answer->from);
    free(answer->to);
    *answer = (oversize_answer){ .len = 0 };
}

void oversize_done(oversize *o)
{
    for (size_t i = 0; i < OVERSIZE_MOST; i++)
        oversize_answer_done(&o->items[i]);
    pthread_mutex_destroy(&o->lock);
}

static char *dup_or_null(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* Without memory it is not remembered: its caller waits for its deadline, as it would anyway. */
void oversize_note(oversize *o, const reply_address *request, size_t len, int64_t now)
{
    if (len <= OVERSIZE_LEAST || !request->id)
        return;
    pthread_mutex_lock(&o->lock);
    oversize_answer *answer = &o->items[o->next];
    o->next = (o->next + 1) % OVERSIZE_MOST;
    oversize_answer_done(answer);
    *answer = (oversize_answer){ dup_or_null(request->id), dup_or_null(request->from), dup_or_null(request->to), len, now, false };
    if (!answer->id || (request->from && !answer->from) || (request->to && !answer->to))
        oversize_answer_done(answer);
    pthread_mutex_unlock(&o->lock);
}

/* Those that are no larger than what the server took for sure went their way; nobody can tell whether others did. */
void oversize_stream_lost(oversize *o, size_t limit)
{
    pthread_mutex_lock(&o->lock);
    for (size_t i = 0; i < OVERSIZE_MOST; i++) {
        oversize_answer *answer = &o->items[i];
        if (answer->len && limit && answer->len > limit)
            answer->is_lost = true;
        else if (!answer->is_lost)
            oversize_answer_done(answer);
    }
    pthread_mutex_unlock(&o->lock);
}

bool oversize_take_lost(oversize *o, int64_t now, oversize_answer *ret_answer)
{
    bool found = false;
    pthread_mutex_lock(&o->lock);
    for (size_t i = 0; i < OVERSIZE_MOST && !found; i++) {
        oversize_answer *answer = &o->items[i];
        if (!answer->is_lost)
            continue;
        found = now < clock_after(answer->at, OVERSIZE_KEPT_MS);
        if (found) {
            *ret_answer = *answer;
            *answer = (oversize_answer){ .len = 0 };
        } else {
            oversize_answer_done(answer);
        }
    }
    pthread_mutex_unlock(&o->lock);
    return found;
}
