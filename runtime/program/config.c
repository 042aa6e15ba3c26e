/* SPDX-License-Identifier: MIT */
/* Configuration files. */
#include "program/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *trim(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t len = strlen(text);
    while (len && strchr(" \t\r\n", text[len - 1]))
        text[--len] = '\0';
    return text;
}

static jrpc_status take_line(char *line, config_fn *take, void *userdata, jrpc_error *error)
{
    char *key = trim(line);
    if (!*key || *key == '#')
        return JRPC_OK;
    char *equals = strchr(key, '=');
    if (!equals)
        return jrpc_error_set(error, JRPC_E_INVALID, "expected key = value");
    *equals = '\0';
    return take(trim(key), trim(equals + 1), userdata, error);
}

jrpc_status config_read(const char *path, config_fn *take, void *userdata, jrpc_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return jrpc_error_set(error, JRPC_E_IO, "%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    jrpc_status status = JRPC_OK;
    unsigned number = 0;
    while (status == JRPC_OK && getline(&line, &room, file) >= 0) {
        number++;
        jrpc_error why = JRPC_ERROR_INIT;
        status = take_line(line, take, userdata, &why);
        if (status != JRPC_OK)
            jrpc_error_set(error, JRPC_E_INVALID, "%s:%u: %s", path, number, why.message ? why.message : "wrong");
        jrpc_error_done(&why);
    }
    if (status == JRPC_OK && ferror(file))
        status = jrpc_error_set(error, JRPC_E_IO, "%s: %s", path, strerror(errno));
    free(line);
    fclose(file);
    return status == JRPC_OK || status == JRPC_E_IO ? status : JRPC_E_INVALID;
}
