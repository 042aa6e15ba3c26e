/* SPDX-License-Identifier: MIT */
/* Waiting for the end of a session, for an interruption, or for the last answer. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <jrpc/serve.h>

#include "base/clock.h"
#include "base/error.h"
#include "chat/chat.h"
#include "keepalive.h"
#include "session.h"

enum { LATE_ROUND_MS = 1000, LATE_MOST_MS = 2000 };

void jrpc_session_interrupt(jrpc_session *session)
{
    int saved = errno;
    uint64_t one = 1;
    if (session->pid != getpid())
        return; /* the descriptor is the parent's as well */
    atomic_fetch_add(&session->interruptions, 1); /* first: who sees the descriptor readable sees this as well */
    if (write(session->interrupt_fd, &one, sizeof one) < 0)
        errno = saved; /* the counter is full: it is readable, which is all that counts */
    errno = saved;
}

jrpc_status session_report_end(jrpc_session *session, jrpc_error *error)
{
    pthread_mutex_lock(&session->lock);
    jrpc_status status = session->end.status ? session->end.status : JRPC_E_CLOSED;
    jrpc_error_set(error, status, "%s", session->end.message ? session->end.message : "the session has ended");
    error_who(error, session->end.who);
    error_condition(error, session->end.condition);
    pthread_mutex_unlock(&session->lock);
    return status;
}

/*
 * True once it has been interrupted; takes the interruption back. The numbers only save a read where nothing is to be read:
 * they differ as long as something is in the descriptor, or about to be written to it, by however many threads.
 */
static bool was_interrupted(jrpc_session *session)
{
    uint64_t count;
    if (atomic_load(&session->interruptions) == atomic_load(&session->taken_back))
        return false;
    if (read(session->interrupt_fd, &count, sizeof count) < 0)
        return false; /* it is being interrupted: the descriptor will say so */
    atomic_fetch_add(&session->taken_back, (unsigned)count);
    return true;
}

/* What is waited for besides the end and an interruption. */
typedef enum wait_goal { WAIT_FOR_END, WAIT_FOR_DRAINED } wait_goal;

/* Why a wait is over; ENDED before the others, and GOAL before INTERRUPTED. */
typedef enum wait_outcome { WAIT_LATE, WAIT_INTERRUPTED, WAIT_ENDED, WAIT_GOAL } wait_outcome;

/* Under the lock. */
static bool is_drained(const jrpc_session *session)
{
    return server_accepted(session->server) == 0 && session->out.len == 0 && session->link_queued == 0;
}

void session_check_drained(jrpc_session *session)
{
    if (!atomic_load(&session->server->draining) || !is_drained(session))
        return;
    uint64_t one = 1;
    if (write(session->drained_fd, &one, sizeof one) < 0)
        return; /* the counter is full: it is readable */
    pthread_cond_broadcast(&session->changed);
}

/* What was written to the descriptor may be of an earlier moment: then it is taken back. */
static bool has_drained(jrpc_session *session)
{
    uint64_t count;
    pthread_mutex_lock(&session->lock);
    bool drained = is_drained(session);
    if (!drained && read(session->drained_fd, &count, sizeof count) > 0)
        session_wake(session);
    pthread_mutex_unlock(&session->lock);
    return drained;
}

static wait_outcome watch(jrpc_session *session, wait_goal goal, int64_t until)
{
    for (;;) {
        struct pollfd fds[3] = { { session->interrupt_fd, POLLIN, 0 },
                                 { session->ended_fd, POLLIN, 0 },
                                 { goal == WAIT_FOR_DRAINED ? session->drained_fd : -1, POLLIN, 0 } };
        int ready = poll(fds, 3, clock_poll_ms(clock_now(), until));
        if (ready > 0 && fds[2].revents && has_drained(session))
            return WAIT_GOAL;
        if (ready > 0 && fds[0].revents && was_interrupted(session))
            return WAIT_INTERRUPTED;
        if (ready > 0 && fds[1].revents)
            return WAIT_ENDED;
        if (clock_now() >= until)
            return WAIT_LATE;
    }
}

typedef struct driven_wait {
    jrpc_session *session;
    wait_goal goal;
    bool interrupted;
} driven_wait;

static bool is_over(void *userdata)
{
    driven_wait *wait = userdata;
    wait->interrupted = wait->interrupted || was_interrupted(wait->session);
    return wait->interrupted || wait->session->state == SESSION_ENDED ||
           (wait->goal == WAIT_FOR_DRAINED && is_drained(wait->session));
}

/* CALLER mode: drives meanwhile. */
static wait_outcome drive(jrpc_session *session, wait_goal goal, int64_t until)
{
    driven_wait wait = { session, goal, false };
    pthread_mutex_lock(&session->lock);
    bool over = session_lead_until(session, is_over, &wait, until, session->interrupt_fd);
    bool ended = session->state == SESSION_ENDED;
    bool reached = goal == WAIT_FOR_DRAINED && is_drained(session);
    pthread_mutex_unlock(&session->lock);
    return !over ? WAIT_LATE : reached ? WAIT_GOAL : wait.interrupted ? WAIT_INTERRUPTED : ended ? WAIT_ENDED : WAIT_LATE;
}

static wait_outcome wait_for(jrpc_session *session, wait_goal goal, int64_t timeout_ms)
{
    int64_t until = timeout_ms < 0 ? CLOCK_NEVER : clock_after(clock_now(), timeout_ms);
    return session->settings.mode == JRPC_MODE_THREAD ? watch(session, goal, until) : drive(session, goal, until);
}

/* Around all that looks into the session, the report of its end as well: jrpc_session_close() waits for that. */
static void enter(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    pthread_mutex_unlock(&session->lock);
}

static jrpc_status leave(jrpc_session *session, jrpc_status status)
{
    pthread_mutex_lock(&session->lock);
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    return status;
}

static jrpc_status wait_for_end(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    switch (wait_for(session, WAIT_FOR_END, timeout_ms)) {
    case WAIT_ENDED:
        return session_report_end(session, error);
    case WAIT_LATE:
        return jrpc_error_set(error, JRPC_E_TIMEOUT, "nothing happened within %lld ms", (long long)timeout_ms);
    default:
        return JRPC_OK;
    }
}

jrpc_status jrpc_session_wait(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    enter(session);
    return leave(session, wait_for_end(session, timeout_ms, error));
}

/* ---- draining ---- */

static jrpc_status report_undrained(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    size_t calls = server_accepted(session->server);
    if (calls)
        return jrpc_error_set(error, JRPC_E_TIMEOUT, "%zu call%s without answer after %lld ms", calls,
                              calls == 1 ? " is" : "s are", (long long)timeout_ms);
    return jrpc_error_set(error, JRPC_E_TIMEOUT, "answers are not yet written after %lld ms: the stream is slow",
                          (long long)timeout_ms);
}

/*
 * What comes behind the end of our stream has no answer. So the end waits for what the server had for us before: until
 * nothing comes during a round trip. What comes is turned away.
 */
static void await_latecomers(jrpc_session *session, int64_t until)
{
    for (int64_t now = clock_now(); now < until; now = clock_now()) {
        size_t before = atomic_load(&session->server->turned_away);
        int64_t left = (until - now) / CLOCK_MS;
        if (!keepalive_round_trip(session, left < LATE_ROUND_MS ? (uint32_t)left + 1 : LATE_ROUND_MS) ||
            atomic_load(&session->server->turned_away) == before)
            return;
    }
}

static jrpc_status wait_drained(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    int64_t most = timeout_ms < 0 || timeout_ms > LATE_MOST_MS ? LATE_MOST_MS : timeout_ms;
    switch (wait_for(session, WAIT_FOR_DRAINED, timeout_ms)) {
    case WAIT_GOAL:
        await_latecomers(session, clock_after(clock_now(), most));
        return JRPC_OK;
    case WAIT_ENDED:
        return session_report_end(session, error);
    case WAIT_INTERRUPTED:
        return jrpc_error_set(error, JRPC_E_CANCELLED, "interrupted: %zu calls have no answer",
                              server_accepted(session->server));
    default:
        return report_undrained(session, timeout_ms, error);
    }
}

jrpc_status jrpc_session_drain(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    jrpc_status status = session_check_caller(session, error);
    if (status != JRPC_OK)
        return status;
    if (worker_is_of(session->server->pool))
        return jrpc_error_set(error, JRPC_E_DEADLOCK, "called from a handler, which would wait for itself");
    chat_leave(session->chat, "shutting down", NULL); /* first, so that nobody asks whom it will refuse */
    server_drain(session->server);
    pthread_mutex_lock(&session->lock);
    session_wake(session); /* there may be nothing to wait for */
    pthread_mutex_unlock(&session->lock);
    enter(session);
    return leave(session, wait_drained(session, timeout_ms, error));
}
