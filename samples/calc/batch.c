/* SPDX-License-Identifier: MIT */
/* Several calls in one request: calc-batch [CONNECTION OPTION]... TO */
#include <stdio.h>

#include "calc.h"

/* Each call is one of the stub's; it is sent with the others, and what it brings is there after that. */
typedef struct results {
    int64_t sum;
    int32_t quotient, remainder, no_quotient, no_remainder;
    double recalled;
} results;

static jrpc_status collect(jrpc_peer *all, results *r, jrpc_error *error)
{
    jrpc_status status = Calc_Calculator_add(all, 2, 3, &r->sum, error);
    if (status == JRPC_OK)
        status = Calc_Calculator_divide(all, 47, 5, &r->quotient, &r->remainder, error);
    if (status == JRPC_OK)
        status = Calc_Calculator_divide(all, 1, 0, &r->no_quotient, &r->no_remainder, error);
    if (status == JRPC_OK)
        status = Calc_Calculator_store(all, "batch", 42, error);
    if (status == JRPC_OK)
        status = Calc_Calculator_recall(all, "batch", &r->recalled, error);
    return status;
}

static void show(const jrpc_batch *batch, const results *r)
{
    if (jrpc_batch_outcome(batch, 0)->status == JRPC_OK)
        printf("2 + 3 = %lld\n", (long long)r->sum);
    if (jrpc_batch_outcome(batch, 1)->status == JRPC_OK)
        printf("47 / 5 = %d, remainder %d\n", (int)r->quotient, (int)r->remainder);
    if (Calc_DivisionByZero_of(jrpc_batch_outcome(batch, 2)))
        puts("1 / 0 is not possible");
    if (jrpc_batch_outcome(batch, 3)->status == JRPC_OK && jrpc_batch_outcome(batch, 4)->status == JRPC_OK)
        printf("batch holds %g\n", r->recalled);
}

static jrpc_status run_batch(jrpc_session *session, const char *to, jrpc_error *error)
{
    jrpc_peer *peer = NULL;
    jrpc_batch *batch = NULL;
    results r = { 0 };
    jrpc_status status = jrpc_peer_new(session, to, &peer, error);
    if (status == JRPC_OK)
        status = jrpc_batch_new(peer, &batch, error);
    if (status == JRPC_OK)
        status = collect(jrpc_batch_peer(batch), &r, error);
    if (status == JRPC_OK)
        status = jrpc_batch_run(batch, error);
    if (status == JRPC_OK)
        show(batch, &r);
    jrpc_batch_free(batch);
    jrpc_peer_free(peer);
    return status;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK)
        return 2;
    if (argc != 2) {
        fprintf(stderr, "usage: calc-batch [OPTION]... TO\n%s", jrpc_options_help());
        return 2;
    }
    jrpc_session *session = NULL;
    jrpc_status status = jrpc_options_open(options, &session, error);
    if (status != JRPC_OK)
        return status == JRPC_E_INVALID || status == JRPC_E_IO ? 2 : 3;
    status = run_batch(session, argv[1], error);
    jrpc_session_close(session);
    return status == JRPC_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    jrpc_options *options = jrpc_options_new();
    jrpc_error error = JRPC_ERROR_INIT;
    int exit_status = options ? run(options, argc, argv, &error) : 1;
    if (error.status != JRPC_OK) {
        jrpc_options_report(options, stderr, &error);
        jrpc_error_done(&error);
    }
    jrpc_options_free(options);
    return exit_status;
}
