/* SPDX-License-Identifier: MIT */
/* What waits to be told to the program. */
#include "chat/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "serve/worker.h"

typedef struct mailbox {
    worker_job job; /* first */
    mail *first, **last;
    unsigned messages, news; /* that wait */
    bool scheduled;          /* a worker has it or will; or it is on the inline list */
    bool refusing;           /* its sender was told */
    int64_t paced_at;        /* when the sender's messages would all have come at the allowed pace */
    char sender[];
} mailbox;

struct mailboxes {
    pthread_mutex_t lock; /* for all below */
    map by_sender;
    size_t bytes;
    int64_t swept_at;
    bool stopping;
    bool is_inline;
    worker_job *ready, **ready_last; /* inline: mailboxes with something in them */
    worker_pool *pool;
    void *userdata;
};

static const int64_t PACE = MAILBOX_PACE_MS * CLOCK_MS;

/* ---- queues ---- */

static void append(mailboxes *m, mailbox *box, mail *added)
{
    added->next = NULL;
    *box->last = added;
    box->last = &added->next;
    m->bytes += added->size;
    if (added->is_message)
        box->messages++;
    else
        box->news++;
}

/* Takes out the mail at that place of the queue. */
static mail *take(mailboxes *m, mailbox *box, mail **at)
{
    mail *taken = *at;
    *at = taken->next;
    if (!*at)
        box->last = at;
    m->bytes -= taken->size;
    if (taken->is_message)
        box->messages--;
    else
        box->news--;
    return taken;
}

/* Nothing need be remembered of its sender. */
static bool is_idle(const mailbox *box, int64_t now)
{
    return !box->first && !box->scheduled && box->paced_at <= now;
}

static void forget(mailboxes *m, mailbox *box)
{
    map_remove_str(&m->by_sender, box->sender);
    free(box);
}

/* Under the lock. */
static void schedule(mailboxes *m, mailbox *box)
{
    if (box->scheduled)
        return;
    if (m->is_inline) {
        box->scheduled = true;
        box->job.next = NULL;
        *m->ready_last = &box->job;
        m->ready_last = &box->job.next;
    } else {
        box->scheduled = worker_pool_submit(m->pool, &box->job);
    }
}

/* One at a time: others' mailboxes come in between. */
static void run(worker_job *job, void *userdata)
{
    mailboxes *m = userdata;
    mailbox *box = (mailbox *)job;
    pthread_mutex_lock(&m->lock);
    mail *told = box->first ? take(m, box, &box->first) : NULL;
    pthread_mutex_unlock(&m->lock);
    if (told) {
        told->tell(told, m->userdata);
        told->free(told);
    }
    pthread_mutex_lock(&m->lock);
    box->scheduled = false;
    if (box->first)
        schedule(m, box);
    else if (is_idle(box, clock_now()))
        forget(m, box);
    pthread_mutex_unlock(&m->lock);
}

void mailboxes_run_inline(mailboxes *m)
{
    pthread_mutex_lock(&m->lock);
    worker_job *ready = m->ready;
    m->ready = NULL;
    m->ready_last = &m->ready;
    pthread_mutex_unlock(&m->lock);
    while (ready) {
        worker_job *next = ready->next;
        run(ready, m);
        ready = next;
    }
}

bool mailboxes_has_inline(mailboxes *m)
{
    pthread_mutex_lock(&m->lock);
    bool some = m->ready != NULL;
    pthread_mutex_unlock(&m->lock);
    return some;
}

/* ---- limits ---- */

/* Forgets who has kept its pace again. Not more often than needed: strangers could make us search all day. */
static void sweep(mailboxes *m, int64_t now)
{
    size_t at = 0;
    void *box;
    if (now - m->swept_at < PACE)
        return;
    m->swept_at = now;
    while (map_next(&m->by_sender, &at, NULL, &box))
        if (is_idle(box, now))
            forget(m, box);
}

static mailbox *find_or_make(mailboxes *m, const char *sender, int64_t now)
{
    mailbox *box = map_get_str(&m->by_sender, sender);
    if (box)
        return box;
    if (m->by_sender.len >= MAILBOXES_MOST)
        sweep(m, now);
    if (m->by_sender.len >= MAILBOXES_MOST || !(box = calloc(1, sizeof *box + strlen(sender) + 1)))
        return NULL;
    strcpy(box->sender, sender);
    box->last = &box->first;
    if (map_put_str(&m->by_sender, sender, box))
        return box;
    free(box);
    return NULL;
}

/* One message a pace, of which a burst may come at once. */
static bool keeps_pace(mailbox *box, int64_t now)
{
    if (box->paced_at < now)
        box->paced_at = now;
    if (box->paced_at - now > (MAILBOX_BURST - 1) * PACE)
        return false;
    box->paced_at += PACE;
    return true;
}

/* News on the same topic that is older; without any, when there is no room, the oldest of all. */
static mail *take_outdated(mailboxes *m, mailbox *box, const mail *newer)
{
    mail **oldest = NULL;
    if (box->news < MAILBOX_NEWS_MOST)
        return NULL;
    for (mail **at = &box->first; *at; at = &(*at)->next) {
        if ((*at)->is_message)
            continue;
        oldest = oldest ? oldest : at;
        if (newer->topic && (*at)->topic && strcmp(newer->topic, (*at)->topic) == 0)
            return take(m, box, at);
    }
    return take(m, box, oldest);
}

static bool has_room(const mailboxes *m, mailbox *box, const mail *added, int64_t now)
{
    if (m->stopping || m->bytes + added->size > MAILBOXES_BYTES_MOST)
        return false;
    return !added->is_message || (box->messages < MAILBOX_MESSAGES_MOST && keeps_pace(box, now));
}

mail_taken mailboxes_put(mailboxes *m, const char *sender, mail *new_mail)
{
    mail_taken taken = MAIL_REFUSED;
    mail *outdated = NULL;
    int64_t now = clock_now();
    pthread_mutex_lock(&m->lock);
    mailbox *box = find_or_make(m, sender, now);
    if (box && has_room(m, box, new_mail, now)) {
        if (!new_mail->is_message)
            outdated = take_outdated(m, box, new_mail);
        append(m, box, new_mail);
        schedule(m, box);
        taken = MAIL_TAKEN;
        box->refusing = false;
    } else if (box && !box->refusing) {
        taken = MAIL_REFUSED_FIRST;
        box->refusing = true;
    }
    pthread_mutex_unlock(&m->lock);
    if (taken != MAIL_TAKEN)
        outdated = new_mail;
    if (outdated)
        outdated->free(outdated);
    return taken;
}

/* ---- life ---- */

jrpc_status mailboxes_new(unsigned workers, bool is_inline, void *userdata, mailboxes **ret_boxes)
{
    mailboxes *m = calloc(1, sizeof *m);
    if (!m)
        return JRPC_E_NOMEM;
    if (worker_pool_new(workers, MAILBOXES_MOST, run, m, &m->pool) != JRPC_OK) {
        free(m);
        return JRPC_E_NOMEM;
    }
    pthread_mutex_init(&m->lock, NULL);
    m->by_sender = (map)MAP_INIT;
    m->is_inline = is_inline;
    m->ready_last = &m->ready;
    m->userdata = userdata;
    *ret_boxes = m;
    return JRPC_OK;
}

void mailboxes_stop(mailboxes *m)
{
    pthread_mutex_lock(&m->lock);
    m->stopping = true;
    pthread_mutex_unlock(&m->lock);
    worker_pool_stop(m->pool);
}

static void free_box(mailboxes *m, mailbox *box)
{
    while (box->first) {
        mail *left = take(m, box, &box->first);
        left->free(left);
    }
    free(box);
}

void mailboxes_free(mailboxes *m)
{
    if (!m)
        return;
    mailboxes_stop(m);
    worker_pool_free(m->pool);
    size_t at = 0;
    void *value;
    while (map_next(&m->by_sender, &at, NULL, &value))
        free_box(m, value);
    map_done(&m->by_sender);
    pthread_mutex_destroy(&m->lock);
    free(m);
}
