/* SPDX-License-Identifier: MIT */
/* One method of a registry of xmlrpc-c's. */
#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <xmlrpc-c/server.h>

#include "base/mem.h"
#include "link/library.h"
#include "serve/mount.h"
#include "wire/envelope.h"

/* ---- turns ---- */

struct turn {
    pthread_mutex_t lock;
    const struct xmlrpc_registry *source;
    size_t uses;
    turn *next;
};

/* Of all sessions: a registry may be served by several. */
static pthread_mutex_t turns_lock = PTHREAD_MUTEX_INITIALIZER;
static turn *turns;

static turn *new_turn(const struct xmlrpc_registry *source)
{
    turn *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    pthread_mutex_init(&t->lock, NULL);
    t->source = source;
    t->next = turns;
    turns = t;
    return t;
}

static turn *turn_of(const struct xmlrpc_registry *source)
{
    pthread_mutex_lock(&turns_lock);
    turn *t = turns;
    while (t && t->source != source)
        t = t->next;
    if (!t)
        t = new_turn(source);
    if (t)
        t->uses++;
    pthread_mutex_unlock(&turns_lock);
    return t;
}

static void leave_turn(turn *t)
{
    pthread_mutex_lock(&turns_lock);
    if (--t->uses == 0) {
        turn **at = &turns;
        while (*at != t)
            at = &(*at)->next;
        *at = t->next;
        pthread_mutex_destroy(&t->lock);
        free(t);
    }
    pthread_mutex_unlock(&turns_lock);
}

void mounted_enter(const mounted *m)
{
    if (!m->turn || pthread_mutex_trylock(&m->turn->lock) == 0)
        return;
    worker_wait_begin();
    pthread_mutex_lock(&m->turn->lock);
    worker_wait_end();
}

void mounted_leave(const mounted *m)
{
    if (m->turn)
        pthread_mutex_unlock(&m->turn->lock);
}

/* ---- life ---- */

mounted *mounted_new(struct xmlrpc_registry *source, const char *name, bool parallel)
{
    mounted *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->source = source;
    m->name = strdup(name);
    m->turn = parallel ? NULL : turn_of(source);
    if (m->name && (parallel || m->turn))
        return m;
    mounted_free(m);
    return NULL;
}

void mounted_free(mounted *m)
{
    if (!m)
        return;
    if (m->turn)
        leave_turn(m->turn);
    if (m->signatures)
        xmlrpc_DECREF(m->signatures);
    described_free(m->described);
    free(m->name);
    free(m);
}

const struct xmlrpc_registry *mounted_registry(const mounted *m)
{
    return m->source;
}

xmlrpc_value *mounted_signatures(const mounted *m)
{
    xmlrpc_INCREF(m->signatures);
    return m->signatures;
}

/* ---- parameters ---- */

static void release(xmlrpc_value **value)
{
    if (*value)
        xmlrpc_DECREF(*value);
}
#define AUTO_VALUE AUTO(release) xmlrpc_value *
#define AUTO_ENV AUTO(xmlrpc_env_clean) xmlrpc_env

/* The one signature for so many parameters: a new reference, or NULL. */
static xmlrpc_value *signature_for(xmlrpc_env *env, xmlrpc_value *signatures, int count)
{
    if (xmlrpc_value_type(signatures) != XMLRPC_TYPE_ARRAY)
        return NULL;
    AUTO_VALUE found = NULL;
    int len = xmlrpc_array_size(env, signatures);
    for (int i = 0; i < len; i++) {
        AUTO_VALUE one = NULL;
        xmlrpc_array_read_item(env, signatures, (unsigned)i, &one);
        if (env->fault_occurred || xmlrpc_value_type(one) != XMLRPC_TYPE_ARRAY)
            return NULL;
        if (xmlrpc_array_size(env, one) != count + 1)
            continue;
        if (found)
            return NULL;
        found = TAKE_PTR(one);
    }
    return TAKE_PTR(found);
}

static bool is_named(xmlrpc_env *env, xmlrpc_value *signature, int index, const char *type)
{
    AUTO_VALUE item = NULL;
    const char *text = NULL;
    xmlrpc_array_read_item(env, signature, (unsigned)index, &item);
    if (!env->fault_occurred)
        xmlrpc_read_string(env, item, &text);
    bool named = text && strcmp(text, type) == 0;
    free((void *)(uintptr_t)text);
    return named;
}

/* A new reference. */
static xmlrpc_value *widen_one(xmlrpc_env *env, xmlrpc_value *signature, int index, xmlrpc_value *value)
{
    int number = 0;
    if (xmlrpc_value_type(value) == XMLRPC_TYPE_INT) {
        xmlrpc_read_int(env, value, &number);
        if (is_named(env, signature, index + 1, "i8"))
            return xmlrpc_i8_new(env, number);
        if (is_named(env, signature, index + 1, "double"))
            return xmlrpc_double_new(env, number);
    }
    xmlrpc_INCREF(value);
    return value;
}

static bool has_int(xmlrpc_env *env, xmlrpc_value *params, int count)
{
    for (int i = 0; i < count; i++) {
        AUTO_VALUE item = NULL;
        xmlrpc_array_read_item(env, params, (unsigned)i, &item);
        if (!env->fault_occurred && xmlrpc_value_type(item) == XMLRPC_TYPE_INT)
            return true;
    }
    return false;
}

xmlrpc_value *mounted_widen(const mounted *m, xmlrpc_value *params)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    int count = xmlrpc_array_size(&env, params);
    AUTO_VALUE signature = has_int(&env, params, count) ? signature_for(&env, m->signatures, count) : NULL;
    if (!signature) {
        xmlrpc_INCREF(params);
        return params;
    }
    AUTO_VALUE wide = xmlrpc_array_new(&env);
    for (int i = 0; i < count && !env.fault_occurred; i++) {
        AUTO_VALUE item = NULL;
        AUTO_VALUE instead = NULL;
        xmlrpc_array_read_item(&env, params, (unsigned)i, &item);
        if (!env.fault_occurred)
            instead = widen_one(&env, signature, i, item);
        if (!env.fault_occurred)
            xmlrpc_array_append_item(&env, wide, instead);
    }
    return env.fault_occurred ? NULL : TAKE_PTR(wide);
}

/* ---- calls ---- */

/*
 * Without the line ends that xmlrpc-c puts behind its tags: each would become a node of its own, and libstrophe's time
 * grows with the square of their number. A carriage return of a text's own is written as a reference.
 */
static void append_compact(buf *out, const char *text, const char *end)
{
    for (const char *stop; text < end; text = stop + 1) {
        stop = memchr(text, '\r', (size_t)(end - text));
        if (!stop)
            stop = end;
        buf_append(out, text, (size_t)(stop - text));
        if (stop + 1 < end && stop[1] == '\n')
            stop++;
    }
}

/* What the registry wrote, in our own envelope. */
static void wrap(buf *out, xmlrpc_mem_block *answer)
{
    const char *text = XMLRPC_MEMBLOCK_CONTENTS(char, answer), *end = text + XMLRPC_MEMBLOCK_SIZE(char, answer);
    const char *begin = memmem(text, (size_t)(end - text), "<methodResponse", strlen("<methodResponse"));
    buf_append_lit(out, "<query xmlns='" WIRE_NS_RPC "'>");
    append_compact(out, begin ? begin : end, end);
    buf_append_lit(out, "</query>");
}

static jrpc_status read_answer(xmpp_stanza_t *query, const wire_limits *limits, xmlrpc_value **ret_result,
                               mounted_fault *ret_fault, wire_failure *failure)
{
    AUTO(envelope_reply_done) envelope_reply reply = { 0 };
    jrpc_status status = query ? envelope_read_reply(query, &reply, failure)
                               : failure_set(failure, JRPC_E_INVALID, "not XML: a character that it cannot have?");
    if (status != JRPC_OK)
        return status;
    if (reply.is_fault) {
        *ret_fault = (mounted_fault){ reply.fault_code, TAKE_PTR(reply.fault_text) };
        return JRPC_E_FAULT;
    }
    wire_decoder d;
    wire_decoder_init(&d, limits, NULL);
    status = envelope_read_value_result(&d, &reply, ret_result);
    if (status != JRPC_OK)
        *failure = d.failure;
    return status;
}

/* As our own decoder reads what comes from peers: with its limits, and none of xmlrpc-c's. */
static jrpc_status read_text(const buf *text, const mounted_limits *limits, xmlrpc_value **ret_result,
                             mounted_fault *ret_fault, wire_failure *failure)
{
    if (!buf_failed(text) && text->len > limits->answer)
        return failure_set(failure, JRPC_E_TOO_LARGE, "%zu bytes, the limit is %zu", text->len, limits->answer);
    xmpp_ctx_t *ctx = !buf_failed(text) && library_init() ? xmpp_ctx_new(NULL, NULL) : NULL;
    if (!ctx)
        return failure_set(failure, JRPC_E_NOMEM, "out of memory");
    xmpp_stanza_t *query = xmpp_stanza_new_from_string(ctx, text->data);
    jrpc_status status = read_answer(query, &limits->values, ret_result, ret_fault, failure);
    if (query)
        xmpp_stanza_release(query);
    xmpp_ctx_free(ctx);
    return status;
}

jrpc_status mounted_call(struct xmlrpc_registry *source, const char *text, size_t len, void *call_info,
                         const mounted_limits *limits, xmlrpc_value **ret_result, mounted_fault *ret_fault,
                         wire_failure *failure)
{
    AUTO_ENV env;
    xmlrpc_env_init(&env);
    AUTO(buf_done) buf answer = BUF_INIT;
    xmlrpc_mem_block *block = NULL;
    xmlrpc_registry_process_call2(&env, source, text, len, call_info, &block);
    if (env.fault_occurred)
        return failure_set(failure, JRPC_E_INVALID, "xmlrpc-c: %s", env.fault_string);
    wrap(&answer, block);
    XMLRPC_MEMBLOCK_FREE(char, block);
    return read_text(&answer, limits, ret_result, ret_fault, failure);
}
