/* SPDX-License-Identifier: MIT */
/* What the session's server takes. */
#include "session-limits.h"

#include <stdio.h>
#include <string.h>

/* RFC 6120 section 13.12: a server takes at least that much, so smaller stanzas are not why it closes a stream. */
enum { LEAST_LEARNT = 10000 };

static void set(session_limits *l, const link_limits *announced)
{
    size_t most = l->own;
    l->source = LIMITS_OWN;
    if (announced->max_bytes && announced->max_bytes < most) {
        most = announced->max_bytes;
        l->source = LIMITS_ANNOUNCED;
    }
    /* A server that announces its limit need not be guessed at. */
    if (!announced->max_bytes && l->learnt && l->learnt < most) {
        most = l->learnt;
        l->source = LIMITS_LEARNT;
    }
    atomic_store_explicit(&l->max_stanza, most, memory_order_relaxed);
}

void limits_init(session_limits *l, size_t own)
{
    *l = (session_limits){ .own = own, .source = LIMITS_OWN };
    atomic_init(&l->max_stanza, own);
}

void limits_begin(session_limits *l, const link_limits *announced)
{
    l->largest = 0;
    l->by_size = false;
    l->idle_ms = announced->idle_seconds < UINT32_MAX / 1000 ? announced->idle_seconds * 1000 : 0;
    set(l, announced);
}

void limits_note_sent(session_limits *l, size_t len)
{
    if (len > l->largest)
        l->largest = len;
}

/*
 * Prosody and ejabberd close the stream with policy-violation ("XML stanza is too big") and do not tell how much they would
 * take: half of what was too much is tried next.
 */
bool limits_end(session_limits *l, const jrpc_error *why)
{
    bool learns = why->condition && strcmp(why->condition, "policy-violation") == 0 && l->largest > LEAST_LEARNT;
    l->by_size = learns && (strstr(why->message, "big") || strstr(why->message, "large") || strstr(why->message, "size"));
    if (!learns)
        return false;
    l->learnt = l->largest / 2 < LEAST_LEARNT ? LEAST_LEARNT : l->largest / 2;
    set(l, &(link_limits){ 0, 0 });
    return true;
}

const char *limits_describe(const session_limits *l, char text[LIMITS_TEXT_MAX])
{
    static const char *const whose[] = {
        [LIMITS_OWN] = "of this program (max_stanza_bytes)",
        [LIMITS_ANNOUNCED] = "that the server announces",
        [LIMITS_LEARNT] = "learnt from the server, which closed the stream after a larger one",
    };
    snprintf(text, LIMITS_TEXT_MAX, "the limit is %zu, %s", limits_max_stanza(l), whose[l->source]);
    return text;
}
