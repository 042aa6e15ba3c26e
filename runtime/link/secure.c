/* SPDX-License-Identifier: MIT */
/* TLS on a stream. */
#include "link/secure.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "link/identity.h"
#include "link/watchdog.h"

/* libstrophe's certificate callback has no userdata. */
static _Thread_local stream *securing;

static const char *or_unknown(const char *text)
{
    return text ? text : "unknown";
}

/* Which of the chain's certificates it is about is not told: one that names hosts is the server's own. */
static const char *own_fingerprint(const xmpp_tlscert_t *cert)
{
    return xmpp_tlscert_get_dnsname(cert, 0) ? xmpp_tlscert_get_string(cert, XMPP_CERT_FINGERPRINT_SHA256) : NULL;
}

/* Says yes only where fingerprints decide, for then it is not over yet: see check_pins(). */
static int on_bad_certificate(const xmpp_tlscert_t *cert, const char *why)
{
    stream *s = securing;
    char where[STREAM_WHERE_MAX];
    if (s && s->pins.len)
        return 1;
    /* It may be called once for each thing that is wrong; the first counts. */
    if (!s || s->failed)
        return 0;
    const char *subject = or_unknown(xmpp_tlscert_get_string(cert, XMPP_CERT_SUBJECT));
    const char *issuer = or_unknown(xmpp_tlscert_get_string(cert, XMPP_CERT_ISSUER));
    const char *dns = xmpp_tlscert_get_dnsname(cert, 0);
    const char *fingerprint = own_fingerprint(cert);
    stream_where(s, where);
    if (strcasecmp(why, "hostname mismatch") == 0 || strcasecmp(why, "IP address mismatch") == 0)
        stream_fail(s, JRPC_E_CERT_WRONG_HOST, where, NULL,
                    "the server's certificate is for %s, not for %s (subject %s, issuer %s)",
                    dns ? dns : "another name", s->ascii_domain, subject, issuer);
    else
        stream_fail(s, JRPC_E_CERT_UNTRUSTED, where, NULL,
                    "the server's certificate is not trusted: %s (for %s, subject %s, issuer %s%s%s)", why,
                    s->ascii_domain, subject, issuer, fingerprint ? ", SHA-256 fingerprint " : "",
                    fingerprint ? fingerprint : "");
    return 0;
}

/* Nothing else of the certificate counts then: not its issuer, names or dates, as with the host keys of ssh(1). */
static void check_pins(stream *s)
{
    char where[STREAM_WHERE_MAX];
    if (s->pins.len == 0 || s->failed)
        return;
    xmpp_tlscert_t *cert = xmpp_conn_get_peer_cert(s->conn);
    const char *fingerprint = cert ? xmpp_tlscert_get_string(cert, XMPP_CERT_FINGERPRINT_SHA256) : NULL;
    if (!pins_have(&s->pins, fingerprint))
        stream_fail(s, JRPC_E_CERT_UNTRUSTED, stream_where(s, where), NULL,
                    "the server's certificate is not the pinned one: its SHA-256 fingerprint is %s (subject %s)",
                    or_unknown(fingerprint), or_unknown(cert ? xmpp_tlscert_get_string(cert, XMPP_CERT_SUBJECT) : NULL));
    if (cert)
        xmpp_tlscert_free(cert);
}

/* A key that is encrypted was refused before; OpenSSL's own way is to ask on the terminal. */
static int refuse_password(char *text, size_t size, xmpp_conn_t *conn, void *userdata)
{
    UNUSED(text);
    UNUSED(size);
    UNUSED(conn);
    UNUSED(userdata);
    return -1;
}

void secure_prepare(stream *s, xmpp_conn_t *conn)
{
    /* libstrophe checks the certificate against the domain of the connection's JID, whatever host it dials.
     */
    xmpp_conn_set_certfail_handler(conn, on_bad_certificate);
    if (s->ca_file)
        xmpp_conn_set_cafile(conn, s->ca_file);
    if (s->ca_path)
        xmpp_conn_set_capath(conn, s->ca_path);
    xmpp_conn_set_password_callback(conn, refuse_password, NULL);
    if (s->cert_file)
        xmpp_conn_set_client_cert(conn, s->cert_file, s->key_file);
}

static bool is_aborted(stream *s)
{
    pthread_mutex_lock(&s->lock);
    bool aborted = s->aborted;
    pthread_mutex_unlock(&s->lock);
    return aborted;
}

static void fail_handshake(stream *s, int rc, bool late)
{
    char where[STREAM_WHERE_MAX];
    stream_where(s, where);
    if (s->failed)
        return; /* the certificate */
    if (late || clock_now() >= s->deadline)
        stream_fail(s, JRPC_E_TIMEOUT, where, NULL, "the server did not answer during the TLS handshake");
    else if (is_aborted(s))
        stream_fail(s, JRPC_E_CLOSED, where, NULL, "given up during the TLS handshake");
    else if (rc == XMPP_EMEM)
        stream_fail(s, JRPC_E_TLS, where, NULL, "TLS cannot be set up with %s: %s",
                    s->ca_file ? s->ca_file : "the system's certificates",
                    *s->tls_reason ? s->tls_reason : "out of memory or no valid certificates there");
    else
        stream_fail(s, JRPC_E_TLS, where, NULL, "the TLS handshake failed: %s",
                    *s->tls_reason ? s->tls_reason : "the server closed the connection");
}

/* They may have been replaced since: certificates are renewed. */
static bool check_identity(stream *s)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    if (!s->cert_file || identity_check(s->cert_file, s->key_file, s->name.bare, &s->named, &error) == JRPC_OK)
        return true;
    stream_fail(s, JRPC_E_TLS, s->name.bare, NULL, "%s", error.message);
    return false;
}

bool secure_start(stream *s)
{
    watchdog dog;
    if (!check_identity(s))
        return false;
    s->tls_reason[0] = '\0';
    securing = s;
    /* libstrophe's handshake waits for the server however long it takes. */
    watchdog_start(&dog, s->fd, s->deadline);
    int rc = xmpp_conn_tls_start(s->conn);
    bool late = watchdog_stop(&dog);
    securing = NULL;
    if (rc == XMPP_EOK)
        check_pins(s);
    s->secured = rc == XMPP_EOK && !s->failed && xmpp_conn_is_secured(s->conn);
    if (!s->secured)
        fail_handshake(s, rc, late);
    return s->secured;
}
