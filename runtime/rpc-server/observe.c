/* SPDX-License-Identifier: MIT */
/* What a daemon tells of itself. */
#include "rpc-server/observe.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static jrpc_status cannot_write(const char *path, jrpc_error *error)
{
    return jrpc_error_set(error, JRPC_E_IO, "%s: %s", path, strerror(errno));
}

/* ---- metrics ---- */

/* A file of our own making, whatever lies there: in a folder that others may write to, a link could lead anywhere. */
static jrpc_status write_new(const char *path, const char *text, jrpc_error *error)
{
    if (unlink(path) < 0 && errno != ENOENT)
        return cannot_write(path, error);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) {
        jrpc_status status = cannot_write(path, error);
        if (fd >= 0)
            close(fd);
        return status;
    }
    bool written = fputs(text, file) >= 0;
    written = fclose(file) == 0 && written;
    return written ? JRPC_OK : cannot_write(path, error);
}

/* Whoever reads the file sees either the old or the new one, never a part. */
static jrpc_status replace(const char *path, const char *text, jrpc_error *error)
{
    static const char suffix[] = ".new"; /* node_exporter reads what ends in .prom */
    char *new_path = malloc(strlen(path) + sizeof suffix);
    if (!new_path)
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    memcpy(new_path, path, strlen(path));
    memcpy(new_path + strlen(path), suffix, sizeof suffix);
    jrpc_status status = write_new(new_path, text, error);
    if (status == JRPC_OK && rename(new_path, path) < 0)
        status = cannot_write(path, error);
    if (status != JRPC_OK)
        unlink(new_path);
    free(new_path);
    return status;
}

static jrpc_status write_metrics(const observe *o, jrpc_session *session, jrpc_error *error)
{
    char *text = NULL;
    jrpc_status status = jrpc_session_metrics(session, &text, error);
    if (status == JRPC_OK)
        status = replace(o->metrics_file, text, error);
    jrpc_free(text);
    return status;
}

jrpc_status observe_start(observe *o, jrpc_session *session, jrpc_error *error)
{
    if (!o->metrics_file)
        return JRPC_OK;
    o->next_ms = now_ms() + (int64_t)o->every_s * 1000;
    return write_metrics(o, session, error);
}

int64_t observe_timeout(const observe *o)
{
    if (!o->metrics_file)
        return -1;
    int64_t left = o->next_ms - now_ms();
    return left > 0 ? left : 0;
}

static void complain(jrpc_error *error, bool *said)
{
    if (!*said) {
        fputs("rpc-server: the metrics cannot be written: ", stderr);
        jrpc_error_print(stderr, error);
    }
    *said = true;
    jrpc_error_done(error);
}

void observe_end(observe *o, jrpc_session *session)
{
    jrpc_error error = JRPC_ERROR_INIT;
    if (!o->metrics_file)
        return;
    if (write_metrics(o, session, &error) == JRPC_OK)
        o->failing = false;
    else
        complain(&error, &o->failing);
}

void observe_tick(observe *o, jrpc_session *session)
{
    if (observe_timeout(o) != 0)
        return;
    observe_end(o, session);
    o->next_ms = now_ms() + (int64_t)o->every_s * 1000;
}

/* ---- dumps ---- */

static void print_time(FILE *file)
{
    char text[32] = "";
    struct tm tm;
    time_t now = time(NULL);
    if (gmtime_r(&now, &tm))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    fputs(text, file);
}

static jrpc_status print_dump(FILE *file, jrpc_session *session, jrpc_error *error)
{
    jrpc_live live = { .size = sizeof live };
    jrpc_session_live(session, &live);
    fputs("rpc-server: state at ", file);
    print_time(file);
    fprintf(file,
            " of %s: %s, %" PRIu64 " calls queued, %" PRIu64 " running, %" PRIu64 " of its own pending, %" PRIu64
            " bytes to send, %" PRIu64 " stray answers\nrpc-server: its last calls, the oldest first:\n",
            jrpc_session_jid(session), live.online ? "online" : "offline", live.queued, live.running, live.pending,
            live.send_bytes, live.stray_answers);
    jrpc_status status = jrpc_session_dump_calls(session, file, error);
    fputs("rpc-server: end of its last calls\n", file);
    return status;
}

/* Who called what is nobody else's business: the file is for its owner alone. */
static jrpc_status append_dump(const char *path, jrpc_session *session, jrpc_error *error)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "a");
    if (!file) {
        jrpc_status status = cannot_write(path, error);
        if (fd >= 0)
            close(fd);
        return status;
    }
    jrpc_status status = print_dump(file, session, error);
    if (fclose(file) != 0 && status == JRPC_OK)
        status = cannot_write(path, error);
    return status;
}

void observe_dump(const observe *o, jrpc_session *session)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = o->dump_file ? append_dump(o->dump_file, session, &error) : print_dump(stderr, session, &error);
    if (status == JRPC_OK)
        return;
    fputs("rpc-server: its state cannot be written: ", stderr);
    jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
}
