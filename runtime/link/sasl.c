/* SPDX-License-Identifier: MIT */
/* Logging in. */
#include "link/sasl.h"

#include <gsasl.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"

/*
 * Best first. There is no -PLUS: it needs the TLS channel's binding data (tls-exporter, tls-unique), and
 * libstrophe 0.12 gives no access to its TLS session. The client therefore says "n" (no support), not "y",
 * and a server that insists on binding will refuse rather than be fooled.
 */
static const struct {
    const char *name;
    sasl_way way;
} mechanisms[SASL_RANKS] = {
    { "EXTERNAL", SASL_EXTERNAL }, { "SCRAM-SHA-512", SASL_SCRAM }, { "SCRAM-SHA-256", SASL_SCRAM },
    { "SCRAM-SHA-1", SASL_SCRAM }, { "PLAIN", SASL_PLAIN },
};

int sasl_rank(const char *mechanism)
{
    int rank = 0;
    while (rank < SASL_RANKS && strcmp(mechanism, mechanisms[rank].name) != 0)
        rank++;
    return rank;
}

/* A server may ask for as much hashing as it likes: up to about a second of it is done. */
enum { ITERATIONS_MAX = 1000000, CHALLENGE_MAX = 16384, NAMES_MAX = 512 };

struct sasl {
    Gsasl *library;
    Gsasl_session *session;
    bool scram, complete;
};

void sasl_offer_done(sasl_offer *offer)
{
    buf_done(&offer->names);
    offer->known = 0;
}

void sasl_offer_add(sasl_offer *offer, const char *mechanism)
{
    int rank = sasl_rank(mechanism);
    if (rank < SASL_RANKS)
        offer->known |= 1U << rank;
    if (offer->names.len + strlen(mechanism) > NAMES_MAX)
        return;
    if (offer->names.len)
        buf_append_lit(&offer->names, ", ");
    buf_append_str(&offer->names, mechanism);
}

const char *sasl_offer_best(const sasl_offer *offer, unsigned ways)
{
    Gsasl *library = NULL;
    const char *best = NULL;
    if (gsasl_init(&library) != GSASL_OK)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(mechanisms) && !best; i++)
        if ((offer->known & 1U << i) && (mechanisms[i].way & ways) &&
            gsasl_client_support_p(library, mechanisms[i].name))
            best = mechanisms[i].name;
    gsasl_done(library);
    return best;
}

/* GNU SASL frees its copy without wiping it. */
static void wipe_password(Gsasl_session *session)
{
    const char *copy = gsasl_property_fast(session, GSASL_PASSWORD);
    if (copy)
        explicit_bzero((char *)(uintptr_t)copy, strlen(copy));
}

void sasl_free(sasl *s)
{
    if (!s)
        return;
    if (s->session) {
        wipe_password(s->session);
        gsasl_finish(s->session);
    }
    if (s->library)
        gsasl_done(s->library);
    free(s);
}

static jrpc_status new_session(const char *mechanism, sasl **ret_sasl, jrpc_error *error)
{
    sasl *s = calloc(1, sizeof *s);
    if (!s)
        return error_nomem(error);
    int rc = gsasl_init(&s->library);
    if (rc == GSASL_OK)
        rc = gsasl_client_start(s->library, mechanism, &s->session);
    if (rc != GSASL_OK) {
        sasl_free(s);
        if (rc == GSASL_MALLOC_ERROR)
            return error_nomem(error);
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INTERNAL, "%s: %s", mechanism, gsasl_strerror(rc));
    }
    s->scram = strncmp(mechanism, "SCRAM-", 6) == 0;
    *ret_sasl = s;
    return JRPC_OK;
}

jrpc_status sasl_new(const char *mechanism, const char *user, const char *password, sasl **ret_sasl,
                     jrpc_error *error)
{
    jrpc_status status = new_session(mechanism, ret_sasl, error);
    if (status != JRPC_OK)
        return status;
    /* Without memory the properties are not there: the first step fails and says so. */
    (void)gsasl_property_set((*ret_sasl)->session, GSASL_AUTHID, user);
    (void)gsasl_property_set((*ret_sasl)->session, GSASL_PASSWORD, password);
    return JRPC_OK;
}

jrpc_status sasl_new_external(const char *account, sasl **ret_sasl, jrpc_error *error)
{
    jrpc_status status = new_session("EXTERNAL", ret_sasl, error);
    if (status == JRPC_OK && *account)
        (void)gsasl_property_set((*ret_sasl)->session, GSASL_AUTHZID, account);
    return status;
}

static jrpc_status refuse(jrpc_error *error, const char *why)
{
    return error_set(error, JRPC_ERROR_TRANSPORT, JRPC_E_AUTH, "%s", why);
}

static jrpc_status step_failed(int rc, jrpc_error *error)
{
    switch (rc) {
    case GSASL_MALLOC_ERROR:
        return error_nomem(error);
    case GSASL_AUTHENTICATION_ERROR:
        return refuse(error, "the server did not prove that it knows the password: it may be an impostor");
    case GSASL_SASLPREP_ERROR:
        return refuse(error, "the account's name or its password has characters that SASL does not allow");
    default:
        return error_set(error, JRPC_ERROR_TRANSPORT, JRPC_E_AUTH, "the login went wrong: %s",
                         gsasl_strerror(rc));
    }
}

/* "r=nonce,s=salt,i=4096": false when the count is missing, no number or too high. */
static bool iterations_fit(const char *text, size_t len)
{
    for (size_t at = 0; at + 2 < len; at++) {
        if (text[at] != ',' || text[at + 1] != 'i' || text[at + 2] != '=')
            continue;
        unsigned long count = 0;
        for (at += 3; at < len && text[at] >= '0' && text[at] <= '9' && count <= ITERATIONS_MAX; at++)
            count = count * 10 + (unsigned long)(text[at] - '0');
        return count > 0 && count <= ITERATIONS_MAX && (at == len || text[at] == ',');
    }
    return true;
}

typedef struct bytes {
    char *data;
    size_t len;
} bytes;

static void bytes_wipe(bytes *b)
{
    if (b->data)
        explicit_bzero(b->data, b->len);
    gsasl_free(b->data);
}

static jrpc_status decode(const sasl *s, const char *challenge, bytes *ret_bytes, jrpc_error *error)
{
    if (!challenge)
        return JRPC_OK;
    size_t len = strlen(challenge);
    if (strcmp(challenge, "=") == 0)
        len = 0;
    if (len > CHALLENGE_MAX)
        return refuse(error, "the server's challenge is too long");
    int rc = len ? gsasl_base64_from(challenge, len, &ret_bytes->data, &ret_bytes->len) : GSASL_OK;
    if (rc != GSASL_OK)
        return rc == GSASL_MALLOC_ERROR ? error_nomem(error)
                                        : refuse(error, "the server's challenge is no base64");
    /* What parses it next takes it for a C string. */
    if (memchr(ret_bytes->data ? ret_bytes->data : "", 0, ret_bytes->len))
        return refuse(error, "the server's challenge has a NUL in it");
    if (s->scram && !iterations_fit(ret_bytes->data, ret_bytes->len))
        return refuse(error, "the server asks for too much work: more than 1,000,000 rounds of hashing");
    return JRPC_OK;
}

static jrpc_status encode(const bytes *out, char **ret_text, jrpc_error *error)
{
    char *base64 = NULL;
    size_t len = 0;
    if (out->len == 0) {
        *ret_text = strdup("");
        return *ret_text ? JRPC_OK : error_nomem(error);
    }
    if (gsasl_base64_to(out->data, out->len, &base64, &len) != GSASL_OK)
        return error_nomem(error);
    *ret_text = strndup(base64, len);
    explicit_bzero(base64, len);
    gsasl_free(base64);
    return *ret_text ? JRPC_OK : error_nomem(error);
}

jrpc_status sasl_step(sasl *s, const char *challenge, char **ret_response, jrpc_error *error)
{
    AUTO(bytes_wipe) bytes in = { NULL, 0 };
    AUTO(bytes_wipe) bytes out = { NULL, 0 };
    jrpc_status status = decode(s, challenge, &in, error);
    if (status != JRPC_OK)
        return status;
    if (s->complete)
        return refuse(error, "the server goes on asking after the last step of the login");
    int rc = gsasl_step(s->session, in.data, in.len, &out.data, &out.len);
    if (rc != GSASL_OK && rc != GSASL_NEEDS_MORE)
        return step_failed(rc, error);
    s->complete = rc == GSASL_OK;
    return encode(&out, ret_response, error);
}

jrpc_status sasl_end(sasl *s, const char *data, jrpc_error *error)
{
    char *unused = NULL;
    bool more = data && *data && strcmp(data, "=") != 0;
    if (!s->complete && more) {
        jrpc_status status = sasl_step(s, data, &unused, error);
        secret_free(unused);
        if (status != JRPC_OK)
            return status;
    }
    /* PLAIN has nothing to prove; GNU SASL is done with it after its only step. */
    if (!s->complete)
        return refuse(error, "the server ended the login without proof that it knows the password");
    return JRPC_OK;
}
