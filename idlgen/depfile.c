/* SPDX-License-Identifier: MIT */
/* Dependencies. */
#include "depfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* As make reads names: blanks, # and : after a backslash, $ twice. Backslashes count only before these. */
static void append_name(buf *out, const char *name, bool is_target)
{
    for (const char *c = name; *c; c++) {
        size_t slashes = strspn(c, "\\");
        char next = c[slashes];
        bool doubled = slashes && (next == ' ' || next == '\t' || next == '#' || next == ':');
        for (size_t i = 0; i < slashes; i++)
            buf_append_str(out, doubled ? "\\\\" : "\\");
        c += slashes;
        if (!*c)
            break;
        if (*c == ' ' || *c == '\t' || *c == '#' || *c == ':' || (*c == '%' && is_target))
            buf_append_char(out, '\\');
        if (*c == '$')
            buf_append_char(out, '$');
        buf_append_char(out, *c);
    }
}

static void append_targets(const options *o, const ast_unit *unit, buf *out)
{
    for (size_t i = 0; i < o->target_count; i++) {
        buf_append_str(out, i ? " " : "");
        append_name(out, o->targets[i], true);
    }
    for (unsigned part = 1; part <= EMIT_LAST && !o->target_count; part <<= 1) {
        if (!(o->emit.parts & part))
            continue;
        autofree char *name = emit_output_name(unit, &o->emit, (emit_part)part);
        if (!name) {
            out->failed = true;
            return;
        }
        if (out->len)
            buf_append_char(out, ' ');
        append_name(out, name, true);
    }
}

void depfile_render(const options *o, const front *f, const ast_unit *unit, buf *out)
{
    size_t at = 0;
    append_targets(o, unit, out);
    buf_append_char(out, ':');
    for (const char *file; (file = front_next_file(f, &at)) != NULL;) {
        buf_append_lit(out, " \\\n  ");
        append_name(out, file, false);
    }
    buf_append_char(out, '\n');
    at = 1; /* all but the main file */
    for (const char *file; o->phony && (file = front_next_file(f, &at)) != NULL;) {
        buf_append_char(out, '\n');
        append_name(out, file, true);
        buf_append_lit(out, ":\n");
    }
}

char *depfile_path(const options *o, const ast_unit *unit)
{
    if (o->depfile_name)
        return strdup(o->depfile_name);
    unsigned part = 1;
    while (!(o->emit.parts & part))
        part <<= 1;
    autofree char *name = emit_output_name(unit, &o->emit, (emit_part)part);
    char *path = name ? malloc(strlen(name) + 3) : NULL;
    if (!path)
        return NULL;
    strcpy(path, name);
    char *dot = strrchr(path, '.');
    if (dot && !strchr(dot, '/'))
        *dot = '\0';
    return strcat(path, ".d");
}
