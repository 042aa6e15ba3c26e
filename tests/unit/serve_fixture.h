/* SPDX-License-Identifier: MIT */
/* A server without a stream: requests go in as text, answers are caught; and a service, its tables by hand. */
#ifndef SERVE_FIXTURE_H
#define SERVE_FIXTURE_H

#include <pthread.h>

#include "base/buf.h"
#include "serve/server.h"

enum { SERVE_ANSWERS_MOST = 256 };

typedef struct serve_fixture {
    server *server;
    xmpp_ctx_t *ctx;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    char *answers[SERVE_ANSWERS_MOST];
    size_t answered, taken;
    buf log; /* one message a line */
    bool send_fails;
    bool extension;    /* what callers are said to understand */
    unsigned waiting;  /* handlers of Wait that have begun */
    bool gate_is_open; /* lets them go on */
} serve_fixture;

/* By the defaults of a session, as far as wanted says nothing; "peer-a@localhost" is let in. */
serve_fixture *serve_new(const server_options *wanted);
void serve_free(serve_fixture *f);

/* Hands it to the server as the driving thread does, and runs what is inline. */
void serve_ask(serve_fixture *f, const char *iq);
/* A method call by peer-a@localhost/x; params is what <params> holds. */
void serve_call(serve_fixture *f, const char *id, const char *method, const char *params);
/* The next answer (free()); fails the test when none comes in time. */
char *serve_answer(serve_fixture *f);
/* The next answer is exactly this. */
void serve_expect(serve_fixture *f, const char *answer);
/* The next answer is <iq type='result' id='...'> to peer-a with this in its query. */
void serve_expect_reply(serve_fixture *f, const char *id, const char *content);
void serve_expect_fault(serve_fixture *f, const char *id, int code, const char *text);
/* The next answer is <iq type='error'> to peer-a with this type and condition. */
void serve_expect_error(serve_fixture *f, const char *id, const char *type, const char *condition);
/* No answer is left; what the workers have to say is said first. */
void serve_expect_nothing(serve_fixture *f);
/* Was it logged? */
bool serve_logged(serve_fixture *f, const char *part);

void serve_wait_waiting(serve_fixture *f, unsigned count);
void serve_open_gate(serve_fixture *f);

/* ---- the service ---- */

typedef struct div_by_zero {
    int32_t numerator;
    char *hint;
} div_by_zero;

extern const jrpc_exception serve_div_by_zero, serve_undeclared;
extern const jrpc_interface serve_interface;

#endif
