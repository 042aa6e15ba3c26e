/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands of a server without a stream. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/adhoc.h"
#include "serve_fixture.h"

/* ---- a second interface: one method that is no command, one that answers later ---- */

static jrpc_status secret(jrpc_call *call)
{
    (void)call;
    return JRPC_OK;
}

static jrpc_call *late; /* answered by the test */

static jrpc_status later(jrpc_call *call, bool truth)
{
    (void)truth;
    jrpc_call_defer(call);
    late = call;
    return JRPC_OK;
}

typedef struct more_impl {
    jrpc_status (*secret)(jrpc_call *call);
    jrpc_status (*later)(jrpc_call *call, bool truth);
} more_impl;

static const more_impl impl = { secret, later };
static const jrpc_param truth_params[] = { { .name = "truth", .type = &jrpc_type_bool, .direction = JRPC_IN } };
extern const jrpc_interface more_interface;
static const jrpc_method more_methods[] = {
    { .name = "secret", .wire_name = "Secret", .interface_ = &more_interface, .flags = JRPC_METHOD_NO_COMMAND },
    { .name = "later",
      .wire_name = "Later",
      .interface_ = &more_interface,
      .params = truth_params,
      .param_count = 1,
      .slot = 1,
      .flags = JRPC_METHOD_INLINE },
};
const jrpc_interface more_interface = { JRPC_DESC_ABI, 2, "More", more_methods, NULL };

/* ---- life ---- */

static adhoc *commands;

static int begin_with(void **state, const server_options *wanted)
{
    serve_fixture *f = serve_new(wanted);
    assert_int_equal(registry_add_interface(&f->server->registry, &more_interface, &impl, NULL, NULL), JRPC_OK);
    commands = adhoc_new(f->server);
    assert_non_null(commands);
    assert_true(server_extend(f->server, &commands->extra));
    late = NULL;
    *state = f;
    return 0;
}

static const server_options roomy = {
    .workers = 2, .max_queued = 16, .max_stanza = 65536, .limits = WIRE_LIMITS_DEFAULT
};

static int begin(void **state)
{
    return begin_with(state, &roomy);
}

static int begin_small(void **state)
{
    server_options small = roomy;
    small.max_stanza = 1024;
    return begin_with(state, &small);
}

static int end(void **state)
{
    serve_free(*state);
    return 0;
}

/* ---- asking ---- */

#define FROM "peer-a@localhost/x"

static void ask_as(serve_fixture *f, const char *from, const char *type, const char *payload)
{
    AUTO(buf_done) buf iq = BUF_INIT;
    buf_printf(&iq, "<iq type='%s' id='1' from='%s' to='peer-b@localhost/rpc'>%s</iq>", type, from, payload);
    serve_ask(f, iq.data);
}

static void command_as(serve_fixture *f, const char *from, const char *node, const char *session, const char *action,
                       const char *inside)
{
    AUTO(buf_done) buf payload = BUF_INIT;
    buf_printf(&payload, "<command xmlns='" ADHOC_NS "' node='%s'", node);
    if (session)
        buf_printf(&payload, " sessionid='%s'", session);
    if (action)
        buf_printf(&payload, " action='%s'", action);
    buf_printf(&payload, ">%s</command>", inside ? inside : "");
    ask_as(f, from, "set", payload.data);
}

static void command(serve_fixture *f, const char *node, const char *session, const char *action, const char *inside)
{
    command_as(f, FROM, node, session, action, inside);
}

#define FORM(fields) "<x xmlns='jabber:x:data' type='submit'>" fields "</x>"
#define FIELD(name, text) "<field var='" name "'><value>" text "</value></field>"

static char *session_of(const char *answer)
{
    const char *at = strstr(answer, " sessionid='");
    assert_non_null(at);
    at += strlen(" sessionid='");
    char *id = strndup(at, strcspn(at, "'"));
    assert_int_equal(strlen(id), 32);
    return id;
}

/* The next answer holds this. */
static void holds(serve_fixture *f, const char *part)
{
    autofree char *answer = serve_answer(f);
    if (!strstr(answer, part))
        fail_msg("%s does not hold %s", answer, part);
}

static void is_error(serve_fixture *f, const char *type, const char *condition, const char *special)
{
    autofree char *answer = serve_answer(f);
    AUTO(buf_done) buf begin_with_it = BUF_INIT;
    buf_printf(&begin_with_it, "<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>", type, condition);
    if (!strstr(answer, begin_with_it.data) || (special && !strstr(answer, special)))
        fail_msg("%s is no %s with %s", answer, condition, special ? special : "nothing");
}

/* Starts a command that has a form; heap. */
static char *start(serve_fixture *f, const char *node)
{
    command(f, node, NULL, "execute", NULL);
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, " status='executing'><actions execute='complete'><complete/></actions><x "
                                   "xmlns='jabber:x:data' type='form'>"));
    return session_of(answer);
}

/* ---- tests ---- */

static void lists(void **state)
{
    serve_fixture *f = *state;
    ask_as(f, FROM, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    holds(f, "<feature var='http://jabber.org/protocol/commands'/>");
    ask_as(f, FROM, "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    serve_expect(
        f,
        "<iq type='result' id='1' to='peer-a@localhost/x' from='peer-b@localhost/rpc'>"
        "<query xmlns='http://jabber.org/protocol/disco#items'>"
        "<item jid='peer-b@localhost/rpc' node='http://jabber.org/protocol/commands' name='Commands'/></query></iq>");
    ask_as(f, FROM, "get",
           "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>");
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(
        answer,
        "<item jid='peer-b@localhost/rpc' node='Rot13' name='Rot13: Rotates letters by &lt;13&gt; places.'/>"));
    assert_non_null(strstr(answer, "<item jid='peer-b@localhost/rpc' node='Add' name='Add'/>"));
    assert_null(strstr(answer, "Secret"));
    assert_null(strstr(answer, "system."));
    ask_as(f, FROM, "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='Rot13'/>");
    serve_expect_error(f, "1", "cancel", "item-not-found");
}

static void information(void **state)
{
    serve_fixture *f = *state;
    ask_as(f, FROM, "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='Rot13'/>");
    holds(f,
          "<query xmlns='http://jabber.org/protocol/disco#info' node='Rot13'><identity category='automation' "
          "type='command-node' "
          "name='Rot13'/><feature var='http://jabber.org/protocol/commands'/><feature var='jabber:x:data'/></query>");
    ask_as(f, FROM, "get",
           "<query xmlns='http://jabber.org/protocol/disco#info' node='http://jabber.org/protocol/commands'/>");
    holds(f, "type='command-list'");
    static const char *const none[] = { "Nope", "Secret", "system.listMethods", "" };
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        AUTO(buf_done) buf payload = BUF_INIT;
        buf_printf(&payload, "<query xmlns='http://jabber.org/protocol/disco#info' node='%s'/>", none[i]);
        ask_as(f, FROM, "get", payload.data);
        serve_expect_error(f, "1", "cancel", "item-not-found");
    }
}

static void form_and_result(void **state)
{
    serve_fixture *f = *state;
    autofree char *id = start(f, "Rot13");
    command(f, "Rot13", id, "complete", FORM(FIELD("text", "There was a young lady of Nantes")));
    AUTO(buf_done) buf expected = BUF_INIT;
    buf_printf(&expected,
               "<iq type='result' id='1' to='peer-a@localhost/x' from='peer-b@localhost/rpc'>"
               "<command xmlns='http://jabber.org/protocol/commands' node='Rot13' sessionid='%s' status='completed'>"
               "<note type='info'>Gurer jnf n lbhat ynql bs Anagrf</note><x xmlns='jabber:x:data' "
               "type='result'><title>Rot13</title>"
               "<field var='result' label='result' type='text-single'><value>Gurer jnf n lbhat ynql bs "
               "Anagrf</value></field></x>"
               "</command></iq>",
               id);
    serve_expect(f, expected.data);
    command(f, "Rot13", id, "complete", FORM(FIELD("text", "again")));
    is_error(f, "modify", "bad-request", "<bad-sessionid xmlns='http://jabber.org/protocol/commands'/></error>");
}

/* Without action, and with execute, the form that is sent back is complete. */
static void default_action(void **state)
{
    serve_fixture *f = *state;
    static const char *const actions[] = { NULL, "execute", "complete" };
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        autofree char *id = start(f, "Add");
        command(f, "Add", id, actions[i], FORM(FIELD("a", "40") FIELD("b", "2")));
        holds(f, "<note type='info'>42</note>");
    }
    command(f, "Add", NULL, NULL, FORM(FIELD("a", "40") FIELD("b", "2"))); /* all at once */
    holds(f, "<note type='info'>42</note>");
    autofree char *id = start(f, "Add");
    command(f, "Add", id, NULL, NULL); /* without form: asked again */
    holds(f, "status='executing'");
}

static void without_parameters(void **state)
{
    serve_fixture *f = *state;
    command(f, "Nothing", NULL, NULL, NULL);
    holds(f, "status='completed'><note type='info'>Done.</note></command>");
    command(f, "Who", NULL, "execute", NULL);
    holds(f, "<note type='info'>peer-a@localhost/x Who</note>");
}

static void several_results(void **state)
{
    serve_fixture *f = *state;
    command(f, "Divide", NULL, NULL, FORM(FIELD("a", "47") FIELD("b", "5")));
    holds(f, "<note type='info'>quotient: 9\nremainder: 2</note><x xmlns='jabber:x:data' "
             "type='result'><title>Divide</title>"
             "<field var='quotient' label='quotient' type='text-single'><value>9</value></field>"
             "<field var='remainder' label='remainder' type='text-single'><value>2</value></field></x>");
}

static void faults(void **state)
{
    serve_fixture *f = *state;
    command(f, "Divide", NULL, NULL, FORM(FIELD("a", "47") FIELD("b", "0")));
    holds(f, "status='completed'><note type='error'>Fault 42: Test::DivByZero {\"numerator\": 47,");
    command(f, "Fail", NULL, NULL, FORM(FIELD("n", "-1")));
    holds(f, "<note type='error'>Fault -32603: internal error (incident ");
    command(f, "BadResult", NULL, NULL, NULL);
    holds(f, "<note type='error'>Fault -32603: internal error (incident "); /* as a program is told */
}

static void wrong_forms(void **state)
{
    serve_fixture *f = *state;
    autofree char *id = start(f, "Add");
    command(f, "Add", id, "complete", FORM(FIELD("a", "40") FIELD("b", "two")));
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(answer, " status='executing'>"));
    assert_non_null(strstr(answer, "<desc>b: 'two' is not an integer</desc>"));
    assert_non_null(strstr(answer, "<value>40</value>"));
    assert_non_null(strstr(answer, "<note type='error'>b: 'two' is not an integer</note></command>"));
    command(f, "Add", id, "complete", FORM(FIELD("a", "40") FIELD("b", "2") FIELD("c", "3")));
    holds(f, "<note type='error'>c: there is no such field in this form</note>");
    command(f, "Add", id, "complete", FORM(FIELD("a", "40") FIELD("b", "2")));
    holds(f, "<note type='info'>42</note>");
}

static void actions(void **state)
{
    serve_fixture *f = *state;
    autofree char *id = start(f, "Add");
    command(f, "Add", id, "prev", NULL);
    is_error(f, "modify", "bad-request", "<bad-action ");
    command(f, "Add", id, "next", FORM(FIELD("a", "1") FIELD("b", "2")));
    is_error(f, "modify", "bad-request", "<bad-action ");
    command(f, "Add", id, "dance", NULL);
    is_error(f, "modify", "bad-request", "<malformed-action ");
    command(f, "Add", NULL, "cancel", NULL);
    is_error(f, "modify", "bad-request", "<bad-action ");
    command(f, "Add", id, "cancel", NULL);
    AUTO(buf_done) buf expected = BUF_INIT;
    buf_printf(&expected, "sessionid='%s' status='canceled'></command></iq>", id);
    holds(f, expected.data);
    command(f, "Add", id, "cancel", NULL);
    is_error(f, "modify", "bad-request", "<bad-sessionid ");
}

static void sessions_are_their_owners(void **state)
{
    serve_fixture *f = *state;
    autofree char *id = start(f, "Add");
    command_as(f, "peer-a@localhost/other", "Add", id, "complete", FORM(FIELD("a", "1") FIELD("b", "2")));
    is_error(f, "modify", "bad-request", "<bad-sessionid ");
    command(f, "Rot13", id, "complete", FORM(FIELD("text", "x")));
    is_error(f, "modify", "bad-request", "<bad-sessionid ");
    command(f, "Add", "0123456789abcdef0123456789abcdef", "complete", NULL);
    is_error(f, "modify", "bad-request", "<bad-sessionid ");
    command_as(f, "PEER-A@LOCALHOST/x", "Add", id, "complete", FORM(FIELD("a", "1") FIELD("b", "2")));
    holds(f, "<note type='info'>3</note>"); /* the same address, written otherwise */
}

static void strangers(void **state)
{
    serve_fixture *f = *state;
    command_as(f, "mallory@localhost/x", "Rot13", NULL, NULL, NULL);
    is_error(f, "auth", "forbidden", NULL);
    command_as(f, "mallory@localhost/x", "Nope", NULL, NULL, NULL);
    is_error(f, "auth", "forbidden", NULL);
    ask_as(f, "mallory@localhost/x", "get",
           "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>");
    is_error(f, "auth", "forbidden", NULL);
    ask_as(f, "mallory@localhost/x", "get", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    holds(f, "<query xmlns='http://jabber.org/protocol/disco#items'></query>");
    ask_as(f, "mallory@localhost/x", "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='Rot13'/>");
    is_error(f, "cancel", "item-not-found", NULL);
}

static void refused_requests(void **state)
{
    serve_fixture *f = *state;
    command(f, "Nope", NULL, NULL, NULL);
    is_error(f, "cancel", "item-not-found", NULL);
    command(f, "Secret", NULL, NULL, NULL);
    is_error(f, "cancel", "item-not-found", NULL);
    command(f, "system.listMethods", NULL, NULL, NULL);
    is_error(f, "cancel", "item-not-found", NULL);
    ask_as(f, FROM, "get", "<command xmlns='http://jabber.org/protocol/commands' node='Rot13'/>");
    is_error(f, "modify", "bad-request", NULL);
    ask_as(f, FROM, "set", "<command xmlns='http://jabber.org/protocol/commands'/>");
    is_error(f, "modify", "bad-request", NULL);
    ask_as(f, FROM, "set", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    is_error(f, "cancel", "service-unavailable", NULL);
}

static void deferred_answers(void **state)
{
    serve_fixture *f = *state;
    autofree char *id = start(f, "Later");
    command(f, "Later", id, "complete", FORM(FIELD("truth", "1")));
    assert_non_null(late);
    command(f, "Later", id, "cancel", NULL);
    is_error(f, "wait", "unexpected-request", NULL);
    jrpc_call_reply(late, &more_methods[1], NULL);
    holds(f, "status='completed'><note type='info'>Done.</note>");
    command(f, "Later", NULL, NULL, FORM("")); /* a boolean that is not given is false */
    jrpc_call_fail(late, JRPC_E_BUSY);
    is_error(f, "wait", "resource-constraint", NULL);
}

/* What is not answered when the server stops is answered then; nothing is left over. */
static void stopped_meanwhile(void **state)
{
    serve_fixture *f = *state;
    command(f, "Later", NULL, NULL, FORM(""));
    server_stop(f->server);
    is_error(f, "cancel", "service-unavailable", NULL);
    command(f, "Nothing", NULL, NULL, NULL);
    is_error(f, "cancel", "service-unavailable", NULL);
    jrpc_call_fail(late, JRPC_E_BUSY);
}

static void number_of_sessions(void **state)
{
    serve_fixture *f = *state;
    autofree char *first = start(f, "Add");
    for (int i = 0; i < DIALOGS_OF_ONE_MOST; i++)
        free(start(f, "Add"));
    assert_int_equal(commands->dialogs.open.len, DIALOGS_OF_ONE_MOST);
    command(f, "Add", first, "complete", FORM(FIELD("a", "1") FIELD("b", "2")));
    is_error(f, "modify", "bad-request", "<bad-sessionid ");
    assert_int_equal(guard_allow(&f->server->guard, "*", NULL), JRPC_OK);
    for (int i = 0; commands->dialogs.open.len < DIALOGS_MOST; i++) {
        char from[64];
        snprintf(from, sizeof from, "user%d@localhost/x", i);
        command_as(f, from, "Add", NULL, NULL, NULL);
        free(serve_answer(f));
        assert_true(i < 2 * DIALOGS_MOST);
        f->taken = f->answered = 0;
    }
    command_as(f, "one-more@localhost/x", "Add", NULL, NULL, NULL);
    is_error(f, "wait", "resource-constraint", NULL);
    free(start(f, "Add")); /* whoever has some may have another in place of it */
    assert_int_equal(commands->dialogs.open.len, DIALOGS_MOST);
}

static void old_sessions_expire(void **state)
{
    serve_fixture *f = *state;
    commands->dialogs.life_ms = 1;
    autofree char *id = start(f, "Add");
    for (int64_t until = clock_after(clock_now(), 5); clock_now() < until;)
        usleep(1000);
    command(f, "Add", id, "complete", FORM(FIELD("a", "1") FIELD("b", "2")));
    is_error(f, "cancel", "not-allowed", "<session-expired ");
    command(f, "Add", id, "complete", FORM(FIELD("a", "1") FIELD("b", "2")));
    is_error(f, "modify", "bad-request", "<bad-sessionid ");
}

static void large_results(void **state)
{
    serve_fixture *f = *state;
    command(f, "Large", NULL, NULL, FORM(FIELD("n", "100000")));
    autofree char *answer = serve_answer(f);
    assert_non_null(strstr(
        answer,
        " ... (cut here)</note><note type='warn'>The whole result is too large for one message.</note></command>"));
    assert_true(strlen(answer) < 65536);
}

static void small_stanzas(void **state)
{
    serve_fixture *f = *state;
    ask_as(f, FROM, "get",
           "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>");
    autofree char *answer = serve_answer(f);
    assert_true(strlen(answer) <= 1024 && strlen(answer) > 900);
    assert_non_null(strstr(answer, "'/></query></iq>"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(lists),
        TEST(information),
        TEST(form_and_result),
        TEST(default_action),
        TEST(without_parameters),
        TEST(several_results),
        TEST(faults),
        TEST(wrong_forms),
        TEST(actions),
        TEST(sessions_are_their_owners),
        TEST(strangers),
        TEST(refused_requests),
        TEST(deferred_answers),
        TEST(stopped_meanwhile),
        TEST(number_of_sessions),
        TEST(old_sessions_expire),
        TEST(large_results),
        cmocka_unit_test_setup_teardown(small_stanzas, begin_small, end),
    };
    return cmocka_run_group_tests_name("command: ad-hoc", tests, NULL, NULL);
}
