/* SPDX-License-Identifier: MIT */
/* The replay window. */
#include "serve/replay.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/chain.h"
#include "base/map.h"
#include "base/mem.h"

/* How many sessions are looked at for one that can be forgotten: those with calls under way cannot. */
enum { SESSIONS_TRIED = 8 };

/* A session of a caller. */
typedef struct replay_session {
    char *caller; /* bare JID */
    uint64_t id;
    uint64_t floor; /* what came at or below it may have been forgotten */
    chain entries;  /* the oldest first; without those that the caller has given up while they ran */
    size_t running;
    chain age; /* in the window's, the one that called last at the end */
} replay_session;

struct replay_entry {
    replay_session *session;
    uint64_t number;
    bool is_answered;
    chain siblings; /* in its session's entries */
    chain age;      /* is_answered: in the window's answered, the oldest first */
    int64_t answered_at;
    char *id, *from, *to; /* of the request that came last, when it came again while it ran; id NULL: it did not */
    bool is_error;
    char *body; /* of the answer, without the frame; NULL: not kept */
    size_t body_len;
};

struct replay {
    pthread_mutex_t lock;
    replay_limits limits;
    char epoch[EXTENSION_EPOCH_ROOM];
    map sessions; /* (id, caller) -> replay_session */
    map entries;  /* (session, number) -> replay_entry */
    chain by_age; /* sessions */
    chain answered;
    size_t answers, bytes;
    bool has_forgotten; /* a session */
};

replay *replay_new(const replay_limits *limits)
{
    replay *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    pthread_mutex_init(&r->lock, NULL);
    r->limits = *limits;
    extension_new_epoch(r->epoch);
    r->sessions = (map)MAP_INIT;
    r->entries = (map)MAP_INIT;
    chain_init(&r->by_age);
    chain_init(&r->answered);
    return r;
}

const char *replay_epoch(const replay *r)
{
    return r->epoch;
}

/* ---- keys ---- */

enum { ENTRY_KEY_LEN = sizeof(replay_session *) + sizeof(uint64_t) };

static void entry_key(const replay_session *session, uint64_t number, char ret_key[ENTRY_KEY_LEN])
{
    memcpy(ret_key, &session, sizeof session);
    memcpy(ret_key + sizeof session, &number, sizeof number);
}

/* Bare JIDs are at most 2,047 bytes long (RFC 6122); servers stamp no others. */
enum { CALLER_MOST = 2047, SESSION_KEY_MOST = sizeof(uint64_t) + CALLER_MOST };

static size_t bare_len(const char *from)
{
    return strcspn(from, "/");
}

/* 0: there is no such caller. */
static size_t session_key(uint64_t id, const char *from, size_t len, char ret_key[SESSION_KEY_MOST])
{
    if (len == 0 || len > CALLER_MOST)
        return 0;
    memcpy(ret_key, &id, sizeof id);
    memcpy(ret_key + sizeof id, from, len);
    return sizeof id + len;
}

/* ---- forgetting ---- */

static void raise_floor(replay_session *session, uint64_t number)
{
    if (session->floor < number)
        session->floor = number;
}

static void free_entry(replay_entry *entry)
{
    free(entry->id);
    free(entry->from);
    free(entry->to);
    free(entry->body);
    free(entry);
}

/* One that is answered. */
static void forget(replay *r, replay_entry *entry)
{
    char key[ENTRY_KEY_LEN];
    entry_key(entry->session, entry->number, key);
    map_remove(&r->entries, key, sizeof key);
    raise_floor(entry->session, entry->number);
    chain_remove(&entry->siblings);
    chain_remove(&entry->age);
    r->answers--;
    r->bytes -= entry->body_len;
    free_entry(entry);
}

static void forget_old(replay *r, int64_t now)
{
    while (!chain_is_empty(&r->answered)) {
        replay_entry *oldest = CHAIN_OF(r->answered.next, replay_entry, age);
        if (r->answers <= r->limits.answers && r->bytes <= r->limits.bytes &&
            now - oldest->answered_at < r->limits.keep_ns)
            return;
        forget(r, oldest);
    }
}

/* The caller has its answers to all below this number, or has given them up. */
static void forget_below(replay *r, replay_session *session, uint64_t low)
{
    while (!chain_is_empty(&session->entries)) {
        replay_entry *oldest = CHAIN_OF(session->entries.next, replay_entry, siblings);
        if (oldest->number >= low)
            break;
        if (oldest->is_answered)
            forget(r, oldest);
        else
            chain_remove(&oldest->siblings); /* until it is answered */
    }
    raise_floor(session, low - 1);
}

static void free_session(replay *r, replay_session *session)
{
    char key[SESSION_KEY_MOST];
    map_remove(&r->sessions, key, session_key(session->id, session->caller, strlen(session->caller), key));
    chain_remove(&session->age);
    free(session->caller);
    free(session);
}

static void forget_session(replay *r, replay_session *session)
{
    while (!chain_is_empty(&session->entries))
        forget(r, CHAIN_OF(session->entries.next, replay_entry, siblings));
    free_session(r, session);
    r->has_forgotten = true;
}

/* False: none of the oldest ones can be forgotten. */
static bool make_room(replay *r)
{
    int tried = 0;
    for (chain *link = r->by_age.next; link != &r->by_age && tried < SESSIONS_TRIED; link = link->next, tried++) {
        replay_session *session = CHAIN_OF(link, replay_session, age);
        if (session->running)
            continue;
        forget_session(r, session);
        return true;
    }
    return false;
}

void replay_free(replay *r)
{
    if (!r)
        return;
    size_t at = 0;
    void *value;
    while (map_next(&r->entries, &at, NULL, &value))
        free_entry(value);
    map_done(&r->entries);
    while (!chain_is_empty(&r->by_age))
        free_session(r, CHAIN_OF(r->by_age.next, replay_session, age));
    map_done(&r->sessions);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* ---- a call comes ---- */

static replay_session *find_session(replay *r, const extension *key, const char *from)
{
    char bytes[SESSION_KEY_MOST];
    size_t len = session_key(key->session, from, bare_len(from), bytes);
    return len ? map_get(&r->sessions, bytes, len) : NULL;
}

static replay_entry *find_entry(replay *r, const extension *key, const char *from)
{
    char bytes[ENTRY_KEY_LEN];
    replay_session *session = from ? find_session(r, key, from) : NULL;
    if (!session)
        return NULL;
    entry_key(session, key->number, bytes);
    return map_get(&r->entries, bytes, sizeof bytes);
}

static void write_kept(const replay_entry *entry, const reply_address *request, buf *ret_stanza)
{
    reply_open(ret_stanza, entry->is_error ? "error" : "result", request);
    buf_append(ret_stanza, entry->body, entry->body_len);
}

static char *dup_or_null(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* Its answer goes to whoever asked last: the stream of the one before is gone. */
static void redirect(replay_entry *entry, const reply_address *request)
{
    char *id = dup_or_null(request->id), *from = dup_or_null(request->from), *to = dup_or_null(request->to);
    if ((request->id && !id) || (request->from && !from) || (request->to && !to)) {
        free(id);
        free(from);
        free(to);
        return;
    }
    free(entry->id);
    free(entry->from);
    free(entry->to);
    entry->id = id;
    entry->from = from;
    entry->to = to;
}

replay_found replay_find(replay *r, const extension *key, const reply_address *request, buf *ret_stanza)
{
    pthread_mutex_lock(&r->lock);
    replay_entry *entry = find_entry(r, key, request->from);
    replay_found found = !entry               ? REPLAY_NONE
                         : !entry->is_answered ? REPLAY_RUNNING
                         : entry->body         ? REPLAY_ANSWERED
                                               : REPLAY_LOST;
    if (found == REPLAY_RUNNING)
        redirect(entry, request);
    else if (found == REPLAY_ANSWERED)
        write_kept(entry, request, ret_stanza);
    pthread_mutex_unlock(&r->lock);
    return found;
}

static replay_session *new_session(replay *r, const extension *key, const char *from)
{
    char bytes[SESSION_KEY_MOST];
    size_t len = session_key(key->session, from, bare_len(from), bytes);
    if (len == 0 || (r->sessions.len >= r->limits.sessions && !make_room(r)))
        return NULL;
    replay_session *session = calloc(1, sizeof *session);
    char *caller = strndup(from, bare_len(from));
    if (!session || !caller || !map_put(&r->sessions, bytes, len, session)) {
        free(session);
        free(caller);
        return NULL;
    }
    session->caller = caller;
    session->id = key->session;
    chain_init(&session->entries);
    chain_add_last(&r->by_age, &session->age);
    return session;
}

static replay_entry *new_entry(replay *r, replay_session *session, uint64_t number)
{
    char bytes[ENTRY_KEY_LEN];
    entry_key(session, number, bytes);
    replay_entry *entry = calloc(1, sizeof *entry);
    if (!entry || !map_put(&r->entries, bytes, sizeof bytes, entry)) {
        free(entry);
        return NULL;
    }
    entry->session = session;
    entry->number = number;
    chain_init(&entry->age);
    chain_add_last(&session->entries, &entry->siblings);
    session->running++;
    return entry;
}

/* A session that was never heard of: what it sends again never came here, unless it has been forgotten. */
static bool is_refused(const replay *r, const replay_session *session, const extension *key)
{
    if (*key->again && strcmp(key->again, r->epoch) != 0)
        return true;
    if (session)
        return key->number <= session->floor;
    return *key->again && r->has_forgotten;
}

static replay_entry *take_note(replay *r, replay_session *session, const extension *key, const char *from)
{
    if (!session)
        session = new_session(r, key, from);
    if (!session) {
        r->has_forgotten = true;
        return NULL;
    }
    chain_remove(&session->age);
    chain_add_last(&r->by_age, &session->age);
    forget_below(r, session, key->low ? key->low : 1);
    replay_entry *entry = new_entry(r, session, key->number);
    if (!entry)
        raise_floor(session, key->number);
    return entry;
}

bool replay_admit(replay *r, const extension *key, const reply_address *request, int64_t now, replay_entry **ret_entry)
{
    *ret_entry = NULL;
    if (!request->from)
        return true;
    pthread_mutex_lock(&r->lock);
    forget_old(r, now);
    replay_session *session = find_session(r, key, request->from);
    bool refused = is_refused(r, session, key);
    if (!refused)
        *ret_entry = take_note(r, session, key, request->from);
    pthread_mutex_unlock(&r->lock);
    return !refused;
}

/* ---- its answer ---- */

static const char OPEN_ERROR[] = "<iq type='error'";

/* What is kept is what follows the frame, which another request has different. */
static void keep_body(replay_entry *entry, const reply_address *request, const buf *stanza)
{
    if (buf_failed(stanza) || stanza->len < sizeof OPEN_ERROR)
        return;
    AUTO(buf_done) buf frame = BUF_INIT;
    entry->is_error = memcmp(stanza->data, OPEN_ERROR, sizeof OPEN_ERROR - 1) == 0;
    reply_open(&frame, entry->is_error ? "error" : "result", request);
    if (buf_failed(&frame) || frame.len > stanza->len || memcmp(frame.data, stanza->data, frame.len) != 0)
        return;
    size_t len = stanza->len - frame.len;
    entry->body = malloc(len);
    if (!entry->body)
        return;
    memcpy(entry->body, stanza->data + frame.len, len);
    entry->body_len = len;
}

static bool write_redirected(const replay_entry *entry, buf *ret_stanza)
{
    if (!entry->id || !entry->body)
        return false;
    reply_address last = { .id = entry->id, .from = entry->from, .to = entry->to };
    write_kept(entry, &last, ret_stanza);
    return true;
}

bool replay_answer(replay *r, replay_entry *entry, const reply_address *request, const buf *stanza, int64_t now,
                   buf *ret_stanza)
{
    pthread_mutex_lock(&r->lock);
    keep_body(entry, request, stanza);
    bool redirected = write_redirected(entry, ret_stanza);
    entry->session->running--;
    entry->is_answered = true;
    entry->answered_at = now;
    chain_add_last(&r->answered, &entry->age);
    r->answers++;
    r->bytes += entry->body_len;
    if (chain_is_empty(&entry->siblings))
        forget(r, entry); /* its caller has given it up */
    forget_old(r, now);
    pthread_mutex_unlock(&r->lock);
    return redirected;
}
