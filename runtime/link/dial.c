/* SPDX-License-Identifier: MIT */
/* Dialling. */
#include "link/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "link/negotiate.h"
#include "link/secure.h"
#include "link/socket.h"

/* libstrophe gives up after five seconds, and would not say why: we are first. */
enum { PLACE_MS = 4500 };
/* A resolver without name servers to ask tries for longer than a user waits. */
enum { LOOKUP_MS = 8000 };

/* libstrophe's socket callback has no userdata. */
static _Thread_local stream *dialling;

/*
 * Called by libstrophe with each new socket, before it connects. We keep a descriptor of our own: libstrophe
 * closes its one before it tells, and link_abort() must never shut down a number that somebody else has got
 * since.
 */
static int on_socket(xmpp_conn_t *conn, void *socket)
{
    stream *s = dialling;
    int fd = *(int *)socket;
    UNUSED(conn);
    if (fd >= FD_SETSIZE) {
        /* libstrophe selects: a higher number would write beyond its fd_set. */
        s->refused = EMFILE;
        return -1;
    }
    socket_no_delay(fd);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        s->refused = errno;
        return -1;
    }
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    s->refused = own < 0 ? errno : 0;
    pthread_mutex_lock(&s->lock);
    int before = s->fd;
    s->fd = own;
    pthread_mutex_unlock(&s->lock);
    if (before >= 0)
        close(before);
    return own < 0 ? -1 : 0;
}

static void close_own(stream *s)
{
    pthread_mutex_lock(&s->lock);
    int fd = s->fd;
    s->fd = -1;
    pthread_mutex_unlock(&s->lock);
    if (fd >= 0)
        close(fd);
}

void dial_drop(stream *s)
{
    /*
     * libstrophe says goodbye in TLS when it lets go of a connection, and waits up to a second for an answer;
     * the shutdown makes that short.
     */
    if (s->connected && s->fd >= 0)
        shutdown(s->fd, SHUT_RDWR);
    s->dropping = true;
    if (s->conn)
        xmpp_conn_release(s->conn);
    s->conn = NULL;
    s->dropping = s->connected = false;
    close_own(s);
    lookup *l;
    pthread_mutex_lock(&s->lock);
    l = s->lookup;
    s->lookup = NULL;
    pthread_mutex_unlock(&s->lock);
    lookup_drop(l);
    tunnel_done(&s->tunnel);
}

/* What the options say, or the host that the server named. */
static address_query get_query(const stream *s)
{
    const redirect_target *other = &s->other;
    if (other->host)
        return (address_query){ other->host, NULL, other->port, other->direct_tls, s->component };
    return (address_query){ s->name.domain, s->host, s->port, s->direct_tls, s->component };
}

const char *dial_target(const stream *s)
{
    return s->other.host ? s->other.host : s->target;
}

uint16_t dial_target_port(const stream *s)
{
    const address_query query = get_query(s);
    return s->other.host ? address_port(&query) : s->target_port;
}

/* ---- one place ---- */

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int code, xmpp_stream_error_t *stream_error,
                     void *userdata)
{
    stream *s = userdata;
    UNUSED(conn);
    UNUSED(stream_error); /* in raw mode libstrophe leaves <stream:error/> to us */
    switch (event) {
    case XMPP_CONN_RAW_CONNECT:
        s->connected = true;
        s->todo = s->places.items[s->place].direct_tls ? STREAM_START_TLS : STREAM_OPEN;
        break;
    case XMPP_CONN_CONNECT:
        negotiate_opened(s);
        break;
    default:
        s->connected = false;
        if (!s->dropping)
            negotiate_lost(s, code);
    }
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    stream *s = userdata;
    UNUSED(conn);
    s->handed_out = true;
    if (!s->failed)
        negotiate_stanza(s, stanza);
    return 1;
}

static xmpp_conn_t *new_connection(stream *s)
{
    xmpp_conn_t *conn = xmpp_conn_new(s->ctx);
    if (!conn)
        return NULL;
    /* Stream management costs a round trip of Nagle and delayed ACK, and counts queue items; see sending. */
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_SM);
    /* Only the domain: it is what the certificate is checked against. */
    xmpp_conn_set_jid(conn, s->ascii_domain);
    secure_prepare(s, conn);
    xmpp_conn_set_sockopt_callback(conn, on_socket);
    /* One handler for all that comes: libstrophe's own tables match too little, leak, and slow down. */
    xmpp_handler_add(conn, on_stanza, NULL, NULL, NULL, s);
    return conn;
}

/* The error is the stream's if there is no other place. */
static void leave_place(stream *s, jrpc_error *error)
{
    char where[STREAM_WHERE_MAX];
    error_who(error, stream_where(s, where));
    stream_log(s, 1, "%s (%s): %s", where, s->places.items[s->place].numeric, error->message);
    jrpc_error_move(&s->failure, error);
    dial_drop(s);
    s->place++;
}

static void place_failed(stream *s, int code)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    error_set(&error, JRPC_ERROR_TRANSPORT, JRPC_E_NO_CONNECTION, "cannot connect to %s%s: %s",
              s->proxy.kind ? "the proxy at " : "", s->places.items[s->place].numeric,
              code ? strerror(code) : "the address cannot be used on this machine");
    leave_place(s, &error);
}

static bool try_place(stream *s, int64_t now)
{
    const address *place = &s->places.items[s->place];
    s->conn = new_connection(s);
    if (!s->conn) {
        place_failed(s, ENOMEM);
        return false;
    }
    dialling = s;
    s->refused = 0;
    errno = 0;
    int rc = xmpp_connect_raw(s->conn, place->numeric, place->port, on_event, s);
    int code = s->refused ? s->refused : errno;
    dialling = NULL;
    if (rc != XMPP_EOK) {
        /* No socket was made: getaddrinfo() with AI_ADDRCONFIG, as libstrophe calls it, may refuse even a
         * number. */
        place_failed(s, s->fd >= 0 || s->refused ? code : EADDRNOTAVAIL);
        return false;
    }
    s->phase = STREAM_CONNECTING;
    s->place_deadline = clock_after(now, PLACE_MS);
    if (s->place_deadline > s->deadline)
        s->place_deadline = s->deadline;
    return true;
}

/* From the current place on; without any left the last one's error is the stream's. */
static void try_places(stream *s, int64_t now)
{
    while (s->place < s->places.len)
        if (try_place(s, now))
            return;
    s->place = s->places.len - 1;
    s->failed = true;
}

/* Nothing secret goes over a network in the clear. */
static bool may_be_plain(stream *s)
{
    for (size_t i = 0; i < s->places.len; i++) {
        const address *place = &s->places.items[i];
        bool local = place->loopback && (!s->proxy.kind || address_is_local(dial_target(s)));
        const char *name = place->loopback ? dial_target(s) : place->numeric;
        if (local || place->direct_tls || !(s->insecure_plaintext || s->component))
            continue;
        char where[STREAM_WHERE_MAX];
        s->place = i;
        if (s->component)
            stream_fail(
                s, JRPC_E_INVALID, stream_where(s, where), NULL,
                "the component protocol has no encryption of its own: only a loopback address or direct TLS "
                "is allowed, and %s is no loopback address",
                name);
        else
            stream_fail(s, JRPC_E_INVALID, stream_where(s, where), NULL,
                        "a login without TLS is allowed to loopback addresses only, and %s is none", name);
        return false;
    }
    return true;
}

static void have_places(stream *s, int64_t now)
{
    s->place = 0;
    if (may_be_plain(s))
        try_places(s, now);
}

jrpc_status dial_start(stream *s, jrpc_error *error)
{
    address_query query = get_query(s);
    if (s->proxy.kind) {
        query.host = s->proxy.host;
        query.port = s->proxy.port;
    }
    bool done = false;
    jrpc_status status = address_find_numeric(&query, &s->places, &done, error);
    if (status != JRPC_OK)
        return status;
    if (done) {
        s->phase = STREAM_CONNECTING;
        have_places(s, clock_now());
        return JRPC_OK;
    }
    lookup *l = NULL;
    status = lookup_start(&query, &l, error);
    pthread_mutex_lock(&s->lock);
    s->lookup = l;
    pthread_mutex_unlock(&s->lock);
    s->phase = STREAM_LOOKUP;
    s->place_deadline = clock_after(clock_now(), LOOKUP_MS);
    if (s->place_deadline > s->deadline)
        s->place_deadline = s->deadline;
    return status;
}

static void check_lookup(stream *s, int64_t now)
{
    jrpc_status status = JRPC_OK;
    char where[STREAM_WHERE_MAX];
    if (!lookup_take(s->lookup, &s->places, &status, &s->failure)) {
        if (now >= s->place_deadline)
            stream_fail(s, JRPC_E_NO_HOST, stream_where(s, where), NULL,
                        "no such host: no name server answers");
        return;
    }
    dial_drop(s);
    if (status == JRPC_OK)
        have_places(s, now);
    else
        s->failed = true;
}

/*
 * libstrophe is told that it is connected, for it would give up after some seconds; it touches the socket no sooner than it
 * is given something to do.
 */
static void start_tunnel(stream *s)
{
    xmpp_run_once(s->ctx, 0);
    if (!s->connected || s->failed)
        return;
    if (tunnel_start(&s->tunnel, &s->proxy, dial_target(s), dial_target_port(s), &s->failure) == JRPC_OK)
        s->phase = STREAM_TUNNEL;
    else
        s->failed = true;
}

/* libstrophe would tell of a refused connection without its reason, so we look first. */
static void check_connect(stream *s, int64_t now)
{
    struct pollfd p = { s->fd, POLLOUT, 0 };
    int code = 0;
    socklen_t len = sizeof code;
    if (poll(&p, 1, 0) <= 0) {
        if (now < s->place_deadline)
            return;
        code = ETIMEDOUT;
    } else if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0) {
        code = errno;
    }
    if (code == 0 && s->proxy.kind) {
        start_tunnel(s);
        return;
    }
    if (code == 0) {
        s->phase = STREAM_OPENING;
        return;
    }
    place_failed(s, code);
    try_places(s, now);
}

/* A proxy that says no may have others of the same name, but what it says of the user holds for all. */
static void check_tunnel(stream *s, int64_t now)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    bool good = tunnel_process(&s->tunnel, s->fd, &error);
    if (good && !tunnel_is_open(&s->tunnel))
        return;
    if (good) {
        tunnel_done(&s->tunnel);
        s->phase = STREAM_OPENING;
        return;
    }
    bool final = error.status == JRPC_E_AUTH;
    leave_place(s, &error);
    if (final)
        s->place = s->places.len;
    try_places(s, now);
}

void dial_process(stream *s, int64_t now)
{
    if (s->phase == STREAM_LOOKUP)
        check_lookup(s, now);
    /* A place may refuse at once, the next be there already. */
    if (s->phase == STREAM_CONNECTING && !s->failed)
        check_connect(s, now);
    if (s->phase == STREAM_TUNNEL && !s->failed)
        check_tunnel(s, now);
}
