/* SPDX-License-Identifier: MIT */
/*
 * Hash map from byte strings to pointers. Keys are copied; values are the caller's. Seeded, so that a peer that chooses
 * keys cannot make it slow. Iteration is in no particular order. No thread safety of its own.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct map_slot map_slot;

typedef struct map {
    map_slot *slots;
    size_t len, cap, used; /* used counts tombstones too */
    uint64_t seed;
} map;

#define MAP_INIT { NULL, 0, 0, 0, 0 }

void map_done(map *m);
/* NULL when there is none. */
void *map_get(const map *m, const char *key, size_t key_len);
void *map_get_str(const map *m, const char *key);
/* Adds or replaces; value must not be NULL. False without memory. */
bool map_put(map *m, const char *key, size_t key_len, void *value);
bool map_put_str(map *m, const char *key, void *value);
/* Takes the value out; NULL when there is none. */
void *map_remove(map *m, const char *key, size_t key_len);
void *map_remove_str(map *m, const char *key);
/* size_t at = 0; while (map_next(&m, &at, &key, &value)) ... ; key and value may be NULL. Do not add meanwhile. */
bool map_next(const map *m, size_t *at, const char **ret_key, void **ret_value);

#endif
