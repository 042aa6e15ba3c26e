/* SPDX-License-Identifier: MIT */
/* Ends a socket's conversation at a deadline. */
#include "link/watchdog.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "link/thread.h"

static void *run(void *argument)
{
    watchdog *dog = argument;
    const struct timespec until = { (time_t)(dog->deadline / 1000000000),
                                    (long)(dog->deadline % 1000000000) };
    pthread_mutex_lock(&dog->lock);
    while (!dog->stop && !dog->fired)
        if (pthread_cond_timedwait(&dog->wake, &dog->lock, &until) == ETIMEDOUT && !dog->stop) {
            dog->fired = true;
            shutdown(dog->fd, SHUT_RDWR);
        }
    pthread_mutex_unlock(&dog->lock);
    return NULL;
}

void watchdog_start(watchdog *dog, int fd, int64_t deadline)
{
    *dog = (watchdog){ .fd = fd, .deadline = deadline };
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&dog->lock, NULL);
    pthread_cond_init(&dog->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    dog->running = deadline != CLOCK_NEVER && thread_start(&dog->thread, run, dog);
}

bool watchdog_stop(watchdog *dog)
{
    if (dog->running) {
        pthread_mutex_lock(&dog->lock);
        dog->stop = true;
        pthread_cond_signal(&dog->wake);
        pthread_mutex_unlock(&dog->lock);
        pthread_join(dog->thread, NULL);
    }
    pthread_cond_destroy(&dog->wake);
    pthread_mutex_destroy(&dog->lock);
    return dog->fired;
}
