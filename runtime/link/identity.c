/* SPDX-License-Identifier: MIT */
/* The client's own certificate and key. */
#include "link/identity.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"
#include "link/jid.h"

/* id-on-xmppAddr (RFC 6120 section 13.7.1.4) */
static const char xmpp_address_oid[] = "1.3.6.1.5.5.7.8.5";

static const char cert_what[] = "certificate file", key_what[] = "key file";

static void free_cert(X509 **cert)
{
    X509_free(*cert);
}

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_names(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

static void close_stream(FILE **file)
{
    if (*file)
        fclose(*file);
}

static jrpc_status invalid(const char *what, const char *path, const char *why, jrpc_error *error)
{
    /* What OpenSSL noted of it would be taken for libstrophe's next failure. */
    ERR_clear_error();
    return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "%s %s: %s", what, path, why);
}

/* OpenSSL's own asks on the terminal. */
static int refuse_password(char *text, int size, int writing, void *asked)
{
    UNUSED(text);
    UNUSED(size);
    UNUSED(writing);
    *(bool *)asked = true;
    return -1;
}

static jrpc_status read_cert(const char *path, X509 **ret_cert, jrpc_error *error)
{
    AUTO(close_stream) FILE *file = fopen(path, "re");
    bool asked = false;
    if (!file)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_IO, "%s %s: %s", cert_what, path, strerror(errno));
    *ret_cert = PEM_read_X509(file, NULL, refuse_password, &asked);
    if (!*ret_cert)
        return invalid(cert_what, path, "there is no certificate in PEM form in it", error);
    if (X509_cmp_current_time(X509_get0_notAfter(*ret_cert)) < 0)
        return invalid(cert_what, path, "the certificate has expired", error);
    return JRPC_OK;
}

static jrpc_status read_key(const char *path, EVP_PKEY **ret_key, jrpc_error *error)
{
    int fd = -1;
    bool asked = false;
    jrpc_status status = secret_file_open(path, key_what, &fd, error);
    if (status != JRPC_OK)
        return status;
    AUTO(close_stream) FILE *file = fdopen(fd, "r");
    if (!file) {
        close(fd);
        return error_nomem(error);
    }
    *ret_key = PEM_read_PrivateKey(file, NULL, refuse_password, &asked);
    if (*ret_key)
        return JRPC_OK;
    return invalid(key_what, path,
                   asked ? "the key is encrypted: make a plain copy that only you can read (openssl pkey -in FILE -out COPY)"
                         : "there is no private key in PEM form in it",
                   error);
}

static bool is_address_of(const GENERAL_NAME *name, const char *account)
{
    const ASN1_UTF8STRING *value = name->d.otherName->value->value.utf8string;
    const int len = ASN1_STRING_length(value);
    autofree char *text = strndup((const char *)ASN1_STRING_get0_data(value), (size_t)len);
    return text && strlen(text) == (size_t)len && jid_same(text, account);
}

static bool is_address(const GENERAL_NAME *name)
{
    char oid[64];
    return name->type == GEN_OTHERNAME && name->d.otherName->value->type == V_ASN1_UTF8STRING &&
           OBJ_obj2txt(oid, sizeof oid, name->d.otherName->type_id, 1) > 0 && strcmp(oid, xmpp_address_oid) == 0;
}

static bool names_only(const X509 *cert, const char *account)
{
    AUTO(free_names) GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    int addresses = 0, ours = 0;
    for (int i = 0; i < (names ? sk_GENERAL_NAME_num(names) : 0); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (!is_address(name))
            continue;
        addresses++;
        ours += is_address_of(name, account);
    }
    return addresses == 1 && ours == 1;
}

jrpc_status identity_check(const char *cert_file, const char *key_file, const char *account, bool *ret_named,
                           jrpc_error *error)
{
    AUTO(free_cert) X509 *cert = NULL;
    AUTO(free_key) EVP_PKEY *key = NULL;
    jrpc_status status = read_cert(cert_file, &cert, error);
    if (status == JRPC_OK)
        status = read_key(key_file, &key, error);
    if (status != JRPC_OK)
        return status;
    if (X509_check_private_key(cert, key) != 1)
        return invalid(key_what, key_file, "it is not the key of the certificate", error);
    *ret_named = names_only(cert, account);
    ERR_clear_error();
    return JRPC_OK;
}
