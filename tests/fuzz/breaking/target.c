/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: two files of IDL, a line of "====" between them. Comparing them crashes nothing, each finding has
 * a place, and a file compared with itself breaks nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "breaking/compare.h"
#include "emit/emit.h"
#include "front/diag_list.h"
#include "front/front.h"

#include "../fuzz.h"

const char *const fuzz_folders[] = { "fuzz/breaking/seeds", NULL };

typedef struct half {
    front *front;
    const ast_unit *unit; /* NULL: it has mistakes */
} half;

static half read_half(const char *text, size_t len)
{
    static const front_options options = { .no_files = true };
    const emit_options emitted = { .parts = EMIT_DEFAULT };
    half h = { front_new(&options), NULL };
    if (!h.front || front_add_file(h.front, "main.idl", text, len) != JRPC_OK)
        abort();
    h.unit = front_read(h.front, "main.idl");
    if (h.unit && emit_check(h.unit, &emitted, front_diag(h.front)) != JRPC_OK)
        h.unit = NULL;
    return h;
}

static size_t compare_halves(const half *was, const half *is)
{
    const diag_style plain = { 0 };
    map served = MAP_INIT;
    findings found = FINDINGS_INIT;
    buf text = BUF_INIT;
    diag d;
    if (!compare_served(is->unit, &served) || !compare_units(was->unit, is->unit, &served, &found))
        abort();
    diag_init(&d, 0);
    if (!findings_report(&found, &d))
        abort();
    for (const diag_entry *entry = d.first; entry; entry = entry->next) {
        if (entry->rule && !entry->where.source)
            abort();
        diag_print_text(&text, entry, &plain);
    }
    size_t count = found.len;
    buf_done(&text);
    diag_done(&d);
    findings_done(&found);
    map_done(&served);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char between[] = "\n====\n";
    const char *text = (const char *)data;
    const char *middle = memmem(text, size, between, sizeof between - 1);
    if (!middle)
        return 0;
    const char *second = middle + sizeof between - 1;
    half was = read_half(text, (size_t)(middle - text) + 1);
    half is = read_half(second, size - (size_t)(second - text));
    if (was.unit && compare_halves(&was, &was) != 0)
        abort();
    if (was.unit && is.unit) {
        compare_halves(&was, &is);
        compare_halves(&is, &was);
    }
    front_free(was.front);
    front_free(is.front);
    return 0;
}
