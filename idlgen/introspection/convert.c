/* SPDX-License-Identifier: MIT */
/* From JSON to an .idl. What is taken in C, idlgen itself says: names are changed until the text is good. */
#include "introspection/convert.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "emit/emit.h"
#include "front/diag_list.h"
#include "front/front.h"
#include "introspection/layout.h"
#include "introspection/render.h"

enum { ROUNDS_MAX = 100 };

/* What each line declares: the number of a method or interface, or NULL. */
typedef struct lines {
    unsigned **at;
    size_t len;
} lines;

static void put_line(lines *in, unsigned line, unsigned *number)
{
    if (line < in->len)
        in->at[line] = number;
}

static bool lines_of(const layout *l, const buf *text, lines *ret_lines)
{
    size_t count = 2;
    for (size_t i = 0; i < text->len; i++)
        count += text->data[i] == '\n';
    *ret_lines = (lines){ calloc(count, sizeof *ret_lines->at), count };
    for (branch *b = l->all; b && ret_lines->at; b = b->next) {
        put_line(ret_lines, b->line, &b->c_number);
        for (size_t i = 0; i < b->method_count; i++)
            put_line(ret_lines, b->methods[i]->line, &b->methods[i]->c_number);
    }
    return ret_lines->at != NULL;
}

static unsigned *number_at(const lines *in, place where)
{
    size_t line = place_find(where).line;
    return line && line < in->len ? in->at[line] : NULL;
}

/* The one that is told of; or if other names for it did not help, the one that had the name before, in the note. */
static unsigned *number_of(const lines *in, const diag_entry *entry)
{
    enum { TRIES = 3 };
    unsigned *number = number_at(in, entry->where);
    if (number && *number > TRIES && entry->next && !entry->next->rule)
        number = number_at(in, entry->next->where);
    return number;
}

/* Every method and interface whose name in C is taken gets another; false when something else is wrong. */
static bool rename_taken(const lines *in, const diag *d)
{
    bool good = false;
    for (const diag_entry *entry = d->first; entry; entry = entry->next) {
        if (entry->severity != DIAG_ERROR)
            continue;
        bool taken = entry->rule && strncmp(entry->rule, "c-name-", 7) == 0;
        unsigned *number = taken ? number_of(in, entry) : NULL;
        if (!number)
            return false;
        *number = *number ? *number + 1 : 2;
        good = true;
    }
    return good;
}

typedef enum verdict { GOOD, AGAIN, BAD, NO_MEMORY } verdict;

static void tell(const diag *d, buf *why)
{
    buf_append_str(why, "these methods cannot be described in IDL\n");
    for (const diag_entry *entry = d->first; entry; entry = entry->next)
        diag_print_text(why, entry, &(diag_style){ .color = false });
}

static verdict examine(const layout *l, const buf *text, const char *name, buf *why)
{
    static const front_options settings = { .no_files = true, .max_errors = SIZE_MAX };
    front *f = front_new(&settings);
    if (!f)
        return NO_MEMORY;
    const ast_unit *unit = NULL;
    verdict v = NO_MEMORY;
    if (front_add_file(f, name, text->data, text->len) == JRPC_OK)
        unit = front_read(f, name);
    emit_options options = { .parts = EMIT_DEFAULT };
    jrpc_status status = unit ? emit_check(unit, &options, front_diag(f)) : front_status(f);
    lines in = { NULL, 0 };
    if (status == JRPC_OK)
        v = GOOD;
    else if (status != JRPC_E_NOMEM && !front_diag(f)->failed && lines_of(l, text, &in))
        v = unit && rename_taken(&in, front_diag(f)) ? AGAIN : BAD;
    free(in.at);
    if (v == BAD)
        tell(front_diag(f), why);
    front_free(f);
    return v;
}

static jrpc_status render(const layout *l, const char *name, buf *out, buf *why)
{
    verdict v = AGAIN;
    for (int i = 0; v == AGAIN && i < ROUNDS_MAX; i++) {
        buf_reset(out);
        render_idl(l, out);
        v = buf_failed(out) ? NO_MEMORY : examine(l, out, name, why);
    }
    if (v == NO_MEMORY)
        return JRPC_E_NOMEM;
    return v == GOOD ? JRPC_OK : JRPC_E_INVALID;
}

jrpc_status convert_introspection(const char *text, size_t len, const char *name, const char *interface,
                                  buf *out, buf *why)
{
    AUTO(methods_done) methods m;
    jrpc_status status = methods_read(&m, text, len, why);
    if (status != JRPC_OK)
        return status;
    layout l;
    status = layout_make(&l, &m, interface) ? render(&l, name, out, why) : JRPC_E_NOMEM;
    layout_done(&l);
    return status;
}
