/* SPDX-License-Identifier: MIT */
/*
 * A link: one Jabber stream, from dialling to goodbye. Nothing outside this folder knows libstrophe's
 * connections; the in-process loopback stands behind the same functions.
 *
 * One thread at a time drives a link (process, send, close); link_abort() alone may come from any other
 * thread. User code never runs with a link's callbacks on the stack: the callbacks only decode and enqueue.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include <jrpc/error.h>

#include "base/buf.h"

/* Not plainly "link": that is a function of unistd.h. */
typedef struct jabber_link jabber_link;

/* Called from within link_process() only (log: from link_start() too). They must not free the link; they may
 * send. */
typedef struct link_callbacks {
    /* Logged in and bound: stanzas may be sent from now on. jid is what the server gave us; borrowed. */
    void (*up)(void *userdata, const char *jid);
    /* An iq, message or presence. Borrowed; gone when it returns. */
    void (*stanza)(void *userdata, xmpp_stanza_t *stanza);
    /*
     * The link has ended, before or after up; called exactly once per successful link_start(). error: why;
     * borrowed, may be moved from. Before up: NO_HOST, NO_CONNECTION, TLS, CERT_UNTRUSTED, CERT_WRONG_HOST,
     * NO_TLS, NO_MECHANISM, AUTH, UNAVAILABLE (registers: the server makes no accounts), TIMEOUT, INVALID (plain text to a host that is not loopback), STREAM.
     * After: DISCONNECTED. Both: CONFLICT, STREAM (with its condition), CLOSED (we wanted it), NOMEM.
     */
    void (*down)(void *userdata, jrpc_error *error);
    /* level: 0 debug, 1 info, 2 warning, 3 error. Never a secret. May be NULL. */
    void (*log)(void *userdata, int level, const char *message);
} link_callbacks;

/* Strings are copied by link_new_stream(). */
typedef struct link_options {
    const char *jid;      /* node@domain[/resource], or a component's name */
    const char *password; /* or the component's secret; copied, wiped when freed */
    const char *host;     /* NULL: SRV, then the domain */
    uint16_t port;        /* 0: the default */
    bool direct_tls, component, insecure_plaintext, allow_plain;
    const char *proxy, *proxy_password; /* its URL (see link/proxy.h), and what goes before the URL's password; or NULL */
    const char *ca_file, *ca_path;
    const char *pins;                 /* fingerprints: see link/pins.h */
    const char *cert_file, *key_file; /* the client's own: both or none; read at each login */
    uint32_t timeout_ms; /* from start to up */
    bool registers; /* an account is to be made: up once the stream is secure, without login; jid of up is the domain */
} link_options;

/* INVALID (a JID that cannot be prepared, a file that is not there), NOMEM. Does not connect yet. */
jrpc_status link_new_stream(const link_options *options, const link_callbacks *callbacks, void *userdata,
                            jabber_link **ret_link, jrpc_error *error);
/* Not from within a callback. The down callback is not called. NULL is fine. */
void link_free(jabber_link *l);

/*
 * Begins to connect; does not block; what follows happens in link_process(). A link that is down may be
 * started again. Only when it succeeds does the down callback come. EXISTS (it is not down), NO_HOST, NOMEM.
 */
jrpc_status link_start(jabber_link *l, jrpc_error *error);

/*
 * What to poll(2) for, and until when at the latest (CLOCK_NEVER: no limit; 0: process at once, without
 * waiting); fd is -1 while there is none. To be asked anew before each wait: the descriptor changes during
 * the look-up of the server.
 */
typedef struct link_wait {
    int fd;
    short events;
    int64_t until;
} link_wait;
link_wait link_get_wait(const jabber_link *l);

/*
 * Does all that can be done without waiting: reads, parses, calls back, writes. The exception is the TLS
 * handshake, which libstrophe does in one go: it waits for the server, until the link's deadline or
 * link_abort().
 */
void link_process(jabber_link *l, int64_t now);

/* Queues whole stanzas; they leave in one write with the next link_process(). False without memory, or when
 * not up. */
bool link_send(jabber_link *l, const char *data, size_t len);
/* Bytes queued and not yet handed to the kernel, as far as that can be known: it may be up to 16 KiB off. */
size_t link_queued(const jabber_link *l);

/* What the next login is with; copied. False without memory. */
bool link_set_password(jabber_link *l, const char *password);

bool link_is_up(const jabber_link *l);

/* What the server announces of a stream that is up (XEP-0478); 0: nothing. */
typedef struct link_limits {
    size_t max_bytes;      /* in one stanza */
    uint32_t idle_seconds; /* without a byte from us, before it may close the stream */
} link_limits;
link_limits link_get_limits(const jabber_link *l);

/* Ends the stream politely: what is queued is sent first; the down callback comes within a second with status
 * CLOSED. */
void link_close(jabber_link *l);
/* From any thread: makes a driving thread that is stuck inside (a TLS handshake that stalls) come back; the
 * link goes down. */
void link_abort(jabber_link *l);

/* ---- what kinds of links implement ---- */

typedef struct link_ops {
    void (*free)(jabber_link *l);
    jrpc_status (*start)(jabber_link *l, jrpc_error *error);
    link_wait (*get_wait)(const jabber_link *l);
    void (*process)(jabber_link *l, int64_t now);
    bool (*send)(jabber_link *l, const char *data, size_t len);
    size_t (*queued)(const jabber_link *l);
    bool (*is_up)(const jabber_link *l);
    void (*close)(jabber_link *l);
    void (*abort)(jabber_link *l);
    link_limits (*get_limits)(const jabber_link *l); /* or NULL */
    bool (*set_password)(jabber_link *l, const char *password); /* or NULL: there is none */
} link_ops;

/* The first member of every kind. */
struct jabber_link {
    const link_ops *ops;
};

#endif
