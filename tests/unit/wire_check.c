/* SPDX-License-Identifier: MIT */
/* What the tests of runtime/wire share. */
#include "wire_check.h"

#include <stdlib.h>

#include "base/mem.h"

static const wire_limits usual = WIRE_LIMITS_DEFAULT;

int check_setup(void **state)
{
    static check_context check;
    xmpp_initialize();
    check.ctx = xmpp_ctx_new(NULL, NULL);
    *state = &check;
    return check.ctx ? 0 : -1;
}

int check_teardown(void **state)
{
    const check_context *check = *state;
    xmpp_ctx_free(check->ctx);
    xmpp_shutdown();
    return 0;
}

xmpp_stanza_t *check_parse(const check_context *check, const char *xml)
{
    xmpp_stanza_t *tree = xmpp_stanza_new_from_string(check->ctx, xml);
    if (!tree)
        fail_msg("not well-formed: %s", xml);
    return tree;
}

void check_encodes(const jrpc_type *type, const void *value, const char *expected)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    jrpc_status status = native_encode(&out, type, NULL, value, WIRE_DEPTH_DEFAULT, &failure);
    if (status < 0)
        fail_msg("%s: %s", failure.path, failure.message);
    assert_string_equal(out.data, expected);
}

void check_refuses(const jrpc_type *type, const jrpc_range *range, const void *value, const char *path,
                   const char *message)
{
    AUTO(buf_done) buf out = BUF_INIT;
    wire_failure failure = WIRE_FAILURE_INIT;
    buf_append_str(&out, "before");
    assert_true(native_encode(&out, type, range, value, WIRE_DEPTH_DEFAULT, &failure) < 0);
    assert_string_equal(failure.message, message);
    assert_string_equal(failure.path, path);
    assert_string_equal(out.data, "before");
    assert_int_equal(out.len, 6);
}

void check_decodes(const check_context *check, const jrpc_type *type, const char *xml, void *ret_value)
{
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    xmpp_stanza_t *tree = check_parse(check, xml);
    if (native_decode(&d, type, NULL, tree, ret_value) < 0)
        fail_msg("%s: %s: %s", xml, d.failure.path, d.failure.message);
    xmpp_stanza_release(tree);
}

void check_rejects(const check_context *check, const jrpc_type *type, const char *xml, jrpc_status status,
                   const char *path, const char *message)
{
    wire_decoder d = WIRE_DECODER_INIT(&usual, NULL);
    xmpp_stanza_t *tree = check_parse(check, xml);
    autofree unsigned char *storage = malloc(type->size);
    assert_non_null(storage);
    memset(storage, 0xA5, type->size);
    assert_int_equal(native_decode(&d, type, NULL, tree, storage), status);
    assert_string_equal(d.failure.message, message);
    assert_string_equal(d.failure.path, path);
    for (size_t i = 0; i < type->size; i++)
        assert_int_equal(storage[i], 0);
    xmpp_stanza_release(tree);
}
