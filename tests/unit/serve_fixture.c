/* SPDX-License-Identifier: MIT */
/* A server without a stream. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "serve_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/library.h"

enum { PATIENCE_MS = 20000 };

/* ---- the service ---- */

typedef struct service_impl {
    jrpc_status (*rotate)(jrpc_call *call, const char *text, char **ret_text);
    jrpc_status (*add)(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_sum);
    jrpc_status (*divide)(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_quotient,
                          int32_t *ret_remainder);
    jrpc_status (*fail)(jrpc_call *call, int32_t status);
    jrpc_status (*fault)(jrpc_call *call, const char *text);
    jrpc_status (*raise_undeclared)(jrpc_call *call);
    jrpc_status (*large)(jrpc_call *call, int32_t size, char **ret_text);
    jrpc_status (*wait)(jrpc_call *call, int32_t *ret_number);
    jrpc_status (*nothing)(jrpc_call *call);
    jrpc_status (*who)(jrpc_call *call, char **ret_text);
    jrpc_status (*bad_result)(jrpc_call *call, char **ret_text);
} service_impl;

static jrpc_status rotate(jrpc_call *call, const char *text, char **ret_text)
{
    *ret_text = jrpc_strdup(text);
    char *scratch = jrpc_call_alloc(call, 16);
    if (!*ret_text || !scratch)
        return JRPC_E_NOMEM;
    for (char *at = *ret_text; *at; at++) {
        if ((*at | 32) >= 'a' && (*at | 32) <= 'z')
            *at = (char)((*at | 32) < 'n' ? *at + 13 : *at - 13);
    }
    return JRPC_OK;
}

static jrpc_status add(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_sum)
{
    UNUSED(call);
    *ret_sum = a + b;
    return JRPC_OK;
}

static jrpc_status divide(jrpc_call *call, int32_t a, int32_t b, int32_t *ret_quotient,
                          int32_t *ret_remainder)
{
    char hint[] = "not by zero";
    if (b == 0)
        return jrpc_call_raise(call, &serve_div_by_zero, &(div_by_zero){ a, hint });
    *ret_quotient = a / b;
    *ret_remainder = a % b;
    return JRPC_OK;
}

static jrpc_status fail_with(jrpc_call *call, int32_t status)
{
    UNUSED(call);
    return (jrpc_status)status;
}

static jrpc_status fault(jrpc_call *call, const char *text)
{
    return jrpc_call_fault(call, 7, "no such file: %s", text);
}

static jrpc_status raise_undeclared(jrpc_call *call)
{
    return jrpc_call_raise(call, &serve_undeclared, NULL);
}

static jrpc_status large(jrpc_call *call, int32_t size, char **ret_text)
{
    UNUSED(call);
    *ret_text = jrpc_alloc((size_t)size + 1);
    if (!*ret_text)
        return JRPC_E_NOMEM;
    memset(*ret_text, 'x', (size_t)size);
    (*ret_text)[size] = '\0';
    return JRPC_OK;
}

static jrpc_status wait_at_gate(jrpc_call *call, int32_t *ret_number)
{
    serve_fixture *f = jrpc_call_userdata(call);
    pthread_mutex_lock(&f->lock);
    *ret_number = (int32_t)++f->waiting;
    pthread_cond_broadcast(&f->changed);
    while (!f->gate_is_open)
        pthread_cond_wait(&f->changed, &f->lock);
    pthread_mutex_unlock(&f->lock);
    return JRPC_OK;
}

static jrpc_status nothing(jrpc_call *call)
{
    UNUSED(call);
    return JRPC_OK;
}

static jrpc_status who(jrpc_call *call, char **ret_text)
{
    char text[512];
    snprintf(text, sizeof text, "%s %s", jrpc_call_caller(call), jrpc_call_method(call));
    *ret_text = jrpc_strdup(text);
    return *ret_text ? JRPC_OK : JRPC_E_NOMEM;
}

static jrpc_status bad_result(jrpc_call *call, char **ret_text)
{
    UNUSED(call);
    *ret_text = jrpc_strdup("\x01 cannot be in XML");
    return *ret_text ? JRPC_OK : JRPC_E_NOMEM;
}

static const service_impl impl = { rotate, add,  divide,       fail_with, fault,     raise_undeclared,
                                   large,  wait_at_gate, nothing, who,    bad_result };

static const jrpc_field div_by_zero_fields[] = {
    { .name = "numerator", .type = &jrpc_type_i32, .offset = offsetof(div_by_zero, numerator) },
    { .name = "hint", .type = &jrpc_type_string, .offset = offsetof(div_by_zero, hint) },
};
static const jrpc_type div_by_zero_type = { .kind = JRPC_KIND_STRUCT, .size = sizeof(div_by_zero), .count = 2,
                                            .name = "DivByZero", .fields = div_by_zero_fields };
const jrpc_exception serve_div_by_zero = { "Test::DivByZero", 42, 0, &div_by_zero_type, NULL };

static const jrpc_type empty_type = { .kind = JRPC_KIND_STRUCT, .size = 1, .name = "Empty" };
const jrpc_exception serve_undeclared = { "Test::Undeclared", 43, 0, &empty_type, NULL };

static const jrpc_exception *const divide_raises[] = { &serve_div_by_zero };

#define P(n, t, d) { .name = (n), .type = &jrpc_type_##t, .direction = (d) }
static const jrpc_param one_text[] = { P("text", string, JRPC_IN) };
static const jrpc_param two_numbers[] = { P("a", i32, JRPC_IN), P("b", i32, JRPC_IN) };
static const jrpc_param divide_params[] = { P("a", i32, JRPC_IN), P("b", i32, JRPC_IN),
                                            P("quotient", i32, JRPC_OUT), P("remainder", i32, JRPC_OUT) };
static const jrpc_param one_number[] = { P("n", i32, JRPC_IN) };

#define METHOD(s, n, list, c, r, ...) \
    { .name = (n), .wire_name = (n), .interface_ = &serve_interface, .params = (list), .param_count = (c), \
      .result = (r), .slot = (s), __VA_ARGS__ }

static const jrpc_method methods[] = {
    METHOD(0, "Rot13", one_text, 1, &jrpc_type_string, .help = "Rotates letters by <13> places."),
    METHOD(1, "Add", two_numbers, 2, &jrpc_type_i32, .help = NULL),
    METHOD(2, "Divide", divide_params, 4, NULL, .exceptions = divide_raises, .exception_count = 1),
    METHOD(3, "Fail", one_number, 1, NULL, .help = NULL),
    METHOD(4, "Fault", one_text, 1, NULL, .help = NULL),
    METHOD(5, "RaiseUndeclared", NULL, 0, NULL, .exceptions = divide_raises, .exception_count = 1),
    METHOD(6, "Large", one_number, 1, &jrpc_type_string, .help = NULL),
    METHOD(7, "Wait", NULL, 0, &jrpc_type_i32, .help = NULL),
    METHOD(8, "Nothing", NULL, 0, NULL, .acl = "read"),
    METHOD(9, "Who", NULL, 0, &jrpc_type_string, .flags = JRPC_METHOD_INLINE),
    METHOD(10, "BadResult", NULL, 0, &jrpc_type_string, .help = NULL),
};
const jrpc_interface serve_interface = { JRPC_DESC_ABI, COUNT_OF(methods), "Test", methods, NULL };

/* ---- what the server is given ---- */

static bool catch_answer(void *userdata, const char *data, size_t len)
{
    serve_fixture *f = userdata;
    pthread_mutex_lock(&f->lock);
    bool caught = !f->send_fails && f->answered < SERVE_ANSWERS_MOST;
    if (caught)
        f->answers[f->answered++] = strndup(data, len);
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
    return caught;
}

static void catch_log(void *userdata, jrpc_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void catch_log(void *userdata, jrpc_log_level level, const char *format, ...)
{
    serve_fixture *f = userdata;
    UNUSED(level);
    va_list ap;
    va_start(ap, format);
    pthread_mutex_lock(&f->lock);
    buf_vprintf(&f->log, format, ap);
    buf_append_char(&f->log, '\n');
    pthread_mutex_unlock(&f->lock);
    va_end(ap);
}

static bool say_extension(void *userdata, const char *caller)
{
    serve_fixture *f = userdata;
    assert_string_equal(caller, "peer-a@localhost/x");
    return f->extension;
}

/* ---- life ---- */

serve_fixture *serve_new(const server_options *wanted)
{
    serve_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&f->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&f->lock, NULL);
    assert_true(library_init());
    f->ctx = xmpp_ctx_new(NULL, NULL);
    assert_non_null(f->ctx);
    server_options options = {
        .workers = 2, .max_queued = 16, .max_stanza = 4096, .limits = WIRE_LIMITS_DEFAULT
    };
    if (wanted)
        options = *wanted;
    options.send = catch_answer;
    options.log = catch_log;
    options.understands_extension = say_extension;
    options.userdata = f;
    assert_int_equal(server_new(&options, &f->server, NULL), JRPC_OK);
    assert_int_equal(guard_allow(&f->server->guard, "peer-a@localhost", NULL), JRPC_OK);
    assert_int_equal(registry_add_interface(&f->server->registry, &serve_interface, &impl, f, NULL), JRPC_OK);
    return f;
}

void serve_free(serve_fixture *f)
{
    serve_open_gate(f);
    server_stop(f->server);
    server_free(f->server);
    for (size_t i = 0; i < f->answered; i++)
        free(f->answers[i]);
    buf_done(&f->log);
    xmpp_ctx_free(f->ctx);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

/* ---- asking ---- */

void serve_ask(serve_fixture *f, const char *iq)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(f->ctx, iq);
    if (!stanza)
        fail_msg("not XML: %s", iq);
    server_handle_iq(f->server, stanza);
    xmpp_stanza_release(stanza);
    server_run_inline(f->server);
}

void serve_call(serve_fixture *f, const char *id, const char *method, const char *params)
{
    AUTO(buf_done) buf iq = BUF_INIT;
    buf_printf(
        &iq,
        "<iq type='set' id='%s' from='peer-a@localhost/x' to='peer-b@localhost/rpc'>"
        "<query xmlns='jabber:iq:rpc'><methodCall><methodName>%s</methodName><params>%s</params></methodCall>"
        "</query></iq>",
        id, method, params);
    serve_ask(f, iq.data);
}

static struct timespec patience(void)
{
    int64_t until = clock_after(clock_now(), PATIENCE_MS);
    return (struct timespec){ .tv_sec = until / 1000000000, .tv_nsec = until % 1000000000 };
}

char *serve_answer(serve_fixture *f)
{
    struct timespec until = patience();
    char *answer = NULL;
    pthread_mutex_lock(&f->lock);
    while (f->taken == f->answered && pthread_cond_timedwait(&f->changed, &f->lock, &until) != ETIMEDOUT)
        continue;
    if (f->taken < f->answered) {
        answer = TAKE_PTR(f->answers[f->taken]);
        f->taken++;
    }
    pthread_mutex_unlock(&f->lock);
    if (!answer)
        fail_msg("no answer within %d ms", PATIENCE_MS);
    return answer;
}

void serve_expect(serve_fixture *f, const char *expected)
{
    autofree char *answer = serve_answer(f);
    assert_string_equal(answer, expected);
}

#define ADDRESS " to='peer-a@localhost/x' from='peer-b@localhost/rpc'>"

void serve_expect_reply(serve_fixture *f, const char *id, const char *content)
{
    AUTO(buf_done) buf expected = BUF_INIT;
    buf_printf(&expected,
               "<iq type='result' id='%s'" ADDRESS
               "<query xmlns='jabber:iq:rpc'><methodResponse>%s</methodResponse></query></iq>",
               id, content);
    serve_expect(f, expected.data);
}

void serve_expect_fault(serve_fixture *f, const char *id, int code, const char *text)
{
    AUTO(buf_done) buf content = BUF_INIT;
    buf_printf(&content,
               "<fault><value><struct><member><name>faultCode</name><value><i4>%d</i4></value></member>"
               "<member><name>faultString</name><value><string>%s</string></value></member></struct></"
               "value></fault>",
               code, text);
    serve_expect_reply(f, id, content.data);
}

void serve_expect_error(serve_fixture *f, const char *id, const char *type, const char *condition)
{
    AUTO(buf_done) buf expected = BUF_INIT;
    buf_printf(&expected,
               "<iq type='error' id='%s'" ADDRESS
               "<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>",
               id, type, condition);
    autofree char *answer = serve_answer(f);
    if (strncmp(answer, expected.data, expected.len) != 0)
        fail_msg("%s does not begin %s", answer, expected.data);
}

void serve_expect_nothing(serve_fixture *f)
{
    serve_open_gate(f);
    server_stop(f->server);
    assert_int_equal(f->answered, f->taken);
}

bool serve_logged(serve_fixture *f, const char *part)
{
    pthread_mutex_lock(&f->lock);
    bool found = f->log.data && strstr(f->log.data, part);
    pthread_mutex_unlock(&f->lock);
    return found;
}

void serve_wait_waiting(serve_fixture *f, unsigned count)
{
    struct timespec until = patience();
    pthread_mutex_lock(&f->lock);
    while (f->waiting < count && pthread_cond_timedwait(&f->changed, &f->lock, &until) != ETIMEDOUT)
        continue;
    unsigned waiting = f->waiting;
    pthread_mutex_unlock(&f->lock);
    assert_int_equal(waiting, count);
}

void serve_open_gate(serve_fixture *f)
{
    pthread_mutex_lock(&f->lock);
    f->gate_is_open = true;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
}
