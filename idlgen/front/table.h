/* SPDX-License-Identifier: MIT */
/* Table from 64-bit keys to pointers, in the arena. For words the key is their address. */
#ifndef FRONT_TABLE_H
#define FRONT_TABLE_H

#include "front/env.h"

typedef struct table_slot {
    uint64_t key;
    void *value; /* NULL: free */
} table_slot;

typedef struct table {
    table_slot *slots;
    size_t len, cap;
} table;

void *table_get(const table *t, uint64_t key);
/* Adds or replaces; value is not NULL. */
void table_put(env *e, table *t, uint64_t key, void *value);

static inline uint64_t table_key(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

#endif
