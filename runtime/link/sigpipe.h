/* SPDX-License-Identifier: MIT */
/* Keeps SIGPIPE from the program: libstrophe and OpenSSL write without MSG_NOSIGNAL. */
#ifndef LINK_SIGPIPE_H
#define LINK_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

typedef struct sigpipe {
    sigset_t before;
    bool pending; /* there was one already: it is not ours to take */
} sigpipe;

/*
 * For a thread of the library's own, as long as it lives: the two below do nothing in it. One that is raised stays with the
 * thread, and ends with it.
 */
void sigpipe_block_for_good(void);
/* For the calling thread, until sigpipe_restore(). */
void sigpipe_block(sigpipe *guard);
/* broken: a write may have raised one. */
void sigpipe_restore(const sigpipe *guard, bool broken);

#endif
