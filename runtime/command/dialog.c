/* SPDX-License-Identifier: MIT */
/* Dialogs. */
#include "command/dialog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"

typedef struct dialog {
    int64_t end; /* monotonic time */
    bool busy;
    const char *bare, *node;
    char caller[]; /* then the other texts */
} dialog;

void dialogs_init(dialogs *d)
{
    pthread_mutex_init(&d->lock, NULL);
    d->open = (map)MAP_INIT;
    d->life_ms = DIALOG_LIFE_MS;
}

void dialogs_done(dialogs *d)
{
    size_t at = 0;
    void *value;
    while (map_next(&d->open, &at, NULL, &value))
        free(value);
    map_done(&d->open);
    pthread_mutex_destroy(&d->lock);
}

static dialog *new_dialog(const dialogs *d, const char *caller, const char *bare, const char *node)
{
    size_t caller_len = strlen(caller) + 1, bare_len = strlen(bare) + 1, node_len = strlen(node) + 1;
    dialog *made = malloc(sizeof *made + caller_len + bare_len + node_len);
    if (!made)
        return NULL;
    made->end = clock_after(clock_now(), d->life_ms);
    made->busy = false;
    made->bare = memcpy(made->caller + caller_len, bare, bare_len);
    made->node = memcpy(made->caller + caller_len + bare_len, node, node_len);
    memcpy(made->caller, caller, caller_len);
    return made;
}

/* Under the lock. */
static void remove_expired(dialogs *d)
{
    size_t at = 0;
    int64_t now = clock_now();
    const char *key;
    void *value;
    while (map_next(&d->open, &at, &key, &value)) {
        const dialog *one = value;
        if (!one->busy && one->end < now)
            free(map_remove_str(&d->open, key));
    }
}

/* Under the lock. One whose method runs is never removed. */
static bool make_room(dialogs *d, const char *bare)
{
    size_t at = 0, own = 0;
    const char *key, *oldest = NULL;
    int64_t oldest_end = CLOCK_NEVER;
    void *value;
    if (d->open.len >= DIALOGS_MOST)
        remove_expired(d);
    while (map_next(&d->open, &at, &key, &value)) {
        const dialog *one = value;
        if (strcmp(one->bare, bare) != 0)
            continue;
        own++;
        if (!one->busy && one->end < oldest_end) {
            oldest = key;
            oldest_end = one->end;
        }
    }
    if (own < DIALOGS_OF_ONE_MOST && d->open.len < DIALOGS_MOST)
        return true;
    if (oldest)
        free(map_remove_str(&d->open, oldest));
    return oldest != NULL;
}

bool dialogs_open(dialogs *d, const char *caller, const char *bare, const char *node, char ret_id[DIALOG_ID_ROOM])
{
    dialog *made = new_dialog(d, caller, bare, node);
    if (!made)
        return false;
    snprintf(ret_id, DIALOG_ID_ROOM, "%016" PRIx64 "%016" PRIx64, random_u64(), random_u64());
    pthread_mutex_lock(&d->lock);
    bool done = make_room(d, bare) && map_put_str(&d->open, ret_id, made);
    pthread_mutex_unlock(&d->lock);
    if (!done)
        free(made);
    return done;
}

dialog_state dialogs_enter(dialogs *d, const char *id, const char *caller, const char *node, bool run)
{
    dialog_state state = DIALOG_UNKNOWN;
    pthread_mutex_lock(&d->lock);
    dialog *found = map_get_str(&d->open, id);
    if (found && strcmp(found->caller, caller) == 0 && strcmp(found->node, node) == 0) {
        bool expired = !found->busy && found->end < clock_now();
        state = found->busy ? DIALOG_BUSY : expired ? DIALOG_EXPIRED : DIALOG_FORM;
        if (state == DIALOG_EXPIRED)
            free(map_remove_str(&d->open, id));
        if (state == DIALOG_FORM) {
            found->busy = run;
            found->end = clock_after(clock_now(), d->life_ms);
        }
    }
    pthread_mutex_unlock(&d->lock);
    return state;
}

void dialogs_back(dialogs *d, const char *id)
{
    pthread_mutex_lock(&d->lock);
    dialog *found = map_get_str(&d->open, id);
    if (found) {
        found->busy = false;
        found->end = clock_after(clock_now(), d->life_ms);
    }
    pthread_mutex_unlock(&d->lock);
}

void dialogs_close(dialogs *d, const char *id)
{
    pthread_mutex_lock(&d->lock);
    free(map_remove_str(&d->open, id));
    pthread_mutex_unlock(&d->lock);
}
