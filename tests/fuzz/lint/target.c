/* SPDX-License-Identifier: MIT */
/* Fuzz target: lint with all its rules. No text that the front end accepts may crash it, and what it says has a place. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "front/diag_list.h"
#include "lint/lint.h"

#include "../fuzz.h"

const char *const fuzz_folders[] = { "fuzz/lint/seeds", "fuzz/idl/seeds", "idl/ok", "idl/fmt", "idl/lint", NULL };

static void check_places(front *f, size_t size)
{
    buf text = BUF_INIT;
    const diag_style plain = { 0 };
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next) {
        bool is_lint = entry->rule && lint_rule_find(entry->rule, strlen(entry->rule)) != LINT_RULE_COUNT;
        if (is_lint && (!entry->where.source || entry->where.offset + entry->where.length > size))
            abort();
        diag_print_text(&text, entry, &plain);
    }
    buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const front_options options = { .no_files = true };
    static const lint_change all = { "all", true };
    const char *text = (const char *)data;
    front *f = front_new(&options);
    if (!f || front_add_file(f, "main.idl", text, size) != JRPC_OK)
        abort();
    const ast_unit *unit = front_read(f, "main.idl");
    if (unit && lint_run(f, unit, text, size, &all, 1) != JRPC_OK)
        abort();
    check_places(f, size);
    front_free(f);
    return 0;
}
