/* SPDX-License-Identifier: MIT */
/* Statuses, stanza errors, fault codes. */
#include "wire_check.h"

#include "base/mem.h"
#include "wire/fault.h"

static void test_codes(void **state)
{
    UNUSED(state);
    static const struct {
        int32_t code;
        jrpc_status status;
    } cases[] = { { -32601, JRPC_E_NO_SUCH_METHOD },
                  { -506, JRPC_E_NO_SUCH_METHOD },
                  { -32602, JRPC_E_FAULT },
                  { -32600, JRPC_E_BAD_REQUEST },
                  { -32700, JRPC_E_BAD_REQUEST },
                  { -32098, JRPC_E_TIMEOUT },
                  { -32097, JRPC_E_TOO_LARGE },
                  { -32603, JRPC_E_FAULT },
                  { 1001, JRPC_E_FAULT },
                  { 0, JRPC_E_FAULT },
                  { INT32_MIN, JRPC_E_FAULT },
                  { -507, JRPC_E_REFUSED } };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(fault_status_of_code(cases[i].code), cases[i].status);
}

static void test_conditions(void **state)
{
    UNUSED(state);
    static const struct {
        const char *condition;
        jrpc_status status;
    } cases[] = { { "service-unavailable", JRPC_E_UNAVAILABLE },
                  { "recipient-unavailable", JRPC_E_UNAVAILABLE },
                  { "feature-not-implemented", JRPC_E_UNAVAILABLE },
                  { "remote-server-not-found", JRPC_E_UNAVAILABLE },
                  { "item-not-found", JRPC_E_NO_SUCH_METHOD },
                  { "forbidden", JRPC_E_REFUSED },
                  { "not-allowed", JRPC_E_REFUSED },
                  { "resource-constraint", JRPC_E_BUSY },
                  { "policy-violation", JRPC_E_TOO_LARGE },
                  { "bad-request", JRPC_E_BAD_REQUEST },
                  { "undefined-condition", JRPC_E_BAD_REQUEST },
                  { "made-up", JRPC_E_BAD_REQUEST } };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(fault_status_of_condition(cases[i].condition), cases[i].status);
}

static void reads(const check_context *check, const char *iq, jrpc_status status, const char *condition,
                  const char *message)
{
    jrpc_error error = JRPC_ERROR_INIT;
    xmpp_stanza_t *tree = check_parse(check, iq);
    assert_int_equal(fault_read_stanza_error(tree, "peer-b@localhost/rpc", "Rot13", &error), status);
    assert_int_equal(fault_read_stanza_error(tree, "peer-b@localhost/rpc", NULL, NULL), status);
    assert_int_equal(error.status, status);
    assert_int_equal(error.domain, JRPC_ERROR_TRANSPORT);
    assert_string_equal(error.condition, condition);
    assert_string_equal(error.who, "peer-b@localhost/rpc");
    assert_string_equal(error.what, "Rot13");
    assert_string_equal(error.message, message);
    jrpc_error_done(&error);
    xmpp_stanza_release(tree);
}

#define STANZAS " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static void test_reading(void **state)
{
    reads(*state, "<iq type='error'><error type='auth'><forbidden" STANZAS "/></error></iq>", JRPC_E_REFUSED,
          "forbidden", "the peer does not allow this caller");
    reads(*state,
          "<iq type='error'><query xmlns='jabber:iq:rpc'/>\n<error type='wait' code='500'>\n<text" STANZAS
          ">later</text>"
          "<x xmlns='other'/><resource-constraint" STANZAS "/></error></iq>",
          JRPC_E_BUSY, "resource-constraint", "the peer is too busy: later");
    reads(*state, "<iq type='error'><error code='503'>Service Unavailable</error></iq>", JRPC_E_BAD_REQUEST,
          "undefined-condition", "the peer could not understand the request");
    reads(*state, "<iq type='error'/>", JRPC_E_BAD_REQUEST, "undefined-condition",
          "the peer could not understand the request");
    reads(*state,
          "<iq type='error'><error type='cancel'><gone" STANZAS ">xmpp:x@y</gone><text" STANZAS
          "/></error></iq>",
          JRPC_E_UNAVAILABLE, "gone", "nobody answers RPC at that address");
    reads(*state,
          "<iq type='error'><error type='wait'><recipient-unavailable" STANZAS "/><text" STANZAS
          ">this server is shutting down</text></error></iq>",
          JRPC_E_UNAVAILABLE, "recipient-unavailable",
          "the peer takes no calls at the moment: this server is shutting down");
}

static void test_writing(void **state)
{
    AUTO(buf_done) buf out = BUF_INIT;
    fault_write_stanza_error(&out, "auth", "forbidden", NULL);
    assert_string_equal(out.data, "<error type='auth'><forbidden" STANZAS "/></error>");
    buf_reset(&out);
    buf_append_lit(&out, "<iq type='error'>");
    fault_write_stanza_error(&out, "wait", "resource-constraint", "<busy> \x01");
    buf_append_lit(&out, "</iq>");
    assert_string_equal(out.data, "<iq type='error'><error type='wait'><resource-constraint" STANZAS
                                  "/><text" STANZAS ">&lt;busy&gt; ?</text></error></iq>");
    reads(*state, out.data, JRPC_E_BUSY, "resource-constraint", "the peer is too busy: <busy> ?");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_codes), cmocka_unit_test(test_conditions),
                                        cmocka_unit_test(test_reading), cmocka_unit_test(test_writing) };
    return cmocka_run_group_tests_name("wire_fault", tests, check_setup, check_teardown);
}
