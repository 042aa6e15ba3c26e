/* SPDX-License-Identifier: MIT */
/* Keeps SIGPIPE from the program. */
#include "link/sigpipe.h"

#include <stddef.h>
#include <time.h>

static bool is_pending(void)
{
    sigset_t set;
    return sigpending(&set) == 0 && sigismember(&set, SIGPIPE) == 1;
}

static sigset_t only_sigpipe(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

void sigpipe_block(sigpipe *guard)
{
    const sigset_t set = only_sigpipe();
    pthread_sigmask(SIG_BLOCK, &set, &guard->before);
    guard->pending = sigismember(&guard->before, SIGPIPE) == 1 && is_pending();
}

void sigpipe_restore(const sigpipe *guard, bool broken)
{
    const struct timespec now = { 0, 0 };
    const sigset_t set = only_sigpipe();
    if (broken && !guard->pending && is_pending())
        sigtimedwait(&set, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}
