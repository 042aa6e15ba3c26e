/* SPDX-License-Identifier: MIT */
/*
 * The measured calls: Rot13 by its generated stub.
 *
 *   rpc client thread|caller TO [CONNECTION OPTION]...
 *   rpc server thread|caller inline|workers CALLER [CONNECTION OPTION]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "block.h"
#include "rot13.h"

extern const Rot13_impl Rot13_implementation;

static const char text[] = "There was a young lady of Nantes";

typedef struct client {
    jrpc_session *session;
    jrpc_peer *peer;
    atomic_bool failed;
} client;

static bool complain(const char *what, jrpc_error *error)
{
    fprintf(stderr, "bench rpc: %s: ", what);
    jrpc_error_print(stderr, error);
    jrpc_error_done(error);
    return false;
}

/* ---- one after the other ---- */

static bool call_once(block *b, unsigned number)
{
    client *c = b->userdata;
    jrpc_error error = JRPC_ERROR_INIT;
    char *result = NULL;
    if (Rot13_rotate(c->peer, text, &result, &error) != JRPC_OK)
        return complain("call", &error);
    block_end(b, number);
    jrpc_free(result);
    return true;
}

/* ---- a sliding window: each answer sends the next call ---- */

static void on_answer(jrpc_future *future, void *userdata);

/* In THREAD mode the first of them are still being sent here when the answers' callbacks send more. */
static void send_next(block *b)
{
    client *c = b->userdata;
    jrpc_error error = JRPC_ERROR_INIT;
    unsigned number;
    if (block_take(b, &number) && Rot13_rotate_send(c->peer, text, on_answer, b, NULL, &error) != JRPC_OK)
        c->failed = !complain("send", &error);
}

/* Answers come in the order of the calls, near enough for percentiles of thousands. */
static void on_answer(jrpc_future *future, void *userdata)
{
    block *b = userdata;
    client *c = b->userdata;
    jrpc_error error = JRPC_ERROR_INIT;
    char *result = NULL;
    if (Rot13_rotate_finish(future, &result, &error) != JRPC_OK)
        c->failed = !complain("answer", &error);
    jrpc_free(result);
    block_end(b, b->done);
    if (!c->failed)
        send_next(b);
    if (c->failed || b->done == b->count)
        jrpc_session_interrupt(c->session);
}

static bool slide(block *b)
{
    client *c = b->userdata;
    jrpc_error error = JRPC_ERROR_INIT;
    for (unsigned i = 0; i < b->window && !c->failed; i++)
        send_next(b);
    if (jrpc_session_wait(c->session, -1, &error) != JRPC_OK)
        return complain("wait", &error);
    return !c->failed;
}

/* ---- bursts ---- */

static bool finish_all(jrpc_future **futures, unsigned count, jrpc_error *error)
{
    bool good = jrpc_wait_all(futures, count, -1, error) == JRPC_OK;
    for (unsigned i = 0; i < count; i++) {
        char *result = NULL;
        good = good && Rot13_rotate_finish(futures[i], &result, error) == JRPC_OK;
        jrpc_free(result);
    }
    return good;
}

static bool burst(block *b, jrpc_future **futures, unsigned number)
{
    client *c = b->userdata;
    jrpc_error error = JRPC_ERROR_INIT;
    for (unsigned i = 0; i < b->window; i++) {
        if (Rot13_rotate_send(c->peer, text, NULL, NULL, &futures[i], &error) != JRPC_OK)
            return complain("send", &error);
    }
    if (!finish_all(futures, b->window, &error))
        return complain("burst", &error);
    block_end(b, number);
    return true;
}

static bool run_bursts(block *b)
{
    jrpc_future **futures = calloc(b->window, sizeof(jrpc_future *));
    bool good = futures != NULL;
    unsigned number;
    while (good && block_take(b, &number))
        good = burst(b, futures, number);
    free(futures);
    return good;
}

/* ---- calls that nobody answers ---- */

/* A call that waits to be sent is not in flight yet. */
static void let_leave(client *c)
{
    jrpc_live live = { .size = sizeof live };
    for (jrpc_session_live(c->session, &live); live.send_bytes && live.online; jrpc_session_live(c->session, &live))
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

/* What it is to whom it calls is found out with the first call, which is held back meanwhile. */
static bool get_to_know(client *c, jrpc_error *error)
{
    jrpc_future *future = NULL;
    if (Rot13_rotate_send(c->peer, text, NULL, NULL, &future, error) != JRPC_OK)
        return false;
    let_leave(c);
    jrpc_future_free(future);
    return true;
}

static bool hold(block *b)
{
    client *c = b->userdata;
    jrpc_error error = JRPC_ERROR_INIT;
    if (!get_to_know(c, &error))
        return complain("hold", &error);
    jrpc_future **futures = calloc(b->count, sizeof(jrpc_future *));
    double before = block_resident();
    bool good = futures != NULL;
    for (unsigned i = 0; good && i < b->count; i++) {
        good = Rot13_rotate_send(c->peer, text, NULL, NULL, &futures[i], &error) == JRPC_OK;
        if (i % 64 == 0)
            let_leave(c);
    }
    /* All have left when the server has answered what was sent behind them. */
    char *answer = NULL;
    good = good && jrpc_iq_send_and_wait(c->session, "localhost", "get", "<ping xmlns='urn:xmpp:ping'/>", 60000,
                                         &answer, &error) == JRPC_OK;
    jrpc_free(answer);
    b->bytes = (block_resident() - before) / (double)b->count;
    for (unsigned i = 0; futures && i < b->count && futures[i]; i++)
        jrpc_future_free(futures[i]);
    free(futures);
    return good || complain("hold", &error);
}

static bool run_block(block *b)
{
    if (b->shape == BLOCK_HOLD)
        return hold(b);
    if (b->shape == BLOCK_BURST)
        return run_bursts(b);
    if (b->window > 1)
        return slide(b);
    bool good = true;
    unsigned number;
    while (good && block_take(b, &number))
        good = call_once(b, number);
    return good;
}

/* ---- the two programs ---- */

static int run_client(jrpc_session *session, const char *to, jrpc_error *error)
{
    client c = { .session = session };
    if (jrpc_peer_new(session, to, &c.peer, error) != JRPC_OK)
        return 2;
    block_ready(jrpc_session_jid(session));
    int status = block_serve(run_block, &c);
    jrpc_peer_free(c.peer);
    return status;
}

static int run_server(jrpc_session *session, const char *caller, jrpc_error *error)
{
    if (Rot13_serve(session, &Rot13_implementation, NULL, error) != JRPC_OK ||
        jrpc_session_allow(session, caller, error) != JRPC_OK)
        return 2;
    block_ready(jrpc_session_jid(session));
    return jrpc_session_wait(session, -1, error) == JRPC_OK ? 0 : 3;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    const char *jid = NULL;
    jrpc_session_options session_options;
    jrpc_session *session = NULL;
    bool serves = argc == 5 && strcmp(argv[1], "server") == 0;
    if (!serves && !(argc == 4 && strcmp(argv[1], "client") == 0)) {
        fputs("usage: rpc client thread|caller TO\n"
              "       rpc server thread|caller inline|workers CALLER\n",
              stderr);
        return 2;
    }
    if (jrpc_options_finish(options, &jid, &session_options, error) != JRPC_OK)
        return 2;
    session_options.mode = strcmp(argv[2], "caller") == 0 ? JRPC_MODE_CALLER : JRPC_MODE_THREAD;
    session_options.inline_handlers = serves && strcmp(argv[3], "inline") == 0;
    if (jrpc_session_open(jid, &session_options, &session, error) != JRPC_OK)
        return 3;
    int status = serves ? run_server(session, argv[4], error) : run_client(session, argv[3], error);
    jrpc_session_close(session);
    return status;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    int status = 2;
    if (options && jrpc_options_take(options, &argc, argv, &error) == JRPC_OK)
        status = run(options, argc, argv, &error);
    if (error.status != JRPC_OK)
        complain(argc > 1 ? argv[1] : "", &error);
    jrpc_options_free(options);
    return status;
}
