/* SPDX-License-Identifier: MIT */
/*
 * The baseline: bare libstrophe, one thread, no codec, no table. Client and server exchange fixed stanzas, which
 * the driver has taken from the measured call itself; @ID@, @TO@ and @FROM@ in them are filled in.
 *
 *   echo client JID HOST PORT CA|- REQUEST-FILE TO
 *   echo server JID HOST PORT CA|- ANSWER-FILE
 *
 * The password is in BENCH_PASSWORD; CA "-": no TLS.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>

#include "base/buf.h"
#include "base/clock.h"
#include "block.h"
#include "link/socket.h"

enum { TLS_PASSES = 4, ID_DIGITS = 41 };

typedef struct echo {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    int fd;
    bool tls, up, down;
    char *pattern;
    const char *to;
    buf out; /* all stanzas of a pass leave in one write */
    uint64_t consumed;
    block *b;
} echo;

static echo the; /* the socket callback of libstrophe has no userdata worth the name */

/* ---- stanzas ---- */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 65536);
    if (!file || !text || fread(text, 1, 65535, file) == 0) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return text;
}

static void append_filled(buf *out, const char *pattern, const char *id, const char *to, const char *from)
{
    for (const char *at = pattern; *at;) {
        const char *mark = strchr(at, '@');
        if (!mark) {
            buf_append_str(out, at);
            return;
        }
        buf_append(out, at, (size_t)(mark - at));
        if (strncmp(mark, "@ID@", 4) == 0)
            buf_append_str(out, id), at = mark + 4;
        else if (strncmp(mark, "@TO@", 4) == 0)
            buf_append_str(out, to), at = mark + 4;
        else if (strncmp(mark, "@FROM@", 6) == 0)
            buf_append_str(out, from), at = mark + 6;
        else
            buf_append(out, "@", 1), at = mark + 1;
    }
}

/* As long as an id of the measured call. Nothing when all have been sent. */
static void send_request(void)
{
    char id[ID_DIGITS + 1];
    unsigned number;
    if (!block_take(the.b, &number))
        return;
    snprintf(id, sizeof id, "%0*u", ID_DIGITS, number);
    append_filled(&the.out, the.pattern, id, the.to, xmpp_conn_get_bound_jid(the.conn));
}

static int on_iq(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *userdata)
{
    (void)conn;
    (void)userdata;
    const char *type = xmpp_stanza_get_type(iq);
    const char *id = xmpp_stanza_get_id(iq);
    if (!type || !id)
        return 1;
    if (!the.b && (strcmp(type, "set") == 0 || strcmp(type, "get") == 0)) {
        append_filled(&the.out, the.pattern, id, xmpp_stanza_get_from(iq), xmpp_stanza_get_to(iq));
    } else if (the.b && strcmp(type, "result") == 0) {
        block_end(the.b, (unsigned)strtoul(id, NULL, 10));
        if (the.b->shape == BLOCK_SLIDE)
            send_request();
    } else if (the.b) {
        fprintf(stderr, "bench echo: the server answered with an error\n");
        the.down = true;
    }
    return 1;
}

/* ---- the best drive that libstrophe allows ---- */

static void write_out(void)
{
    if (the.out.len == 0)
        return;
    xmpp_send_raw(the.conn, the.out.data, the.out.len);
    buf_reset(&the.out);
}

/* Passes until TLS holds nothing that poll(2) cannot see. */
static void run_passes(void)
{
    int quiet = 0;
    while (quiet < (the.tls ? TLS_PASSES : 1) && !the.down) {
        write_out();
        xmpp_run_once(the.ctx, 0);
        uint64_t consumed = the.consumed, waiting;
        socket_bytes_read(the.fd, &consumed, &waiting);
        quiet = consumed == the.consumed && the.out.len == 0 ? quiet + 1 : 0;
        the.consumed = consumed;
    }
}

static void drive(void)
{
    run_passes();
    socket_quick_ack(the.fd);
    if (the.down || (the.b && the.b->done == the.b->count))
        return;
    short events = xmpp_conn_send_queue_len(the.conn) > 0 ? POLLIN | POLLOUT : POLLIN;
    struct pollfd p = { the.fd, events, 0 };
    poll(&p, 1, 1000);
}

static bool run_block(block *b)
{
    the.b = b;
    for (unsigned i = 0; b->shape == BLOCK_SLIDE && i < b->window; i++)
        send_request();
    while (b->done < b->count && !the.down)
        drive();
    return !the.down;
}

/* ---- logging in ---- */

static void on_change(xmpp_conn_t *conn, xmpp_conn_event_t event, int error, xmpp_stream_error_t *stream_error,
                      void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    (void)userdata;
    the.up = event == XMPP_CONN_CONNECT;
    the.down = !the.up;
}

static int on_socket(xmpp_conn_t *conn, void *fd)
{
    (void)conn;
    the.fd = *(int *)fd;
    socket_no_delay(the.fd);
    return 0;
}

static bool log_in(char **argv)
{
    const char *password = getenv("BENCH_PASSWORD");
    the.tls = strcmp(argv[5], "-") != 0;
    the.ctx = xmpp_ctx_new(NULL, NULL);
    the.conn = xmpp_conn_new(the.ctx);
    xmpp_conn_set_flags(the.conn,
                        XMPP_CONN_FLAG_DISABLE_SM | (the.tls ? XMPP_CONN_FLAG_MANDATORY_TLS
                                                             : XMPP_CONN_FLAG_DISABLE_TLS));
    if (the.tls)
        xmpp_conn_set_cafile(the.conn, argv[5]);
    xmpp_conn_set_jid(the.conn, argv[2]);
    xmpp_conn_set_pass(the.conn, password ? password : "");
    xmpp_conn_set_sockopt_callback(the.conn, on_socket);
    if (xmpp_connect_client(the.conn, argv[3], (unsigned short)atoi(argv[4]), on_change, NULL) != XMPP_EOK)
        return false;
    int64_t deadline = clock_after(clock_now(), 20000);
    while (!the.up && !the.down && clock_now() < deadline)
        xmpp_run_once(the.ctx, 10);
    if (!the.up)
        return false;
    xmpp_handler_add(the.conn, on_iq, NULL, "iq", NULL, NULL);
    xmpp_send_raw_string(the.conn, "<presence/>");
    return true;
}

int main(int argc, char **argv)
{
    bool serves = argc == 7 && strcmp(argv[1], "server") == 0;
    if (!serves && !(argc == 8 && strcmp(argv[1], "client") == 0)) {
        fputs("usage: echo client JID HOST PORT CA|- REQUEST-FILE TO\n"
              "       echo server JID HOST PORT CA|- ANSWER-FILE\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    xmpp_initialize();
    the.pattern = read_file(argv[6]);
    the.to = serves ? NULL : argv[7];
    if (!log_in(argv)) {
        fprintf(stderr, "bench echo: %s cannot log in\n", argv[2]);
        return 3;
    }
    block_ready(argv[2]);
    if (!serves)
        return block_serve(run_block, NULL);
    while (!the.down)
        drive();
    return 0;
}
