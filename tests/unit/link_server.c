/* SPDX-License-Identifier: MIT */
/* A Jabber server that follows a script. */
#include "link_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STEP_MS = 10000, WINDOW = 1 << 20 };

struct link_server {
    pthread_t thread;
    const step *script;
    int listener, fd, stop;
    uint16_t port;
    size_t done, bytes, len;
    char in[WINDOW];
};

/* False when nothing comes in time or the test is over. */
static bool wait_for(link_server *s, int fd, short events)
{
    struct pollfd p[2] = { { fd, events, 0 }, { s->stop, POLLIN, 0 } };
    return poll(p, 2, STEP_MS) > 0 && p[0].revents != 0;
}

static bool accept_one(link_server *s)
{
    if (!wait_for(s, s->listener, POLLIN))
        return false;
    s->fd = accept(s->listener, NULL, NULL);
    s->len = 0;
    return s->fd >= 0;
}

static bool read_some(link_server *s)
{
    if (!wait_for(s, s->fd, POLLIN))
        return false;
    if (s->len > WINDOW / 2) {
        /* Only the end can complete what is awaited. */
        memmove(s->in, s->in + s->len - 1000, 1000);
        s->len = 1000;
    }
    ssize_t n = recv(s->fd, s->in + s->len, WINDOW - s->len - 1, 0);
    if (n <= 0)
        return false;
    s->len += (size_t)n;
    s->bytes += (size_t)n;
    return true;
}

static bool expect(link_server *s, const char *text)
{
    for (;;) {
        char *found = memmem(s->in, s->len, text, strlen(text));
        if (found) {
            size_t end = (size_t)(found - s->in) + strlen(text);
            memmove(s->in, s->in + end, s->len - end);
            s->len -= end;
            return true;
        }
        if (!read_some(s))
            return false;
    }
}

static bool send_all(link_server *s, const char *text)
{
    for (size_t left = strlen(text); left;) {
        ssize_t n = send(s->fd, text, left, MSG_NOSIGNAL);
        if (n < 0)
            return false;
        text += n;
        left -= (size_t)n;
    }
    return true;
}

static void hang_up(link_server *s, bool reset)
{
    const struct linger now = { 1, 0 };
    if (reset)
        setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(s->fd);
    s->fd = -1;
}

static bool run_step(link_server *s, const step *one)
{
    if (one->expect && !expect(s, one->expect))
        return false;
    for (size_t i = 0; one->send && i < (one->repeat ? one->repeat : 1); i++)
        if (!send_all(s, one->send))
            return false;
    if (one->then != STEP_ON)
        hang_up(s, one->then == STEP_RESET);
    return one->then != STEP_ACCEPT || accept_one(s);
}

static void *run(void *argument)
{
    link_server *s = argument;
    if (!accept_one(s))
        return NULL;
    for (const step *one = s->script; one->expect || one->send || one->then != STEP_ON; one++) {
        if (!run_step(s, one))
            return NULL;
        s->done++;
    }
    return NULL;
}

static bool open_listener(link_server *s, bool v6)
{
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    void *address = v6 ? (void *)&in6 : (void *)&in;
    socklen_t len = v6 ? sizeof in6 : sizeof in;
    s->listener = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, address, len) < 0 || listen(s->listener, 4) < 0 ||
        getsockname(s->listener, address, &len) < 0)
        return false;
    s->port = ntohs(v6 ? in6.sin6_port : in.sin_port);
    return true;
}

static link_server *start(const step *script, bool v6)
{
    link_server *s = calloc(1, sizeof *s);
    s->script = script;
    s->fd = -1;
    if (!open_listener(s, v6)) {
        if (s->listener >= 0)
            close(s->listener);
        free(s);
        return NULL;
    }
    s->stop = eventfd(0, EFD_CLOEXEC);
    if (pthread_create(&s->thread, NULL, run, s) != 0)
        abort();
    return s;
}

link_server *link_server_start_v6(const step *script)
{
    return start(script, true);
}

link_server *link_server_start(const step *script)
{
    link_server *s = start(script, false);
    if (!s)
        abort();
    return s;
}

uint16_t link_server_port(const link_server *server)
{
    return server->port;
}

size_t link_server_stop(link_server *s, size_t *ret_bytes)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STEP_MS / 1000;
    if (pthread_timedjoin_np(s->thread, NULL, &until) != 0) {
        const uint64_t one = 1;
        if (write(s->stop, &one, sizeof one) < 0)
            abort();
        pthread_join(s->thread, NULL);
    }
    size_t done = s->done;
    if (ret_bytes)
        *ret_bytes = s->bytes;
    if (s->fd >= 0)
        close(s->fd);
    close(s->listener);
    close(s->stop);
    free(s);
    return done;
}
