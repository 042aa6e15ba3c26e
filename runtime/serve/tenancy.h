/* SPDX-License-Identifier: MIT */
/*
 * Tenancies: what was registered together, for as long as it is registered or a call uses any of it. Who wants to free or
 * unload it waits for the end of its tenancy. Any thread.
 */
#ifndef SERVE_TENANCY_H
#define SERVE_TENANCY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct tenancy tenancy;

/* Of one registry. */
typedef struct tenancies {
    tenancy *first;
} tenancies;

/* key: what it is waited for by; it is only compared. One use is the caller's. NULL without memory. */
tenancy *tenancy_new(tenancies *all, const void *key);
void tenancy_use(tenancy *t);
/* The last one ends it. NULL is fine. */
void tenancy_leave(tenancy *t);
/* Waits until there is none with that key, or until that moment (base/clock.h). False: it was too late. */
bool tenancy_wait(tenancies *all, const void *key, int64_t until);
/* The registry goes; what is used still ends by itself. */
void tenancies_done(tenancies *all);

#endif
