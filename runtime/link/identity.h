/* SPDX-License-Identifier: MIT */
/* The client's own certificate and key (SASL EXTERNAL, XEP-0178): are they fit to log in with? */
#ifndef LINK_IDENTITY_H
#define LINK_IDENTITY_H

#include <stdbool.h>

#include <jrpc/error.h>

/*
 * Reads both files (PEM), for libstrophe, which loads them at each login, says little of what is wrong and would ask on a
 * terminal for a key's password. *ret_named: the certificate names this account (bare JID) and no other Jabber address.
 * INVALID: no certificate, expired, another key's, an encrypted key; IO: a file cannot be read, or others may read the key.
 */
jrpc_status identity_check(const char *cert_file, const char *key_file, const char *account, bool *ret_named,
                           jrpc_error *error);

#endif
