/* SPDX-License-Identifier: MIT */
/* Looks at the load, tells watchers, and shows it to everybody who sees the bot. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bot.h"

enum { ABSENT_SECONDS = 30 };

void monitor_load(double ret_load[3])
{
    ret_load[0] = ret_load[1] = ret_load[2] = 0;
    int known = getloadavg(ret_load, 3);
    for (int i = known < 0 ? 0 : known; i < 3; i++)
        ret_load[i] = 0;
}

/* Subject, type and thread as the article's program had them. */
static void tell(const watcher *one, double load, void *userdata)
{
    bot *b = userdata;
    char body[80];
    snprintf(body, sizeof body, "The load is %.2f; you asked for %g.", load, one->threshold);
    const jrpc_message message = {
        .to = one->jid,
        .type = one->type,
        .thread = one->thread,
        .subject = "Your uptime request",
        .body = body,
        .automatic = true,
    };
    /* Without a stream it is lost, as is a message to somebody who has just gone. */
    if (jrpc_message_send(b->session, &message, NULL) != JRPC_OK)
        fprintf(stderr, "uptime-bot: %s was not told\n", one->jid);
}

static void show(bot *b, const double load[3], char *shown, size_t room)
{
    char text[64];
    snprintf(text, sizeof text, "load %.1f, %.1f, %.1f", load[0], load[1], load[2]);
    if (strcmp(text, shown) == 0)
        return;
    if (jrpc_presence_set(b->session, JRPC_SHOW_ONLINE, text, 0, NULL) == JRPC_OK)
        snprintf(shown, room, "%s", text);
}

/* Until it is time to look again. True: the bot ends. */
static bool wait_for_end(bot *b)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)b->interval;
    pthread_mutex_lock(&b->lock);
    int failed = 0;
    while (!b->ends && !failed)
        failed = pthread_cond_timedwait(&b->ending, &b->lock, &until);
    bool ends = b->ends;
    pthread_mutex_unlock(&b->lock);
    return ends;
}

/* Servers tell of those that are there as soon as the bot is seen itself. */
static bool is_over(const struct timespec *begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - begun->tv_sec > ABSENT_SECONDS;
}

static void *look(void *userdata)
{
    bot *b = userdata;
    char shown[64] = "";
    double load[3];
    struct timespec begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    do {
        monitor_load(load);
        show(b, load, shown, sizeof shown);
        watchers_tell(&b->watchers, load[0], b->always, tell, b);
        if (is_over(&begun))
            watchers_forget_absent(&b->watchers);
        state_save(&b->state, &b->watchers);
    } while (!wait_for_end(b));
    return NULL;
}

bool monitor_start(bot *b)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&b->ending, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&b->lock, NULL);
    return pthread_create(&b->monitor, NULL, look, b) == 0;
}

void monitor_stop(bot *b)
{
    pthread_mutex_lock(&b->lock);
    b->ends = true;
    pthread_cond_signal(&b->ending);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->monitor, NULL);
    pthread_cond_destroy(&b->ending);
    pthread_mutex_destroy(&b->lock);
}
