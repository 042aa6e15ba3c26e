/* SPDX-License-Identifier: MIT */
/* Fingerprints of trusted certificates. */
#include "link/pins.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"

static const char separators[] = ", \t\r\n";

/* False unless it is 64 hexadecimal digits, with colons anywhere between. */
static bool normalize(const char *text, size_t len, char ret_pin[PIN_CHARS + 1])
{
    size_t digits = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == ':')
            continue;
        if (!isxdigit((unsigned char)text[i]) || digits == PIN_CHARS)
            return false;
        ret_pin[digits++] = (char)tolower((unsigned char)text[i]);
    }
    ret_pin[digits] = '\0';
    return digits == PIN_CHARS;
}

jrpc_status pins_parse(const char *text, pins *ret_pins, jrpc_error *error)
{
    ret_pins->len = 0;
    for (const char *at = text ? text : ""; *(at += strspn(at, separators));) {
        size_t len = strcspn(at, separators);
        if (ret_pins->len == PINS_MAX)
            return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "more than %d pinned fingerprints", PINS_MAX);
        if (!normalize(at, len, ret_pins->items[ret_pins->len]))
            return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID,
                             "%.*s is no fingerprint to pin: expected the 64 hexadecimal digits of a certificate's SHA-256",
                             (int)(len < 200 ? len : 200), at);
        ret_pins->len++;
        at += len;
    }
    return JRPC_OK;
}

bool pins_have(const pins *p, const char *fingerprint)
{
    char pin[PIN_CHARS + 1];
    if (!fingerprint || !normalize(fingerprint, strlen(fingerprint), pin))
        return false;
    for (size_t i = 0; i < p->len; i++)
        if (strcmp(p->items[i], pin) == 0)
            return true;
    return false;
}
