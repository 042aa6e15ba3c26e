/* SPDX-License-Identifier: MIT */
/* Structs, sequences, enums, out parameters and exceptions: calc-client [CONNECTION OPTION]... TO */
#include <stdio.h>

#include "calc.h"

static jrpc_status show_divide(jrpc_peer *peer, jrpc_error *error)
{
    int32_t quotient, remainder;
    jrpc_status status = Calc_Calculator_divide(peer, 47, 5, &quotient, &remainder, error);
    if (status == JRPC_OK)
        printf("47 / 5 = %d, remainder %d\n", (int)quotient, (int)remainder);
    return status;
}

/* ((2 + 3) * 7) / 2 */
static jrpc_status show_run(jrpc_peer *peer, jrpc_error *error)
{
    Calc_Program program;
    jrpc_status status = Calc_Program_init(&program);
    static const Calc_Step steps[] = {
        { .op = Calc_Operator_ADD, .operand = 3 },
        { .op = Calc_Operator_MULTIPLY, .operand = 7 },
        { .op = Calc_Operator_DIVIDE, .operand = 2 },
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == JRPC_OK; i++)
        status = Calc_Program_push(&program, steps[i]);
    double result = 0;
    if (status == JRPC_OK)
        status = Calc_Calculator_run(peer, 2, &program, &result, error);
    if (status == JRPC_OK)
        printf("2 + 3 * 7 / 2 = %g, key by key\n", result);
    Calc_Program_clear(&program);
    return status;
}

static jrpc_status show_memory(jrpc_peer *peer, jrpc_error *error)
{
    Calc_Memory_seq memories;
    jrpc_status status = Calc_Calculator_store(peer, "answer", 42, error);
    if (status != JRPC_OK)
        return status;
    status = Calc_Calculator_memories(peer, &memories, error);
    for (size_t i = 0; status == JRPC_OK && i < memories.len; i++)
        printf("memory %s holds %g\n", memories.data[i].name, memories.data[i].value);
    Calc_Memory_seq_clear(&memories);
    return status;
}

/* An exception that the IDL declares is a typed value here. */
static jrpc_status show_exception(jrpc_peer *peer, jrpc_error *error)
{
    double value;
    jrpc_error expected = JRPC_ERROR_INIT;
    jrpc_status status = Calc_Calculator_recall(peer, "question", &value, &expected);
    const Calc_NoSuch *missing = Calc_NoSuch_of(&expected);
    if (missing) {
        printf("no memory is named %s\n", missing->name);
        jrpc_error_done(&expected);
        return JRPC_OK;
    }
    jrpc_error_move(error, &expected);
    return status;
}

static int call(jrpc_session *session, const char *to, jrpc_error *error)
{
    jrpc_peer *peer = NULL;
    if (jrpc_peer_new(session, to, &peer, error) != JRPC_OK)
        return 2;
    jrpc_status status = show_divide(peer, error);
    if (status == JRPC_OK)
        status = show_run(peer, error);
    if (status == JRPC_OK)
        status = show_memory(peer, error);
    if (status == JRPC_OK)
        status = show_exception(peer, error);
    jrpc_peer_free(peer);
    return status == JRPC_OK ? 0 : 1;
}

static int run(jrpc_options *options, int argc, char **argv, jrpc_error *error)
{
    if (jrpc_options_take(options, &argc, argv, error) != JRPC_OK)
        return 2;
    if (argc != 2) {
        fprintf(stderr, "usage: calc-client [OPTION]... TO\n%s", jrpc_options_help());
        return 2;
    }
    jrpc_session *session = NULL;
    jrpc_status status = jrpc_options_open(options, &session, error);
    if (status != JRPC_OK)
        return status == JRPC_E_INVALID || status == JRPC_E_IO ? 2 : 3;
    int exit_status = call(session, argv[1], error);
    jrpc_session_close(session);
    return exit_status;
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
