/* SPDX-License-Identifier: MIT */
/* The session: the object that ties link, calls and serving together. */
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <jrpc/version.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/secret-file.h"
#include "chat/chat.h"
#include "keepalive.h"
#include "password.h"

enum {
    DEFAULT_TIMEOUT_MS = 30000,
    DEFAULT_KEEPALIVE_MS = 60000,
    DEFAULT_KEEPALIVE_TIMEOUT_MS = 20000,
    DEFAULT_RECONNECT_MS = 500,
    DEFAULT_RECONNECT_MOST_MS = 30000,
    GHOST_MOST_MS = 600000, /* a server without keepalive notices a dead stream after some minutes */
    DEFAULT_MAX_PENDING = 65536,
    MORE_PENDING = 8192, /* for what is no call: questions to contacts, pings */
    DEFAULT_MAX_STANZA = 131072,
    DEFAULT_MAX_QUEUE = 16777216,
    DEFAULT_WORKERS = 4,
    MOST_WORKERS = 1024,
    DEFAULT_MAX_QUEUED = 2048,
    DEFAULT_MAX_QUEUED_BYTES = 64 * 1024 * 1024,
    ABORT_GRACE_MS = 500,
    CLOSE_MOST_MS = 5000
};

/* libstrophe frees and renders stanza trees recursively: this survives what a server relays (4 MiB of nesting). */
static const size_t DRIVER_STACK = 64U << 20;

const char *jrpc_version(void)
{
    return JRPC_VERSION;
}

void session_log(jrpc_session *session, jrpc_log_level level, const char *format, ...)
{
    const session_settings *settings = &session->settings;
    if (!settings->log || level < settings->log_level)
        return;
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    /* What a peer sent must not move the terminal's cursor or forge a second line. */
    AUTO(buf_done) buf safe = BUF_INIT;
    if (!buf_failed(&text) && text.len)
        buf_append_safe(&safe, text.data);
    bool whole = !buf_failed(&text) && !buf_failed(&safe) && safe.len;
    settings->log(level, whole ? safe.data : format, settings->log_userdata);
}

/* ---- making and freeing ---- */

static uint32_t or_default(uint32_t value, uint32_t when_zero)
{
    return value ? value : when_zero;
}

/* Structures of programs built against older headers are shorter: what they lack is zero. */
jrpc_session_options session_complete_options(const jrpc_session_options *given)
{
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    if (given && given->size)
        memcpy(&options, given, given->size < sizeof options ? given->size : sizeof options);
    options.size = sizeof options;
    options.connect_timeout_ms = or_default(options.connect_timeout_ms, DEFAULT_TIMEOUT_MS);
    options.call_timeout_ms = or_default(options.call_timeout_ms, DEFAULT_TIMEOUT_MS);
    options.keepalive_ms = or_default(options.keepalive_ms, DEFAULT_KEEPALIVE_MS);
    options.keepalive_timeout_ms = or_default(options.keepalive_timeout_ms, DEFAULT_KEEPALIVE_TIMEOUT_MS);
    options.reconnect_ms = or_default(options.reconnect_ms, DEFAULT_RECONNECT_MS);
    options.reconnect_most_ms = or_default(options.reconnect_most_ms, DEFAULT_RECONNECT_MOST_MS);
    options.max_pending = or_default(options.max_pending, DEFAULT_MAX_PENDING);
    options.max_stanza_bytes = or_default(options.max_stanza_bytes, DEFAULT_MAX_STANZA);
    options.max_queue_bytes = or_default(options.max_queue_bytes, DEFAULT_MAX_QUEUE);
    options.workers = or_default(options.workers, DEFAULT_WORKERS);
    if (options.workers > MOST_WORKERS)
        options.workers = MOST_WORKERS;
    options.max_queued = or_default(options.max_queued, DEFAULT_MAX_QUEUED);
    options.max_queued_bytes = or_default(options.max_queued_bytes, DEFAULT_MAX_QUEUED_BYTES);
    return options;
}

static void init_locks(jrpc_session *session)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&session->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&session->lock, NULL);
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void free_session(jrpc_session *session)
{
    if (!session)
        return;
    server_free(session->server); /* lines of chat that were not answered yet are answered now */
    chat_free(session->chat);
    contact_free_all(session);
    session_forget_greetings(session);
    ledger_done(&session->ledger);
    free(session->keepalive);
    link_free(session->link);
    close_fd(session->wake_fd);
    close_fd(session->interrupt_fd);
    close_fd(session->ended_fd);
    close_fd(session->drained_fd);
    close_fd(session->epoll_fd);
    buf_done(&session->scratch);
    pending_done(&session->pending);
    buf_done(&session->out);
    jid_done(&session->own);
    while (session->name) {
        session_name *older = session->name->older;
        free(session->name);
        session->name = older;
    }
    jrpc_error_done(&session->end);
    pthread_cond_destroy(&session->changed);
    pthread_mutex_destroy(&session->lock);
    free(session);
}

static bool server_send_to_session(void *userdata, const char *data, size_t len)
{
    return session_send(userdata, data, len);
}

static void server_log_to_session(void *userdata, jrpc_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void server_log_to_session(void *userdata, jrpc_log_level level, const char *format, ...)
{
    const session_settings *settings = &((jrpc_session *)userdata)->settings;
    if (!settings->log || level < settings->log_level)
        return;
    AUTO(buf_done) buf text = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    if (!buf_failed(&text))
        session_log(userdata, level, "%s", text.data);
}

static void server_wakes_session(void *userdata)
{
    jrpc_session *session = userdata;
    pthread_mutex_lock(&session->lock);
    session_wake(session);
    pthread_mutex_unlock(&session->lock);
}

static void server_greets_caller(void *userdata, const reply_address *request)
{
    session_greet(userdata, request);
}

static bool server_asks_session(void *userdata, const char *caller)
{
    return contact_understands(userdata, caller);
}

static void server_notes_in_session(void *userdata, const ledger_entry *entry)
{
    session_note_answer(userdata, entry);
}

static jrpc_status make_server(jrpc_session *session, const jrpc_session_options *options, jrpc_error *error)
{
    const char *why = quota_check_limit(&options->caller_limit);
    if (why)
        return jrpc_error_set(error, JRPC_E_INVALID, "caller_limit: %s", why);
    if ((why = quota_check_limit(&options->domain_limit)))
        return jrpc_error_set(error, JRPC_E_INVALID, "domain_limit: %s", why);
    server_options wanted = {
        .session = session,
        .workers = options->workers,
        .max_queued = options->max_queued,
        .max_queued_bytes = options->max_queued_bytes,
        .caller_limit = options->caller_limit,
        .domain_limit = options->domain_limit,
        .limit_entries = options->limit_entries,
        .inline_handlers = options->inline_handlers,
        .audit = options->audit_calls,
        .log_payloads = session->settings.log_payloads,
        .max_stanza = options->max_stanza_bytes,
        .limits = WIRE_LIMITS_DEFAULT,
        .send = server_send_to_session,
        .wake = server_wakes_session,
        .drained = server_wakes_session,
        .log = server_log_to_session,
        .understands_extension = server_asks_session,
        .greet = server_greets_caller,
        .note = server_notes_in_session,
        .userdata = session,
    };
    return server_new(&wanted, &session->server, error);
}

static jrpc_status make_session(const jrpc_session_options *options, jrpc_session **ret_session, jrpc_error *error)
{
    jrpc_session *session = calloc(1, sizeof *session);
    if (!session)
        return error_nomem(error);
    session->pid = getpid();
    session->settings = (session_settings){
        .mode = options->mode,
        .small_stack = options->small_stack,
        .connect_timeout_ms = options->connect_timeout_ms,
        .call_timeout_ms = options->call_timeout_ms,
        .keepalive_ms = options->keepalive_ms,
        .keepalive_timeout_ms = options->keepalive_timeout_ms,
        .reconnect_ms = options->reconnect_ms,
        .reconnect_most_ms = options->reconnect_most_ms,
        .ghost_most_ms = GHOST_MOST_MS,
        .max_pending = options->max_pending,
        .max_queue = options->max_queue_bytes,
        .component = options->component,
        .state_changed = options->state_changed,
        .state_userdata = options->state_userdata,
        .log = options->log,
        .log_userdata = options->log_userdata,
        .log_level = options->log_level,
        .log_payloads = options->log_payloads && options->log && options->log_level == JRPC_LOG_DEBUG,
    };
    session->keepalive = keepalive_new(session);
    if (!session->keepalive) {
        free(session);
        return error_nomem(error);
    }
    session->retry_at = CLOCK_NEVER;
    session->finished_last = &session->finished;
    session->contacts = (map)MAP_INIT;
    session->greeted = (map)MAP_INIT;
    chain_init(&session->holding);
    chain_init(&session->unsent);
    chain_init(&session->written);
    chain_init(&session->keyed);
    limits_init(&session->limits, options->max_stanza_bytes);
    session->key = random_u64();
    ledger_init(&session->ledger);
    pending_init(&session->pending, (size_t)options->max_pending + MORE_PENDING);
    init_locks(session);
    session->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->interrupt_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->drained_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->epoll_fd = -1;
    jrpc_status status = JRPC_OK;
    if (session->wake_fd < 0 || session->interrupt_fd < 0 || session->ended_fd < 0 ||
        session->drained_fd < 0)
        status = jrpc_error_set(error, JRPC_E_IO, "cannot make an eventfd: %s", strerror(errno));
    if (status == JRPC_OK)
        status = make_server(session, options, error);
    if (status == JRPC_OK && chat_new(session, options->workers, options->inline_handlers, &session->chat) != JRPC_OK)
        status = error_nomem(error);
    if (status != JRPC_OK) {
        free_session(session);
        return status;
    }
    *ret_session = session;
    return JRPC_OK;
}

/* ---- opening ---- */

/* All signals stay with the program's own threads. */
static jrpc_status start_driver(jrpc_session *session, jrpc_error *error)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, DRIVER_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&session->thread, &attributes, session_drive, session);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (failed)
        return jrpc_error_set(error, JRPC_E_IO, "cannot start a thread: %s", strerror(failed));
    return JRPC_OK;
}

static bool is_past_opening(void *session)
{
    return ((jrpc_session *)session)->state != SESSION_OPENING;
}

/* The link keeps its deadline itself, unless it is stuck in a library: then it is torn out of there. */
static jrpc_status wait_online(jrpc_session *session, jrpc_error *error)
{
    int64_t latest = clock_after(clock_now(), (int64_t)session->settings.connect_timeout_ms + ABORT_GRACE_MS);
    pthread_mutex_lock(&session->lock);
    while (!session_lead_until(session, is_past_opening, session, latest, -1)) {
        link_abort(session->link);
        latest = clock_after(clock_now(), ABORT_GRACE_MS);
    }
    jrpc_status status = JRPC_OK;
    if (session->state == SESSION_ENDED) {
        status = session->end.status ? session->end.status : JRPC_E_INTERNAL;
        jrpc_error_move(error, &session->end);
    }
    pthread_mutex_unlock(&session->lock);
    return status;
}

/* CALLER mode: what THREAD mode's thread does first; and the descriptor for foreign loops. */
static jrpc_status prepare_caller(jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = session_check_stack(session, error);
    if (status != JRPC_OK)
        return status;
    struct epoll_event event = { .events = EPOLLIN, .data = { .fd = session->wake_fd } };
    session->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (session->epoll_fd < 0 || epoll_ctl(session->epoll_fd, EPOLL_CTL_ADD, session->wake_fd, &event) != 0)
        return jrpc_error_set(error, JRPC_E_IO, "cannot make an epoll descriptor: %s", strerror(errno));
    session_start_link(session);
    return JRPC_OK;
}

static void end_driver(jrpc_session *session)
{
    if (session->settings.mode == JRPC_MODE_THREAD)
        pthread_join(session->thread, NULL);
}

jrpc_status session_open(const jrpc_session_options *given, session_link_fn *make_link, void *make_link_userdata,
                         jrpc_session **ret_session, jrpc_error *error)
{
    jrpc_session_options options = session_complete_options(given);
    jrpc_session *session = NULL;
    jrpc_status status = make_session(&options, &session, error);
    if (status != JRPC_OK)
        return status;
    status = make_link(session_link_callbacks(), session, make_link_userdata, &session->link, error);
    if (status == JRPC_OK && options.mode == JRPC_MODE_CALLER)
        status = prepare_caller(session, error);
    else if (status == JRPC_OK)
        status = start_driver(session, error);
    if (status != JRPC_OK) {
        free_session(session);
        return status;
    }
    status = wait_online(session, error);
    if (status != JRPC_OK) {
        end_driver(session);
        free_session(session);
        return status;
    }
    *ret_session = session;
    return JRPC_OK;
}

static jrpc_status make_stream(const link_callbacks *callbacks, void *callbacks_userdata, void *userdata,
                               jabber_link **ret_link, jrpc_error *error)
{
    return link_new_stream(userdata, callbacks, callbacks_userdata, ret_link, error);
}

jrpc_status session_open_stream(const char *address, const jrpc_session_options *given, bool registers,
                                jrpc_session **ret_session, jrpc_error *error)
{
    jrpc_session_options options = *given;
    char *password = NULL;
    jrpc_status status = registers ? JRPC_OK : password_get(&options, address, &password, error);
    if (status != JRPC_OK)
        return status;
    link_options stream = {
        .jid = address,
        .password = password,
        .host = options.host,
        .port = options.port,
        .direct_tls = options.direct_tls,
        .component = options.component,
        .insecure_plaintext = options.insecure_plaintext,
        .allow_plain = options.allow_plain,
        .ca_file = options.ca_file,
        .ca_path = options.ca_path,
        .pins = options.pins,
        .cert_file = options.cert_file,
        .key_file = options.key_file,
        .proxy = options.proxy,
        .timeout_ms = options.connect_timeout_ms,
        .registers = registers,
    };
    char *proxy_password = NULL;
    status = proxy_password_get(&options, &proxy_password, error);
    stream.proxy_password = proxy_password;
    if (status == JRPC_OK)
        status = session_open(&options, make_stream, &stream, ret_session, error);
    secret_free(password);
    secret_free(proxy_password);
    return status;
}

jrpc_status jrpc_session_open(const char *address, const jrpc_session_options *given, jrpc_session **ret_session,
                              jrpc_error *error)
{
    if (!address || !ret_session)
        return jrpc_error_set(error, JRPC_E_INVALID, "no JID, or nowhere to put the session");
    const jrpc_session_options options = session_complete_options(given);
    return session_open_stream(address, &options, false, ret_session, error);
}

/* ---- closing ---- */

static bool has_ended(void *session)
{
    return ((jrpc_session *)session)->state == SESSION_ENDED;
}

void jrpc_session_close(jrpc_session *session)
{
    /* In a child its lock may be held by a thread that is not there, and the stream is the parent's. */
    if (!session || session_check_process(session, NULL) != JRPC_OK)
        return;
    pthread_mutex_lock(&session->lock);
    if (session->state != SESSION_ENDED)
        session->state = SESSION_CLOSING;
    outcall_fail_all(session, JRPC_E_CANCELLED, "the session is being closed");
    pthread_mutex_unlock(&session->lock);
    server_stop(session->server);
    chat_stop(session->chat);
    chat_leave(session->chat, NULL, NULL);
    session_take_leave(session);
    pthread_mutex_lock(&session->lock);
    session->close_link = true;
    session_wake(session);
    session_lead_until(session, has_ended, session, clock_after(clock_now(), CLOSE_MOST_MS), -1);
    pthread_mutex_unlock(&session->lock);
    end_driver(session);
    pthread_mutex_lock(&session->lock);
    while (session->callers)
        pthread_cond_wait(&session->changed, &session->lock);
    pthread_mutex_unlock(&session->lock);
    free_session(session);
}

void session_enter(jrpc_session *session)
{
    session->callers++;
}

void session_leave(jrpc_session *session)
{
    if (--session->callers == 0 && session->state != SESSION_ONLINE)
        pthread_cond_broadcast(&session->changed);
}

/* ---- what there is to ask ---- */

jrpc_status session_check_process(jrpc_session *session, jrpc_error *error)
{
    if (session->pid == getpid())
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_INVALID,
                          "this session belongs to the parent process: open another one after fork()");
}

jrpc_status session_check_caller(jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = session_check_process(session, error);
    if (status != JRPC_OK)
        return status;
    if (session->settings.mode == JRPC_MODE_CALLER && (status = session_check_stack(session, error)) != JRPC_OK)
        return status;
    if (session_is_driver(session))
        return jrpc_error_set(error, JRPC_E_DEADLOCK,
                              "a blocking call from an inline handler would wait for itself: let a worker run it");
    return JRPC_OK;
}

const char *jrpc_session_jid(const jrpc_session *session)
{
    /* Names are only ever added, in front: a pointer read under the lock stays good. */
    jrpc_session *s = (jrpc_session *)(uintptr_t)session;
    pthread_mutex_lock(&s->lock);
    const char *text = s->name ? s->name->text : "";
    pthread_mutex_unlock(&s->lock);
    return text;
}
