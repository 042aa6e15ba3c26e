/* SPDX-License-Identifier: MIT */
/* Waiting for the end of a session, or for an interruption. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "session.h"

void jrpc_session_interrupt(jrpc_session *session)
{
    int saved = errno;
    uint64_t one = 1;
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

/* True once it has been interrupted; takes the interruption back. */
static bool was_interrupted(jrpc_session *session)
{
    uint64_t count;
    return read(session->interrupt_fd, &count, sizeof count) > 0;
}

static jrpc_status watch_for_end(jrpc_session *session, int64_t until, int64_t timeout_ms, jrpc_error *error)
{
    for (;;) {
        struct pollfd fds[2] = { { session->interrupt_fd, POLLIN, 0 }, { session->ended_fd, POLLIN, 0 } };
        int ready = poll(fds, 2, clock_poll_ms(clock_now(), until));
        if (ready > 0 && fds[0].revents && was_interrupted(session))
            return JRPC_OK;
        if (ready > 0 && fds[1].revents)
            return session_report_end(session, error);
        if (clock_now() >= until)
            return jrpc_error_set(error, JRPC_E_TIMEOUT, "nothing happened within %lld ms", (long long)timeout_ms);
    }
}

typedef struct interruptible {
    jrpc_session *session;
    bool interrupted;
} interruptible;

static bool is_over(void *userdata)
{
    interruptible *wait = userdata;
    wait->interrupted = wait->interrupted || was_interrupted(wait->session);
    return wait->interrupted || wait->session->state == SESSION_ENDED;
}

/* CALLER mode: drives meanwhile. */
static jrpc_status drive_to_end(jrpc_session *session, int64_t until, int64_t timeout_ms, jrpc_error *error)
{
    interruptible wait = { session, false };
    pthread_mutex_lock(&session->lock);
    bool over = session_lead_until(session, is_over, &wait, until, session->interrupt_fd);
    pthread_mutex_unlock(&session->lock);
    if (!over)
        return jrpc_error_set(error, JRPC_E_TIMEOUT, "nothing happened within %lld ms", (long long)timeout_ms);
    return wait.interrupted ? JRPC_OK : session_report_end(session, error);
}

static jrpc_status wait_for_end(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    int64_t until = timeout_ms < 0 ? CLOCK_NEVER : clock_after(clock_now(), timeout_ms);
    if (session->settings.mode == JRPC_MODE_THREAD)
        return watch_for_end(session, until, timeout_ms, error);
    return drive_to_end(session, until, timeout_ms, error);
}

jrpc_status jrpc_session_wait(jrpc_session *session, int64_t timeout_ms, jrpc_error *error)
{
    pthread_mutex_lock(&session->lock);
    session_enter(session);
    pthread_mutex_unlock(&session->lock);
    jrpc_status status = wait_for_end(session, timeout_ms, error);
    pthread_mutex_lock(&session->lock);
    session_leave(session);
    pthread_mutex_unlock(&session->lock);
    return status;
}
