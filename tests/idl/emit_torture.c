/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of the emitters fails once, over all golden files: no crash, no leak, nothing half done. Of a large
 * file, where the time would grow with the square of its size, fewer the later they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "emit/emit.h"
#include "front/front.h"

#include "../unit/no_memory.h"

enum { LARGE_STEP = 25 };

/* One output with the n-th allocation failing; true when there was no such allocation. */
static bool render_failing(const ast_unit *unit, const emit_options *options, emit_part part, long n,
                           const buf *good)
{
    AUTO(buf_done) buf text = BUF_INIT;

    no_memory_after(n, NO_MEMORY_ONCE);
    jrpc_status status = emit_render(unit, options, part, &text);
    bool over = !no_memory_end();
    if (status == JRPC_OK) {
        assert_int_equal(text.len, good->len);
        assert_memory_equal(text.data, good->data, good->len);
    } else {
        assert_int_equal(status, JRPC_E_NOMEM);
    }
    return over;
}

/* The allocation that fails after the n-th. */
static long after(long n, bool is_large)
{
    return n + 1 + (is_large ? n / LARGE_STEP : 0);
}

static void torture_part(const ast_unit *unit, emit_part part, bool is_large)
{
    AUTO(buf_done) buf good = BUF_INIT;
    emit_options options = { .parts = part };

    assert_int_equal(emit_render(unit, &options, part, &good), JRPC_OK);
    for (long n = 0; !render_failing(unit, &options, part, n, &good);)
        n = after(n, is_large);
}

static void torture_check(front *f, const ast_unit *unit, bool is_large)
{
    emit_options options = { .parts = EMIT_DEFAULT };
    bool over = false;

    for (long n = 0; !over; n = after(n, is_large)) {
        no_memory_after(n, NO_MEMORY_ONCE);
        jrpc_status status = emit_check(unit, &options, front_diag(f));
        over = !no_memory_end();
        assert_true(status == JRPC_OK || status == JRPC_E_NOMEM);
    }
}

static void torture_file(const char *path)
{
    front_options options = { .max_errors = 20 };
    front *f = front_new(&options);

    assert_non_null(f);
    const ast_unit *unit = front_read(f, path);
    assert_non_null(unit);
    bool is_large = strstr(path, "/matrix.idl") != NULL;
    torture_check(f, unit, is_large);
    for (unsigned part = EMIT_HEADER; part <= EMIT_SERVER; part <<= 1)
        torture_part(unit, (emit_part)part, is_large);
    for (unsigned part = EMIT_MARKDOWN; part <= EMIT_HTML; part <<= 1)
        torture_part(unit, (emit_part)part, is_large);
    front_free(f);
}

static void every_allocation_may_fail(void **state)
{
    const char *top = getenv("JRPC_SRCDIR");
    char pattern[4096];
    glob_t files;

    UNUSED(state);
    snprintf(pattern, sizeof pattern, "%s/tests/idl/golden/*.idl", top ? top : ".");
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 10);
    for (size_t i = 0; i < files.gl_pathc; i++)
        torture_file(files.gl_pathv[i]);
    globfree(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("emitters without memory", tests, NULL, NULL);
}
