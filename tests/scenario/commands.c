/* SPDX-License-Identifier: MIT */
/* Methods for people between sessions: what is offered, lines that are answered late or when all is over. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jrpc/chat.h>
#include <jrpc/command.h>

#define ALL (JRPC_COMMANDS_FORMS | JRPC_COMMANDS_LINES)

/* What a was told, the last line. */
typedef struct heard {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *line;
    bool passes_on; /* the next handler is asked too */
} heard;

#define HEARD_INIT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, false }

static bool on_message(const jrpc_message *message, void *userdata)
{
    heard *h = userdata;
    pthread_mutex_lock(&h->lock);
    free(h->line);
    h->line = strdup(message->body);
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
    return !h->passes_on;
}

static void expect(heard *h, const char *expected)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAIR_PATIENCE_MS / 1000;
    pthread_mutex_lock(&h->lock);
    while (!h->line && pthread_cond_timedwait(&h->changed, &h->lock, &until) == 0)
        continue;
    autofree char *line = TAKE_PTR(h->line);
    pthread_mutex_unlock(&h->lock);
    assert_non_null(line);
    assert_string_equal(line, expected);
}

static void say(pair *p, const char *body)
{
    jrpc_message message = { .to = PAIR_B, .type = JRPC_MESSAGE_CHAT, .body = body };
    assert_int_equal(jrpc_message_send(p->a, &message, NULL), JRPC_OK);
}

/* b offers its methods, a hears what programs say. */
static pair *open_both(heard *h, const jrpc_session_options *options)
{
    static const jrpc_message_options programs = { .size = sizeof programs, .automatic = true };
    pair *p = pair_open(options);
    assert_int_equal(jrpc_commands_serve(p->b, ALL, NULL), JRPC_OK);
    assert_int_equal(jrpc_message_handle(p->a, on_message, h, &programs, NULL), JRPC_OK);
    return p;
}

static char *disco(pair *p)
{
    char *text = NULL;
    assert_int_equal(jrpc_iq_send_and_wait(p->a, PAIR_B, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", 0,
                                           &text, NULL), JRPC_OK);
    return text;
}

static void ways(void **state)
{
    UNUSED(state);
    static const char feature[] = "http://jabber.org/protocol/commands";
    pair *p = pair_open(NULL);
    autofree char *before = disco(p);
    assert_null(strstr(before, feature));
    assert_int_equal(jrpc_commands_serve(p->b, 0, NULL), JRPC_E_INVALID);
    assert_int_equal(jrpc_commands_serve(p->b, 8, NULL), JRPC_E_INVALID);
    assert_int_equal(jrpc_commands_serve(p->b, JRPC_COMMANDS_FORMS, NULL), JRPC_OK);
    autofree char *after = disco(p);
    assert_non_null(strstr(after, feature));
    assert_int_equal(jrpc_commands_serve(p->b, ALL, NULL), JRPC_E_EXISTS);
    assert_int_equal(jrpc_commands_serve(p->b, JRPC_COMMANDS_LINES, NULL), JRPC_OK);
    assert_int_equal(jrpc_commands_serve(p->b, JRPC_COMMANDS_LINES, NULL), JRPC_E_EXISTS);
    pair_close(p);
}

static void lines(void **state)
{
    heard h = HEARD_INIT;
    pair *p = open_both(&h, *state);
    say(p, "Add 40 2");
    expect(&h, "42");
    say(p, "Add 40 x");
    expect(&h, "argument 2, b: 'x' is not an integer; expected long");
    say(p, "Ad 1 2");
    expect(&h, "There is no method \"Ad\" here; help lists those that there are.");
    pair_close(p);
}

/* From the other end's point of view a line is a call: it may be answered late, from any thread. */
static void late_answer(void **state)
{
    heard h = HEARD_INIT;
    pair *p = open_both(&h, *state);
    say(p, "Later 5");
    pair_wait_later(p, 1);
    say(p, "Add 1 2");
    expect(&h, "3");
    pair_answer_later(p->later[0], 10);
    expect(&h, "10");
    pair_close(p);
}

/* A line that is not answered when its session is closed is answered then. */
static void closed_meanwhile(void **state)
{
    heard h = HEARD_INIT;
    pair *p = open_both(&h, *state);
    say(p, "Later 5");
    pair_wait_later(p, 1);
    jrpc_call *call = p->later[0];
    pair_close_b(p);
    expect(&h, "Not done: this server is going away");
    jrpc_call_fail(call, JRPC_E_BUSY);
    pair_close(p);
}

/* Two that offer their methods do not talk to each other for ever. */
static void two_servers(void **state)
{
    heard h = HEARD_INIT;
    h.passes_on = true;
    pair *p = open_both(&h, *state);
    assert_int_equal(jrpc_commands_serve(p->a, ALL, NULL), JRPC_OK);
    say(p, "hello");
    expect(&h, "There is no method \"hello\" here; help lists those that there are.");
    say(p, "Add 1 2"); /* whatever a had said to that would have come to b before this */
    expect(&h, "3");
    pair_close(p);
}

int main(void)
{
    jrpc_session_options inline_too = JRPC_SESSION_OPTIONS_INIT;
    inline_too.inline_handlers = true;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways),
        cmocka_unit_test(lines),
        cmocka_unit_test(late_answer),
        cmocka_unit_test(closed_meanwhile),
        cmocka_unit_test(two_servers),
        { "lines, inline", lines, NULL, NULL, &inline_too },
        { "late_answer, inline", late_answer, NULL, NULL, &inline_too },
        { "closed_meanwhile, inline", closed_meanwhile, NULL, NULL, &inline_too },
    };
    return cmocka_run_group_tests_name("scenario: commands", tests, NULL, NULL);
}
