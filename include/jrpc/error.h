/* SPDX-License-Identifier: MIT */
/* Errors: who said no, what, and why. */
#ifndef JRPC_ERROR_H
#define JRPC_ERROR_H

#include <stdint.h>
#include <stdio.h>

#include <jrpc/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Who said no. */
typedef enum jrpc_error_domain {
    JRPC_ERROR_NONE = 0,
    JRPC_ERROR_LOCAL,     /* this library, before or after the wire */
    JRPC_ERROR_TRANSPORT, /* a Jabber server, or the peer's XMPP side: a stanza or stream error; see condition */
    JRPC_ERROR_FAULT,     /* the peer's method: an XML-RPC fault; see code */
    JRPC_ERROR_APP,       /* an exception that the IDL declares; see exception and value */
    JRPC_ERROR_DOMAIN_PIN_ = 2147483647
} jrpc_error_domain;

struct jrpc_exception;

/*
 * Lives on the caller's stack, is the last argument of calls whose failure a human reads, and may be NULL there.
 * A function that fails replaces what is in it (an earlier error is freed, not asserted on); one that succeeds leaves it alone.
 * Not shared between threads. Everything in it belongs to it until jrpc_error_done().
 */
typedef struct jrpc_error {
    jrpc_status status;
    jrpc_error_domain domain;
    int32_t code;          /* faultCode, for FAULT and APP; else 0 */
    uint32_t flags;        /* internal */
    const char *message;   /* one line: what and why; never NULL once set */
    const char *who;       /* JID or host that said it or did not answer; NULL when it was this program */
    const char *what;      /* the method, file or option that it is about, or NULL */
    const char *path;      /* of a bad value: "params[1].items[3].n", or NULL */
    const char *condition; /* XMPP condition: "service-unavailable", or NULL */
    const struct jrpc_exception *exception; /* descriptor of the declared exception, or NULL */
    void *value;           /* its members, as the C structure the descriptor describes, or NULL */
    void *reserved[2];
} jrpc_error;

#define JRPC_ERROR_INIT \
    { JRPC_OK, JRPC_ERROR_NONE, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, { NULL, NULL } }

/* Frees what it holds and makes it empty again. NULL and empty ones are fine. */
JRPC_EXPORT void jrpc_error_done(jrpc_error *error);

/*
 * Replaces the error by a local one; the format makes its message. Returns status, so that
 * `return jrpc_error_set(error, JRPC_E_INVALID, "...")` reads well. Without memory the message is a fixed text.
 */
JRPC_EXPORT jrpc_status jrpc_error_set(jrpc_error *error, jrpc_status status, const char *format, ...) JRPC_PRINTF(3, 4);

/* Moves from one to the other; from is empty afterwards. NULL to just frees from. */
JRPC_EXPORT void jrpc_error_move(jrpc_error *to, jrpc_error *from);

/*
 * "what: whose: why" on one line, control characters and line breaks of peers escaped, with a line feed:
 * "Rot13: peer-b@localhost/rpc: NO_SUCH_METHOD: the peer has no such method".
 */
JRPC_EXPORT void jrpc_error_print(FILE *stream, const jrpc_error *error);

/* The same line without line feed, in a new string (free()), or NULL without memory. */
JRPC_EXPORT char *jrpc_error_to_string(const jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
