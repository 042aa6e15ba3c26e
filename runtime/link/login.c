/* SPDX-License-Identifier: MIT */
/* SASL on a stream. */
#include "link/login.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"
#include "link/sasl.h"
#include "link/xml.h"

static void failed(stream *s, jrpc_error *error)
{
    if (!s->failed) {
        error_who(error, s->name.bare);
        jrpc_error_move(&s->failure, error);
        s->failed = true;
    }
}

static bool read_offer(xmpp_stanza_t *features, sasl_offer *ret_offer)
{
    xmpp_stanza_t *list = xml_child(features, "mechanisms", XML_NS_SASL);
    for (xmpp_stanza_t *one = list ? xmpp_stanza_get_children(list) : NULL; one;
         one = xmpp_stanza_get_next(one)) {
        if (!xml_is(one, "mechanism", XML_NS_SASL))
            continue;
        autofree char *name = xml_text(one);
        if (!name)
            return false;
        sasl_offer_add(ret_offer, name);
    }
    return !buf_failed(&ret_offer->names);
}

static void no_mechanism(stream *s, const sasl_offer *offer)
{
    char where[STREAM_WHERE_MAX];
    const char *names = offer->names.len ? offer->names.data : "none";
    bool plain = strstr(names, "PLAIN") != NULL;
    stream_where(s, where);
    if (!s->password)
        stream_fail(s, JRPC_E_NO_MECHANISM, where, NULL,
                    "no acceptable way to log in: the server offers %s, but not EXTERNAL: it does not accept the "
                    "certificate, and no password was given",
                    names);
    else
        stream_fail(s, JRPC_E_NO_MECHANISM, where, NULL,
                    "no acceptable way to log in: the server offers %s; this program wants SCRAM%s", names,
                    plain ? " (PLAIN would hand it the password; it has to be allowed)" : "");
}

static void send_step(stream *s, const char *open, const char *response, bool initial, const char *close)
{
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append_str(&b, open);
    /* RFC 6120 section 6.4.2: "=" is an initial response that is there but empty. */
    buf_append_str(&b, *response || !initial ? response : "=");
    buf_append_str(&b, close);
    stream_write_buf(s, &b);
    if (b.data)
        explicit_bzero(b.data, b.cap);
}

static void step(stream *s, const char *challenge, const char *mechanism)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    char *response = NULL;
    if (sasl_step(s->sasl, challenge, &response, &error) != JRPC_OK) {
        failed(s, &error);
        return;
    }
    if (mechanism) {
        AUTO(buf_done) buf open = BUF_INIT;
        buf_printf(&open, "<auth xmlns='" XML_NS_SASL "' mechanism='%s'>", mechanism);
        send_step(s, open.data ? open.data : "", response, true, "</auth>");
    } else {
        send_step(s, "<response xmlns='" XML_NS_SASL "'>", response, false, "</response>");
    }
    secret_free(response);
}

static unsigned acceptable_ways(const stream *s)
{
    bool plain = s->insecure_plaintext || (s->secured && s->allow_plain);
    unsigned ways = s->secured && s->cert_file ? SASL_EXTERNAL : 0;
    if (s->password)
        ways |= SASL_SCRAM | (plain ? SASL_PLAIN : 0U);
    return ways;
}

/*
 * A server that did better before is not itself, or somebody in between hides what it offers. An attempt that failed does
 * not count: only success shows that the server really can.
 */
static bool is_downgrade(stream *s, const char *mechanism, const sasl_offer *offer)
{
    char where[STREAM_WHERE_MAX];
    if (sasl_rank(mechanism) <= s->rank)
        return false;
    stream_fail(s, JRPC_E_NO_MECHANISM, stream_where(s, where), NULL,
                "the server offers only weaker ways to log in than before (%s): somebody may be in between", offer->names.data);
    return true;
}

static jrpc_status start_mechanism(stream *s, const char *mechanism, jrpc_error *error)
{
    /* XEP-0178: the account is named unless the certificate says it by naming this one alone. */
    if (strcmp(mechanism, "EXTERNAL") == 0)
        return sasl_new_external(s->named ? "" : s->name.bare, &s->sasl, error);
    return sasl_new(mechanism, s->name.node, s->password, &s->sasl, error);
}

static void choose(stream *s, const sasl_offer *offer)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    const char *mechanism = sasl_offer_best(offer, acceptable_ways(s));
    if (!mechanism) {
        no_mechanism(s, offer);
        return;
    }
    if (is_downgrade(s, mechanism, offer))
        return;
    stream_log(s, 0, "logging in by %s", mechanism);
    sasl_free(s->sasl);
    s->sasl = NULL;
    if (start_mechanism(s, mechanism, &error) != JRPC_OK) {
        failed(s, &error);
        return;
    }
    s->trying = sasl_rank(mechanism);
    s->phase = STREAM_SASL;
    step(s, NULL, mechanism);
}

void login_start(stream *s, xmpp_stanza_t *features)
{
    AUTO(sasl_offer_done) sasl_offer offer = SASL_OFFER_INIT;
    if (read_offer(features, &offer))
        choose(s, &offer);
    else
        stream_fail_nomem(s);
}

static void refused(stream *s, xmpp_stanza_t *failure)
{
    autofree char *text = NULL;
    const char *condition = xml_condition(failure, XML_NS_SASL, &text);
    if (!condition)
        condition = "not-authorized";
    const char *wrong = s->trying == sasl_rank("EXTERNAL") ? "the certificate is not one of this account"
                                                          : "the account or the password is wrong";
    const char *why = strcmp(condition, "not-authorized") == 0 ? wrong : condition;
    stream_fail(s, JRPC_E_AUTH, s->name.bare, condition, "the server refused the login: %s%s%s", why,
                text && *text ? ": " : "", text ? text : "");
}

static void succeeded(stream *s, xmpp_stanza_t *success)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    autofree char *data = xml_text(success);
    if (!data) {
        stream_fail_nomem(s);
        return;
    }
    if (sasl_end(s->sasl, data, &error) != JRPC_OK) {
        failed(s, &error);
        return;
    }
    sasl_free(s->sasl);
    s->sasl = NULL;
    s->authenticated = true;
    s->rank = s->trying;
    s->todo = STREAM_OPEN;
}

void login_stanza(stream *s, xmpp_stanza_t *element)
{
    if (xml_is(element, "challenge", XML_NS_SASL)) {
        autofree char *challenge = xml_text(element);
        if (challenge)
            step(s, challenge, NULL);
        else
            stream_fail_nomem(s);
    } else if (xml_is(element, "success", XML_NS_SASL)) {
        succeeded(s, element);
    } else if (xml_is(element, "failure", XML_NS_SASL)) {
        refused(s, element);
    } else {
        char where[STREAM_WHERE_MAX];
        const char *name = xmpp_stanza_get_name(element);
        stream_fail(s, JRPC_E_STREAM, stream_where(s, where), NULL, "the server sent <%s/> while %s",
                    name ? name : "?", stream_phase_text(s));
    }
}
