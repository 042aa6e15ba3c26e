/* SPDX-License-Identifier: MIT */
/* `idlgen from-introspection`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/mem.h"
#include "commands.h"
#include "emit/output.h"
#include "front/diag_list.h"
#include "introspection/layout.h"
#include "introspection/methods.h"
#include "introspection/render.h"

enum { INPUT_MAX = 16 << 20, ROUNDS_MAX = 100 };

static const char help[] =
    "usage: idlgen from-introspection [options] FILE\n"
    "\n"
    "Makes an .idl from what a live server says of its methods. FILE is JSON, as `jrpc describe --json SERVER` prints it:\n"
    "a list of {\"name\", \"signatures\", \"help\"}; \"-\" is standard input.\n"
    "\n"
    "Dots in the names of methods make modules and interfaces; what IDL cannot call so gets another name, and keeps its\n"
    "own on the wire. Introspection knows no more of types than XML-RPC: look through what is made, and say what the\n"
    "structs and arrays hold. A TODO stands where the server said nothing.\n"
    "\n"
    "  -o FILE            the .idl; without it, standard output\n"
    "  --interface NAME   of methods without a dot in their names (default: Methods)\n"
    "  --help\n"
    "\n"
    "    jrpc describe --json robot@example.org/rpc | idlgen from-introspection -o robot.idl -\n"
    "\n"
    "Exit status: 0 done, 1 it is not such JSON, 2 wrong usage, or a file cannot be read or written.\n";

/* ---- input ---- */

static int read_stream(FILE *stream, const char *name, buf *text)
{
    char block[8192];
    size_t got;
    while ((got = fread(block, 1, sizeof block, stream)) > 0 && text->len <= INPUT_MAX)
        buf_append(text, block, got);
    if (ferror(stream)) {
        fprintf(stderr, "idlgen from-introspection: %s: %s\n", name, strerror(errno));
        return TROUBLE;
    }
    if (text->len > INPUT_MAX) {
        fprintf(stderr, "idlgen from-introspection: %s: more than %d MiB\n", name, INPUT_MAX >> 20);
        return MISTAKES;
    }
    return buf_failed(text) ? args_no_memory() : DONE;
}

static int read_input(const char *name, buf *text)
{
    if (strcmp(name, "-") == 0)
        return read_stream(stdin, "<stdin>", text);
    FILE *stream = fopen(name, "rb");
    if (!stream) {
        fprintf(stderr, "idlgen from-introspection: %s: %s\n", name, strerror(errno));
        return TROUBLE;
    }
    int result = read_stream(stream, name, text);
    fclose(stream);
    return result;
}

/* ---- names in C: idlgen itself says which of them are taken ---- */

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

/* name: of the file to be, for it is in names of C too. */
static verdict examine(const layout *l, const buf *text, const char *name)
{
    static const front_options settings = { .no_files = true, .max_errors = SIZE_MAX };
    front *f = front_new(&settings);
    if (!f)
        return NO_MEMORY;
    const ast_unit *unit = NULL;
    verdict v = NO_MEMORY;
    if (front_add_file(f, name, text->data, text->len) == JRPC_OK)
        unit = front_read(f, name);
    jrpc_status status = unit ? emit_check(unit, &(emit_options){ .parts = EMIT_DEFAULT }, front_diag(f)) : front_status(f);
    lines in = { NULL, 0 };
    if (status == JRPC_OK)
        v = GOOD;
    else if (status != JRPC_E_NOMEM && !front_diag(f)->failed && lines_of(l, text, &in))
        v = unit && rename_taken(&in, front_diag(f)) ? AGAIN : BAD;
    free(in.at);
    if (v == BAD)
        diag_print(front_diag(f), stderr, &(diag_style){ .color = false });
    front_free(f);
    return v;
}

static int render(const layout *l, const char *name, buf *out)
{
    verdict v = AGAIN;
    for (int i = 0; v == AGAIN && i < ROUNDS_MAX; i++) {
        buf_reset(out);
        render_idl(l, out);
        v = buf_failed(out) ? NO_MEMORY : examine(l, out, name);
    }
    if (v == NO_MEMORY)
        return args_no_memory();
    if (v != GOOD)
        fputs("idlgen from-introspection: these methods cannot be described in IDL\n", stderr);
    return v == GOOD ? DONE : MISTAKES;
}

/* ---- all ---- */

typedef struct job {
    args args;
    const char *file, *output, *interface;
} job;

static int write_output(const job *j, const buf *text)
{
    emit_failure failure;
    if (output_write(j->output ? j->output : "-", text, &failure) == JRPC_OK)
        return DONE;
    fprintf(stderr, "idlgen from-introspection: %s: %s\n", failure.path, failure.reason);
    return TROUBLE;
}

static int convert(const job *j, const buf *input)
{
    AUTO(buf_done) buf why = BUF_INIT;
    AUTO(buf_done) buf text = BUF_INIT;
    AUTO(methods_done) methods m;
    jrpc_status status = methods_read(&m, input->data ? input->data : "", input->len, &why);
    if (status == JRPC_E_NOMEM)
        return args_no_memory();
    if (status != JRPC_OK) {
        fprintf(stderr, "idlgen from-introspection: %s: %s\n", strcmp(j->file, "-") == 0 ? "<stdin>" : j->file,
                why.data ? why.data : "");
        return MISTAKES;
    }
    layout l;
    const char *name = j->output && strcmp(j->output, "-") != 0 ? j->output : "introspection.idl";
    int result = layout_make(&l, &m, j->interface) ? render(&l, name, &text) : args_no_memory();
    layout_done(&l);
    return result == DONE ? write_output(j, &text) : result;
}

/* ---- the command line ---- */

static bool is_identifier(const char *text)
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return strspn(text, all) == strlen(text) && strlen(text) <= 100 && *text && !strchr("_0123456789", *text);
}

static bool read_args(job *j)
{
    args *a = &j->args;
    for (const char *arg; (arg = args_next(a)) != NULL;) {
        if (!args_value(a, "-o", &j->output) && !args_value(a, "--interface", &j->interface))
            args_unknown(a);
    }
    if (a->help || a->failed)
        return !a->failed;
    j->file = a->files[0];
    if (a->file_count != 1)
        args_complain(a, a->file_count ? "one file at a time" : "no input file");
    else if (!is_identifier(j->interface))
        args_complain(a, "--interface '%s' is no name in IDL", j->interface);
    return !a->failed;
}

static int run(const job *j)
{
    AUTO(buf_done) buf input = BUF_INIT;
    int result = read_input(j->file, &input);
    return result == DONE ? convert(j, &input) : result;
}

int command_from_introspection(int argc, char **argv)
{
    job j = { .interface = "Methods" };
    args_init(&j.args, "from-introspection", argc, argv);
    int result = TROUBLE;
    if (read_args(&j)) {
        if (j.args.help)
            fputs(help, stdout);
        result = j.args.help ? DONE : run(&j);
    }
    args_done(&j.args);
    return result;
}
