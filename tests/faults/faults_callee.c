/* SPDX-License-Identifier: MIT */
/*
 * Serves Faults: faults-callee LOG [CONNECTION OPTION]... Each execution is written to LOG before it is answered, as eight
 * bytes in one write, so that the file is right also when this process is killed.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

static int log_fd;
static jrpc_session *running;

static jrpc_status note(jrpc_call *call, int64_t number, int64_t *ret_result)
{
    (void)call;
    *ret_result = number + 1;
    return write(log_fd, &number, sizeof number) == (ssize_t)sizeof number ? JRPC_OK : JRPC_E_IO;
}

static jrpc_status load(jrpc_call *call, int64_t number, const char *text, int64_t *ret_result)
{
    (void)text;
    return note(call, number, ret_result);
}

static jrpc_status slow(jrpc_call *call, int64_t number, uint32_t milliseconds, int64_t *ret_result)
{
    jrpc_status status = note(call, number, ret_result);
    nanosleep(&(struct timespec){ milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 }, NULL);
    return status;
}

static void on_signal(int number)
{
    (void)number;
    if (running)
        jrpc_session_interrupt(running);
}

static void print_log(jrpc_log_level level, const char *message, void *userdata)
{
    (void)userdata;
    fprintf(stderr, "faults-callee: %s%s\n", level >= JRPC_LOG_WARNING ? "warning: " : "", message);
}

static jrpc_status serve(const char *jid, const jrpc_session_options *options, jrpc_error *error)
{
    static const Faults_impl impl = { .note = note, .again = note, .load = load, .slow = slow };
    jrpc_session *session = NULL;
    jrpc_status status = jrpc_session_open(jid, options, &session, error);
    if (status != JRPC_OK)
        return status;
    running = session;
    status = Faults_serve(session, &impl, NULL, error);
    if (status == JRPC_OK)
        status = jrpc_session_allow(session, "*@localhost", error);
    if (status == JRPC_OK) {
        fprintf(stderr, "faults-callee: ready\n");
        status = jrpc_session_wait(session, -1, error);
    }
    running = NULL;
    jrpc_session_close(session);
    return status;
}

static jrpc_status run(jrpc_options *connection, int argc, char **argv, jrpc_error *error)
{
    jrpc_session_options options;
    const char *jid = NULL;
    jrpc_status status = jrpc_options_take(connection, &argc, argv, error);
    if (status == JRPC_OK && argc != 2)
        return jrpc_error_set(error, JRPC_E_INVALID, "usage: faults-callee LOG [OPTION]...");
    if (status == JRPC_OK)
        status = jrpc_options_finish(connection, &jid, &options, error);
    if (status != JRPC_OK)
        return status;
    log_fd = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log_fd < 0)
        return jrpc_error_set(error, JRPC_E_IO, "%s cannot be written", argv[1]);
    options.keepalive_ms = options.keepalive_timeout_ms = 1500;
    options.max_queued = 64; /* so that a burst fills it */
    options.reconnect_most_ms = 1000;
    options.log = print_log;
    options.log_level = JRPC_LOG_INFO;
    return serve(jid, &options, error);
}

int main(int argc, char **argv)
{
    signal(SIGTERM, on_signal);
    jrpc_options *connection = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = connection ? run(connection, argc, argv, &error) : JRPC_E_NOMEM;
    if (status != JRPC_OK) {
        fputs("faults-callee: ", stderr);
        jrpc_error_print(stderr, &error);
    }
    jrpc_error_done(&error);
    jrpc_options_free(connection);
    return status == JRPC_OK ? 0 : 1;
}
