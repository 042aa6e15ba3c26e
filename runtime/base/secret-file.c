/* SPDX-License-Identifier: MIT */
/* Files with secrets in them. */
#include "base/secret-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

enum { LINE_MOST = 1024 };

void secret_free(char *text)
{
    if (!text)
        return;
    explicit_bzero(text, strlen(text));
    free(text);
}

static jrpc_status fail(const char *path, const char *what, const char *why, jrpc_error *error)
{
    return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_IO, "%s %s: %s", what, path, why);
}

static jrpc_status check_mode(int fd, const char *path, const char *what, jrpc_error *error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return fail(path, what, strerror(errno), error);
    if (S_ISREG(info.st_mode) && info.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_IO, "%s %s: others may read it (mode %03o): chmod 600 it",
                         what, path, (unsigned)(info.st_mode & 0777));
    return JRPC_OK;
}

jrpc_status secret_file_open(const char *path, const char *what, int *ret_fd, jrpc_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(path, what, strerror(errno), error);
    jrpc_status status = check_mode(fd, path, what, error);
    if (status == JRPC_OK)
        *ret_fd = fd;
    else
        close(fd);
    return status;
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

static jrpc_status take_first_line(const char *data, size_t len, const char *path, const char *what, char **ret_line,
                                   jrpc_error *error)
{
    size_t end = 0;
    while (end < len && data[end] != '\n' && data[end] != '\r' && data[end] != '\0')
        end++;
    if (end == 0)
        return fail(path, what, "its first line is empty", error);
    if (end == LINE_MOST)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_IO, "%s %s: its first line is longer than %d bytes", what, path,
                         LINE_MOST - 1);
    *ret_line = strndup(data, end);
    return *ret_line ? JRPC_OK : error_nomem(error);
}

jrpc_status secret_file_first_line(const char *path, const char *what, char **ret_line, jrpc_error *error)
{
    int fd = -1;
    jrpc_status status = secret_file_open(path, what, &fd, error);
    if (status != JRPC_OK)
        return status;
    char data[LINE_MOST];
    ssize_t len = read_all(fd, data, sizeof data);
    if (len < 0)
        status = fail(path, what, strerror(errno), error);
    else
        status = take_first_line(data, (size_t)len, path, what, ret_line, error);
    explicit_bzero(data, sizeof data);
    close(fd);
    return status;
}
