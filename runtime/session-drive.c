/* SPDX-License-Identifier: MIT */
/*
 * Driving a session: rounds of reading, serving, completing and writing, by one thread at a time. In THREAD mode that is
 * the session's own; in CALLER mode it is whoever waits, or a foreign event loop.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "chat/chat.h"
#include "keepalive.h"
#include "link/sigpipe.h"
#include "serve/context.h"
#include "session.h"

enum { CALLER_STACK = 8 << 20, SCRATCH_KEPT = 256 << 10 };

/* ---- one round ---- */

/* What has come in meanwhile goes to the link in one piece, and so leaves in one write. */
static void flush(jrpc_session *session)
{
    buf *scratch = &session->scratch;
    pthread_mutex_lock(&session->lock);
    buf taken = session->out;
    session->out = *scratch;
    *scratch = taken;
    session->link_queued += taken.len;
    outcall_drop_payloads(session);
    session->flushes++;
    pthread_mutex_unlock(&session->lock);
    if (scratch->len && !link_send(session->link, scratch->data, scratch->len))
        session_log(session, JRPC_LOG_WARNING, "%zu bytes were not sent: the stream is down", scratch->len);
    if (scratch->len)
        session->said_at = clock_now();
    /* There may have been a password in it. */
    if (scratch->len)
        explicit_bzero(scratch->data, scratch->len);
    /* A rush makes it large; it need not stay so. */
    if (scratch->cap > SCRATCH_KEPT)
        buf_done(scratch);
    else
        buf_reset(scratch);
}

static bool settle(jrpc_session *session, int64_t now)
{
    outcall_expire(session, now);
    bool retry = false;
    jrpc_log_level level = JRPC_LOG_INFO;
    /* A copy: once the session has ended, its own belongs to the thread that wanted to open it. */
    AUTO(jrpc_error_done) jrpc_error why = JRPC_ERROR_INIT;
    pthread_mutex_lock(&session->lock);
    session->link_queued = link_queued(session->link);
    contact_check(session, now);
    if (session->link_down) {
        if (session->state == SESSION_ONLINE)
            level = JRPC_LOG_WARNING; /* at other times nothing was lost, and who opens or closes is told */
        jrpc_error_set(&why, JRPC_E_DISCONNECTED, "%s",
                       session->end.message ? session->end.message : "no reason given");
        session_handle_down(session);
    }
    if (session->state == SESSION_OFFLINE && session->retry_at <= now)
        retry = true;
    bool ended = session->state == SESSION_ENDED;
    session_check_drained(session);
    pthread_mutex_unlock(&session->lock);
    if (why.status != JRPC_OK)
        session_log(session, level, "the stream is down: %s", why.message);
    if (retry)
        session_start_link(session);
    return !ended;
}

static void close_if_asked(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    bool asked = session->close_link && !session->out.len; /* what was queued since the last flush goes first */
    if (asked)
        session->close_link = false;
    pthread_mutex_unlock(&session->lock);
    if (!asked)
        return;
    if (link_is_up(session->link)) {
        link_close(session->link);
        return;
    }
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    jrpc_error_set(&error, JRPC_E_CLOSED, "closed by this program");
    session_link_callbacks()->down(session, &error);
}

/* The program is told of what lasts: coming, going, the end. */
static void tell_state(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    session_state state = session->state;
    pthread_mutex_unlock(&session->lock);
    if (state == session->told || state == SESSION_OPENING || state == SESSION_CLOSING)
        return;
    session->told = state;
    if (state != SESSION_ONLINE)
        chat_handle_down(session->chat);
    jrpc_state told = state == SESSION_ONLINE    ? JRPC_STATE_ONLINE
                      : state == SESSION_OFFLINE ? JRPC_STATE_OFFLINE
                                                 : JRPC_STATE_ENDED;
    if (state == SESSION_ONLINE)
        session->heard_at = session->said_at = clock_now();
    if (session->settings.state_changed)
        session->settings.state_changed(session, told, session->settings.state_userdata);
}

static bool make_round(jrpc_session *session)
{
    /* In CALLER mode a handler may drive while it waits: what is done here is no part of its call. */
    context before = context_enter(NULL);
    flush(session);
    close_if_asked(session);
    int64_t now = clock_now();
    link_process(session->link, now);
    server_run_inline(session->server);
    chat_run_inline(session->chat);
    bool goes_on = settle(session, now);
    outcall_run_finished(session);
    keepalive_check(session, now);
    tell_state(session);
    context_leave(&before);
    return goes_on;
}

/* ---- sleeping ---- */

/* Under the lock: until when nothing needs to be done unless something comes; 0: there is something to do. */
static int64_t idle_until(const jrpc_session *session)
{
    if (session->out.len || session->link_down || session->close_link || session->finished ||
        server_has_inline(session->server) || chat_has_inline(session->chat))
        return 0;
    link_wait wait = link_get_wait(session->link);
    int64_t check_at = keepalive_next(session);
    int64_t until = pending_next_deadline(&session->pending);
    if (wait.until < until)
        until = wait.until;
    if (check_at < until)
        until = check_at;
    if (session->state == SESSION_OFFLINE && session->retry_at < until)
        until = session->retry_at;
    int64_t hold_until = contact_next(session);
    if (hold_until < until)
        until = hold_until;
    return until;
}

/* extra_fd: one more to wait for, or -1. */
static void sleep_until_work(jrpc_session *session, int64_t latest, int extra_fd)
{
    pthread_mutex_lock(&session->lock);
    int64_t until = idle_until(session);
    session->sleeping = until != 0;
    pthread_mutex_unlock(&session->lock);
    if (until == 0)
        return;
    link_wait wait = link_get_wait(session->link);
    /* poll(2) leaves out what is negative. */
    struct pollfd fds[3] = { { session->wake_fd, POLLIN, 0 }, { wait.fd, wait.events, 0 }, { extra_fd, POLLIN, 0 } };
    poll(fds, 3, clock_poll_ms(clock_now(), until < latest ? until : latest));
    if (fds[0].revents) {
        session_clear_wake(session);
        return;
    }
    pthread_mutex_lock(&session->lock);
    session->sleeping = false;
    pthread_mutex_unlock(&session->lock);
}

void session_clear_wake(jrpc_session *session)
{
    uint64_t count;
    pthread_mutex_lock(&session->lock);
    session->sleeping = false;
    /* It may or may not have been woken: the descriptor does not block. */
    ssize_t got = read(session->wake_fd, &count, sizeof count);
    UNUSED(got);
    pthread_mutex_unlock(&session->lock);
}

/* ---- THREAD mode ---- */

void *session_drive(void *argument)
{
    jrpc_session *session = argument;
    sigpipe_block_for_good();
    atomic_store(&session->driver, pthread_self());
    session_start_link(session);
    while (make_round(session))
        sleep_until_work(session, CLOCK_NEVER, -1);
    return NULL;
}

/* ---- CALLER mode ---- */

/* libstrophe recurses on the depth of stanzas: what a server may relay does not fit a small stack. */
static bool has_large_stack(void)
{
    static __thread int known; /* 1: large, -1: small */
    pthread_attr_t attributes;
    size_t size = 0;
    void *lowest;
    if (known == 0 && pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &lowest, &size);
        pthread_attr_destroy(&attributes);
        known = size >= CALLER_STACK - 65536 ? 1 : -1; /* the system keeps some for itself */
    }
    return known >= 0;
}

jrpc_status session_check_stack(const jrpc_session *session, jrpc_error *error)
{
    if (session->settings.small_stack || has_large_stack())
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_INVALID,
                          "this thread's stack is too small to drive a session: make it 8 MiB, or set small_stack");
}

bool session_is_driver(jrpc_session *session)
{
    return pthread_equal(pthread_self(), atomic_load(&session->driver));
}

/* The link's descriptor changes with each connection; epoll forgets it by itself when it is closed. */
static void watch_link(jrpc_session *session)
{
    link_wait wait = link_get_wait(session->link);
    if (wait.fd < 0)
        return;
    struct epoll_event event = { .events = EPOLLIN | (wait.events & POLLOUT ? (uint32_t)EPOLLOUT : 0U),
                                 .data = { .fd = wait.fd } };
    if (epoll_ctl(session->epoll_fd, EPOLL_CTL_MOD, wait.fd, &event) != 0)
        epoll_ctl(session->epoll_fd, EPOLL_CTL_ADD, wait.fd, &event);
}

bool session_lead_begin(jrpc_session *session)
{
    if (session->settings.mode == JRPC_MODE_THREAD || session->driving)
        return false;
    session->driving = true;
    atomic_store(&session->driver, pthread_self());
    return true;
}

void session_lead_end(jrpc_session *session)
{
    session->driving = false;
    atomic_store(&session->driver, 0);
    /* From here on whoever queues something makes the descriptor of a foreign loop readable. */
    session->sleeping = session->watched;
    if (session->watched) {
        watch_link(session);
        session_wake(session);
    }
    outcall_wake_one(session);
    pthread_cond_broadcast(&session->changed);
}

bool session_lead_round(jrpc_session *session)
{
    pthread_mutex_unlock(&session->lock);
    bool goes_on = make_round(session);
    pthread_mutex_lock(&session->lock);
    return goes_on;
}

void session_lead_sleep(jrpc_session *session, int64_t latest, int extra_fd)
{
    pthread_mutex_unlock(&session->lock);
    sleep_until_work(session, latest, extra_fd);
    pthread_mutex_lock(&session->lock);
}

bool session_lead_until(jrpc_session *session, bool (*done)(void *userdata), void *userdata, int64_t latest,
                        int extra_fd)
{
    struct timespec until = { .tv_sec = latest / 1000000000, .tv_nsec = latest % 1000000000 };
    for (;;) {
        bool leads = session_lead_begin(session);
        bool goes_on = true;
        if (leads)
            goes_on = session_lead_round(session);
        bool over = done(userdata) || !goes_on || clock_now() >= latest;
        if (leads && !over)
            session_lead_sleep(session, latest, extra_fd);
        if (leads)
            session_lead_end(session);
        if (over)
            return done(userdata);
        if (leads)
            continue;
        /* Somebody else drives: until that ends, or the time is over. */
        if (latest == CLOCK_NEVER)
            pthread_cond_wait(&session->changed, &session->lock);
        else
            pthread_cond_timedwait(&session->changed, &session->lock, &until);
    }
}

/* ---- foreign event loops ---- */

int jrpc_session_fd(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    if (session->settings.mode == JRPC_MODE_CALLER && !session->watched) {
        session->watched = true;
        if (!session->driving) {
            session->sleeping = true;
            watch_link(session);
            session_wake(session);
        }
    }
    pthread_mutex_unlock(&session->lock);
    return session->epoll_fd;
}

/* What is waited for changes with what there is to write; the epoll descriptor over it hides that. */
short jrpc_session_events(jrpc_session *session)
{
    return session->settings.mode == JRPC_MODE_CALLER ? POLLIN : 0;
}

int jrpc_session_timeout(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    int64_t until = session->driving ? 0 : idle_until(session);
    pthread_mutex_unlock(&session->lock);
    return clock_poll_ms(clock_now(), until);
}

jrpc_status jrpc_session_process(jrpc_session *session, jrpc_error *error)
{
    if (session->settings.mode != JRPC_MODE_CALLER)
        return jrpc_error_set(error, JRPC_E_INVALID, "this session drives itself: open it with JRPC_MODE_CALLER");
    if (session_is_driver(session))
        return jrpc_error_set(error, JRPC_E_DEADLOCK, "called from within itself, by a handler or callback");
    pthread_mutex_lock(&session->lock);
    bool leads = session_lead_begin(session);
    bool goes_on = true;
    if (leads) {
        pthread_mutex_unlock(&session->lock);
        session_clear_wake(session);
        goes_on = make_round(session);
        pthread_mutex_lock(&session->lock);
        bool work_left = idle_until(session) == 0;
        session->watched = work_left; /* only then the loop must come again at once */
        session_lead_end(session);
        session->watched = session->sleeping = true;
        watch_link(session);
    }
    pthread_mutex_unlock(&session->lock);
    return goes_on ? JRPC_OK : session_report_end(session, error);
}
