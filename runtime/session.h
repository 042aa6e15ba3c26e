/* SPDX-License-Identifier: MIT */
/*
 * The session: internal side. One thread of its own drives the link; any thread calls. What the threads share is under
 * one lock, held for moments only: the table of pending calls, the stanzas that wait to be written, the state.
 */
#ifndef SESSION_H
#define SESSION_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include <jrpc/call.h>
#include <jrpc/session.h>

#include "base/buf.h"
#include "base/chain.h"
#include "call/pending.h"
#include "contact.h"
#include "session-limits.h"
#include "link/jid.h"
#include "link/link.h"
#include "observe/ledger.h"
#include "serve/deferral.h"
#include "serve/server.h"

typedef enum session_state {
    SESSION_OPENING, /* the first attempt */
    SESSION_ONLINE,
    SESSION_OFFLINE, /* lost; tries to come back */
    SESSION_CLOSING, /* jrpc_session_close() has begun */
    SESSION_ENDED    /* for good; end says why */
} session_state;

/* The session's own copy of what it needs of its options after opening. */
typedef struct session_settings {
    jrpc_mode mode;
    bool small_stack;
    uint32_t connect_timeout_ms, call_timeout_ms;
    uint32_t keepalive_ms, keepalive_timeout_ms;
    uint32_t reconnect_ms, reconnect_most_ms;
    uint32_t ghost_most_ms; /* how long a conflict while coming back is thought to be with our own lost stream */
    size_t max_pending, max_queue;
    bool component; /* must say `from` in all it sends */
    jrpc_state_fn state_changed;
    void *state_userdata;
    jrpc_log_fn log;
    void *log_userdata;
    jrpc_log_level log_level;
    bool log_payloads; /* they are logged indeed: the level is DEBUG */
} session_settings;

typedef struct outcall outcall;

/* A Jabber address that a session was known by; kept until close, for jrpc_session_jid() lends it out. */
typedef struct session_name {
    struct session_name *older;
    char text[];
} session_name;

struct jrpc_session {
    pid_t pid; /* of the process that opened it: after fork() the child must not use it */
    session_settings settings;
    jabber_link *link; /* the driving thread's; link_abort() from others */
    server *server;
    pthread_t thread;          /* THREAD mode: joined at close */
    _Atomic(pthread_t) driver; /* the thread that drives at the moment, or 0 */
    int wake_fd;      /* eventfd: the driving thread is to look at what has come */
    int interrupt_fd; /* eventfd: jrpc_session_interrupt() */
    atomic_uint interruptions, taken_back; /* how many were asked for, and have been read from interrupt_fd */
    int ended_fd;     /* eventfd: readable once the session has ended */
    int drained_fd;   /* eventfd: readable once nothing is left of what came in; see jrpc_session_drain() */
    int epoll_fd;     /* for foreign event loops: wake_fd and the link's; CALLER mode alone */
    buf scratch;      /* what goes to the link next. Driving thread */

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed; /* state */
    session_state state;
    jrpc_error end;
    session_name *name; /* the newest first */
    jid own;            /* prepared, of name */
    pending pending;
    size_t calls;        /* in it: those of methods, which max_pending is for */
    buf out;             /* stanzas that the driving thread has not yet given to the link */
    size_t link_queued;  /* bytes that the link had not yet written, when last asked */
    session_state told;  /* the state that the program was last told of. Driving thread */
    int64_t heard_at;    /* when the server last sent something. Driving thread */
    int64_t said_at;     /* when it was last sent something. Driving thread */
    session_limits limits;
    struct chat *chat;           /* messages and presence: chat/chat.h */
    struct keepalive *keepalive; /* the ping under way or to come */
    outcall *finished, **finished_last; /* ended ones that have a function for that; the oldest first */
    map contacts;         /* prepared JID -> contact */
    map greeted;          /* see session-greet.c */
    chain holding;        /* contacts that hold calls for a moment */
    int64_t watch_at;     /* then contacts that owe answers are looked at again, if there are any */
    chain unsent;         /* calls without a stream, the oldest first */
    chain written, keyed; /* calls that were given to out since the session was last online, without and with a number */
    uint64_t key;         /* of this session, in the numbers of its calls */
    uint64_t last_number;
    bool sleeping;       /* the driving thread polls, or is about to */
    bool driving;        /* CALLER mode: a thread drives */
    bool watched;        /* a foreign loop watches epoll_fd */
    bool link_down;      /* set by the down callback, seen after the pass */
    bool close_link;     /* the driving thread is to end the stream politely */
    int64_t retry_at;    /* CLOCK_NEVER while the link is started */
    unsigned attempts;   /* to reconnect, since the session was last online */
    int64_t conflict_at; /* when it first met a conflict since then; 0: has not */
    size_t waiting_bytes; /* of calls that are not written: unsent, or held by their contacts */
    unsigned followers;  /* threads that wait for an answer while another one drives */
    uint64_t flushes;    /* how often out was given to the link */
    unsigned callers;    /* threads inside a blocking function: close waits for them */
    uint64_t stray;      /* answers that nobody waits for, or from the wrong address */
    ledger ledger;       /* has a lock of its own */
};

/* ---- session.c ---- */

/* Makes the session's link. The loopback's tests have another one. */
typedef jrpc_status session_link_fn(const link_callbacks *callbacks, void *callbacks_userdata, void *userdata,
                                    jabber_link **ret_link, jrpc_error *error);

/* jrpc_session_open() over any link; options->jid and password are the factory's business. */
jrpc_status session_open(const jrpc_session_options *options, session_link_fn *make_link, void *make_link_userdata,
                         jrpc_session **ret_session, jrpc_error *error);

/* The options as they hold: those of older programs are shorter, and zero is the default. */
jrpc_session_options session_complete_options(const jrpc_session_options *given);

/* jrpc_session_open(), or registers: a session that is not logged in, to make the account with. options are complete. */
jrpc_status session_open_stream(const char *address, const jrpc_session_options *options, bool registers,
                                jrpc_session **ret_session, jrpc_error *error);

/* INVALID in a forked child. */
jrpc_status session_check_process(jrpc_session *session, jrpc_error *error);
/* INVALID in a forked child, DEADLOCK on the driving thread, CLOSED or the session's end; JRPC_OK when calls may block. */
jrpc_status session_check_caller(jrpc_session *session, jrpc_error *error);

/*
 * Around every function that waits: jrpc_session_close() does not free the session under a thread that is about to come
 * back from it. Both under the lock.
 */
void session_enter(jrpc_session *session);
void session_leave(jrpc_session *session);

/* Fills error with why the session has ended. */
jrpc_status session_report_end(jrpc_session *session, jrpc_error *error);

void session_log(jrpc_session *session, jrpc_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- session-wait.c ---- */

/* Under the lock: tells who drains once all that came in was answered, and the answers are written. Driving thread. */
void session_check_drained(jrpc_session *session);

/* ---- session-link.c: what happens to a session ---- */

const link_callbacks *session_link_callbacks(void);
void session_start_link(jrpc_session *session);
/* Under the lock: the link went down. */
void session_handle_down(jrpc_session *session);
/* Under the lock: the driving thread is to come round. */
void session_wake(jrpc_session *session);
/* Any thread: queues a whole stanza that is no call. False: no memory, no room, or no stream. */
bool session_send(jrpc_session *session, const char *data, size_t len);

/* ---- session-observe.c ---- */

/* What the call sends, when that is to be logged. */
void session_log_sent(jrpc_session *session, const outcall *call, const char *stanza, size_t len);
/* What it is answered. */
void session_log_answer(jrpc_session *session, const outcall *call, xmpp_stanza_t *iq);
/* A call that nobody waits for has failed. */
void session_log_failure(jrpc_session *session, const outcall *call, const jrpc_error *error);
/* Under the lock: the call has ended. */
void session_note_call(jrpc_session *session, const outcall *call, jrpc_status status);
/* A call that came in has been answered. Any thread. */
void session_note_answer(jrpc_session *session, const ledger_entry *entry);

/*
 * ---- session-greet.c: directed presence (RFC 6121 section 4.6) to those who call by our extension ----
 *
 * Their servers, and ours, then tell them when this program is gone, in whatever way, and their calls end at once instead of
 * at their deadlines.
 */

/* Of one stream. Who comes after that is not greeted, and has to wait for its deadlines. */
enum { SESSION_GREETINGS_MOST = 1024 };

/* A call has come from request->from, whom we let in. Nothing when that one has been greeted already. Any thread. */
void session_greet(jrpc_session *session, const reply_address *request);
/* Under the lock: the stream is another one, or our server has told them that we are gone. */
void session_forget_greetings(jrpc_session *session);
/* The session ends. A component's server tells nobody of that: then they are told from here. */
void session_take_leave(jrpc_session *session);
/* Under the lock: the contact's program is gone, and those that were sent to it end. */
void session_end_calls(jrpc_session *session, const contact *c);
/* A presence of any kind: ends the calls to a program that is gone, unless it still answers what it has. Driving thread. */
void session_take_presence(jrpc_session *session, xmpp_stanza_t *presence);

/* ---- session-drive.c ---- */

/* The thread of THREAD mode. */
void *session_drive(void *session);
/* Is this the thread that drives right now? It must not wait for an answer. */
bool session_is_driver(jrpc_session *session);
/* CALLER mode: INVALID when this thread's stack is too small to drive. */
jrpc_status session_check_stack(const jrpc_session *session, jrpc_error *error);
/* Takes back a wake-up, whether there was one or not. */
void session_clear_wake(jrpc_session *session);

/*
 * CALLER mode: whoever waits drives, one at a time. All under the lock, which is released while something is done.
 * begin: false when somebody else drives, or the session has a thread of its own. end: lets another waiting thread drive.
 */
bool session_lead_begin(jrpc_session *session);
void session_lead_end(jrpc_session *session);
/* False: the session has ended. */
bool session_lead_round(jrpc_session *session);
void session_lead_sleep(jrpc_session *session, int64_t latest, int extra_fd);
/* Drives, or waits while somebody else does, until done() says so, the session has ended or it is late. Returns done(). */
bool session_lead_until(jrpc_session *session, bool (*done)(void *userdata), void *userdata, int64_t latest,
                        int extra_fd);

/* ---- session-call.c: calls that wait for an answer ---- */

typedef enum outcall_state { OUTCALL_WAITING, OUTCALL_CLAIMED, OUTCALL_DONE } outcall_state;

typedef enum outcall_place {
    OUTCALL_NOWHERE,
    OUTCALL_UNSENT, /* there is no stream */
    OUTCALL_HELD,   /* by its contact */
    OUTCALL_WRITTEN /* to the session's out, at least */
} outcall_place;

/* Reads the answer, an IQ of type result, into where the caller wants it. Driving thread. */
typedef jrpc_status outcall_answer_fn(outcall *call, xmpp_stanza_t *iq, jrpc_error *error);

/*
 * One request that waits. Whoever moves it from WAITING to CLAIMED under the session's lock (the answer, the deadline,
 * the end of the stream) alone completes it.
 */
struct outcall {
    pending_call pending; /* first */
    const char *to;       /* as sent; NULL: the account's own server */
    const char *address;  /* the same, prepared; NULL: it is no method call, and goes as it is */
    const char *what;     /* the method, for messages; or NULL */
    const buf *payload;   /* one element, until it is done */
    outcall_answer_fn *answer;
    void *answer_userdata;
    jrpc_error *error; /* the caller's; may be NULL */
    jrpc_status status;
    uint32_t timeout_ms;
    int64_t begun;          /* when */
    extension_trace *trace; /* NULL: none; of one that has finished, until that has returned */
    pthread_cond_t *waiter; /* of a thread that waits, on its stack; NULL: none does */
    /* If set: called when it is done, on the driving thread with no lock held; the call is then the function's. */
    void (*finished)(outcall *call);
    outcall *next_finished;
    contact *contact; /* of its address; one reference */
    chain link;
    outcall_state state;
    outcall_place place;
    uint64_t flushes; /* WRITTEN: the session's count then */
    size_t stanza_len; /* WRITTEN: it and all around it */
    uint64_t number;  /* its key, with the session's; 0: none */
    char epoch[EXTENSION_EPOCH_ROOM]; /* of the contact when it was first sent with that key; "" without */
    bool gets;       /* an IQ of type get; else set */
    bool idempotent; /* may run twice */
    bool was_sent;   /* over a stream that was lost: it may have run */
    bool drops_payload; /* the payload may be emptied when it cannot be needed any more */
};

/* Sends the call's payload as an IQ and waits for the answer. Statuses as of any call. */
jrpc_status outcall_run(jrpc_session *session, outcall *call);

/*
 * The same without waiting: on JRPC_OK the call, and its payload, stay in use until it is done. outcall_wait() waits for
 * that, until its deadline at most; outcall_cancel() ends it with CANCELLED, unless it is done or being completed.
 */
jrpc_status outcall_start(jrpc_session *session, outcall *call);
/* The same under the lock. */
jrpc_status outcall_begin(jrpc_session *session, outcall *call);
jrpc_status outcall_wait(jrpc_session *session, outcall *call);
void outcall_cancel(jrpc_session *session, outcall *call);
/* Under the lock: nobody drives any more; one that waits for its answer is to go on with that. */
void outcall_wake_one(jrpc_session *session);

/* The driving thread's side. */
void outcall_run_finished(jrpc_session *session);
void outcall_handle_answer(jrpc_session *session, xmpp_stanza_t *iq);
void outcall_expire(jrpc_session *session, int64_t now);
/* Under the lock: ends all pending calls. */
void outcall_fail_all(jrpc_session *session, jrpc_status status, const char *why);

/* Under the lock. Whoever claims a call completes it, and nobody else; its memory may be gone once the lock is released. */
bool outcall_claim(jrpc_session *session, outcall *call);
void outcall_complete(jrpc_session *session, outcall *call, jrpc_status status);
/* Fills the call's error; returns status. */
jrpc_status outcall_describe(outcall *call, jrpc_status status, const char *text);

/* ---- session-send.c: where a call waits. All under the lock ---- */

/* Under the lock: all that was written is about to be given to the link; what then cannot go again needs no payload. */
void outcall_drop_payloads(jrpc_session *session);
/* Writes the call, or lets it wait for a stream or for its contact. TOO_LARGE, BUSY, UNKNOWN_OUTCOME, NOMEM: it is nowhere. */
jrpc_status outcall_depart(jrpc_session *session, outcall *call, int64_t now);
/* It is given up: tells the one who was called, if that one understands. Before it is claimed. */
void outcall_tell_cancel(jrpc_session *session, const outcall *call);
/* Takes it from where it waits. */
void outcall_unplace(jrpc_session *session, outcall *call);
/* What the contact held goes on. */
void outcall_let_go(jrpc_session *session, contact *c);
/*
 * The stream is lost: calls that were never given to it, or that may safely be sent again, are kept for the next one; the
 * others end.
 */
void outcall_keep(jrpc_session *session);
/* The stream is back. */
void outcall_send_unsent(jrpc_session *session);

#endif
