/* SPDX-License-Identifier: MIT */
/* The in-process switch. */
#include "link/loopback.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "link/jid.h"
#include "link/library.h"
#include "link/xml.h"

/* What a link that is not driven may pile up before its senders are told so. */
enum { INBOX_MAX = 64 << 20 };

typedef struct message {
    struct message *next;
    char *from; /* stamped on it; NULL: the text says it itself */
    size_t len;
    char text[]; /* NUL-terminated, inside the wrapper that gives it the stream's namespace */
} message;

typedef enum loop_state { LOOP_DOWN, LOOP_STARTING, LOOP_UP, LOOP_CLOSING } loop_state;

typedef struct loop_link {
    jabber_link base;
    loopback *hub;
    jid name;
    link_callbacks callbacks;
    void *userdata;
    xmpp_ctx_t *ctx;
    int fd;                 /* eventfd: readable while there is something to do */
    loop_state state;       /* written by the driving thread under the lock */
    bool cut, aborted;      /* under the lock */
    message *first, **last; /* under the lock */
    size_t inbox_bytes;
} loop_link;

struct loopback {
    pthread_mutex_t lock;
    map links; /* by full JID, or the domain of a component */
    loopback_filter_fn filter;
    void *filter_userdata;
};

static const char wrapper_head[] = "<x xmlns='" XML_NS_CLIENT "'>";
static const char wrapper_tail[] = "</x>";

loopback *loopback_new(void)
{
    loopback *hub = calloc(1, sizeof *hub);
    if (hub)
        pthread_mutex_init(&hub->lock, NULL);
    return hub;
}

void loopback_free(loopback *hub)
{
    if (!hub)
        return;
    map_done(&hub->links);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

void loopback_set_filter(loopback *hub, loopback_filter_fn filter, void *userdata)
{
    pthread_mutex_lock(&hub->lock);
    hub->filter = filter;
    hub->filter_userdata = userdata;
    pthread_mutex_unlock(&hub->lock);
}

/* ---- messages ---- */

static void message_free(message *m)
{
    free(m->from);
    free(m);
}

static message *message_new(const char *from, const char *text, size_t len)
{
    size_t head = sizeof wrapper_head - 1, tail = sizeof wrapper_tail;
    message *m = malloc(sizeof *m + head + len + tail);
    if (!m)
        return NULL;
    m->next = NULL;
    m->len = head + len + tail - 1;
    m->from = from ? strdup(from) : NULL;
    if (from && !m->from) {
        free(m);
        return NULL;
    }
    memcpy(m->text, wrapper_head, head);
    memcpy(m->text + head, text, len);
    memcpy(m->text + head + len, wrapper_tail, tail);
    return m;
}

static void wake(const loop_link *l)
{
    uint64_t one = 1;
    /* A counter that is full is readable already. */
    if (write(l->fd, &one, sizeof one) < 0)
        return;
}

/* Under the lock. */
static void enqueue(loop_link *l, message *m)
{
    *l->last = m;
    l->last = &m->next;
    l->inbox_bytes += m->len;
    wake(l);
}

/* Under the lock: all that waits, oldest first. */
static message *take_inbox(loop_link *l)
{
    message *all = l->first;
    l->first = NULL;
    l->last = &l->first;
    l->inbox_bytes = 0;
    return all;
}

static void free_messages(message *m)
{
    while (m) {
        message *next = m->next;
        message_free(m);
        m = next;
    }
}

/* ---- routing ---- */

/* Under the lock: the link that gets what is sent to this address and is online, or NULL. */
static loop_link *find_online(loopback *hub, const jid *to)
{
    loop_link *l = map_get_str(&hub->links, to->full);
    if (!l || !l->name.resource)
        l = map_get_str(&hub->links, to->domain);
    return l && !l->cut && (l->state == LOOP_UP || l->state == LOOP_STARTING) ? l : NULL;
}

typedef struct head {
    xmpp_stanza_t *stanza; /* the start tag alone */
    const char *kind, *type, *id, *to, *from;
} head;

/* Reads the attributes of a start tag with the same parser that will read the whole. */
static bool head_parse(xmpp_ctx_t *ctx, const char *text, size_t len, bool empty, head *ret_head)
{
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append(&b, text, len - (empty ? 2 : 1));
    buf_append_lit(&b, "/>");
    xmpp_stanza_t *stanza = buf_failed(&b) ? NULL : xmpp_stanza_new_from_string(ctx, b.data);
    if (!stanza)
        return false;
    *ret_head = (head){ stanza,
                        xmpp_stanza_get_name(stanza),
                        xmpp_stanza_get_type(stanza),
                        xmpp_stanza_get_id(stanza),
                        xmpp_stanza_get_to(stanza),
                        xmpp_stanza_get_from(stanza) };
    return true;
}

static bool wants_answer(const head *h)
{
    return strcmp(h->kind, "iq") == 0 && h->id && h->type &&
           (strcmp(h->type, "get") == 0 || strcmp(h->type, "set") == 0);
}

/* What a Jabber server answers when nobody is there; silence where an answer is forbidden. */
static void bounce(loop_link *sender, const head *h, const char *type, const char *condition)
{
    if (!wants_answer(h))
        return;
    AUTO(buf_done) buf b = BUF_INIT;
    buf_append_lit(&b, "<iq type='error' id='");
    xml_append(&b, h->id);
    buf_append_lit(&b, "' from='");
    xml_append(&b, h->to ? h->to : sender->name.bare);
    buf_append_lit(&b, "' to='");
    xml_append(&b, sender->name.full);
    buf_printf(&b, "'><error type='%s'><%s xmlns='" XML_NS_STANZA_ERROR "'/></error></iq>", type, condition);
    message *m = buf_failed(&b) ? NULL : message_new(NULL, b.data, b.len);
    if (!m)
        return;
    pthread_mutex_lock(&sender->hub->lock);
    enqueue(sender, m);
    pthread_mutex_unlock(&sender->hub->lock);
}

/* A component may speak for any address of its domain; nobody else chooses. */
static const char *true_sender(const loop_link *l, const head *h)
{
    AUTO(jid_done) jid from = { 0 };
    bool component = !l->name.node && !l->name.resource;
    if (component && h->from && jid_parse(h->from, &from, NULL) == JRPC_OK &&
        !strcmp(from.domain, l->name.domain))
        return h->from;
    return l->name.full;
}

static bool passes_filter(loopback *hub, const char *from, const char *to, const char *text, size_t len)
{
    pthread_mutex_lock(&hub->lock);
    loopback_filter_fn filter = hub->filter;
    void *userdata = hub->filter_userdata;
    pthread_mutex_unlock(&hub->lock);
    /* Not under the lock: it may inject. */
    return !filter || filter(userdata, from, to ? to : "", text, len);
}

typedef enum delivery { DELIVERED, NOBODY, FULL } delivery;

static delivery deliver(loopback *hub, const jid *to, message *m)
{
    pthread_mutex_lock(&hub->lock);
    loop_link *l = find_online(hub, to);
    delivery d = !l ? NOBODY : l->inbox_bytes + m->len > INBOX_MAX ? FULL : DELIVERED;
    if (d == DELIVERED)
        enqueue(l, m);
    pthread_mutex_unlock(&hub->lock);
    if (d != DELIVERED)
        message_free(m);
    return d;
}

/* False without memory. */
static bool route(loop_link *sender, const head *h, const char *text, size_t len)
{
    const char *from = true_sender(sender, h);
    if (!passes_filter(sender->hub, from, h->to, text, len))
        return true;
    AUTO(jid_done) jid to = { 0 };
    jrpc_status status = jid_parse(h->to ? h->to : sender->name.bare, &to, NULL);
    if (status == JRPC_E_NOMEM)
        return false;
    if (status != JRPC_OK) {
        bounce(sender, h, "modify", "jid-malformed");
        return true;
    }
    message *m = message_new(from, text, len);
    if (!m)
        return false;
    switch (deliver(sender->hub, &to, m)) {
    case NOBODY:
        bounce(sender, h, "cancel", "service-unavailable");
        break;
    case FULL:
        bounce(sender, h, "wait", "resource-constraint");
        break;
    default:
        break;
    }
    return true;
}

static bool is_blank(const char *text, size_t len)
{
    while (len && memchr(" \t\r\n", text[len - 1], 4))
        len--;
    return len == 0;
}

static bool loop_send(jabber_link *base, const char *data, size_t len)
{
    loop_link *l = (loop_link *)base;
    if (l->state != LOOP_UP)
        return false;
    while (len) {
        size_t head_len = 0;
        bool empty = false;
        size_t n = xml_first_element(data, len, &head_len, &empty);
        head h;
        if (n == 0) {
            /* A server would close the stream upon this. */
            if (is_blank(data, len))
                return true;
            loopback_cut(l->hub, l->name.full);
            return false;
        }
        if (!head_parse(l->ctx, data, head_len, empty, &h))
            return false;
        bool ok = route(l, &h, data, n);
        xmpp_stanza_release(h.stanza);
        if (!ok)
            return false;
        data += n;
        len -= n;
    }
    return true;
}

bool loopback_inject(loopback *hub, const char *to, const char *stanza, size_t len)
{
    AUTO(jid_done) jid address = { 0 };
    size_t head_len = 0;
    bool empty = false;
    if (jid_parse(to, &address, NULL) != JRPC_OK || xml_first_element(stanza, len, &head_len, &empty) != len)
        return false;
    message *m = message_new(NULL, stanza, len);
    return m && deliver(hub, &address, m) == DELIVERED;
}

void loopback_cut(loopback *hub, const char *text)
{
    AUTO(jid_done) jid name = { 0 };
    if (jid_parse(text, &name, NULL) != JRPC_OK)
        return;
    pthread_mutex_lock(&hub->lock);
    loop_link *l = map_get_str(&hub->links, name.full);
    if (l && l->state != LOOP_DOWN) {
        l->cut = true;
        wake(l);
    }
    pthread_mutex_unlock(&hub->lock);
}

/* ---- the link ---- */

static void set_state(loop_link *l, loop_state state)
{
    pthread_mutex_lock(&l->hub->lock);
    l->state = state;
    pthread_mutex_unlock(&l->hub->lock);
}

static jrpc_status loop_start(jabber_link *base, jrpc_error *error)
{
    loop_link *l = (loop_link *)base;
    if (l->state != LOOP_DOWN)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_EXISTS, "%s is connected already", l->name.full);
    pthread_mutex_lock(&l->hub->lock);
    free_messages(take_inbox(l));
    l->cut = l->aborted = false;
    l->state = LOOP_STARTING;
    wake(l);
    pthread_mutex_unlock(&l->hub->lock);
    return JRPC_OK;
}

static link_wait loop_get_wait(const jabber_link *base)
{
    const loop_link *l = (const loop_link *)base;
    if (l->state == LOOP_DOWN)
        return (link_wait){ -1, 0, CLOCK_NEVER };
    return (link_wait){ l->fd, POLLIN, CLOCK_NEVER };
}

static void go_down(loop_link *l, jrpc_status status, const char *why)
{
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    pthread_mutex_lock(&l->hub->lock);
    l->state = LOOP_DOWN;
    message *lost = take_inbox(l);
    pthread_mutex_unlock(&l->hub->lock);
    free_messages(lost);
    error_set(&error, JRPC_ERROR_TRANSPORT, status, "%s", why);
    error_who(&error, l->name.full);
    l->callbacks.down(l->userdata, &error);
}

static void dispatch(loop_link *l, const message *m)
{
    xmpp_stanza_t *wrapper = xmpp_stanza_new_from_string(l->ctx, m->text);
    if (!wrapper)
        return;
    xmpp_stanza_t *stanza = xmpp_stanza_get_children(wrapper);
    while (stanza && !xmpp_stanza_is_tag(stanza))
        stanza = xmpp_stanza_get_next(stanza);
    if (stanza && (!m->from || xmpp_stanza_set_from(stanza, m->from) == XMPP_EOK))
        l->callbacks.stanza(l->userdata, stanza);
    xmpp_stanza_release(wrapper);
}

static void read_inbox(loop_link *l)
{
    pthread_mutex_lock(&l->hub->lock);
    message *m = take_inbox(l);
    pthread_mutex_unlock(&l->hub->lock);
    while (m) {
        message *next = m->next;
        dispatch(l, m);
        message_free(m);
        m = next;
    }
}

static void loop_process(jabber_link *base, int64_t now)
{
    loop_link *l = (loop_link *)base;
    UNUSED(now);
    uint64_t count = 0;
    if (l->state == LOOP_DOWN || (read(l->fd, &count, sizeof count) < 0 && l->state != LOOP_CLOSING))
        return;
    pthread_mutex_lock(&l->hub->lock);
    bool cut = l->cut, aborted = l->aborted;
    pthread_mutex_unlock(&l->hub->lock);
    if (cut || aborted) {
        go_down(l, aborted ? JRPC_E_CLOSED : JRPC_E_DISCONNECTED,
                aborted ? "aborted" : "the connection was cut");
        return;
    }
    if (l->state == LOOP_STARTING) {
        set_state(l, LOOP_UP);
        l->callbacks.up(l->userdata, l->name.full);
    }
    read_inbox(l);
    if (l->state == LOOP_CLOSING)
        go_down(l, JRPC_E_CLOSED, "closed");
}

static size_t loop_queued(const jabber_link *base)
{
    UNUSED(base);
    return 0;
}

static bool loop_is_up(const jabber_link *base)
{
    return ((const loop_link *)base)->state == LOOP_UP;
}

static void loop_close(jabber_link *base)
{
    loop_link *l = (loop_link *)base;
    if (l->state == LOOP_DOWN)
        return;
    set_state(l, LOOP_CLOSING);
    wake(l);
}

static void loop_abort(jabber_link *base)
{
    loop_link *l = (loop_link *)base;
    pthread_mutex_lock(&l->hub->lock);
    l->aborted = true;
    wake(l);
    pthread_mutex_unlock(&l->hub->lock);
}

static void loop_free(jabber_link *base)
{
    loop_link *l = (loop_link *)base;
    if (l->name.full) {
        pthread_mutex_lock(&l->hub->lock);
        if (map_get_str(&l->hub->links, l->name.full) == l)
            map_remove_str(&l->hub->links, l->name.full);
        free_messages(take_inbox(l));
        pthread_mutex_unlock(&l->hub->lock);
    }
    if (l->fd >= 0)
        close(l->fd);
    if (l->ctx)
        xmpp_ctx_free(l->ctx);
    jid_done(&l->name);
    free(l);
}

static const link_ops loop_ops = {
    loop_free,   loop_start, loop_get_wait, loop_process, loop_send,
    loop_queued, loop_is_up, loop_close,    loop_abort, NULL,         NULL,
};

static void loop_auto_free(loop_link **l)
{
    if (*l)
        loop_free(&(*l)->base);
}

/* Takes the name in the switch. */
static jrpc_status enlist(loop_link *l, jrpc_error *error)
{
    pthread_mutex_lock(&l->hub->lock);
    bool taken = map_get_str(&l->hub->links, l->name.full) != NULL;
    bool done = !taken && map_put_str(&l->hub->links, l->name.full, l);
    pthread_mutex_unlock(&l->hub->lock);
    if (taken)
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_EXISTS, "%s is taken", l->name.full);
    return done ? JRPC_OK : error_nomem(error);
}

jrpc_status loopback_link_new(loopback *hub, const char *jid_text, const link_callbacks *callbacks,
                              void *userdata, jabber_link **ret_link, jrpc_error *error)
{
    const char *why = NULL;
    AUTO(loop_auto_free) loop_link *l = library_init() ? calloc(1, sizeof *l) : NULL;
    if (!l)
        return error_nomem(error);
    l->base.ops = &loop_ops;
    l->hub = hub;
    l->callbacks = *callbacks;
    l->userdata = userdata;
    l->last = &l->first;
    l->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->ctx = xmpp_ctx_new(NULL, NULL);
    jrpc_status status = jid_parse(jid_text, &l->name, &why);
    if (l->fd < 0 || !l->ctx || status == JRPC_E_NOMEM)
        return error_nomem(error);
    if (status != JRPC_OK || (l->name.node && !l->name.resource))
        return error_set(error, JRPC_ERROR_LOCAL, JRPC_E_INVALID, "%s is no address for a link: %s", jid_text,
                         why ? why : "the resource is missing");
    status = enlist(l, error);
    if (status == JRPC_OK)
        *ret_link = &TAKE_PTR(l)->base;
    return status;
}
