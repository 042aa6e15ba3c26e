/* SPDX-License-Identifier: MIT */
/* Runs one program with limits. */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Between the polite signal and the other one; and for output of what its end has left behind. */
enum { GRACE_MS = 2000, READ_MOST = 16384 };

typedef struct run {
    const runner *r;
    runner_report *report;
    pid_t pid;
    int out;          /* our end of its output; -1 once that has ended */
    char *kept;       /* the last bytes of output, at most twice RUNNER_TAIL */
    size_t kept_len;
    size_t written;   /* all output so far */
    int64_t started, stop_at, kill_at, tell_at; /* ms */
    bool ending;      /* it was told to end */
    bool exited;
} run;

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- starting ---- */

/* Nothing of ours: no password, no settings. */
static char **make_environment(void)
{
    static const char *const names[] = { "PATH", "HOME", "JAVA_HOME", "TMPDIR", "USER" };
    static char language[] = "LC_ALL=C.UTF-8";
    char **made = calloc(sizeof names / sizeof names[0] + 2, sizeof *made);
    size_t count = 0;
    if (!made)
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && asprintf(&made[count], "%s=%s", names[i], value) >= 0)
            count++;
    }
    made[count] = language;
    return made;
}

static void free_environment(char **environment)
{
    if (!environment)
        return;
    for (size_t i = 0; environment[i + 1]; i++) /* the last is no heap string */
        free(environment[i]);
    free(environment);
}

/* A group of its own, default signals (threads of ours block them all), no input. */
static int spawn(const runner *r, int output, pid_t *ret_pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char **environment = make_environment();
    if (!environment)
        return ENOMEM;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, output, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    int failed = posix_spawnp(ret_pid, r->argv[0], &files, &attributes, (char *const *)(const void *)r->argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    free_environment(environment);
    return failed;
}

/* ---- what it writes ---- */

static void keep(run *x, const char *data, size_t len)
{
    if (len > RUNNER_TAIL) {
        data += len - RUNNER_TAIL;
        len = RUNNER_TAIL;
    }
    if (x->kept_len + len > 2 * (size_t)RUNNER_TAIL) {
        memmove(x->kept, x->kept + x->kept_len - RUNNER_TAIL, RUNNER_TAIL);
        x->kept_len = RUNNER_TAIL;
    }
    memcpy(x->kept + x->kept_len, data, len);
    x->kept_len += len;
}

/* A disk that is full is no reason to stop the build: the tail is still told. */
static void log_output(const run *x, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(x->r->log, data, len);
        if (n <= 0)
            return;
        data += n;
        len -= (size_t)n;
    }
}

static void end_politely(run *x, runner_outcome why);

static void read_output(run *x)
{
    char data[READ_MOST];
    ssize_t n = read(x->out, data, sizeof data);
    if (n <= 0) {
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        close(x->out);
        x->out = -1;
        return;
    }
    size_t len = (size_t)n, room = x->r->limits.output - x->written;
    bool too_much = len > room;
    if (too_much)
        len = room;
    log_output(x, data, len);
    keep(x, data, len);
    x->written += len;
    if (too_much)
        end_politely(x, RUNNER_TOO_MUCH);
}

/* The length of a character that XML can carry, 0 when it is none. */
static size_t character(const unsigned char *text, size_t len)
{
    if (text[0] == '\t' || text[0] == '\n' || (text[0] >= 0x20 && text[0] < 0x7F))
        return 1;
    size_t size = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
    if (text[0] < 0xC2 || text[0] > 0xF4 || size > len || (text[0] == 0xC2 && text[1] < 0xA0))
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool too_long = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
    bool surrogate = text[0] == 0xED && text[1] > 0x9F;
    bool no_character = (text[0] == 0xEF && text[1] == 0xBF && text[2] > 0xBD) || (text[0] == 0xF4 && text[1] > 0x8F);
    return too_long || surrogate || no_character ? 0 : size;
}

/* What is no character becomes "?", carriage returns go. At most room - 1 bytes. */
static void clean(const char *data, size_t len, char *ret_text, size_t room)
{
    size_t out = 0;
    for (size_t at = 0; at < len;) {
        size_t size = character((const unsigned char *)data + at, len - at);
        if (out + (size ? size : 1) >= room)
            break;
        if (size)
            memcpy(ret_text + out, data + at, size);
        else
            ret_text[out] = '?';
        out += size ? size : data[at] != '\r';
        at += size ? size : 1;
    }
    ret_text[out] = '\0';
}

static void tell_progress(run *x)
{
    const char *end = x->kept_len ? memrchr(x->kept, '\n', x->kept_len) : NULL;
    const char *line = end && end > x->kept ? memrchr(x->kept, '\n', (size_t)(end - x->kept)) : NULL;
    char text[RUNNER_LINE + 1];
    if (!end || !x->r->progress)
        return;
    line = line ? line + 1 : x->kept;
    clean(line, (size_t)(end - line), text, sizeof text);
    if (*text)
        x->r->progress(text, x->r->userdata);
}

static void fill_tail(run *x)
{
    const char *from = x->kept;
    size_t len = x->kept_len;
    if (len > RUNNER_TAIL) {
        from += len - RUNNER_TAIL;
        len = RUNNER_TAIL;
    }
    const char *line = x->written > len ? memchr(from, '\n', len) : NULL;
    if (line) {
        len -= (size_t)(line + 1 - from);
        from = line + 1;
    }
    clean(from, len, x->report->tail, sizeof x->report->tail);
}

/* ---- its end ---- */

static void end_politely(run *x, runner_outcome why)
{
    if (x->ending)
        return;
    x->ending = true;
    x->report->outcome = why;
    x->kill_at = now_ms() + GRACE_MS;
    kill(-x->pid, SIGTERM);
}

static void check_exit(run *x)
{
    siginfo_t info = { .si_pid = 0 };
    /* It stays a zombie until the group was ended: its number cannot be given to another one meanwhile. */
    if (x->exited || waitid(P_PID, (id_t)x->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return;
    x->exited = true;
    x->kill_at = now_ms() + (x->ending ? 0 : GRACE_MS / 4); /* what it left in the background is not waited for */
}

static void check_times(run *x)
{
    int64_t now = now_ms();
    if (!x->exited && now >= x->stop_at)
        end_politely(x, RUNNER_TIMED_OUT);
    if (now >= x->kill_at && x->kill_at)
        kill(-x->pid, SIGKILL);
    if (now >= x->tell_at && !x->ending) {
        tell_progress(x);
        x->tell_at = now + 1000 * (int64_t)x->r->limits.progress_seconds;
    }
}

static bool is_over(const run *x)
{
    return x->exited && (x->out < 0 || now_ms() >= x->kill_at);
}

static void collect(run *x)
{
    int status = 0;
    kill(-x->pid, SIGKILL);
    while (waitpid(x->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    x->report->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (!x->ending)
        x->report->outcome = x->report->status == 0 ? RUNNER_SUCCEEDED : RUNNER_FAILED;
    x->report->seconds = (double)(now_ms() - x->started) / 1000;
}

static void watch(run *x)
{
    while (!is_over(x)) {
        struct pollfd fds[2] = { { x->out, POLLIN, 0 }, { x->ending ? -1 : x->r->cancel, POLLIN, 0 } };
        poll(fds, 2, 50);
        if (fds[1].revents)
            end_politely(x, RUNNER_CANCELLED);
        if (fds[0].revents)
            read_output(x);
        check_exit(x);
        check_times(x);
    }
    collect(x);
}

static void fail(runner_report *report, const char *what, int number)
{
    report->outcome = RUNNER_NOT_STARTED;
    report->status = -1;
    snprintf(report->tail, sizeof report->tail, "%s: %s", what, strerror(number));
}

void runner_run(const runner *r, runner_report *ret_report)
{
    char kept[2 * RUNNER_TAIL];
    int ends[2];
    run x = { .r = r, .report = ret_report, .kept = kept, .started = now_ms() };
    memset(ret_report, 0, sizeof *ret_report);
    x.stop_at = x.started + 1000 * (int64_t)r->limits.seconds;
    x.tell_at = x.started + 1000 * (int64_t)r->limits.progress_seconds;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        fail(ret_report, "no pipe", errno);
        return;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    int failed = spawn(r, ends[1], &x.pid);
    close(ends[1]);
    x.out = ends[0];
    if (failed) {
        fail(ret_report, r->argv[0], failed);
    } else {
        watch(&x);
        fill_tail(&x);
    }
    if (x.out >= 0)
        close(x.out);
}
