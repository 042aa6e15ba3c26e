/* SPDX-License-Identifier: MIT */
/* Files of a revision in git. */
#include "breaking/git.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

extern char **environ;

/* As much as the front end reads of one file, and a little more, so that it sees that it is too much. */
enum { OUTPUT_MAX = (16 << 20) + 1, COMPLAINT_MAX = 1024 };

bool git_is_name(const char *name)
{
    return strncmp(name, "git:", 4) == 0;
}

/* ---- running it ---- */

static void close_pipe(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static void read_all(int fd, buf *out)
{
    char block[8192];
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0 && out->len < OUTPUT_MAX)
            buf_append(out, block, (size_t)got);
    }
}

/* git's own words, without the "fatal: " and what follows the first line. */
static void read_complaint(int fd, buf *why)
{
    char text[COMPLAINT_MAX];
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    buf_append_str(why, strncmp(text, "fatal: ", 7) == 0 ? text + 7 : text);
}

static int start(char **argv, int out, int complaint, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    int error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, complaint, STDERR_FILENO);
    if (error == 0)
        error = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static bool wait_for(pid_t pid)
{
    int status = 0;
    pid_t ended;
    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Its output; false: why has the reason. */
static bool run(char **argv, buf *out, buf *why)
{
    int ends[2];
    pid_t pid = 0;
    FILE *complaint = tmpfile();
    if (!complaint || pipe2(ends, O_CLOEXEC) < 0) {
        buf_append_str(why, strerror(errno));
        if (complaint)
            fclose(complaint);
        return false;
    }
    int error = start(argv, ends[1], fileno(complaint), &pid);
    bool done = false;
    if (error == 0) {
        close(ends[1]);
        read_all(ends[0], out);
        close(ends[0]);
        done = wait_for(pid);
        if (!done)
            read_complaint(fileno(complaint), why);
    } else {
        close_pipe(ends);
        buf_printf(why, "cannot run git: %s", strerror(error));
    }
    fclose(complaint);
    return done;
}

/* ---- names ---- */

/* Appends one more part of a path; ".." takes the last one away again, as long as there is one after start. */
static void append_part(buf *path, size_t start, const char *part, size_t len)
{
    if (len == 0 || (len == 1 && part[0] == '.'))
        return;
    if (len == 2 && memcmp(part, "..", 2) == 0 && path->len > start) {
        size_t end = path->len;
        while (end > start && path->data[end - 1] != '/')
            end--;
        buf_truncate(path, end > start ? end - 1 : start);
        return;
    }
    if (path->len > start)
        buf_append_char(path, '/');
    buf_append(path, part, len);
}

/* "REV:path" as git understands it: without "." and ".." inside; "./" at its beginning means the current folder. */
static bool object_name(const char *name, buf *object, buf *why)
{
    const char *revision = name + 4, *colon = strchr(revision, ':');
    if (!colon || colon == revision)
        buf_append_str(why, "expected git:REV:path");
    else if (revision[0] == '-')
        buf_append_str(why, "a revision does not begin with '-'");
    if (why->len)
        return false;
    buf_append(object, revision, (size_t)(colon - revision) + 1);
    const char *part = colon + 1;
    bool relative = strncmp(part, "./", 2) == 0 || strncmp(part, "../", 3) == 0 || strcmp(part, ".") == 0;
    if (relative)
        buf_append_str(object, "./");
    size_t start = object->len;
    while (*part) {
        size_t len = strcspn(part, "/");
        append_part(object, start, part, len);
        part += len + (part[len] == '/');
    }
    return !buf_failed(object);
}

/* git COMMAND... REV:path */
static bool ask(const char *name, char *const *command, buf *out, buf *why)
{
    enum { ARGUMENTS_MAX = 8 };
    AUTO(buf_done) buf object = BUF_INIT;
    char *argv[ARGUMENTS_MAX] = { "git" };
    size_t n = 1;
    if (!object_name(name, &object, why))
        return false;
    for (; *command && n < ARGUMENTS_MAX - 2; command++)
        argv[n++] = *command;
    argv[n] = object.data;
    return run(argv, out, why) && !buf_failed(out);
}

git_kind git_kind_of(const char *name, char **ret_why)
{
    AUTO(buf_done) buf out = BUF_INIT;
    AUTO(buf_done) buf why = BUF_INIT;
    if (!ask(name, (char *const[]){ "cat-file", "-t", NULL }, &out, &why)) {
        *ret_why = buf_take(&why);
        return GIT_FAILED;
    }
    if (out.data && strncmp(out.data, "blob", 4) == 0)
        return GIT_FILE;
    if (out.data && strncmp(out.data, "tree", 4) == 0)
        return GIT_FOLDER;
    *ret_why = strdup("neither a file nor a folder");
    return GIT_FAILED;
}

char *git_list(const char *name, size_t *ret_len, char **ret_why)
{
    AUTO(buf_done) buf out = BUF_INIT;
    AUTO(buf_done) buf why = BUF_INIT;
    if (!ask(name, (char *const[]){ "ls-tree", "-r", "-z", "--name-only", "--full-tree", NULL }, &out, &why)) {
        *ret_why = buf_take(&why);
        return NULL;
    }
    *ret_len = out.len;
    return buf_take(&out);
}

bool git_read(const char *name, char **ret_text, size_t *ret_len, int *ret_errno)
{
    AUTO(buf_done) buf out = BUF_INIT;
    AUTO(buf_done) buf why = BUF_INIT;
    if (!git_is_name(name))
        return false;
    *ret_text = NULL;
    *ret_errno = ENOENT;
    if (ask(name, (char *const[]){ "cat-file", "blob", NULL }, &out, &why)) {
        *ret_len = out.len;
        *ret_text = buf_take(&out);
        if (!*ret_text)
            *ret_errno = ENOMEM;
    }
    return true;
}
