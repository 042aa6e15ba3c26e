/* SPDX-License-Identifier: MIT */
/* Pending calls. */
#include "call/pending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"

#define NO_SLOT UINT32_MAX

void pending_init(pending *p, size_t max)
{
    uint64_t secret[2];
    random_bytes(secret, sizeof secret);
    *p = (pending){ .max = max < NO_SLOT ? max : NO_SLOT - 1, .first_free = NO_SLOT };
    snprintf(p->prefix, sizeof p->prefix, "%016llx%016llx", (unsigned long long)secret[0],
             (unsigned long long)secret[1]);
}

void pending_done(pending *p)
{
    free(p->slots);
    free(p->heap);
    *p = (pending){ .first_free = NO_SLOT };
}

/* ---- heap of deadlines ---- */

static void place(pending *p, size_t at, pending_call *call)
{
    p->heap[at] = call;
    call->heap_at = at;
}

static void sift_up(pending *p, size_t at)
{
    pending_call *call = p->heap[at];
    while (at > 0 && p->heap[(at - 1) / 2]->deadline > call->deadline) {
        place(p, at, p->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(p, at, call);
}

static void sift_down(pending *p, size_t at)
{
    pending_call *call = p->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= p->len)
            break;
        if (child + 1 < p->len && p->heap[child + 1]->deadline < p->heap[child]->deadline)
            child++;
        if (p->heap[child]->deadline >= call->deadline)
            break;
        place(p, at, p->heap[child]);
        at = child;
    }
    place(p, at, call);
}

static void heap_remove(pending *p, size_t at)
{
    pending_call *last = p->heap[--p->len];
    if (at == p->len)
        return;
    place(p, at, last);
    sift_up(p, at);
    sift_down(p, last->heap_at);
}

/* ---- slots ---- */

static bool grow(pending *p)
{
    size_t cap = p->cap ? p->cap * 2 : 64;
    if (cap > p->max)
        cap = p->max;
    pending_slot *slots = realloc(p->slots, cap * sizeof *slots);
    if (!slots)
        return false;
    p->slots = slots;
    pending_call **heap = realloc(p->heap, cap * sizeof *heap);
    if (!heap)
        return false;
    p->heap = heap;
    for (size_t i = cap; i-- > p->cap;) {
        p->slots[i] = (pending_slot){ NULL, 0, p->first_free };
        p->first_free = (uint32_t)i;
    }
    p->cap = cap;
    return true;
}

pending_result pending_add(pending *p, pending_call *call, int64_t deadline)
{
    if (p->len >= p->max)
        return PENDING_FULL;
    if (p->first_free == NO_SLOT && p->cap < p->max && !grow(p))
        return PENDING_NOMEM;
    if (p->first_free == NO_SLOT)
        return PENDING_FULL;
    uint32_t index = p->first_free;
    pending_slot *slot = &p->slots[index];
    p->first_free = slot->next_free;
    slot->call = call;
    slot->generation++;
    *call = (pending_call){ (uint64_t)slot->generation << 32 | index, deadline, 0, true };
    p->heap[p->len++] = call;
    sift_up(p, p->len - 1);
    return PENDING_OK;
}

void pending_id(const pending *p, const pending_call *call, char ret_id[PENDING_ID_MAX])
{
    memcpy(ret_id, p->prefix, 32);
    ret_id[32] = '-';
    size_t digits = 1;
    while (digits < 16 && call->number >> (4 * digits))
        digits++;
    char *end = ret_id + 33 + digits;
    *end = '\0';
    for (uint64_t left = call->number; digits-- > 0; left >>= 4) /* twice a call: no printf */
        *--end = "0123456789abcdef"[left & 15];
}

static bool read_number(const char *text, uint64_t *ret_number)
{
    uint64_t number = 0;
    size_t digits = 0;
    for (; *text; text++, digits++) {
        int value = *text >= '0' && *text <= '9' ? *text - '0' : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10 : -1;
        if (value < 0 || digits == 16)
            return false;
        number = number << 4 | (uint64_t)value;
    }
    *ret_number = number;
    return digits > 0;
}

pending_call *pending_find(const pending *p, const char *id)
{
    uint64_t number;
    if (strncmp(id, p->prefix, 32) != 0 || id[32] != '-' || !read_number(id + 33, &number))
        return NULL;
    uint64_t index = number & UINT32_MAX;
    if (index >= p->cap)
        return NULL;
    pending_call *call = p->slots[index].call;
    return call && call->number == number ? call : NULL;
}

bool pending_remove(pending *p, pending_call *call)
{
    if (!call->in_table)
        return false;
    uint32_t index = (uint32_t)(call->number & UINT32_MAX);
    pending_slot *slot = &p->slots[index];
    slot->call = NULL;
    /* A slot whose generations are used up stays out of use: its next id would have been seen before. */
    if (slot->generation != UINT32_MAX) {
        slot->next_free = p->first_free;
        p->first_free = index;
    }
    heap_remove(p, call->heap_at);
    call->in_table = false;
    return true;
}

int64_t pending_next_deadline(const pending *p)
{
    return p->len ? p->heap[0]->deadline : CLOCK_NEVER;
}

pending_call *pending_take_expired(pending *p, int64_t now)
{
    if (!p->len || p->heap[0]->deadline > now)
        return NULL;
    pending_call *call = p->heap[0];
    pending_remove(p, call);
    return call;
}

size_t pending_slots(const pending *p)
{
    return p->cap;
}

pending_call *pending_in_slot(const pending *p, size_t slot)
{
    return p->slots[slot].call;
}
