/* SPDX-License-Identifier: MIT */
/* The login's client side against GNU SASL's server side, in one process. */
#include "link/sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsasl.h>

#include "base/mem.h"
#include "base/secret-file.h"

static const char *server_password = "secret";

static int on_property(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
    UNUSED(library);
    switch (property) {
    case GSASL_PASSWORD:
        (void)gsasl_property_set(session, GSASL_PASSWORD, server_password);
        return GSASL_OK;
    case GSASL_VALIDATE_SIMPLE:
        return strcmp(gsasl_property_fast(session, GSASL_PASSWORD), server_password) == 0 &&
                       strcmp(gsasl_property_fast(session, GSASL_AUTHID), "peer-a") == 0
                   ? GSASL_OK
                   : GSASL_AUTHENTICATION_ERROR;
    default:
        return GSASL_NO_CALLBACK;
    }
}

typedef struct server {
    Gsasl *library;
    Gsasl_session *session;
} sasl_server;

static sasl_server server_start(const char *mechanism)
{
    sasl_server s;
    assert_int_equal(gsasl_init(&s.library), GSASL_OK);
    gsasl_callback_set(s.library, on_property);
    assert_int_equal(gsasl_server_start(s.library, mechanism, &s.session), GSASL_OK);
    return s;
}

static void server_end(sasl_server *s)
{
    gsasl_finish(s->session);
    gsasl_done(s->library);
}

typedef struct outcome {
    jrpc_status status;
    bool server_happy, first_is_n;
    char message[200];
} outcome;

static outcome failed_with(outcome o, const jrpc_error *error)
{
    o.status = error->status;
    strncpy(o.message, error->message, sizeof o.message - 1);
    return o;
}

/* The whole conversation; the server's last word comes as data with its <success/>, as in XMPP. */
static outcome talk(const char *mechanism, const char *password)
{
    outcome o = { JRPC_OK, false, false, "" };
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    AUTO(server_end) sasl_server server = server_start(mechanism);
    sasl *client = NULL;
    assert_int_equal(sasl_new(mechanism, "peer-a", password, &client, &error), JRPC_OK);
    char *challenge = NULL;
    for (int round = 0; round < 5; round++) {
        char *response = NULL;
        if (sasl_step(client, challenge, &response, &error) != JRPC_OK) {
            o = failed_with(o, &error);
            break;
        }
        if (round == 0)
            o.first_is_n = strncmp(response, "biws", 4) == 0; /* "n,," */
        gsasl_free(challenge);
        challenge = NULL;
        int rc = gsasl_step64(server.session, response, &challenge);
        secret_free(response);
        if (rc == GSASL_OK) {
            o.server_happy = true;
            if (sasl_end(client, challenge, &error) != JRPC_OK)
                o = failed_with(o, &error);
            break;
        }
        if (rc != GSASL_NEEDS_MORE)
            break;
    }
    gsasl_free(challenge);
    sasl_free(client);
    return o;
}

static void every_mechanism_logs_in(void **state)
{
    UNUSED(state);
    static const char *const all[] = { "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN" };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        outcome o = talk(all[i], "secret");
        assert_int_equal(o.status, JRPC_OK);
        assert_true(o.server_happy);
        assert_false(talk(all[i], "wrong").server_happy);
        assert_false(talk(all[i], "").server_happy);
    }
    assert_true(talk("SCRAM-SHA-256", "secret").first_is_n);
}

/* The first message of the client's, after which a test plays the server. */
static sasl *begin(const char *mechanism, char **ret_nonce)
{
    sasl *client = NULL;
    char *response = NULL, *text = NULL;
    size_t len = 0;
    assert_int_equal(sasl_new(mechanism, "peer-a", "secret", &client, NULL), JRPC_OK);
    assert_int_equal(sasl_step(client, NULL, &response, NULL), JRPC_OK);
    assert_int_equal(gsasl_base64_from(response, strlen(response), &text, &len), GSASL_OK);
    const char *nonce = strstr(text, ",r=");
    *ret_nonce = nonce ? strndup(nonce + 3, len - (size_t)(nonce + 3 - text)) : NULL;
    gsasl_free(text);
    secret_free(response);
    return client;
}

static char *base64(const char *text, size_t text_len)
{
    char *out = NULL;
    size_t len = 0;
    assert_int_equal(gsasl_base64_to(text, text_len, &out, &len), GSASL_OK);
    char *copy = strndup(out, len);
    gsasl_free(out);
    return copy;
}

/* A SCRAM server's first message with this tail after the nonce. */
static jrpc_status challenge_with(const char *tail, char *ret_message, size_t size)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    AUTO(buf_done) buf b = BUF_INIT;
    autofree char *nonce = NULL;
    sasl *client = begin("SCRAM-SHA-256", &nonce);
    buf_printf(&b, "r=%sxyz,%s", nonce, tail);
    autofree char *challenge = base64(b.data, b.len);
    char *response = NULL;
    jrpc_status status = sasl_step(client, challenge, &response, &error);
    strncpy(ret_message, error.message ? error.message : "", size - 1);
    secret_free(response);
    sasl_free(client);
    return status;
}

static void hashing_without_end_is_refused(void **state)
{
    UNUSED(state);
    char why[200] = "";
    assert_int_equal(challenge_with("s=QSXCR+Q6sek8bf92,i=4096", why, sizeof why), JRPC_OK);
    assert_int_equal(challenge_with("s=QSXCR+Q6sek8bf92,i=1000001", why, sizeof why), JRPC_E_AUTH);
    assert_non_null(strstr(why, "too much work"));
    assert_int_equal(challenge_with("s=QSXCR+Q6sek8bf92,i=4294967295", why, sizeof why), JRPC_E_AUTH);
    assert_int_equal(challenge_with("s=QSXCR+Q6sek8bf92,i=99999999999999999999999999", why, sizeof why),
                     JRPC_E_AUTH);
    assert_int_equal(challenge_with("s=QSXCR+Q6sek8bf92,i=0", why, sizeof why), JRPC_E_AUTH);
    assert_int_equal(challenge_with("s=QSXCR+Q6sek8bf92,i=-1", why, sizeof why), JRPC_E_AUTH);
}

static void odd_challenges_are_refused(void **state)
{
    UNUSED(state);
    static const char *const odd[] = {
        "", "=", "!!!", "AAAA", "cj0=", "cj14LHM9LGk9NDA5Ng==", "cj1hLHM9YWFhYQ=="
    };
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        autofree char *nonce = NULL;
        sasl *client = begin("SCRAM-SHA-1", &nonce);
        char *response = NULL;
        assert_int_equal(sasl_step(client, odd[i], &response, NULL), JRPC_E_AUTH);
        assert_null(response);
        sasl_free(client);
    }
    char *large = malloc(40000), *response = NULL;
    memset(large, 'A', 39999);
    large[39999] = '\0';
    autofree char *nonce = NULL;
    sasl *client = begin("SCRAM-SHA-1", &nonce);
    assert_int_equal(sasl_step(client, large, &response, NULL), JRPC_E_AUTH);
    sasl_free(client);
    free(large);
}

/* Says yes without knowing the password. */
static void an_impostor_is_found_out(void **state)
{
    UNUSED(state);
    static const char *const proofs[] = {
        "", "=", "dj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQT0=", "ZT1ubw=="
    };
    for (size_t i = 0; i < COUNT_OF(proofs); i++) {
        AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
        AUTO(buf_done) buf b = BUF_INIT;
        autofree char *nonce = NULL;
        char *response = NULL;
        sasl *client = begin("SCRAM-SHA-256", &nonce);
        buf_printf(&b, "r=%sxyz,s=QSXCR+Q6sek8bf92,i=4096", nonce);
        autofree char *challenge = base64(b.data, b.len);
        assert_int_equal(sasl_step(client, challenge, &response, &error), JRPC_OK);
        secret_free(response);
        assert_int_equal(sasl_end(client, proofs[i], &error), JRPC_E_AUTH);
        sasl_free(client);
    }
    /* Nor at once, without any challenge. */
    autofree char *nonce = NULL;
    sasl *client = begin("SCRAM-SHA-256", &nonce);
    assert_int_equal(sasl_end(client, "", NULL), JRPC_E_AUTH);
    sasl_free(client);
}

static const char *best(const char *const *offered, size_t n, bool plain)
{
    AUTO(sasl_offer_done) sasl_offer offer = SASL_OFFER_INIT;
    for (size_t i = 0; i < n; i++)
        sasl_offer_add(&offer, offered[i]);
    return sasl_offer_best(&offer, plain ? SASL_SCRAM | SASL_PLAIN : SASL_SCRAM);
}

static void the_best_is_chosen(void **state)
{
    UNUSED(state);
    static const char *const all[] = { "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256",
                                       "DIGEST-MD5" };
    static const char *const weak[] = { "PLAIN", "DIGEST-MD5", "X-TOKEN" };
    assert_string_equal(best(all, COUNT_OF(all), true), "SCRAM-SHA-256");
    assert_string_equal(best(all, 2, true), "SCRAM-SHA-1");
    assert_string_equal(best(weak, COUNT_OF(weak), true), "PLAIN");
    assert_null(best(weak, COUNT_OF(weak), false));
    assert_null(best(weak, 0, true));
}

static void a_long_offer_is_cut(void **state)
{
    UNUSED(state);
    AUTO(sasl_offer_done) sasl_offer offer = SASL_OFFER_INIT;
    for (int i = 0; i < 10000; i++)
        sasl_offer_add(&offer, "X-ONE-OF-MANY");
    sasl_offer_add(&offer, "SCRAM-SHA-1");
    assert_true(offer.names.len < 600);
    assert_string_equal(sasl_offer_best(&offer, SASL_SCRAM), "SCRAM-SHA-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mechanism_logs_in),    cmocka_unit_test(hashing_without_end_is_refused),
        cmocka_unit_test(odd_challenges_are_refused), cmocka_unit_test(an_impostor_is_found_out),
        cmocka_unit_test(the_best_is_chosen),         cmocka_unit_test(a_long_offer_is_cut),
    };
    return cmocka_run_group_tests_name("link_sasl", tests, NULL, NULL);
}
