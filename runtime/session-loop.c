/* SPDX-License-Identifier: MIT */
/* The driving thread: owns the link, moves stanzas between it and the others, keeps the deadlines, comes back when lost. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/random.h"
#include "keepalive.h"
#include "session.h"

/* Full jitter (a random time up to a doubling limit): many programs that lost one server do not return all at once. */
enum { RETRY_FIRST_MS = 500, RETRY_MOST_MS = 30000 };

void session_wake(jrpc_session *session)
{
    if (!session->sleeping)
        return;
    session->sleeping = false;
    uint64_t one = 1;
    /* Cannot block or fail: the counter is read whenever the thread comes round. */
    if (write(session->wake_fd, &one, sizeof one) < 0)
        return;
}

bool session_send(jrpc_session *session, const char *data, size_t len)
{
    pthread_mutex_lock(&session->lock);
    bool has_stream = session->state == SESSION_ONLINE || session->state == SESSION_CLOSING;
    bool room = session->link_queued + session->out.len + len <= session->settings.max_queue;
    bool queued = has_stream && room && buf_reserve(&session->out, len);
    session->out.failed = false;
    if (queued) {
        buf_append(&session->out, data, len);
        session_wake(session);
    }
    pthread_mutex_unlock(&session->lock);
    return queued;
}

/* ---- callbacks of the link: decode and enqueue, nothing else ---- */

/* Under the lock. The old name stays: somebody may have borrowed it. */
static void set_name(jrpc_session *session, const char *text)
{
    if (session->name && strcmp(session->name->text, text) == 0)
        return;
    session_name *name = malloc(sizeof *name + strlen(text) + 1);
    if (!name)
        return;
    strcpy(name->text, text);
    name->older = session->name;
    session->name = name;
    jid_done(&session->own);
    jid_parse(text, &session->own, NULL);
}

static void on_up(void *userdata, const char *text)
{
    jrpc_session *session = userdata;
    pthread_mutex_lock(&session->lock);
    set_name(session, text);
    if (session->state == SESSION_OPENING || session->state == SESSION_OFFLINE)
        session->state = SESSION_ONLINE;
    session->attempts = 0;
    outcall_send_unsent(session);
    pthread_cond_broadcast(&session->changed);
    pthread_mutex_unlock(&session->lock);
}

static void on_stanza(void *userdata, xmpp_stanza_t *stanza)
{
    jrpc_session *session = userdata;
    session->heard_at = clock_now();
    const char *name = xmpp_stanza_get_name(stanza);
    const char *type = xmpp_stanza_get_type(stanza);
    if (!name || strcmp(name, "iq") != 0 || !type)
        return;
    if (strcmp(type, "result") == 0 || strcmp(type, "error") == 0)
        outcall_handle_answer(session, stanza);
    else if (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)
        server_handle_iq(session->server, stanza);
}

static void on_down(void *userdata, jrpc_error *error)
{
    jrpc_session *session = userdata;
    pthread_mutex_lock(&session->lock);
    session->link_down = true;
    jrpc_error_move(&session->end, error);
    pthread_mutex_unlock(&session->lock);
}

static void on_log(void *userdata, int level, const char *message)
{
    session_log(userdata, (jrpc_log_level)level, "%s", message);
}

const link_callbacks *session_link_callbacks(void)
{
    static const link_callbacks callbacks = { on_up, on_stanza, on_down, on_log };
    return &callbacks;
}

/* ---- going down and coming back ---- */

/* What trying again cannot mend, or what would fight with another program for the address. */
static bool is_final(jrpc_status status)
{
    return status == JRPC_E_AUTH || status == JRPC_E_CONFLICT || status == JRPC_E_NO_MECHANISM ||
           status == JRPC_E_CERT_UNTRUSTED || status == JRPC_E_CERT_WRONG_HOST || status == JRPC_E_NO_TLS ||
           status == JRPC_E_INVALID;
}

/* Under the lock. */
static void end_session(jrpc_session *session)
{
    session->state = SESSION_ENDED;
    outcall_fail_all(session, JRPC_E_DISCONNECTED, session->end.message ? session->end.message : "the session ended",
                     false);
    uint64_t one = 1;
    if (write(session->ended_fd, &one, sizeof one) < 0)
        session->end.status = JRPC_E_INTERNAL;
    pthread_cond_broadcast(&session->changed);
}

/* Under the lock. */
static void plan_retry(jrpc_session *session)
{
    session->state = SESSION_OFFLINE;
    unsigned doublings = session->attempts < 8 ? session->attempts : 8;
    uint64_t limit = (uint64_t)RETRY_FIRST_MS << doublings;
    if (limit > RETRY_MOST_MS)
        limit = RETRY_MOST_MS;
    session->attempts++;
    session->retry_at = clock_after(clock_now(), (int64_t)(random_u64() % limit) + 1);
    outcall_fail_all(session, JRPC_E_DISCONNECTED,
                     "the connection was lost before the answer came; whether the call ran is not known", true);
    pthread_cond_broadcast(&session->changed);
}

/* Under the lock. */
static void handle_down(jrpc_session *session)
{
    session->link_down = false;
    buf_reset(&session->out);
    session->link_queued = 0;
    if (session->state == SESSION_OPENING || session->state == SESSION_CLOSING || is_final(session->end.status))
        end_session(session);
    else
        plan_retry(session);
}

static void start_link(jrpc_session *session)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    session->retry_at = CLOCK_NEVER;
    if (link_start(session->link, &error) != JRPC_OK)
        on_down(session, &error);
}

/* ---- one round ---- */

/* What has come in meanwhile goes to the link in one piece, and so leaves in one write. */
static void flush(jrpc_session *session, buf *scratch)
{
    pthread_mutex_lock(&session->lock);
    buf taken = session->out;
    session->out = *scratch;
    *scratch = taken;
    session->link_queued += taken.len;
    pthread_mutex_unlock(&session->lock);
    if (scratch->len && !link_send(session->link, scratch->data, scratch->len))
        session_log(session, JRPC_LOG_WARNING, "%zu bytes were not sent: the stream is down", scratch->len);
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
    if (session->link_down) {
        if (session->state == SESSION_ONLINE)
            level = JRPC_LOG_WARNING; /* at other times nothing was lost, and who opens or closes is told */
        jrpc_error_set(&why, JRPC_E_DISCONNECTED, "%s",
                       session->end.message ? session->end.message : "no reason given");
        handle_down(session);
    }
    if (session->state == SESSION_OFFLINE && session->retry_at <= now)
        retry = true;
    bool ended = session->state == SESSION_ENDED;
    pthread_mutex_unlock(&session->lock);
    if (why.status != JRPC_OK)
        session_log(session, level, "the stream is down: %s", why.message);
    if (retry)
        start_link(session);
    return !ended;
}

/* Under the lock: false when there is something to do at once. */
static bool may_sleep(jrpc_session *session, link_wait wait, int64_t *ret_until)
{
    if (session->out.len || session->link_down || session->close_link || session->finished)
        return false;
    int64_t until = pending_next_deadline(&session->pending);
    if (wait.until < until)
        until = wait.until;
    if (session->state == SESSION_OFFLINE && session->retry_at < until)
        until = session->retry_at;
    *ret_until = until;
    session->sleeping = true;
    return true;
}

static void sleep_until_work(jrpc_session *session)
{
    link_wait wait = link_get_wait(session->link);
    int64_t check_at = keepalive_next(session);
    if (check_at < wait.until)
        wait.until = check_at;
    int64_t until = 0;
    pthread_mutex_lock(&session->lock);
    bool sleep = may_sleep(session, wait, &until);
    pthread_mutex_unlock(&session->lock);
    if (!sleep)
        return;
    struct pollfd fds[2] = { { session->wake_fd, POLLIN, 0 }, { wait.fd, wait.events, 0 } };
    poll(fds, wait.fd >= 0 ? 2 : 1, clock_poll_ms(clock_now(), until));
    uint64_t count;
    if (fds[0].revents && read(session->wake_fd, &count, sizeof count) < 0)
        return;
    pthread_mutex_lock(&session->lock);
    session->sleeping = false;
    pthread_mutex_unlock(&session->lock);
}

static void close_if_asked(jrpc_session *session)
{
    pthread_mutex_lock(&session->lock);
    bool asked = session->close_link;
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
    on_down(session, &error);
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
    jrpc_state told = state == SESSION_ONLINE    ? JRPC_STATE_ONLINE
                      : state == SESSION_OFFLINE ? JRPC_STATE_OFFLINE
                                                 : JRPC_STATE_ENDED;
    if (state == SESSION_ONLINE)
        session->heard_at = clock_now();
    if (session->settings.state_changed)
        session->settings.state_changed(session, told, session->settings.state_userdata);
}

void *session_drive(void *argument)
{
    jrpc_session *session = argument;
    AUTO(buf_done) buf scratch = BUF_INIT;
    start_link(session);
    for (;;) {
        flush(session, &scratch);
        close_if_asked(session);
        int64_t now = clock_now();
        link_process(session->link, now);
        server_run_inline(session->server);
        bool goes_on = settle(session, now);
        outcall_run_finished(session);
        keepalive_check(session, now);
        tell_state(session);
        if (!goes_on)
            return NULL;
        sleep_until_work(session);
    }
}
