/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of ours fails once: encoding, decoding to the heap and to an arena, copying, envelopes.
 * Each must say NOMEM, leave nothing behind, and work afterwards.
 */
#include "wire_check.h"

#include <stdlib.h>

#include "base/mem.h"
#include "wire/envelope.h"
#include "no_memory.h"
#include "wire_zoo.h"

/* ---- what is done again and again ---- */

typedef struct subject {
    const check_context *check;
    zoo value;
    buf text;            /* of value */
    xmpp_stanza_t *tree; /* of text */
} subject;

static const wire_limits roomy = { WIRE_DEPTH_DEFAULT, 1 << 20, 64 << 20 };

/* With the first, second... allocation failing, until it works. The number of allocations it takes. */
static long torture(jrpc_status (*run)(subject *), subject *s)
{
    for (long nth = 0;; nth++) {
        assert_true(nth < 100000);
        no_memory_after(nth, NO_MEMORY_ONCE);
        jrpc_status status = run(s);
        bool reached = no_memory_end();
        if (!reached) {
            assert_int_equal(status, JRPC_OK);
            return nth;
        }
        assert_int_equal(status, JRPC_E_NOMEM);
    }
}

static void is_zero(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], 0);
}

static jrpc_status run_encode(subject *s)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    jrpc_status status = native_encode(&out, &zoo_type, NULL, &s->value, WIRE_DEPTH_DEFAULT, &failure);
    assert_false(buf_failed(&out));
    assert_true(status == JRPC_OK ? strcmp(out.data, s->text.data) == 0 : out.len == 0);
    return status;
}

static jrpc_status decode(subject *s, arena *memory)
{
    zoo got;
    wire_decoder d = WIRE_DECODER_INIT(&roomy, memory);
    jrpc_status status = native_decode(&d, &zoo_type, NULL, s->tree, &got);
    if (status < 0) {
        is_zero(&got, sizeof got);
        assert_string_equal(d.failure.message, "out of memory");
        return status;
    }
    no_memory_pause(); /* not the comparison, which has no way to say so */
    assert_true(jrpc_value_equal(&zoo_type, &got, &s->value));
    no_memory_resume();
    if (memory)
        native_release(&zoo_type, &got);
    else
        jrpc_value_clear(&zoo_type, &got);
    return status;
}

static jrpc_status run_decode(subject *s)
{
    return decode(s, NULL);
}

static jrpc_status run_decode_arena(subject *s)
{
    arena memory = ARENA_INIT(0);
    jrpc_status status = decode(s, &memory);
    arena_done(&memory);
    return status;
}

static jrpc_status run_copy(subject *s)
{
    zoo copy;
    jrpc_status status = jrpc_value_copy(&zoo_type, &s->value, &copy);
    if (status < 0)
        is_zero(&copy, sizeof copy);
    else
        jrpc_value_clear(&zoo_type, &copy);
    return status;
}

static jrpc_status run_init(subject *s)
{
    UNUSED(s);
    defaults d;
    jrpc_status status = jrpc_value_init(&defaults_type, &d);
    if (status < 0)
        is_zero(&d, sizeof d);
    else
        jrpc_value_clear(&defaults_type, &d);
    return status;
}

static jrpc_status run_push(subject *s)
{
    UNUSED(s);
    jrpc_seq_i32 seq = { NULL, 0, 0 };
    jrpc_status status = JRPC_OK;
    for (int32_t i = 0; status >= 0 && i < 100; i++) {
        status = jrpc_seq_i32_push(&seq, i);
        assert_int_equal(seq.len, status < 0 ? (size_t)i : (size_t)i + 1);
    }
    jrpc_value_clear(&jrpc_type_seq_i32, &seq);
    return status;
}

static jrpc_status run_call(subject *s)
{
    UNUSED(s);
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    const char *text = "a text that is long enough for the buffer to grow more than once, and once more";
    const void *const in[] = { &text, &text };
    return envelope_write_call(&out, &split_method, in, WIRE_DEPTH_DEFAULT, &failure);
}

/* ---- reading envelopes ---- */

static jrpc_status read_params(const envelope_call *call)
{
    wire_decoder d = WIRE_DECODER_INIT(&roomy, NULL);
    char *texts[2];
    void *const storage[] = { &texts[0], &texts[1] };
    jrpc_status status = envelope_read_params(&d, &split_method, call->params, storage);
    if (status >= 0) {
        free(texts[0]);
        free(texts[1]);
    }
    return status;
}

static jrpc_status run_read_call(subject *s)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    envelope_call call;
    jrpc_status status = envelope_read_call(s->tree, &call, &failure);
    return status < 0 ? status : read_params(&call);
}

static jrpc_status run_read_fault(subject *s)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    wire_decoder d = WIRE_DECODER_INIT(&roomy, NULL);
    AUTO(envelope_reply_done) envelope_reply reply = { .is_fault = false };
    no_money got;
    jrpc_status status = envelope_read_reply(s->tree, &reply, &failure);
    if (status >= 0)
        status = envelope_read_exception(&d, &no_money_exception, &reply, &got);
    if (status >= 0)
        jrpc_value_clear(no_money_exception.type, &got);
    return status;
}

static jrpc_status run_read_outs(subject *s)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    wire_decoder d = WIRE_DECODER_INIT(&roomy, NULL);
    AUTO(envelope_reply_done) envelope_reply reply = { .is_fault = false };
    int32_t at;
    char *rest, *result;
    void *const storage[] = { &at, &rest, &result };
    jrpc_status status = envelope_read_reply(s->tree, &reply, &failure);
    if (status >= 0)
        status = envelope_read_result(&d, &split_method, &reply, storage);
    if (status >= 0) {
        free(rest);
        free(result);
    }
    return status;
}

/* ---- tests ---- */

static void test_values(void **state)
{
    subject s = { .check = *state, .text = BUF_INIT };
    wire_failure failure = WIRE_FAILURE_INIT;
    uint64_t seed = 99;
    zoo_fill(&zoo_type, NULL, &s.value, 0, &seed);
    assert_int_equal(native_encode(&s.text, &zoo_type, NULL, &s.value, WIRE_DEPTH_DEFAULT, &failure),
                     JRPC_OK);
    s.tree = check_parse(*state, s.text.data);
    assert_true(torture(run_encode, &s) > 5);
    assert_true(torture(run_decode, &s) > 20);
    assert_true(torture(run_decode_arena, &s) > 0);
    assert_true(torture(run_copy, &s) > 20);
    assert_int_equal(torture(run_init, &s), 1);
    assert_true(torture(run_push, &s) > 5);
    assert_true(torture(run_call, &s) > 2);
    xmpp_stanza_release(s.tree);
    buf_done(&s.text);
    jrpc_value_clear(&zoo_type, &s.value);
}

static void read_again_and_again(const check_context *check, const char *xml, jrpc_status (*run)(subject *))
{
    subject s = { .check = check, .tree = check_parse(check, xml) };
    assert_true(torture(run, &s) > 0);
    xmpp_stanza_release(s.tree);
}

#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"

static void test_envelopes(void **state)
{
    read_again_and_again(
        *state,
        "<query><methodCall><methodName>Zoo.split</methodName><params><param><value>a</value></param>"
        "<param><value>b</value></param></params></methodCall></query>",
        run_read_call);
    read_again_and_again(
        *state,
        "<query><methodResponse><fault><value><struct>" MEMBER("faultCode", "<int>1001</int>")
            MEMBER("faultString",
                   "x") "</struct></value></fault></methodResponse>"
                        "<exception xmlns='urn:x-jabber-rpc:0' name='Bank::NoMoney'><value><struct>" MEMBER(
                            "missing", "<i4>5</i4>")
                            MEMBER("account", "DE12") "</struct></value></exception></query>",
        run_read_fault);
    read_again_and_again(*state,
                         "<query><methodResponse><params><param><value><struct>" MEMBER("rest", "a")
                             MEMBER("at", "<i4>1</i4>")
                                 MEMBER("_result", "b") "</struct></value></param></params>"
                                                        "</methodResponse></query>",
                         run_read_outs);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_envelopes) };
    return cmocka_run_group_tests_name("wire_torture", tests, check_setup, check_teardown);
}
