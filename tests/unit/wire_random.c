/* SPDX-License-Identifier: MIT */
/* Round trips of random values of every kind: C -> XML -> tree -> C, and copies. JRPC_SEED repeats a run. */
#include <stdio.h>
#include <stdlib.h>
#include <strophe.h>

#include "wire_check.h"
#include "wire_zoo.h"

#include "base/mem.h"
#include "wire/native.h"

enum { RUNS = 400 };

static const wire_limits roomy = { WIRE_DEPTH_DEFAULT, 1 << 20, 64 << 20 };

static uint64_t first_seed(void)
{
    const char *text = getenv("JRPC_SEED");
    return text ? strtoull(text, NULL, 0) : UINT64_C(20241231);
}

static uint64_t current; /* the seed that repeats the round trip under way */

static void must(bool truth, const char *what)
{
    if (!truth)
        fail_msg("JRPC_SEED=%llu: %s", (unsigned long long)current, what);
}

static void encode(buf *out, const zoo *value)
{
    wire_failure failure = WIRE_FAILURE_INIT;
    buf_reset(out);
    if (native_encode(out, &zoo_type, NULL, value, WIRE_DEPTH_DEFAULT, &failure) < 0)
        fail_msg("JRPC_SEED=%llu: %s: %s", (unsigned long long)current, failure.path, failure.message);
}

static void decode(xmpp_ctx_t *ctx, const char *text, arena *memory, zoo *ret)
{
    wire_decoder d = WIRE_DECODER_INIT(&roomy, memory);
    xmpp_stanza_t *tree = xmpp_stanza_new_from_string(ctx, text);
    assert_non_null(tree);
    if (native_decode(&d, &zoo_type, NULL, tree, ret) < 0)
        fail_msg("JRPC_SEED=%llu: %s: %s", (unsigned long long)current, d.failure.path, d.failure.message);
    assert_int_equal(d.depth, 0);
    xmpp_stanza_release(tree);
}

static void round_trip(xmpp_ctx_t *ctx, uint64_t *seed)
{
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(buf_done) buf again = BUF_INIT;
    arena memory = ARENA_INIT(0);
    zoo original = { .truth = false }, copy, from_heap, from_arena;
    zoo_fill(&zoo_type, NULL, &original, 0, seed);
    assert_int_equal(jrpc_value_copy(&zoo_type, &original, &copy), JRPC_OK);
    must(jrpc_value_equal(&zoo_type, &original, &copy), "the copy differs");
    encode(&text, &original);
    decode(ctx, text.data, NULL, &from_heap);
    must(jrpc_value_equal(&zoo_type, &original, &from_heap), "what was decoded to the heap differs");
    decode(ctx, text.data, &memory, &from_arena);
    must(jrpc_value_equal(&zoo_type, &copy, &from_arena), "what was decoded to the arena differs");
    encode(&again, &from_arena);
    must(strcmp(text.data, again.data) == 0, "the second encoding differs");
    native_release(&zoo_type, &from_arena);
    arena_done(&memory);
    jrpc_value_clear(&zoo_type, &original);
    jrpc_value_clear(&zoo_type, &copy);
    jrpc_value_clear(&zoo_type, &from_heap);
}

static void test_round_trips(void **state)
{
    check_context *check = *state;
    uint64_t seed = first_seed();
    print_message("# the first JRPC_SEED is %llu\n", (unsigned long long)seed);
    for (int i = 0; i < RUNS; i++) {
        current = seed;
        round_trip(check->ctx, &seed);
    }
}

/*
 * Every value is printed without upsetting anything; what is printed has no line breaks or control
 * characters.
 */
static void test_print(void **state)
{
    UNUSED(state);
    uint64_t seed = first_seed();
    for (int i = 0; i < 50; i++) {
        zoo value = { .truth = false };
        autofree char *text = NULL;
        size_t len = 0;
        zoo_fill(&zoo_type, NULL, &value, 0, &seed);
        FILE *stream = open_memstream(&text, &len);
        assert_non_null(stream);
        jrpc_value_print(stream, &zoo_type, &value);
        assert_int_equal(fclose(stream), 0);
        assert_true(len > 100);
        for (size_t k = 0; k < len; k++)
            assert_true((unsigned char)text[k] >= 0x20 && text[k] != 0x7F);
        jrpc_value_clear(&zoo_type, &value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_round_trips), cmocka_unit_test(test_print) };
    return cmocka_run_group_tests_name("wire_random", tests, check_setup, check_teardown);
}
