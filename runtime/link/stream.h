/* SPDX-License-Identifier: MIT */
/* A link over a Jabber stream: what its parts share. Only the files of this folder include it. */
#ifndef LINK_STREAM_H
#define LINK_STREAM_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "base/buf.h"
#include "link/address.h"
#include "link/jid.h"
#include "link/link.h"
#include "link/lookup.h"
#include "link/pins.h"
#include "link/proxy.h"
#include "link/sasl.h"

typedef enum stream_phase {
    STREAM_DOWN,
    STREAM_LOOKUP,     /* for the server's address */
    STREAM_CONNECTING, /* TCP, to the server or to the proxy */
    STREAM_TUNNEL,     /* the proxy is asked for the server */
    STREAM_OPENING,    /* our header is sent, theirs not here */
    STREAM_FEATURES,
    STREAM_STARTTLS,
    STREAM_SASL,
    STREAM_BIND,
    STREAM_SESSION,
    STREAM_HANDSHAKE, /* of a component */
    STREAM_UP,
    STREAM_CLOSING, /* what is queued and our end tag are on their way */
} stream_phase;

/* What cannot be done with libstrophe on the stack: it happens right after its pass. */
typedef enum stream_todo { STREAM_NOTHING, STREAM_START_TLS, STREAM_OPEN, STREAM_REDIRECT } stream_todo;

/* The host that the server named instead of itself, or NULL; see link/redirect.h. */
typedef struct redirect_target {
    char *host;
    uint16_t port; /* 0: as usual */
    bool direct_tls;
} redirect_target;

typedef struct stream {
    jabber_link base;
    link_callbacks callbacks;
    void *userdata;

    /* options */
    jid name;
    char *ascii_domain; /* as certificates have it */
    char *password, *host, *ca_file, *ca_path, *cert_file, *key_file; /* password: NULL when there is only a certificate */
    pins pins; /* when there are any, nothing else makes a certificate trusted */
    proxy proxy;
    char *target; /* behind a proxy: the server's name, which the proxy looks up */
    uint16_t port, target_port;
    bool direct_tls, component, insecure_plaintext, allow_plain, registers;
    uint32_t timeout_ms;

    /* the connection */
    stream_phase phase;
    stream_todo todo;
    xmpp_ctx_t *ctx;
    xmpp_log_t
        log; /* its handler is set during the negotiation only: libstrophe renders each stanza for it */
    xmpp_conn_t *conn;
    bool connected, dropping; /* as libstrophe has told */
    int64_t deadline, place_deadline;
    address_list places;
    size_t place; /* the one in use */
    redirect_target other;
    tunnel tunnel;
    int refused;  /* errno of a socket that was not let through, or 0 */

    pthread_mutex_t lock; /* for link_abort(): */
    int fd; /* our own descriptor of libstrophe's socket: it stays valid until we close it; or -1 */
    bool aborted;
    lookup *lookup;

    /* the negotiation */
    bool secured, authenticated, session_required;
    bool named; /* our certificate names this account alone */
    sasl *sasl;
    int rank;        /* of the best mechanism that ever logged this link in, or SASL_RANKS */
    int trying;      /* the rank of the one under way */
    link_limits limits;
    char *bound;     /* the full JID the server gave us */
    char *stream_id; /* of a component's stream */
    bool not_xml;
    char tls_reason[160];
    bool cert_failed;

    /* why it goes down: the first reason counts */
    bool failed;
    jrpc_error failure;

    /* driving */
    buf out;           /* stanzas not yet given to libstrophe */
    bool queued;       /* libstrophe was given something in this pass */
    bool writing;      /* libstrophe has unsent bytes */
    bool handed_out;   /* an element came out in this pass */
    bool hungry;       /* there was too much to read for one pass */
    uint64_t consumed; /* bytes read from the socket so far */
    uint64_t held;     /* of these, at most so many are with TLS: see link/intake.c */
} stream;

enum { STREAM_WHERE_MAX = 2 * (ADDRESS_NAME_MAX + 24) };

/* host:port of the place in use, of a proxy as well. */
const char *stream_where(const stream *s, char buffer[STREAM_WHERE_MAX]);
/* "what it was doing" for a message. */
const char *stream_phase_text(const stream *s);

/* The stream is to go down for this reason. With libstrophe on the stack, too: it happens after its pass. */
void stream_fail(stream *s, jrpc_status status, const char *who, const char *condition, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));
void stream_fail_nomem(stream *s);
void stream_log(const stream *s, int level, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What belongs to one connection alone. */
void stream_forget_negotiation(stream *s);

/* Hands bytes over to libstrophe; without memory the stream fails. */
void stream_write(stream *s, const char *data, size_t len);
/* A finished buffer; what it says is wiped when secret. */
void stream_write_buf(stream *s, buf *b);

#endif
