/* SPDX-License-Identifier: MIT */
/* From a TCP connection to a bound stream. */
#include "link/negotiate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "link/component.h"
#include "link/login.h"
#include "link/redirect.h"
#include "link/secure.h"
#include "link/xml.h"

static const char bind_id[] = "jrpc-bind", session_id[] = "jrpc-session";

/* ---- the end of it, good or bad ---- */

static void up(stream *s)
{
    s->phase = STREAM_UP;
    s->deadline = INT64_MAX;
    /* From here on each stanza would be rendered for it once more. */
    s->log.handler = NULL;
    stream_log(s, 1, "online as %s", s->bound);
    s->callbacks.up(s->userdata, s->bound);
}

static void unexpected(stream *s, xmpp_stanza_t *element)
{
    char where[STREAM_WHERE_MAX];
    const char *name = xmpp_stanza_get_name(element);
    stream_fail(s, JRPC_E_STREAM, stream_where(s, where), NULL, "the server sent <%s/> while %s",
                name ? name : "?", stream_phase_text(s));
}

/* RFC 6120 section 4.9: the stream is over after it. */
static void stream_error(stream *s, xmpp_stanza_t *element)
{
    autofree char *text = NULL;
    char where[STREAM_WHERE_MAX];
    if (redirect_take(s, element))
        return;
    const char *condition = xml_condition(element, XML_NS_STREAM_ERROR, &text);
    if (!condition)
        condition = "undefined-condition";
    bool mine = s->phase == STREAM_HANDSHAKE && strcmp(condition, "not-authorized") == 0;
    stream_where(s, where);
    if (mine)
        stream_fail(s, JRPC_E_AUTH, s->name.full, condition,
                    "%s refused the component: its name or its secret is wrong", where);
    else if (strcmp(condition, "conflict") == 0)
        stream_fail(s, JRPC_E_CONFLICT, s->bound ? s->bound : s->name.full, condition,
                    "%s%s%s",
                    s->phase == STREAM_UP ? "another program took over this address"
                                          : "another program has this address already",
                    text ? ": " : "", text ? text : "");
    else
        stream_fail(s, JRPC_E_STREAM, where, condition, "the server ended the stream: %s%s%s", condition,
                    text ? ": " : "", text ? text : "");
}

static bool speaks_tls(const stream *s)
{
    return s->secured || s->places.items[s->place].direct_tls;
}

void negotiate_lost(stream *s, int code)
{
    char where[STREAM_WHERE_MAX];
    UNUSED(code); /* errno, or OpenSSL's number: nothing that a reader would understand */
    if (s->todo == STREAM_REDIRECT)
        return; /* we leave anyway */
    stream_where(s, where);
    if (s->phase == STREAM_CLOSING)
        stream_fail(s, JRPC_E_CLOSED, where, NULL, "closed");
    else if (s->phase == STREAM_UP)
        stream_fail(s, JRPC_E_DISCONNECTED, where, NULL, "the connection to the server was lost");
    else if (s->not_xml)
        stream_fail(s, JRPC_E_STREAM, where, NULL, "what answers there does not speak XMPP%s",
                    speaks_tls(s) ? "" : ", or wants TLS from the first byte");
    else
        stream_fail(s, JRPC_E_STREAM, where, NULL, "the server closed the connection while %s%s", stream_phase_text(s),
                    s->phase == STREAM_OPENING && !speaks_tls(s) ? ": it may want TLS from the first byte" : "");
}

void negotiate_log(stream *s, const char *area, const char *message)
{
    if (strncmp(message, "parse error [", 13) == 0) {
        s->not_xml = true;
        negotiate_lost(s, 0);
    } else if (strcmp(area, "tls") == 0 && strncmp(message, "error:", 6) == 0) {
        /* "error:0A00010B:SSL routines::wrong version number" */
        const char *reason = strrchr(message, ':');
        snprintf(s->tls_reason, sizeof s->tls_reason, "%s", reason + 1);
    } else if (s->component && s->phase == STREAM_OPENING) {
        component_log(s, message);
    }
}

/* ---- step by step ---- */

void negotiate_opened(stream *s)
{
    if (s->component)
        component_handshake(s);
    else
        s->phase = STREAM_FEATURES;
}

static void open_stream(stream *s)
{
    const char *ns = s->component ? XML_NS_COMPONENT : XML_NS_CLIENT;
    /* libstrophe does not escape them: prepared addresses have no quotes. Without TLS the account is nobody's
     * business. */
    const char *attributes[] = { "to",       s->name.domain, "xmlns",   ns,    "xmlns:stream", XML_NS_STREAM,
                                 "xml:lang", "en",           "version", "1.0", "from",         s->name.bare };
    size_t count = s->component ? 6 : s->secured ? 12 : 10;
    s->phase = STREAM_OPENING;
    s->queued = true;
    if (xmpp_conn_open_stream(s->conn, (char **)(uintptr_t)attributes, count) != XMPP_EOK)
        stream_fail_nomem(s);
}

void negotiate_todo(stream *s)
{
    stream_todo todo = s->todo;
    if (todo == STREAM_REDIRECT)
        return; /* not before the pass is over */
    s->todo = STREAM_NOTHING;
    if (todo == STREAM_NOTHING || s->failed || !s->connected)
        return;
    if (todo == STREAM_START_TLS && !secure_start(s))
        return;
    open_stream(s);
}

static void ask_session(stream *s)
{
    AUTO(buf_done) buf b = BUF_INIT;
    s->phase = STREAM_SESSION;
    buf_printf(&b, "<iq type='set' id='%s'><session xmlns='" XML_NS_SESSION "'/></iq>", session_id);
    stream_write_buf(s, &b);
}

static void ask_bind(stream *s)
{
    AUTO(buf_done) buf b = BUF_INIT;
    s->phase = STREAM_BIND;
    buf_printf(&b, "<iq type='set' id='%s'><bind xmlns='" XML_NS_BIND "'", bind_id);
    if (s->name.resource) {
        buf_append_lit(&b, "><resource>");
        xml_append(&b, s->name.resource);
        buf_append_lit(&b, "</resource></bind></iq>");
    } else {
        buf_append_lit(&b, "/></iq>");
    }
    stream_write_buf(s, &b);
}

static void want_tls(stream *s, xmpp_stanza_t *features)
{
    char where[STREAM_WHERE_MAX];
    if (!xml_child(features, "starttls", XML_NS_TLS)) {
        stream_fail(s, JRPC_E_NO_TLS, stream_where(s, where), NULL, "the server offers no TLS");
        return;
    }
    s->phase = STREAM_STARTTLS;
    static const char starttls[] = "<starttls xmlns='" XML_NS_TLS "'/>";
    stream_write(s, starttls, sizeof starttls - 1);
}

/* A plain number; 0 when it is none, or none that fits. */
static uint32_t read_number(xmpp_stanza_t *parent, const char *name)
{
    xmpp_stanza_t *element = xml_child(parent, name, XML_NS_LIMITS);
    autofree char *text = element ? xml_text(element) : NULL;
    uint64_t number = 0;
    if (!text || !*text || strlen(text) > 10)
        return 0;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9')
            return 0;
        number = number * 10 + (uint64_t)(*c - '0');
    }
    return number <= UINT32_MAX ? (uint32_t)number : 0;
}

/* XEP-0478: those of the features that come after the login hold for the stream. */
static void read_limits(stream *s, xmpp_stanza_t *features)
{
    xmpp_stanza_t *limits = xml_child(features, "limits", XML_NS_LIMITS);
    if (!limits)
        return;
    s->limits = (link_limits){ read_number(limits, "max-bytes"), read_number(limits, "idle-seconds") };
    stream_log(s, 0, "the server's limits: %zu bytes, %lu s of silence", s->limits.max_bytes,
               (unsigned long)s->limits.idle_seconds);
}

/* XEP-0077: no login; what is asked and said then is the session's business. */
static void start_registering(stream *s, xmpp_stanza_t *features)
{
    if (!xml_child(features, "register", XML_NS_REGISTER_FEATURE)) {
        stream_fail(s, JRPC_E_UNAVAILABLE, s->name.domain, NULL, "the server does not let programs make accounts");
        return;
    }
    s->bound = strdup(s->name.domain);
    if (s->bound)
        up(s);
    else
        stream_fail_nomem(s);
}

static void on_features(stream *s, xmpp_stanza_t *features)
{
    char where[STREAM_WHERE_MAX];
    if (!xml_is(features, "features", XML_NS_STREAM)) {
        unexpected(s, features);
    } else if (!s->secured && !s->insecure_plaintext) {
        want_tls(s, features);
    } else if (s->registers) {
        start_registering(s, features);
    } else if (!s->authenticated) {
        login_start(s, features);
    } else if (!xml_child(features, "bind", XML_NS_BIND)) {
        stream_fail(s, JRPC_E_STREAM, stream_where(s, where), NULL, "the server offers no resource binding");
    } else {
        xmpp_stanza_t *session = xml_child(features, "session", XML_NS_SESSION);
        read_limits(s, features);
        s->session_required = session && !xml_child(session, "optional", XML_NS_SESSION);
        ask_bind(s);
    }
}

static void on_starttls(stream *s, xmpp_stanza_t *element)
{
    char where[STREAM_WHERE_MAX];
    if (xml_is(element, "proceed", XML_NS_TLS)) {
        s->todo = STREAM_START_TLS;
    } else if (xml_is(element, "failure", XML_NS_TLS)) {
        stream_fail(s, JRPC_E_TLS, stream_where(s, where), NULL, "the server refused to start TLS");
    } else {
        unexpected(s, element);
    }
}

static void bind_refused(stream *s, xmpp_stanza_t *iq)
{
    autofree char *text = NULL;
    xmpp_stanza_t *error = xmpp_stanza_get_child_by_name(iq, "error");
    const char *condition = error ? xml_condition(error, XML_NS_STANZA_ERROR, &text) : NULL;
    if (!condition)
        condition = "undefined-condition";
    jrpc_status status = strcmp(condition, "conflict") == 0 ? JRPC_E_CONFLICT : JRPC_E_STREAM;
    stream_fail(s, status, s->name.full, condition, "the server refused the address: %s%s%s", condition,
                text ? ": " : "", text ? text : "");
}

static bool is_answer(xmpp_stanza_t *element, const char *id, const char *type)
{
    const char *name = xmpp_stanza_get_name(element), *its_id = xmpp_stanza_get_id(element),
               *its_type = xmpp_stanza_get_type(element);
    return name && its_id && its_type && strcmp(name, "iq") == 0 && strcmp(its_id, id) == 0 &&
           strcmp(its_type, type) == 0;
}

/* The address must be one of this account, or everything that compares addresses later would be led astray.
 */
static void on_bound(stream *s, xmpp_stanza_t *iq)
{
    AUTO(jid_done) jid got = { 0 };
    xmpp_stanza_t *bind = xml_child(iq, "bind", XML_NS_BIND);
    xmpp_stanza_t *element = bind ? xml_child(bind, "jid", XML_NS_BIND) : NULL;
    autofree char *text = element ? xml_text(element) : NULL;
    if (!text || jid_parse(text, &got, NULL) != JRPC_OK || !got.node || !got.resource) {
        stream_fail(s, JRPC_E_STREAM, s->name.full, NULL, "the server gave no valid address");
        return;
    }
    free(s->bound);
    s->bound = strdup(got.full);
    if (!s->bound)
        stream_fail_nomem(s);
    else if (s->session_required)
        ask_session(s);
    else
        up(s);
}

static void on_bind(stream *s, xmpp_stanza_t *element)
{
    if (is_answer(element, bind_id, "result"))
        on_bound(s, element);
    else if (is_answer(element, bind_id, "error"))
        bind_refused(s, element);
    else
        unexpected(s, element);
}

static void on_session(stream *s, xmpp_stanza_t *element)
{
    if (is_answer(element, session_id, "result"))
        up(s);
    else if (is_answer(element, session_id, "error"))
        bind_refused(s, element);
    else
        unexpected(s, element);
}

static void on_handshake(stream *s, xmpp_stanza_t *element)
{
    const char *name = xmpp_stanza_get_name(element);
    if (!name || strcmp(name, "handshake") != 0) {
        unexpected(s, element);
        return;
    }
    free(s->bound);
    s->bound = strdup(s->name.full);
    if (s->bound)
        up(s);
    else
        stream_fail_nomem(s);
}

static void deliver(stream *s, xmpp_stanza_t *element)
{
    const char *name = xmpp_stanza_get_name(element);
    if (name && (strcmp(name, "iq") == 0 || strcmp(name, "message") == 0 || strcmp(name, "presence") == 0))
        s->callbacks.stanza(s->userdata, element);
}

void negotiate_stanza(stream *s, xmpp_stanza_t *element)
{
    if (s->todo == STREAM_REDIRECT)
        return;
    if (s->todo != STREAM_NOTHING) {
        /* Whatever comes before the stream is opened anew was perhaps slipped in by somebody in between: not
         * read. */
        unexpected(s, element);
        return;
    }
    if (xml_is(element, "error", XML_NS_STREAM)) {
        stream_error(s, element);
        return;
    }
    switch (s->phase) {
    case STREAM_FEATURES:
        on_features(s, element);
        break;
    case STREAM_STARTTLS:
        on_starttls(s, element);
        break;
    case STREAM_SASL:
        login_stanza(s, element);
        break;
    case STREAM_BIND:
        on_bind(s, element);
        break;
    case STREAM_SESSION:
        on_session(s, element);
        break;
    case STREAM_HANDSHAKE:
        on_handshake(s, element);
        break;
    case STREAM_UP:
    case STREAM_CLOSING:
        deliver(s, element);
        break;
    default:
        unexpected(s, element);
    }
}
