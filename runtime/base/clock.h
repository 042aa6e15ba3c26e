/* SPDX-License-Identifier: MIT */
/* Monotonic time in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_MS INT64_C(1000000)
#define CLOCK_NEVER INT64_MAX

static inline int64_t clock_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* now + ms without overflow. */
static inline int64_t clock_after(int64_t now, int64_t ms)
{
    return ms > (CLOCK_NEVER - now) / CLOCK_MS ? CLOCK_NEVER : now + ms * CLOCK_MS;
}

/* For poll(2): milliseconds until then, rounded up, -1 for never. */
static inline int clock_poll_ms(int64_t now, int64_t then)
{
    if (then == CLOCK_NEVER)
        return -1;
    if (then <= now)
        return 0;
    int64_t ms = (then - now - 1) / CLOCK_MS + 1;
    return ms > 60000 ? 60000 : (int)ms;
}

#endif
