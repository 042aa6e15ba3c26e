/* SPDX-License-Identifier: MIT */
/* Sessions: one Jabber stream, dialled out, over which a program calls and serves. */
#ifndef JRPC_SESSION_H
#define JRPC_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <jrpc/error.h>
#include <jrpc/limit.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct jrpc_session jrpc_session;

typedef enum jrpc_log_level { JRPC_LOG_DEBUG, JRPC_LOG_INFO, JRPC_LOG_WARNING, JRPC_LOG_ERROR } jrpc_log_level;

/* Called on any thread of the library, never with a password or other secret. Must not call the library. */
typedef void (*jrpc_log_fn)(jrpc_log_level level, const char *message, void *userdata);

/* Who drives a session: reads its stream, completes its calls, starts its handlers. */
typedef enum jrpc_mode {
    JRPC_MODE_THREAD, /* a thread of the session's own */
    JRPC_MODE_CALLER  /* whoever waits for an answer or in jrpc_session_wait(), or your event loop: no thread switches */
} jrpc_mode;

typedef enum jrpc_state {
    JRPC_STATE_ONLINE,  /* calls can be made */
    JRPC_STATE_OFFLINE, /* the stream was lost; the session tries to come back, and calls wait for that */
    JRPC_STATE_ENDED    /* for good: closed, taken over (CONFLICT), or refused */
} jrpc_state;

/*
 * Called on the session's own thread (CALLER mode: on the thread that drives) at each change; must not block nor close the
 * session. A state that was over before that thread came to tell of it is left out; ENDED never is.
 */
typedef void (*jrpc_state_fn)(jrpc_session *session, jrpc_state state, void *userdata);

/*
 * Gives the password of an account (or the secret of a component) in a new heap string, which the library wipes and
 * frees. Any status but JRPC_OK ends the attempt to open. Called on the thread that opens.
 */
typedef jrpc_status (*jrpc_password_fn)(const char *account, char **ret_password, void *userdata);

/* All strings are copied by jrpc_session_open(). Zero or NULL is the default everywhere. */
typedef struct jrpc_session_options {
    size_t size; /* of this structure: JRPC_SESSION_OPTIONS_INIT sets it */

    /* Where the password comes from: the first that is given. */
    const char *password_file; /* its first line; it must not be readable by others */
    const char *password;      /* for programs that hold it anyway; prefer the two others */
    jrpc_password_fn password_callback;
    void *password_userdata;

    /* Where the server is. Without host: SRV records of the JID's domain (RFC 6120, XEP-0368), then the domain itself. */
    const char *host;
    uint16_t port;   /* 0: 5222, 5223 for direct TLS, 5347 for a component */
    bool direct_tls; /* TLS from the first byte (XEP-0368) instead of STARTTLS */

    /*
     * "socks5://[user@]host[:port]" (port 1080) or "http://[user@]host[:port]" (HTTP CONNECT, port 3128): everything goes
     * through this proxy, which also looks the server's name up: host, or the JID's domain (no SRV records are asked for).
     * The proxy's password: the first of these that is given, else the URL's own (http://user:password@host).
     */
    const char *proxy;
    const char *proxy_password_file; /* its first line; it must not be readable by others */
    const char *proxy_password;

    bool component;  /* the JID is the name of an external component (XEP-0114), the password its secret */

    /* Whom to trust. The system's certificate authorities are always trusted as well. */
    const char *ca_file; /* PEM */
    const char *ca_path; /* a folder as c_rehash(1) makes */

    /*
     * SHA-256 fingerprints of the server's certificate in hexadecimal, with or without colons, separated by commas or
     * spaces. When any are given, they alone decide: a certificate that has one of them is trusted whoever signed it and
     * whatever names and dates are in it, and every other is refused (CERT_UNTRUSTED). For a server with a self-signed
     * certificate, and for whom authorities are not enough. Give the next certificate's as well before it is changed.
     */
    const char *pins;

    /*
     * Logging in with a certificate of the account's own instead of a password (SASL EXTERNAL, XEP-0178): PEM files, both or
     * none, read again at each login. Others must not be able to read the key, and it must not be encrypted. With a password
     * as well, that is used where the server does not accept the certificate. A component shows it in TLS only.
     */
    const char *cert_file, *key_file;

    /* No TLS and SASL PLAIN are allowed; refused unless host is a loopback address. For tests. */
    bool insecure_plaintext;
    /* SASL PLAIN inside verified TLS is allowed when the server offers nothing better. */
    bool allow_plain;

    jrpc_mode mode;
    bool small_stack; /* CALLER mode: drive on threads with less than 8 MiB of stack; safe if the server's stanzas are small */

    uint32_t connect_timeout_ms; /* for the whole of opening; 30,000 */
    uint32_t call_timeout_ms;    /* default deadline of a call; 30,000 */

    /*
     * When the server has been silent for so long, it is pinged (XEP-0199; a component pings itself through it), and when that is not answered within
     * keepalive_timeout_ms the stream counts as lost. 60,000 and 20,000; JRPC_NO_KEEPALIVE: never.
     */
    uint32_t keepalive_ms, keepalive_timeout_ms;
#define JRPC_NO_KEEPALIVE UINT32_MAX

    /*
     * After the stream was lost, the session tries to come back after a random time of up to reconnect_ms, doubled with
     * each attempt that fails, up to reconnect_most_ms (full jitter: many programs that lost one server do not return all
     * at once). 500 and 30,000. Never after CONFLICT, nor when the server refused the login.
     */
    uint32_t reconnect_ms, reconnect_most_ms;

    uint32_t max_pending;      /* calls in flight; 65,536 */
    /*
     * Sent in one stanza; 131,072. Less when the server announces less (XEP-0478), or has closed a stream because of a stanza
     * (policy-violation): then half of what was too much, but at least 10,000. A call that needs more ends at once with
     * TOO_LARGE, a result that needs more is answered with fault -32097.
     */
    uint32_t max_stanza_bytes;
    uint32_t max_queue_bytes;  /* waiting to be sent; 16 MiB */

    uint32_t workers;     /* threads that run handlers; 4 */
    /*
     * Calls that wait for a worker; 2,048, of 64 MiB in all. Callers (bare JIDs) take turns, and nobody may have more calls
     * waiting than there is room left for others: one alone gets half of the queue.
     */
    uint32_t max_queued, max_queued_bytes;
    jrpc_limit caller_limit; /* of each account that calls, whatever its resource; none */
    jrpc_limit domain_limit; /* of all accounts of a domain together; none */
    uint32_t limit_entries;  /* callers, and domains, that are told apart; all others share one limit. 4,096 */
    bool inline_handlers; /* run handlers on the thread that reads the stream: they must not block nor call out */
    bool audit_calls;     /* log each call that is let in at level INFO, as those that are not, with the rule that decided */

    jrpc_state_fn state_changed;
    void *state_userdata;

    jrpc_log_fn log;
    void *log_userdata;
    jrpc_log_level log_level; /* the least level that is logged */
    /*
     * At level DEBUG, also what calls and answers hold, of each stanza the first 4,096 bytes. Otherwise no argument, result
     * or text of a fault is ever logged. Passwords and what logs in are not logged in any case.
     */
    bool log_payloads;
} jrpc_session_options;

#ifdef __cplusplus
static inline jrpc_session_options jrpc_session_options_default(void)
{
    jrpc_session_options options;
    memset(&options, 0, sizeof options);
    options.size = sizeof options;
    return options;
}
#define JRPC_SESSION_OPTIONS_INIT jrpc_session_options_default()
#else
#define JRPC_SESSION_OPTIONS_INIT \
    { .size = sizeof(jrpc_session_options) }
#endif

/*
 * Connects, verifies, logs in and binds; returns when calls can be made, or when that failed. jid is
 * "node@domain/resource"; without a resource the server picks one; options may be NULL. Any thread.
 * The session owns a thread of its own. Statuses: INVALID, NO_HOST, NO_CONNECTION, TLS, CERT_UNTRUSTED, CERT_WRONG_HOST,
 * NO_TLS, AUTH, NO_MECHANISM, STREAM, CONFLICT, TIMEOUT, IO (password file), NOMEM.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_session_open(const char *jid, const jrpc_session_options *options,
                                                          jrpc_session **ret_session, jrpc_error *error);

/*
 * Ends every pending call with CANCELLED, waits for handlers that run, says goodbye to the server and frees the
 * session and its peers' hold on it. Not from a handler or callback of the session. NULL is fine.
 * After fork() a session belongs to the parent: in the child calls end with INVALID, and this does nothing.
 */
JRPC_EXPORT void jrpc_session_close(jrpc_session *session);

/* The full JID that the server gave us. Borrowed until close. Any thread. */
JRPC_EXPORT const char *jrpc_session_jid(const jrpc_session *session);

/*
 * Waits until the session has ended for good (its error is returned), jrpc_session_interrupt() was called (JRPC_OK), or
 * the time is over (TIMEOUT). timeout_ms < 0: no limit. Any thread; not from a handler.
 */
JRPC_EXPORT jrpc_status jrpc_session_wait(jrpc_session *session, int64_t timeout_ms, jrpc_error *error);

/* Makes jrpc_session_wait() return. Async-signal-safe. */
JRPC_EXPORT void jrpc_session_interrupt(jrpc_session *session);

/*
 * CALLER mode in an event loop of your own (poll, GLib, libuv): watch the descriptor, which stays the same for the
 * session's life, for the events; when it has one, or jrpc_session_timeout() milliseconds have passed (-1: no limit; ask
 * again after each process), call jrpc_session_process(). It does what can be done without waiting, and returns the
 * session's end when there is one. With inline_handlers no thread is started, but for one that looks up a host's name and
 * one that watches a connection being made: both are gone when it is made. One thread at a time.
 *
 * The events are those of poll(2), and always POLLIN: the descriptor is an epoll(7) one, which is readable whenever the
 * stream has something to read or room for what waits to be written. So they need not be asked for again.
 */
JRPC_EXPORT int jrpc_session_fd(jrpc_session *session);       /* -1 in THREAD mode */
JRPC_EXPORT short jrpc_session_events(jrpc_session *session); /* 0 in THREAD mode */
JRPC_EXPORT int jrpc_session_timeout(jrpc_session *session);
JRPC_EXPORT jrpc_status jrpc_session_process(jrpc_session *session, jrpc_error *error);

/*
 * Any IQ, for what is not a method call: disco, version, ping. type is "get" or "set"; payload_xml is one well-formed
 * element with its namespace. The payload of the result comes back as text in a new heap string ("" when empty).
 * An IQ error gives UNAVAILABLE, REFUSED, BUSY... with the condition. timeout_ms 0: the default deadline. Any thread;
 * DEADLOCK from an inline handler.
 */
JRPC_EXPORT JRPC_MUST_CHECK jrpc_status jrpc_iq_send_and_wait(jrpc_session *session, const char *to, const char *type,
                                                              const char *payload_xml, uint32_t timeout_ms,
                                                              char **ret_payload_xml, jrpc_error *error);

#ifdef __cplusplus
}
#endif
#endif
