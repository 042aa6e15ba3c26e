/* SPDX-License-Identifier: MIT */
/* Keeps SIGPIPE from the program. */
#include "link/sigpipe.h"

#include <stddef.h>
#include <time.h>

static __thread bool blocked_for_good;

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

void sigpipe_block_for_good(void)
{
    const sigset_t set = only_sigpipe();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    blocked_for_good = true;
}

void sigpipe_block(sigpipe *guard)
{
    if (blocked_for_good)
        return;
    const sigset_t set = only_sigpipe();
    pthread_sigmask(SIG_BLOCK, &set, &guard->before);
    guard->pending = sigismember(&guard->before, SIGPIPE) == 1 && is_pending();
}

void sigpipe_restore(const sigpipe *guard, bool broken)
{
    if (blocked_for_good)
        return;
    const struct timespec now = { 0, 0 };
    const sigset_t set = only_sigpipe();
    if (broken && !guard->pending && is_pending())
        sigtimedwait(&set, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}
