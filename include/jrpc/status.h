/* SPDX-License-Identifier: MIT */
/* Statuses: what every function of jabber-rpc that can fail returns. */
#ifndef JRPC_STATUS_H
#define JRPC_STATUS_H

#include <jrpc/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * XX(NAME, number, sentence). A number is never reused.
 * The first group is local, the second says how a call ended, the third why there is no session.
 */
#define JRPC_STATUS_MAP(XX) \
    XX(NOMEM, -1, "out of memory") \
    XX(INVALID, -2, "invalid argument") \
    XX(EXISTS, -3, "it exists already") \
    XX(NOT_FOUND, -4, "not found") \
    XX(DEADLOCK, -5, "the call would wait for itself") \
    XX(CLOSED, -6, "the session is closed") \
    XX(IO, -7, "input or output failed") \
    XX(INTERNAL, -8, "internal error") \
    \
    XX(UNAVAILABLE, -20, "nobody answers RPC at that address") \
    XX(NO_SUCH_METHOD, -21, "the peer has no such method") \
    XX(REFUSED, -22, "the peer does not allow this caller") \
    XX(BUSY, -23, "the peer is too busy") \
    XX(TIMEOUT, -24, "no answer within the deadline") \
    XX(CANCELLED, -25, "cancelled by the caller") \
    XX(DISCONNECTED, -26, "the connection was lost before the answer came") \
    XX(UNKNOWN_OUTCOME, -27, "nobody can know whether the call ran") \
    XX(FAULT, -28, "the peer answered with a fault") \
    XX(TOO_LARGE, -29, "too large for one stanza") \
    XX(BAD_REPLY, -30, "the answer cannot be understood") \
    XX(BAD_REQUEST, -31, "the peer could not understand the request") \
    \
    XX(NO_HOST, -40, "no such host") \
    XX(NO_CONNECTION, -41, "cannot connect") \
    XX(TLS, -42, "TLS failed") \
    XX(CERT_UNTRUSTED, -43, "the server's certificate is not trusted") \
    XX(CERT_WRONG_HOST, -44, "the server's certificate is for another host") \
    XX(NO_TLS, -45, "the server offers no TLS") \
    XX(AUTH, -46, "the server refused the account or its password") \
    XX(NO_MECHANISM, -47, "no acceptable way to log in") \
    XX(STREAM, -48, "the server closed the stream") \
    XX(CONFLICT, -49, "another program took over this address")

typedef enum jrpc_status {
    JRPC_OK = 0,
#define JRPC_STATUS_ENUM(name, number, text) JRPC_E_##name = (number),
    JRPC_STATUS_MAP(JRPC_STATUS_ENUM)
#undef JRPC_STATUS_ENUM
    JRPC_STATUS_MIN_ = -2147483647 - 1 /* keeps the type 32 bits wide */
} jrpc_status;

/* The name of a status without its prefix: "NO_SUCH_METHOD"; "OK"; "UNKNOWN" for a foreign number. Static; any thread. */
JRPC_EXPORT const char *jrpc_status_name(jrpc_status status);

/* One sentence in English, without full stop. Static; any thread. */
JRPC_EXPORT const char *jrpc_status_text(jrpc_status status);

#ifdef __cplusplus
}
#endif
#endif
