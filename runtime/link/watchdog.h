/* SPDX-License-Identifier: MIT */
/* Ends a socket's conversation at a deadline, for callees that wait on it without one. */
#ifndef LINK_WATCHDOG_H
#define LINK_WATCHDOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct watchdog {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int fd;
    int64_t deadline;
    bool running, stop, fired;
} watchdog;

/* fd stays open until watchdog_stop(). Without a thread to be had there is no watchdog, and no error. */
void watchdog_start(watchdog *dog, int fd, int64_t deadline);
/* True when the deadline passed and the socket was shut down. */
bool watchdog_stop(watchdog *dog);

#endif
