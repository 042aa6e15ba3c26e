/* SPDX-License-Identifier: MIT */
/* Messages and presence between sessions: what is told, what is not, in which order, and what comes back. */
#include "heard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jrpc/chat.h>

#include "base/clock.h"

#define AUTO_ERROR AUTO(jrpc_error_done) jrpc_error
#define CHAT(BODY) &(jrpc_message){ .to = PAIR_B, .type = JRPC_MESSAGE_CHAT, .body = BODY }

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

static bool on_message(const jrpc_message *m, void *userdata)
{
    heard *h = userdata;
    bool answers = h->answers;
    heard_note(h, heard_print("%s %s t=%s s=%s %s%s%s", m->from, jrpc_message_type_name(m->type), or_none(m->thread),
                  or_none(m->subject), m->body, m->automatic ? " auto" : "", m->condition ? m->condition : ""));
    if (answers)
        jrpc_message_reply(m, "%s!", m->body);
    return true;
}

static void on_presence(jrpc_session *session, const jrpc_presence *p, void *userdata)
{
    UNUSED(session);
    if (p->available)
        heard_note(userdata, heard_print("%s is %s (%s) %d", p->from, jrpc_show_name(p->show), or_none(p->status), p->priority));
    else
        heard_note(userdata, heard_print("%s has gone (%s)%s", p->from, or_none(p->status), p->lost ? " lost" : ""));
}

static const jrpc_message_options everything = {
    .size = sizeof everything, .anyone = true, .automatic = true, .delayed = true,
    .errors = true, .groupchat = true, .carbons = true, .forwarded = true,
};

static pair *open_hearing(heard *a, heard *b, const jrpc_message_options *of_b, const jrpc_session_options *options)
{
    pair *p = pair_open(options);
    heard_init(a);
    heard_init(b);
    assert_int_equal(jrpc_message_handle(p->a, on_message, a, &everything, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->b, on_message, b, of_b, NULL), JRPC_OK);
    return p;
}

static void close_hearing(pair *p, heard *a, heard *b)
{
    pair_close(p);
    heard_done(a);
    heard_done(b);
}

/* ---- messages ---- */

static void a_message_is_told_and_answered(void **state)
{
    UNUSED(state);
    heard a, b;
    pair *p = open_hearing(&a, &b, NULL, NULL);
    b.answers = true;
    const jrpc_message m = { .to = PAIR_B, .type = JRPC_MESSAGE_CHAT, .thread = "t<1>", .subject = "It's",
                             .body = "<Hello> & \xC3\xA9\n" };
    assert_int_equal(jrpc_message_send(p->a, &m, NULL), JRPC_OK);
    assert_string_equal(heard_line(&b, 0), PAIR_A " chat t=t<1> s=It's <Hello> & \xC3\xA9\n");
    assert_string_equal(heard_line(&a, 0), PAIR_B " chat t=t<1> s=It's <Hello> & \xC3\xA9\n! auto");
    const jrpc_message letter = { .to = PAIR_B, .body = "letter" };
    assert_int_equal(jrpc_message_send(p->a, &letter, NULL), JRPC_OK);
    assert_string_equal(heard_line(&a, 1), PAIR_B " normal t=- s=- letter! auto");
    close_hearing(p, &a, &b);
}

static void two_programs_that_answer_stop(void **state)
{
    UNUSED(state);
    heard a, b;
    pair *p = open_hearing(&a, &b, NULL, NULL);
    a.answers = b.answers = true;
    assert_int_equal(jrpc_message_send(p->a, CHAT("one"), NULL), JRPC_OK);
    assert_string_equal(heard_line(&a, 0), PAIR_B " chat t=- s=- one! auto"); /* a wants them all, and answers */
    assert_int_equal(jrpc_message_send(p->a, CHAT("two"), NULL), JRPC_OK);
    assert_string_equal(heard_line(&a, 1), PAIR_B " chat t=- s=- two! auto");
    assert_string_equal(heard_line(&b, 1), PAIR_A " chat t=- s=- two"); /* b was not told of a's answer to the first */
    close_hearing(p, &a, &b);
}

/* Sends these to b, then one that is told: nothing of what was sent before was. */
static void check_not_told(const char *const *stanzas, size_t how_many)
{
    heard a, b;
    pair *p = open_hearing(&a, &b, NULL, NULL);
    b.answers = true;
    for (size_t i = 0; i < how_many; i++) {
        pair_inject(p, PAIR_B, "%s", stanzas[i]);
        assert_int_equal(jrpc_message_send(p->a, CHAT("last"), NULL), JRPC_OK);
        if (strcmp(heard_line(&b, i), PAIR_A " chat t=- s=- last") != 0)
            fail_msg("told of %s", stanzas[i]);
        assert_string_equal(heard_line(&a, i), PAIR_B " chat t=- s=- last! auto");
    }
    close_hearing(p, &a, &b);
}

#define FROM_A "<message to='" PAIR_B "' from='" PAIR_A "'"

static void what_no_bot_wants_is_left_out(void **state)
{
    UNUSED(state);
    static const char *const stanzas[] = {
        FROM_A " type='error'><body>no</body><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
        FROM_A " type='groupchat'><body>no</body></message>",
        FROM_A " type='headline'><body>no</body></message>",
        FROM_A "><body>no</body><delay xmlns='urn:xmpp:delay' stamp='2024-12-31T23:59:59Z'/></message>",
        FROM_A "><body>no</body><x xmlns='jabber:x:delay' stamp='20241231T23:59:59'/></message>",
        FROM_A "><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
        FROM_A "><forwarded xmlns='urn:xmpp:forward:0'><message from='boss@localhost'><body>no</body></message></forwarded></message>",
        FROM_A "><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message from='boss@localhost'>"
               "<body>no</body></message></forwarded></received></message>",
        "<message from='peer-b@localhost'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        "<message from='boss@localhost'><body>no</body></message></forwarded></received></message>",
        "<message from='stranger@example.org/x'><body>no</body></message>",
        "<message from='@'><body>no</body></message>",
        "<message from='" PAIR_B "' to='" PAIR_B "'><body>no</body></message>",
        "<message from='PEER-B@localhost/rpc' to='" PAIR_B "'><body>no</body></message>",
    };
    check_not_told(stanzas, COUNT_OF(stanzas));
}

static void our_own_answer_that_comes_back_is_left_out(void **state)
{
    UNUSED(state);
    heard a, b;
    pair *p = open_hearing(&a, &b, NULL, NULL);
    b.answers = true;
    assert_int_equal(jrpc_message_send(p->a, CHAT("x"), NULL), JRPC_OK);
    heard_line(&a, 0);
    assert_int_equal(jrpc_message_send(p->a, CHAT("x!"), NULL), JRPC_OK); /* an echo */
    assert_int_equal(jrpc_message_send(p->a, CHAT("x!"), NULL), JRPC_OK); /* who says it again means it */
    assert_string_equal(heard_line(&a, 1), PAIR_B " chat t=- s=- x!! auto");
    assert_int_equal(heard_count(&b), 2);
    close_hearing(p, &a, &b);
}

static void what_is_asked_for_is_told(void **state)
{
    UNUSED(state);
    heard a, b;
    pair *p = open_hearing(&a, &b, &everything, NULL);
    pair_inject(p, PAIR_B, FROM_A " type='error' id='7'><body>my words</body><error type='cancel'>"
                "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
    assert_string_equal(heard_line(&b, 0), PAIR_A " error t=- s=- my wordsgone");
    pair_inject(p, PAIR_B, "<message from='stranger@example.org/x'><body>a</body></message>");
    assert_string_equal(heard_line(&b, 1), "stranger@example.org/x normal t=- s=- a");
    pair_inject(p, PAIR_B, "<message from='peer-b@localhost'><received xmlns='urn:xmpp:carbons:2'><forwarded "
                "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' from='boss@localhost/x'>"
                "<body>yes</body></message></forwarded></received></message>");
    assert_string_equal(heard_line(&b, 2), "boss@localhost/x chat t=- s=- yes");
    close_hearing(p, &a, &b);
}

static void bad_messages_are_not_sent(void **state)
{
    UNUSED(state);
    AUTO_ERROR error = JRPC_ERROR_INIT;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_stanza_bytes = 4096;
    pair *p = pair_open(&options);
    static char large[8000];
    memset(large, '<', sizeof large - 1);
    assert_int_equal(jrpc_message_send(p->a, &(jrpc_message){ .body = "x" }, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_message_send(p->a, &(jrpc_message){ .to = "a@b@c", .body = "x" }, &error), JRPC_E_INVALID);
    assert_non_null(strstr(error.message, "a@b@c"));
    assert_int_equal(jrpc_message_send(p->a, CHAT(NULL), &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_message_send(p->a, CHAT("a\x1b[31m"), &error), JRPC_E_INVALID);
    assert_non_null(strstr(error.message, "U+001B"));
    assert_string_equal(error.path, "body");
    assert_int_equal(jrpc_message_send(p->a, CHAT("\xff"), &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_message_send(p->a, CHAT(large), &error), JRPC_E_TOO_LARGE);
    const jrpc_message wrong = { .to = PAIR_B, .type = JRPC_MESSAGE_ERROR, .body = "x" };
    assert_int_equal(jrpc_message_send(p->a, &wrong, &error), JRPC_E_INVALID);
    atomic_store(&p->fence, JRPC_E_NO_CONNECTION);
    loopback_cut(p->hub, PAIR_A);
    pair_wait_state(p->a, SESSION_OFFLINE);
    assert_int_equal(jrpc_message_send(p->a, CHAT("x"), &error), JRPC_E_DISCONNECTED);
    pair_close(p);
}

static bool answer_at_length(const jrpc_message *m, void *userdata)
{
    UNUSED(userdata);
    static char large[80000];
    memset(large, '&', sizeof large - 1);
    jrpc_message_reply_with(m, "S", large, NULL);
    jrpc_message_reply(m, "bell\a\xff.");
    return true;
}

static void answers_are_made_to_fit(void **state)
{
    UNUSED(state);
    heard a;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.max_stanza_bytes = 10000;
    pair *p = pair_open(&options);
    heard_init(&a);
    assert_int_equal(jrpc_message_handle(p->a, on_message, &a, &everything, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->b, answer_at_length, NULL, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_send(p->a, CHAT("x"), NULL), JRPC_OK);
    const char *got = heard_line(&a, 0);
    assert_int_equal(strncmp(got, PAIR_B " chat t=- s=S &&&&", 38), 0);
    assert_non_null(strstr(got, "&... auto"));
    assert_true(strlen(got) > 1000 && strlen(got) < 2000);
    assert_string_equal(heard_line(&a, 1), PAIR_B " chat t=- s=- bell\\x07\\xff. auto");
    pair_close(p);
    heard_done(&a);
}

/* ---- limits ---- */

static void floods_come_back(void **state)
{
    UNUSED(state);
    heard a, b;
    pair *p = open_hearing(&a, &b, NULL, NULL);
    b.is_shut = true;
    for (int i = 0; i < 200; i++)
        assert_int_equal(jrpc_message_send(p->a, CHAT("flood"), NULL), JRPC_OK);
    assert_string_equal(heard_line(&a, 0), PAIR_B " error t=- s=- resource-constraint"); /* once */
    heard_open(&b);
    assert_string_equal(heard_line(&b, 19), PAIR_A " chat t=- s=- flood");
    assert_int_equal(heard_count(&a), 1);
    assert_true(heard_count(&b) < 40); /* a burst, and one a second */
    static char large[70000];
    memset(large, 'x', sizeof large - 1);
    const jrpc_message m = { .to = PAIR_A, .type = JRPC_MESSAGE_CHAT, .body = large };
    assert_int_equal(jrpc_message_send(p->b, &m, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_send(p->b, &(jrpc_message){ .to = PAIR_A, .body = "after" }, NULL), JRPC_OK);
    assert_string_equal(heard_line(&a, 1), PAIR_B " normal t=- s=- after"); /* the large one was not told */
    close_hearing(p, &a, &b);
}

/* ---- handlers ---- */

static bool not_mine(const jrpc_message *m, void *userdata)
{
    UNUSED(m);
    atomic_fetch_add((atomic_int *)userdata, 1);
    return false;
}

static bool remove_itself(const jrpc_message *m, void *userdata)
{
    assert_int_equal(jrpc_message_unhandle(m->session, remove_itself, userdata, NULL), JRPC_OK);
    return false;
}

static void handlers_are_asked_in_order(void **state)
{
    UNUSED(state);
    heard b;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    atomic_int asked = 0;
    pair *p = pair_open(NULL);
    heard_init(&b);
    assert_int_equal(jrpc_message_handle(p->b, remove_itself, NULL, NULL, &error), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->b, not_mine, &asked, NULL, &error), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->b, not_mine, &asked, NULL, &error), JRPC_E_EXISTS);
    assert_int_equal(jrpc_message_handle(p->b, NULL, NULL, NULL, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_message_handle(p->b, on_message, &b, NULL, &error), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->b, not_mine, NULL, NULL, &error), JRPC_OK); /* never asked */
    assert_int_equal(jrpc_message_send(p->a, CHAT("1"), NULL), JRPC_OK);
    assert_int_equal(jrpc_message_send(p->a, CHAT("2"), NULL), JRPC_OK);
    assert_string_equal(heard_line(&b, 1), PAIR_A " chat t=- s=- 2");
    assert_int_equal(atomic_load(&asked), 2);
    assert_int_equal(jrpc_message_unhandle(p->b, remove_itself, NULL, &error), JRPC_E_NOT_FOUND);
    assert_int_equal(jrpc_message_unhandle(p->b, not_mine, &asked, &error), JRPC_OK);
    assert_int_equal(jrpc_message_send(p->a, CHAT("3"), NULL), JRPC_OK);
    assert_string_equal(heard_line(&b, 2), PAIR_A " chat t=- s=- 3");
    assert_int_equal(atomic_load(&asked), 2);
    pair_close(p);
    heard_done(&b);
}

static void closing_waits_for_handlers(void **state)
{
    UNUSED(state);
    heard a, b;
    pair *p = open_hearing(&a, &b, NULL, NULL);
    for (int i = 0; i < 15; i++)
        assert_int_equal(jrpc_message_send(p->a, CHAT("x"), NULL), JRPC_OK);
    heard_line(&b, 0);
    pair_close_b(p); /* what is queued need not be told, and nothing is told afterwards */
    close_hearing(p, &a, &b);
}

static void inline_handlers_run_on_the_driver(void **state)
{
    UNUSED(state);
    heard a, b;
    jrpc_session_options options = JRPC_SESSION_OPTIONS_INIT;
    options.mode = JRPC_MODE_CALLER;
    options.inline_handlers = true;
    options.small_stack = true;
    pair *p = pair_open_two(NULL, &options);
    heard_init(&a);
    heard_init(&b);
    b.answers = true;
    assert_int_equal(jrpc_message_handle(p->a, on_message, &a, &everything, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->b, on_message, &b, NULL, NULL), JRPC_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(jrpc_message_send(p->a, CHAT("x"), NULL), JRPC_OK);
    int64_t until = clock_after(clock_now(), PAIR_PATIENCE_MS);
    while (heard_count(&a) < 5 && clock_now() < until)
        jrpc_session_wait(p->b, 5, NULL);
    assert_string_equal(heard_line(&a, 4), PAIR_B " chat t=- s=- x! auto");
    close_hearing(p, &a, &b);
}

/* ---- presence ---- */

static pair *open_watching(heard *b)
{
    pair *p = pair_open(NULL);
    heard_init(b);
    assert_int_equal(jrpc_presence_watch(p->b, on_presence, b, NULL), JRPC_OK);
    return p;
}

static void presence_is_told(void **state)
{
    UNUSED(state);
    heard b;
    AUTO_ERROR error = JRPC_ERROR_INIT;
    pair *p = open_watching(&b);
    jrpc_presence shown = { .available = true, .show = JRPC_SHOW_DND, .status = "busy <here>", .priority = -3 };
    assert_int_equal(jrpc_presence_send(p->a, PAIR_B, &shown, &error), JRPC_OK);
    assert_string_equal(heard_line(&b, 0), PAIR_A " is dnd (busy <here>) -3");
    jrpc_presence *known = NULL;
    assert_int_equal(jrpc_presence_get(p->b, "Peer-A@localhost", &known, &error), JRPC_OK);
    assert_true(known->available && known->priority == -3);
    assert_string_equal(known->status, "busy <here>");
    jrpc_presence_free(known);
    shown.available = false;
    shown.status = "bye";
    assert_int_equal(jrpc_presence_send(p->a, PAIR_B, &shown, &error), JRPC_OK);
    assert_string_equal(heard_line(&b, 1), PAIR_A " has gone (bye)");
    assert_int_equal(jrpc_presence_get(p->b, PAIR_A, &known, &error), JRPC_OK);
    assert_false(known->available);
    jrpc_presence_free(known);
    assert_int_equal(jrpc_presence_get(p->b, "a@b@c", &known, &error), JRPC_E_INVALID);
    assert_int_equal(jrpc_presence_send(p->a, "@", &shown, &error), JRPC_E_INVALID);
    shown.status = "\a";
    assert_int_equal(jrpc_presence_send(p->a, PAIR_B, &shown, &error), JRPC_E_INVALID);
    pair_close(p);
    heard_done(&b);
}

static void odd_presence_is_survived(void **state)
{
    UNUSED(state);
    heard b;
    pair *p = open_watching(&b);
    pair_inject(p, PAIR_B, "<presence from='stranger@example.org/x'/>");
    pair_inject(p, PAIR_B, "<presence/>");
    pair_inject(p, PAIR_B, "<presence from='@' type='unavailable'/>");
    pair_inject(p, PAIR_B, "<presence from='" PAIR_B "'/>");
    pair_inject(p, PAIR_B, "<presence from='" PAIR_A "' type='error'/>");
    pair_inject(p, PAIR_B, "<presence from='" PAIR_A "' type='subscribe'/>");
    pair_inject(p, PAIR_B, "<presence from='" PAIR_A "' type='strange'/>");
    pair_inject(p, PAIR_B, "<presence from='peer-a@localhost/1'><show>lying</show><priority>200</priority></presence>");
    assert_string_equal(heard_line(&b, 0), "peer-a@localhost/1 is online (-) 0");
    pair_inject(p, PAIR_B, "<presence from='peer-a@localhost/2'><show>xa</show><priority> 5</priority></presence>");
    assert_string_equal(heard_line(&b, 1), "peer-a@localhost/2 is xa (-) 5");
    pair_close(p);
    heard_done(&b);
}

static void a_lost_stream_takes_all_presence(void **state)
{
    UNUSED(state);
    heard b;
    pair *p = open_watching(&b);
    pair_inject(p, PAIR_B, "<presence from='" PAIR_A "'/>");
    assert_string_equal(heard_line(&b, 0), PAIR_A " is online (-) 0");
    loopback_cut(p->hub, PAIR_B);
    assert_string_equal(heard_line(&b, 1), PAIR_A " has gone (-) lost");
    jrpc_presence *known = NULL;
    assert_int_equal(jrpc_presence_get(p->b, PAIR_A, &known, NULL), JRPC_OK);
    assert_false(known->available);
    jrpc_presence_free(known);
    assert_int_equal(jrpc_presence_unwatch(p->b, on_presence, &b, NULL), JRPC_OK);
    assert_int_equal(jrpc_presence_unwatch(p->b, on_presence, &b, NULL), JRPC_E_NOT_FOUND);
    pair_close(p);
    heard_done(&b);
}

/* ---- our own presence ---- */

/* What peer-a has sent that is presence. */
static bool note_presence(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    UNUSED(to);
    if (strcmp(from, PAIR_A) == 0 && strncmp(stanza, "<presence", 9) == 0)
        heard_note(userdata, heard_print("%.*s", (int)len, stanza));
    return true;
}

static void our_presence_is_sent_again_after_a_cut(void **state)
{
    UNUSED(state);
    heard sent, a;
    pair *p = pair_open(NULL);
    heard_init(&sent);
    heard_init(&a);
    loopback_set_filter(p->hub, note_presence, &sent);
    assert_int_equal(jrpc_message_handle(p->a, on_message, &a, NULL, NULL), JRPC_OK);
    assert_string_equal(heard_line(&sent, 0), "<presence></presence>"); /* who handles messages is shown */
    assert_int_equal(jrpc_presence_set(p->a, JRPC_SHOW_AWAY, "load 1.5", 7, NULL), JRPC_OK);
    assert_string_equal(heard_line(&sent, 1), "<presence><show>away</show><status>load 1.5</status><priority>7</priority></presence>");
    loopback_cut(p->hub, PAIR_A);
    assert_string_equal(heard_line(&sent, 2), heard_line(&sent, 1));
    assert_int_equal(jrpc_presence_set(p->a, (jrpc_show)99, NULL, 0, NULL), JRPC_E_INVALID);
    assert_int_equal(jrpc_presence_set(p->a, JRPC_SHOW_AWAY, "\a", 0, NULL), JRPC_E_INVALID);
    assert_int_equal(jrpc_presence_unset(p->a, "bye", NULL), JRPC_OK);
    assert_string_equal(heard_line(&sent, 3), "<presence type='unavailable'><status>bye</status>"
                                            "<draining xmlns='urn:x-jabber-rpc:0'/></presence>");
    loopback_cut(p->hub, PAIR_A);
    pair_wait_state(p->a, SESSION_OFFLINE);
    pair_wait_state(p->a, SESSION_ONLINE);
    assert_int_equal(jrpc_presence_set(p->a, JRPC_SHOW_ONLINE, NULL, 0, NULL), JRPC_OK);
    assert_string_equal(heard_line(&sent, 4), "<presence></presence>"); /* not shown in between */
    pair_close_a(p);
    assert_string_equal(heard_line(&sent, 5), "<presence type='unavailable'></presence>"); /* goodbye */
    pair_close(p);
    heard_done(&sent);
    heard_done(&a);
}

static void a_session_can_stay_hidden(void **state)
{
    UNUSED(state);
    heard sent, a, b;
    pair *p = pair_open(NULL);
    heard_init(&sent);
    heard_init(&a);
    heard_init(&b);
    loopback_set_filter(p->hub, note_presence, &sent);
    assert_int_equal(jrpc_presence_unset(p->a, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->a, on_message, &a, NULL, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_send(p->b, &(jrpc_message){ .to = PAIR_A, .body = "x" }, NULL), JRPC_OK);
    heard_line(&a, 0);
    assert_int_equal(heard_count(&sent), 0);
    pair_close(p);
    heard_done(&sent);
    heard_done(&a);
    heard_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_told_and_answered),
        cmocka_unit_test(two_programs_that_answer_stop),
        cmocka_unit_test(what_no_bot_wants_is_left_out),
        cmocka_unit_test(our_own_answer_that_comes_back_is_left_out),
        cmocka_unit_test(what_is_asked_for_is_told),
        cmocka_unit_test(bad_messages_are_not_sent),
        cmocka_unit_test(answers_are_made_to_fit),
        cmocka_unit_test(floods_come_back),
        cmocka_unit_test(handlers_are_asked_in_order),
        cmocka_unit_test(closing_waits_for_handlers),
        cmocka_unit_test(inline_handlers_run_on_the_driver),
        cmocka_unit_test(presence_is_told),
        cmocka_unit_test(odd_presence_is_survived),
        cmocka_unit_test(a_lost_stream_takes_all_presence),
        cmocka_unit_test(our_presence_is_sent_again_after_a_cut),
        cmocka_unit_test(a_session_can_stay_hidden),
    };
    return cmocka_run_group_tests_name("scenario: chat", tests, NULL, NULL);
}
