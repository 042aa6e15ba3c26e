/* SPDX-License-Identifier: MIT */
/*
 * Calls Faults without pause: faults-caller TO RESULTS FIRST COUNT [CONNECTION OPTION]... Numbers are used once, from FIRST
 * on, COUNT at most. How each call ended is written to RESULTS as 16 bytes in one write: the number, the kind of call, and
 * the status. SIGTERM: no new calls; when those under way have ended, a line on standard output says what is held before
 * and after. SIGUSR1: a burst of more calls than the callee will queue.
 */
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

enum { THREADS = 12, BURST = 300, LARGE = 300000 };

typedef enum kind { NOTE, AGAIN, LOAD, SLOW } kind;

typedef struct result {
    int64_t number;
    int32_t kind, status;
} result;

static jrpc_peer *peer;
static int results_fd;
static atomic_llong next_number;
static long long end_number;
static atomic_bool stopping, burst_wanted, load_wanted;

static void on_signal(int number)
{
    if (number == SIGTERM)
        atomic_store(&stopping, true);
    else if (number == SIGUSR1)
        atomic_store(&burst_wanted, true);
    else
        atomic_store(&load_wanted, true);
}

static void pause_ms(long milliseconds)
{
    nanosleep(&(struct timespec){ milliseconds / 1000, milliseconds % 1000 * 1000000 }, NULL);
}

/* A right answer to another question would be the worst of all ends. */
static void write_down(int64_t number, kind k, jrpc_status status, int64_t answer)
{
    if (status == JRPC_OK && answer != number + 1)
        status = JRPC_E_INTERNAL;
    const result r = { number, (int32_t)k, (int32_t)status };
    if (write(results_fd, &r, sizeof r) != (ssize_t)sizeof r)
        abort();
}

static bool take_number(int64_t *ret_number)
{
    *ret_number = atomic_fetch_add(&next_number, 1);
    return *ret_number < end_number && !atomic_load(&stopping);
}

static void burst(void)
{
    jrpc_future *futures[BURST];
    int64_t numbers[BURST];
    int sent = 0;
    for (; sent < BURST && take_number(&numbers[sent]); sent++) {
        jrpc_status status = Faults_slow_send(peer, numbers[sent], 20, NULL, NULL, &futures[sent], NULL);
        if (status != JRPC_OK) {
            write_down(numbers[sent], SLOW, status, 0);
            break;
        }
    }
    for (int i = 0; i < sent; i++) {
        int64_t answer = 0;
        jrpc_status status = Faults_slow_finish(futures[i], &answer, NULL);
        write_down(numbers[i], SLOW, status, answer);
    }
}

/* More than the server lets through in one stanza. */
static void load(void)
{
    int64_t number, answer = 0;
    char *text = calloc(1, LARGE + 1);
    if (!text || !take_number(&number))
        abort();
    memset(text, 'x', LARGE);
    jrpc_status status = Faults_load(peer, number, text, &answer, NULL);
    write_down(number, LOAD, status, answer);
    free(text);
}

static void *call(void *argument)
{
    int64_t number;
    bool first = argument != NULL;
    while (take_number(&number)) {
        kind k = number % 5 == 0 ? AGAIN : NOTE;
        int64_t answer = 0;
        jrpc_status status =
            k == AGAIN ? Faults_again(peer, number, &answer, NULL) : Faults_note(peer, number, &answer, NULL);
        write_down(number, k, status, answer);
        if (status == JRPC_E_CLOSED)
            break;
        if (status != JRPC_OK)
            pause_ms(20); /* who is refused at once does not ask again at once */
        if (first && atomic_exchange(&burst_wanted, false))
            burst();
        if (first && atomic_exchange(&load_wanted, false))
            load();
    }
    return NULL;
}

/* ---- what is held ---- */

static int count_entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    for (const struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

static void print_held(jrpc_session *session)
{
    jrpc_live live = { .size = sizeof live };
    jrpc_session_live(session, &live);
    const struct mallinfo2 heap = mallinfo2();
    printf("%d descriptors %d threads %llu pending %zu bytes\n", count_entries("/proc/self/fd"),
           count_entries("/proc/self/task"), (unsigned long long)live.pending, heap.uordblks + heap.hblkhd);
    fflush(stdout);
}

static void run_threads(void)
{
    static char mark;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, call, i == 0 ? &mark : NULL) != 0)
            abort();
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void print_log(jrpc_log_level level, const char *message, void *userdata)
{
    (void)userdata;
    fprintf(stderr, "faults-caller: %s%s\n", level >= JRPC_LOG_WARNING ? "warning: " : "", message);
}

static jrpc_status call_all(const char *jid, const jrpc_session_options *options, const char *to, jrpc_error *error)
{
    jrpc_session *session = NULL;
    jrpc_status status = jrpc_session_open(jid, options, &session, error);
    if (status == JRPC_OK)
        status = jrpc_peer_new(session, to, &peer, error);
    if (status != JRPC_OK)
        return status;
    int64_t answer = 0;
    status = Faults_again(peer, -1, &answer, error); /* so that what is made once is there */
    print_held(session);
    fprintf(stderr, "faults-caller: ready\n");
    run_threads();
    print_held(session);
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    return status;
}

static jrpc_status run(jrpc_options *connection, int argc, char **argv, jrpc_error *error)
{
    jrpc_session_options options;
    const char *jid = NULL;
    jrpc_status status = jrpc_options_take(connection, &argc, argv, error);
    if (status == JRPC_OK && argc != 5)
        return jrpc_error_set(error, JRPC_E_INVALID, "usage: faults-caller TO RESULTS FIRST COUNT [OPTION]...");
    if (status == JRPC_OK)
        status = jrpc_options_finish(connection, &jid, &options, error);
    if (status != JRPC_OK)
        return status;
    results_fd = open(argv[2], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (results_fd < 0)
        return jrpc_error_set(error, JRPC_E_IO, "%s cannot be written", argv[2]);
    atomic_store(&next_number, atoll(argv[3]));
    end_number = atoll(argv[3]) + atoll(argv[4]);
    options.keepalive_ms = options.keepalive_timeout_ms = 1500;
    options.call_timeout_ms = 8000;
    options.reconnect_most_ms = 1000;
    options.max_stanza_bytes = 1 << 20;
    options.log = print_log;
    options.log_level = JRPC_LOG_INFO;
    return call_all(jid, &options, argv[1], error);
}

int main(int argc, char **argv)
{
    signal(SIGTERM, on_signal);
    signal(SIGUSR1, on_signal);
    signal(SIGUSR2, on_signal);
    jrpc_options *connection = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_status status = connection ? run(connection, argc, argv, &error) : JRPC_E_NOMEM;
    if (status != JRPC_OK) {
        fputs("faults-caller: ", stderr);
        jrpc_error_print(stderr, &error);
    }
    jrpc_error_done(&error);
    jrpc_options_free(connection);
    return status == JRPC_OK ? 0 : 1;
}
