/* SPDX-License-Identifier: MIT */
/* The in-process switch: routing, stamps, bounces, filters, cuts, two threads. */
#include "link/loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/mem.h"

typedef struct end {
    jabber_link *link;
    int ups, downs;
    size_t count;
    char last[4096]; /* the last stanza, as text */
    jrpc_status status;
    bool echo; /* answers each set */
} end;

static void on_up(void *userdata, const char *name)
{
    end *e = userdata;
    assert_non_null(name);
    e->ups++;
}

static const char *attribute(xmpp_stanza_t *stanza, const char *name)
{
    const char *value = xmpp_stanza_get_attribute(stanza, name);
    return value ? value : "-";
}

/* "iq set id=1 from=a to=b <q urn:x>" */
static void on_stanza(void *userdata, xmpp_stanza_t *stanza)
{
    end *e = userdata;
    xmpp_stanza_t *child = xmpp_stanza_get_children(stanza);
    const char *child_name = child ? xmpp_stanza_get_name(child) : NULL;
    snprintf(e->last, sizeof e->last, "%s %s id=%s from=%s to=%s ns=%s <%s %s>", xmpp_stanza_get_name(stanza),
             attribute(stanza, "type"), attribute(stanza, "id"), attribute(stanza, "from"),
             attribute(stanza, "to"), xmpp_stanza_get_ns(stanza), child_name ? child_name : "",
             child ? xmpp_stanza_get_ns(child) : "");
    e->count++;
    if (e->echo && strcmp(attribute(stanza, "type"), "set") == 0) {
        char reply[512];
        snprintf(reply, sizeof reply, "<iq type='result' id='%s' to='%s'/>", attribute(stanza, "id"),
                 attribute(stanza, "from"));
        assert_true(link_send(e->link, reply, strlen(reply)));
    }
}

static void on_down(void *userdata, jrpc_error *error)
{
    end *e = userdata;
    e->downs++;
    e->status = error->status;
    assert_non_null(error->message);
}

static const link_callbacks callbacks = { on_up, on_stanza, on_down, NULL };

static void turn(end *e, int timeout_ms)
{
    link_wait wait = link_get_wait(e->link);
    struct pollfd p = { wait.fd, wait.events, 0 };
    poll(&p, 1, timeout_ms);
    link_process(e->link, clock_now());
}

static void make(loopback *hub, end *e, const char *name)
{
    memset(e, 0, sizeof *e);
    assert_int_equal(loopback_link_new(hub, name, &callbacks, e, &e->link, NULL), JRPC_OK);
    assert_false(link_is_up(e->link));
    assert_int_equal(link_start(e->link, NULL), JRPC_OK);
    turn(e, 1000);
    assert_int_equal(e->ups, 1);
    assert_true(link_is_up(e->link));
}

static void say(end *e, const char *text)
{
    assert_true(link_send(e->link, text, strlen(text)));
}

typedef struct fixture {
    loopback *hub;
    end a, b;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->hub = loopback_new();
    make(f->hub, &f->a, "peer-a@localhost/rpc");
    make(f->hub, &f->b, "peer-b@localhost/rpc");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    link_free(f->a.link);
    link_free(f->b.link);
    loopback_free(f->hub);
    free(f);
    return 0;
}

static void stamps_the_sender(void **state)
{
    fixture *f = *state;
    say(&f->a, "<iq type='set' id='1' to='PEER-B@localhost/rpc' from='forged@x/y'><q xmlns='urn:x'/></iq>");
    turn(&f->b, 1000);
    assert_string_equal(f->b.last,
                        "iq set id=1 from=peer-a@localhost/rpc to=PEER-B@localhost/rpc ns=jabber:client "
                        "<q urn:x>");
}

static void several_in_one_piece(void **state)
{
    fixture *f = *state;
    f->b.echo = true;
    say(&f->a, "<iq type='set' id='1' to='peer-b@localhost/rpc'><q xmlns='urn:x'>&lt;/iq&gt;</q></iq>"
               " <iq type='set' id='2' to='peer-b@localhost/rpc'><q xmlns='urn:x'/></iq>\n");
    turn(&f->b, 1000);
    assert_int_equal(f->b.count, 2);
    turn(&f->a, 1000);
    assert_int_equal(f->a.count, 2);
    assert_string_equal(f->a.last, "iq result id=2 from=peer-b@localhost/rpc to=peer-a@localhost/rpc "
                                   "ns=jabber:client < >");
}

static void nobody_there_is_told(void **state)
{
    fixture *f = *state;
    static const char *const asked[] = {
        "<iq type='set' id='&lt;7&gt;' to='nobody@localhost/x'><q xmlns='urn:x'/></iq>",
        "<iq type='get' id='&lt;7&gt;' to='peer-b@localhost'/>",
        "<iq type='get' id='&lt;7&gt;' to='localhost'/>",
    };
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        say(&f->a, asked[i]);
        turn(&f->a, 1000);
        assert_int_equal(f->a.count, i + 1);
        assert_non_null(strstr(f->a.last, "iq error id=<7>"));
        assert_non_null(strstr(f->a.last, "<error jabber:client>"));
    }
    say(&f->a, "<iq type='set' id='8'/>");
    turn(&f->a, 1000);
    assert_non_null(strstr(f->a.last, "iq error id=8 from=peer-a@localhost to=peer-a@localhost/rpc"));
    /* No answer to what must not be answered. */
    size_t before = f->a.count;
    say(&f->a, "<iq type='result' id='7' to='nobody@localhost/x'/><message to='nobody@localhost/x'/>"
               "<presence to='x@y/z'/><iq type='error' id='7' to='nobody@localhost/x'/>");
    turn(&f->a, 0);
    assert_int_equal(f->a.count, before);
}

static void a_component_answers_for_its_domain(void **state)
{
    fixture *f = *state;
    end c;
    make(f->hub, &c, "calc.localhost");
    say(&f->a, "<iq type='set' id='1' to='anybody@calc.localhost/x'/>");
    turn(&c, 1000);
    assert_non_null(strstr(c.last, "to=anybody@calc.localhost/x"));
    say(&c, "<iq type='result' id='1' to='peer-a@localhost/rpc' from='anybody@calc.localhost/x'/>");
    turn(&f->a, 1000);
    assert_non_null(strstr(f->a.last, "from=anybody@calc.localhost/x"));
    say(&c, "<iq type='result' id='2' to='peer-a@localhost/rpc' from='peer-b@localhost/rpc'/>");
    turn(&f->a, 1000);
    assert_non_null(strstr(f->a.last, "id=2 from=calc.localhost"));
    link_free(c.link);
}

typedef struct seen {
    loopback *hub;
    int count;
    bool pass, inject;
} seen;

static bool on_filter(void *userdata, const char *from, const char *to, const char *stanza, size_t len)
{
    seen *s = userdata;
    static const char forged[] =
        "<iq type='result' id='1' from='evil@localhost/x' to='peer-a@localhost/rpc'/>";
    assert_string_equal(from, "peer-a@localhost/rpc");
    assert_string_equal(to, "peer-b@localhost/rpc");
    assert_int_equal(stanza[len - 1], '>');
    s->count++;
    if (s->inject)
        assert_true(loopback_inject(s->hub, "peer-a@localhost/rpc", forged, sizeof forged - 1));
    return s->pass;
}

static void a_filter_sees_forges_and_loses(void **state)
{
    fixture *f = *state;
    seen s = { f->hub, 0, false, true };
    loopback_set_filter(f->hub, on_filter, &s);
    say(&f->a, "<iq type='set' id='1' to='peer-b@localhost/rpc'/>");
    turn(&f->b, 0);
    turn(&f->a, 1000);
    assert_int_equal(s.count, 1);
    assert_int_equal(f->b.count, 0);
    assert_non_null(strstr(f->a.last, "from=evil@localhost/x"));
    loopback_set_filter(f->hub, NULL, NULL);
    assert_false(loopback_inject(f->hub, "peer-c@localhost/rpc", "<iq/>", 5));
    assert_false(loopback_inject(f->hub, "peer-a@localhost/rpc", "<iq>", 4));
}

static void a_cut_link_goes_down_and_comes_back(void **state)
{
    fixture *f = *state;
    loopback_cut(f->hub, "peer-b@localhost/rpc");
    say(&f->a, "<iq type='set' id='1' to='peer-b@localhost/rpc'/>");
    turn(&f->a, 1000);
    assert_non_null(strstr(f->a.last, "iq error"));
    turn(&f->b, 1000);
    assert_int_equal(f->b.downs, 1);
    assert_int_equal(f->b.status, JRPC_E_DISCONNECTED);
    assert_false(link_is_up(f->b.link));
    assert_false(link_send(f->b.link, "<iq/>", 5));
    link_process(f->b.link, clock_now());
    assert_int_equal(f->b.downs, 1);
    assert_int_equal(link_start(f->b.link, NULL), JRPC_OK);
    turn(&f->b, 1000);
    assert_int_equal(f->b.ups, 2);
    say(&f->a, "<iq type='set' id='2' to='peer-b@localhost/rpc'/>");
    turn(&f->b, 1000);
    assert_non_null(strstr(f->b.last, "id=2"));
}

static void nonsense_closes_the_stream(void **state)
{
    fixture *f = *state;
    assert_false(link_send(f->a.link, "<iq>", 4));
    turn(&f->a, 1000);
    assert_int_equal(f->a.downs, 1);
}

static void close_and_abort(void **state)
{
    fixture *f = *state;
    link_close(f->a.link);
    turn(&f->a, 1000);
    assert_int_equal(f->a.status, JRPC_E_CLOSED);
    link_abort(f->b.link);
    turn(&f->b, 1000);
    assert_int_equal(f->b.downs, 1);
}

static void names_are_taken_once(void **state)
{
    fixture *f = *state;
    jabber_link *l = NULL;
    AUTO(jrpc_error_done) jrpc_error error = JRPC_ERROR_INIT;
    assert_int_equal(loopback_link_new(f->hub, "PEER-A@localhost/rpc", &callbacks, NULL, &l, &error),
                     JRPC_E_EXISTS);
    assert_int_equal(loopback_link_new(f->hub, "a@b", &callbacks, NULL, &l, &error), JRPC_E_INVALID);
    assert_int_equal(loopback_link_new(f->hub, "@", &callbacks, NULL, &l, &error), JRPC_E_INVALID);
    assert_null(l);
    end third;
    make(f->hub, &third, "third@localhost/x");
    link_free(third.link);
    make(f->hub, &third, "third@localhost/x");
    link_free(third.link);
}

enum { MANY = 5000 };

static void *answer_many(void *argument)
{
    end *b = argument;
    int64_t until = clock_after(clock_now(), 120000);
    while (b->count < MANY && clock_now() < until)
        turn(b, 1000);
    return NULL;
}

static void two_threads(void **state)
{
    fixture *f = *state;
    pthread_t thread;
    f->b.echo = true;
    assert_int_equal(pthread_create(&thread, NULL, answer_many, &f->b), 0);
    int64_t until = clock_after(clock_now(), 120000);
    for (int i = 0; i < MANY; i++) {
        char text[200];
        snprintf(text, sizeof text, "<iq type='set' id='%d' to='peer-b@localhost/rpc'/>", i);
        say(&f->a, text);
    }
    while (f->a.count < MANY && clock_now() < until)
        turn(&f->a, 1000);
    pthread_join(thread, NULL);
    assert_int_equal(f->a.count, MANY);
    assert_int_equal(f->b.count, MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stamps_the_sender, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_in_one_piece, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_there_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_component_answers_for_its_domain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_filter_sees_forges_and_loses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_link_goes_down_and_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nonsense_closes_the_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(close_and_abort, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_taken_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_threads, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("link_loopback", tests, NULL, NULL);
}
