/* SPDX-License-Identifier: MIT */
/*
 * Drives links against a real Jabber server: link_live.sh runs it and looks at what it prints.
 *
 *   link_live login|stay|abort|close|echo [--jid J --password P --host H --port N --ca F ...]
 *
 * login: comes up, closes, tells each event. stay: comes up and waits for its end. abort: another thread
 * aborts it after half a second. close: is closed half a second after the start. echo: two accounts, --count
 * iqs of --bytes each and their answers.
 */
#include "link/link.h"

#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "link/stream.h"

typedef struct peer {
    jabber_link *link;
    link_options options;
    char *jid;
    bool up, down;
    jrpc_error error;
    size_t received, answers;
    const char *name;
} peer;

static size_t count = 200, bytes = 1000, window = 16, burst = 0;

static void on_up(void *userdata, const char *name)
{
    peer *p = userdata;
    p->up = true;
    free(p->jid);
    p->jid = strdup(name);
    printf("%s up %s\n", p->name, name);
    fflush(stdout);
}

static void on_down(void *userdata, jrpc_error *error)
{
    peer *p = userdata;
    p->down = true;
    jrpc_error_move(&p->error, error);
}

static void on_stanza(void *userdata, xmpp_stanza_t *stanza)
{
    peer *p = userdata;
    const char *type = xmpp_stanza_get_type(stanza), *name = xmpp_stanza_get_name(stanza);
    if (!name || strcmp(name, "iq") != 0 || !type)
        return;
    if (strcmp(type, "set") == 0) {
        char *payload = xmpp_stanza_get_text(xmpp_stanza_get_children(stanza));
        if (!payload || strlen(payload) != bytes)
            printf("payload of %zu bytes instead of %zu\n", payload ? strlen(payload) : 0, bytes);
        xmpp_free(xmpp_conn_get_context(((stream *)p->link)->conn), payload);
        buf b = BUF_INIT;
        /* Always with from: ejabberd closes the stream of a component that leaves it out. */
        buf_printf(&b, "<iq type='result' id='%s' from='%s' to='%s'/>", xmpp_stanza_get_id(stanza),
                   xmpp_stanza_get_to(stanza), xmpp_stanza_get_from(stanza));
        link_send(p->link, b.data, b.len);
        buf_done(&b);
        p->received++;
    } else {
        p->answers++;
        if (strcmp(type, "result") != 0)
            printf("answer of type %s\n", type);
    }
}

static void on_log(void *userdata, int level, const char *message)
{
    if (getenv("LINK_LIVE_LOG"))
        fprintf(stderr, "%s log %d: %s\n", ((peer *)userdata)->name, level, message);
}

static const link_callbacks callbacks = { on_up, on_stanza, on_down, on_log };

static void turn(peer *peers, size_t n, int64_t until)
{
    struct pollfd fds[2];
    int64_t first = until;
    for (size_t i = 0; i < n; i++) {
        link_wait wait = link_get_wait(peers[i].link);
        fds[i] = (struct pollfd){ wait.fd, wait.events, 0 };
        if (wait.until < first)
            first = wait.until;
    }
    poll(fds, n, clock_poll_ms(clock_now(), first));
    for (size_t i = 0; i < n; i++)
        link_process(peers[i].link, clock_now());
}

static bool start(peer *p)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    if ((!p->link && link_new_stream(&p->options, &callbacks, p, &p->link, &error) != JRPC_OK) ||
        link_start(p->link, &error) != JRPC_OK) {
        on_down(p, &error);
        return false;
    }
    return true;
}

/* Prints how it ended, and after how many milliseconds. */
static void tell_end(peer *p, int64_t began)
{
    char *text = p->down ? jrpc_error_to_string(&p->error) : strdup("still there");
    printf("%s down %s %lld ms: %s\n", p->name, p->down ? jrpc_status_name(p->error.status) : "NOT",
           (long long)((clock_now() - began) / CLOCK_MS), text ? text : "");
    free(text);
    jrpc_error_done(&p->error);
}

static void run_login(peer *p, bool stay)
{
    int64_t began = clock_now(), until = clock_after(began, 60000);
    if (start(p)) {
        while (!p->up && !p->down && clock_now() < until)
            turn(p, 1, until);
        if (p->up && !stay)
            link_close(p->link);
        while (!p->down && clock_now() < until)
            turn(p, 1, until);
    }
    tell_end(p, began);
}

static void *abort_later(void *argument)
{
    usleep(500000);
    link_abort(argument);
    return NULL;
}

static void run_abort(peer *p)
{
    pthread_t thread;
    int64_t began = clock_now(), until = clock_after(began, 60000);
    if (start(p) && pthread_create(&thread, NULL, abort_later, p->link) == 0) {
        while (!p->down && clock_now() < until)
            turn(p, 1, until);
        pthread_join(thread, NULL);
    }
    tell_end(p, began);
}

static void run_close(peer *p)
{
    int64_t began = clock_now(), until = clock_after(began, 60000), at = clock_after(began, 500);
    if (start(p)) {
        while (!p->down && clock_now() < at)
            turn(p, 1, at);
        link_close(p->link);
        while (!p->down && clock_now() < until)
            turn(p, 1, until);
    }
    tell_end(p, began);
}

static bool send_one(peer *from, const peer *to, size_t number, const char *payload)
{
    buf b = BUF_INIT;
    buf_printf(&b, "<iq type='set' id='x%zu' from='%s' to='%s'><x xmlns='urn:x:test'>%s</x></iq>", number,
               from->jid, to->jid, payload);
    bool ok = !buf_failed(&b) && link_send(from->link, b.data, b.len);
    buf_done(&b);
    return ok;
}

static void close_both(peer peers[2])
{
    int64_t until = clock_after(clock_now(), 10000);
    int64_t began = clock_now();
    for (size_t i = 0; i < 2; i++)
        if (!peers[i].down)
            link_close(peers[i].link);
    while (!(peers[0].down && peers[1].down) && clock_now() < until)
        turn(peers, 2, until);
    tell_end(&peers[0], began);
    tell_end(&peers[1], began);
}

/* A stall is a time without any progress while answers are due. */
static void run_echo(peer peers[2])
{
    char *payload = malloc(bytes + 1);
    int64_t began = clock_now(), until = clock_after(began, 60000), moved, longest = 0;
    size_t sent = 0, seen = 0;
    memset(payload, 'x', bytes);
    payload[bytes] = '\0';
    start(&peers[0]);
    start(&peers[1]);
    while (!(peers[0].up && peers[1].up) && !peers[0].down && !peers[1].down && clock_now() < until)
        turn(peers, 2, until);
    moved = began = clock_now();
    while (peers[0].answers < count && !peers[0].down && !peers[1].down && clock_now() < until) {
        /* A burst waits for all answers before the next; a window slides. */
        size_t limit = burst ? (peers[0].answers / burst + 1) * burst : peers[0].answers + window;
        while (sent < count && sent < limit && send_one(&peers[0], &peers[1], sent, payload))
            sent++;
        turn(peers, 2, until);
        size_t now_seen = peers[0].answers + peers[1].received;
        if (now_seen != seen) {
            seen = now_seen;
            if (clock_now() - moved > longest)
                longest = clock_now() - moved;
            moved = clock_now();
        }
    }
    printf("echo %zu answers of %zu, %zu received, longest wait %lld ms, total %lld ms, queued %zu\n",
           peers[0].answers, count, peers[1].received, (long long)(longest / CLOCK_MS),
           (long long)((clock_now() - began) / CLOCK_MS),
           link_queued(peers[0].link) + link_queued(peers[1].link));
    close_both(peers);
    free(payload);
}

static const struct option long_options[] = {
    { "jid", required_argument, NULL, 'j' },
    { "password", required_argument, NULL, 'p' },
    { "jid2", required_argument, NULL, 'J' },
    { "password2", required_argument, NULL, 'P' },
    { "host", required_argument, NULL, 'h' },
    { "port", required_argument, NULL, 'n' },
    { "ca", required_argument, NULL, 'c' },
    { "direct-tls", no_argument, NULL, 'd' },
    { "component", no_argument, NULL, 'C' },
    { "insecure", no_argument, NULL, 'i' },
    { "allow-plain", no_argument, NULL, 'l' },
    { "timeout", required_argument, NULL, 't' },
    { "count", required_argument, NULL, 'N' },
    { "bytes", required_argument, NULL, 'B' },
    { "window", required_argument, NULL, 'W' },
    { "port2", required_argument, NULL, 'O' },
    { "component2", no_argument, NULL, 'K' },
    { "burst", required_argument, NULL, 'U' },
    { NULL, 0, NULL, 0 },
};

static size_t number(const char *text)
{
    return (size_t)strtoul(text, NULL, 10);
}

static void both(peer peers[2], int option)
{
    for (size_t i = 0; i < 2; i++) {
        link_options *o = &peers[i].options;
        switch (option) {
        case 'h':
            o->host = optarg;
            break;
        case 'n':
            o->port = (uint16_t)number(optarg);
            break;
        case 'c':
            o->ca_file = optarg;
            break;
        case 'd':
            o->direct_tls = true;
            break;
        case 'i':
            o->insecure_plaintext = true;
            break;
        case 'l':
            o->allow_plain = true;
            break;
        default:
            o->timeout_ms = (uint32_t)number(optarg);
        }
    }
}

static void read_options(int argc, char **argv, peer peers[2])
{
    int option;
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (option) {
        case 'j':
            peers[0].options.jid = optarg;
            break;
        case 'J':
            peers[1].options.jid = optarg;
            break;
        case 'p':
            peers[0].options.password = optarg;
            break;
        case 'P':
            peers[1].options.password = optarg;
            break;
        case 'C':
            peers[0].options.component = true;
            break;
        case 'K':
            peers[1].options.component = true;
            break;
        case 'O':
            peers[1].options.port = (uint16_t)number(optarg);
            break;
        case 'N':
            count = number(optarg);
            break;
        case 'U':
            burst = number(optarg);
            break;
        case 'B':
            bytes = number(optarg);
            break;
        case 'W':
            window = number(optarg);
            break;
        case '?':
            exit(2);
        default:
            both(peers, option);
        }
    }
}

int main(int argc, char **argv)
{
    peer peers[2] = { { .name = "a" }, { .name = "b" } };
    const char *what = argc > 1 ? argv[1] : "";
    read_options(argc, argv, peers);
    if (strcmp(what, "echo") == 0)
        run_echo(peers);
    else if (strcmp(what, "abort") == 0)
        run_abort(&peers[0]);
    else if (strcmp(what, "close") == 0)
        run_close(&peers[0]);
    else
        run_login(&peers[0], strcmp(what, "stay") == 0);
    for (size_t i = 0; i < 2; i++) {
        link_free(peers[i].link);
        free(peers[i].jid);
    }
    return 0;
}
