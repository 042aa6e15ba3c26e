/* SPDX-License-Identifier: MIT */
/* A caller and a callee. */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/command.h>

#include "../../unit/wire_zoo.h"
#include "base/mem.h"
#include "session.h"

typedef struct service_impl {
    jrpc_status (*zoo)(jrpc_call *call, const zoo *value, zoo *ret_value);
    jrpc_status (*any)(jrpc_call *call, xmlrpc_value *value, xmlrpc_value **ret_value);
    jrpc_status (*add)(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_sum);
    jrpc_status (*split)(jrpc_call *call, const char *text, int32_t *at, char **rest, char **ret_text);
    jrpc_status (*get)(jrpc_call *call, point *p);
    jrpc_status (*ping)(jrpc_call *call);
} service_impl;

static jrpc_status serve_zoo(jrpc_call *call, const zoo *value, zoo *ret_value)
{
    static const no_money money = { 5, NULL };
    if (value->i32 == 99)
        return jrpc_call_raise(call, &no_money_exception, &money);
    return jrpc_value_copy(&zoo_type, value, ret_value);
}

static jrpc_status serve_any(jrpc_call *call, xmlrpc_value *value, xmlrpc_value **ret_value)
{
    UNUSED(call);
    xmlrpc_INCREF(value);
    *ret_value = value;
    return JRPC_OK;
}

static jrpc_status serve_add(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_sum)
{
    UNUSED(call);
    *ret_sum = (int32_t)((uint32_t)a + (uint32_t)b);
    return JRPC_OK;
}

static jrpc_status serve_split(jrpc_call *call, const char *text, int32_t *at, char **rest, char **ret_text)
{
    UNUSED(call);
    UNUSED(rest);
    *at = (int32_t)strlen(text);
    *ret_text = strdup(text);
    return *ret_text ? JRPC_OK : JRPC_E_NOMEM;
}

static jrpc_status serve_get(jrpc_call *call, point *p)
{
    UNUSED(call);
    p->x = 1;
    return JRPC_OK;
}

static jrpc_status serve_ping(jrpc_call *call)
{
    service *s = jrpc_call_userdata(call);
    s->pings++;
    return JRPC_OK;
}

static const service_impl impl = { serve_zoo, serve_any, serve_add, serve_split, serve_get, serve_ping };

static const jrpc_param zoo_params[] = { { .name = "value", .type = &zoo_type, .direction = JRPC_IN } };
static const jrpc_param any_params[] = { { .name = "value", .type = &jrpc_type_any, .direction = JRPC_IN } };
static const jrpc_param add_params[] = { { .name = "a", .type = &jrpc_type_i32, .direction = JRPC_IN },
                                         { .name = "b", .type = &jrpc_type_i32, .direction = JRPC_IN } };
static const jrpc_param split_params[] = { { .name = "text", .type = &jrpc_type_string, .direction = JRPC_IN },
                                           { .name = "at", .type = &jrpc_type_i32, .direction = JRPC_OUT },
                                           { .name = "rest", .type = &jrpc_type_string, .direction = JRPC_INOUT } };
static const jrpc_param get_params[] = { { .name = "p", .type = &point_type, .direction = JRPC_OUT } };
static const jrpc_exception *const raises[] = { &no_money_exception };

#define METHOD(SLOT, NAME) \
    .name = NAME, .wire_name = NAME, .interface_ = &service_interface, .slot = SLOT, .flags = JRPC_METHOD_INLINE

static const jrpc_method methods[] = {
    [SERVICE_ZOO] = { METHOD(SERVICE_ZOO, "zoo"), .params = zoo_params, .param_count = 1, .result = &zoo_type,
                      .exceptions = raises, .exception_count = 1 },
    [SERVICE_ANY] = { METHOD(SERVICE_ANY, "any"), .params = any_params, .param_count = 1, .result = &jrpc_type_any },
    [SERVICE_ADD] = { METHOD(SERVICE_ADD, "add"), .params = add_params, .param_count = 2, .result = &jrpc_type_i32 },
    [SERVICE_SPLIT] = { METHOD(SERVICE_SPLIT, "split"), .params = split_params, .param_count = 3,
                        .result = &jrpc_type_string },
    [SERVICE_GET] = { METHOD(SERVICE_GET, "get"), .params = get_params, .param_count = 1 },
    [SERVICE_PING] = { METHOD(SERVICE_PING, "ping") },
};
const jrpc_interface service_interface = { JRPC_DESC_ABI, COUNT_OF(methods), "Fuzz", methods, NULL };

typedef struct recipe {
    loopback *hub;
    const char *jid;
} recipe;

static jrpc_status make_link(const link_callbacks *callbacks, void *callbacks_userdata, void *userdata,
                             jabber_link **ret_link, jrpc_error *error)
{
    const recipe *r = userdata;
    return loopback_link_new(r->hub, r->jid, callbacks, callbacks_userdata, ret_link, error);
}

static void must(bool truth)
{
    if (!truth)
        abort();
}

static jrpc_session *open_session(loopback *hub, const char *name)
{
    jrpc_session_options wanted = JRPC_SESSION_OPTIONS_INIT;
    wanted.mode = JRPC_MODE_CALLER;
    wanted.inline_handlers = true;
    wanted.small_stack = true;
    recipe r = { hub, name };
    jrpc_session *session = NULL;
    must(session_open(&wanted, make_link, &r, &session, NULL) == JRPC_OK);
    return session;
}

static service the_service;

static void close_service(void)
{
    jrpc_peer_free(the_service.peer);
    jrpc_session_close(the_service.caller);
    jrpc_session_close(the_service.callee);
    loopback_free(the_service.hub);
}

service *service_get(void)
{
    service *s = &the_service;
    if (s->hub)
        return s;
    s->hub = loopback_new();
    must(s->hub);
    s->caller = open_session(s->hub, SERVICE_CALLER);
    s->callee = open_session(s->hub, SERVICE_CALLEE);
    must(jrpc_serve(s->callee, &service_interface, &impl, s, NULL) == JRPC_OK);
    must(jrpc_commands_serve(s->callee, JRPC_COMMANDS_FORMS, NULL) == JRPC_OK);
    must(jrpc_session_allow(s->callee, "*@localhost", NULL) == JRPC_OK);
    must(jrpc_peer_new(s->caller, SERVICE_CALLEE, &s->peer, NULL) == JRPC_OK);
    atexit(close_service);
    service_check(s);
    return s;
}

bool service_inject(service *s, const char *to, const buf *text)
{
    static xmpp_ctx_t *ctx;
    if (!ctx)
        ctx = xmpp_ctx_new(NULL, NULL);
    must(ctx);
    xmpp_stanza_t *tree = memchr(text->data, '\0', text->len) ? NULL : xmpp_stanza_new_from_string(ctx, text->data);
    if (!tree)
        return false;
    xmpp_stanza_release(tree);
    return loopback_inject(s->hub, to, text->data, text->len);
}

bool service_catch_call(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(from);
    UNUSED(to);
    if (!memmem(stanza, len, "<methodCall>", 12))
        return true;
    const char *start = strstr(stanza, "id='");
    must(start && sscanf(start, "id='%127[^']", (char *)userdata) == 1);
    return false;
}

void service_run(service *s)
{
    /* More rounds than any exchange needs; each does what can be done without waiting. */
    for (int i = 0; i < 6; i++) {
        must(jrpc_session_process(s->caller, NULL) == JRPC_OK);
        must(jrpc_session_process(s->callee, NULL) == JRPC_OK);
    }
}

void service_check(service *s)
{
    static const int32_t a = 3, b = 4;
    int32_t sum = 0;
    jrpc_future *future = NULL;
    must(jrpc_send(s->peer, &methods[SERVICE_ADD], (const void *[]){ &a, &b }, NULL, NULL, &future, NULL) == JRPC_OK);
    service_run(s);
    must(jrpc_future_is_done(future));
    must(jrpc_finish(future, &methods[SERVICE_ADD], (void *[]){ &sum }, NULL) == JRPC_OK);
    must(sum == 7);
}
