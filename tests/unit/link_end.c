/* SPDX-License-Identifier: MIT */
/* Our end of a link to a server that follows a script. */
#include "link_end.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"

static void on_up(void *userdata, const char *name)
{
    end *e = userdata;
    e->ups++;
    snprintf(e->name, sizeof e->name, "%s", name);
}

static void on_stanza(void *userdata, xmpp_stanza_t *stanza)
{
    end *e = userdata;
    autofree char *text = xml_text(stanza);
    e->stanzas++;
    e->text_bytes += strlen(text);
}

static void on_down(void *userdata, jrpc_error *error)
{
    end *e = userdata;
    e->downs++;
    jrpc_error_move(&e->error, error);
}

const link_callbacks end_callbacks = { on_up, on_stanza, on_down, NULL };

void turn(end *e, int64_t until)
{
    link_wait wait = link_get_wait(e->link);
    struct pollfd p = { wait.fd, wait.events, 0 };
    poll(&p, 1, clock_poll_ms(clock_now(), wait.until < until ? wait.until : until));
    link_process(e->link, clock_now());
}

link_options component_options(uint16_t port)
{
    return (link_options){ .jid = "calc.localhost",
                           .password = "secret",
                           .host = "127.0.0.1",
                           .port = port,
                           .component = true,
                           .timeout_ms = 5000 };
}

link_options client_options(uint16_t port)
{
    return (link_options){ .jid = "peer-a@localhost/rpc",
                           .password = "secret",
                           .host = "127.0.0.1",
                           .port = port,
                           .timeout_ms = 5000 };
}

void begin(end *e, const link_options *options)
{
    memset(e, 0, sizeof *e);
    assert_int_equal(link_new_stream(options, &end_callbacks, e, &e->link, NULL), JRPC_OK);
    assert_int_equal(link_start(e->link, NULL), JRPC_OK);
}

void until_up(end *e)
{
    int64_t until = clock_after(clock_now(), 10000);
    while (!e->ups && !e->downs && clock_now() < until)
        turn(e, until);
    if (e->downs)
        fail_msg("down: %s", e->error.message);
    assert_int_equal(e->ups, 1);
    assert_true(link_is_up(e->link));
}

void until_down(end *e)
{
    int64_t until = clock_after(clock_now(), 10000);
    while (!e->downs && clock_now() < until)
        turn(e, until);
    assert_int_equal(e->downs, 1);
    assert_false(link_is_up(e->link));
}

void finish(end *e)
{
    jrpc_error_done(&e->error);
    link_free(e->link);
}
