/* SPDX-License-Identifier: MIT */
/* What to do about a connection that failed. */
#include "hint.h"

#include <stdbool.h>
#include <string.h>

static bool mentions(const char *text, const char *words)
{
    return text && strstr(text, words);
}

static const char *for_no_host(const jrpc_session_options *s)
{
    if (s->proxy)
        return "check the name in --proxy";
    return s->host ? "check the name in --host" : "if the Jabber server is not found by the domain of --jid, name it with --host";
}

static const char *for_no_connection(const jrpc_session_options *s, const jrpc_error *error)
{
    if (s->proxy && mentions(error->message, "the proxy"))
        return "check that the proxy is running and that --proxy has its host and port";
    if (s->component)
        return "check that the Jabber server is running and listens for components at --host and --port (usually 5347)";
    if (s->direct_tls)
        return "check that the Jabber server is running and has direct TLS at --host and --port (usually 5223)";
    return "check that the Jabber server is running and listens at --host and --port (usually 5222)";
}

static const char *for_tls(const jrpc_session_options *s)
{
    return s->direct_tls ? "that port may want STARTTLS: leave out --direct-tls, or name the one for direct TLS with --port "
                           "(usually 5223)"
                         : NULL;
}

static const char *for_untrusted(const jrpc_session_options *s)
{
    return s->pins ? "if its owner has renewed the certificate, give --pin the new fingerprint as the owner tells it"
                   : "name the file of the authority that signed it with --ca-file, or its fingerprint with --pin";
}

/* Conditions of RFC 6120 section 6.5 that say nothing against the account's name and password. */
static const char *for_condition(const jrpc_session_options *s, const char *condition)
{
    if (strcmp(condition, "invalid-mechanism") == 0 || strcmp(condition, "mechanism-too-weak") == 0)
        return "the server refuses a way to log in that it offers itself: its administrator has to look at its settings for "
               "authentication";
    if (strcmp(condition, "encryption-required") == 0)
        return s->insecure_plaintext ? "the server wants TLS first: leave out --insecure-plaintext"
                                     : "the server wants TLS first, though it offered a login without";
    if (strcmp(condition, "account-disabled") == 0)
        return "the account of --jid is switched off: ask the server's administrator";
    if (strcmp(condition, "credentials-expired") == 0)
        return "the account of --jid needs a new password: ask the server's administrator";
    if (strcmp(condition, "temporary-auth-failure") == 0)
        return "the server cannot check passwords at the moment: try again later";
    return NULL;
}

static const char *for_auth(const jrpc_session_options *s, const jrpc_error *error)
{
    const char *known = error->condition ? for_condition(s, error->condition) : NULL;
    if (known)
        return known;
    if (s->proxy && mentions(error->message, "proxy"))
        return "check the user in --proxy and --proxy-password-file";
    if (s->component)
        return "the server's configuration has to have the name of --component, with the secret of --secret-file";
    if (s->cert_file && !s->password && !s->password_file)
        return "the certificate of --cert-file has to name the account of --jid";
    return "check that the account of --jid exists and that its password is the first line of --password-file";
}

/* Never advice to give the password to a server that asked for better before. */
static const char *for_no_mechanism(const jrpc_session_options *s, const jrpc_error *error)
{
    if (s->insecure_plaintext)
        return "the server may want TLS first: leave out --insecure-plaintext";
    if (s->cert_file && !s->password && !s->password_file)
        return "the server has to be told to accept certificates, or there has to be a --password-file";
    if (mentions(error->message, "PLAIN would"))
        return "let the server store passwords so that it can offer SCRAM, or allow PLAIN inside TLS with --allow-plain";
    return NULL;
}

static const char *for_stream(const jrpc_session_options *s, const jrpc_error *error)
{
    const char *condition = error->condition ? error->condition : "";
    if (strcmp(condition, "host-unknown") == 0 || strcmp(condition, "host-gone") == 0)
        return s->component ? "check that the server's configuration has the name of --component"
                            : "the server does not serve the domain of --jid: check both, and --host";
    if (!s->direct_tls && mentions(error->message, "TLS from the first byte"))
        return "if it is a Jabber server's port for direct TLS, add --direct-tls";
    return NULL;
}

static const char *for_conflict(const jrpc_session_options *s)
{
    return s->component ? "a component's name is for one program at a time: stop the other one"
                        : "each program needs a resource of its own: --jid node@domain/RESOURCE";
}

/* A bare address is the account's, and its server answers for it. */
static const char *for_unavailable(const jrpc_error *error)
{
    if (!mentions(error->who, "@") || mentions(error->who, "/"))
        return NULL;
    return "programs are called at their full address, with the resource: node@domain/RESOURCE";
}

static const char *for_transport(const jrpc_session_options *s, const jrpc_error *error)
{
    switch (error->status) {
    case JRPC_E_NO_HOST:
        return for_no_host(s);
    case JRPC_E_NO_CONNECTION:
        return for_no_connection(s, error);
    case JRPC_E_TLS:
        return for_tls(s);
    case JRPC_E_CERT_UNTRUSTED:
        return for_untrusted(s);
    case JRPC_E_CERT_WRONG_HOST:
        return "the certificate has to name the domain of --jid, whatever --host is; a --pin makes it trusted as it is";
    case JRPC_E_NO_TLS:
        return "switch TLS on at the server; for one on this machine only there is --insecure-plaintext";
    case JRPC_E_AUTH:
        return for_auth(s, error);
    case JRPC_E_NO_MECHANISM:
        return for_no_mechanism(s, error);
    case JRPC_E_STREAM:
        return for_stream(s, error);
    case JRPC_E_CONFLICT:
        return for_conflict(s);
    case JRPC_E_INVALID:
        return s->insecure_plaintext ? "leave out --insecure-plaintext: TLS is used without being asked for" : NULL;
    case JRPC_E_UNAVAILABLE:
        return for_unavailable(error);
    default:
        return NULL;
    }
}

const char *hint_for(const jrpc_session_options *settings, const jrpc_error *error)
{
    return error->domain == JRPC_ERROR_TRANSPORT ? for_transport(settings, error) : NULL;
}
