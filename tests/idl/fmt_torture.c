/* SPDX-License-Identifier: MIT */
/*
 * The formatter and lint while the 1st, 2nd, ... nth allocation fails, until none does: each time it must say NOMEM or give
 * the whole result, and free all it has.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fmt/diff.h"
#include "fmt/format.h"
#include "lint/lint.h"

#include "../unit/no_memory.h"

static bool format_all(const buf *text, const buf *want)
{
    AUTO(buf_done) buf out = BUF_INIT, diff = BUF_INIT;
    bool same = false;
    jrpc_status status = format_text(text->data, text->len, &out);
    if (status != JRPC_OK)
        return status == JRPC_E_NOMEM && no_memory_has_failed();
    if (out.len != want->len || (out.len && memcmp(out.data, want->data, out.len) != 0))
        return false;
    status = format_is_same(text->data, text->len, &out, &same);
    if (status != JRPC_OK)
        return status == JRPC_E_NOMEM && no_memory_has_failed() && !same;
    diff_unified("x.idl", text->data, text->len, &out, &diff);
    return same && (!buf_failed(&diff) || no_memory_has_failed());
}

static bool compare_trees(const buf *text, const buf *want)
{
    static const front_options options = { .no_files = true };
    front *a = front_new(&options), *b = front_new(&options);
    bool same = false, good;
    if (a && b && front_add_file(a, "x.idl", text->data, text->len) == JRPC_OK &&
        front_add_file(b, "x.idl", want->data, want->len) == JRPC_OK) {
        front_read(a, "x.idl");
        front_read(b, "x.idl");
        bool whole = front_status(a) != JRPC_E_NOMEM && front_status(b) != JRPC_E_NOMEM;
        jrpc_status status = format_same_tree(a, b, &same);
        good = status == JRPC_E_NOMEM ? no_memory_has_failed() : same || !whole;
    } else {
        good = no_memory_has_failed();
    }
    front_free(a);
    front_free(b);
    return good;
}

static bool lint_all(const buf *text, const buf *want)
{
    static const front_options options = { .no_files = true };
    static const lint_change all = { "all", true };
    front *f = front_new(&options);
    bool good;
    UNUSED(want);
    if (f && front_add_file(f, "x.idl", text->data, text->len) == JRPC_OK) {
        const ast_unit *unit = front_read(f, "x.idl");
        jrpc_status status = unit ? lint_run(f, unit, text->data, text->len, &all, 1) : JRPC_OK;
        good = status == JRPC_OK ? !no_memory_has_failed() || !unit : status == JRPC_E_NOMEM && no_memory_has_failed();
    } else {
        good = no_memory_has_failed();
    }
    front_free(f);
    return good;
}

static bool torture(bool (*once)(const buf *text, const buf *want), const buf *text, const buf *want, bool all)
{
    enum { MOST = 100000 };
    bool good = true;
    for (long n = 0; n < MOST && good; n++) {
        no_memory_after(n, all ? NO_MEMORY_FOR_EVER : NO_MEMORY_ONCE);
        good = once(text, want);
        if (!no_memory_end())
            break;
    }
    return good;
}

static bool read_file(const char *path, buf *text)
{
    char chunk[4096];
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return false;
    buf_append_str(text, "");
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, stream)) > 0;)
        buf_append(text, chunk, got);
    fclose(stream);
    return true;
}

static bool test_file(const char *path, bool trees)
{
    AUTO(buf_done) buf text = BUF_INIT, want = BUF_INIT;
    if (!read_file(path, &text) || format_text(text.data, text.len, &want) != JRPC_OK)
        return false;
    if (!want.len)
        buf_append_str(&want, "");
    return torture(format_all, &text, &want, false) && torture(format_all, &text, &want, true) &&
           torture(lint_all, &text, &want, false) &&
           (!trees || torture(compare_trees, &text, &want, false));
}

static int test_folder(const char *source, const char *name, int number, bool trees)
{
    char folder[2048], path[4096];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s/tests/idl/%s", source, name);
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        /* Line numbers are part of that tree. */
        bool lines = strstr(entries[i]->d_name, "line") != NULL;
        if (dot && strcmp(dot, ".idl") == 0)
            printf("%s %d - %s %s\n", test_file(path, trees && !lines) ? "ok" : "not ok", ++number, name,
                   entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return number;
}

int main(void)
{
    const char *source = getenv("JRPC_SRCDIR");
    int number = test_folder(source ? source : ".", "fmt", 0, true);
    number = test_folder(source ? source : ".", "ok", number, false);
    number = test_folder(source ? source : ".", "lint", number, false);
    printf("1..%d\n", number);
    return number > 0 ? 0 : 1;
}
