/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: one <value>. Whatever it holds, reading it as any type either fails and leaves nothing behind, or gives a
 * value that is written, read again, and is the same.
 */
#include <stdlib.h>
#include <string.h>

#include <strophe.h>

#include "../../unit/wire_zoo.h"
#include "../fuzz.h"
#include "base/mem.h"
#include "wire/dynamic.h"
#include "wire/native.h"

const char *const fuzz_folders[] = { "fuzz/wire/seeds/values", "wire", NULL };

static const wire_limits limits = WIRE_LIMITS_DEFAULT;

static void must(bool truth)
{
    if (!truth)
        abort();
}

static xmpp_stanza_t *parse(const char *text, size_t len)
{
    static xmpp_ctx_t *ctx;
    if (!ctx)
        ctx = xmpp_ctx_new(NULL, NULL);
    char *copy = strndup(text, len);
    xmpp_stanza_t *tree = ctx && copy ? xmpp_stanza_new_from_string(ctx, copy) : NULL;
    free(copy);
    return tree;
}

static void check_type(const jrpc_type *type, xmpp_stanza_t *tree)
{
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(buf_done) buf again = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    void *first = calloc(1, type->size), *second = calloc(1, type->size);
    must(first && second);
    wire_decoder d = WIRE_DECODER_INIT(&limits, NULL);
    if (native_decode(&d, type, NULL, tree, first) == JRPC_OK) {
        must(native_encode(&text, type, NULL, first, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK);
        xmpp_stanza_t *copy = parse(text.data, text.len);
        wire_decoder e = WIRE_DECODER_INIT(&limits, NULL);
        must(copy && native_decode(&e, type, NULL, copy, second) == JRPC_OK);
        must(jrpc_value_equal(type, first, second));
        must(native_encode(&again, type, NULL, second, WIRE_DEPTH_DEFAULT, &failure) == JRPC_OK);
        must(strcmp(text.data, again.data) == 0);
        jrpc_value_clear(type, second);
        xmpp_stanza_release(copy);
    }
    jrpc_value_clear(type, first);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const jrpc_type *const types[] = { &zoo_type,       &jrpc_type_any,      &options_type,  &pick_type,
                                              &choice_type,    &by_number_type,     &by_truth_type, &node_type,
                                              &jrpc_type_i64,  &jrpc_type_double,   &disc_type,     &table_type,
                                              &jrpc_type_bytes, &jrpc_type_datetime, &unique_type,   &features_type };
    xmpp_stanza_t *tree = parse((const char *)data, size);
    if (!tree)
        return 0;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        check_type(types[i], tree);
    xmpp_stanza_release(tree);
    return 0;
}
