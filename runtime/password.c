/* SPDX-License-Identifier: MIT */
/* Passwords. */
#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

enum { PASSWORD_MOST = 1024 };

void password_free(char *password)
{
    if (!password)
        return;
    explicit_bzero(password, strlen(password));
    free(password);
}

static void close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* Pipes and the like (a shell's <(...)) have no mode worth looking at. */
static jrpc_status check_mode(int fd, const char *path, jrpc_error *error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return jrpc_error_set(error, JRPC_E_IO, "password file %s: %s", path, strerror(errno));
    if (S_ISREG(info.st_mode) && info.st_mode & (S_IRWXG | S_IRWXO))
        return jrpc_error_set(error, JRPC_E_IO, "password file %s: others may read it (mode %03o): chmod 600 it", path,
                              (unsigned)(info.st_mode & 0777));
    return JRPC_OK;
}

static ssize_t read_all(int fd, char *data, size_t room)
{
    size_t len = 0;
    while (len < room) {
        ssize_t got = read(fd, data + len, room - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

static jrpc_status take_first_line(char *data, size_t len, const char *path, char **ret_password, jrpc_error *error)
{
    size_t end = 0;
    while (end < len && data[end] != '\n' && data[end] != '\r' && data[end] != '\0')
        end++;
    if (end == 0)
        return jrpc_error_set(error, JRPC_E_IO, "password file %s: its first line is empty", path);
    if (end == PASSWORD_MOST)
        return jrpc_error_set(error, JRPC_E_IO, "password file %s: its first line is longer than %d bytes", path,
                              PASSWORD_MOST - 1);
    *ret_password = strndup(data, end);
    return *ret_password ? JRPC_OK : error_nomem(error);
}

static jrpc_status read_file(const char *path, char **ret_password, jrpc_error *error)
{
    AUTO(close_file) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return jrpc_error_set(error, JRPC_E_IO, "password file %s: %s", path, strerror(errno));
    jrpc_status status = check_mode(fd, path, error);
    if (status != JRPC_OK)
        return status;
    char data[PASSWORD_MOST];
    ssize_t len = read_all(fd, data, sizeof data);
    if (len < 0)
        status = jrpc_error_set(error, JRPC_E_IO, "password file %s: %s", path, strerror(errno));
    else
        status = take_first_line(data, (size_t)len, path, ret_password, error);
    explicit_bzero(data, sizeof data);
    return status;
}

jrpc_status password_get(const jrpc_session_options *options, const char *account, char **ret_password,
                         jrpc_error *error)
{
    if (options->password_file)
        return read_file(options->password_file, ret_password, error);
    if (options->password) {
        *ret_password = strdup(options->password);
        return *ret_password ? JRPC_OK : error_nomem(error);
    }
    if (!options->password_callback)
        return jrpc_error_set(error, JRPC_E_INVALID, "no password given for %s", account);
    char *password = NULL;
    jrpc_status status = options->password_callback(account, &password, options->password_userdata);
    if (status == JRPC_OK && password) {
        *ret_password = password;
        return JRPC_OK;
    }
    password_free(password);
    return jrpc_error_set(error, status == JRPC_OK ? JRPC_E_INVALID : status, "the program gave no password for %s",
                          account);
}
