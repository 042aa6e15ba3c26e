/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: the IDL front end. No input may crash it, hang it, or make it leak; what is accepted must be
 * accepted again after preprocessing, with the same tree but for places and comments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "front/diag_list.h"
#include "front/dump.h"
#include "front/front.h"

#include "../fuzz.h"

const char *const fuzz_folders[] = { "fuzz/idl/seeds", "idl/ok", "idl/bad", NULL };

static const char main_name[] = "main.idl";

static front *open_text(const char *text, size_t len)
{
    static const front_options options = { .no_files = true };
    front *f = front_new(&options);
    if (!f)
        abort();
    if (front_add_file(f, main_name, text, len) != JRPC_OK) {
        front_free(f);
        return NULL;
    }
    return f;
}

/* Lines of the dump that tell of places and comments go. */
static void strip(buf *text)
{
    static const char *const places[] = { "\"line\":", "\"column\":", "\"file\":", "\"include\":" };
    buf kept = BUF_INIT;
    bool in_doc = false;
    for (char *line = text->data, *end; line && *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end)
            break;
        const char *start = line + strspn(line, " ");
        bool drop = in_doc || strncmp(start, "\"doc\":", 6) == 0;
        if (drop)
            in_doc = start[0] != ']';
        for (size_t i = 0; i < COUNT_OF(places); i++)
            drop |= strncmp(start, places[i], strlen(places[i])) == 0;
        if (!drop)
            buf_append(&kept, line, (size_t)(end - line) + 1);
    }
    buf_done(text);
    *text = kept;
}

static void dump_again(const char *text, size_t len, buf *out)
{
    front *f = open_text(text, len);
    if (!f)
        return;
    const ast_unit *unit = front_read(f, main_name);
    if (!unit && front_status(f) == JRPC_E_INVALID) {
        const diag_style style = { 0 };
        diag_print(front_diag(f), stderr, &style);
        abort();
    }
    if (unit)
        dump_json(unit, out);
    front_free(f);
}

static void check_again(const uint8_t *data, size_t size, buf *tree)
{
    buf text = BUF_INIT, second = BUF_INIT;
    front *f = open_text((const char *)data, size);
    if (f && front_preprocess(f, main_name, &text) == JRPC_OK) {
        dump_again(text.data, text.len, &second);
        strip(&second);
        strip(tree);
        if (second.data && tree->data && strcmp(second.data, tree->data) != 0) {
            fprintf(stderr, "first:\n%s\nafter preprocessing:\n%s\n", tree->data, second.data);
            abort();
        }
    }
    front_free(f);
    buf_done(&text);
    buf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    buf text = BUF_INIT, tree = BUF_INIT;
    const diag_style plain = { 0 };
    front *f = open_text((const char *)data, size);
    if (!f)
        return 0;
    const ast_unit *unit = front_read(f, main_name);
    for (const diag_entry *entry = front_diag(f)->first; entry; entry = entry->next)
        diag_print_text(&text, entry, &plain);
    diag_print_json(&text, front_diag(f), &plain);
    if (unit)
        dump_json(unit, &tree);
    bool includes =
        memmem(data, size, "include", 7) || memmem(data, size, "__", 2) || memmem(data, size, "line", 4);
    if (unit && !includes && !memmem(data, size, "#", 1))
        check_again(data, size, &tree);
    front_free(f);
    buf_done(&text);
    buf_done(&tree);
    return 0;
}
