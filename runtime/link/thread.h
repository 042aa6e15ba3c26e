/* SPDX-License-Identifier: MIT */
/* Threads of the library's own: all signals blocked, so that the program's handlers never run there. */
#ifndef LINK_THREAD_H
#define LINK_THREAD_H

#include <pthread.h>
#include <stdbool.h>

bool thread_start(pthread_t *ret_thread, void *(*run)(void *), void *argument);

#endif
