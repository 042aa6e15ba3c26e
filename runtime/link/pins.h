/* SPDX-License-Identifier: MIT */
/* Fingerprints of the certificates that are trusted, whoever issued them. */
#ifndef LINK_PINS_H
#define LINK_PINS_H

#include <stdbool.h>
#include <stddef.h>

#include <jrpc/error.h>

enum { PIN_CHARS = 64, PINS_MAX = 16 };

typedef struct pins {
    char items[PINS_MAX][PIN_CHARS + 1]; /* SHA-256 in lower case hexadecimal */
    size_t len;
} pins;

/* "AA:BB:..., aabb...": separated by commas or white space. NULL is none. INVALID says which is no fingerprint. */
jrpc_status pins_parse(const char *text, pins *ret_pins, jrpc_error *error);
/* fingerprint: in any case, with or without colons; NULL is no match. */
bool pins_have(const pins *p, const char *fingerprint);

#endif
