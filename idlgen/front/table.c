/* SPDX-License-Identifier: MIT */
/* Table: open addressing, linear probing, at most half full. */
#include "front/table.h"

static size_t first_slot(uint64_t key, size_t cap)
{
    key ^= key >> 32;
    key *= 0x9E3779B97F4A7C15U;
    key ^= key >> 29;
    return (size_t)(key * 0xBF58476D1CE4E5B9U >> 20) & (cap - 1);
}

static table_slot *find(const table *t, uint64_t key)
{
    size_t i = first_slot(key, t->cap);
    while (t->slots[i].value && t->slots[i].key != key)
        i = (i + 1) & (t->cap - 1);
    return &t->slots[i];
}

void *table_get(const table *t, uint64_t key)
{
    return t->cap ? find(t, key)->value : NULL;
}

void table_put(env *e, table *t, uint64_t key, void *value)
{
    if ((t->len + 1) * 2 > t->cap) {
        table bigger = { NULL, 0, t->cap ? t->cap * 2 : 8 };
        bigger.slots = env_alloc(e, bigger.cap * sizeof *bigger.slots);
        for (size_t i = 0; i < t->cap; i++) {
            if (t->slots[i].value)
                *find(&bigger, t->slots[i].key) = t->slots[i];
        }
        bigger.len = t->len;
        *t = bigger;
    }
    table_slot *slot = find(t, key);
    t->len += !slot->value;
    *slot = (table_slot){ key, value };
}
