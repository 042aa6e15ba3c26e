/* SPDX-License-Identifier: MIT */
/* A link over a Jabber stream: drives libstrophe. */
#include "link/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"
#include "link/dial.h"
#include "link/identity.h"
#include "link/intake.h"
#include "link/library.h"
#include "link/negotiate.h"
#include "link/redirect.h"
#include "link/sigpipe.h"
#include "link/socket.h"

enum {
    ITEM_BYTES = 16384,   /* a TLS record: libstrophe writes one of a queued item in a pass, and all items */
    SMALL_BYTES = 4096,   /* surely gone in one pass when the socket is writable */
    KEEP_BYTES = 1 << 20, /* a larger buffer is given back once it is empty */
    CLOSE_MS = 1000,
};

/* ---- what the other parts use ---- */

/* At most ADDRESS_NAME_MAX + 8 bytes. */
static size_t print_place(char *to, const char *name, uint16_t port)
{
    bool bare = strchr(name, ':') && name[0] != '[';
    return (size_t)snprintf(to, ADDRESS_NAME_MAX + 8, bare ? "[%.253s]:%u" : "%.255s:%u", name, (unsigned)port);
}

const char *stream_where(const stream *s, char buffer[STREAM_WHERE_MAX])
{
    if (s->proxy.kind) {
        size_t len = print_place(buffer, dial_target(s), dial_target_port(s));
        len += (size_t)snprintf(buffer + len, STREAM_WHERE_MAX - len, " through proxy ");
        print_place(buffer + len, s->proxy.host, s->proxy.port);
    } else if (s->place < s->places.len) {
        print_place(buffer, s->places.items[s->place].name, s->places.items[s->place].port);
    } else {
        snprintf(buffer, STREAM_WHERE_MAX, "%.255s", s->other.host ? s->other.host : s->host ? s->host : s->name.domain);
    }
    return buffer;
}

const char *stream_phase_text(const stream *s)
{
    static const char *const texts[] = {
        [STREAM_DOWN] = "down",
        [STREAM_LOOKUP] = "its address was looked up",
        [STREAM_CONNECTING] = "the connection was made",
        [STREAM_TUNNEL] = "the proxy was asked for a connection",
        [STREAM_OPENING] = "its stream header was awaited",
        [STREAM_FEATURES] = "its stream features were awaited",
        [STREAM_STARTTLS] = "TLS was asked for",
        [STREAM_SASL] = "logging in",
        [STREAM_BIND] = "the resource was bound",
        [STREAM_SESSION] = "the session was asked for",
        [STREAM_HANDSHAKE] = "the component's handshake was awaited",
        [STREAM_UP] = "online",
        [STREAM_CLOSING] = "closing",
    };
    return texts[s->phase];
}

void stream_fail(stream *s, jrpc_status status, const char *who, const char *condition, const char *format,
                 ...)
{
    if (s->failed)
        return;
    va_list ap;
    va_start(ap, format);
    error_setv(&s->failure, JRPC_ERROR_TRANSPORT, status, format, ap);
    va_end(ap);
    error_who(&s->failure, who);
    error_condition(&s->failure, condition);
    s->failed = true;
}

void stream_fail_nomem(stream *s)
{
    if (!s->failed)
        error_nomem(&s->failure);
    s->failed = true;
}

void stream_log(const stream *s, int level, const char *format, ...)
{
    if (!s->callbacks.log)
        return;
    char text[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    s->callbacks.log(s->userdata, level, text);
}

void stream_write(stream *s, const char *data, size_t len)
{
    int before = xmpp_conn_send_queue_len(s->conn);
    s->queued = true;
    xmpp_send_raw(s->conn, data, len);
    /* libstrophe drops what it has no memory for, and says so to its log only. */
    if (xmpp_conn_send_queue_len(s->conn) <= before)
        stream_fail_nomem(s);
}

void stream_write_buf(stream *s, buf *b)
{
    if (buf_failed(b))
        stream_fail_nomem(s);
    else if (!s->failed)
        stream_write(s, b->data, b->len);
}

/* ---- libstrophe's log: read for what it alone tells, never passed on: it has passwords in it ---- */

static void on_log(void *userdata, xmpp_log_level_t level, const char *area, const char *message)
{
    UNUSED(level);
    negotiate_log(userdata, area, message);
}

/* ---- driving ---- */

/* Gives libstrophe what is queued; what the socket does not take waits here, where it is counted. */
static void hand_over(stream *s)
{
    for (size_t at = 0; at < s->out.len && !s->failed; at += ITEM_BYTES)
        stream_write(s, s->out.data + at, s->out.len - at < ITEM_BYTES ? s->out.len - at : ITEM_BYTES);
    /*
     * libstrophe does not count an item that it has begun to write: behind a large one there is always
     * another, so that a half-written one is noticed and POLLOUT asked for. White space between stanzas means
     * nothing.
     */
    if (s->out.len > SMALL_BYTES && !s->failed)
        stream_write(s, " ", 1);
    /* There may have been a password in it: of a new account, or a new one. */
    explicit_bzero(s->out.data, s->out.len);
    if (s->out.cap > KEEP_BYTES)
        buf_done(&s->out);
    buf_reset(&s->out);
}

/*
 * Not to a server that has closed its side: it says why, and what is written after that breaks what is still to be read.
 */
static bool may_write(const stream *s)
{
    if (s->out.len == 0 || (s->phase != STREAM_UP && s->phase != STREAM_CLOSING) || xmpp_conn_send_queue_len(s->conn) > 0)
        return false;
    struct pollfd p = { s->fd, POLLOUT | POLLRDHUP, 0 };
    poll(&p, 1, 0);
    return p.revents == POLLOUT;
}

static void pump(stream *s)
{
    const uint64_t before = s->consumed;
    if (may_write(s))
        hand_over(s);
    intake_all(s);
    /*
     * A server that writes with Nagle on holds the rest of a burst back until we acknowledge its beginning,
     * and after each send the kernel delays that by 40 ms again.
     */
    if (s->connected && s->consumed != before)
        socket_quick_ack(s->fd);
    s->writing = s->connected && !s->failed && xmpp_conn_send_queue_len(s->conn) > 0;
}

static void check_deadline(stream *s, int64_t now)
{
    char where[STREAM_WHERE_MAX];
    if (s->failed || now < s->deadline)
        return;
    if (s->phase == STREAM_CLOSING)
        stream_fail(s, JRPC_E_CLOSED, stream_where(s, where), NULL, "closed");
    else
        stream_fail(s, JRPC_E_TIMEOUT, stream_where(s, where), NULL, "no answer within %.3g s while %s",
                    s->timeout_ms / 1000.0, stream_phase_text(s));
}

static void check_abort(stream *s)
{
    char where[STREAM_WHERE_MAX];
    pthread_mutex_lock(&s->lock);
    bool aborted = s->aborted;
    pthread_mutex_unlock(&s->lock);
    if (!aborted)
        return;
    /* Whoever gives up because the time is over means that. */
    check_deadline(s, clock_now());
    if (!s->failed)
        stream_fail(s, JRPC_E_CLOSED, stream_where(s, where), NULL, "given up while %s",
                    stream_phase_text(s));
}

void stream_forget_negotiation(stream *s)
{
    s->todo = STREAM_NOTHING;
    s->secured = s->authenticated = s->session_required = s->not_xml = false;
    s->writing = s->hungry = false;
    s->consumed = s->held = 0;
    s->limits = (link_limits){ 0, 0 };
    sasl_free(s->sasl);
    s->sasl = NULL;
    free(s->bound);
    s->bound = NULL;
    free(s->stream_id);
    s->stream_id = NULL;
    s->tls_reason[0] = '\0';
    buf_done(&s->out);
}

static void go_down(stream *s)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    dial_drop(s);
    stream_forget_negotiation(s);
    s->phase = STREAM_DOWN;
    s->failed = false;
    jrpc_error_move(&error, &s->failure);
    s->callbacks.down(s->userdata, &error);
}

static void stream_process(jabber_link *base, int64_t now)
{
    stream *s = (stream *)base;
    if (s->phase == STREAM_DOWN)
        return;
    sigpipe guard;
    sigpipe_block(&guard);
    check_abort(s);
    if (!s->failed && s->phase <= STREAM_TUNNEL)
        dial_process(s, now);
    if (!s->failed && s->phase > STREAM_TUNNEL)
        pump(s);
    if (!s->failed && s->todo == STREAM_REDIRECT)
        redirect_follow(s);
    check_abort(s);
    check_deadline(s, now);
    bool broken = s->failed;
    if (broken)
        go_down(s);
    sigpipe_restore(&guard, broken);
}

static link_wait stream_get_wait(const jabber_link *base)
{
    const stream *s = (const stream *)base;
    link_wait wait = { s->fd, POLLIN, s->deadline };
    switch (s->phase) {
    case STREAM_DOWN:
        return (link_wait){ -1, 0, CLOCK_NEVER };
    case STREAM_LOOKUP:
        wait.fd = lookup_fd(s->lookup);
        wait.until = s->place_deadline;
        break;
    case STREAM_CONNECTING:
        wait.events = POLLOUT;
        wait.until = s->place_deadline;
        break;
    case STREAM_TUNNEL:
        wait.events = tunnel_events(&s->tunnel);
        if (s->failed)
            wait.until = 0;
        return wait; /* what is to be done comes after it */
    default:
        if (s->writing || s->out.len)
            wait.events |= POLLOUT;
    }
    if (s->failed || s->hungry || s->todo != STREAM_NOTHING)
        wait.until = 0;
    return wait;
}

/* ---- the rest of a link ---- */

static bool stream_send(jabber_link *base, const char *data, size_t len)
{
    stream *s = (stream *)base;
    if (s->phase != STREAM_UP || s->failed || !buf_reserve(&s->out, len)) {
        s->out.failed = false;
        return false;
    }
    buf_append(&s->out, data, len);
    return true;
}

static size_t stream_queued(const jabber_link *base)
{
    const stream *s = (const stream *)base;
    size_t items = s->writing ? (size_t)xmpp_conn_send_queue_len(s->conn) : 0;
    return s->out.len + items * ITEM_BYTES;
}

static bool stream_is_up(const jabber_link *base)
{
    const stream *s = (const stream *)base;
    return s->phase == STREAM_UP && !s->failed;
}

static void stream_close(jabber_link *base)
{
    stream *s = (stream *)base;
    char where[STREAM_WHERE_MAX];
    if (s->phase == STREAM_DOWN || s->phase == STREAM_CLOSING)
        return;
    if (s->phase != STREAM_UP) {
        stream_fail(s, JRPC_E_CLOSED, stream_where(s, where), NULL, "closed before the login was done");
        return;
    }
    buf_append_lit(&s->out, "</stream:stream>");
    if (buf_failed(&s->out))
        stream_fail_nomem(s);
    s->phase = STREAM_CLOSING;
    s->deadline = clock_after(clock_now(), CLOSE_MS);
}

static void stream_abort(jabber_link *base)
{
    stream *s = (stream *)base;
    const uint64_t one = 1;
    pthread_mutex_lock(&s->lock);
    s->aborted = true;
    if (s->fd >= 0)
        shutdown(s->fd, SHUT_RDWR);
    /* Wakes whoever polls it; if that fails the deadline does. */
    ssize_t n = s->lookup ? write(lookup_fd(s->lookup), &one, sizeof one) : 0;
    UNUSED(n);
    pthread_mutex_unlock(&s->lock);
}

static jrpc_status stream_start(jabber_link *base, jrpc_error *error)
{
    stream *s = (stream *)base;
    if (s->phase != STREAM_DOWN)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_EXISTS, "%s is connected already", s->name.full);
    pthread_mutex_lock(&s->lock);
    s->aborted = false;
    pthread_mutex_unlock(&s->lock);
    s->deadline = clock_after(clock_now(), s->timeout_ms);
    s->log.handler = on_log;
    redirect_forget(s);
    sigpipe guard;
    sigpipe_block(&guard);
    jrpc_status status = dial_start(s, error);
    sigpipe_restore(&guard, true);
    if (status != JRPC_OK)
        s->phase = STREAM_DOWN;
    return status;
}

static void stream_free(jabber_link *base)
{
    stream *s = (stream *)base;
    sigpipe guard;
    sigpipe_block(&guard);
    dial_drop(s);
    sigpipe_restore(&guard, true);
    stream_forget_negotiation(s);
    redirect_forget(s);
    if (s->ctx)
        xmpp_ctx_free(s->ctx);
    pthread_mutex_destroy(&s->lock);
    jrpc_error_done(&s->failure);
    jid_done(&s->name);
    secret_free(s->password);
    free(s->ascii_domain);
    free(s->host);
    free(s->target);
    proxy_done(&s->proxy);
    free(s->ca_file);
    free(s->ca_path);
    free(s->cert_file);
    free(s->key_file);
    free(s);
}

static link_limits stream_get_limits(const jabber_link *base)
{
    return ((const stream *)base)->limits;
}

static bool stream_set_password(jabber_link *base, const char *password)
{
    stream *s = (stream *)base;
    char *made = strdup(password);
    if (made) {
        secret_free(s->password);
        s->password = made;
    }
    return made;
}

static const link_ops stream_ops = {
    stream_free,   stream_start, stream_get_wait, stream_process, stream_send,
    stream_queued, stream_is_up, stream_close,    stream_abort,       stream_get_limits,
    stream_set_password,
};

/* ---- making one ---- */

static void stream_auto_free(stream **s)
{
    if (*s)
        stream_free(&(*s)->base);
}

static bool copy(char **to, const char *from)
{
    *to = from ? strdup(from) : NULL;
    return !from || *to;
}

static jrpc_status check_readable(const char *path, const char *what, jrpc_error *error)
{
    if (!path || access(path, R_OK) == 0)
        return JRPC_OK;
    error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "the %s cannot be read: %s", what, strerror(errno));
    error_what(error, path);
    return JRPC_E_INVALID;
}

static jrpc_status set_name(stream *s, const link_options *options, jrpc_error *error)
{
    const char *why = "";
    jrpc_status status = jid_parse(options->jid, &s->name, &why);
    if (status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status == JRPC_OK && options->component && (s->name.node || s->name.resource))
        status = JRPC_E_INVALID, why = "a component's name is a domain alone";
    if (status == JRPC_OK && !options->component && !s->name.node)
        status = JRPC_E_INVALID, why = "expected node@domain/resource";
    if (status != JRPC_OK)
        return error_set(error, JRPC_ERROR_LOCAL, status, "%s is no address to log in with: %s", options->jid,
                         why);
    s->ascii_domain = address_ascii(s->name.domain);
    if (!s->ascii_domain)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "%s: the domain is no valid host name",
                         options->jid);
    return JRPC_OK;
}

static jrpc_status check_identity(stream *s, const link_options *options, jrpc_error *error)
{
    if (!options->cert_file && !options->key_file)
        return JRPC_OK;
    if (!options->cert_file || !options->key_file)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "a certificate and its key belong together: the %s is missing",
                         options->cert_file ? "key" : "certificate");
    return identity_check(options->cert_file, options->key_file, s->name.bare, &s->named, error);
}

/* The proxy looks the server's name up, so there are no SRV records to ask for: it may be the only one that can. */
static jrpc_status set_proxy(stream *s, const link_options *options, jrpc_error *error)
{
    if (!options->proxy)
        return JRPC_OK;
    const address_query query = { s->name.domain, options->host, options->port, options->direct_tls, options->component };
    jrpc_status status = proxy_parse(options->proxy, options->proxy_password, &s->proxy, error);
    if (status != JRPC_OK)
        return status;
    const char *host = options->host ? options->host : s->name.domain;
    s->target = address_ascii(host);
    if (!s->target || strlen(s->target) >= ADDRESS_NAME_MAX)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "%s is no valid host name", host);
    address_strip_brackets(s->target);
    s->target_port = address_port(&query);
    return JRPC_OK;
}

static jrpc_status set_options(stream *s, const link_options *options, jrpc_error *error)
{
    s->port = options->port;
    s->direct_tls = options->direct_tls;
    s->component = options->component;
    s->insecure_plaintext = options->insecure_plaintext;
    s->allow_plain = options->allow_plain;
    s->registers = options->registers;
    s->timeout_ms = options->timeout_ms ? options->timeout_ms : 30000;
    s->rank = SASL_RANKS;
    jrpc_status status = set_name(s, options, error);
    if (status == JRPC_OK)
        status = check_readable(options->ca_file, "file of certificate authorities", error);
    if (status == JRPC_OK)
        status = check_readable(options->ca_path, "folder of certificate authorities", error);
    if (status == JRPC_OK)
        status = pins_parse(options->pins, &s->pins, error);
    if (status == JRPC_OK)
        status = check_identity(s, options, error);
    if (status == JRPC_OK)
        status = set_proxy(s, options, error);
    if (status != JRPC_OK)
        return status;
    bool copied = copy(&s->password, options->password) && copy(&s->host, options->host) &&
                  copy(&s->ca_file, options->ca_file) && copy(&s->ca_path, options->ca_path) &&
                  copy(&s->cert_file, options->cert_file) && copy(&s->key_file, options->key_file);
    return copied ? JRPC_OK : error_nomem(error);
}

jrpc_status link_new_stream(const link_options *options, const link_callbacks *callbacks, void *userdata,
                            jabber_link **ret_link, jrpc_error *error)
{
    AUTO(stream_auto_free) stream *s = library_init() ? calloc(1, sizeof *s) : NULL;
    if (!s)
        return error_nomem(error);
    pthread_mutex_init(&s->lock, NULL);
    s->base.ops = &stream_ops;
    s->callbacks = *callbacks;
    s->userdata = userdata;
    s->fd = -1;
    s->log = (xmpp_log_t){ on_log, s };
    s->ctx = xmpp_ctx_new(NULL, &s->log);
    jrpc_status status = s->ctx ? set_options(s, options, error) : error_nomem(error);
    if (status == JRPC_OK)
        *ret_link = &TAKE_PTR(s)->base;
    return status;
}
