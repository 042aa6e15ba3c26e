/* SPDX-License-Identifier: MIT */
/* Threads of the library's own. */
#include "link/thread.h"

#include <signal.h>

bool thread_start(pthread_t *ret_thread, void *(*run)(void *), void *argument)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(ret_thread, NULL, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0;
}
