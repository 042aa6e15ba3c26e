/* SPDX-License-Identifier: MIT */
/*
 * Pending calls: which request an answer belongs to, and which ones have run out of time. No I/O, no clock, no lock of its
 * own: the caller passes the time in and holds its lock.
 *
 * An id is "<32 hexadecimal digits of session>-<hexadecimal slot and generation>": 128 random bits that no stranger can
 * guess, and a number that is never used twice, so that a late answer cannot meet a newer call in the same slot.
 */
#ifndef CALL_PENDING_H
#define CALL_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PENDING_ID_MAX = 32 + 1 + 16 + 1 };

/* Embedded in the object that waits; filled by pending_add(). */
typedef struct pending_call {
    uint64_t number; /* slot and generation */
    int64_t deadline;
    size_t heap_at; /* its place in the heap of deadlines */
    bool in_table;
} pending_call;

typedef struct pending_slot {
    pending_call *call; /* NULL: free */
    uint32_t generation;
    uint32_t next_free;
} pending_slot;

typedef struct pending {
    char prefix[33];
    pending_slot *slots;
    pending_call **heap; /* by deadline, the earliest first */
    size_t len, cap, max;
    uint32_t first_free;
} pending;

/* max: calls in flight at most. */
void pending_init(pending *p, size_t max);
/* Frees the table, which must be empty. */
void pending_done(pending *p);

typedef enum pending_result { PENDING_OK, PENDING_FULL, PENDING_NOMEM } pending_result;

/* Adds a call. deadline: CLOCK_NEVER for none. */
pending_result pending_add(pending *p, pending_call *call, int64_t deadline);
/* The id of a call in the table. */
void pending_id(const pending *p, const pending_call *call, char ret_id[PENDING_ID_MAX]);
/* The call of that id, or NULL: a foreign, old or malformed one. It stays in the table. */
pending_call *pending_find(const pending *p, const char *id);
/* Takes a call out; false if it was not there: somebody else has completed it. */
bool pending_remove(pending *p, pending_call *call);
/* The earliest deadline, or CLOCK_NEVER. */
int64_t pending_next_deadline(const pending *p);
/* Takes out and returns one call whose deadline is not after now, or NULL. */
pending_call *pending_take_expired(pending *p, int64_t now);
/* The call in one of the slots 0 .. pending_slots() - 1, or NULL: to look at all, even while taking some out. */
size_t pending_slots(const pending *p);
pending_call *pending_in_slot(const pending *p, size_t slot);

#endif
