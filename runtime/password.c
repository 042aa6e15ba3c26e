/* SPDX-License-Identifier: MIT */
/* Passwords. */
#include "password.h"

#include <string.h>

#include "base/error.h"
#include "base/secret-file.h"

static jrpc_status copy(const char *text, char **ret_copy, jrpc_error *error)
{
    *ret_copy = strdup(text);
    return *ret_copy ? JRPC_OK : error_nomem(error);
}

jrpc_status proxy_password_get(const jrpc_session_options *options, char **ret_password, jrpc_error *error)
{
    *ret_password = NULL;
    if (options->proxy_password_file)
        return secret_file_first_line(options->proxy_password_file, "proxy password file", ret_password, error);
    return options->proxy_password ? copy(options->proxy_password, ret_password, error) : JRPC_OK;
}

jrpc_status password_get(const jrpc_session_options *options, const char *account, char **ret_password,
                         jrpc_error *error)
{
    *ret_password = NULL;
    if (options->password_file)
        return secret_file_first_line(options->password_file, "password file", ret_password, error);
    if (options->password)
        return copy(options->password, ret_password, error);
    if (!options->password_callback && options->cert_file && !options->component)
        return JRPC_OK;
    if (!options->password_callback)
        return jrpc_error_set(error, JRPC_E_INVALID, "no password given for %s", account);
    char *password = NULL;
    jrpc_status status = options->password_callback(account, &password, options->password_userdata);
    if (status == JRPC_OK && password) {
        *ret_password = password;
        return JRPC_OK;
    }
    secret_free(password);
    return jrpc_error_set(error, status == JRPC_OK ? JRPC_E_INVALID : status, "the program gave no password for %s",
                          account);
}
