/* SPDX-License-Identifier: MIT */
/* Hash map: open addressing, linear probing. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

struct map_slot {
    char *key; /* NULL: free, or deleted when hash is TOMBSTONE */
    size_t key_len;
    uint64_t hash;
    void *value;
};

enum { TOMBSTONE = 1 };

static uint64_t rotate_left(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

/* Inlined by force: it is most of what a look-up costs, and compilers think that it is called too often for that. */
__attribute__((always_inline)) static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate_left(v[1], 13) ^ v[0];
    v[0] = rotate_left(v[0], 32);
    v[2] += v[3];
    v[3] = rotate_left(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate_left(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate_left(v[1], 17) ^ v[2];
    v[2] = rotate_left(v[2], 32);
}

/* SipHash-1-3 keyed with the map's seed: collisions cannot be computed by a peer that does not know it. */
static uint64_t hash_key(uint64_t seed, const char *key, size_t len)
{
    uint64_t v[4] = { seed ^ 0x736f6d6570736575U, ~seed ^ 0x646f72616e646f6dU, seed ^ 0x6c7967656e657261U,
                      ~seed ^ 0x7465646279746573U };
    size_t left = len;
    for (; left >= 8; left -= 8, key += 8) {
        uint64_t word;
        memcpy(&word, key, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)len << 56;
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)(unsigned char)key[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_done(map *m)
{
    for (size_t i = 0; i < m->cap; i++)
        free(m->slots[i].key);
    free(m->slots);
    *m = (map)MAP_INIT;
}

static map_slot *find_hashed(const map *m, const char *key, size_t len, uint64_t hash)
{
    for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        map_slot *slot = &m->slots[i];
        if (!slot->key) {
            if (slot->hash != TOMBSTONE)
                return NULL;
        } else if (slot->hash == hash && slot->key_len == len && memcmp(slot->key, key, len) == 0) {
            return slot;
        }
    }
}

static map_slot *find(const map *m, const char *key, size_t len)
{
    return m->cap ? find_hashed(m, key, len, hash_key(m->seed, key, len)) : NULL;
}

static map_slot *free_slot(map_slot *slots, size_t cap, uint64_t hash)
{
    size_t i = hash & (cap - 1);
    while (slots[i].key)
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

static bool resize(map *m)
{
    size_t cap = 16;
    while (cap / 2 < m->len + 1)
        cap *= 2;
    map_slot *slots = calloc(cap, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < m->cap; i++) {
        if (m->slots[i].key)
            *free_slot(slots, cap, m->slots[i].hash) = m->slots[i];
    }
    free(m->slots);
    m->slots = slots;
    m->cap = cap;
    m->used = m->len;
    return true;
}

void *map_get(const map *m, const char *key, size_t key_len)
{
    map_slot *slot = find(m, key, key_len);
    return slot ? slot->value : NULL;
}

bool map_put(map *m, const char *key, size_t key_len, void *value)
{
    if (!m->seed)
        m->seed = random_u64() | 1;
    uint64_t hash = hash_key(m->seed, key, key_len);
    map_slot *slot = m->cap ? find_hashed(m, key, key_len, hash) : NULL;
    if (slot) {
        slot->value = value;
        return true;
    }
    if ((m->used + 1) * 4 > m->cap * 3 && !resize(m))
        return false;
    char *copy = malloc(key_len + 1);
    if (!copy)
        return false;
    memcpy(copy, key, key_len);
    copy[key_len] = '\0';
    slot = free_slot(m->slots, m->cap, hash);
    if (slot->hash != TOMBSTONE)
        m->used++;
    *slot = (map_slot){ copy, key_len, hash, value };
    m->len++;
    return true;
}

void *map_remove(map *m, const char *key, size_t key_len)
{
    map_slot *slot = find(m, key, key_len);
    if (!slot)
        return NULL;
    void *value = slot->value;
    free(slot->key);
    *slot = (map_slot){ NULL, 0, TOMBSTONE, NULL };
    m->len--;
    return value;
}

void *map_get_str(const map *m, const char *key)
{
    return map_get(m, key, strlen(key));
}

bool map_put_str(map *m, const char *key, void *value)
{
    return map_put(m, key, strlen(key), value);
}

void *map_remove_str(map *m, const char *key)
{
    return map_remove(m, key, strlen(key));
}

bool map_next(const map *m, size_t *at, const char **ret_key, void **ret_value)
{
    while (*at < m->cap) {
        const map_slot *slot = &m->slots[(*at)++];
        if (!slot->key)
            continue;
        if (ret_key)
            *ret_key = slot->key;
        if (ret_value)
            *ret_value = slot->value;
        return true;
    }
    return false;
}
