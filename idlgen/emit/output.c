/* SPDX-License-Identifier: MIT */
/* Output files: whole or not at all, and untouched when nothing changes. */
#include "emit/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static jrpc_status fail(emit_failure *failure, const char *path, int error)
{
    snprintf(failure->path, sizeof failure->path, "%s", path);
    snprintf(failure->reason, sizeof failure->reason, "%s", strerror(error));
    return JRPC_E_IO;
}

bool output_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* Whether the file has exactly this content. */
static bool is_same(const char *path, const buf *text)
{
    char block[8192];
    size_t at = 0, got;
    bool same = true;
    FILE *file = fopen(path, "rbe");

    if (!file)
        return false;
    while (same && (got = fread(block, 1, sizeof block, file)) > 0) {
        same = got <= text->len - at && memcmp(block, text->data + at, got) == 0;
        at += got;
    }
    same = same && !ferror(file) && at == text->len;
    fclose(file);
    return same;
}

static int write_all(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* What the file had, or a new file of this process may have: mkstemp() is stricter than compilers' outputs are. */
static mode_t mode_of(const char *path)
{
    struct stat st;
    mode_t mask = umask(0);

    umask(mask);
    return stat(path, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask;
}

static int write_new(const char *path, const char *temporary, int fd, const buf *text)
{
    int error = write_all(fd, text->data, text->len);

    if (!error && fchmod(fd, mode_of(path)) < 0)
        error = errno;
    if (close(fd) < 0 && !error)
        error = errno;
    if (!error && rename(temporary, path) < 0)
        error = errno;
    if (error)
        unlink(temporary);
    return error;
}

/* Devices and pipes (/dev/stdout, /dev/null) cannot be renamed over. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int write_special(const char *path, const buf *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return errno;
    int error = write_all(fd, text->data, text->len);
    if (close(fd) < 0 && !error)
        error = errno;
    return error;
}

jrpc_status output_write(const char *path, const buf *text, emit_failure *ret_failure)
{
    AUTO(buf_done) buf temporary = BUF_INIT;
    int error, fd;

    if (strcmp(path, "-") == 0) {
        error = write_all(STDOUT_FILENO, text->data, text->len);
        return error ? fail(ret_failure, "standard output", error) : JRPC_OK;
    }
    if (is_special(path)) {
        error = write_special(path, text);
        return error ? fail(ret_failure, path, error) : JRPC_OK;
    }
    if (is_same(path, text))
        return JRPC_OK;
    buf_printf(&temporary, "%s.XXXXXX", path);
    if (buf_failed(&temporary))
        return JRPC_E_NOMEM;
    fd = mkstemp(temporary.data);
    if (fd < 0)
        return fail(ret_failure, path, errno);
    error = write_new(path, temporary.data, fd, text);
    return error ? fail(ret_failure, path, error) : JRPC_OK;
}
