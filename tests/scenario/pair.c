/* SPDX-License-Identifier: MIT */
/* Two sessions over one switch. */
#include "pair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"

/* ---- a link that can be kept from coming up ---- */

typedef struct fenced_link {
    jabber_link base;
    jabber_link *inner;
    atomic_int *fence;
} fenced_link;

static jabber_link *inner_of(const jabber_link *l)
{
    return ((const fenced_link *)l)->inner;
}

static void fenced_free(jabber_link *l)
{
    link_free(inner_of(l));
    free(l);
}

static jrpc_status fenced_start(jabber_link *l, jrpc_error *error)
{
    jrpc_status status = (jrpc_status)atomic_load(((fenced_link *)l)->fence);
    if (status != JRPC_OK)
        return error_set(error, JRPC_ERROR_TRANSPORT, status, "there is a fence");
    return link_start(inner_of(l), error);
}

static link_wait fenced_get_wait(const jabber_link *l)
{
    return link_get_wait(inner_of(l));
}

static void fenced_process(jabber_link *l, int64_t now)
{
    link_process(inner_of(l), now);
}

static bool fenced_send(jabber_link *l, const char *data, size_t len)
{
    return link_send(inner_of(l), data, len);
}

static size_t fenced_queued(const jabber_link *l)
{
    return link_queued(inner_of(l));
}

static bool fenced_is_up(const jabber_link *l)
{
    return link_is_up(inner_of(l));
}

static void fenced_close(jabber_link *l)
{
    link_close(inner_of(l));
}

static void fenced_abort(jabber_link *l)
{
    link_abort(inner_of(l));
}

typedef struct link_recipe {
    pair *p;
    const char *jid;
} link_recipe;

static jrpc_status make_link(const link_callbacks *callbacks, void *callbacks_userdata, void *userdata,
                             jabber_link **ret_link, jrpc_error *error)
{
    static const link_ops ops = { fenced_free, fenced_start,  fenced_get_wait, fenced_process, fenced_send,
                                  fenced_queued, fenced_is_up, fenced_close,   fenced_abort, NULL,          NULL };
    const link_recipe *recipe = userdata;
    autofree fenced_link *l = calloc(1, sizeof *l);
    if (!l)
        return error_nomem(error);
    l->base.ops = &ops;
    l->fence = &recipe->p->fence;
    jrpc_status status =
        loopback_link_new(recipe->p->hub, recipe->jid, callbacks, callbacks_userdata, &l->inner, error);
    if (status == JRPC_OK)
        *ret_link = &TAKE_PTR(l)->base;
    return status;
}

/* ---- the service ---- */

typedef struct pair_impl {
    jrpc_status (*add)(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_sum);
    jrpc_status (*text)(jrpc_call *call, const char *text, char **ret_text);
    jrpc_status (*slow)(jrpc_call *call);
    jrpc_status (*break_it)(jrpc_call *call, int32_t number);
    jrpc_status (*fault)(jrpc_call *call);
    jrpc_status (*large)(jrpc_call *call, int32_t size, char **ret_text);
    jrpc_status (*nest)(jrpc_call *call, int32_t levels, int32_t *ret_sum);
    jrpc_status (*run_inline)(jrpc_call *call, int32_t *ret_status);
    jrpc_status (*two_calls)(jrpc_call *call);
    jrpc_status (*missing)(jrpc_call *call);
    jrpc_status (*later)(jrpc_call *call, int32_t number, int32_t *ret_double);
    jrpc_status (*note)(jrpc_call *call, int32_t number);
} pair_impl;

enum { ADD, TEXT, SLOW, BREAK, FAULT, LARGE, NEST, INLINE, TWO_CALLS, MISSING, LATER, NOTE };

static jrpc_status serve_add(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_sum)
{
    UNUSED(call);
    *ret_sum = a + b;
    return JRPC_OK;
}

static jrpc_status serve_text(jrpc_call *call, const char *text, char **ret_text)
{
    UNUSED(call);
    *ret_text = jrpc_strdup(text);
    return *ret_text ? JRPC_OK : JRPC_E_NOMEM;
}

static jrpc_status serve_slow(jrpc_call *call)
{
    pair *p = jrpc_call_userdata(call);
    pthread_mutex_lock(&p->lock);
    p->waiting++;
    pthread_cond_broadcast(&p->changed);
    while (!p->gate_is_open)
        pthread_cond_wait(&p->changed, &p->lock);
    p->waiting--;
    pthread_mutex_unlock(&p->lock);
    return JRPC_OK;
}

static jrpc_status serve_break(jrpc_call *call, int32_t number)
{
    char text[] = "broken <here>";
    return jrpc_call_raise(call, &pair_broken_exception, &(pair_broken){ number, text });
}

static jrpc_status serve_fault(jrpc_call *call)
{
    return jrpc_call_fault(call, 7, "no such file: %s", "x");
}

static jrpc_status serve_large(jrpc_call *call, int32_t size, char **ret_text)
{
    UNUSED(call);
    *ret_text = jrpc_alloc((size_t)size + 1);
    if (!*ret_text)
        return JRPC_E_NOMEM;
    memset(*ret_text, 'x', (size_t)size);
    (*ret_text)[size] = '\0';
    return JRPC_OK;
}

static void free_peer(jrpc_peer **peer)
{
    jrpc_peer_free(*peer);
}

/* The same call by future. */
static jrpc_status nest_by_future(jrpc_peer *peer, int32_t levels, int32_t *ret_sum)
{
    jrpc_future *future = NULL;
    const jrpc_method *method = pair_method("Nest");
    jrpc_status status = jrpc_send(peer, method, (const void *[]){ &levels }, NULL, NULL, &future, NULL);
    if (status != JRPC_OK)
        return status;
    status = jrpc_wait_all(&future, 1, -1, NULL);
    if (status == JRPC_OK)
        return jrpc_finish(future, method, (void *[]){ ret_sum }, NULL);
    jrpc_future_free(future);
    return status;
}

static jrpc_status serve_nest(jrpc_call *call, int32_t levels, int32_t *ret_sum)
{
    if (levels == 0)
        return JRPC_OK;
    AUTO(free_peer) jrpc_peer *back = NULL;
    int32_t sum = 0;
    jrpc_status status = jrpc_peer_new(jrpc_call_session(call), jrpc_call_caller(call), &back, NULL);
    if (status == JRPC_OK)
        status =
            levels % 2 ? nest_by_future(back, levels - 1, &sum) : pair_nest(back, levels - 1, &sum, NULL);
    *ret_sum = levels + sum;
    return status;
}

static jrpc_status serve_inline(jrpc_call *call, int32_t *ret_status)
{
    AUTO(free_peer) jrpc_peer *back = NULL;
    int32_t sum = 0;
    jrpc_status status = jrpc_peer_new(jrpc_call_session(call), jrpc_call_caller(call), &back, NULL);
    *ret_status = status == JRPC_OK ? pair_add(back, 1, 2, &sum, NULL) : status;
    return JRPC_OK;
}

static jrpc_status serve_two_calls(jrpc_call *call)
{
    pair *p = jrpc_call_userdata(call);
    AUTO(free_peer) jrpc_peer *back = NULL;
    jrpc_status status = jrpc_peer_new(jrpc_call_session(call), jrpc_call_caller(call), &back, NULL);
    for (size_t i = 0; status == JRPC_OK && i < 2; i++) {
        jrpc_status how = pair_slow(back, NULL);
        pthread_mutex_lock(&p->lock);
        p->nested[i] = how;
        pthread_mutex_unlock(&p->lock);
    }
    return status;
}

static void *answer_at_once(void *call)
{
    pair_answer_later(call, -1);
    return NULL;
}

static jrpc_status serve_later(jrpc_call *call, int32_t number, int32_t *ret_double)
{
    pair *p = jrpc_call_userdata(call);
    UNUSED(ret_double);
    jrpc_call_defer(call);
    if (number < 0) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, answer_at_once, call), 0);
        pthread_join(thread, NULL);
        return JRPC_OK;
    }
    pthread_mutex_lock(&p->lock);
    assert_true(p->later_count < COUNT_OF(p->later));
    p->later[p->later_count++] = call;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    return JRPC_OK;
}

static jrpc_status serve_note(jrpc_call *call, int32_t number)
{
    pair *p = jrpc_call_userdata(call);
    pthread_mutex_lock(&p->lock);
    p->noted += number;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    return JRPC_OK;
}

static const pair_impl impl = { serve_add,       serve_text,  serve_slow,  serve_break,
                                serve_fault,     serve_large, serve_nest,  serve_inline,
                                serve_two_calls, NULL,        serve_later, serve_note };

static const jrpc_field broken_fields[] = {
    { .name = "number", .type = &jrpc_type_i32, .offset = offsetof(pair_broken, number) },
    { .name = "text", .type = &jrpc_type_string, .offset = offsetof(pair_broken, text) },
};
static const jrpc_type broken_type = {
    .kind = JRPC_KIND_STRUCT,
    .size = sizeof(pair_broken),
    .count = 2,
    .name = "Broken",
    .fields = broken_fields,
};
const jrpc_exception pair_broken_exception = { "Pair::Broken", 42, 0, &broken_type, NULL };
static const jrpc_exception *const break_raises[] = { &pair_broken_exception };

static const jrpc_param two_numbers[] = {
    { .name = "a", .type = &jrpc_type_i32, .direction = JRPC_IN },
    { .name = "b", .type = &jrpc_type_i32, .direction = JRPC_IN },
};
static const jrpc_param one_text[] = { { .name = "text", .type = &jrpc_type_string, .direction = JRPC_IN } };

#define METHOD(SLOT, NAME) .name = NAME, .wire_name = NAME, .interface_ = &pair_interface, .slot = SLOT
#define NUMBER .params = two_numbers, .param_count = 1

static const jrpc_method methods[] = {
    [ADD] = { METHOD(ADD, "Add"), .params = two_numbers, .param_count = 2, .result = &jrpc_type_i32 },
    [TEXT] = { METHOD(TEXT, "Text"), .params = one_text, .param_count = 1, .result = &jrpc_type_string },
    [SLOW] = { METHOD(SLOW, "Slow") },
    [BREAK] = { METHOD(BREAK, "Break"), NUMBER, .exceptions = break_raises, .exception_count = 1 },
    [FAULT] = { METHOD(FAULT, "Fault") },
    [LARGE] = { METHOD(LARGE, "Large"), NUMBER, .result = &jrpc_type_string },
    [NEST] = { METHOD(NEST, "Nest"), NUMBER, .result = &jrpc_type_i32 },
    [INLINE] = { METHOD(INLINE, "Inline"), .result = &jrpc_type_i32, .flags = JRPC_METHOD_INLINE },
    [TWO_CALLS] = { METHOD(TWO_CALLS, "TwoCalls") },
    [MISSING] = { METHOD(MISSING, "Missing") },
    [LATER] = { METHOD(LATER, "Later"), NUMBER, .result = &jrpc_type_i32 },
    [NOTE] = { METHOD(NOTE, "Note"), NUMBER, .flags = JRPC_METHOD_ONEWAY },
};
const jrpc_interface pair_interface = { JRPC_DESC_ABI, COUNT_OF(methods), "Pair", methods, NULL };

jrpc_status pair_add(jrpc_peer *peer, int32_t a, int32_t b, int32_t *ret_sum, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[ADD], (const void *[]){ &a, &b }, (void *[]){ ret_sum }, error);
}

jrpc_status pair_text(jrpc_peer *peer, const char *text, char **ret_text, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[TEXT], (const void *[]){ &text }, (void *[]){ ret_text }, error);
}

jrpc_status pair_slow(jrpc_peer *peer, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[SLOW], NULL, NULL, error);
}

jrpc_status pair_break(jrpc_peer *peer, int32_t number, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[BREAK], (const void *[]){ &number }, NULL, error);
}

jrpc_status pair_fault(jrpc_peer *peer, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[FAULT], NULL, NULL, error);
}

jrpc_status pair_large(jrpc_peer *peer, int32_t size, char **ret_text, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[LARGE], (const void *[]){ &size }, (void *[]){ ret_text }, error);
}

jrpc_status pair_nest(jrpc_peer *peer, int32_t levels, int32_t *ret_sum, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[NEST], (const void *[]){ &levels }, (void *[]){ ret_sum }, error);
}

jrpc_status pair_inline(jrpc_peer *peer, int32_t *ret_status, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[INLINE], NULL, (void *[]){ ret_status }, error);
}

jrpc_status pair_two_calls(jrpc_peer *peer, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[TWO_CALLS], NULL, NULL, error);
}

jrpc_status pair_later(jrpc_peer *peer, int32_t number, int32_t *ret_double, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[LATER], (const void *[]){ &number }, (void *[]){ ret_double }, error);
}

void pair_answer_later(jrpc_call *call, int32_t value)
{
    jrpc_call_reply(call, &methods[LATER], (const void *[]){ &value });
}

jrpc_status pair_note(jrpc_peer *peer, int32_t number, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[NOTE], (const void *[]){ &number }, NULL, error);
}

const jrpc_method *pair_method(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (strcmp(methods[i].wire_name, name) == 0)
            return &methods[i];
    }
    fail_msg("no method %s", name);
    return NULL;
}

jrpc_status pair_missing(jrpc_peer *peer, jrpc_error *error)
{
    return jrpc_invoke(peer, &methods[MISSING], NULL, NULL, error);
}

/* ---- life ---- */

jrpc_status pair_session(pair *p, const char *address, const jrpc_session_options *options,
                         jrpc_session **ret_session, jrpc_error *error)
{
    link_recipe recipe = { p, address };
    return session_open(options, make_link, &recipe, ret_session, error);
}

static jrpc_session *open_serving(pair *p, const char *address, const jrpc_session_options *options)
{
    jrpc_session *session = NULL;
    assert_int_equal(pair_session(p, address, options, &session, NULL), JRPC_OK);
    assert_int_equal(jrpc_serve(session, &pair_interface, &impl, p, NULL), JRPC_OK);
    assert_int_equal(jrpc_session_allow(session, "*@localhost", NULL), JRPC_OK);
    return session;
}

pair *pair_open_two(const jrpc_session_options *of_a, const jrpc_session_options *of_b)
{
    pair *p = calloc(1, sizeof *p);
    assert_non_null(p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&p->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    p->hub = loopback_new();
    assert_non_null(p->hub);
    p->a = open_serving(p, PAIR_A, of_a);
    p->b = open_serving(p, PAIR_B, of_b);
    assert_int_equal(jrpc_peer_new(p->a, PAIR_B, &p->to_b, NULL), JRPC_OK);
    assert_int_equal(jrpc_peer_new(p->b, PAIR_A, &p->to_a, NULL), JRPC_OK);
    return p;
}

pair *pair_open(const jrpc_session_options *options)
{
    return pair_open_two(options, options);
}

void pair_take_b_for_plain(pair *p)
{
    pthread_mutex_lock(&p->a->lock);
    contact *c = contact_take(p->a, PAIR_B);
    assert_non_null(c);
    c->knowledge = CONTACT_PLAIN;
    c->plain_until = CLOCK_NEVER;
    contact_release(c);
    pthread_mutex_unlock(&p->a->lock);
}

void pair_close_a(pair *p)
{
    jrpc_session_close(p->a);
    jrpc_peer_free(p->to_b);
    p->a = NULL;
    p->to_b = NULL;
}

void pair_close_b(pair *p)
{
    jrpc_session_close(p->b);
    jrpc_peer_free(p->to_a);
    p->b = NULL;
    p->to_a = NULL;
}

void pair_close(pair *p)
{
    loopback_set_filter(p->hub, NULL, NULL);
    pair_open_gate(p);
    pair_close_a(p);
    pair_close_b(p);
    loopback_free(p->hub);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* ---- waiting ---- */

typedef bool fact_fn(const pair *p, int64_t wanted);

static void wait_for(pair *p, fact_fn *fact, int64_t wanted)
{
    int64_t moment = clock_after(clock_now(), PAIR_PATIENCE_MS);
    struct timespec until = { .tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000 };
    pthread_mutex_lock(&p->lock);
    while (!fact(p, wanted) && pthread_cond_timedwait(&p->changed, &p->lock, &until) != ETIMEDOUT)
        continue;
    bool met = fact(p, wanted);
    pthread_mutex_unlock(&p->lock);
    assert_true(met);
}

static bool are_waiting(const pair *p, int64_t wanted)
{
    return p->waiting >= wanted;
}

static bool are_later(const pair *p, int64_t wanted)
{
    return p->later_count >= wanted;
}

static bool are_noted(const pair *p, int64_t wanted)
{
    return p->noted == wanted;
}

void pair_wait_waiting(pair *p, unsigned count)
{
    wait_for(p, are_waiting, count);
}

void pair_wait_later(pair *p, unsigned count)
{
    wait_for(p, are_later, count);
}

void pair_wait_noted(pair *p, int64_t sum)
{
    wait_for(p, are_noted, sum);
}

void pair_open_gate(pair *p)
{
    pthread_mutex_lock(&p->lock);
    p->gate_is_open = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
}

typedef bool condition_fn(jrpc_session *session, uint64_t wanted);

/* The library tells nobody of these changes: looked at again and again, up to a deadline. */
static void wait_until(jrpc_session *session, condition_fn *condition, uint64_t wanted)
{
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    for (;;) {
        pthread_mutex_lock(&session->lock);
        bool met = condition(session, wanted);
        pthread_mutex_unlock(&session->lock);
        if (met)
            return;
        if (clock_now() > until)
            fail_msg("not within %d ms", PAIR_PATIENCE_MS);
        nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
    }
}

static bool has_pending(jrpc_session *session, uint64_t wanted)
{
    return session->calls == wanted;
}

static bool has_attempts(jrpc_session *session, uint64_t least)
{
    return session->attempts >= least;
}

static bool has_unflushed(jrpc_session *session, uint64_t bytes)
{
    return session->out.len + session->link_queued == bytes;
}

static bool has_state(jrpc_session *session, uint64_t wanted)
{
    return session->state == (session_state)wanted;
}

static bool has_stray(jrpc_session *session, uint64_t wanted)
{
    return session->stray >= wanted;
}

void pair_wait_pending(jrpc_session *session, size_t count)
{
    wait_until(session, has_pending, count);
}

void pair_wait_flushed(jrpc_session *session)
{
    wait_until(session, has_unflushed, 0);
}

void pair_wait_attempts(jrpc_session *session, unsigned count)
{
    wait_until(session, has_attempts, count);
}

void pair_wait_state(jrpc_session *session, session_state state)
{
    wait_until(session, has_state, state);
}

void pair_wait_stray(jrpc_session *session, uint64_t count)
{
    wait_until(session, has_stray, count);
}

int64_t pair_since(int64_t started)
{
    return (clock_now() - started) / CLOCK_MS;
}

/* ---- what goes over the switch ---- */

bool pair_id(const char *stanza, char *ret_id, size_t room)
{
    const char *begin = strstr(stanza, " id='");
    const char *end = begin ? strchr(begin + 5, '\'') : NULL;
    if (!end || (size_t)(end - begin) >= room)
        return false;
    memcpy(ret_id, begin + 5, (size_t)(end - begin) - 5);
    ret_id[end - begin - 5] = '\0';
    return true;
}

bool pair_is_request(const char *stanza)
{
    return strncmp(stanza, "<iq type='set'", 14) == 0;
}

void pair_inject(pair *p, const char *to, const char *format, ...)
{
    AUTO(buf_done) buf stanza = BUF_INIT;
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&stanza, format, ap);
    va_end(ap);
    assert_true(loopback_inject(p->hub, to, stanza.data, stanza.len));
}

void pair_inject_answer(pair *p, const char *from, const char *id, const char *content)
{
    pair_inject(p, PAIR_A,
                "<iq type='result' id='%s' from='%s' to='" PAIR_A
                "'><query xmlns='jabber:iq:rpc'><methodResponse>%s"
                "</methodResponse></query></iq>",
                id, from, content);
}
