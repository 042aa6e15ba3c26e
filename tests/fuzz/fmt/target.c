/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: the formatter. No input may crash it; what the front end accepts keeps its tokens, comments and
 * tree, and the result is not changed by formatting it again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "fmt/diff.h"
#include "fmt/format.h"
#include "front/diag_list.h"

#include "../fuzz.h"

const char *const fuzz_folders[] = { "fuzz/fmt/seeds", "fuzz/idl/seeds", "idl/ok", "idl/bad", "idl/fmt", NULL };

static front *read_text(const char *text, size_t len)
{
    static const front_options options = { .no_files = true };
    front *f = front_new(&options);
    if (!f || front_add_file(f, "main.idl", text, len) != JRPC_OK)
        abort();
    front_read(f, "main.idl");
    return f;
}

static bool is_accepted(front *f)
{
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next) {
        if (entry->severity == DIAG_ERROR && strcmp(entry->rule, "unsupported") != 0)
            return false;
    }
    return true;
}

static void fail(const char *what, const char *text, size_t len, const buf *one, const buf *two)
{
    fprintf(stderr, "%s\n---- text:\n%.*s\n---- formatted:\n%s\n", what, (int)len, text, one->data);
    if (two && two->data)
        fprintf(stderr, "---- again:\n%s\n", two->data);
    abort();
}

static void check_tree(front *f, const char *text, size_t len, const buf *one)
{
    bool same = false;
    if (strstr(one->data, "__LINE__")) /* differs, and means something else then */
        return;
    front *after = read_text(one->data, one->len);
    if (format_same_tree(f, after, &same) != JRPC_OK || !same)
        fail("another tree", text, len, one, NULL);
    front_free(after);
}

static void check(front *f, const char *text, size_t len, const buf *one)
{
    bool same = false;
    buf two = BUF_INIT, diff = BUF_INIT;
    if (!is_accepted(f) || !one->len)
        return;
    if (format_is_same(text, len, one, &same) != JRPC_OK || !same)
        fail("other tokens", text, len, one, NULL);
    check_tree(f, text, len, one);
    if (format_text(one->data, one->len, &two) != JRPC_OK || two.len != one->len ||
        memcmp(one->data, two.data, two.len) != 0)
        fail("not idempotent", text, len, one, &two);
    diff_unified("main.idl", one->data, one->len, &two, &diff);
    if (diff.len)
        fail("a difference of equal texts", text, len, one, &diff);
    buf_done(&two);
    buf_done(&diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    buf one = BUF_INIT, diff = BUF_INIT;
    front *f = read_text(text, size);
    jrpc_status status = format_text(text, size, &one);
    if (status != JRPC_OK && status != JRPC_E_TOO_LARGE)
        abort();
    diff_unified("main.idl", text, size, &one, &diff);
    if (status == JRPC_OK)
        check(f, text, size, &one);
    front_free(f);
    buf_done(&one);
    buf_done(&diff);
    return 0;
}
